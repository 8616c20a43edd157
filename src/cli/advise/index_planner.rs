//! Which planner `advise index` asks.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args as ClapArgs, ValueEnum};
use rusqlite::OptionalExtension as _;

use crate::advise::index::WhatIf;
use crate::cli::context::Context;
use crate::cli::source::{Base, Source};
use crate::cli::what_if::HypoPg;
use crate::cli::what_if::shadow::{Options, Original, Shadow, programs};
use crate::facts::Store;

/// Options of the planner.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Planner")]
pub struct Choice {
    /// Who says what a plan would cost
    #[arg(long, value_enum, default_value_t)]
    planner: Planner,
    /// Folder of server programs, for the shadow
    #[arg(long, value_name = "DIR")]
    server_bin: Option<PathBuf>,
    /// Fetch server programs where this machine has none of the version
    #[arg(long)]
    fetch: bool,
}

/// Who says what a plan would cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Planner {
    /// An empty server on this machine that plans as the original
    #[default]
    Shadow,
    /// The server itself, by its extension hypopg
    Hypopg,
}

impl Planner {
    /// What it is called in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Shadow => "a shadow of the server",
            Self::Hypopg => "the server, by HypoPG",
        }
    }
}

impl Choice {
    /// Which one.
    pub fn planner(&self) -> Planner {
        self.planner
    }

    /// Connects to it, or makes it.
    pub fn start(
        &self,
        source: &Source,
        store: &Store,
        database: i64,
        context: &Context,
    ) -> anyhow::Result<Box<dyn WhatIf>> {
        match self.planner {
            Planner::Hypopg => {
                let Base::Live(target) = &source.base else {
                    bail!("HypoPG is in a server; give one by -d, or use --planner shadow");
                };
                let info = target.nodes.first().context("no server is named")?;
                Ok(Box::new(HypoPg::connect(info)?))
            }
            Planner::Shadow => {
                let facts = store.connection();
                has_values(store, database)?;
                let original = Original::read(facts, database)?;
                let named = self.server_bin.as_deref();
                let server = programs(original.major, named, self.fetch, context.say)?;
                let shadow = Shadow::start(facts, database, &server, &Options::default())?;
                for left in shadow.left_out() {
                    let text = format!("the shadow lacks {}: {}", left.object, left.because);
                    context.say.note(&text);
                }
                Ok(Box::new(shadow))
            }
        }
    }
}

/// A shadow without the planner's statistics would plan otherwise than the original, and say nothing of it.
pub fn has_values(store: &Store, database: i64) -> anyhow::Result<()> {
    let facts = store.connection();
    let has: bool = facts.query_row(
        "SELECT EXISTS (SELECT 1 FROM planner_statistics WHERE database_id = ?1)",
        [database],
        |row| row.get(0),
    )?;
    if has {
        return Ok(());
    }
    let why = facts.query_row(
        "SELECT reason FROM missing_facts WHERE table_name = 'planner_statistics' LIMIT 1",
        [],
        |row| row.get::<_, Option<String>>(0),
    );
    let why = why.optional()?.flatten();
    let why = why.map_or_else(
        || "make the snapshot with --with-values, and ANALYZE tables that never were".to_owned(),
        |why| format!("they could not be read: {why}"),
    );
    bail!(
        "a shadow plans as the original only with the planner's statistics, which the facts lack; {why}"
    )
}
