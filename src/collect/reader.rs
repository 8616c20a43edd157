//! One collector query: run, copied, and its failure told.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::Value;

use super::connect::{Parameter, ReadError, Server};
use super::copy::{Copier, Place};
use super::error::CollectError;
use super::ids::Ids;
use super::spec::Spec;

/// Lock waits are never worth it on a busy server: what is locked is left out.
const LOCK_TIMEOUT: Duration = Duration::from_millis(100);
/// Tries of a query that met a lock taken after it had looked for locks.
const LOCK_TRIES: usize = 3;

/// Reads from one database of one server into the facts.
pub struct Reader<'a> {
    /// Server and database.
    pub server: &'a Server,
    /// Limit for one query.
    pub timeout: Duration,
    /// Facts database.
    pub facts: &'a Connection,
    /// Ids given so far.
    pub ids: &'a mut Ids,
    /// What the rows belong to.
    pub place: Place,
}

impl Reader<'_> {
    /// Runs a query by name and copies its rows. What is refused or fails for itself becomes a
    /// missing fact; only a lost connection is an error.
    pub async fn fill(&mut self, spec: &Spec, sql: &str) -> Result<(), CollectError> {
        let started = Instant::now();
        for attempt in 1.. {
            self.facts.execute_batch("SAVEPOINT query")?;
            match self.copy(spec, sql).await {
                Ok(rows) => {
                    self.facts.execute_batch("RELEASE query")?;
                    self.note(spec.table, rows, started)?;
                    break;
                }
                Err(Failed::Collect(error)) => return Err(error),
                Err(Failed::Read(error)) => {
                    self.facts
                        .execute_batch("ROLLBACK TO query; RELEASE query")?;
                    if error.is_connection_lost() {
                        return Err(CollectError::Lost(error));
                    }
                    if error.is_lock_not_available() && attempt < LOCK_TRIES {
                        continue;
                    }
                    self.refused(spec, &error)?;
                    break;
                }
            }
        }
        Ok(())
    }

    async fn copy(&mut self, spec: &Spec, sql: &str) -> Result<usize, Failed> {
        let mut transaction = self.server.read(self.timeout, LOCK_TIMEOUT).await?;
        let mut rows = transaction.query(sql, &[]).await?;
        let mut copied = 0;
        let mut unknown = 0;
        if spec.updates {
            while let Some(row) = rows.next().await? {
                self.update(spec, &row).map_err(Failed::Collect)?;
                copied += 1;
            }
        } else if let Some(first) = rows.next().await? {
            let mut rows_in = Copier::new(
                self.facts,
                spec.table,
                first.columns(),
                &[],
                self.place,
                self.ids,
            )
            .map_err(Failed::Collect)?;
            rows_in.row(&first).map_err(Failed::Collect)?;
            while let Some(row) = rows.next().await? {
                rows_in.row(&row).map_err(Failed::Collect)?;
            }
            (copied, unknown) = (rows_in.copied, rows_in.unknown);
        }
        drop(rows);
        transaction.commit().await?;
        if unknown > 0 {
            self.missing(
                spec.table,
                None,
                Some(&format!("{unknown} rows")),
                "they belong to objects that were made while facts were read",
                Some("run again"),
            )
            .map_err(Failed::Collect)?;
        }
        Ok(copied)
    }

    /// Runs a query for the caller's own use.
    pub async fn rows(
        &self,
        sql: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<tokio_postgres::Row>, ReadError> {
        let mut transaction = self.server.read(self.timeout, LOCK_TIMEOUT).await?;
        let rows = transaction.query_all(sql, parameters).await?;
        transaction.commit().await?;
        Ok(rows)
    }

    /// The same, or none where it is refused or fails for itself.
    pub async fn try_rows(
        &self,
        sql: &str,
    ) -> Result<Option<Vec<tokio_postgres::Row>>, CollectError> {
        match self.rows(sql, &[]).await {
            Ok(rows) => Ok(Some(rows)),
            Err(error) if error.is_connection_lost() => Err(CollectError::Lost(error)),
            Err(_) => Ok(None),
        }
    }

    fn update(&self, spec: &Spec, row: &tokio_postgres::Row) -> Result<(), CollectError> {
        let mut values = vec![Value::Integer(self.place.node)];
        let mut assignments = Vec::new();
        for (index, column) in row.columns().iter().enumerate() {
            assignments.push(format!("\"{}\" = ?{}", column.name(), index + 2));
            values.push(super::value::value(row, index).map_err(CollectError::value(spec.table))?);
        }
        self.facts
            .execute(
                &format!(
                    "UPDATE {} SET {} WHERE id = ?1",
                    spec.table,
                    assignments.join(", ")
                ),
                rusqlite::params_from_iter(values),
            )
            .map_err(|error| CollectError::row(spec.table, &error))?;
        Ok(())
    }

    /// Books what was read and what it cost.
    pub fn note(&self, table: &str, rows: usize, started: Instant) -> Result<(), CollectError> {
        self.facts.execute(
            "INSERT INTO collections (table_name, node_id, database_id, sample_id, row_count, elapsed_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            rusqlite::params![
                table,
                self.place.node,
                self.place.database,
                self.place.sample,
                rows as i64,
                started.elapsed().as_secs_f64() * 1e3
            ],
        )?;
        Ok(())
    }

    /// Books a query that failed for itself.
    pub fn refused(&self, spec: &Spec, error: &ReadError) -> Result<(), CollectError> {
        let role = crate::facts::quote::ident(&self.server.info().user);
        let (reason, remedy) = if error.is_permission_denied() {
            let remedy = spec.remedy.map_or_else(
                || format!("GRANT pg_monitor TO {role};"),
                |remedy| remedy.replace("{role}", &role),
            );
            (error.to_string(), Some(remedy))
        } else if error.is_lock_not_available() {
            let reason = "another session holds a lock on one of its objects".to_owned();
            (reason, Some("run again when that lock is gone".to_owned()))
        } else if error.is_timeout() {
            (
                format!("no answer within {} s", self.timeout.as_secs()),
                Some("give more time with --statement-timeout".to_owned()),
            )
        } else {
            (error.to_string(), None)
        };
        self.missing(spec.table, None, None, &reason, remedy.as_deref())
    }

    /// Books a fact that could not be had.
    pub fn missing(
        &self,
        table: &str,
        column: Option<&str>,
        object: Option<&str>,
        reason: &str,
        remedy: Option<&str>,
    ) -> Result<(), CollectError> {
        self.facts.execute(
            "INSERT INTO missing_facts (node_id, database_id, table_name, column_name, object, reason, remedy)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            rusqlite::params![
                self.place.node,
                self.place.database,
                table,
                column,
                object,
                reason,
                remedy
            ],
        )?;
        Ok(())
    }
}

enum Failed {
    Read(ReadError),
    Collect(CollectError),
}

impl From<ReadError> for Failed {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}
