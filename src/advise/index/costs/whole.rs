//! What the workload costs with sets of candidates.

use std::collections::{BTreeMap, BTreeSet};

use super::choice::Without;
use super::entries::{Entries, Entry};
use super::risk::{Look, Lookups, guarded};
use crate::advise::index::pool::Pool;
use crate::advise::index::set::Set;
use crate::advise::index::tables::Tables;
use crate::advise::index::what_if::{Handle, Lost, Plan, Planned, Question, WhatIf};
use crate::advise::workload::Query;

/// Questions at a time: between them the clock is looked at.
pub(super) const BATCH: usize = 16;

/// A text of the workload with its plans.
#[derive(Debug)]
pub struct Text<'w> {
    /// Place of its query in the workload.
    pub query: usize,
    /// Place among the variants of the query.
    pub variant: usize,
    /// What its cost counts.
    pub weight: f64,
    /// Candidates that its plans may use.
    pub relevant: Set,
    /// Plans that were seen.
    pub entries: Entries,
    /// Plans without indexes that are there.
    pub(super) without: Vec<Without>,
    /// What its plan looks up by nested loops as things are.
    lookups: Lookups,
    sql: &'w str,
    settings: &'w [(String, String)],
    is_generic: bool,
}

/// A text without and with a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// Cost as things are.
    pub before: f64,
    /// Cost with the choice.
    pub after: f64,
    /// Candidates in its plan.
    pub used: Set,
}

/// Why costs could not be had.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// Time is up.
    #[error("time is up")]
    Over,
    /// The planner is gone.
    #[error(transparent)]
    Lost(#[from] Lost),
}

/// What the workload costs.
pub struct Costs<'a> {
    /// Where questions go.
    pub planner: &'a mut dyn WhatIf,
    /// All candidates.
    pub pool: Pool<'a>,
    /// Texts, by query and variant.
    pub texts: Vec<Text<'a>>,
    /// Queries that the planner refuses, and why.
    pub refused: BTreeMap<usize, String>,
    /// Questions that were asked.
    pub asked: u64,
    /// Candidates of at most so many keys were made and filtered.
    pub sifted: Option<usize>,
    /// Questions end when time is up.
    is_timed: bool,
    tables: &'a Tables,
    is_over: &'a dyn Fn() -> bool,
}

impl<'a> Costs<'a> {
    /// Of these queries, planned once as things are. Those that cannot be planned are left out.
    pub fn new(
        planner: &'a mut dyn WhatIf,
        pool: Pool<'a>,
        tables: &'a Tables,
        queries: &'a [Query],
        is_over: &'a dyn Fn() -> bool,
    ) -> Result<Self, Lost> {
        let mut costs = Self {
            planner,
            pool,
            texts: Vec::new(),
            refused: BTreeMap::new(),
            asked: 0,
            sifted: None,
            is_timed: true,
            tables,
            is_over,
        };
        for (query, asked) in queries.iter().enumerate() {
            for (variant, text) in asked.variants.iter().enumerate() {
                costs.texts.push(Text {
                    query,
                    variant,
                    weight: asked.weight * text.share,
                    relevant: Set::default(),
                    entries: Entries::default(),
                    without: Vec::new(),
                    lookups: Lookups::default(),
                    sql: &text.text,
                    settings: &asked.settings,
                    is_generic: text.is_generic(),
                });
            }
        }
        let all: Vec<(usize, Set)> = (0..costs.texts.len())
            .map(|text| (text, Set::default()))
            .collect();
        costs.ask(&all, &[])?;
        let refused: BTreeSet<usize> = costs.refused.keys().copied().collect();
        costs.texts.retain(|text| !refused.contains(&text.query));
        Ok(costs)
    }

    /// Time is up.
    pub fn is_over(&self) -> bool {
        self.is_timed && (self.is_over)()
    }

    /// Work that goes on though time is up.
    pub fn untimed<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let was = std::mem::replace(&mut self.is_timed, false);
        let done = work(self);
        self.is_timed = was;
        done
    }

    /// All texts, those together that the planner plans at the same time. A part of it has one text at a time, since
    /// one whose candidates stay as they are answers sooner.
    pub fn together(&mut self) -> Vec<Vec<usize>> {
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, text) in self.texts.iter().enumerate() {
            let part = self.planner.part(text.sql);
            parts.entry(part).or_default().push(number);
        }
        let most = parts.values().map(Vec::len).max().unwrap_or(0);
        let nth = |at: usize| {
            parts
                .values()
                .filter_map(|texts| texts.get(at).copied())
                .collect()
        };
        (0..most).map(nth).collect()
    }

    /// What a text costs as things are.
    pub fn base(&self, text: usize) -> f64 {
        let entry = self.texts[text].entries.iter().next();
        entry.map_or(0.0, |entry| entry.guarded)
    }

    /// The plan of a text with these candidates, if it is known.
    pub fn known(&self, text: usize, set: &Set) -> Option<&Entry> {
        let text = &self.texts[text];
        text.entries.find(&set.and(&text.relevant))
    }

    /// The least that these candidates can bring a text down to.
    pub fn least(&self, text: usize, set: &Set) -> f64 {
        let text = &self.texts[text];
        text.entries.least(&set.and(&text.relevant))
    }

    /// Makes sure that these plans are known.
    pub fn learn(&mut self, wanted: &[(usize, Set)]) -> Result<(), Ended> {
        let mut missing: Vec<(usize, Set)> = Vec::new();
        for (text, set) in wanted {
            if self.known(*text, set).is_none() {
                let pair = (*text, set.and(&self.texts[*text].relevant));
                if !missing.contains(&pair) {
                    missing.push(pair);
                }
            }
        }
        for batch in missing.chunks(BATCH) {
            if self.is_over() {
                return Err(Ended::Over);
            }
            self.ask(batch, &[])?;
        }
        Ok(())
    }

    /// Plans these under further settings; costs as the planner gives them, `None` where it gives none.
    pub fn under(
        &mut self,
        settings: &[(String, String)],
        wanted: &[(usize, Set)],
    ) -> Result<Vec<Option<f64>>, Lost> {
        let plans = self.plans(wanted, &[], settings)?;
        Ok(plans
            .into_iter()
            .map(|plan| plan.ok().map(|plan| plan.cost))
            .collect())
    }

    /// Plans every text with a whole set and lets it use what its plan takes, though it was found of no use
    /// before. Tells whether that was so anywhere.
    pub fn reconcile(&mut self, set: &Set) -> Result<bool, Ended> {
        let mut is_new = false;
        for text in 0..self.texts.len() {
            if self.is_over() {
                return Err(Ended::Over);
            }
            let whole = set.clone();
            let known = self.texts[text].entries.find(&whole);
            if known.is_none() {
                self.ask(&[(text, whole.clone())], &[])?;
            }
            let text = &mut self.texts[text];
            let used = text.entries.find(&whole).map(|entry| entry.used.clone());
            let used = used.unwrap_or_default();
            if !used.is_within(&text.relevant) {
                text.relevant = text.relevant.or(&used);
                is_new = true;
            }
        }
        Ok(is_new)
    }

    /// Every text without and with a set, as the planner says, whatever was found of no use before.
    pub fn whole(&mut self, set: &Set) -> Result<Vec<Whole>, Lost> {
        let with: Vec<(usize, Set)> = (0..self.texts.len())
            .map(|text| (text, set.clone()))
            .collect();
        let plans = self.plans(&with, &[], &[])?;
        let mut all = Vec::new();
        for ((text, _), plan) in with.iter().zip(plans) {
            let first = self.texts[*text].entries.iter().next();
            let before = first.map_or(0.0, |entry| entry.cost);
            all.push(match plan {
                Ok(plan) => Whole {
                    before,
                    after: plan.cost,
                    used: self.places(&plan),
                },
                Err(_) => Whole {
                    before,
                    after: before,
                    used: Set::default(),
                },
            });
        }
        Ok(all)
    }

    /// What the workload would cost more without one of a set.
    pub fn marginal(&mut self, set: &Set, place: usize) -> Result<f64, Ended> {
        let smaller = set.without(&Set::of([place]));
        let affected: Vec<usize> = (0..self.texts.len())
            .filter(|text| self.texts[*text].relevant.contains(place))
            .collect();
        let wanted = affected
            .iter()
            .flat_map(|text| [(*text, set.clone()), (*text, smaller.clone())]);
        self.learn(&wanted.collect::<Vec<_>>())?;
        let gain = |text: &usize| {
            let with = self.known(*text, set)?.cost;
            let without = self.known(*text, &smaller)?.cost;
            Some(self.texts[*text].weight * (without - with))
        };
        Ok(affected.iter().filter_map(gain).sum())
    }

    pub(super) fn places(&self, plan: &Planned) -> Set {
        let used = plan.used.keys();
        Set::of(used.filter_map(|handle| self.pool.place(*handle)))
    }

    pub(super) fn ask(
        &mut self,
        wanted: &[(usize, Set)],
        more: &[(String, String)],
    ) -> Result<(), Lost> {
        let plans = self.plans(wanted, &[], more)?;
        for ((text, set), plan) in wanted.iter().zip(plans) {
            let base = (!set.is_empty()).then(|| self.base(*text));
            let entry = match (plan, base) {
                (Ok(plan), base) => {
                    let used = self.places(&plan);
                    let look = Look {
                        tables: self.tables,
                        used: plan
                            .used
                            .iter()
                            .filter_map(|(handle, name)| {
                                let place = self.pool.place(*handle)?;
                                Some((name.as_str(), &self.pool.get(place).sized.spec))
                            })
                            .collect(),
                    };
                    let lookups = look.lookups(&plan);
                    if base.is_none() {
                        self.texts[*text].lookups = lookups;
                    }
                    Entry {
                        available: set.clone(),
                        used,
                        existing: plan.used_existing,
                        guarded: guarded(plan.cost, lookups, self.texts[*text].lookups),
                        cost: plan.cost,
                    }
                }
                // It was planned without: so it stays as it is.
                (Err(_), Some(base)) => Entry {
                    available: set.clone(),
                    used: Set::default(),
                    existing: self.as_it_is(*text),
                    cost: base,
                    guarded: base,
                },
                (Err(because), None) => {
                    self.refused
                        .entry(self.texts[*text].query)
                        .or_insert(because);
                    continue;
                }
            };
            self.texts[*text].entries.add(entry);
        }
        Ok(())
    }

    /// Names of indexes that its plan uses as things are.
    pub fn as_it_is(&self, text: usize) -> Vec<String> {
        let first = self.texts[text].entries.iter().next();
        first.map_or_else(Vec::new, |entry| entry.existing.clone())
    }

    pub(super) fn plans(
        &mut self,
        wanted: &[(usize, Set)],
        without: &[i64],
        more: &[(String, String)],
    ) -> Result<Vec<Plan>, Lost> {
        let with: Vec<Vec<Handle>> = wanted
            .iter()
            .map(|(_, set)| {
                set.iter()
                    .map(|place| self.pool.get(place).handle)
                    .collect()
            })
            .collect();
        let settings: Vec<Vec<(String, String)>> = wanted
            .iter()
            .map(|(text, _)| [self.texts[*text].settings, more].concat())
            .collect();
        let questions: Vec<Question<'_>> = wanted
            .iter()
            .zip(with.iter().zip(&settings))
            .map(|((text, _), (with, settings))| Question {
                text: self.texts[*text].sql,
                is_generic: self.texts[*text].is_generic,
                settings,
                with,
                without,
            })
            .collect();
        self.asked += questions.len() as u64;
        self.planner.plan(&questions)
    }
}
