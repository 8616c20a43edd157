//! The shadow as a whole.

use std::num::NonZero;

use anyhow::Context as _;
use futures_util::future::try_join_all;
use rusqlite::Connection;

use super::create::Order;
use super::keeping::{Keep, Keeping};
use super::lane::Lane;
use super::original::Original;
use super::users::{Described, Size};
use crate::advise::index::{Handle, IndexSpec, Lost, Plan, Question, Sized, WhatIf};
use crate::advise::workload::PlanError;
use crate::cli::what_if::background::Background;
use crate::cluster::ServerBinaries;
use crate::derive::shadow::{LeftOut, Script, script};

/// Lanes that are of use on any machine.
const MOST: usize = 4;

/// How many servers a shadow has, each of which plans at the same time as the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lanes(pub usize);

impl Default for Lanes {
    /// One a processor, but for one that is left to whoever asks.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self((cores - 1).clamp(1, MOST))
    }
}

/// How a shadow is made.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How many servers it has.
    pub lanes: Lanes,
    /// Where it is kept for the next time, which only a shadow of a snapshot file should be: `None` never.
    pub keep: Option<Keep>,
}

/// A running shadow. Dropped, or with the end of the process, it is gone.
pub struct Shadow {
    // Before the runtime: sessions end while it still runs.
    pub(super) lanes: Vec<Lane>,
    pub(super) runtime: Background,
    pub(super) original: Original,
    server: ServerBinaries,
    left_out: Vec<LeftOut>,
    overrides: Vec<(String, String)>,
    handles: u64,
}

impl Shadow {
    /// Makes a shadow of a database of the facts (`databases.id`). With programs of another major version it
    /// shows how that one plans.
    pub fn start(
        facts: &Connection,
        database: i64,
        server: &ServerBinaries,
        options: &Options,
    ) -> anyhow::Result<Self> {
        let original = Original::read(facts, database)?;
        let script = script(facts, database).context("cannot tell what the shadow is made of")?;
        Self::of(&script, original, server, options)
    }

    /// Makes a shadow of what a script says.
    pub fn of(
        script: &Script,
        original: Original,
        server: &ServerBinaries,
        options: &Options,
    ) -> anyhow::Result<Self> {
        let keeping = Keeping::new(options.keep.as_ref(), script, &original, server);
        let runtime = Background::start()?;
        let make = || runtime.block_on(Lane::start(server, &original, script, keeping.as_ref()));
        let made: anyhow::Result<Vec<(Lane, Vec<LeftOut>)>> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..options.lanes.0).map(|_| scope.spawn(make)).collect();
            let mut made = vec![make()];
            made.extend(others.into_iter().map(|other| {
                let failed = |_| anyhow::anyhow!("a part of the shadow could not be made");
                other.join().map_err(failed)?
            }));
            made.into_iter().collect()
        });
        let mut left_out = script.left_out.clone();
        let mut lanes = Vec::new();
        for (lane, failed) in made? {
            if lanes.is_empty() {
                left_out.extend(failed);
            }
            lanes.push(lane);
        }
        Ok(Self {
            lanes,
            runtime,
            original,
            server: server.clone(),
            left_out,
            overrides: Vec::new(),
            handles: 0,
        })
    }

    /// What it does not have, or not as the original.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// The server programs that it runs on.
    pub fn server(&self) -> &ServerBinaries {
        &self.server
    }

    /// Bytes of its blocks.
    pub fn block(&self) -> u64 {
        let lane = self.lanes.first();
        lane.map_or(8192, |lane| lane.ground.files.block())
    }

    /// The database that it imitates.
    pub fn original(&self) -> &Original {
        &self.original
    }

    /// Puts a setting in force for all questions from now on, over their own. A refusal says why.
    pub fn set(&mut self, name: &str, value: &str) -> Result<Result<(), String>, Lost> {
        let mut overrides = self.overrides.clone();
        overrides.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        overrides.push((name.to_owned(), value.to_owned()));
        let Some(lane) = self.lanes.first_mut() else {
            return Err(gone());
        };
        if let Err(because) = self.runtime.block_on(lane.set(overrides.clone()))? {
            return Ok(Err(because));
        }
        self.overrides = overrides;
        Ok(Ok(()))
    }

    /// Makes a hypothetical index of a user's `CREATE INDEX`. `size` tells how large it would be.
    pub fn create_as(
        &mut self,
        ddl: &str,
        size: impl FnOnce(&Described) -> Size,
    ) -> Result<Result<(Handle, IndexSpec), String>, Lost> {
        let described = match self.describe(ddl)? {
            Ok(described) => described,
            Err(because) => return Ok(Err(because)),
        };
        let size = size(&described);
        let spec = described.spec;
        let order = Order {
            handle: self.handle(),
            sql: described.sql,
            name: described.name,
            schema: "public".to_owned(),
            table: described.table,
            size,
        };
        let handle = order.handle;
        let mut outcomes = self.make(&[order])?;
        Ok(outcomes.remove(0).map(|()| (handle, spec)))
    }

    fn handle(&mut self) -> Handle {
        self.handles += 1;
        Handle(self.handles)
    }

    /// Makes indexes in all lanes.
    fn make(&mut self, orders: &[Order]) -> Result<Vec<Result<(), String>>, Lost> {
        if orders.is_empty() {
            return Ok(Vec::new());
        }
        let work = self.lanes.iter_mut().map(|lane| lane.create(orders));
        let mut made = self.runtime.block_on(try_join_all(work))?;
        // The lanes are alike.
        made.pop().ok_or_else(gone)
    }
}

impl WhatIf for Shadow {
    fn create(&mut self, indexes: &[Sized]) -> Result<Vec<Result<Handle, String>>, Lost> {
        let mut outcomes = Vec::with_capacity(indexes.len());
        let mut orders = Vec::new();
        for index in indexes {
            let spec = &index.spec;
            let table = (spec.schema.clone(), spec.table.clone());
            let Some(table) = self.lanes.first().and_then(|lane| lane.catalog.oid(&table)) else {
                outcomes.push(Err(format!(
                    "the shadow has no table {}.{}",
                    spec.schema, spec.table
                )));
                continue;
            };
            let handle = self.handle();
            let name = format!("pgtriage_{}", handle.0);
            outcomes.push(Ok(handle));
            orders.push(Order {
                handle,
                sql: format!("CREATE INDEX {name} ON {}", spec.target()),
                name,
                schema: spec.schema.clone(),
                table,
                size: Size {
                    pages: index.pages,
                    rows: index.rows,
                    height: index.height,
                },
            });
        }
        let mut made = self.make(&orders)?.into_iter();
        for outcome in outcomes.iter_mut().filter(|outcome| outcome.is_ok()) {
            if let Some(Err(because)) = made.next() {
                *outcome = Err(because);
            }
        }
        Ok(outcomes)
    }

    fn forget(&mut self, indexes: &[Handle]) -> Result<(), Lost> {
        let work = self.lanes.iter_mut().map(|lane| lane.forget(indexes));
        self.runtime.block_on(try_join_all(work))?;
        Ok(())
    }

    fn check(
        &mut self,
        settings: &[(String, String)],
        text: &str,
    ) -> Result<Result<(), PlanError>, Lost> {
        let settings = [settings, &self.overrides].concat();
        let lane = self.lanes.first_mut().ok_or_else(gone)?;
        self.runtime.block_on(lane.check(settings, text))
    }

    fn plan(&mut self, questions: &[Question<'_>]) -> Result<Vec<Plan>, Lost> {
        // Alike ones one after the other, so that little is switched between them.
        let mut order: Vec<usize> = (0..questions.len()).collect();
        order.sort_by_cached_key(|number| alike(&questions[*number]));
        let part = order.len().div_ceil(self.lanes.len().max(1)).max(1);
        let work = self
            .lanes
            .iter_mut()
            .zip(order.chunks(part))
            .map(|(lane, part)| {
                lane.plan(questions, part, &self.overrides, &self.original.indexes)
            });
        let answers = self.runtime.block_on(try_join_all(work))?;
        let mut answers: Vec<(usize, Plan)> = answers.into_iter().flatten().collect();
        answers.sort_by_key(|(number, _)| *number);
        Ok(answers.into_iter().map(|(_, plan)| plan).collect())
    }
}

/// What a server is set to for a question: equal for questions that need nothing switched between them.
fn alike(question: &Question<'_>) -> (Vec<(String, String)>, Vec<Handle>, Vec<i64>) {
    let mut with = question.with.to_vec();
    let mut without = question.without.to_vec();
    with.sort_unstable();
    without.sort_unstable();
    (question.settings.to_vec(), with, without)
}

/// Why nothing is answered.
pub(super) fn gone() -> Lost {
    Lost("the shadow has no server".to_owned())
}
