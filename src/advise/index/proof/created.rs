//! Which new indexes pay.
//!
//! An index gains what the workload takes longer without it, all others being there. Of two that do the same for
//! a statement neither gains anything by that, so they are taken out one by one, the one that gains least first,
//! and the others are weighed again.

use std::collections::BTreeMap;

use super::bench::{Bench, Measured};
use super::trial::{Timed, Trial};
use crate::advise::index::Set;

/// A new index that is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entrant {
    /// Its place.
    pub place: usize,
    /// Time that its entries take those who write, ms an hour; `None`: not known.
    pub write_ms: Option<f64>,
    /// It is to help statements that can't be run, so that what is measured does not speak against it.
    pub helps_unrun: bool,
}

/// What is measured of a new index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// It gains this share of the workload's time, what writes pay for it taken off.
    Pays(f64),
    /// It gains too little or nothing: this share.
    NotWorth(f64),
    /// No plan has it.
    Unused,
    /// The statements that it is to help are not run. What is measured beside them gains this share.
    NotShown(f64),
}

/// What came out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// By place.
    pub verdicts: BTreeMap<usize, Verdict>,
    /// Indexes that are out, and those that were not there.
    pub hidden: Set,
    /// Statements with what they take, those that may go being there.
    pub statements: Vec<Timed>,
}

/// A look at all statements, with some indexes hidden.
struct Look {
    statements: Vec<Timed>,
    /// What each entrant gains.
    gains: BTreeMap<usize, f64>,
    /// What the workload takes before.
    before: f64,
    /// Indexes in the plans of statements that were lost on the way.
    lost: Set,
}

impl Verdict {
    /// It is taken out of the advice.
    pub fn is_out(self) -> bool {
        matches!(self, Self::NotWorth(_) | Self::Unused)
    }
}

/// Weighs new indexes. `new` are all of them, `absent` those that could not be made.
///
/// # Errors
/// What the bench ends with.
pub fn created<B: Bench>(
    bench: &mut B,
    trial: &mut Trial<'_>,
    entrants: &[Entrant],
    new: &Set,
    absent: &Set,
) -> Result<Judged, B::Error> {
    let mut judged = Judged {
        hidden: absent.clone(),
        ..Judged::default()
    };
    let mut left = entrants.to_vec();
    let mut lost = Set::default();
    loop {
        let look = look(bench, trial, new, &judged.hidden)?;
        lost = lost.or(&look.lost);
        let gain = |entrant: &Entrant| net(&look, entrant, trial);
        let is_sure = |entrant: &Entrant| !entrant.helps_unrun && !lost.contains(entrant.place);
        let unused: Vec<Entrant> = (left.iter().copied())
            .filter(|entrant| is_sure(entrant) && !look.gains.contains_key(&entrant.place))
            .collect();
        let worst = left
            .iter()
            .copied()
            .filter(is_sure)
            .min_by(|a, b| gain(a).total_cmp(&gain(b)))
            .filter(|entrant| gain(entrant) < trial.limits.least_gain);
        // What harms goes first: an index that no plan has may be the better one in its place.
        if let Some(worst) = worst.filter(|worst| unused.is_empty() || gain(worst) < 0.0) {
            judged.out(worst.place, Verdict::NotWorth(gain(&worst)));
        } else if !unused.is_empty() {
            for entrant in &unused {
                judged.out(entrant.place, Verdict::Unused);
            }
        } else {
            for entrant in &left {
                let gain = gain(entrant);
                let shows = gain >= trial.limits.least_gain;
                let verdict = if shows {
                    Verdict::Pays(gain)
                } else {
                    Verdict::NotShown(gain)
                };
                judged.verdicts.insert(entrant.place, verdict);
            }
            judged.statements = look.statements;
            return Ok(judged);
        }
        left.retain(|entrant| !judged.hidden.contains(entrant.place));
    }
}

impl Judged {
    fn out(&mut self, place: usize, verdict: Verdict) {
        self.verdicts.insert(place, verdict);
        self.hidden.insert(place);
    }
}

/// Share of the workload's time that an index gains.
fn net(look: &Look, entrant: &Entrant, trial: &Trial<'_>) -> f64 {
    let gain = look.gains.get(&entrant.place).copied().unwrap_or(0.0);
    // Time of writers is one of all executions; shares of statements are not.
    let is_time = trial.objective == crate::advise::index::search::Objective::Total;
    let hours = trial.hours.filter(|_| is_time);
    let writes = hours
        .zip(entrant.write_ms)
        .map_or(0.0, |(hours, ms)| hours * ms);
    (gain - writes) / look.before.max(f64::MIN_POSITIVE)
}

fn look<B: Bench>(
    bench: &mut B,
    trial: &mut Trial<'_>,
    new: &Set,
    hidden: &Set,
) -> Result<Look, B::Error> {
    let mut look = Look {
        statements: Vec::new(),
        gains: BTreeMap::new(),
        before: 0.0,
        lost: Set::default(),
    };
    for (query, texts) in trial.queries() {
        let Some(used) = trial.used(bench, query, &texts, hidden)? else {
            continue;
        };
        let used = used.and(new);
        let mut sets = vec![new.clone(), hidden.clone()];
        for place in used.iter() {
            let mut without = hidden.clone();
            without.insert(place);
            sets.push(without);
        }
        let Some(measured) = trial.measure(bench, query, &texts, &sets)? else {
            look.lost = look.lost.or(&used);
            continue;
        };
        let (before, after) = (measured[0], measured[1]);
        let weight = trial.weight(query, &before);
        look.before += weight * before.ms;
        let is_slower = after.is_slower(&before, trial.limits.slower);
        let mut because = Vec::new();
        for (place, without) in used.iter().zip(&measured[2..]) {
            *look.gains.entry(place).or_default() += weight * (without.ms - after.ms);
            if is_slower && is_mended(without, &before, trial.limits.slower) {
                because.push(place);
            }
        }
        look.statements.push(Timed {
            query,
            before,
            after,
            used,
            is_slower,
            because,
        });
    }
    Ok(look)
}

/// Without an index it is not slower than before.
fn is_mended(without: &Measured, before: &Measured, factor: f64) -> bool {
    without.ms <= factor * before.ms
}
