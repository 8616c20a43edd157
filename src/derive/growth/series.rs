//! Which points of a figure belong together.

/// How a figure moves by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// It only grows; a fall is a reset, a restart or a freeze.
    Rising,
    /// It only falls, as a sequence does that counts downwards.
    Falling,
    /// It goes up and down; a fall far beyond its usual steps is somebody's work, such as VACUUM FULL.
    Free,
}

/// Moments that a slope is reckoned from: the pairs of more are too many, and close ones tell little.
const MOMENTS: usize = 240;

/// A fall of a free figure is a break where it is this many times the usual step.
const BREAK: f64 = 6.0;

/// At most so many points, evenly over the time: the last one of each part.
pub fn thin(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Vec::new();
    };
    let width = (last.0 - first.0) / MOMENTS as f64;
    if points.len() <= MOMENTS || width <= 0.0 {
        return points.to_vec();
    }
    let part = |point: &(f64, f64)| ((point.0 - first.0) / width) as usize;
    let parts = points.chunk_by(|a, b| part(a) == part(b));
    parts.filter_map(|part| part.last().copied()).collect()
}

/// The points, cut where the figure was set back.
pub fn stretches(points: &[(f64, f64)], course: Course) -> Vec<&[(f64, f64)]> {
    let steps: Vec<f64> = points
        .windows(2)
        .map(|pair| pair[1].1 - pair[0].1)
        .collect();
    let usual = usual(&steps);
    let is_break = |step: f64| match course {
        Course::Rising => step < 0.0,
        Course::Falling => step > 0.0,
        Course::Free => step < -BREAK * usual,
    };
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, step) in steps.iter().enumerate() {
        if is_break(*step) {
            parts.push(&points[start..=at]);
            start = at + 1;
        }
    }
    parts.push(&points[start..]);
    parts
}

/// The median size of a step; infinite where nothing moves, so that nothing is a break.
fn usual(steps: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = steps.iter().map(|step| step.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    match sizes.get(sizes.len() / 2) {
        Some(median) if *median > 0.0 => *median,
        _ => f64::INFINITY,
    }
}

#[cfg(test)]
mod tests {
    use super::{Course, stretches, thin};
    use crate::derive::growth::slope;

    fn per_day(values: &[f64], course: Course) -> f64 {
        let days = values.iter().enumerate();
        let points: Vec<_> = days.map(|(day, value)| (day as f64, *value)).collect();
        slope(&stretches(&points, course)).unwrap().middle
    }

    fn check(values: &[f64], course: Course, expected: f64) {
        let found = per_day(values, course);
        assert!((found - expected).abs() < 1e-6, "{values:?}: {found}");
    }

    #[test]
    fn ages_grow_between_freezes() {
        let saw = [
            10.0, 60.0, 110.0, 160.0, 5.0, 55.0, 105.0, 155.0, 20.0, 70.0,
        ];
        check(&saw, Course::Rising, 50.0);
    }

    #[test]
    fn a_sequence_that_starts_again_grows_as_before() {
        check(
            &[100.0, 200.0, 300.0, 1.0, 101.0, 201.0, 301.0],
            Course::Rising,
            100.0,
        );
        check(
            &[-1.0, -11.0, -21.0, -1.0, -11.0, -21.0],
            Course::Falling,
            -10.0,
        );
    }

    #[test]
    fn one_rewrite_is_no_shrinking() {
        check(
            &[100.0, 102.0, 104.0, 106.0, 60.0, 62.0, 64.0, 66.0],
            Course::Free,
            2.0,
        );
    }

    #[test]
    fn what_goes_up_and_down_has_no_breaks() {
        let values = [40.0, 44.0, 38.0, 41.0, 36.0, 43.0, 39.0, 41.0];
        let points: Vec<_> = values.iter().map(|value| (*value, *value)).collect();
        assert_eq!(stretches(&points, Course::Free).len(), 1);
        assert_eq!(stretches(&[(0.0, 5.0), (1.0, 5.0)], Course::Free).len(), 1);
    }

    #[test]
    fn many_points_become_few_with_the_last_among_them() {
        let points: Vec<_> = (0..100_000).map(|at| (f64::from(at), 1.0)).collect();
        let thin = thin(&points);
        assert!(thin.len() <= 241, "{}", thin.len());
        assert_eq!(thin.last(), points.last());
    }
}
