//! What the workload costs with a choice of the user's, and what one index more or less changes.

use std::collections::{BTreeMap, BTreeSet};

use super::advise::AdviseError;
use super::adviser::Adviser;
use super::costs::{Choice, Entry};
use super::set::Set;
use super::spec::IndexSpec;

/// The workload with a choice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weighed {
    /// Cost as things are: the planner's units times executions.
    pub before: f64,
    /// Cost with the choice.
    pub after: f64,
    /// What writes pay for the new indexes, in the same unit; `None`: not known.
    pub write_cost: Option<f64>,
    /// All statements that are planned.
    pub statements: Vec<WeighedStatement>,
    /// Why indexes that are there could not be taken for gone; the costs are those with them.
    pub refused: Option<String>,
}

/// A statement with and without a choice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WeighedStatement {
    /// `statements.id`.
    pub statement: i64,
    /// Executions that it counts.
    pub weight: f64,
    /// Cost of one as things are.
    pub before: f64,
    /// Cost of one with the choice.
    pub after: f64,
    /// New indexes that its plans use, by their places among those that were given.
    pub created: BTreeSet<usize>,
    /// Names of other indexes that its plans use with the choice.
    pub existing: BTreeSet<String>,
    /// The same as things are.
    pub existing_before: BTreeSet<String>,
}

/// What the workload would cost more without an index, all others being as they are chosen: in the planner's units
/// times executions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Worth {
    /// New indexes, in the order in which they were given; `None`: the planner does not know it.
    pub created: Vec<Option<f64>>,
    /// Indexes that are there, by `indexes.id`; those that no plan uses have 0.
    pub existing: BTreeMap<i64, f64>,
}

impl WeighedStatement {
    /// What the choice saves over all executions; below 0 it costs more.
    pub fn saved(&self) -> f64 {
        self.weight * (self.before - self.after)
    }
}

/// Plans of a choice.
struct Plans {
    all: Vec<Entry>,
    refused: Option<String>,
}

impl Adviser<'_> {
    /// The workload with those of the new indexes that are `chosen`, and without some that are there (`indexes.id`
    /// and name).
    pub fn weigh(
        &mut self,
        created: &[IndexSpec],
        chosen: &BTreeSet<usize>,
        without: &BTreeMap<i64, String>,
    ) -> Result<Weighed, AdviseError> {
        let places = self.places(created)?;
        let choice = choice(&places, chosen, without);
        let plans = self.plans(&choice)?;
        let queries = &self.request.workload.queries;
        let mut statements: BTreeMap<usize, WeighedStatement> = BTreeMap::new();
        for (number, (text, plan)) in self.costs.texts.iter().zip(&plans.all).enumerate() {
            let query = &queries[text.query];
            let share = query.variants[text.variant].share;
            let statement = statements.entry(text.query).or_default();
            statement.statement = query.statement;
            statement.weight = query.weight;
            let first = text.entries.iter().next();
            statement.before += share * first.map_or(0.0, |entry| entry.cost);
            statement.after += share * plan.cost;
            let used = |place: &Option<usize>| place.is_some_and(|at| plan.used.contains(at));
            let used = (0..created.len()).filter(|at| used(&places[*at]));
            statement.created.extend(used);
            statement.existing.extend(plan.existing.iter().cloned());
            statement
                .existing_before
                .extend(self.costs.as_it_is(number));
        }
        let sum = |of: fn(&WeighedStatement) -> f64| statements.values().map(of).sum();
        let write_cost = choice.with.iter().map(|place| {
            let candidate = self.costs.pool.get(place);
            let hours = self.request.estimates.hours();
            hours.and(candidate.writes).map(|_| candidate.write_cost)
        });
        Ok(Weighed {
            before: sum(|one| one.weight * one.before),
            after: sum(|one| one.weight * one.after),
            write_cost: write_cost.sum(),
            refused: plans.refused,
            statements: statements.into_values().collect(),
        })
    }

    /// What each index is worth beside a choice. `existing` are those that are asked for.
    pub fn worth(
        &mut self,
        created: &[IndexSpec],
        chosen: &BTreeSet<usize>,
        without: &BTreeMap<i64, String>,
        existing: &BTreeMap<i64, String>,
    ) -> Result<Worth, AdviseError> {
        let places = self.places(created)?;
        let choice = choice(&places, chosen, without);
        let now = self.plans(&choice)?.all;
        let mut worth = Worth::default();
        for (number, place) in places.iter().enumerate() {
            let Some(place) = *place else {
                worth.created.push(None);
                continue;
            };
            let is_chosen = chosen.contains(&number);
            let one = Set::of([place]);
            let other = Choice {
                with: if is_chosen {
                    choice.with.without(&one)
                } else {
                    choice.with.or(&one)
                },
                ..choice.clone()
            };
            let texts = self.costs.texts.iter().enumerate();
            let texts = texts.filter(|(text, known)| {
                now[*text].used.contains(place) || !is_chosen && known.relevant.contains(place)
            });
            let texts: Vec<usize> = texts.map(|(text, _)| text).collect();
            let dearer = self.dearer(&now, &texts, &other)?;
            let saved = if is_chosen {
                dearer
            } else {
                dearer.map(|more| -more)
            };
            worth.created.push(saved);
        }
        for (id, name) in existing {
            let is_gone = choice.without.contains_key(id);
            let mut other = choice.clone();
            if is_gone {
                other.without.remove(id);
            } else {
                other.without.insert(*id, name.clone());
            }
            let uses = |text: &usize| {
                now[*text].existing.contains(name)
                    || is_gone && self.costs.as_it_is(*text).contains(name)
            };
            let texts: Vec<usize> = (0..now.len()).filter(uses).collect();
            let dearer = self.dearer(&now, &texts, &other)?;
            let saved = if is_gone {
                dearer.map(|more| -more)
            } else {
                dearer
            };
            worth.existing.extend(saved.map(|saved| (*id, saved)));
        }
        Ok(worth)
    }

    /// What texts cost more under another choice; `None`: the planner does not plan it.
    fn dearer(
        &mut self,
        now: &[Entry],
        texts: &[usize],
        other: &Choice,
    ) -> Result<Option<f64>, AdviseError> {
        let plans = self.costs.chosen(texts, other)?;
        let mut dearer = 0.0;
        for (text, plan) in texts.iter().zip(plans) {
            let Ok(plan) = plan else {
                return Ok(None);
            };
            dearer += self.costs.texts[*text].weight * (plan.cost - now[*text].cost);
        }
        Ok(Some(dearer))
    }

    fn places(&mut self, created: &[IndexSpec]) -> Result<Vec<Option<usize>>, AdviseError> {
        let costs = &mut self.costs;
        Ok(costs.pool.add(costs.planner, created)?)
    }

    /// Plans of all texts; where indexes cannot be taken for gone, those with them.
    fn plans(&mut self, choice: &Choice) -> Result<Plans, AdviseError> {
        let texts: Vec<usize> = (0..self.costs.texts.len()).collect();
        let mut plans = Plans {
            all: Vec::with_capacity(texts.len()),
            refused: None,
        };
        let with = Choice {
            with: choice.with.clone(),
            ..Choice::default()
        };
        for (text, plan) in texts.iter().zip(self.costs.chosen(&texts, choice)?) {
            let plan = match plan {
                Ok(plan) => Some(plan),
                Err(because) => {
                    plans.refused.get_or_insert(because);
                    self.costs.chosen(&[*text], &with)?.remove(0).ok()
                }
            };
            // Each text was planned as things are.
            let as_it_is = || self.costs.texts[*text].entries.iter().next().cloned();
            plans.all.extend(plan.or_else(as_it_is));
        }
        Ok(plans)
    }
}

fn choice(
    places: &[Option<usize>],
    chosen: &BTreeSet<usize>,
    without: &BTreeMap<i64, String>,
) -> Choice {
    let with = chosen
        .iter()
        .filter_map(|at| places.get(*at).copied().flatten());
    Choice {
        with: Set::of(with),
        without: without.clone(),
    }
}
