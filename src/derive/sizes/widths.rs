//! How long the values of a column are.

use super::text;
use super::types;
use crate::derive::bloat::Attribute;

/// Mean width of values that nothing is known of, as the planner has it (`get_typavgwidth`).
const UNKNOWN: i64 = 32;
/// Lengths of values of one column differ by this share of their mean, and by a few bytes at least: so
/// that they come to all remainders of the alignment.
const SPREAD: f64 = 0.25;
const LEAST_SPREAD: f64 = 2.5;
/// Widths of hexadecimal digests and UUIDs as texts, with their head: values of such a mean width are all so long.
const DIGESTS: [i64; 4] = [33, 37, 41, 65];
/// Further widths are put together.
const MOST: usize = 64;

/// How long values are: bytes as stored, and the share of the values that is so long.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Widths {
    pub all: Vec<(i64, f64)>,
    /// Values told it, or the type does.
    pub is_known: bool,
}

impl Widths {
    fn constant(width: i64, is_known: bool) -> Self {
        Self {
            all: vec![(width, 1.0)],
            is_known,
        }
    }

    /// Of a type whose length does not vary.
    pub fn fixed(attribute: &Attribute) -> Option<Self> {
        (attribute.length > 0).then(|| Self::constant(attribute.length, true))
    }

    /// By values, each with the share of rows that it stands for; `None`: texts do not tell how long they are.
    pub fn of_values<'a>(kind: &str, values: impl Iterator<Item = (&'a str, f64)>) -> Option<Self> {
        let kind = types::bare(kind);
        let mut all: Vec<(i64, f64)> = Vec::new();
        for (value, share) in values {
            let width = text::length(&kind, value)?;
            match all.iter_mut().find(|(known, _)| *known == width) {
                Some((_, sum)) => *sum += share,
                None => all.push((width, share)),
            }
        }
        let sum: f64 = all.iter().map(|(_, share)| share).sum();
        if sum <= 0.0 {
            return None;
        }
        all.sort_unstable_by_key(|(width, _)| *width);
        let mut kept: Vec<(i64, f64)> = Vec::new();
        let step = all.len().div_ceil(MOST).max(1);
        for some in all.chunks(step) {
            let share: f64 = some.iter().map(|(_, share)| share).sum();
            let mean: f64 = some
                .iter()
                .map(|(width, share)| *width as f64 * share)
                .sum();
            kept.push(((mean / share).round() as i64, share / sum));
        }
        Some(Self {
            all: kept,
            is_known: true,
        })
    }

    /// By their mean, which `stawidth` has rounded down.
    pub fn of_mean(kind: &str, mean: Option<i64>) -> Self {
        let bare = types::bare(kind);
        let most = types::modifier(kind).map(text::with_head);
        match (bare.as_str(), mean) {
            ("character", mean) => {
                let width = mean.or(most).unwrap_or(UNKNOWN);
                Self::constant(width, true)
            }
            // A name is stored in an index as long as it is; statistics say 64 of each.
            ("name", _) => Self::around(16.0, None),
            ("numeric", Some(mean)) => Self::numeric(mean),
            ("text" | "character varying", Some(mean))
                if DIGESTS.contains(&mean) && most.is_none_or(|most| most == mean) =>
            {
                Self::constant(mean, false)
            }
            ("character varying", mean) => {
                let mean = mean.map_or(UNKNOWN as f64, |mean| mean as f64 + 0.5);
                Self::around(mean, most)
            }
            (_, mean) => Self::around(mean.map_or(UNKNOWN as f64, |mean| mean as f64 + 0.5), None),
        }
    }

    /// Numbers have heads of three bytes, and two more for four digits each.
    fn numeric(mean: i64) -> Self {
        let below = if mean % 2 == 0 { mean - 1 } else { mean };
        let above = (mean as f64 + 0.5 - below as f64) / 2.0;
        Self {
            all: vec![(below.max(3), 1.0 - above), (below.max(3) + 2, above)],
            is_known: false,
        }
    }

    fn around(mean: f64, most: Option<i64>) -> Self {
        let reach = (mean * SPREAD).max(LEAST_SPREAD).min(mean - 1.0).max(0.0);
        let from = (mean - reach).round() as i64;
        let to = (mean + reach).round() as i64;
        let most = most.filter(|most| *most as f64 > mean).unwrap_or(i64::MAX);
        let count = (to - from + 1) as f64;
        let all = (from..=to).map(|width| (width.min(most), 1.0 / count));
        Self {
            all: all.collect(),
            is_known: false,
        }
    }

    /// Mean, bytes.
    pub fn mean(&self) -> f64 {
        self.all
            .iter()
            .map(|(width, share)| *width as f64 * share)
            .sum()
    }

    /// The width at a place between 0 and 1.
    pub fn at(&self, place: f64) -> i64 {
        let mut sum = 0.0;
        for (width, share) in &self.all {
            sum += share;
            if place < sum {
                return *width;
            }
        }
        self.all.last().map_or(UNKNOWN, |(width, _)| *width)
    }
}
