//! Runs statements with some indexes hidden.
//!
//! An index is hidden by a transaction that drops it, runs the statement and is rolled back. So what was built once
//! can be hidden in any turn, and turns with and without alternate: what else goes on at the server, and what is in
//! memory, meets both alike. It is what the planner would find without the index, the statistics of its expressions
//! gone as well, and a connection that ends leaves nothing changed. The alternative, all runs without, then the
//! builds, then all runs with, compares two times of day. Only the time of execution counts: planning finds the
//! caches of the catalog empty after a drop.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::copy::Copy;
use super::plan::{Once, once, shape};
use crate::advise::index::Set;
use crate::advise::index::proof::{Answer, Bench, Measured};
use crate::cli::progress::Progress;
use crate::cli::what_if::shadow::settings;
use crate::collect::connect::ReadError;
use crate::facts::quote::name;

/// A statement that takes less is run several times in a turn, ms.
const SHORT: f64 = 20.0;
/// So many times at most.
const TIMES: usize = 7;

/// A text that is run.
#[derive(Debug, Clone)]
pub struct ToRun {
    /// One statement.
    pub sql: String,
    /// Settings of its session.
    pub settings: Vec<(String, String)>,
}

/// Runs texts in a copy.
pub struct Runner<'c> {
    copy: &'c Copy,
    texts: &'c [ToRun],
    /// Indexes that can be hidden: as SQL, by place.
    indexes: HashMap<usize, String>,
    /// Their places by the names that plans have, those of parts too.
    names: HashMap<String, usize>,
    rounds: u32,
    limit: Duration,
    in_force: Option<Vec<(String, String)>>,
    plans: HashMap<(usize, Set), (String, Set)>,
    runs: HashMap<(usize, String), Vec<Once>>,
    over: BTreeSet<(usize, String)>,
    done: BTreeSet<usize>,
    progress: Progress,
}

impl<'c> Runner<'c> {
    /// Without any index yet.
    pub fn new(
        copy: &'c Copy,
        texts: &'c [ToRun],
        rounds: u32,
        limit: Duration,
        progress: Progress,
    ) -> Self {
        Self {
            copy,
            texts,
            indexes: HashMap::new(),
            names: HashMap::new(),
            rounds,
            limit,
            in_force: None,
            plans: HashMap::new(),
            runs: HashMap::new(),
            over: BTreeSet::new(),
            done: BTreeSet::new(),
            progress,
        }
    }

    /// An index that can be hidden, or why it can't be.
    pub fn add(&mut self, place: usize, schema: &str, index: &str) -> anyhow::Result<Answer<()>> {
        let sql = name(schema, index);
        let hide = format!("BEGIN; DROP INDEX {sql}");
        let hidden = self.copy.ask(&hide)?;
        self.copy.run("ROLLBACK")?;
        if let Err(error) = hidden {
            return Ok(Err(error.to_string()));
        }
        let tree = format!(
            "SELECT c.relname FROM pg_catalog.pg_partition_tree({}::pg_catalog.regclass) t
             JOIN pg_catalog.pg_class c ON c.oid = t.relid",
            crate::facts::quote::literal(&sql)
        );
        for row in self.copy.run(&tree)? {
            if let Some(Some(part)) = row.first() {
                self.names.insert(part.clone(), place);
            }
        }
        self.names.insert(index.to_owned(), place);
        self.indexes.insert(place, sql);
        // Plans from before did not know of it.
        self.plans.clear();
        Ok(Ok(()))
    }

    /// A statement in a transaction that only reads, without the hidden indexes.
    fn within<T>(
        &mut self,
        text: usize,
        hidden: &Set,
        act: impl Fn(&Copy, &str) -> anyhow::Result<Result<T, ReadError>>,
    ) -> anyhow::Result<Result<T, ReadError>> {
        let run = &self.texts[text];
        if self.in_force.as_ref() != Some(&run.settings) {
            let sql = format!("{}; {}", settings(&run.settings), Copy::limits());
            if let Err(error) = self.copy.ask(&sql)? {
                self.in_force = None;
                return Ok(Err(error));
            }
            self.in_force = Some(run.settings.clone());
        }
        let gone: Vec<&str> = hidden
            .iter()
            .filter_map(|place| self.indexes.get(&place).map(String::as_str))
            .collect();
        let gone = if gone.is_empty() {
            String::new()
        } else {
            format!("DROP INDEX {}; ", gone.join(", "))
        };
        self.copy.run(&format!(
            "BEGIN; {gone}SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {}",
            self.limit.as_millis()
        ))?;
        let acted = act(self.copy, &run.sql)?;
        self.copy.run("ROLLBACK")?;
        Ok(acted)
    }

    fn plan(&mut self, text: usize, hidden: &Set) -> anyhow::Result<Answer<(String, Set)>> {
        let key = (text, hidden.clone());
        if let Some(plan) = self.plans.get(&key) {
            return Ok(Ok(plan.clone()));
        }
        let planned = self.within(text, hidden, |copy, sql| {
            copy.value(&format!("EXPLAIN (FORMAT JSON) {sql}"))
        })?;
        let json = match planned {
            Ok(json) => json,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let Some((shape, indexes)) = shape(&json) else {
            return Ok(Err("its plan cannot be read".to_owned()));
        };
        let used = indexes.iter().filter_map(|index| self.names.get(index));
        let plan = (shape, Set::of(used.copied()));
        self.plans.insert(key, plan.clone());
        Ok(Ok(plan))
    }

    /// Executions of a text in one turn; `None`: it was stopped at the limit.
    fn turn(&mut self, text: usize, hidden: &Set) -> anyhow::Result<Answer<Option<Once>>> {
        let ran = self.within(text, hidden, |copy, sql| {
            let explain = format!("EXPLAIN (ANALYZE, TIMING OFF, BUFFERS, FORMAT JSON) {sql}");
            let mut all = Vec::new();
            let mut ms = 0.0;
            while all.is_empty() || (ms < SHORT && all.len() < TIMES) {
                let json = match copy.value(&explain)? {
                    Ok(json) => json,
                    Err(error) => return Ok(Err(error)),
                };
                let Some(one) = once(&json) else { break };
                ms += one.ms;
                all.push(one);
            }
            Ok(Ok(all))
        })?;
        Ok(match ran {
            Ok(all) => median(&all)
                .map(Some)
                .ok_or_else(|| "its plan cannot be read".to_owned()),
            Err(error) if error.is_timeout() => Ok(None),
            Err(error) => Err(error.to_string()),
        })
    }

    /// What the runs of a plan come to.
    fn measured(&self, key: &(usize, String)) -> Measured {
        let none = Vec::new();
        let runs = self.runs.get(key).unwrap_or(&none);
        let limit = self.limit.as_secs_f64() * 1e3;
        match median(runs).filter(|_| !self.over.contains(key)) {
            Some(once) => Measured {
                ms: once.ms,
                least_ms: runs.iter().map(|run| run.ms).fold(once.ms, f64::min),
                blocks: once.blocks,
                is_over: false,
            },
            None => Measured {
                ms: limit,
                least_ms: limit,
                blocks: 0.0,
                is_over: true,
            },
        }
    }
}

impl Bench for Runner<'_> {
    type Error = anyhow::Error;

    fn used(&mut self, text: usize, hidden: &Set) -> anyhow::Result<Answer<Set>> {
        Ok(self.plan(text, hidden)?.map(|(_, used)| used))
    }

    fn measure(&mut self, text: usize, hidden: &[Set]) -> anyhow::Result<Answer<Vec<Measured>>> {
        let mut keys = Vec::new();
        let mut new: Vec<(&Set, (usize, String))> = Vec::new();
        for set in hidden {
            let key = match self.plan(text, set)? {
                Ok((shape, _)) => (text, shape),
                Err(because) => return Ok(Err(because)),
            };
            let is_known =
                self.runs.contains_key(&key) || new.iter().any(|(_, other)| *other == key);
            if !is_known {
                new.push((set, key.clone()));
            }
            keys.push(key);
        }
        self.done.insert(text);
        // The first round fills memory and does not count.
        for round in 0..=self.rounds {
            let first = self.texts[text].sql.split_whitespace();
            let what = first.take(8).collect::<Vec<_>>().join(" ");
            self.progress.set(self.done.len(), self.texts.len(), &what);
            // Who comes first changes, so that it is no advantage.
            let mut order: Vec<usize> = (0..new.len()).collect();
            if round % 2 == 1 {
                order.reverse();
            }
            for at in order {
                let (set, key) = &new[at];
                if self.over.contains(key) {
                    continue;
                }
                match self.turn(text, set)? {
                    Ok(Some(once)) => {
                        let runs = self.runs.entry(key.clone()).or_default();
                        if round > 0 {
                            runs.push(once);
                        }
                    }
                    Ok(None) => {
                        self.runs.entry(key.clone()).or_default();
                        self.over.insert(key.clone());
                    }
                    Err(because) => return Ok(Err(because)),
                }
            }
        }
        Ok(Ok(keys.iter().map(|key| self.measured(key)).collect()))
    }
}

/// The one in the middle by time; of an even number the later of the two.
fn median(runs: &[Once]) -> Option<Once> {
    let mut sorted = runs.to_vec();
    sorted.sort_by(|a, b| a.ms.total_cmp(&b.ms));
    sorted.get(sorted.len() / 2).copied()
}
