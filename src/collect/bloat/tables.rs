//! Tables that hold rows, and what stands in the way of reading each.

use tokio_postgres::{Error, Row};

use crate::derive::bloat::Page;
use crate::facts::quote;

/// The query for all of a database.
pub(super) const TABLES: &str = include_str!("tables.sql");

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TableEntry {
    pub oid: u32,
    pub schema: String,
    pub name: String,
    /// Table access method.
    pub method: Option<String>,
    /// Another session holds, or waits for, ACCESS EXCLUSIVE on it.
    pub is_locked: bool,
    /// It has no rows on a standby.
    pub is_absent: bool,
    /// Our role may read it.
    pub is_readable: bool,
    /// Policies hide rows from our role.
    pub is_filtered: bool,
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
            is_locked: row.try_get("is_locked")?,
            is_absent: row.try_get("is_absent")?,
            is_readable: row.try_get("is_readable")?,
            is_filtered: row.try_get("is_filtered")?,
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
