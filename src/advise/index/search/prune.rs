//! Taking out what does not pay.

use super::narrow::is_part;
use super::state::{Scale, State};
use crate::advise::index::costs::{Costs, Ended};
use crate::advise::index::set::Set;
use crate::advise::index::what_if::Lost;

/// Takes out the index that gains least, as long as it gains less than `least`, and those whose keys another one
/// has too with more beside them: nobody wants both.
pub fn prune(
    costs: &mut Costs<'_>,
    scale: &Scale,
    mut state: State,
    least: f64,
) -> Result<State, Lost> {
    match scale.without(costs, &state, &doubled(costs, &state.set)) {
        Ok(smaller) => state = smaller,
        Err(Ended::Over) => {}
        Err(Ended::Lost(lost)) => return Err(lost),
    }
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

/// Those that hold no more than another one of the same keys.
fn doubled(costs: &Costs<'_>, set: &Set) -> Set {
    let spec = |place: usize| &costs.pool.get(place).sized.spec;
    let is_doubled = |place: &usize| {
        let one = spec(*place);
        set.iter().any(|other| {
            other != *place && one.keys == spec(other).keys && is_part(one, spec(other))
        })
    };
    Set::of(set.iter().filter(is_doubled))
}
