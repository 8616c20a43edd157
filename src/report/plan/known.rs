//! What facts say of the relations and settings of a plan.

use std::collections::BTreeMap;

use crate::facts::{FactsError, Store};
use crate::parse::plan::{Node, Plan};

/// What facts say of the database that a plan is of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    tables: BTreeMap<String, Vec<Table>>,
    settings: BTreeMap<String, f64>,
    /// Major version of the server; `None`: not known.
    pub major: Option<u32>,
}

/// A table, as far as a plan is read by it.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// `relations.id`.
    pub id: i64,
    /// Its schema.
    pub schema: String,
    /// Its rows.
    pub rows: Option<f64>,
    /// The partitioned table that it is a part of, right above.
    pub parent: Option<Parent>,
}

/// A partitioned table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// Its name, with the schema where that is not `public`.
    pub name: String,
    /// Its partition key.
    pub key: String,
    /// Its partitions.
    pub partitions: usize,
}

const TABLES: &str = "
  SELECT r.name, r.schema, r.row_estimate,
    CASE p.schema WHEN 'public' THEN p.name ELSE p.schema || '.' || p.name END,
    coalesce(p.partition_key, ''),
    (SELECT count(*) FROM relations other WHERE other.parent_id = p.id), r.id
  FROM relations r LEFT JOIN relations p ON p.id = r.parent_id
  WHERE r.database_id = ?1 AND r.kind IN ('table', 'materialized view', 'partitioned table')";

const SETTINGS: &str = "
  SELECT name, coalesce(server_value_num, value_num) FROM settings
  WHERE node_id = (SELECT min(id) FROM nodes)
    AND name IN ('work_mem', 'hash_mem_multiplier') AND coalesce(server_value_num, value_num) IS NOT NULL";

impl Known {
    /// What the facts say of a database (`databases.id`).
    pub fn read(store: &Store, database: i64) -> Result<Self, FactsError> {
        let facts = store.connection();
        let mut known = Self::default();
        let mut tables = facts.prepare(TABLES)?;
        let mut rows = tables.query([database])?;
        while let Some(row) = rows.next()? {
            let parent: Option<String> = row.get(3)?;
            let parent = match parent {
                Some(name) => Some(Parent {
                    name,
                    key: row.get(4)?,
                    partitions: row.get::<_, i64>(5)? as usize,
                }),
                None => None,
            };
            let table = Table {
                id: row.get(6)?,
                schema: row.get(1)?,
                rows: row.get(2)?,
                parent,
            };
            known.tables.entry(row.get(0)?).or_default().push(table);
        }
        let mut settings = facts.prepare(SETTINGS)?;
        let mut rows = settings.query([])?;
        while let Some(row) = rows.next()? {
            known.settings.insert(row.get(0)?, row.get(1)?);
        }
        known.major = facts
            .query_row("SELECT min(version_num) / 10000 FROM nodes", [], |row| {
                row.get(0)
            })
            .unwrap_or_default();
        Ok(known)
    }

    /// The table that a node reads; `None`: not known, or several have its name.
    pub fn table(&self, node: &Node) -> Option<&Table> {
        let tables = self.tables.get(node.relation.as_deref()?)?;
        match (&node.schema, tables.as_slice()) {
            (Some(schema), tables) => tables.iter().find(|table| table.schema == *schema),
            (None, [table]) => Some(table),
            (None, _) => None,
        }
    }

    /// Memory that a sort may take, bytes: as the plan tells it, else as the server has it set.
    pub fn work_mem(&self, plan: &Plan) -> Option<f64> {
        match plan.setting("work_mem") {
            Some(text) => crate::facts::setting_number(text, Some("kB"), Some("integer")),
            None => self.settings.get("work_mem").copied(),
        }
    }

    /// Memory that a hash table may take, bytes.
    pub fn hash_mem(&self, plan: &Plan) -> Option<f64> {
        let times = match plan.setting("hash_mem_multiplier") {
            Some(text) => text.parse().ok()?,
            None => self.settings.get("hash_mem_multiplier").copied()?,
        };
        Some(self.work_mem(plan)? * times)
    }
}
