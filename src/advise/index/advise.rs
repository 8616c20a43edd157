//! From facts and a workload to advice.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::advice::{Advice, Chosen, Confidence, Effect, Outcome};
use super::adviser::Adviser;
use super::build::build_seconds;
use super::costs::{Costs, Ended};
use super::pool::Estimates;
use super::robust::ranges;
use super::search::{Better, Limits, State};
use super::tables::Tables;
use super::what_if::{Lost, WhatIf};
use crate::advise::workload::{Origin, Unplanned, Workload};

/// What advice is asked for.
pub struct Request<'r> {
    /// Facts.
    pub facts: &'r Connection,
    /// Tables.
    pub tables: &'r Tables,
    /// The workload.
    pub workload: &'r Workload,
    /// Sizes and write costs.
    pub estimates: &'r dyn Estimates,
    /// Bounds.
    pub limits: &'r Limits,
    /// Time is up.
    pub is_over: &'r dyn Fn() -> bool,
}

/// Why there is no advice.
#[derive(Debug, thiserror::Error)]
pub enum AdviseError {
    /// The planner is gone.
    #[error(transparent)]
    Lost(#[from] Lost),
    /// Facts could not be read.
    #[error(transparent)]
    Facts(#[from] rusqlite::Error),
    /// Time was up before there was an answer.
    #[error("time is up")]
    Over,
}

impl From<Ended> for AdviseError {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Over => Self::Over,
            Ended::Lost(lost) => Self::Lost(lost),
        }
    }
}

/// Weighs indexes over a workload; tells each better choice on the way.
pub fn advise(
    request: &Request<'_>,
    planner: &mut dyn WhatIf,
    tell: &mut dyn FnMut(&Better),
) -> Result<Advice, AdviseError> {
    Adviser::new(request, planner)?.search(request.limits, tell)
}

pub(super) fn told(
    costs: &mut Costs<'_>,
    request: &Request<'_>,
    state: &State,
) -> Result<Advice, Ended> {
    let queries = &request.workload.queries;
    let plans = costs.whole(&state.set)?;
    let ranges = ranges(costs, &state.set)?;
    let mut outcomes: BTreeMap<usize, Outcome> = BTreeMap::new();
    for (place, text) in costs.texts.iter().enumerate() {
        let query = &queries[text.query];
        let variant = &query.variants[text.variant];
        let outcome = outcomes.entry(text.query).or_insert_with(|| Outcome {
            weight: query.weight,
            effect: Effect {
                statement: query.statement,
                before: 0.0,
                after: 0.0,
            },
            range: (f64::INFINITY, 0.0),
            has_values: true,
        });
        outcome.effect.before += variant.share * plans[place].before;
        outcome.effect.after += variant.share * plans[place].after;
        let (least, most) = ranges[place];
        outcome.range.0 = outcome.range.0.min(least);
        outcome.range.1 = outcome.range.1.max(most);
        outcome.has_values &= matches!(variant.origin, Origin::Written | Origin::Log);
    }
    let mut create = Vec::new();
    for place in state.set.iter() {
        let candidate = costs.pool.get(place).clone();
        let using: BTreeSet<usize> = costs
            .texts
            .iter()
            .zip(&plans)
            .filter(|(_, plan)| plan.used.contains(place))
            .map(|(text, _)| text.query)
            .collect();
        let outcomes: Vec<&Outcome> = using
            .iter()
            .filter_map(|query| outcomes.get(query))
            .collect();
        create.push(Chosen {
            gain: costs.marginal(&state.set, place)?,
            confidence: if costs.planner.is_estimate() {
                Confidence::Low
            } else {
                confidence(&outcomes)
            },
            effects: outcomes.iter().map(|outcome| outcome.effect).collect(),
            write_cost: request
                .estimates
                .hours()
                .and(candidate.writes)
                .map(|_| candidate.write_cost),
            writes: candidate.writes,
            pages: request.estimates.bounds(&candidate.sized, candidate.share),
            build_seconds: request
                .tables
                .get(candidate.sized.spec.relation)
                .and_then(|table| build_seconds(table, &candidate.sized)),
            sized: candidate.sized,
            name: String::new(),
        });
    }
    create.sort_by(|a, b| {
        b.gain
            .total_cmp(&a.gain)
            .then_with(|| a.sized.spec.cmp(&b.sized.spec))
    });
    let sum = |of: fn(&Effect) -> f64| {
        let each = outcomes.values();
        each.map(|outcome| outcome.weight * of(&outcome.effect))
            .sum()
    };
    let refused = costs.refused.iter().map(|(query, because)| Unplanned {
        statement: queries[*query].statement,
        because: because.clone(),
    });
    Ok(Advice {
        before: sum(|effect| effect.before),
        after: sum(|effect| effect.after),
        write_cost: create.iter().map(|chosen| chosen.write_cost).sum(),
        create,
        unplanned: request
            .workload
            .unplanned
            .iter()
            .cloned()
            .chain(refused)
            .collect(),
        statements: outcomes.into_values().collect(),
        asked: costs.asked,
        candidates: costs.pool.all().len(),
        is_complete: false,
    })
}

/// High: whatever settings and values are, each statement gains; low: most of what is gained may be none.
fn confidence(outcomes: &[&Outcome]) -> Confidence {
    let gain =
        |outcome: &Outcome, ratio: f64| outcome.weight * outcome.effect.before * (1.0 - ratio);
    let told: f64 = outcomes
        .iter()
        .map(|outcome| {
            gain(
                outcome,
                outcome.effect.after / outcome.effect.before.max(f64::MIN_POSITIVE),
            )
        })
        .sum();
    let sure: f64 = outcomes
        .iter()
        .filter(|outcome| outcome.has_values)
        .map(|outcome| gain(outcome, outcome.range.1))
        .sum();
    if sure >= told / 2.0 {
        Confidence::High
    } else if outcomes
        .iter()
        .map(|outcome| gain(outcome, outcome.range.1))
        .sum::<f64>()
        > 0.0
    {
        Confidence::Medium
    } else {
        Confidence::Low
    }
}
