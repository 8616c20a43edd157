//! The grammar of `pgtriage advise`.

use clap::{Args as ClapArgs, Subcommand};

use super::{pool, timeouts};
use crate::cli::args::Voice;
use crate::cli::exit::Exit;

/// Work out what to set: pool sizes, timeouts
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    command: AdviseCommand,
}

#[derive(Debug, Subcommand)]
#[command(subcommand_value_name = "ADVICE")]
enum AdviseCommand {
    Pool(Box<pool::Args>),
    Timeouts(Box<timeouts::Args>),
}

impl Args {
    /// How the program speaks.
    pub fn voice(&self) -> &Voice {
        match &self.command {
            AdviseCommand::Pool(args) => &args.general.voice,
            AdviseCommand::Timeouts(args) => &args.general.voice,
        }
    }
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    match &args.command {
        AdviseCommand::Pool(args) => pool::run(args),
        AdviseCommand::Timeouts(args) => timeouts::run(args),
    }
}
