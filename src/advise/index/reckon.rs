//! Costs from statistics alone, where there is no planner to ask: a stand-in that knows scans and look-ups of
//! single tables and little of joins. What it says is an estimate, and is told as one.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;

use super::candidates::{self, Access};
use super::spec::{IndexSpec, Key};
use super::tables::{Table, Tables};
use super::what_if::{Handle, Lost, Plan, Planned, Question, Sized, WhatIf};
use crate::advise::workload::{PlanError, Workload};

/// The planner's defaults (`cost.h`).
const SEQ_PAGE: f64 = 1.0;
const TUPLE: f64 = 0.01;
const INDEX_TUPLE: f64 = 0.005;
const OPERATOR: f64 = 0.0025;
/// Operators that the planner counts for each page on the way down an index.
const DESCENT: f64 = 50.0;

/// Shares of the rows by conditions whose values are not looked at (`selfuncs.h`): a range, a range with two ends or
/// a prefix, a list by its usual length.
const RANGE: f64 = 1.0 / 3.0;
const PREFIX: f64 = 0.005;
const LIST: f64 = 10.0;

/// Reckons with statistics.
pub struct Reckoner {
    tables: Tables,
    accesses: BTreeMap<i64, Vec<Access>>,
    /// Statement of each text.
    statements: HashMap<String, i64>,
    indexes: BTreeMap<Handle, Sized>,
    next: u64,
}

/// An index as it is looked at.
#[derive(Clone, Copy)]
struct Candidate<'c> {
    method: &'c str,
    keys: &'c [Key],
    include: &'c [String],
    predicate: Option<&'c str>,
    pages: f64,
}

/// The cheapest way to the rows of a table.
struct Way<'w> {
    cost: f64,
    /// A hypothetical index.
    handle: Option<Handle>,
    /// Name of one that is there.
    existing: Option<&'w str>,
}

impl Reckoner {
    /// For the statements of a workload.
    ///
    /// # Errors
    /// When the facts cannot be read.
    pub fn new(facts: &Connection, tables: Tables, workload: &Workload) -> rusqlite::Result<Self> {
        let mut texts: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
        let mut statements = HashMap::new();
        for query in &workload.queries {
            for variant in &query.variants {
                let of_query = texts.entry(query.statement).or_default();
                of_query.push(&variant.text);
                statements.insert(variant.text.clone(), query.statement);
            }
        }
        let mut accesses: BTreeMap<i64, Vec<Access>> = BTreeMap::new();
        for access in candidates::read(facts, &tables, &texts)? {
            accesses.entry(access.statement).or_default().push(access);
        }
        Ok(Self {
            tables,
            accesses,
            statements,
            indexes: BTreeMap::new(),
            next: 0,
        })
    }

    fn reckon(&self, question: &Question<'_>) -> Plan {
        let statement = self.statements.get(question.text);
        let accesses = statement.and_then(|statement| self.accesses.get(statement));
        let Some(accesses) = accesses.filter(|accesses| !accesses.is_empty()) else {
            return Err("it reads no table that is known".to_owned());
        };
        let mut planned = Planned {
            cost: 0.0,
            used: BTreeMap::new(),
            used_existing: Vec::new(),
            json: String::new(),
        };
        for (place, access) in accesses.iter().enumerate() {
            let Some(table) = self.tables.get(access.relation) else {
                continue;
            };
            let others = accesses.iter().enumerate();
            let outer = others
                .filter(|(other, _)| *other != place)
                .filter_map(|(_, access)| Some(found(access, self.tables.get(access.relation)?)))
                .fold(f64::INFINITY, f64::min);
            let way = self.way(access, table, outer, question);
            planned.cost += way.cost;
            planned
                .used
                .extend(way.handle.map(|handle| (handle, String::new())));
            planned
                .used_existing
                .extend(way.existing.map(str::to_owned));
        }
        planned.used_existing.sort();
        planned.used_existing.dedup();
        Ok(planned)
    }

    fn way<'w>(
        &self,
        access: &Access,
        table: &'w Table,
        outer: f64,
        question: &Question<'_>,
    ) -> Way<'w> {
        let pages = table.pages.unwrap_or_else(|| (table.rows / 50.0).ceil());
        let mut best = Way {
            cost: pages * SEQ_PAGE + table.rows * (TUPLE + OPERATOR),
            handle: None,
            existing: None,
        };
        for index in &table.indexes {
            if question.without.contains(&index.id) {
                continue;
            }
            let there = Candidate {
                method: &index.method,
                keys: &index.keys,
                include: &index.include,
                predicate: index.predicate.as_deref(),
                pages: pages / 4.0,
            };
            let cost = self.by_index(access, table, outer, there);
            if let Some(cost) = cost.filter(|cost| *cost < best.cost) {
                best = Way {
                    cost,
                    handle: None,
                    existing: Some(&index.name),
                };
            }
        }
        for handle in question.with {
            let Some(sized) = self.indexes.get(handle) else {
                continue;
            };
            if sized.spec.relation != table.id {
                continue;
            }
            let candidate = candidate(&sized.spec, sized.pages as f64);
            let cost = self.by_index(access, table, outer, candidate);
            if let Some(cost) = cost.filter(|cost| *cost < best.cost) {
                best = Way {
                    cost,
                    handle: Some(*handle),
                    existing: None,
                };
            }
        }
        best
    }

    /// Cost by an index; `None`: it finds nothing of what is looked for.
    fn by_index(
        &self,
        access: &Access,
        table: &Table,
        outer: f64,
        index: Candidate<'_>,
    ) -> Option<f64> {
        if index.method != "btree" {
            return None;
        }
        let (mut share, mut times, mut matched) = (implied(access, index.predicate)?, 1.0, 0);
        for key in index.keys {
            let column = key.name()?;
            let is_in = |columns: &[String]| columns.iter().any(|name| name == column);
            let by_value = table.share(column);
            if is_in(&access.equal) {
                share *= by_value;
            } else if is_in(&access.within) {
                share *= (by_value * LIST).min(1.0);
            } else if is_in(&access.join) && outer.is_finite() {
                share *= by_value;
                times = outer;
            } else if is_in(&access.range) {
                share *= RANGE;
                matched += 1;
                break;
            } else if is_in(&access.like) && (key.opclass.is_some() || is_c(table, column)) {
                share *= PREFIX;
                matched += 1;
                break;
            } else {
                break;
            }
            matched += 1;
        }
        if matched == 0 {
            return None;
        }
        let rows = table.rows * share;
        let height = index.pages.max(2.0).log(200.0).ceil();
        let descent = OPERATOR * (table.rows.max(2.0).log2() + (height + 1.0) * DESCENT);
        let leaves = (index.pages * share).ceil().max(1.0);
        let entries = leaves * self.tables.random_page_cost + rows * (INDEX_TUPLE + OPERATOR);
        let heap = self.heap(access, table, index, rows * times) / times;
        Some(times * (descent + entries + heap + rows * TUPLE))
    }

    /// Pages of the table for so many rows, as the planner reckons them (Mackert and Lohman).
    fn heap(&self, access: &Access, table: &Table, index: Candidate<'_>, rows: f64) -> f64 {
        let pages = table.pages.unwrap_or_else(|| (table.rows / 50.0).ceil());
        let is_held = |column: &String| {
            index.include.contains(column)
                || index.keys.iter().any(|key| key.name() == Some(column))
        };
        let is_covering = access
            .needed
            .as_ref()
            .is_some_and(|needed| needed.iter().all(is_held));
        let unseen = if is_covering {
            1.0 - table.all_visible.unwrap_or(0.0)
        } else {
            1.0
        };
        let scattered = (2.0 * pages * rows / (2.0 * pages + rows).max(1.0)).min(pages);
        let first = index.keys.first().and_then(Key::name);
        let column = first.and_then(|column| table.columns.get(column));
        let order = column
            .and_then(|column| column.correlation)
            .unwrap_or(0.0)
            .powi(2);
        let together = (pages * rows / table.rows.max(1.0)).ceil() * SEQ_PAGE;
        let apart = scattered * self.tables.random_page_cost;
        (apart + order * (together - apart)) * unseen
    }
}

fn candidate(spec: &IndexSpec, pages: f64) -> Candidate<'_> {
    Candidate {
        method: &spec.method,
        keys: &spec.keys,
        include: &spec.include,
        predicate: spec.predicate.as_deref(),
        pages,
    }
}

/// Share of the rows that a partial index holds, where the text always has its condition; `None`: it has not.
fn implied(access: &Access, predicate: Option<&str>) -> Option<f64> {
    let Some(predicate) = predicate else {
        return Some(1.0);
    };
    let mut constants = access.constants.iter();
    let constant = constants.find(|constant| constant.sql == predicate)?;
    Some(constant.share.unwrap_or(1.0))
}

fn is_c(table: &Table, column: &str) -> bool {
    table.columns.get(column).is_some_and(|column| column.is_c)
}

/// Rows that are left by conditions on values.
fn found(access: &Access, table: &Table) -> f64 {
    let equal: f64 = access
        .equal
        .iter()
        .map(|column| table.share(column))
        .product();
    let within = access.within.iter();
    let within: f64 = within
        .map(|column| (table.share(column) * LIST).min(1.0))
        .product();
    let range = RANGE.powi(i32::try_from(access.range.len()).unwrap_or(i32::MAX));
    (table.rows * equal * within * range).max(1.0)
}

impl WhatIf for Reckoner {
    fn create(&mut self, indexes: &[Sized]) -> Result<Vec<Result<Handle, String>>, Lost> {
        let mut made = Vec::new();
        for index in indexes {
            if index.spec.method != "btree" {
                made.push(Err("only a planner tells what it gains".to_owned()));
                continue;
            }
            self.next += 1;
            self.indexes.insert(Handle(self.next), index.clone());
            made.push(Ok(Handle(self.next)));
        }
        Ok(made)
    }

    fn forget(&mut self, indexes: &[Handle]) -> Result<(), Lost> {
        for handle in indexes {
            self.indexes.remove(handle);
        }
        Ok(())
    }

    fn check(&mut self, _: &[(String, String)], _: &str) -> Result<Result<(), PlanError>, Lost> {
        Ok(Ok(()))
    }

    fn plan(&mut self, questions: &[Question<'_>]) -> Result<Vec<Plan>, Lost> {
        Ok(questions
            .iter()
            .map(|question| self.reckon(question))
            .collect())
    }

    fn is_estimate(&self) -> bool {
        true
    }
}
