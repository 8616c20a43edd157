//! The server and the database that files speak of, where nothing else says.

use std::path::Path;

use super::error::FilesError;
use super::load::{Files, Loader};
use crate::facts::FORMAT;
use crate::parse;

/// What a dump says of its server.
#[derive(Debug, Default)]
pub struct Told {
    /// Name of the database, where the dump connects to it.
    pub database: Option<String>,
    /// Version, as the server writes it.
    pub version: Option<String>,
}

impl Told {
    /// Reads the head of a dump.
    pub fn by_dump(script: &str) -> Self {
        let mut told = Self::default();
        // What stands behind is the business of the statements there.
        for line in script.lines().take(2000) {
            if let Some(rest) = line.strip_prefix("-- Dumped from database version ") {
                told.version.get_or_insert(rest.trim().to_owned());
            } else if let Some(rest) = line.strip_prefix("\\connect ") {
                let name = rest.split_whitespace().next().unwrap_or_default();
                let name = name.trim_matches('"');
                if !name.is_empty() && !name.starts_with('-') {
                    told.database.get_or_insert(name.to_owned());
                }
            }
        }
        told
    }

    /// The version as `server_version_num` has it.
    pub fn version_num(&self) -> Option<i64> {
        version_num(self.version.as_deref()?)
    }
}

/// `15.20 (Debian …)` is 150020; of a version in development the minor is 0.
fn version_num(version: &str) -> Option<i64> {
    let number = version.split_whitespace().next()?;
    let digits = |text: &str| {
        let end = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        text[..end].parse::<i64>().ok()
    };
    let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
    let major = digits(major).filter(|major| (10..1000).contains(major))?;
    let minor = digits(minor).filter(|minor| *minor < 10_000)?;
    Some(major * 10_000 + minor)
}

/// Makes the rows that everything else refers to, or finds them.
pub fn make(
    loader: &mut Loader<'_>,
    files: &Files,
    told: &Told,
    now: i64,
) -> Result<(), FilesError> {
    let facts = loader.facts;
    if !loader.alone {
        let sql = "SELECT id, name FROM databases WHERE is_collected ORDER BY id";
        let known: Vec<(i64, String)> = facts
            .prepare(sql)?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let named = known
            .iter()
            .find(|(_, name)| told.database.as_ref() == Some(name));
        if let Some((id, name)) = named.or(known.first()) {
            loader.database = *id;
            if known.len() > 1 {
                loader
                    .notes
                    .tell(format!("the files are taken for database {name}"));
            }
        }
        if loader.literals {
            facts.execute("UPDATE snapshot SET literals_kept = 1", [])?;
        }
        return Ok(());
    }
    facts.execute(
        "INSERT INTO snapshot (format, tool_version, fingerprint_version, created_at, literals_kept)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        rusqlite::params![
            FORMAT,
            env!("CARGO_PKG_VERSION"),
            parse::FINGERPRINT_VERSION,
            now,
            loader.literals
        ],
    )?;
    facts.execute("INSERT INTO nodes (id, label) VALUES (1, 'primary')", [])?;
    if let Some(number) = told.version_num() {
        facts.execute(
            "UPDATE nodes SET version_num = ?1, version = ?2",
            rusqlite::params![number, told.version],
        )?;
    }
    if files.is_empty() {
        // Whatever else stands on this ground brings its databases.
        return Ok(());
    }
    let name = told
        .database
        .clone()
        .or_else(|| files.paths().find_map(stem));
    facts.execute(
        "INSERT INTO databases (id, oid, name, is_collected) VALUES (1, 0, ?1, 1)",
        [name.unwrap_or_else(|| "files".to_owned())],
    )?;
    Ok(())
}

/// The name of a file up to its first dot.
fn stem(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let stem = name
        .split('.')
        .next()
        .filter(|stem| !stem.is_empty() && *stem != "-")?;
    Some(stem.to_owned())
}

/// Takes what settings say of the server.
pub fn by_settings(loader: &mut Loader<'_>) -> Result<(), FilesError> {
    if !loader.alone || !loader.given.contains_key("settings") {
        return Ok(());
    }
    loader.facts.execute_batch(
        "UPDATE nodes SET
           version_num = coalesce(
             (SELECT CAST(value AS INTEGER) FROM settings
              WHERE name = 'server_version_num' AND value GLOB '[1-9][0-9][0-9][0-9][0-9]*'), version_num),
           version = coalesce((SELECT value FROM settings WHERE name = 'server_version'), version),
           data_checksums = (SELECT value = 'on' FROM settings WHERE name = 'data_checksums'),
           role = CASE (SELECT value FROM settings WHERE name = 'in_hot_standby')
                    WHEN 'on' THEN 'standby' ELSE 'primary' END,
           provider = (SELECT CASE
               WHEN max(name LIKE 'alloydb.%') THEN 'alloydb'
               WHEN max(name LIKE 'aurora%' OR name LIKE 'apg!_%' ESCAPE '!') THEN 'aurora'
               WHEN max(name LIKE 'rds.%') THEN 'rds'
               WHEN max(name LIKE 'cloudsql.%') THEN 'cloudsql'
               WHEN max(name LIKE 'azure.%') THEN 'azure'
               WHEN max(name LIKE 'neon.%') THEN 'neon'
               WHEN max(name LIKE 'supautils.%') THEN 'supabase' END FROM settings)",
    )?;
    Ok(())
}
