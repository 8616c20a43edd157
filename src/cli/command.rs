//! The grammar of the command line.

use clap::{Parser, Subcommand};

use super::args::Voice;
use super::say::Say;
use super::{
    advise, check, completions, demo, explain, indexes, lint, logs, man, plan, queries, report,
    rules, snapshot, sql, tables, ui,
};

/// Finds what is wrong with a PostgreSQL database, proves it, and writes the fix
///
/// Without a command the terminal UI opens.
#[derive(Debug, Parser)]
#[command(
    name = "pgtriage",
    version,
    args_conflicts_with_subcommands = true,
    max_term_width = 100
)]
#[command(after_help = "\
Settings come from pgtriage.toml (see docs/configuration.md), PGTRIAGE_* variables and options; the
later ones win. PG* variables, ~/.pgpass and service files hold as for psql.")]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub ui: ui::Args,
}

#[derive(Debug, Subcommand)]
#[command(subcommand_value_name = "COMMAND")]
pub enum Command {
    Demo(demo::Args),
    Check(Box<check::Args>),
    Lint(Box<lint::Args>),
    Queries(Box<queries::Args>),
    Tables(Box<tables::Args>),
    Indexes(Box<indexes::Args>),
    Logs(Box<logs::Args>),
    Advise(Box<advise::Args>),
    Plan(Box<plan::Args>),
    Report(Box<report::Args>),
    Snapshot(Box<snapshot::Args>),
    Sql(Box<sql::Args>),
    Rules(Box<rules::Args>),
    Explain(explain::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Cli {
    /// Stderr, as the options want it.
    pub fn say(&self) -> Say {
        let plain = Voice::default();
        Say::new(match &self.command {
            None => &self.ui.general.voice,
            Some(Command::Demo(args)) => &args.voice,
            Some(Command::Check(args)) => &args.general.voice,
            Some(Command::Lint(args)) => &args.general.voice,
            Some(Command::Queries(args)) => args.voice(),
            Some(Command::Tables(args)) => &args.general().voice,
            Some(Command::Indexes(args)) => &args.general().voice,
            Some(Command::Logs(args)) => &args.general.voice,
            Some(Command::Advise(args)) => args.voice(),
            Some(Command::Plan(args)) => &args.general.voice,
            Some(Command::Report(args)) => &args.general.voice,
            Some(Command::Snapshot(args)) => &args.general.voice,
            Some(Command::Sql(args)) => &args.general.voice,
            Some(Command::Rules(args)) => args.voice(),
            Some(Command::Explain(args)) => &args.general.voice,
            Some(Command::Completions(_) | Command::Man(_)) => &plain,
        })
    }
}
