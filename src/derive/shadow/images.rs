//! What ANALYZE would find of an expression of one column, by what it found of the column: its common values and its
//! histogram are a sample, of which the expression makes another.

/// Rows of a sample by which a value is known to be common.
const COMMON: u32 = 5;
/// Correlation of ranks from which on an expression goes up or down with its column. The bounds of a histogram lie evenly
/// over the column, so what falls together between two of them is not seen then.
const MONOTONE: f64 = 0.5;
/// Share of rows from which on distinct values are counted as a share (`compute_scalar_stats` in `analyze.c`).
const GROWS: f64 = 0.1;

/// What is known of the column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Argument {
    /// Rows of the table.
    pub rows: f64,
    /// Distinct values, as `stadistinct` counts them.
    pub distinct: f64,
    /// Correlation of values with their places, where it is known.
    pub correlation: Option<f64>,
    /// The expression is known to keep different values apart.
    pub is_kept_apart: bool,
    /// The expression may repeat itself along the column, as remainders do: of values at even distances it then shows
    /// one face only.
    pub may_repeat: bool,
}

/// What the expression makes of values of the sample: one of its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// The value as text; `None`: NULL.
    pub value: Option<String>,
    /// Share of all rows, of those that common values and NULL tell.
    pub share: f64,
    /// Common values that it is made of.
    pub common: u32,
    /// Bounds of the histogram that it is made of.
    pub sampled: u32,
    /// Place of these among the bounds, the mean.
    pub place: f64,
    /// Bytes.
    pub width: f64,
}

/// Statistics of an expression.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Estimate {
    /// Share of rows without a value.
    pub null_frac: f64,
    /// Mean length of values, bytes.
    pub width: f64,
    /// As `stadistinct` counts them.
    pub distinct: f64,
    /// Common values and their shares, the most common first.
    pub common: Vec<(String, f64)>,
    /// Bounds of the histogram.
    pub bounds: Vec<String>,
    /// Correlation of values with their places.
    pub correlation: Option<f64>,
}

/// Estimates the statistics by images in the order of their values. `None`: the sample does not tell.
pub fn estimate(argument: Argument, images: &[Image]) -> Option<Estimate> {
    let told: f64 = images.iter().map(|image| image.share).sum();
    let sampled: u32 = images.iter().map(|image| image.sampled).sum();
    // Rows that each bound of the histogram stands for, as a share.
    let each = (1.0 - told).max(0.0) / f64::from(sampled.max(1));
    let (nulls, values): (Vec<&Image>, Vec<&Image>) =
        images.iter().partition(|image| image.value.is_none());
    if values.is_empty() {
        return None;
    }
    let null_frac: f64 = nulls
        .iter()
        .map(|image| image.share + each * f64::from(image.sampled))
        .sum();
    let rest = each * f64::from(values.iter().map(|image| image.sampled).sum::<u32>());
    let is_apart = is_apart(&values);
    let order = order(&values);
    let is_monotone = order.is_some_and(|order| order.abs() > MONOTONE);
    let tells = is_exact(argument, &values)
        || if is_apart {
            !is_monotone
        } else {
            !argument.may_repeat
        };
    if !tells {
        return None;
    }
    let distinct = distinct(argument, &values, rest * argument.rows);
    let share = |image: &Image| {
        let unseen = if is_apart { 0.0 } else { rest / distinct };
        image.share
            + if image.sampled >= COMMON {
                each * f64::from(image.sampled)
            } else {
                unseen
            }
    };
    let is_common = |image: &&&Image| image.share > 0.0 || image.sampled >= COMMON;
    let mut common: Vec<(String, f64)> = (values.iter().filter(is_common))
        .filter_map(|image| Some((image.value.clone()?, share(image))))
        .collect();
    common.sort_by(|a, b| b.1.total_cmp(&a.1));
    let sum: f64 = common.iter().map(|(_, share)| share).sum();
    if sum > 1.0 - null_frac {
        for (_, share) in &mut common {
            *share *= (1.0 - null_frac) / sum;
        }
    }
    let others = values.iter().filter(|image| !is_common(image));
    let bounds: Vec<String> = others
        .flat_map(|image| (0..image.sampled).filter_map(|_| image.value.clone()))
        .collect();
    let width = values.iter().map(|image| image.width).sum::<f64>() / values.len() as f64;
    Some(Estimate {
        null_frac,
        width,
        distinct: if distinct > GROWS * argument.rows {
            -(distinct / argument.rows.max(1.0)).min(1.0)
        } else {
            distinct
        },
        common,
        bounds: if bounds.len() > 1 { bounds } else { Vec::new() },
        correlation: argument.correlation.and_then(|known| Some(known * order?)),
    })
}

/// Distinct values, `rows` of which are not of common ones: the estimator of Haas and Stokes, as ANALYZE takes it.
/// Where nothing fell together, as many as make that as likely as not.
fn distinct(argument: Argument, values: &[&Image], rows: f64) -> f64 {
    let of_column = of_column(argument);
    if is_exact(argument, values) {
        return of_column;
    }
    let seen = values.len() as f64;
    let sampled: f64 = values.iter().map(|image| f64::from(image.sampled)).sum();
    let kinds = values.iter().filter(|image| image.sampled > 0).count() as f64;
    let once = values.iter().filter(|image| image.sampled == 1).count() as f64;
    let of_sample = if sampled < 1.0 {
        0.0
    } else if once >= sampled {
        sampled * sampled / (2.0 * std::f64::consts::LN_2)
    } else {
        sampled * kinds / (sampled - once + once * sampled / rows.max(sampled))
    };
    // A share of the column's values cannot be more than all of them.
    (of_sample + seen - kinds)
        .max(seen)
        .min(of_column.max(seen))
}

fn of_column(argument: Argument) -> f64 {
    let distinct = argument.distinct;
    let share = -distinct * argument.rows;
    if distinct < 0.0 { share } else { distinct }.max(1.0)
}

/// No two values of the sample became one.
fn is_apart(values: &[&Image]) -> bool {
    let arguments: u32 = values.iter().map(|i| i.common + i.sampled).sum();
    arguments as usize == values.len()
}

/// There are as many distinct values as in the column: by what the expression is, or because all were seen.
fn is_exact(argument: Argument, values: &[&Image]) -> bool {
    is_apart(values) && (argument.is_kept_apart || of_column(argument) <= values.len() as f64)
}

/// How far the order of values is that of the column's: the correlation of ranks.
fn order(values: &[&Image]) -> Option<f64> {
    let places: Vec<f64> = (values.iter().filter(|image| image.sampled > 0))
        .map(|image| image.place)
        .collect();
    let count = places.len() as f64;
    if places.len() < 2 {
        return None;
    }
    let mean = |all: &mut dyn Iterator<Item = f64>| all.sum::<f64>() / count;
    let ranks = || (0..places.len()).map(|rank| rank as f64);
    let (left, right) = (mean(&mut ranks()), mean(&mut places.iter().copied()));
    let (mut both, mut one, mut other) = (0.0, 0.0, 0.0);
    for (rank, place) in ranks().zip(&places) {
        let (a, b) = (rank - left, place - right);
        both += a * b;
        one += a * a;
        other += b * b;
    }
    let size = (one * other).sqrt();
    (size > 0.0).then(|| both / size)
}

#[cfg(test)]
mod tests {
    use super::{Argument, Estimate, Image, estimate};

    fn image(value: &str, share: f64, common: u32, sampled: u32, place: f64) -> Image {
        Image {
            value: Some(value.to_owned()),
            share,
            common,
            sampled,
            place,
            width: 4.0,
        }
    }

    fn of(distinct: f64, is_kept_apart: bool, images: &[Image]) -> Estimate {
        let argument = Argument {
            rows: 10_000.0,
            distinct,
            correlation: Some(0.5),
            is_kept_apart,
            may_repeat: false,
        };
        estimate(argument, images).unwrap()
    }

    fn hundred(made: impl Fn(u32) -> u32) -> Vec<Image> {
        let mut counts = std::collections::BTreeMap::<u32, (u32, f64)>::new();
        for place in 0..100 {
            let entry = counts.entry(made(place)).or_default();
            entry.0 += 1;
            entry.1 += f64::from(place);
        }
        let images = counts.into_iter().map(|(value, (sampled, places))| {
            image(
                &format!("{value:03}"),
                0.0,
                0,
                sampled,
                places / f64::from(sampled),
            )
        });
        images.collect()
    }

    #[test]
    fn values_that_stay_apart_keep_the_statistics_of_the_column() {
        let made = of(-1.0, true, &hundred(|place| place));
        assert!((made.distinct + 1.0).abs() < 1e-9);
        assert_eq!((made.common.len(), made.bounds.len()), (0, 100));
        assert!((made.correlation.unwrap() - 0.5).abs() < 1e-9);
        let reversed = of(-1.0, true, &hundred(|place| 99 - place));
        assert!((reversed.correlation.unwrap() + 0.5).abs() < 1e-9);
        // Of another expression it is not known, only that there are not few; and not even that where it goes up with
        // the column.
        let unknown = of(-1.0, false, &hundred(|place| place * 37 % 100));
        assert!(
            (-0.8..-0.6).contains(&unknown.distinct),
            "{}",
            unknown.distinct
        );
    }

    #[test]
    fn values_that_fall_together_are_counted() {
        // Fifty, two of each in the sample.
        let made = of(-1.0, false, &hundred(|place| place % 50));
        assert!((49.0..60.0).contains(&made.distinct), "{}", made.distinct);
        assert!(made.common.is_empty());
        // Two, one of them rare.
        let made = of(-1.0, false, &hundred(|place| u32::from(place == 7)));
        assert!((1.9..2.1).contains(&made.distinct), "{}", made.distinct);
        assert_eq!(made.common.len(), 1);
        assert!((made.common[0].1 - 0.99).abs() < 1e-9);
        // Common values of the column that become one.
        let images = [image("a", 0.7, 2, 0, 0.0), image("b", 0.3, 1, 0, 0.0)];
        let made = of(3.0, false, &images);
        assert!((made.distinct - 2.0).abs() < 1e-9);
        let shares: Vec<f64> = made.common.iter().map(|(_, share)| *share).collect();
        assert!((shares[0] - 0.7).abs() < 1e-9 && (shares[1] - 0.3).abs() < 1e-9);
    }

    #[test]
    fn what_becomes_null_has_no_value() {
        let mut images = hundred(|place| place);
        for image in &mut images[..25] {
            image.value = None;
        }
        let made = of(-1.0, true, &images);
        assert!((made.null_frac - 0.25).abs() < 1e-9);
        let all: Vec<Image> = images[..25].to_vec();
        let argument = Argument {
            rows: 1000.0,
            distinct: -1.0,
            correlation: None,
            is_kept_apart: false,
            may_repeat: true,
        };
        assert_eq!(estimate(argument, &all), None);
        assert_eq!(estimate(argument, &hundred(|place| place % 2)), None);
        assert_eq!(estimate(argument, &hundred(|place| place)), None);
    }
}
