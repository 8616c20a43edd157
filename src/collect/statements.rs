//! `pg_stat_statements`: texts become statements, counters belong to samples.

use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

use rusqlite::Connection;
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::connect::{MARK, ReadError};
use super::copy::Copier;
use super::error::CollectError;
use super::queries::STATEMENTS;
use super::reader::Reader;
use super::spec::Conditions;
use crate::facts::quote;
use crate::parse;

/// Fingerprint under which texts are gathered that our role may not see.
pub(super) const HIDDEN: &str = "hidden";

/// One statement may have several texts, which differ in their literals.
const FURTHER_TEXT: &str = "
UPDATE statements SET longest_list = max(longest_list, ?2),
  largest_offset = coalesce(max(largest_offset, ?3), largest_offset, ?3),
  has_leading_wildcard = max(coalesce(has_leading_wildcard, 0), ?4)
WHERE id = ?1";

/// Keeps what the literals of a further text of a statement say.
pub(super) fn further_text(
    facts: &Connection,
    id: i64,
    text: Option<&str>,
) -> rusqlite::Result<()> {
    let Some(seen) = text.map(parse::literals) else {
        return Ok(());
    };
    facts
        .prepare_cached(FURTHER_TEXT)?
        .execute(rusqlite::params![
            id,
            seen.longest_list.map(|count| count as i64),
            seen.largest_offset
                .and_then(|rows| i64::try_from(rows).ok()),
            seen.has_leading_wildcard,
        ])
        .map(drop)
}

/// Keeps a statement under a fingerprint that is new, and gives our id of it. Literals stay only
/// where they were asked for.
pub(super) fn new_statement(
    facts: &Connection,
    database: i64,
    fingerprint: &str,
    text: Option<&str>,
    literals: bool,
) -> rusqlite::Result<i64> {
    let kept = text.map(|text| {
        if literals {
            text.to_owned()
        } else {
            parse::redact_statement(text)
        }
    });
    let longest = text.and_then(parse::longest_list).map(|count| count as i64);
    facts
        .prepare_cached(
            "INSERT INTO statements (database_id, fingerprint, text, longest_list) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(rusqlite::params![database, fingerprint, kept, longest])?;
    let id = facts.last_insert_rowid();
    further_text(facts, id, text)?;
    Ok(id)
}

/// Where the extension is: schema and columns of its view.
const FIND: &str = "
SELECT n.nspname::text, x.extversion::text, array_agg(a.attname::text),
       EXISTS (SELECT FROM pg_class i WHERE i.relnamespace = n.oid AND i.relname = 'pg_stat_statements_info')
FROM pg_extension x
JOIN pg_namespace n ON n.oid = x.extnamespace
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'pg_stat_statements'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE x.extname = 'pg_stat_statements'
GROUP BY n.nspname, n.oid, x.extversion";

/// Whether the library is loaded, and what the setting says where it may be seen.
const LIBRARY: &str = "
SELECT EXISTS (SELECT FROM pg_settings WHERE name = 'pg_stat_statements.max'),
       (SELECT setting FROM pg_settings WHERE name = 'shared_preload_libraries'),
       EXISTS (SELECT FROM pg_available_extensions() WHERE name = 'pg_stat_statements')";

/// Statements known by the identifier that `pg_stat_statements` gives them in a database.
#[derive(Debug, Default)]
pub struct Known {
    by_queryid: HashMap<(u32, i64), Option<i64>>,
    by_fingerprint: HashMap<(i64, String), i64>,
    extension: Option<Extension>,
}

#[derive(Debug, Clone)]
struct Extension {
    schema: String,
    columns: BTreeSet<String>,
    has_info: bool,
}

impl Known {
    /// Reads the counters of the databases in `oids` (oid to our id) into the current sample. Texts
    /// are read where a statement is not known yet. Gives false where this database lacks the
    /// extension, so that another may be asked.
    pub async fn read(
        &mut self,
        reader: &mut Reader<'_>,
        conditions: &Conditions,
        oids: &HashMap<u32, i64>,
    ) -> Result<bool, CollectError> {
        let started = Instant::now();
        if self.extension.is_none() {
            self.extension = find(reader).await?;
        }
        let Some(extension) = self.extension.clone() else {
            return Ok(false);
        };
        let conditions = Conditions {
            columns: extension.columns.clone(),
            ..conditions.clone()
        };
        let sql = STATEMENTS
            .sql(&conditions)
            .replace("{schema}", &quote::ident(&extension.schema));
        let wanted: Vec<u32> = oids.keys().copied().collect();
        let mut rows = Vec::new();
        // Texts cost the server a read of its text file: not with each sample.
        for texts in [self.by_queryid.is_empty(), true] {
            let sql = sql.replace("{texts}", if texts { "true" } else { "false" });
            rows = match reader.rows(&sql, &[(&wanted, Type::OID_ARRAY)]).await {
                Ok(rows) => rows,
                Err(error) => return failed(reader, error).map(|()| true),
            };
            if texts || rows.iter().all(|row| self.knows(row)) {
                break;
            }
        }
        let copied = self.copy(reader, &rows, oids)?;
        if extension.has_info {
            info(reader, &extension.schema).await?;
        }
        reader.note("statement_counters", copied, started)?;
        reader.note("statements", copied, started)?;
        Ok(true)
    }

    fn knows(&self, row: &Row) -> bool {
        let (Ok(database), Ok(Some(queryid))) = (
            row.try_get::<_, u32>("_dbid"),
            row.try_get::<_, Option<i64>>("queryid"),
        ) else {
            return true;
        };
        self.by_queryid.contains_key(&(database, queryid))
    }

    fn copy(
        &mut self,
        reader: &mut Reader<'_>,
        rows: &[Row],
        oids: &HashMap<u32, i64>,
    ) -> Result<usize, CollectError> {
        let Some(first) = rows.first() else {
            return Ok(0);
        };
        let facts = reader.facts;
        let mut copier = Copier::new(
            facts,
            "statement_counters",
            first.columns(),
            &["statement_id"],
            reader.place,
            reader.ids,
        )?;
        for row in rows {
            let value = CollectError::value("statement_counters");
            let oid: u32 = row.try_get("_dbid").map_err(&value)?;
            let database = oids[&oid];
            let queryid: Option<i64> = row.try_get("queryid").map_err(&value)?;
            let known = queryid.and_then(|id| self.by_queryid.get(&(oid, id)).copied());
            let statement = if let Some(known) = known {
                known
            } else {
                let text: Option<&str> = row.try_get("_query").map_err(&value)?;
                let text = text.filter(|text| *text != "<insufficient privilege>");
                let statement = self.statement(facts, database, text, reader.place.literals)?;
                if let Some(queryid) = queryid {
                    self.by_queryid.insert((oid, queryid), statement);
                }
                statement
            };
            if let Some(statement) = statement {
                copier.row_with(row, &[statement])?;
            }
        }
        Ok(copier.copied)
    }

    /// Our id of a statement; none for our own.
    fn statement(
        &mut self,
        facts: &Connection,
        database: i64,
        text: Option<&str>,
        literals: bool,
    ) -> Result<Option<i64>, CollectError> {
        if text.is_some_and(|text| text.contains(MARK)) {
            return Ok(None);
        }
        let fingerprint = text.map_or_else(
            || HIDDEN.to_owned(),
            |text| parse::fingerprint(text).to_string(),
        );
        let key = (database, fingerprint);
        if let Some(id) = self.by_fingerprint.get(&key) {
            further_text(facts, *id, text)?;
            return Ok(Some(*id));
        }
        let id = new_statement(facts, database, &key.1, text, literals)?;
        self.by_fingerprint.insert(key, id);
        Ok(Some(id))
    }
}

/// What a failed reading means. Books the fact as missing where the server is still there.
fn failed(reader: &Reader<'_>, error: ReadError) -> Result<(), CollectError> {
    if error.is_connection_lost() {
        return Err(CollectError::Lost(error));
    }
    // 55000: the library is not loaded, though the extension was created.
    if error.code() == Some("55000") {
        for table in ["statements", "statement_counters"] {
            reader.missing(
                table,
                None,
                None,
                "the library pg_stat_statements is not loaded",
                Some("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'; -- then restart the server"),
            )?;
        }
        return Ok(());
    }
    reader.refused(&STATEMENTS, &error)
}

async fn find(reader: &Reader<'_>) -> Result<Option<Extension>, CollectError> {
    let rows = match reader.rows(FIND, &[]).await {
        Ok(rows) => rows,
        Err(error) if error.is_connection_lost() => return Err(CollectError::Lost(error)),
        Err(_) => return Ok(None),
    };
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let value = CollectError::value("statements");
    let columns: Vec<String> = row.try_get(2).map_err(&value)?;
    Ok(Some(Extension {
        schema: row.try_get(0).map_err(&value)?,
        columns: columns.into_iter().collect(),
        has_info: row.try_get(3).map_err(&value)?,
    }))
}

/// When the counters were reset and how often entries were evicted (1.9+).
async fn info(reader: &Reader<'_>, schema: &str) -> Result<(), CollectError> {
    let sql = format!(
        "SELECT (extract(epoch FROM stats_reset) * 1000000)::bigint, dealloc FROM {}.pg_stat_statements_info",
        quote::ident(schema)
    );
    let rows = match reader.rows(&sql, &[]).await {
        Ok(rows) => rows,
        Err(error) if error.is_connection_lost() => return Err(CollectError::Lost(error)),
        Err(error) => {
            let reason = error.to_string();
            return reader.missing("samples", Some("statements_reset_at"), None, &reason, None);
        }
    };
    if let Some(row) = rows.first() {
        let value = CollectError::value("samples");
        let reset: Option<i64> = row.try_get(0).map_err(&value)?;
        let evicted: Option<i64> = row.try_get(1).map_err(&value)?;
        reader.facts.execute(
            "UPDATE samples SET statements_reset_at = ?1, statements_evicted = ?2 WHERE id = ?3",
            rusqlite::params![reset, evicted, reader.place.sample],
        )?;
    }
    Ok(())
}

/// Books that no database that was looked at has the extension, and what would give it.
pub async fn book_absence(reader: &Reader<'_>) -> Result<(), CollectError> {
    let rows = match reader.rows(LIBRARY, &[]).await {
        Ok(rows) => rows,
        Err(error) if error.is_connection_lost() => return Err(CollectError::Lost(error)),
        Err(_) => Vec::new(),
    };
    let value = CollectError::value("statements");
    let (loaded, setting, available) = match rows.first() {
        Some(row) => (
            row.try_get::<_, bool>(0).map_err(&value)?,
            row.try_get::<_, Option<String>>(1).map_err(&value)?,
            row.try_get::<_, bool>(2).map_err(&value)?,
        ),
        None => (false, None, true),
    };
    let database = reader.server.database_name();
    let (reason, remedy) = if !available {
        (
            "the server has no files of the extension pg_stat_statements".to_owned(),
            "install the contrib package of this PostgreSQL version".to_owned(),
        )
    } else if loaded {
        (
            format!("the extension pg_stat_statements is not created in database {database}"),
            "CREATE EXTENSION pg_stat_statements;".to_owned(),
        )
    } else {
        let libraries = match setting.as_deref() {
            None | Some("") => "pg_stat_statements".to_owned(),
            Some(others) => format!("{others}, pg_stat_statements"),
        };
        // Each library is an element of a list; quoting the whole would make one name of it.
        let list: Vec<String> = libraries
            .split(',')
            .map(|library| quote::literal(library.trim().trim_matches('"')))
            .collect();
        let hint = if setting.is_none() {
            " (keep what is set there now: our role may not see it)"
        } else {
            ""
        };
        (
            "pg_stat_statements is not loaded".to_owned(),
            format!(
                "ALTER SYSTEM SET shared_preload_libraries = {}; -- then restart the server{hint}, and: CREATE EXTENSION pg_stat_statements;",
                list.join(", ")
            ),
        )
    };
    for table in ["statements", "statement_counters"] {
        reader.missing(table, None, None, &reason, Some(&remedy))?;
    }
    Ok(())
}
