//! Server programs for a shadow.

use std::path::Path;

use anyhow::bail;

use crate::cli::say::Say;
use crate::cluster::{self, ServerBinaries};

/// Server programs of a major version: from the folder that the user names, else from the places where servers
/// usually are, else fetched if that is allowed.
pub fn programs(
    major: u32,
    named: Option<&Path>,
    may_fetch: bool,
    say: Say,
) -> anyhow::Result<ServerBinaries> {
    if let Some(found) = of_major(major, named)? {
        return Ok(found);
    }
    if may_fetch {
        say.note(&format!("Fetching server programs of PostgreSQL {major} …"));
        cluster::fetch(&[major], |line| say.note(line))?;
        if let Some(found) = of_major(major, None)? {
            return Ok(found);
        }
    }
    bail!(
        "planning offline needs the server programs of PostgreSQL {major}, which this machine does not have; \
         install them, name their folder by --server-bin or PG_BIN, or let --fetch get them"
    )
}

fn of_major(major: u32, named: Option<&Path>) -> anyhow::Result<Option<ServerBinaries>> {
    let found = cluster::per_major(named)?;
    Ok(found.into_iter().find(|server| server.major == major))
}
