//! Plans under a choice of the user's: some new indexes are there, some that are there are not.

use std::collections::{BTreeMap, BTreeSet};

use super::entries::Entry;
use super::whole::{BATCH, Costs, Ended};
use crate::advise::index::set::Set;

/// What is there and what is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Candidates that are there.
    pub with: Set,
    /// Indexes that are taken for gone: `indexes.id` and name.
    pub without: BTreeMap<i64, String>,
}

/// A plan that was made without indexes that are there.
#[derive(Debug, Clone)]
pub struct Without {
    gone: BTreeSet<i64>,
    entry: Entry,
}

impl Choice {
    /// Whether a plan holds here that was made without some indexes: what it uses is there, and there is nothing
    /// that it could not have used. A plan knows indexes by name; those of one name are taken for one.
    fn holds(&self, entry: &Entry, gone: &BTreeSet<i64>) -> bool {
        let is_gone = |name: &String| {
            let mut more = self.without.iter().filter(|(id, _)| !gone.contains(*id));
            more.any(|(_, other)| other == name)
        };
        entry.used.is_within(&self.with)
            && self.with.is_within(&entry.available)
            && gone.iter().all(|id| self.without.contains_key(id))
            && !entry.existing.iter().any(is_gone)
    }
}

impl Costs<'_> {
    /// Plans of texts under a choice, in their order; known ones are not asked for again. Where the planner cannot
    /// plan it, its reason.
    pub fn chosen(
        &mut self,
        texts: &[usize],
        choice: &Choice,
    ) -> Result<Vec<Result<Entry, String>>, Ended> {
        let mut refused: BTreeMap<usize, String> = BTreeMap::new();
        let missing = texts.iter().copied();
        let missing = missing.filter(|text| self.of_choice(*text, choice).is_none());
        let missing: Vec<usize> = missing.collect();
        for batch in missing.chunks(BATCH) {
            if self.is_over() {
                return Err(Ended::Over);
            }
            let wanted: Vec<(usize, Set)> = batch
                .iter()
                .map(|text| (*text, choice.with.clone()))
                .collect();
            if choice.without.is_empty() {
                self.ask(&wanted, &[])?;
            } else {
                self.ask_without(&wanted, choice, &mut refused)?;
            }
        }
        let found = texts.iter().map(|text| {
            let because = || {
                let because = refused.get(text).cloned();
                because.unwrap_or_else(|| "the planner makes no plan".to_owned())
            };
            self.of_choice(*text, choice).cloned().ok_or_else(because)
        });
        Ok(found.collect())
    }

    fn of_choice(&self, text: usize, choice: &Choice) -> Option<&Entry> {
        let text = &self.texts[text];
        let none = BTreeSet::new();
        let known = text.entries.iter().find(|entry| choice.holds(entry, &none));
        known.or_else(|| {
            let mut known = text.without.iter();
            let known = known.find(|known| choice.holds(&known.entry, &known.gone));
            known.map(|known| &known.entry)
        })
    }

    fn ask_without(
        &mut self,
        wanted: &[(usize, Set)],
        choice: &Choice,
        refused: &mut BTreeMap<usize, String>,
    ) -> Result<(), Ended> {
        let gone: Vec<i64> = choice.without.keys().copied().collect();
        let plans = self.plans(wanted, &gone, &[])?;
        for ((text, with), plan) in wanted.iter().zip(plans) {
            match plan {
                Ok(plan) => {
                    let entry = Entry {
                        available: with.clone(),
                        used: self.places(&plan),
                        cost: plan.cost,
                        guarded: plan.cost,
                        existing: plan.used_existing,
                    };
                    let gone = gone.iter().copied().collect();
                    self.texts[*text].without.push(Without { gone, entry });
                }
                Err(because) => drop(refused.insert(*text, because)),
            }
        }
        Ok(())
    }
}
