//! What is said on stderr.

use std::fmt::Arguments;
use std::io::{IsTerminal, Write};

use super::args::Voice;
use super::out;
use crate::collect::files::Note;
use crate::facts::escape;
use crate::report::{Mistakes, Role, Style};

/// Says things on stderr.
#[derive(Debug, Clone, Copy)]
pub struct Say {
    quiet: bool,
    verbose: bool,
    style: Style,
}

impl Say {
    /// As the options want it. The colours of stderr follow flag and environment only: it is used
    /// before the configuration file is read.
    pub fn new(voice: &Voice) -> Self {
        let colour = out::colour(
            voice.color.unwrap_or_default(),
            std::io::stderr().is_terminal(),
        );
        Self {
            quiet: voice.quiet,
            verbose: voice.verbose,
            style: Style { colour },
        }
    }

    /// Whether everything is to be told.
    pub fn is_verbose(self) -> bool {
        self.verbose
    }

    /// Whether progress may be shown.
    pub fn shows_progress(self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    /// Colours of stderr.
    pub fn style(self) -> Style {
        self.style
    }

    /// Columns of stderr.
    #[allow(clippy::unused_self, reason = "asked for like the style")]
    pub fn columns(self) -> usize {
        out::columns(std::io::stderr().is_terminal())
    }

    /// What went wrong.
    pub fn error(self, text: &str) {
        let name = self.style.paint(Role::Error, "pgtriage:");
        stderr(format_args!("{name} {}\n", escape::lines(text)));
    }

    /// What should be known, unless `--quiet`.
    pub fn warn(self, text: &str) {
        if !self.quiet {
            let name = self.style.paint(Role::Warning, "pgtriage:");
            stderr(format_args!("{name} {}\n", escape::lines(text)));
        }
    }

    /// What was not understood, or had to be assumed, as a warning.
    pub fn note_of(self, note: &Note) {
        self.warn(&told(note, self.verbose));
    }

    /// What was done, unless `--quiet`.
    pub fn note(self, text: &str) {
        if !self.quiet {
            stderr(format_args!("{}\n", escape::lines(text)));
        }
    }

    /// A finished text for `--verbose`.
    pub fn detail(self, text: &str) {
        if self.verbose {
            stderr(format_args!("{text}\n"));
        }
    }

    /// Mistakes in texts, each with its line.
    pub fn mistakes(self, mistakes: &Mistakes) {
        stderr(format_args!(
            "{}",
            mistakes.render(self.style, self.columns())
        ));
        let mut paths: Vec<&str> = mistakes
            .errors
            .iter()
            .map(|error| error.path.as_str())
            .collect();
        paths.sort_unstable();
        paths.dedup();
        let count = match mistakes.errors.len() {
            1 => "1 mistake".to_owned(),
            count => format!("{count} mistakes"),
        };
        self.error(&format!("{count} in {}", paths.join(", ")));
    }
}

/// A note with the first of its items, or all of them.
fn told(note: &Note, all: bool) -> String {
    const FIRST: usize = 3;
    if note.items.is_empty() {
        return note.text.clone();
    }
    let shown = if all {
        note.items.len()
    } else {
        note.items.len().min(FIRST)
    };
    let mut text = format!("{} ({}):", note.text, note.items.len());
    for item in &note.items[..shown] {
        text += &format!("\n  {item}");
    }
    if shown < note.items.len() {
        text += &format!("\n  … and {} more; -v tells all", note.items.len() - shown);
    }
    text
}

/// Whoever listened there may have gone; that is no error, and nothing is left to tell it to.
fn stderr(text: Arguments<'_>) {
    let _ = std::io::stderr().write_fmt(text);
}
