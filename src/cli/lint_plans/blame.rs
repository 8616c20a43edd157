//! Which action of a file a statement owes another plan to.

use super::ground::Ground;
use super::steps::{Step, What};
use crate::advise::index::Plan;

/// The step that a change of a statement's plans comes from; `None`: it comes from something else. An index that
/// goes and was in a plan comes first, then columns that the statement names, then an index that proved something.
pub fn of_plan<'s>(
    ground: &Ground<'_>,
    wanted: &[&'s Step],
    statement: i64,
    before: &[Plan],
) -> Option<&'s Step> {
    let is_used = |index: &String| {
        let mut plans = before.iter().flatten();
        plans.any(|plan| plan.used_existing.contains(index))
    };
    let used = wanted
        .iter()
        .find(|step| matches!(&step.what, What::Drop { index, .. } if is_used(index)));
    let proof = |step: &&&Step| match &step.what {
        What::Drop { relation, .. } => {
            relation.is_some_and(|relation| ground.touches(statement, relation))
        }
        _ => false,
    };
    used.copied()
        .or_else(|| of_column(ground, wanted, statement))
        .or_else(|| wanted.iter().find(proof).copied())
}

/// The step that changes the type of a column which the statement names.
pub fn of_column<'s>(ground: &Ground<'_>, wanted: &[&'s Step], statement: i64) -> Option<&'s Step> {
    let is_named = |step: &&&Step| match &step.what {
        What::Retype {
            relation: Some(relation),
            column,
            ..
        } => ground.reads(statement, *relation, column),
        _ => false,
    };
    wanted.iter().find(is_named).copied()
}
