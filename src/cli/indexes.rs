//! `pgtriage indexes`: indexes with their figures, and what a rebuild of them would give back.

use clap::Args as ClapArgs;

use super::args::General;
use super::exit::Exit;
use super::objects::{self, Choice};
use crate::report::indexes::INDEXES;

/// List the indexes with their figures, or what a rebuild of them would give back
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
--bloat reads some blocks of each table, 2.4 MB at most, and works out what REINDEX would give back
of its B-tree indexes. All are listed unless --limit is given.

  pgtriage indexes -d service=prod --sort scans --reverse
  pgtriage indexes -d service=prod --bloat --limit 10")]
pub struct Args {
    #[command(flatten)]
    choice: Choice,
}

impl Args {
    /// What all commands have.
    pub fn general(&self) -> &General {
        &self.choice.general
    }
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    objects::run(&args.choice, &INDEXES, true)
}
