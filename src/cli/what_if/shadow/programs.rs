//! Server programs for a shadow: those that are there, or fetched where the user agrees.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;

use crate::cli::say::Say;
use crate::cluster::{self, ServerBinaries};

/// Which server programs a shadow runs on.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Shadow")]
pub struct Programs {
    /// Folder with the programs of the PostgreSQL server to use
    #[arg(long, value_name = "FOLDER")]
    pub server_bin: Option<PathBuf>,
    /// Fetch server programs if this machine has none of the right version
    #[arg(long, conflicts_with = "server_bin")]
    pub fetch: bool,
}

/// That there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// A fragment of a sentence.
    pub because: String,
    /// What would get them.
    pub remedy: Option<String>,
}

impl Programs {
    /// Those of a major version: from the folder that is named, else from the places where servers usually are, else
    /// fetched where `--fetch` allows it.
    pub fn get(&self, major: u32, say: Say) -> anyhow::Result<Result<ServerBinaries, Missing>> {
        if let Some(found) = self.there(major)? {
            return Ok(Ok(found));
        }
        if self.fetch {
            return fetched(major, say).map(Ok);
        }
        let offer = cluster::offer(major);
        let fetch = offer.map(|offer| format!(", or --fetch gets them: {offer}"));
        Ok(Err(Missing {
            because: format!(
                "planning offline needs the server programs of PostgreSQL {major}, which this machine does not have"
            ),
            remedy: Some(format!(
                "install them, or name their folder by --server-bin or PG_BIN{}",
                fetch.unwrap_or_default()
            )),
        }))
    }

    /// The same for whoever can do nothing without them. At a terminal it asks whether they may be fetched.
    pub fn need(&self, major: u32, say: Say) -> anyhow::Result<ServerBinaries> {
        let missing = match self.get(major, say)? {
            Ok(found) => return Ok(found),
            Err(missing) => missing,
        };
        if self.server_bin.is_none()
            && let Some(offer) = cluster::offer(major)
            && say.shows_progress()
            && std::io::stdin().is_terminal()
        {
            say.note(&format!("{}.", capital(&missing.because)));
            if agrees(&format!("Fetch {offer}? [y/N] "))? {
                return fetched(major, say);
            }
        }
        match missing.remedy {
            Some(remedy) => bail!("{}; {remedy}", missing.because),
            None => bail!("{}", missing.because),
        }
    }

    fn there(&self, major: u32) -> anyhow::Result<Option<ServerBinaries>> {
        let found = cluster::per_major(self.server_bin.as_deref())?;
        Ok(found.into_iter().find(|server| server.major == major))
    }
}

fn fetched(major: u32, say: Say) -> anyhow::Result<ServerBinaries> {
    cluster::fetch(&[major], |line| say.note(line))?;
    let found = cluster::per_major(None)?;
    let found = found.into_iter().find(|server| server.major == major);
    found.with_context(|| {
        format!("what was fetched does not run on this machine: it has no programs of PostgreSQL {major}")
    })
}

/// Asks on stderr; what is no yes is a no.
fn agrees(question: &str) -> anyhow::Result<bool> {
    let mut stderr = std::io::stderr();
    stderr
        .write_all(question.as_bytes())
        .and_then(|()| stderr.flush())
        .context("cannot ask")?;
    let mut answer = String::new();
    std::io::stdin()
        .read_line(&mut answer)
        .context("cannot read the answer")?;
    Ok(["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
