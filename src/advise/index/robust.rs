//! What is left of a gain under settings that flip plans.

use super::costs::Costs;
use super::set::Set;
use super::what_if::Lost;

/// Settings under which a choice is looked at again: what a random page costs, and joins that do without
/// nested loops. Planners are wrong about these in either direction.
const FLIPS: [(&str, &str); 3] = [
    ("random_page_cost", "1.1"),
    ("random_page_cost", "4"),
    ("enable_nestloop", "off"),
];

/// For each text the least and the most of cost with / cost without, over the settings.
pub fn ranges(costs: &mut Costs<'_>, set: &Set) -> Result<Vec<(f64, f64)>, Lost> {
    let texts = costs.texts.len();
    let mut ranges = vec![(f64::INFINITY, 0.0_f64); texts];
    let mut with = Vec::new();
    for text in 0..texts {
        with.push((text, set.clone()));
    }
    let without: Vec<(usize, Set)> = (0..texts).map(|text| (text, Set::default())).collect();
    for (name, value) in FLIPS {
        let setting = [(name.to_owned(), value.to_owned())];
        // Texts that get no index of the choice stay as they are.
        let after = costs.under(&setting, &with)?;
        let before = costs.under(&setting, &without)?;
        for (range, (after, before)) in ranges.iter_mut().zip(after.into_iter().zip(before)) {
            if let (Some(after), Some(before)) = (after, before) {
                let ratio = after / before.max(f64::MIN_POSITIVE);
                *range = (range.0.min(ratio), range.1.max(ratio));
            }
        }
    }
    Ok(ranges)
}
