//! A share with its interval, as people read it.

/// A share and half the width of its 95 % interval: `41 % ± 2`. Below one point the interval is told as one, so
/// that nothing looks surer than it is worth.
pub fn points(share: f64, plus_minus: Option<f64>) -> String {
    let share = (share * 100.0).round();
    match plus_minus {
        Some(error) => format!("{share:.0} % ± {:.0}", (error * 100.0).ceil().max(1.0)),
        None => format!("{share:.0} %"),
    }
}

/// Is the figure of such a method a lower bound? Dead rows are a part of what a rewrite gives back: room that a
/// vacuum has freed already is not among them.
pub fn is_least(method: &str) -> bool {
    method == "dead rows"
}

/// A figure of such a method, as people read it.
pub fn bounded(figure: String, method: &str) -> String {
    if is_least(method) {
        format!("≥ {figure}")
    } else {
        figure
    }
}

#[cfg(test)]
mod tests {
    use super::{bounded, points};

    #[test]
    fn a_share_has_its_interval() {
        assert_eq!(points(0.412, Some(0.0151)), "41 % ± 2");
        assert_eq!(points(0.0, Some(0.001)), "0 % ± 1");
        assert_eq!(points(0.5, None), "50 %");
        assert_eq!(bounded(points(0.5, None), "dead rows"), "≥ 50 %");
        assert_eq!(bounded(points(0.5, None), "pgstatindex"), "50 %");
    }
}
