//! Values for columns that may not be NULL and of which nothing is known.

use std::collections::HashMap;

use rusqlite::{Connection, Result};

use super::catalog::{list, rows};
use crate::facts::quote;

/// Types of users, as far as a value of them is needed.
#[derive(Debug)]
pub(super) struct Neutral {
    kinds: HashMap<String, Kind>,
}

#[derive(Debug)]
enum Kind {
    /// The first of its labels.
    Enum(Option<String>),
    /// Over this type; NULL is refused.
    Domain(String, bool),
    Range,
}

impl Neutral {
    /// Reads the types of a database.
    pub fn read(facts: &Connection, database: i64) -> Result<Self> {
        let kinds = rows(
            facts,
            "SELECT schema, name, kind, labels, base_type, not_null FROM types
             WHERE database_id = ?1 AND kind IN ('enum', 'domain', 'range')",
            database,
            |row| {
                let name = quote::name(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?);
                let base: Option<String> = row.get(4)?;
                let kind = match row.get::<_, String>(2)?.as_str() {
                    "enum" => Kind::Enum(list(row.get(3)?).into_iter().next()),
                    "range" => Kind::Range,
                    _ => Kind::Domain(base.unwrap_or_default(), row.get(5)?),
                };
                Ok((name, kind))
            },
        )?;
        Ok(Self {
            kinds: kinds.into_iter().collect(),
        })
    }

    /// The type itself refuses NULL.
    pub fn is_needed(&self, kind: &str) -> bool {
        match self.kinds.get(kind) {
            Some(Kind::Domain(_, true)) => true,
            Some(Kind::Domain(base, false)) => self.is_needed(base),
            _ => false,
        }
    }

    /// A value of a type, named as `format_type` does; none where none is known.
    pub fn value(&self, kind: &str) -> Option<String> {
        match self.kinds.get(kind) {
            Some(Kind::Enum(label)) => return label.clone(),
            Some(Kind::Domain(base, _)) => return self.value(base),
            Some(Kind::Range) => return Some("empty".to_owned()),
            None => {}
        }
        if kind.ends_with("[]") {
            return Some("{}".to_owned());
        }
        let name = kind.split(['(', '[']).next().unwrap_or(kind).trim_end();
        let value = match name {
            "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision"
            | "money" | "oid" | "interval" | "bit" | "bit varying" | "xid" | "xid8" | "cid" => "0",
            "text" | "character varying" | "character" | "bpchar" | "name" | "\"char\""
            | "bytea" | "tsvector" | "tsquery" => "",
            "boolean" => "false",
            "date" | "timestamp without time zone" | "timestamp with time zone" | "timestamp" => {
                "2000-01-01"
            }
            "time without time zone" | "time with time zone" | "time" => "00:00",
            "uuid" => "00000000-0000-0000-0000-000000000000",
            "json" | "jsonb" => "{}",
            "inet" | "cidr" => "0.0.0.0",
            "macaddr" => "00:00:00:00:00:00",
            "macaddr8" => "00:00:00:00:00:00:00:00",
            "xml" => "<x/>",
            "point" => "(0,0)",
            "pg_lsn" => "0/0",
            "int4range" | "int8range" | "numrange" | "tsrange" | "tstzrange" | "daterange" => {
                "empty"
            }
            name if name.ends_with("multirange") => "{}",
            _ => return None,
        };
        Some(value.to_owned())
    }
}
