//! `pgtriage completions`: completions for a shell.

use clap::{Args as ClapArgs, CommandFactory};
use clap_complete::Shell;

use super::command::Cli;
use super::exit::Exit;
use super::out::Out;
use crate::config::ColorChoice;

/// Print completions for a shell
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "For bash: pgtriage completions bash > ~/.local/share/bash-completion/completions/pgtriage"
)]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "pgtriage", &mut text);
    Out::new(None, ColorChoice::Never).write(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}
