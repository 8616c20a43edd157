//! `pgtriage advise timeouts`: timeouts of roles.

use clap::{Args as ClapArgs, ValueEnum};

use super::looks::{self, Looks, load};
use super::params;
use crate::advise::timeouts;
use crate::cli::args::{General, Output};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::config::{Settings, Time};
use crate::report::Server;
use crate::report::timeouts::{Timeouts, json, sql, text};

/// Set timeouts of roles by the latency that is measured
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Latency comes from a log that holds all statements, else from pg_stat_statements, else from looks at
sessions (--for). Pauses within transactions and the length of transactions come from looks only.
Only what is to change is printed; JSON has the rest too.

  pgtriage advise timeouts -d service=prod --for 5min
  pgtriage advise timeouts --snapshot prod.facts --logs postgresql.log --format sql")]
pub struct Args {
    /// Look at sessions for so long too: for pauses within transactions
    #[arg(long = "for", value_name = "TIME", value_parser = looks::time, help_heading = "Server")]
    #[arg(conflicts_with = "snapshot")]
    time: Option<Time>,
    #[command(flatten)]
    looks: Looks,
    /// How to print the advice
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    pub general: General,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs; docs/json.md describes it
    Json,
    /// The statements, with what takes them back
    Sql,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let settings = Settings {
        source: args.looks.settings(),
        ..Settings::default()
    };
    let context = Context::new(&args.general, settings)?;
    let rules = context.rules()?;
    let (store, exit) = load(&context, args.time)?;
    timeouts::name_by_logs(store.connection())?;
    timeouts::write(store.connection(), &params::limits(&rules.plan))?;
    let timeouts = Timeouts::read(&store)?;
    let server = Server::read(&store)?.describe();
    let out = context.out(args.output.output.as_deref());
    out.write(&match args.format {
        Format::Text => text(&timeouts, &server, out.style, out.columns),
        Format::Json => json(&timeouts),
        Format::Sql => sql(&timeouts),
    })?;
    Ok(exit)
}
