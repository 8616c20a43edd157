//! Tables and indexes, and which belong together.

use std::collections::BTreeMap;

use crate::engine::{Finding, Subject};
use crate::facts::{FactsError, Store};
use crate::report::indexes::INDEXES;
use crate::report::listing::{Object, Objects};
use crate::report::tables::{Detail, TABLES, details};

/// Tables and indexes, and which belong together.
#[derive(Debug, Clone)]
pub struct Relations {
    /// Tables and materialized views, the largest with all that belongs to them first.
    pub tables: Objects,
    /// Indexes, the largest first.
    pub indexes: Objects,
    /// What else is known of tables, by their ids.
    pub details: BTreeMap<i64, Detail>,
    /// Places of tables and indexes by their ids.
    table_at: BTreeMap<i64, usize>,
    index_at: BTreeMap<i64, usize>,
    /// Tables of indexes, by ids.
    table_of: BTreeMap<i64, i64>,
    is_of_several: bool,
}

impl Default for Relations {
    fn default() -> Self {
        Self {
            tables: Objects::none(&TABLES),
            indexes: Objects::none(&INDEXES),
            details: BTreeMap::new(),
            table_at: BTreeMap::new(),
            index_at: BTreeMap::new(),
            table_of: BTreeMap::new(),
            is_of_several: false,
        }
    }
}

impl Relations {
    /// Reads them. Findings are those of the last run of the rules over the same facts.
    pub fn read(store: &Store) -> Result<Self, FactsError> {
        let mut tables = Objects::read(store, &TABLES)?;
        if let Some(total) = TABLES.find("total") {
            tables.order(total, false);
        }
        let indexes = Objects::read(store, &INDEXES)?;
        let details = details(store)?;
        let places = |objects: &Objects| -> BTreeMap<i64, usize> {
            let rows = objects.rows.iter().enumerate();
            rows.map(|(at, object)| (object.id, at)).collect()
        };
        let owned = details.iter().flat_map(|(table, detail)| {
            let indexes = detail.indexes.iter();
            indexes.map(move |index| (*index, *table))
        });
        let database = |object: &Object| tables.get(object, "database_name").clone();
        let first = tables.rows.first().map(database);
        let mut all = tables.rows.iter();
        Ok(Self {
            is_of_several: all.any(|object| Some(database(object)) != first),
            table_of: owned.collect(),
            table_at: places(&tables),
            index_at: places(&indexes),
            tables,
            indexes,
            details,
        })
    }

    /// A table by its id.
    pub fn table(&self, id: i64) -> Option<&Object> {
        self.tables.rows.get(*self.table_at.get(&id)?)
    }

    /// An index by its id.
    pub fn index(&self, id: i64) -> Option<&Object> {
        self.indexes.rows.get(*self.index_at.get(&id)?)
    }

    /// The table of an index.
    pub fn table_of(&self, index: &Object) -> Option<&Object> {
        self.table(*self.table_of.get(&index.id)?)
    }

    /// `schema.name` without quotes, with the database where there are several.
    pub fn name(&self, objects: &Objects, object: &Object) -> String {
        let text = |column| objects.get(object, column).as_str().unwrap_or_default();
        let name = format!("{}.{}", text("schema"), text("name"));
        if self.is_of_several {
            format!("{}.{name}", text("database_name"))
        } else {
            name
        }
    }

    /// The table that a finding is about, itself or by one of its indexes.
    pub fn table_of_finding(&self, finding: &Finding) -> Option<&Object> {
        match finding.subject? {
            Subject {
                kind: "relation",
                id,
            } => self.table(id),
            Subject { kind: "index", id } => self.table_of(self.index(id)?),
            _ => None,
        }
    }

    /// Estimates of bloat are there.
    pub fn is_sampled(&self) -> bool {
        let mut tables = self.tables.rows.iter();
        tables.any(|table| !self.tables.get(table, "bloat_method").is_null())
    }

    /// Bytes that a rewrite of everything would give back, as far as they are known.
    pub fn reclaim(&self) -> f64 {
        let sum = |objects: &Objects, column| {
            let rows = objects.rows.iter();
            rows.filter_map(|row| objects.get(row, column).as_f64())
                .sum::<f64>()
        };
        sum(&self.tables, "bloat_bytes")
            + sum(&self.tables, "toast_bloat_bytes")
            + sum(&self.indexes, "bloat_bytes")
    }
}
