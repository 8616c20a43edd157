//! Columns and indexes of one table.

use serde::Deserialize;
use serde_json::{Error, from_str};

use crate::derive::bloat::Attribute;

/// The query for them; its parameter is the table.
pub(super) const TABLE: &str = include_str!("table.sql");

/// A column of the table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Column {
    pub name: String,
    length: i64,
    alignment: String,
    storage: String,
    /// Rows that are written anew have it: it is neither dropped nor virtual.
    pub is_stored: bool,
    pub is_never_null: bool,
}

/// A B-tree index.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct IndexEntry {
    pub oid: i64,
    pub schema: String,
    pub name: String,
    pub size_bytes: i64,
    pub fillfactor: i64,
    /// A build merges entries of equal keys, where the version does that.
    pub merges: bool,
    /// Columns of the key.
    pub keys: usize,
    pub predicate: Option<String>,
    /// To evaluate it would run what others than superusers wrote.
    pub calls_foreign_code: bool,
    pub columns: Vec<IndexColumn>,
}

/// A column of an index.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct IndexColumn {
    length: i64,
    alignment: String,
    storage: String,
    /// Column of the table; 0: an expression.
    pub attnum: usize,
    /// Column or expression as SQL.
    pub definition: String,
}

impl Column {
    pub fn attribute(&self) -> Attribute {
        Attribute::new(self.length, &self.alignment, &self.storage)
    }

    /// Its size is known without being read.
    pub fn is_constant(&self) -> bool {
        self.length > 0 && self.is_never_null
    }
}

impl IndexColumn {
    pub fn attribute(&self) -> Attribute {
        Attribute::new(self.length, &self.alignment, &self.storage)
    }

    /// It is stored as a C string, whatever the column's type is (`name`).
    pub fn is_c_string(&self) -> bool {
        self.length == -2
    }
}

impl IndexEntry {
    /// It holds something that is computed.
    pub fn is_computed(&self) -> bool {
        self.predicate.is_some() || self.columns.iter().any(|column| column.attnum == 0)
    }
}

/// From the texts of the query.
pub(super) fn parse(columns: &str, indexes: &str) -> Result<(Vec<Column>, Vec<IndexEntry>), Error> {
    Ok((from_str(columns)?, from_str(indexes)?))
}
