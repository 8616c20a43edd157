//! How long the calls of one statement take, as far as it is known.

/// Calls from which on the slowest one belongs to the everyday: one of a thousand.
pub(super) const MANY: f64 = 1_000.0;
/// Standard deviations that 99.9 % of a normal distribution stay below.
const FAR: f64 = 3.1;

/// A statement of a role.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub fingerprint: String,
    pub line: String,
    pub calls: f64,
    pub times: Times,
}

/// What is known of its calls, ms.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Times {
    /// Classes: least, most, calls. Of the log.
    Classes(Vec<(f64, f64, f64)>),
    /// Of `pg_stat_statements`.
    Moments { mean: f64, deviation: f64, max: f64 },
}

impl Item {
    /// The slowest call to be reckoned with, ms: 99.9 % take no longer.
    pub fn slowest(&self) -> f64 {
        match &self.times {
            Times::Classes(classes) => quantile(classes).unwrap_or(0.0),
            Times::Moments { max, .. } if self.calls >= MANY => *max,
            Times::Moments {
                mean,
                deviation,
                max,
            } => (mean + FAR * deviation).min(*max),
        }
    }

    /// Calls that took longer than so many ms; by counters an estimate, since these keep mean,
    /// deviation and the slowest only.
    pub fn longer_than(&self, ms: f64) -> f64 {
        match &self.times {
            Times::Classes(classes) => above(classes, ms),
            Times::Moments { max, .. } if *max <= ms => 0.0,
            Times::Moments {
                mean, deviation, ..
            } => (self.calls * log_normal_above(*mean, *deviation, ms)).max(1.0),
        }
    }
}

/// The time that 99.9 % of the calls in classes do not exceed, ms; `None` without calls.
pub(super) fn quantile(classes: &[(f64, f64, f64)]) -> Option<f64> {
    let mut sorted = classes.to_vec();
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
    let total: f64 = sorted.iter().map(|class| class.2).sum();
    if total <= 0.0 {
        return None;
    }
    let mut left = total / MANY;
    for class in &sorted {
        left -= class.2;
        // As many as may take longer are above the class.
        if left < 0.0 {
            return Some(class.1);
        }
    }
    sorted.last().map(|class| class.1)
}

/// Calls above a value; of the class that it lies in a part.
fn above(classes: &[(f64, f64, f64)], ms: f64) -> f64 {
    let part = |(least, most, calls): &(f64, f64, f64)| {
        if *least >= ms {
            *calls
        } else if *most <= ms {
            0.0
        } else {
            calls * (most - ms) / (most - least)
        }
    };
    classes.iter().map(part).sum()
}

/// Share above a value, of times that are spread as their logarithms: log-normally.
fn log_normal_above(mean: f64, deviation: f64, ms: f64) -> f64 {
    if mean <= 0.0 || deviation <= 0.0 {
        return 0.0;
    }
    let variance = (1.0 + (deviation / mean).powi(2)).ln();
    let middle = mean.ln() - variance / 2.0;
    let z = (ms.ln() - middle) / variance.sqrt();
    normal_above(z)
}

/// Share of a normal distribution above `z` (Abramowitz and Stegun, 26.2.17; error below 1e-7).
fn normal_above(z: f64) -> f64 {
    const P: f64 = 0.231_641_9;
    const B: [f64; 5] = [
        0.319_381_53,
        -0.356_563_782,
        1.781_477_937,
        -1.821_255_978,
        1.330_274_429,
    ];
    if z < 0.0 {
        return 1.0 - normal_above(-z);
    }
    let t = 1.0 / (1.0 + P * z);
    let sum = B.iter().rev().fold(0.0, |sum, b| (sum + b) * t);
    (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * sum
}

#[cfg(test)]
mod tests {
    use super::{Item, Times, normal_above, quantile};

    fn item(calls: f64, times: Times) -> Item {
        Item {
            fingerprint: String::new(),
            line: String::new(),
            calls,
            times,
        }
    }

    #[test]
    fn tails_are_those_of_the_tables() {
        for (z, share) in [
            (0.0, 0.5),
            (1.0, 0.158_655),
            (3.09, 0.001_001),
            (-1.0, 0.841_345),
        ] {
            assert!((normal_above(z) - share).abs() < 2e-6, "{z}");
        }
    }

    #[test]
    fn one_call_of_a_thousand_may_take_longer() {
        let times = |slow: f64| vec![(1.0, 2.0, 2000.0 - slow), (900.0, 1000.0, slow)];
        assert_eq!(quantile(&times(1.0)), Some(2.0));
        assert_eq!(quantile(&times(2.0)), Some(2.0));
        assert_eq!(quantile(&times(3.0)), Some(1000.0));
        assert_eq!(quantile(&[]), None);
        let classes = item(2000.0, Times::Classes(times(3.0)));
        assert!((classes.longer_than(5.0) - 3.0).abs() < 1e-9);
        assert!((classes.longer_than(950.0) - 1.5).abs() < 1e-9);
        assert!(classes.longer_than(1000.0).abs() < 1e-9);
    }

    #[test]
    fn counters_tell_the_slowest_of_frequent_statements() {
        let moments = Times::Moments {
            mean: 10.0,
            deviation: 5.0,
            max: 4000.0,
        };
        assert!((item(5000.0, moments.clone()).slowest() - 4000.0).abs() < 1e-9);
        assert!((item(500.0, moments.clone()).slowest() - 25.5).abs() < 1e-9);
        let frequent = item(5000.0, moments);
        assert!(frequent.longer_than(4000.0).abs() < 1e-9);
        // At least the slowest one did.
        assert!((frequent.longer_than(3999.0) - 1.0).abs() < 1e-9);
    }
}
