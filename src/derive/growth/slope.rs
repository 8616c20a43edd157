//! The Theil-Sen slope.
//!
//! The slope is the median of the slopes of all pairs of points, so up to 29 % of the points may be
//! wrong without moving it far (Sen, "Estimates of the regression coefficient based on Kendall's
//! tau", 1968). Where the points come in stretches with a fall between them, only pairs within a
//! stretch count, and the variances of Kendall's S are summed, as Hirsch and Slack do for seasons
//! ("Techniques of trend analysis for monthly water quality data", 1982).

/// Quantile of the normal distribution for a 95 % interval.
const Z: f64 = 1.959_964;

/// How fast a figure grows, in its own unit by that of the time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slope {
    /// The median.
    pub middle: f64,
    /// Lower end of the 95 % interval; `None`: the points are too few to tell.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
}

/// The slope over stretches of points (time, value), each in the order of time; `None` where no
/// stretch has two moments.
pub fn slope(stretches: &[&[(f64, f64)]]) -> Option<Slope> {
    let mut slopes = Vec::new();
    let mut variance = 0.0;
    for points in stretches {
        for (at, (x, y)) in points.iter().enumerate() {
            let later = points[at + 1..].iter().filter(|(later, _)| later > x);
            slopes.extend(later.map(|(later, value)| (value - y) / (later - x)));
        }
        variance += kendall(points);
    }
    slopes.sort_by(f64::total_cmp);
    let count = slopes.len();
    let middle = match count {
        0 => return None,
        odd if odd % 2 == 1 => slopes[odd / 2],
        even => f64::midpoint(slopes[even / 2 - 1], slopes[even / 2]),
    };
    // Ranks of the ends, counted from 1: (N - C) / 2 and (N + C) / 2 + 1.
    let half = Z * variance.sqrt();
    let below = ((count as f64 - half) / 2.0).round();
    let above = f64::midpoint(count as f64, half).round() + 1.0;
    let is_told = below >= 1.0 && above <= count as f64;
    Some(Slope {
        middle,
        low: is_told.then(|| slopes[below as usize - 1]),
        high: is_told.then(|| slopes[above as usize - 1]),
    })
}

/// Variance of Kendall's S, with the correction for values that are equal.
fn kendall(points: &[(f64, f64)]) -> f64 {
    let term = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    let mut values: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
    values.sort_by(f64::total_cmp);
    let ties = values.chunk_by(|a, b| a.total_cmp(b).is_eq());
    let ties: f64 = ties.map(|tie| term(tie.len() as f64)).sum();
    (term(points.len() as f64) - ties) / 18.0
}

#[cfg(test)]
mod tests {
    use super::slope;

    fn line(days: usize, value: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
        let days = (0..days).map(|day| day as f64);
        days.map(|day| (day, value(day))).collect()
    }

    #[test]
    fn a_line_has_its_slope_and_no_width() {
        let points = line(10, |day| 5.0 + 3.0 * day);
        let slope = slope(&[&points]).unwrap();
        assert!((slope.middle - 3.0).abs() < 1e-9);
        assert_eq!((slope.low, slope.high), (Some(3.0), Some(3.0)));
    }

    #[test]
    fn wrong_points_do_not_move_it() {
        let mut points = line(11, |day| 100.0 + 2.0 * day);
        points[4].1 = 9_000.0;
        points[8].1 = 0.0;
        let slope = slope(&[&points]).unwrap();
        assert!((slope.middle - 2.0).abs() < 0.2, "{slope:?}");
        assert!(slope.low.unwrap() <= 2.0 && slope.high.unwrap() >= 2.0);
    }

    #[test]
    fn an_even_number_of_pairs_has_the_mean_of_the_middle_two() {
        // By hand, the slopes of the pairs are 1, 2.5, 3, 3.33, 4 and 5.
        let points = [(1.0, 10.0), (2.0, 14.0), (3.0, 15.0), (4.0, 20.0)];
        let slope = slope(&[&points]).unwrap();
        assert!((slope.middle - f64::midpoint(3.0, 10.0 / 3.0)).abs() < 1e-9);
    }

    #[test]
    fn few_points_have_no_interval_and_one_has_no_slope() {
        let three = slope(&[&line(3, |day| day)]).unwrap();
        assert_eq!((three.low, three.high), (None, None));
        assert_eq!(slope(&[&line(1, |day| day)]), None);
        assert_eq!(slope(&[&[(1.0, 2.0), (1.0, 3.0)]]), None);
    }

    #[test]
    fn the_interval_holds_the_slope_of_noise() {
        // A congruential generator: the same noise in every run.
        let mut state = 7_u64;
        let mut noise = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as f64 / f64::from(u32::MAX >> 1) - 0.5
        };
        let mut held = 0;
        for _ in 0..200 {
            let points: Vec<_> = line(14, |day| 10.0 * day)
                .into_iter()
                .map(|(day, value)| (day, value + 40.0 * noise()))
                .collect();
            let slope = slope(&[&points]).unwrap();
            held += u32::from(slope.low.unwrap() <= 10.0 && 10.0 <= slope.high.unwrap());
        }
        assert!(held >= 184, "{held} of 200 intervals hold the slope");
    }
}
