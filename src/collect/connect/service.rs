//! Service files: named sets of parameters, `service=NAME`.
//!
//! Looked for in libpq's order: `PGSERVICEFILE`, else `~/.pg_service.conf`; then
//! `pg_service.conf` in `PGSYSCONFDIR` or the system's folder. The first file with the section
//! counts. Within a section the first of two equal names counts.

use std::path::{Path, PathBuf};

use super::environment::{Environment, exists, read};
use super::error::ConnectError;
use super::parameters::known;
use super::source::Source;
use super::values::Values;

/// Fills in what the named service sets and the connection string does not.
pub(super) fn fill(values: &mut Values, environment: &Environment) -> Result<(), ConnectError> {
    let name = match values.text("service")? {
        Some(name) => name.to_owned(),
        None => match environment.variable("PGSERVICE") {
            Some(name) => String::from_utf8_lossy(name).into_owned(),
            None => return Ok(()),
        },
    };
    let mut searched = Vec::new();
    for (path, required) in candidates(environment) {
        if exists(&path) || required {
            if section(values, &name, &path)? {
                return Ok(());
            }
            searched.push(path);
        }
    }
    Err(ConnectError::NoService { name, searched })
}

/// The files to look at, and whether each has to exist.
fn candidates(environment: &Environment) -> Vec<(PathBuf, bool)> {
    let own = match environment.path("PGSERVICEFILE") {
        Some(path) => Some((path, true)),
        None => environment
            .home_file(".pg_service.conf")
            .map(|path| (path, false)),
    };
    let system = environment.system_folders().into_iter();
    let system = system.map(|folder| (folder.join("pg_service.conf"), false));
    own.into_iter().chain(system).collect()
}

/// Fills in the named section of one file; false if the file does not have it.
fn section(values: &mut Values, name: &str, path: &Path) -> Result<bool, ConnectError> {
    let bytes = read(path).map_err(|error| ConnectError::File {
        what: "service file",
        path: path.to_owned(),
        problem: error.to_string(),
    })?;
    let origin = Source::Service {
        name: name.to_owned(),
        file: path.to_owned(),
    };
    let mut inside = false;
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        if let Some(header) = line.strip_prefix(b"[") {
            if inside {
                break;
            }
            let rest = header.strip_prefix(name.as_bytes());
            inside = rest.is_some_and(|rest| rest.starts_with(b"]"));
        } else if inside {
            let wrong = |problem: &str| ConnectError::File {
                what: "service file",
                path: path.to_owned(),
                problem: format!("line {}: {problem}", number + 1),
            };
            if line.starts_with(b"ldap") {
                return Err(wrong("looking a service up by LDAP is not supported"));
            }
            let Some(equals) = line.iter().position(|byte| *byte == b'=') else {
                return Err(wrong("expected name=value"));
            };
            let key = String::from_utf8_lossy(&line[..equals]);
            if key.ends_with(char::is_whitespace) {
                return Err(wrong("no space may stand before \"=\""));
            }
            if key == "service" {
                return Err(wrong("a service cannot name another service"));
            }
            values.fill(
                known(&key, &origin)?,
                line[equals + 1..].to_vec(),
                origin.clone(),
            );
        }
    }
    Ok(inside)
}
