//! Which candidates plans use: the planner tells.

use std::collections::{BTreeMap, BTreeSet};

use crate::advise::index::candidates::{
    Access, covering, expressions, is_there, methods, of, partial, parts,
};
use crate::advise::index::costs::{Costs, Ended};
use crate::advise::index::set::Set;
use crate::advise::index::spec::IndexSpec;
use crate::advise::index::tables::Tables;
use crate::advise::workload::Query;

/// How often what a plan uses is taken away and asked for again.
const TURNS: usize = 4;

/// Candidates for each text, filtered by the planner.
pub struct Filter<'f> {
    /// Tables.
    pub tables: &'f Tables,
    /// Accesses by statement.
    pub accesses: &'f BTreeMap<i64, Vec<Access>>,
    /// The workload.
    pub queries: &'f [Query],
    /// Most keys of an index.
    pub max_width: usize,
}

impl Filter<'_> {
    /// Makes the candidates of all texts and leaves each text those that its plans used. Time may end
    /// it: what was found by then is left.
    pub fn run(&self, costs: &mut Costs<'_>) -> Result<(), Ended> {
        self.keys(costs)?;
        let ended = self.sift(costs);
        // What is left is what plans used.
        for text in &mut costs.texts {
            text.relevant = text.entries.used();
        }
        match ended {
            Ok(()) => self.parts(costs),
            ended => ended,
        }
    }

    fn sift(&self, costs: &mut Costs<'_>) -> Result<(), Ended> {
        for texts in costs.together() {
            let all = sets(&texts, |text| costs.texts[text].relevant.clone());
            self.ask(costs, &all)?;
        }
        self.covering(costs)?;
        self.foreign(costs)
    }

    fn accesses(&self, query: usize) -> &[Access] {
        let statement = self.queries[query].statement;
        self.accesses.get(&statement).map_or(&[], Vec::as_slice)
    }

    fn keys(&self, costs: &mut Costs<'_>) -> Result<(), Ended> {
        let mut wanted = Vec::new();
        for text in &costs.texts {
            let mut specs: BTreeSet<IndexSpec> = BTreeSet::new();
            for access in self.accesses(text.query) {
                let Some(table) = self.tables.get(access.relation) else {
                    continue;
                };
                let mut plain = of(access, table, self.max_width);
                plain.extend(expressions(access, table));
                for (spec, share) in plain.iter().flat_map(|spec| partial(spec, access)) {
                    if let Some(predicate) = &spec.predicate {
                        costs.pool.tell_share(spec.relation, predicate, share);
                    }
                    specs.insert(spec);
                }
                plain.retain(|spec| !is_there(spec, table));
                specs.extend(plain);
                specs.extend(methods(access, table, self.tables.trigrams.as_deref()));
            }
            wanted.push(specs);
        }
        add_all(costs, wanted)
    }

    /// Plans with all of a set, and with those of one table at a time: beside those of others a plan may not
    /// want them.
    fn ask(&self, costs: &mut Costs<'_>, asked: &[(usize, Set)]) -> Result<(), Ended> {
        peel(costs, asked, TURNS)?;
        for table in self.tables.iter() {
            let is_own = |place: &usize| costs.pool.get(*place).sized.spec.relation == table.id;
            let own = asked.iter().filter_map(|(text, set)| {
                let own = Set::of(set.iter().filter(is_own));
                (own != *set).then_some((*text, own))
            });
            let own: Vec<(usize, Set)> = own.collect();
            peel(costs, &own, TURNS)?;
        }
        Ok(())
    }

    /// Covering indexes with the keys that plans use, those that are there, and single columns.
    fn covering(&self, costs: &mut Costs<'_>) -> Result<(), Ended> {
        let mut wanted = Vec::new();
        for text in &costs.texts {
            let used = text.entries.used();
            let used = used.iter().map(|place| &costs.pool.get(place).sized.spec);
            let mut used: BTreeSet<IndexSpec> = used.cloned().collect();
            used.extend(used.clone().iter().flat_map(parts));
            let mut specs: BTreeSet<IndexSpec> = BTreeSet::new();
            for access in self.accesses(text.query) {
                let Some(table) = self.tables.get(access.relation) else {
                    continue;
                };
                let single = of(access, table, 1);
                let keys = used.iter().chain(&single);
                specs.extend(keys.filter_map(|spec| covering(spec, access, table)));
            }
            wanted.push(specs);
        }
        let before: Vec<Set> = costs
            .texts
            .iter()
            .map(|text| text.relevant.clone())
            .collect();
        add_all(costs, wanted)?;
        for texts in costs.together() {
            let new = sets(&texts, |text| {
                let new = costs.texts[text].relevant.without(&before[text]);
                new.or(&costs.texts[text].entries.used())
            });
            self.ask(costs, &new)?;
        }
        Ok(())
    }

    /// What other statements found, where it begins with a column that this one asks for.
    fn foreign(&self, costs: &mut Costs<'_>) -> Result<(), Ended> {
        let texts = costs.texts.iter();
        let found = texts.fold(Set::default(), |set, text| set.or(&text.entries.used()));
        for texts in costs.together() {
            let wanted = sets(&texts, |text| self.wanted(costs, text, &found));
            for (text, wanted) in &wanted {
                costs.texts[*text].relevant = costs.texts[*text].relevant.or(wanted);
            }
            peel(costs, &wanted, TURNS + 1)?;
        }
        Ok(())
    }

    /// Those that begin with a column that a text asks for, and those that its plans use.
    fn wanted(&self, costs: &Costs<'_>, text: usize, found: &Set) -> Set {
        let accesses = self.accesses(costs.texts[text].query);
        let may = |place: &usize| {
            let spec = &costs.pool.get(*place).sized.spec;
            let first = spec.keys[0].name();
            let here = accesses
                .iter()
                .filter(|access| access.relation == spec.relation);
            here.clone()
                .any(|access| first.is_some_and(|first| access.leading().contains(first)))
        };
        Set::of(found.iter().filter(may)).or(&costs.texts[text].entries.used())
    }

    /// The same with fewer columns, which may be enough.
    fn parts(&self, costs: &mut Costs<'_>) -> Result<(), Ended> {
        let mut wanted = Vec::new();
        for text in &costs.texts {
            let used = text
                .relevant
                .iter()
                .map(|place| &costs.pool.get(place).sized.spec);
            let mut specs: BTreeSet<IndexSpec> = used.flat_map(parts).collect();
            specs.retain(|spec| {
                let table = self.tables.get(spec.relation);
                table.is_some_and(|table| !is_there(spec, table))
            });
            wanted.push(specs);
        }
        add_all(costs, wanted)
    }
}

/// Adds candidates to the pool, all at once since that is soonest done, and each to the text that wants it.
pub fn add_all(costs: &mut Costs<'_>, wanted: Vec<BTreeSet<IndexSpec>>) -> Result<(), Ended> {
    let all: BTreeSet<&IndexSpec> = wanted.iter().flatten().collect();
    let all: Vec<IndexSpec> = all.into_iter().cloned().collect();
    costs.pool.add(costs.planner, &all)?;
    for (text, specs) in wanted.into_iter().enumerate() {
        let specs: Vec<IndexSpec> = specs.into_iter().collect();
        let places = costs.pool.add(costs.planner, &specs)?;
        for place in places.into_iter().flatten() {
            costs.texts[text].relevant.insert(place);
        }
    }
    Ok(())
}

/// Sets of some texts.
fn sets(texts: &[usize], set: impl Fn(usize) -> Set) -> Vec<(usize, Set)> {
    texts.iter().map(|text| (*text, set(*text))).collect()
}

/// Plans each text with a set of candidates, takes away what its plan uses, and asks again.
fn peel(costs: &mut Costs<'_>, asked: &[(usize, Set)], turns: usize) -> Result<(), Ended> {
    let mut left = asked.to_vec();
    for _ in 0..turns {
        left.retain(|(_, set)| !set.is_empty());
        if left.is_empty() {
            break;
        }
        costs.learn(&left)?;
        left = left
            .into_iter()
            .filter_map(|(text, set)| {
                let used = costs.known(text, &set)?.used.clone();
                (!used.is_empty()).then(|| (text, set.without(&used)))
            })
            .collect();
    }
    Ok(())
}
