//! `pgtriage tables`: tables with their figures, and what a rewrite of them would give back.

use clap::Args as ClapArgs;

use super::args::General;
use super::exit::Exit;
use super::objects::{self, Choice};
use crate::report::tables::TABLES;

/// List the tables with their figures, or what a rewrite of them would give back
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
--bloat reads some blocks of each table, 2.4 MB at most, and works out what VACUUM FULL would give
back: of tables and, under their names, of their TOAST tables. All are listed unless --limit is given.

  pgtriage tables -d service=prod --sort dead --limit 10
  pgtriage tables -d service=prod --bloat --format json")]
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
    objects::run(&args.choice, &TABLES, false)
}
