//! Databases in memory.

use std::sync::{Mutex, OnceLock, PoisonError};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ffi};

use super::functions;
use super::store::{APPLICATION_ID, FORMAT, SCHEMA, VIEWS};

/// A facts database without rows. It is a copy of one that is made once: to make one takes `SQLite`
/// longer than all else of a short run.
pub(super) fn empty() -> rusqlite::Result<Connection> {
    static EMPTY: OnceLock<Mutex<Connection>> = OnceLock::new();
    let empty = if let Some(empty) = EMPTY.get() {
        empty
    } else {
        let made = Mutex::new(make()?);
        EMPTY.get_or_init(|| made)
    };
    copy(&empty.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A copy of its own.
pub(super) fn copy(original: &Connection) -> rusqlite::Result<Connection> {
    let mut copy = connect()?;
    let step = Backup::new(original, &mut copy)?.step(-1)?;
    match step {
        StepResult::Done => Ok(copy),
        // Only within a transaction, which nobody leaves open here.
        _ => Err(rusqlite::Error::SqliteFailure(
            ffi::Error::new(ffi::SQLITE_BUSY),
            None,
        )),
    }
}

fn make() -> rusqlite::Result<Connection> {
    let connection = connect()?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", FORMAT)?;
    connection.execute_batch(SCHEMA)?;
    connection.execute_batch(VIEWS)?;
    Ok(connection)
}

fn connect() -> rusqlite::Result<Connection> {
    let connection = Connection::open_in_memory()?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // References are documentation: a row may come before, or without, what it refers to.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false)?;
    functions::register(&connection)?;
    Ok(connection)
}
