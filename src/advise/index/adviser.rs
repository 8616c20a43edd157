//! Searches one after the other, and choices of the user's between them.

use std::collections::BTreeMap;

use super::advice::Advice;
use super::advise::{AdviseError, Request, told};
use super::candidates::{self, Access};
use super::costs::Costs;
use super::name::Names;
use super::pool::Pool;
use super::search::{Better, Ground, Limits, search};
use super::spec::IndexSpec;
use super::what_if::WhatIf;

/// A planner with all that it was asked: what comes later goes on from there.
pub struct Adviser<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) costs: Costs<'a>,
    accesses: BTreeMap<i64, Vec<Access>>,
    names: Names,
    named: BTreeMap<IndexSpec, String>,
}

impl<'a> Adviser<'a> {
    /// Plans the workload as things are. The bounds of the request are not looked at.
    pub fn new(request: &'a Request<'a>, planner: &'a mut dyn WhatIf) -> Result<Self, AdviseError> {
        let queries = &request.workload.queries;
        let mut texts: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
        for query in queries {
            let of_query = query.variants.iter().map(|variant| variant.text.as_str());
            texts.entry(query.statement).or_default().extend(of_query);
        }
        let mut accesses: BTreeMap<i64, Vec<Access>> = BTreeMap::new();
        for access in candidates::read(request.facts, request.tables, &texts)? {
            accesses.entry(access.statement).or_default().push(access);
        }
        let pool = Pool::new(request.estimates);
        Ok(Self {
            costs: Costs::new(planner, pool, request.tables, queries, request.is_over)?,
            names: Names::read(request.facts, request.workload.database)?,
            named: BTreeMap::new(),
            accesses,
            request,
        })
    }

    /// What whoever reads the answers should know of how they came about; each is told once.
    pub fn notes(&mut self) -> Vec<String> {
        self.costs.planner.notes()
    }

    /// Searches within bounds; tells each better choice on the way. An index keeps its name from search to search.
    pub fn search(
        &mut self,
        limits: &Limits,
        tell: &mut dyn FnMut(&Better),
    ) -> Result<Advice, AdviseError> {
        let ground = Ground {
            tables: self.request.tables,
            accesses: &self.accesses,
            queries: &self.request.workload.queries,
        };
        let (state, is_complete) = search(&mut self.costs, &ground, limits, tell)?;
        let request = self.request;
        let mut advice = self.costs.untimed(|costs| told(costs, request, &state))?;
        advice.is_complete = is_complete;
        for chosen in &mut advice.create {
            let spec = &chosen.sized.spec;
            let named = self.named.entry(spec.clone());
            let name = named.or_insert_with(|| self.names.name(spec));
            chosen.name.clone_from(name);
        }
        Ok(advice)
    }
}
