//! Tables that hold rows, and what stands in the way of reading each.

use tokio_postgres::{Error, Row};

use crate::derive::bloat::Page;
use crate::facts::quote;

/// The query for all of a database.
pub(super) const TABLES: &str = include_str!("tables.sql");

/// What stands in the way of reading a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing.
    Open,
    /// Another session holds, or waits for, ACCESS EXCLUSIVE on it.
    Locked,
    /// It has no rows on a standby.
    Absent,
    /// Our role may not read it.
    Closed,
    /// Policies hide rows from our role.
    Filtered,
}

impl Standing {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(if row.try_get("is_locked")? {
            Self::Locked
        } else if row.try_get("is_absent")? {
            Self::Absent
        } else if !row.try_get::<_, bool>("is_readable")? {
            Self::Closed
        } else if row.try_get("is_filtered")? {
            Self::Filtered
        } else {
            Self::Open
        })
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TableEntry {
    pub oid: u32,
    pub schema: String,
    pub name: String,
    /// Table access method.
    pub method: Option<String>,
    pub standing: Standing,
    /// Main fork; `None`: it is locked.
    pub size_bytes: Option<i64>,
    /// Main fork of its TOAST table; `None`: it has none, or is locked.
    pub toast_bytes: Option<i64>,
    pub fillfactor: i64,
    pub toast_target: Option<i64>,
    /// Live and dead rows by the counters.
    pub live: Option<f64>,
    pub dead: Option<f64>,
    pub page: Page,
}

impl TableEntry {
    /// From a row of the query.
    pub fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            oid: row.try_get("oid")?,
            schema: row.try_get("schema")?,
            name: row.try_get("name")?,
            method: row.try_get("method")?,
            standing: Standing::read(row)?,
            size_bytes: row.try_get("size_bytes")?,
            toast_bytes: row.try_get("toast_bytes")?,
            fillfactor: row.try_get("fillfactor")?,
            toast_target: row.try_get("toast_target")?,
            live: row.try_get("live")?,
            dead: row.try_get("dead")?,
            page: Page::new(row.try_get("block_size")?),
        })
    }

    /// Its name as SQL writes it.
    pub fn quoted(&self) -> String {
        quote::name(&self.schema, &self.name)
    }

    /// Blocks that it has, as far as its size is known.
    pub fn blocks(&self) -> u64 {
        let size = self.size_bytes.unwrap_or(0).max(0);
        (size / self.page.block()).cast_unsigned()
    }
}
