//! Values for a place.

use super::column::Values;
use super::place::How;
use crate::advise::workload::query::Origin;

/// What kind of value is drawn. For ranges it is the share of the rows that the range holds: of the values of
/// a column nobody knows which range is asked for, so a wide, a usual and a narrow one stand for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draw {
    /// The most common value; a quarter of the rows.
    Common,
    /// One from the middle; a twentieth.
    Median,
    /// A rare one; a hundredth, which is one bin of a histogram by the usual target.
    Rare,
}

impl Draw {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Common, Self::Median, Self::Rare];

    /// As where a value comes from.
    pub fn origin(self) -> Origin {
        match self {
            Self::Common => Origin::Common,
            Self::Median => Origin::Median,
            Self::Rare => Origin::Rare,
        }
    }

    fn share(self) -> f64 {
        match self {
            Self::Common => 0.25,
            Self::Median => 0.05,
            Self::Rare => 0.01,
        }
    }
}

/// `count` values for a place; `None` where the statistics have none that would do.
pub fn values(draw: Draw, how: How, values: &Values, count: usize) -> Option<Vec<String>> {
    match how {
        How::Equal | How::Array => Some(equal(draw, values, count)),
        How::From => Some(vec![quantile(&values.bounds, 1.0 - draw.share())?]),
        How::To => Some(vec![quantile(&values.bounds, draw.share())?]),
        How::Between => between(draw, &values.bounds, count),
    }
}

fn equal(draw: Draw, values: &Values, count: usize) -> Vec<String> {
    let all: Vec<&String> = values.common.iter().chain(&values.bounds).collect();
    let common = values.common.len();
    let middle = common + values.bounds.len() / 2;
    let first = match draw {
        Draw::Common | Draw::Median if common == 0 => middle,
        Draw::Common => 0,
        Draw::Median => common / 2,
        Draw::Rare if values.bounds.is_empty() => common - 1,
        Draw::Rare => middle,
    };
    (0..count.min(all.len()))
        .map(|place| all[(first + place) % all.len()].clone())
        .collect()
}

fn between(draw: Draw, bounds: &[String], count: usize) -> Option<Vec<String>> {
    let last = bounds.len().checked_sub(1).filter(|last| *last > 0)?;
    let low = index(last, (1.0 - draw.share()) / 2.0).min(last - 1);
    let high = index(last, f64::midpoint(1.0, draw.share())).max(low + 1);
    (count == 2).then(|| vec![bounds[low].clone(), bounds[high].clone()])
}

fn quantile(bounds: &[String], share: f64) -> Option<String> {
    let last = bounds.len().checked_sub(1).filter(|last| *last > 0)?;
    bounds.get(index(last, share)).cloned()
}

fn index(last: usize, share: f64) -> usize {
    ((last as f64 * share).round() as usize).min(last)
}

#[cfg(test)]
mod tests {
    use super::super::column::Values;
    use super::super::place::How;
    use super::{Draw, values};

    #[track_caller]
    fn check(how: How, common: &str, bounds: usize, count: usize, expected: [&str; 3]) {
        let known = Values {
            common: common.split_whitespace().map(str::to_owned).collect(),
            bounds: (0..bounds).map(|bound| bound.to_string()).collect(),
        };
        let told = Draw::ALL.map(|draw| {
            values(draw, how, &known, count).map_or("none".to_owned(), |all| all.join(" "))
        });
        assert_eq!(told, expected);
    }

    #[test]
    fn values_are_common_and_rare() {
        check(How::Equal, "a b c d", 101, 1, ["a", "c", "50"]);
        check(How::Equal, "a b c", 0, 1, ["a", "b", "c"]);
        check(How::Equal, "a", 0, 1, ["a", "a", "a"]);
        check(How::Equal, "", 101, 1, ["50", "50", "50"]);
        check(How::Equal, "a b", 0, 3, ["a b", "b a", "b a"]);
        check(How::Array, "a b", 3, 2, ["a b", "b 0", "1 2"]);
        check(How::From, "a", 101, 1, ["75", "95", "99"]);
        check(How::To, "", 101, 1, ["25", "5", "1"]);
        check(How::Between, "", 101, 2, ["38 63", "48 53", "50 51"]);
        check(How::Between, "", 2, 2, ["0 1", "0 1", "0 1"]);
        check(How::Between, "a b", 0, 2, ["none", "none", "none"]);
        check(How::From, "a b", 1, 1, ["none", "none", "none"]);
    }
}
