//! Which drops make statements slower.

use super::bench::Bench;
use super::trial::{Timed, Trial};
use crate::advise::index::Set;

/// An index that stays, since a statement is slower without it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kept {
    /// Its place.
    pub place: usize,
    /// The statement, by place.
    pub query: usize,
    /// What it takes with the index, ms.
    pub with_ms: f64,
    /// What it takes without, ms.
    pub without_ms: f64,
}

/// Takes back drops that make a statement slower, and tells what statements take then. `hidden` are new indexes
/// that are out, `drops` those that may go.
///
/// # Errors
/// What the bench ends with.
pub fn dropped<B: Bench>(
    bench: &mut B,
    trial: &mut Trial<'_>,
    statements: &mut [Timed],
    hidden: &Set,
    drops: &Set,
) -> Result<Vec<Kept>, B::Error> {
    let mut gone = drops.clone();
    let mut kept = Vec::new();
    loop {
        let mut found = Vec::new();
        for (query, texts) in trial.queries() {
            let Some(used) = trial.used(bench, query, &texts, hidden)? else {
                continue;
            };
            let all = hidden.or(&gone);
            let sets = [hidden.clone(), all.clone()];
            let Some(measured) = trial.measure(bench, query, &texts, &sets)? else {
                continue;
            };
            let (with, without) = (measured[0], measured[1]);
            if let Some(timed) = statements.iter_mut().find(|timed| timed.query == query) {
                timed.after = without;
                timed.is_slower = without.is_slower(&timed.before, trial.limits.slower);
            }
            let used = used.and(&gone);
            if used.is_empty() || !without.is_slower(&with, trial.limits.slower) {
                continue;
            }
            let mut alone = Vec::new();
            for place in used.iter() {
                let mut but = all.clone();
                but.remove(place);
                let one = trial.measure(bench, query, &texts, &[hidden.clone(), but])?;
                if one.is_some_and(|one| one[1].ms <= trial.limits.slower * with.ms) {
                    alone.push(place);
                }
            }
            if alone.is_empty() {
                alone = used.iter().collect();
            }
            found.extend(alone.into_iter().map(|place| Kept {
                place,
                query,
                with_ms: with.ms,
                without_ms: without.ms,
            }));
        }
        if found.is_empty() {
            return Ok(kept);
        }
        for one in found {
            if gone.contains(one.place) {
                gone.remove(one.place);
                kept.push(one);
            }
        }
    }
}
