//! `pgtriage man`: manual pages.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args as ClapArgs, CommandFactory};
use clap_mangen::Man;

use super::command::Cli;
use super::exit::Exit;
use super::out::Out;
use crate::config::ColorChoice;

/// Print the manual page, or write those of all commands to a folder
#[derive(Debug, ClapArgs)]
#[command(after_help = "To read it: pgtriage man | man -l -")]
pub struct Args {
    /// Write pgtriage.1, pgtriage-check.1 and the rest to this folder
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let command = Cli::command();
    if let Some(folder) = &args.to {
        clap_mangen::generate_to(command, folder)
            .with_context(|| format!("cannot write manual pages to {}", folder.display()))?;
    } else {
        let mut text = Vec::new();
        Man::new(command)
            .render(&mut text)
            .context("cannot write the manual page")?;
        Out::new(None, ColorChoice::Never).write(&String::from_utf8_lossy(&text))?;
    }
    Ok(Exit::Done)
}
