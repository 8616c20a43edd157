//! The one writer of results: stdout or the file of `--output`.
#![allow(clippy::print_stdout, reason = "the home of stdout")]

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::exit::ReaderGone;
use crate::config::ColorChoice;
use crate::report::Style;

/// Width that is assumed where nothing tells it.
const COLUMNS: usize = 80;
/// Narrower than this nothing can be read.
const LEAST_COLUMNS: usize = 24;

/// Where results go.
#[derive(Debug, Clone)]
pub struct Out {
    file: Option<PathBuf>,
    /// Whether to colour.
    pub style: Style,
    /// Columns to fill.
    pub columns: usize,
    /// A person reads it as it comes.
    pub is_terminal: bool,
}

impl Out {
    /// Stdout, or a file, which is written only when the result is there.
    pub fn new(file: Option<&Path>, color: ColorChoice) -> Self {
        let is_terminal = file.is_none() && io::stdout().is_terminal();
        Self {
            file: file.map(Path::to_owned),
            style: Style {
                colour: colour(color, is_terminal),
            },
            columns: columns(is_terminal),
            is_terminal,
        }
    }

    /// Writes a result.
    pub fn write(&self, text: &str) -> anyhow::Result<()> {
        let Some(path) = &self.file else {
            let mut stdout = io::stdout().lock();
            let written = stdout
                .write_all(text.as_bytes())
                .and_then(|()| stdout.flush());
            return match written {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(ReaderGone.into()),
                other => other.context("cannot write to stdout"),
            };
        };
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

/// Whether to colour: flags, environment and file say so by `choice`, and what is left to us is
/// decided by `NO_COLOR` and the terminal.
pub fn colour(choice: ColorChoice, is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            is_terminal
                && set("NO_COLOR").is_none()
                && set("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

/// Columns of the terminal, else what `COLUMNS` says, else 80.
pub fn columns(is_terminal: bool) -> usize {
    let terminal = || Some(usize::from(crossterm::terminal::size().ok()?.0)).filter(|n| *n > 0);
    let variable = || {
        std::env::var("COLUMNS")
            .ok()?
            .parse()
            .ok()
            .filter(|n| *n > 0)
    };
    let terminal = if is_terminal { terminal() } else { None };
    let columns = terminal.or_else(variable).unwrap_or(COLUMNS);
    columns.max(LEAST_COLUMNS)
}
