//! The search from candidates to a choice.

use std::collections::BTreeMap;

use super::filter::{Filter, add_all};
use super::greedy::{Growth, greedy};
use super::local::local;
use super::moves::moves;
use super::narrow::narrow;
use super::prune::prune;
use super::state::{Scale, State};
use crate::advise::index::candidates::{Access, merged};
use crate::advise::index::costs::{Costs, Ended};
use crate::advise::index::set::Set;
use crate::advise::index::spec::IndexSpec;
use crate::advise::index::tables::Tables;
use crate::advise::index::what_if::{Lost, Sized};
use crate::advise::workload::Query;

/// Exponents of the size that gain is weighed against, the best first: by size alone, small indexes crowd
/// out the large ones that pay more; by gain alone, one large index leaves room for no others.
const EXPONENTS: [f64; 5] = [0.6, 1.0, 0.3, 0.8, 0.45];

/// How often the search begins anew with what the choice before showed.
const ROUNDS: usize = 4;

/// What is to be made small.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Objective {
    /// The cost of the whole workload: executions times cost.
    #[default]
    Total,
    /// The mean of each statement's cost as a share of what it is now.
    Balanced,
}

/// Share of what the workload costs now that an index has to gain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeastGain {
    /// Where there is room for more.
    pub usual: f64,
    /// Within a budget, which has to be made the best of.
    pub tight: f64,
}

impl LeastGain {
    /// The one that counts.
    pub fn of(self, is_tight: bool) -> f64 {
        if is_tight { self.tight } else { self.usual }
    }
}

/// Bounds of a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Bytes of all new indexes; `None`: as many as pay.
    pub budget: Option<f64>,
    /// Most keys of an index.
    pub max_width: usize,
    /// What is to be made small.
    pub objective: Objective,
    /// Share of what the workload costs now that an index has to gain.
    pub least_gain: LeastGain,
    /// Factor from which on a statement counts as hurt.
    pub hurt: f64,
}

/// What the search goes by.
pub struct Ground<'g> {
    /// Tables.
    pub tables: &'g Tables,
    /// Accesses by statement.
    pub accesses: &'g BTreeMap<i64, Vec<Access>>,
    /// The workload.
    pub queries: &'g [Query],
}

/// A step of the search, for who watches.
#[derive(Debug, Clone, PartialEq)]
pub struct Better {
    /// Indexes chosen.
    pub indexes: usize,
    /// Their bytes.
    pub bytes: f64,
    /// The objective as a share of what it is now.
    pub relative: f64,
    /// Questions to the planner by then.
    pub asked: u64,
    /// The indexes.
    pub chosen: Vec<Sized>,
}

/// Searches until nothing better is found or time is up, and tells which. Candidates and plans of a search before are
/// gone on from.
pub fn search(
    costs: &mut Costs<'_>,
    ground: &Ground<'_>,
    limits: &Limits,
    tell: &mut dyn FnMut(&Better),
) -> Result<(State, bool), Lost> {
    let scale = scale(costs, ground.queries, limits);
    let filter = Filter {
        tables: ground.tables,
        accesses: ground.accesses,
        queries: ground.queries,
        max_width: limits.max_width,
    };
    let Some(base) = done(scale.state(costs, &Set::default()))? else {
        return Ok((nothing(costs), false));
    };
    let start = base.value;
    let mut better = |costs: &Costs<'_>, state: &State| {
        tell(&Better {
            indexes: state.set.len(),
            bytes: costs.pool.bytes(&state.set),
            relative: state.value / start.max(f64::MIN_POSITIVE),
            asked: costs.asked,
            chosen: state
                .set
                .iter()
                .map(|place| costs.pool.get(place).sized.clone())
                .collect(),
        });
    };
    let mut best = base.clone();
    if costs.sifted != Some(limits.max_width) {
        let ended = done(filter.run(costs))?;
        costs.sifted = ended.map(|()| limits.max_width);
    }
    if costs.sifted.is_some() {
        let found = rounds(costs, &scale, &base, ground, limits, &mut better)?;
        best = found;
    }
    let is_complete = !costs.is_over();
    // A budget that is not used up is no reason to take what gains little.
    let used = costs.pool.bytes(&best.set);
    let is_tight = limits.budget.is_some_and(|budget| used > budget / 2.0);
    let least = limits.least_gain.of(is_tight) * start;
    // What is chosen has to pay, though time is up: few questions, most of which were asked.
    let pruned = costs.untimed(|costs| prune(costs, &scale, best, least))?;
    let narrowed = narrow(costs, &scale, pruned, least)?;
    // A narrow one may be part of another that stayed.
    let found = costs.untimed(|costs| prune(costs, &scale, narrowed, least))?;
    Ok((found, is_complete))
}

fn nothing(costs: &Costs<'_>) -> State {
    let each = (0..costs.texts.len()).map(|text| costs.base(text));
    State {
        set: Set::default(),
        costs: each.collect(),
        value: 0.0,
    }
}

/// Greedy choices by several exponents, once more with what merges of the chosen ones add, and the best of
/// them made better.
fn rounds(
    costs: &mut Costs<'_>,
    scale: &Scale,
    base: &State,
    ground: &Ground<'_>,
    limits: &Limits,
    better: &mut dyn FnMut(&Costs<'_>, &State),
) -> Result<State, Lost> {
    let mut best = base.clone();
    let mut seen = Set::default();
    for round in 0..ROUNDS {
        let moves = moves(costs);
        let Some(bounds) = done(bounds(costs, scale, base, &moves))? else {
            return Ok(best);
        };
        let mut growth = Growth {
            moves: &moves,
            bounds: &bounds,
            budget: limits.budget.unwrap_or(f64::INFINITY),
            exponent: EXPONENTS[0],
            least: limits.least_gain.of(limits.budget.is_some()) * base.value,
            banned: Set::default(),
        };
        for exponent in EXPONENTS {
            growth.exponent = exponent;
            let (grown, ended) = greedy(costs, scale, base.clone(), &growth);
            seen = seen.or(&grown.set);
            if grown.value < best.value {
                best = grown;
                better(costs, &best);
            }
            match ended {
                Some(Ended::Lost(lost)) => return Err(lost),
                Some(Ended::Over) => return Ok(best),
                None => {}
            }
        }
        let Some(is_new) = done(costs.reconcile(&best.set))? else {
            return Ok(best);
        };
        let merged = done(merge(costs, ground.tables, &seen))?;
        if round + 1 < ROUNDS && (is_new || merged.is_some_and(|new| new > 0)) {
            let Some(state) = done(scale.state(costs, &best.set))? else {
                return Ok(best);
            };
            // Plans that were not known before may take up what makes them dearer: what harms goes, so that a choice
            // which time cuts short does not come out as the better one.
            best = prune(costs, scale, state, 0.0)?;
            continue;
        }
        growth.exponent = EXPONENTS[0];
        let (found, ended) = local(costs, scale, best, &growth, better);
        if let Some(Ended::Lost(lost)) = ended {
            return Err(lost);
        }
        return Ok(found);
    }
    Ok(best)
}

/// The most that each move can gain: exactly for single indexes, by the plans that were seen for several.
fn bounds(
    costs: &mut Costs<'_>,
    scale: &Scale,
    base: &State,
    moves: &[Set],
) -> Result<Vec<f64>, Ended> {
    let mut all = Vec::new();
    for set in moves {
        all.push(if set.len() == 1 {
            base.value - scale.with(costs, base, set)?.value
        } else {
            scale.most(costs, base, set)
        });
    }
    Ok(all)
}

/// Adds one index in place of two for each pair that were chosen somewhere; gives how many are new.
fn merge(costs: &mut Costs<'_>, tables: &Tables, seen: &Set) -> Result<usize, Ended> {
    let before = costs.pool.all().len();
    let members: Vec<usize> = seen.iter().collect();
    let mut pairs: Vec<(IndexSpec, Set)> = Vec::new();
    for (place, a) in members.iter().enumerate() {
        for b in &members[place + 1..] {
            let spec = |place: usize| costs.pool.get(place).sized.spec.clone();
            let (one, other) = (spec(*a), spec(*b));
            let table = tables.get(one.relation);
            if let Some(spec) = table.and_then(|table| merged(&one, &other, table)) {
                pairs.push((spec, Set::of([*a, *b])));
            }
        }
    }
    let wanted = costs.texts.iter().map(|text| {
        let meets = pairs
            .iter()
            .filter(|(_, parents)| text.relevant.meets(parents));
        meets.map(|(spec, _)| spec.clone()).collect()
    });
    let wanted = wanted.collect();
    add_all(costs, wanted)?;
    Ok(costs.pool.all().len() - before)
}

/// Weights of the texts by the objective.
fn scale(costs: &Costs<'_>, queries: &[Query], limits: &Limits) -> Scale {
    let texts = costs.texts.iter().enumerate();
    let total: f64 = texts
        .clone()
        .map(|(place, text)| text.weight * costs.base(place))
        .sum();
    if limits.objective == Objective::Total {
        return Scale {
            weights: costs.texts.iter().map(|text| text.weight).collect(),
            writes: 1.0,
            hurt: limits.hurt,
        };
    }
    let mut whole: BTreeMap<usize, f64> = BTreeMap::new();
    for (place, text) in texts {
        *whole.entry(text.query).or_default() += text.weight * costs.base(place);
    }
    let count = whole.len().max(1) as f64;
    let weight = |text: &crate::advise::index::costs::Text<'_>| {
        let of_query = whole.get(&text.query).copied().unwrap_or(0.0);
        let runs = queries.get(text.query).map_or(0.0, |query| query.weight);
        if of_query > 0.0 && runs > 0.0 {
            text.weight / of_query / count
        } else {
            0.0
        }
    };
    Scale {
        weights: costs.texts.iter().map(weight).collect(),
        writes: if total > 0.0 { 1.0 / total } else { 0.0 },
        hurt: limits.hurt,
    }
}

/// The end of time is no error.
fn done<T>(result: Result<T, Ended>) -> Result<Option<T>, Lost> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Ended::Over) => Ok(None),
        Err(Ended::Lost(lost)) => Err(lost),
    }
}
