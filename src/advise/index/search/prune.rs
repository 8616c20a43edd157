//! Taking out what does not pay.

use super::state::{Scale, State};
use crate::advise::index::costs::{Costs, Ended};
use crate::advise::index::set::Set;
use crate::advise::index::what_if::Lost;

/// Takes out the index that gains least, as long as it gains less than `least`.
pub fn prune(
    costs: &mut Costs<'_>,
    scale: &Scale,
    mut state: State,
    least: f64,
) -> Result<State, Lost> {
    loop {
        let mut worst: Option<State> = None;
        for place in state.set.iter() {
            match scale.without(costs, &state, &Set::of([place])) {
                Ok(smaller) => {
                    if worst
                        .as_ref()
                        .is_none_or(|worst| smaller.value < worst.value)
                    {
                        worst = Some(smaller);
                    }
                }
                // Unknown: it stays.
                Err(Ended::Over) => {}
                Err(Ended::Lost(lost)) => return Err(lost),
            }
        }
        match worst {
            Some(smaller) if smaller.value - state.value < least => state = smaller,
            _ => return Ok(state),
        }
    }
}
