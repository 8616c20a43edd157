//! Opening, saving and comparing facts databases.
#![allow(
    clippy::disallowed_methods,
    reason = "the store is the home of snapshot files"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit as SqliteLimit;
use rusqlite::{Connection, InterruptHandle, OpenFlags};

use super::{FactsError, escape, memory};

/// Number of the snapshot format that this program writes. Raise it when a reader of the old
/// number would misread a new file; new columns and tables alone need no new number.
pub const FORMAT: i64 = 1;

/// `PRAGMA application_id` of snapshot files: "pgtr".
pub(super) const APPLICATION_ID: i64 = 0x7067_7472;

pub(super) const SCHEMA: &str = include_str!("schema.sql");
pub(super) const VIEWS: &str = include_str!("views.sql");

/// A facts database in memory, empty or filled from a snapshot file.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
}

/// What a guarded query may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Steps of `SQLite`'s virtual machine; 100 million are some seconds.
    pub steps: u64,
}

impl Limit {
    /// For a rule page or a question of the user: minutes of work are a mistake in the query.
    pub const QUERY: Limit = Limit {
        steps: 2_000_000_000,
    };
}

impl Store {
    /// An empty facts database in memory.
    ///
    /// # Errors
    /// Only when `SQLite` cannot allocate.
    pub fn in_memory() -> Result<Self, FactsError> {
        let connection = memory::empty()?;
        Ok(Self { connection })
    }

    /// Reads a snapshot file into memory. The file is only read, as data: tables are copied by
    /// name and by the columns that both know, so an older file reads as one with unknown columns,
    /// and views or triggers that a stranger put into the file are never run.
    pub fn open(path: &Path) -> Result<Self, FactsError> {
        Self::open_tables(path, |_| true)
    }

    /// A copy of its own, for another thread.
    pub fn copy(&self) -> Result<Self, FactsError> {
        let connection = memory::copy(&self.connection)?;
        Ok(Self { connection })
    }

    /// The same of some tables only.
    pub fn open_tables(path: &Path, wanted: impl Fn(&str) -> bool) -> Result<Self, FactsError> {
        let store = Self::in_memory()?;
        store.attach(path, "source")?;
        let copied = store.copy_tables("source", wanted);
        store.connection.execute_batch("DETACH source")?;
        copied.map_err(|error| damaged(path, &error))?;
        Ok(store)
    }

    /// Attaches another snapshot as the schema `prev`, for comparison. It is a copy in memory, so
    /// `prev.relations` and the rest have every column that this program knows.
    pub fn attach_prev(&mut self, path: &Path) -> Result<(), FactsError> {
        let mut previous = Self::open(path)?;
        let image = previous.connection.serialize("main")?;
        self.connection.execute_batch("ATTACH ':memory:' AS prev")?;
        self.connection
            .deserialize_read_exact("prev", &*image, image.len(), true)?;
        Ok(())
    }

    /// Writes the database to `path` at once or not at all: into a file of its own beside it,
    /// readable by the owner only, renamed when it is complete.
    pub fn save(&mut self, path: &Path, overwrite: bool) -> Result<(), FactsError> {
        let failed = |reason: String| FactsError::Write {
            path: path.to_owned(),
            reason,
        };
        if !overwrite && path.exists() {
            return Err(FactsError::Exists {
                path: path.to_owned(),
            });
        }
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut file = tempfile::Builder::new()
            .prefix(".pgtriage-")
            .tempfile_in(folder)
            .map_err(|error| failed(format!("no file can be made in its folder: {error}")))?;
        let image = self.connection.serialize("main")?;
        std::io::Write::write_all(file.as_file_mut(), &image)
            .and_then(|()| file.as_file().sync_all())
            .map_err(|error| failed(error.to_string()))?;
        let persisted = if overwrite {
            file.persist(path).map_err(|error| error.error)
        } else {
            file.persist_noclobber(path).map_err(|error| error.error)
        };
        match persisted {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(FactsError::Exists {
                    path: path.to_owned(),
                })
            }
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// The connection, for the modules that fill and judge facts.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Ends a running query from another thread.
    pub fn interrupt_handle(&self) -> InterruptHandle {
        self.connection.get_interrupt_handle()
    }

    /// Computes views once for all who read them until [`Store::release`], each with the column it
    /// is looked up by: temporary tables of their names stand before them. Later views may be made
    /// of earlier ones. Facts that change meanwhile are not seen through them.
    pub fn hold(&self, views: &[(&str, &str)]) -> rusqlite::Result<()> {
        for (view, key) in views {
            let sql: String = self.connection.query_row(
                "SELECT sql FROM main.sqlite_schema WHERE type = 'view' AND name = ?1",
                [view],
                |row| row.get(0),
            )?;
            // By its text, since names within a view never mean temporary tables.
            let query = sql.split_once(" AS\n").map_or("", |(_, query)| query);
            self.connection.execute_batch(&format!(
                "DROP TABLE IF EXISTS temp.{view};
                 CREATE TEMP TABLE {view} AS {query};
                 CREATE INDEX temp.{view}_key ON {view} ({key});"
            ))?;
        }
        Ok(())
    }

    /// Ends what [`Store::hold`] began.
    pub fn release(&self, views: &[(&str, &str)]) -> rusqlite::Result<()> {
        for (view, _) in views {
            self.connection
                .execute_batch(&format!("DROP TABLE IF EXISTS temp.{view}"))?;
        }
        Ok(())
    }

    /// Runs `work` while the connection may only read, and ends queries that cost more than
    /// `limit`. For rule pages and questions that others wrote.
    pub fn read_only<T>(
        &mut self,
        limit: Limit,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        const STEPS_PER_CALL: u32 = 100_000;
        let mut calls_left = limit.steps / u64::from(STEPS_PER_CALL);
        self.connection.progress_handler(
            i32::try_from(STEPS_PER_CALL).unwrap_or(i32::MAX),
            Some(move || {
                calls_left = calls_left.saturating_sub(1);
                calls_left == 0
            }),
        )?;
        self.connection.authorizer(Some(allow_reads))?;
        let result = work(&self.connection);
        self.connection
            .authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
        self.connection.progress_handler(0, None::<fn() -> bool>)?;
        result
    }

    /// Tables and columns that a query would read, through views too; it is only prepared.
    pub fn reads(&mut self, sql: &str) -> rusqlite::Result<BTreeSet<(String, String)>> {
        let read = Arc::new(Mutex::new(BTreeSet::new()));
        let seen = Arc::clone(&read);
        self.connection
            .authorizer(Some(move |context: AuthContext<'_>| {
                if let AuthAction::Read {
                    table_name,
                    column_name,
                } = context.action
                    && let Ok(mut seen) = seen.lock()
                {
                    seen.insert((table_name.to_owned(), column_name.to_owned()));
                }
                allow_reads(context)
            }))?;
        let prepared = self.connection.prepare(sql).map(drop);
        self.connection
            .authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
        prepared?;
        let read = read.lock().map(|mut read| std::mem::take(&mut *read));
        Ok(read.unwrap_or_default())
    }

    fn attach(&self, path: &Path, name: &str) -> Result<(), FactsError> {
        check_file(path)?;
        self.connection
            .set_limit(SqliteLimit::SQLITE_LIMIT_ATTACHED, 3)?;
        let url = format!(
            "file:{}?mode=ro&immutable=1",
            percent_encode(&path.to_string_lossy())
        );
        // A connection of its own opens URIs whatever the build's default is.
        let probe = Connection::open_with_flags(
            &url,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
        )
        .map_err(|error| damaged(path, &error))?;
        check_header(path, &probe)?;
        drop(probe);
        self.connection
            .execute(&format!("ATTACH ?1 AS {name}"), [url])?;
        Ok(())
    }

    fn copy_tables(&self, from: &str, wanted: impl Fn(&str) -> bool) -> rusqlite::Result<()> {
        let tables: Vec<String> = self
            .connection
            .prepare(&format!(
                "SELECT name FROM main.sqlite_schema WHERE type = 'table'
                 INTERSECT SELECT name FROM {from}.sqlite_schema WHERE type = 'table'"
            ))?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let transaction = self.connection.unchecked_transaction()?;
        for table in tables.iter().filter(|table| wanted(table)) {
            let columns: Vec<String> = transaction
                .prepare(
                    "SELECT ours.name FROM pragma_table_info(?1, 'main') ours
                     JOIN pragma_table_info(?1, ?2) theirs ON theirs.name = ours.name",
                )?
                .query_map([table.as_str(), from], |row| row.get::<_, String>(0))?
                .map(|name| name.map(|name| format!("\"{name}\"")))
                .collect::<Result<_, _>>()?;
            if columns.is_empty() {
                continue;
            }
            let columns = columns.join(", ");
            transaction.execute_batch(&format!(
                "INSERT INTO main.{table} ({columns}) SELECT {columns} FROM {from}.{table}"
            ))?;
        }
        transaction.commit()
    }
}

/// What a guarded query may do: read, call functions, recurse.
fn allow_reads(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => {
            Authorization::Allow
        }
        AuthAction::Function { function_name } => match function_name {
            "load_extension" | "edit" | "fts3_tokenizer" | "writefile" | "readfile" => {
                Authorization::Deny
            }
            _ => Authorization::Allow,
        },
        AuthAction::Pragma {
            pragma_name: "table_info" | "table_list" | "table_xinfo" | "index_list" | "index_info",
            ..
        } => Authorization::Allow,
        _ => Authorization::Deny,
    }
}

/// Finds out, before `SQLite` opens it, that a file is there, readable and of the right kind.
fn check_file(path: &Path) -> Result<(), FactsError> {
    use std::io::Read;
    let unreadable = |source| FactsError::Read {
        path: path.to_owned(),
        source,
    };
    let not_ours = |reason: &str| FactsError::NotASnapshot {
        path: path.to_owned(),
        reason: reason.to_owned(),
    };
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(not_ours("it is a folder"));
    }
    let mut magic = Vec::with_capacity(16);
    file.by_ref()
        .take(16)
        .read_to_end(&mut magic)
        .map_err(unreadable)?;
    if magic.is_empty() {
        return Err(not_ours("it is empty"));
    }
    if magic != b"SQLite format 3\0" {
        return Err(not_ours("it is no SQLite file"));
    }
    Ok(())
}

fn check_header(path: &Path, connection: &Connection) -> Result<(), FactsError> {
    let pragma = |name: &str| {
        connection
            .query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0))
            .map_err(|error| damaged(path, &error))
    };
    let found = pragma("user_version")?;
    if pragma("application_id")? != APPLICATION_ID {
        return Err(FactsError::NotASnapshot {
            path: path.to_owned(),
            reason: "it is another program's SQLite file".to_owned(),
        });
    }
    if found > FORMAT {
        let writer = connection
            .query_row("SELECT tool_version FROM snapshot", [], |row| row.get(0))
            .unwrap_or_else(|_| "that wrote it".to_owned());
        return Err(FactsError::Newer {
            path: path.to_owned(),
            found,
            known: FORMAT,
            writer,
        });
    }
    let verdict: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|error| damaged(path, &error))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(FactsError::Damaged {
            path: path.to_owned(),
            reason: verdict.lines().next().unwrap_or("unknown").to_owned(),
        })
    }
}

fn damaged(path: &Path, error: &rusqlite::Error) -> FactsError {
    // The words of an error in a definition repeat that definition, as the file has it.
    let words = match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    };
    FactsError::Damaged {
        path: path.to_owned(),
        reason: escape::line(words.lines().next().unwrap_or("unknown")).into_owned(),
    }
}

/// Escapes what has a meaning in the path of an `SQLite` URI.
fn percent_encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'%' | b'?' | b'#' | 0..=32 | 127.. => {
                use std::fmt::Write;
                let _ = write!(out, "%{byte:02X}");
            }
            _ => out.push(char::from(byte)),
        }
    }
    out
}
