//! Finds the servers of this machine.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::binaries::{Place, ServerBinaries};
use super::error::ClusterError;
use super::{folders, os};

/// The majors that pgtriage is made for and tested with.
pub const SUPPORTED_MAJORS: RangeInclusive<u32> = 13..=18;

/// Folders of distributions and installers. A `*` stands for the rest of one component's name.
const SYSTEM: [&str; 7] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/usr/local/pgsql/bin",
];

/// All servers of this machine in the order of preference: the folder named by hand (`named`, else
/// `PG_BIN`), `pg_config --bindir`, the `PATH`, the folders of distributions and installers, the
/// cache of fetched servers; within the last two the highest version first.
///
/// A folder named by hand that holds no server is an error; anywhere else such folders are passed
/// over.
pub fn servers(named: Option<&Path>) -> Result<Vec<ServerBinaries>, ClusterError> {
    let named = named.map(Path::to_owned).or_else(|| {
        let named = env::var_os("PG_BIN").filter(|value| !value.is_empty());
        named.map(PathBuf::from)
    });
    let mut found = Vec::new();
    if let Some(bin) = named {
        found.push(ServerBinaries::read(&bin, Place::Named)?);
    }
    add(&mut found, Place::PgConfig, pg_config_bindir());
    let path = env::var_os("PATH").unwrap_or_default();
    add(&mut found, Place::Path, env::split_paths(&path));
    add(
        &mut found,
        Place::System,
        SYSTEM.into_iter().flat_map(expand),
    );
    let fetched = folders::all_fetched_servers();
    let fetched =
        (fetched.iter()).flat_map(|dir| expand(&format!("{}/pg*/native/bin", dir.display())));
    add(&mut found, Place::Fetched, fetched);
    Ok(found)
}

/// The server to make a demonstration or a shadow cluster with: the first in the order of
/// [`servers`] that is of a supported major and ships `pg_stat_statements`.
///
/// A server named by hand is taken or refused, never replaced by another.
pub fn best(named: Option<&Path>) -> Result<ServerBinaries, ClusterError> {
    let mut looked = Vec::new();
    for server in servers(named)? {
        let because = if !SUPPORTED_MAJORS.contains(&server.major) {
            format!("major {} is not supported", server.major)
        } else if !server.has_extension("pg_stat_statements") {
            "it does not ship pg_stat_statements".to_owned()
        } else {
            return Ok(server);
        };
        if server.place == Place::Named {
            let bin = server.bin;
            return Err(ClusterError::NotAServer { bin, because });
        }
        looked.push(format!("  {server}: {because}"));
    }
    if looked.is_empty() {
        looked
            .push("  looked at: pg_config, PATH, distribution folders, fetched servers".to_owned());
    }
    let looked = looked.join("\n");
    Err(ClusterError::NoServer { looked })
}

/// One server for each major there is, by major: the first of it in the order of [`servers`].
pub fn per_major(named: Option<&Path>) -> Result<Vec<ServerBinaries>, ClusterError> {
    let mut majors = BTreeMap::new();
    for server in servers(named)? {
        majors.entry(server.major).or_insert(server);
    }
    Ok(majors.into_values().collect())
}

/// Adds the servers of `bins` that are not known yet, the highest version first where the place
/// has no order of its own.
fn add(found: &mut Vec<ServerBinaries>, place: Place, bins: impl IntoIterator<Item = PathBuf>) {
    let mut new: Vec<ServerBinaries> = Vec::new();
    for bin in bins {
        // Most folders of a PATH hold no server: nothing to report.
        let Ok(server) = ServerBinaries::read(&bin, place) else {
            continue;
        };
        if found
            .iter()
            .chain(&new)
            .all(|known| known.bin != server.bin)
        {
            new.push(server);
        }
    }
    if place >= Place::System {
        new.sort_by_key(|server| std::cmp::Reverse((server.major, server.minor)));
    }
    found.append(&mut new);
}

/// What `pg_config` tells, if there is one.
fn pg_config_bindir() -> Option<PathBuf> {
    let output = os::command(Path::new("pg_config"))
        .arg("--bindir")
        .output()
        .ok()?;
    let bindir = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(bindir.trim_end()))
        .filter(|bin| output.status.success() && bin.is_absolute())
}

/// The existing folders that a pattern with at most one `*` names.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(prefix))
        .map(|name| PathBuf::from(format!("{parent}/{name}{after}")))
        .filter(|folder| folder.is_dir())
        .collect()
}
