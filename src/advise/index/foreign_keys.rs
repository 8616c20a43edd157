//! Foreign keys, and the indexes that find the rows that refer to a row.

use rusqlite::{Connection, Result};

use super::drops::{columns, names};
use super::existing::Existing;
use super::spec::IndexSpec;

/// A foreign key of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ForeignKey {
    name: String,
    relation: i64,
    columns: Vec<String>,
}

/// Those of a database that are enforced.
pub(super) fn foreign_keys(facts: &Connection, database: i64) -> Result<Vec<ForeignKey>> {
    let mut statement = facts.prepare(
        "SELECT name, relation_id, columns FROM constraints
         WHERE database_id = ?1 AND kind = 'foreign key' AND is_enforced AND relation_id IS NOT NULL ORDER BY id",
    )?;
    let rows = statement.query_map([database], |row| {
        Ok(ForeignKey {
            name: row.get(0)?,
            relation: row.get(1)?,
            columns: names(&row.get::<_, String>(2)?),
        })
    })?;
    rows.collect()
}

impl ForeignKey {
    /// Its columns are the first ones of the index, in any order.
    pub fn is_served_by(&self, index: &Existing) -> bool {
        let keys: Vec<Option<&str>> = index.keys().map(|place| place.column.as_deref()).collect();
        index.relation == self.relation
            && index.is_valid
            && self.is_beginning(&keys)
            && self.holds(index.predicate.as_deref())
    }

    /// The same of an index that is not there yet.
    pub fn is_served_by_spec(&self, spec: &IndexSpec) -> bool {
        let keys: Vec<Option<&str>> = spec.keys.iter().map(super::spec::Key::name).collect();
        spec.relation == self.relation
            && spec.method == "btree"
            && self.is_beginning(&keys)
            && self.holds(spec.predicate.as_deref())
    }

    fn is_beginning(&self, keys: &[Option<&str>]) -> bool {
        let width = self.columns.len();
        let is_key =
            |key: Option<&str>| key.is_some_and(|name| self.columns.iter().any(|it| it == name));
        keys.len() >= width && keys[..width].iter().copied().all(is_key)
    }

    /// A predicate leaves out nothing that refers to a row if it only asks that the columns are not NULL.
    fn holds(&self, predicate: Option<&str>) -> bool {
        let Some(predicate) = predicate else {
            return true;
        };
        let bare = predicate.replace(['(', ')'], "");
        let all: Vec<String> = self
            .columns
            .iter()
            .map(|name| format!("{} IS NOT NULL", columns(std::slice::from_ref(name))))
            .collect();
        all.contains(&bare) || all.join(" AND ") == bare
    }

    /// Why its only index stays.
    pub fn needs(&self) -> String {
        format!(
            "the foreign key {} ({}) has no other index that is used",
            self.name,
            columns(&self.columns)
        )
    }
}
