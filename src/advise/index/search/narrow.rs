//! Narrower indexes where they are almost as good.

use super::state::{Scale, State};
use crate::advise::index::costs::{Costs, Ended};
use crate::advise::index::set::Set;
use crate::advise::index::spec::IndexSpec;
use crate::advise::index::what_if::Lost;

/// Puts a part of an index in its place where that costs little: of `least` as much as the part is smaller by.
/// What is narrow is soon made, stays in memory and is cheap to write to; a planner's costs are not so exact that
/// a little less of them is worth an index twice as large.
pub fn narrow(
    costs: &mut Costs<'_>,
    scale: &Scale,
    mut state: State,
    least: f64,
) -> Result<State, Lost> {
    let mut members: Vec<usize> = state.set.iter().collect();
    members.sort_by(|a, b| {
        let bytes = |place: &usize| costs.pool.get(*place).bytes();
        bytes(b).total_cmp(&bytes(a)).then(a.cmp(b))
    });
    for member in members {
        for part in parts(costs, &state.set, member) {
            match replaced(costs, scale, &state, member, part) {
                Ok(other) => {
                    let bytes = |place: usize| costs.pool.get(place).bytes();
                    let smaller = 1.0 - bytes(part) / bytes(member).max(1.0);
                    if other.value - state.value < least * smaller {
                        state = other;
                        break;
                    }
                }
                // Unknown: it stays.
                Err(Ended::Over) => {}
                Err(Ended::Lost(lost)) => return Err(lost),
            }
        }
    }
    Ok(state)
}

/// Candidates that hold less than a member of a choice in the same order, the smallest first.
fn parts(costs: &Costs<'_>, set: &Set, member: usize) -> Vec<usize> {
    let whole = &costs.pool.get(member).sized.spec;
    let bytes = |place: usize| costs.pool.get(place).bytes();
    let mut parts: Vec<usize> = (0..costs.pool.all().len())
        .filter(|place| !set.contains(*place) && bytes(*place) < bytes(member))
        .filter(|place| is_part(&costs.pool.get(*place).sized.spec, whole))
        .collect();
    parts.sort_by(|a, b| bytes(*a).total_cmp(&bytes(*b)).then(a.cmp(b)));
    parts
}

fn replaced(
    costs: &mut Costs<'_>,
    scale: &Scale,
    state: &State,
    member: usize,
    part: usize,
) -> Result<State, Ended> {
    for text in &mut costs.texts {
        if text.relevant.contains(member) {
            text.relevant.insert(part);
        }
    }
    let smaller = scale.without(costs, state, &Set::of([member]))?;
    scale.with(costs, &smaller, &Set::of([part]))
}

/// Whatever the one finds, the other finds too, with all that the one holds.
pub fn is_part(one: &IndexSpec, other: &IndexSpec) -> bool {
    let is_alike = one.relation == other.relation
        && one.method == other.method
        && one.predicate == other.predicate;
    let holds = |column: &String| {
        let is_key = || other.keys.iter().any(|key| key.name() == Some(column));
        other.include.contains(column) || is_key()
    };
    is_alike && other.keys.starts_with(&one.keys) && one.include.iter().all(holds)
}
