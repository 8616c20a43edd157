//! A choice of indexes with what the workload costs then.

use crate::advise::index::costs::{Costs, Ended};
use crate::advise::index::set::Set;

/// A choice.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The candidates that are chosen.
    pub set: Set,
    /// What each text costs.
    pub costs: Vec<f64>,
    /// What is to be made small: weighted costs and what writes pay.
    pub value: f64,
}

/// Costs with the weights of an objective.
pub struct Scale {
    /// Weight of each text.
    pub weights: Vec<f64>,
    /// What a unit of write cost counts.
    pub writes: f64,
    /// Factor from which on a query counts as hurt.
    pub hurt: f64,
}

impl Scale {
    /// What a text's cost counts. What goes beyond the factor of hurt counts twice.
    pub fn value(&self, costs: &Costs<'_>, text: usize, cost: f64) -> f64 {
        let over = (cost - costs.base(text) * self.hurt).max(0.0);
        self.weights[text] * (cost + over)
    }

    /// The choice of these.
    pub fn state(&self, costs: &mut Costs<'_>, set: &Set) -> Result<State, Ended> {
        let wanted: Vec<(usize, Set)> = (0..costs.texts.len())
            .map(|text| (text, set.clone()))
            .collect();
        costs.learn(&wanted)?;
        let each: Vec<f64> = wanted
            .iter()
            .map(|(text, set)| at(costs, *text, set))
            .collect();
        Ok(State {
            value: self.total(costs, &each, set),
            costs: each,
            set: set.clone(),
        })
    }

    /// The choice with these too.
    pub fn with(&self, costs: &mut Costs<'_>, state: &State, more: &Set) -> Result<State, Ended> {
        let new = more.without(&state.set);
        let set = state.set.or(&new);
        self.changed(costs, state, set, &new)
    }

    /// The choice without these.
    pub fn without(
        &self,
        costs: &mut Costs<'_>,
        state: &State,
        less: &Set,
    ) -> Result<State, Ended> {
        let set = state.set.without(less);
        self.changed(costs, state, set, less)
    }

    fn changed(
        &self,
        costs: &mut Costs<'_>,
        state: &State,
        set: Set,
        change: &Set,
    ) -> Result<State, Ended> {
        let wanted: Vec<(usize, Set)> = (0..costs.texts.len())
            .filter(|text| costs.texts[*text].relevant.meets(change))
            .map(|text| (text, set.clone()))
            .collect();
        costs.learn(&wanted)?;
        let mut each = state.costs.clone();
        for (text, set) in &wanted {
            each[*text] = at(costs, *text, set);
        }
        Ok(State {
            value: self.total(costs, &each, &set),
            costs: each,
            set,
        })
    }

    /// The most that these could gain, as far as plans with more indexes tell.
    pub fn most(&self, costs: &Costs<'_>, state: &State, more: &Set) -> f64 {
        let set = state.set.or(more);
        let affected =
            (0..costs.texts.len()).filter(|text| costs.texts[*text].relevant.meets(more));
        affected
            .map(|text| {
                self.value(costs, text, state.costs[text])
                    - self.value(costs, text, costs.least(text, &set))
            })
            .sum()
    }

    fn total(&self, costs: &Costs<'_>, each: &[f64], set: &Set) -> f64 {
        let texts = each.iter().enumerate();
        let reads: f64 = texts
            .map(|(text, cost)| self.value(costs, text, *cost))
            .sum();
        reads + costs.pool.write_cost(set) * self.writes
    }
}

fn at(costs: &Costs<'_>, text: usize, set: &Set) -> f64 {
    let known = costs.known(text, set);
    known.map_or_else(|| costs.base(text), |entry| entry.guarded)
}
