//! Rows of `pg_stat_statements`, and of what says when they were reset.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;

use super::book::Book;
use super::catalog::{Owner, Spec};
use super::error::FilesError;
use super::load::{Loader, RowsFile};
use super::names;
use super::rows::{Row, Sample};
use super::value::{self, Column};
use super::{columns, people, resets};
use crate::collect::connect::MARK;
use crate::collect::statements::HIDDEN;

/// Columns of `pg_stat_statements` of all versions.
const SPEC: Spec = Spec {
    names: &["pg_stat_statements"],
    table: "statement_counters",
    owner: Owner::Server,
    aged: false,
    renames: &[
        ("total_time", "total_exec_ms"),
        ("min_time", "min_exec_ms"),
        ("max_time", "max_exec_ms"),
        ("mean_time", "mean_exec_ms"),
        ("stddev_time", "stddev_exec_ms"),
        ("shared_blk_read_time", "blk_read_ms"),
        ("shared_blk_write_time", "blk_write_ms"),
        ("minmax_stats_since", "minmax_since_at"),
    ],
    ignored: &[
        "userid",
        "dbid",
        "query",
        "captured_at",
        "datname",
        "rolname",
        "usename",
        "min_plan_time",
        "max_plan_time",
        "mean_plan_time",
        "stddev_plan_time",
        "jit_inlining_count",
        "jit_optimization_count",
        "jit_emission_count",
        "jit_deform_count",
        "generic_plan_calls",
        "custom_plan_calls",
    ],
};

/// Counters that are 0 while a setting is off, and then say nothing.
const SWITCHED: [(&str, &[&str]); 2] = [
    (
        "pg_stat_statements.track_planning",
        &["plans", "total_plan_ms"],
    ),
    (
        "track_io_timing",
        &[
            "blk_read_ms",
            "blk_write_ms",
            "local_blk_read_ms",
            "local_blk_write_ms",
            "temp_blk_read_ms",
            "temp_blk_write_ms",
        ],
    ),
];

/// Makes room for statements of files.
pub fn replace(loader: &mut Loader<'_>) -> Result<(), FilesError> {
    loader.replace("statement_counters", "DELETE FROM statement_counters")?;
    loader.replace("statements", "DELETE FROM statements")
}

/// Reads the files, each of them one sample or several.
pub fn apply(loader: &mut Loader<'_>, files: &[RowsFile]) -> Result<(), FilesError> {
    if files.is_empty() {
        return Ok(());
    }
    replace(loader)?;
    let mut samples: Vec<(&Path, &Sample)> = Vec::new();
    for file in files {
        samples.extend(
            file.samples
                .iter()
                .map(|sample| (file.path.as_path(), sample)),
        );
    }
    if samples
        .iter()
        .all(|(_, sample)| sample.captured_at.is_some())
    {
        samples.sort_by_key(|(_, sample)| sample.captured_at);
    }
    let all: Vec<&Row> = samples
        .iter()
        .flat_map(|(_, sample)| &sample.rows)
        .collect();
    claim(loader, &all)?;
    let moments: Vec<Sample> = samples
        .iter()
        .map(|(_, sample)| Sample {
            captured_at: sample.captured_at,
            rows: Vec::new(),
        })
        .collect();
    let ids = loader
        .series
        .ids(loader.facts, SPEC.table, None, &moments)?;
    let timeless = moments.iter().any(|sample| sample.captured_at.is_none());
    loader
        .given
        .entry(SPEC.table.to_owned())
        .or_default()
        .timeless = timeless;
    let mut writer = Writer {
        columns: columns::of(loader.facts, SPEC.table)?,
        texts: texts(&all),
        switched_off: switched_off(loader.facts)?,
        book: Book::default(),
        loader,
    };
    for ((path, sample), id) in samples.iter().zip(&ids) {
        for row in &sample.rows {
            writer.row(path, row, *id)?;
        }
        writer.loader.filled("statements", path, []);
        writer.loader.filled(SPEC.table, path, []);
    }
    resets::find(loader.facts, &ids)?;
    Ok(())
}

/// Rows that name a database by oid only belong to the one that the files speak of: where there
/// are several, the one with the most rows.
fn claim(loader: &mut Loader<'_>, rows: &[&Row]) -> Result<(), FilesError> {
    let mut counts: HashMap<i64, (usize, Option<String>)> = HashMap::new();
    for row in rows {
        if let Some(oid) = names::number(row, &["dbid"]) {
            let entry = counts.entry(oid).or_default();
            entry.0 += 1;
            entry.1 = entry.1.take().or_else(|| names::text(row, &["datname"]));
        }
    }
    let sql = "SELECT oid, name FROM databases WHERE id = ?1";
    let known: Option<(i64, String)> = loader
        .facts
        .query_row(sql, [loader.database], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((oid, name)) = known else {
        return Ok(());
    };
    let heard = counts.keys().any(|other| *other == oid);
    let named = counts
        .values()
        .any(|(_, other)| other.as_deref() == Some(name.as_str()));
    let most = counts
        .iter()
        .max_by_key(|(oid, (count, _))| (*count, **oid));
    let Some((most, (_, most_name))) = most.filter(|_| !heard && !named) else {
        return Ok(());
    };
    let elsewhere: bool = loader.facts.query_row(
        "SELECT EXISTS (SELECT 1 FROM databases WHERE oid = ?1 AND id <> ?2)",
        [*most, loader.database],
        |row| row.get(0),
    )?;
    if oid != 0 && !loader.alone || elsewhere {
        return Ok(());
    }
    loader.facts.execute(
        "UPDATE databases SET oid = ?1, name = coalesce(?2, name) WHERE id = ?3",
        rusqlite::params![most, most_name, loader.database],
    )?;
    if counts.len() > 1 {
        loader.notes.tell(format!(
            "the statements are of {} databases; the one with oid {most}, which has the most, is taken for {name}",
            counts.len()
        ));
    }
    Ok(())
}

/// The texts that any of the files has, by database and identifier.
fn texts(rows: &[&Row]) -> HashMap<(Option<i64>, i64), String> {
    let mut texts = HashMap::new();
    for row in rows {
        let text = names::text(row, &["query"]).filter(|text| is_text(text));
        if let (Some(queryid), Some(text)) = (names::number(row, &["queryid"]), text) {
            let dbid = names::number(row, &["dbid"]);
            texts.entry((None, queryid)).or_insert_with(|| text.clone());
            texts.entry((dbid, queryid)).or_insert(text);
        }
    }
    texts
}

fn is_text(text: &str) -> bool {
    text != "<insufficient privilege>" && !text.trim().is_empty()
}

/// Facts columns whose 0 is unknown, by the settings that are known.
fn switched_off(facts: &Connection) -> Result<Vec<&'static str>, FilesError> {
    let mut off = Vec::new();
    for (setting, columns) in SWITCHED {
        let sql = "SELECT value FROM server_settings WHERE name = ?1";
        let value: Option<Option<String>> = facts
            .query_row(sql, [setting], |row| row.get(0))
            .optional()?;
        if value.flatten().as_deref() != Some("on") {
            off.extend(columns);
        }
    }
    Ok(off)
}

struct Writer<'l, 'a> {
    loader: &'l mut Loader<'a>,
    columns: Vec<Column>,
    texts: HashMap<(Option<i64>, i64), String>,
    switched_off: Vec<&'static str>,
    book: Book,
}

impl Writer<'_, '_> {
    fn row(&mut self, path: &Path, row: &Row, sample: i64) -> Result<(), FilesError> {
        let bad =
            |reason: String| FilesError::content(path, format!("row {}: {reason}", row.number));
        if !row.values.contains_key("calls") {
            return Err(bad(
                "it has no column calls; it has to hold rows of pg_stat_statements".to_owned(),
            ));
        }
        let queryid = match row.values.get("queryid") {
            None | Some(Value::Null) => None,
            Some(given) => {
                Some(value::integer(given).map_err(|reason| bad(format!("queryid: {reason}")))?)
            }
        };
        let dbid = names::number(row, &["dbid"]);
        let database = names::text(row, &["datname"]);
        let own = names::text(row, &["query"]);
        let refused = own.as_deref() == Some("<insufficient privilege>");
        let own = own.filter(|text| is_text(text));
        let known = || {
            let queryid = queryid?;
            let same = self.texts.get(&(dbid, queryid));
            same.or_else(|| self.texts.get(&(None, queryid))).cloned()
        };
        let text = own.or_else(known);
        if text.as_deref().is_some_and(|text| text.contains(MARK)) {
            return Ok(());
        }
        let database = people::database(self.loader, dbid, database.as_deref())?;
        let database = database.unwrap_or(self.loader.database);
        let otherwise = match queryid {
            Some(queryid) if !refused => {
                if text.is_none() {
                    let text = "statements whose text is in none of the files, by their queryid";
                    self.loader.notes.item(text, queryid.to_string());
                }
                format!("queryid:{queryid}")
            }
            _ => HIDDEN.to_owned(),
        };
        let id = self
            .book
            .statement(self.loader, database, text.as_deref(), &otherwise)?;
        let role = names::text(row, &["rolname", "usename"]);
        let role = people::role(
            self.loader,
            names::number(row, &["userid"]),
            role.as_deref(),
        )?;
        let mut values = vec![
            ("sample_id".to_owned(), Sql::Integer(sample)),
            ("statement_id".to_owned(), Sql::Integer(id)),
            ("role_id".to_owned(), role.map_or(Sql::Null, Sql::Integer)),
        ];
        for (key, given) in &row.values {
            let key = key.to_ascii_lowercase();
            if SPEC.ignored.contains(&key.as_str()) {
                continue;
            }
            let Some(column) = columns::column(&self.columns, &SPEC, &key) else {
                let file = path.display();
                let text = format!(
                    "{file}: columns that pg_stat_statements is not known to have were left out"
                );
                self.loader.notes.item(text, key);
                continue;
            };
            if values.iter().any(|(name, _)| *name == column.name) {
                continue;
            }
            let mut converted =
                value::convert(given, column).map_err(|reason| bad(format!("{key}: {reason}")))?;
            let zero = converted == Sql::Integer(0) || converted == Sql::Real(0.0);
            if zero && self.switched_off.contains(&column.name.as_str()) {
                converted = Sql::Null;
            }
            values.push((column.name.clone(), converted));
        }
        self.insert(path, &values)
    }

    fn insert(&mut self, path: &Path, values: &[(String, Sql)]) -> Result<(), FilesError> {
        let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let sql = format!(
            "INSERT INTO statement_counters ({}) VALUES ({marks})",
            names.join(", ")
        );
        let all = rusqlite::params_from_iter(values.iter().map(|(_, value)| value));
        self.loader.facts.prepare_cached(&sql)?.execute(all)?;
        let names = names.into_iter().map(str::to_owned);
        self.loader.filled(SPEC.table, path, names);
        Ok(())
    }
}

/// Reads `pg_stat_statements_info`: when the counters were reset, and what was evicted since.
pub fn info(loader: &mut Loader<'_>, file: &RowsFile) -> Result<(), FilesError> {
    let row = file.samples.last().and_then(|sample| sample.rows.last());
    let (Some(row), Some((sample, at))) = (row, loader.series.last(SPEC.table)) else {
        loader.notes.tell(format!(
            "{}: it says when statements were reset, but there are no statements (--statements FILE)",
            file.path.display()
        ));
        return Ok(());
    };
    if at.is_none() {
        loader.notes.tell(format!(
            "{}: left out, since the statements do not say when they were read (captured_at)",
            file.path.display()
        ));
        return Ok(());
    }
    let reset = row.values.get("stats_reset").unwrap_or(&Value::Null);
    let reset = super::time::moment(reset)
        .map_err(|reason| FilesError::content(&file.path, format!("stats_reset: {reason}")))?;
    let evicted = names::number(row, &["dealloc"]);
    loader.facts.execute(
        "UPDATE samples SET statements_reset_at = ?1, statements_evicted = ?2 WHERE id = ?3",
        rusqlite::params![reset, evicted, sample],
    )?;
    loader.filled(
        "samples",
        &file.path,
        [
            "statements_reset_at".to_owned(),
            "statements_evicted".to_owned(),
        ],
    );
    Ok(())
}
