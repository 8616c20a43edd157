//! The statements that are run, and what each takes.

use std::collections::BTreeMap;

use super::bench::{Bench, Measured};
use crate::advise::index::Set;
use crate::advise::index::search::Objective;

/// A text of a statement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Text {
    /// Its statement, by place.
    pub query: usize,
    /// Share of the statement's executions that it stands for.
    pub share: f64,
}

/// Numbers that judge, from the pages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Share of the workload's time that an index has to gain.
    pub least_gain: f64,
    /// Factor from which on a statement counts as slower.
    pub slower: f64,
}

/// What is tried.
#[derive(Debug, Clone)]
pub struct Trial<'t> {
    /// Texts.
    pub texts: &'t [Text],
    /// Executions of each statement.
    pub weights: &'t [f64],
    /// What is to be made small.
    pub objective: Objective,
    /// Hours that executions are counted for; `None`: not known.
    pub hours: Option<f64>,
    /// Numbers that judge.
    pub limits: Limits,
    /// Statements that could not be measured, with the reason.
    pub lost: BTreeMap<usize, String>,
}

/// What a statement takes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timed {
    /// The statement, by place.
    pub query: usize,
    /// Without the new indexes, those that may go being there.
    pub before: Measured,
    /// As is advised.
    pub after: Measured,
    /// New indexes in its plans.
    pub used: Set,
    /// It is slower than before by more than the limit.
    pub is_slower: bool,
    /// New indexes, each of which alone makes it slower.
    pub because: Vec<usize>,
}

impl Trial<'_> {
    /// Statements with their texts, but for those that are lost.
    pub(super) fn queries(&self) -> Vec<(usize, Vec<(usize, f64)>)> {
        let mut queries: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
        for (place, text) in self.texts.iter().enumerate() {
            if !self.lost.contains_key(&text.query) {
                let texts = queries.entry(text.query).or_default();
                texts.push((place, text.share));
            }
        }
        queries.into_iter().collect()
    }

    /// What a statement counts, given what it takes before.
    pub(super) fn weight(&self, query: usize, before: &Measured) -> f64 {
        match self.objective {
            Objective::Total => self.weights.get(query).copied().unwrap_or(0.0),
            Objective::Balanced => 1.0 / before.ms.max(f64::MIN_POSITIVE),
        }
    }

    /// Indexes that the plans of a statement have; `None`: it can't be run, and is lost from now on.
    pub(super) fn used<B: Bench>(
        &mut self,
        bench: &mut B,
        query: usize,
        texts: &[(usize, f64)],
        hidden: &Set,
    ) -> Result<Option<Set>, B::Error> {
        let mut used = Set::default();
        for (text, _) in texts {
            match bench.used(*text, hidden)? {
                Ok(more) => used = used.or(&more),
                Err(because) => {
                    self.lost.insert(query, because);
                    return Ok(None);
                }
            }
        }
        Ok(Some(used))
    }

    /// What a statement takes while some indexes are hidden, for each such set; `None`: it can't be run, or takes
    /// too long with the first of them and with the second, and is lost from now on.
    pub(super) fn measure<B: Bench>(
        &mut self,
        bench: &mut B,
        query: usize,
        texts: &[(usize, f64)],
        hidden: &[Set],
    ) -> Result<Option<Vec<Measured>>, B::Error> {
        let mut sums = vec![Measured::default(); hidden.len()];
        for (text, share) in texts {
            let measured = match bench.measure(*text, hidden)? {
                Ok(measured) => measured,
                Err(because) => {
                    self.lost.insert(query, because);
                    return Ok(None);
                }
            };
            if measured.iter().take(2).all(|one| one.is_over) {
                let because = "it takes longer than the limit of time, whatever indexes are there";
                self.lost.insert(query, because.to_owned());
                return Ok(None);
            }
            for (sum, one) in sums.iter_mut().zip(&measured) {
                sum.add(one, *share);
            }
        }
        Ok(Some(sums))
    }
}
