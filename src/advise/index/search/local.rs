//! Making a choice better by taking one or two indexes out and filling up again.

use super::greedy::{Growth, greedy};
use super::state::{Scale, State};
use crate::advise::index::costs::{Costs, Ended};
use crate::advise::index::set::Set;

/// Choices of more indexes than this have too many pairs to look at.
const PAIRED: usize = 40;

/// Tries until nothing gains or time is up; tells each better choice.
pub fn local(
    costs: &mut Costs<'_>,
    scale: &Scale,
    mut best: State,
    growth: &Growth<'_>,
    better: &mut dyn FnMut(&Costs<'_>, &State),
) -> (State, Option<Ended>) {
    'again: loop {
        let members: Vec<usize> = best.set.iter().collect();
        let mut outs: Vec<Set> = members.iter().map(|one| Set::of([*one])).collect();
        if members.len() <= PAIRED {
            for (place, one) in members.iter().enumerate() {
                outs.extend(
                    members[place + 1..]
                        .iter()
                        .map(|other| Set::of([*one, *other])),
                );
            }
        }
        for out in outs {
            let smaller = match scale.without(costs, &best, &out) {
                Ok(smaller) => smaller,
                Err(ended) => return (best, Some(ended)),
            };
            let growth = Growth {
                banned: out,
                ..growth.clone()
            };
            let (grown, ended) = greedy(costs, scale, smaller, &growth);
            let is_better = grown.value < best.value * (1.0 - 1e-9);
            if is_better {
                best = grown;
                better(costs, &best);
            }
            if ended.is_some() {
                return (best, ended);
            }
            if is_better {
                continue 'again;
            }
        }
        return (best, None);
    }
}
