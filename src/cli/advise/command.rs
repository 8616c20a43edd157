//! The grammar of `pgtriage advise`.

use clap::{Args as ClapArgs, Subcommand};

use super::{alerts, index, pool, settings, timeouts};
use crate::cli::args::Voice;
use crate::cli::exit::Exit;

/// Work out what to set: indexes, pool sizes, timeouts, settings of the server, alerting rules
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    command: AdviseCommand,
}

#[derive(Debug, Subcommand)]
#[command(subcommand_value_name = "ADVICE")]
enum AdviseCommand {
    Index(Box<index::Args>),
    Pool(Box<pool::Args>),
    Timeouts(Box<timeouts::Args>),
    Settings(Box<settings::Args>),
    Alerts(Box<alerts::Args>),
}

impl Args {
    /// How the program speaks.
    pub fn voice(&self) -> &Voice {
        match &self.command {
            AdviseCommand::Index(args) => &args.general.voice,
            AdviseCommand::Pool(args) => &args.general.voice,
            AdviseCommand::Timeouts(args) => &args.general.voice,
            AdviseCommand::Settings(args) => &args.general.voice,
            AdviseCommand::Alerts(args) => &args.general.voice,
        }
    }
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    match &args.command {
        AdviseCommand::Index(args) => index::run(args),
        AdviseCommand::Pool(args) => pool::run(args),
        AdviseCommand::Timeouts(args) => timeouts::run(args),
        AdviseCommand::Settings(args) => settings::run(args),
        AdviseCommand::Alerts(args) => alerts::run(args),
    }
}
