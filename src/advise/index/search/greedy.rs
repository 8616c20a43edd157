//! Adding what gains most for its size.

use super::state::{Scale, State};
use crate::advise::index::costs::{Costs, Ended};
use crate::advise::index::set::Set;

/// How a choice grows.
#[derive(Debug, Clone)]
pub struct Growth<'m> {
    /// What can be added.
    pub moves: &'m [Set],
    /// The most that each can gain, as far as is known.
    pub bounds: &'m [f64],
    /// Bytes of all that is chosen.
    pub budget: f64,
    /// Gain is weighed against size to the power of this.
    pub exponent: f64,
    /// The least gain that is worth an index.
    pub least: f64,
    /// What is not to be added.
    pub banned: Set,
}

/// Grows a choice as long as something gains and fits. A bound that was true for a smaller choice is
/// taken to be true still, unless a plan was seen that uses the move together with what came in since:
/// so few moves are looked at anew. Time may end it: the choice is good all the same.
pub fn greedy(
    costs: &mut Costs<'_>,
    scale: &Scale,
    mut state: State,
    growth: &Growth<'_>,
) -> (State, Option<Ended>) {
    let mut bounds = growth.bounds.to_vec();
    loop {
        let room = growth.budget - costs.pool.bytes(&state.set);
        let mut fresh: Vec<Option<State>> = vec![None; bounds.len()];
        let accepted = loop {
            let Some(best) = best(costs, &state, growth, &bounds, room) else {
                return (state, None);
            };
            if let Some(next) = fresh[best].take() {
                state = next;
                break best;
            }
            match scale.with(costs, &state, &growth.moves[best]) {
                Ok(next) => {
                    bounds[best] = state.value - next.value;
                    fresh[best] = Some(next);
                }
                Err(ended) => return (state, Some(ended)),
            }
        };
        for (place, set) in growth.moves.iter().enumerate() {
            if place != accepted && goes_with(costs, set, &growth.moves[accepted]) {
                bounds[place] = scale.most(costs, &state, set);
            }
        }
    }
}

/// The move of the highest bound for its size.
fn best(
    costs: &Costs<'_>,
    state: &State,
    growth: &Growth<'_>,
    bounds: &[f64],
    room: f64,
) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for (place, set) in growth.moves.iter().enumerate() {
        let new = set.without(&state.set);
        // What a choice worth less brings is noise.
        let least = growth.least * new.len() as f64;
        if bounds[place] <= least || new.is_empty() || set.meets(&growth.banned) {
            continue;
        }
        let bytes = costs.pool.bytes(&new);
        if bytes > room {
            continue;
        }
        let worth = bounds[place] / bytes.max(1.0).powf(growth.exponent);
        if best.is_none_or(|(known, _)| worth > known) {
            best = Some((worth, place));
        }
    }
    best.map(|(_, place)| place)
}

/// A plan uses parts of both at once.
fn goes_with(costs: &Costs<'_>, a: &Set, b: &Set) -> bool {
    let texts = costs.texts.iter();
    let mut entries = texts.flat_map(|text| text.entries.iter());
    entries.any(|entry| entry.used.meets(a) && entry.used.meets(b) && !a.is_within(b))
}
