//! What the facts know of a database's relations, for looking up names.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Result};

use crate::parse::sql::same_form;

/// A relation and its columns.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub id: i64,
    pub schema: String,
    pub name: String,
    pub kind: String,
    /// Columns in order, with their types.
    pub columns: Vec<(String, Option<String>)>,
    /// Columns of unique keys that hold for every row.
    pub unique: Vec<Vec<String>>,
    /// Expressions that valid indexes hold, in [one form](crate::parse::sql::same_form), with the
    /// ids of the indexes.
    pub expressions: Vec<(String, i64)>,
    /// Query of a view.
    pub definition: Option<String>,
}

impl Relation {
    /// Whether it has a column of that name.
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _)| name == column)
    }

    /// The type of a column, without its modifier.
    pub fn type_of(&self, column: &str) -> Option<&str> {
        let (_, kind) = self.columns.iter().find(|(name, _)| name == column)?;
        kind.as_deref()
            .map(|kind| kind.split('(').next().unwrap_or(kind).trim())
    }

    /// Rows are kept in it.
    pub fn is_stored(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "table" | "partitioned table" | "materialized view"
        )
    }
}

/// The relations of one database.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    relations: HashMap<i64, Relation>,
    by_name: HashMap<String, Vec<i64>>,
    /// Schemas that names without one are looked up in.
    path: Vec<String>,
}

impl Catalog {
    /// Loads what is known of a database.
    pub fn load(facts: &Connection, database: i64) -> Result<Self> {
        let mut catalog = Self {
            path: search_path(facts, database)?,
            ..Self::default()
        };
        let mut statement = facts.prepare_cached(
            "SELECT id, schema, name, kind, CASE WHEN kind = 'view' THEN definition END
             FROM relations WHERE database_id = ?1",
        )?;
        let mut rows = statement.query([database])?;
        while let Some(row) = rows.next()? {
            let relation = Relation {
                id: row.get(0)?,
                schema: row.get(1)?,
                name: row.get(2)?,
                kind: row.get(3)?,
                columns: Vec::new(),
                unique: Vec::new(),
                expressions: Vec::new(),
                definition: row.get(4)?,
            };
            catalog
                .by_name
                .entry(relation.name.clone())
                .or_default()
                .push(relation.id);
            catalog.relations.insert(relation.id, relation);
        }
        catalog.columns(facts, database)?;
        catalog.unique(facts, database)?;
        catalog.expressions(facts, database)?;
        Ok(catalog)
    }

    fn columns(&mut self, facts: &Connection, database: i64) -> Result<()> {
        let mut statement = facts.prepare_cached(
            "SELECT c.relation_id, c.name, c.type
             FROM columns c JOIN relations r ON r.id = c.relation_id
             WHERE r.database_id = ?1 AND c.position > 0 AND NOT c.is_dropped
             ORDER BY c.relation_id, c.position",
        )?;
        let mut rows = statement.query([database])?;
        while let Some(row) = rows.next()? {
            if let Some(relation) = self.relations.get_mut(&row.get::<_, i64>(0)?) {
                relation.columns.push((row.get(1)?, row.get(2)?));
            }
        }
        Ok(())
    }

    fn unique(&mut self, facts: &Connection, database: i64) -> Result<()> {
        // Unique constraints are backed by indexes, but schemas from elsewhere may lack these.
        let mut statement = facts.prepare_cached(
            "SELECT i.relation_id, json_group_array(x.column_name)
             FROM indexes i JOIN index_columns x ON x.index_id = i.id AND NOT x.is_included
             WHERE i.database_id = ?1 AND i.is_unique AND i.is_valid AND i.predicate IS NULL
             GROUP BY i.id HAVING count(*) = count(x.column_name)
             UNION
             SELECT relation_id, columns FROM constraints
             WHERE database_id = ?1 AND kind IN ('primary key', 'unique') AND relation_id IS NOT NULL",
        )?;
        let mut rows = statement.query([database])?;
        while let Some(row) = rows.next()? {
            let columns: Vec<String> =
                serde_json::from_str(&row.get::<_, String>(1)?).unwrap_or_default();
            if let Some(relation) = self.relations.get_mut(&row.get::<_, i64>(0)?)
                && !columns.is_empty()
            {
                relation.unique.push(columns);
            }
        }
        Ok(())
    }

    fn expressions(&mut self, facts: &Connection, database: i64) -> Result<()> {
        let mut statement = facts.prepare_cached(
            "SELECT i.relation_id, x.expression, i.id
             FROM indexes i JOIN index_columns x ON x.index_id = i.id
             WHERE i.database_id = ?1 AND i.is_valid AND x.expression IS NOT NULL
             ORDER BY x.position, i.id",
        )?;
        let mut rows = statement.query([database])?;
        while let Some(row) = rows.next()? {
            if let Some(relation) = self.relations.get_mut(&row.get::<_, i64>(0)?)
                && let Some(form) = same_form(&row.get::<_, String>(1)?)
            {
                relation.expressions.push((form, row.get(2)?));
            }
        }
        Ok(())
    }

    /// A relation by our id.
    pub fn get(&self, id: i64) -> Option<&Relation> {
        self.relations.get(&id)
    }

    /// The relation that a name means: that of its schema, or else the first on the search path,
    /// or else the only one of that name, for roles may have a path of their own.
    pub fn find(&self, schema: Option<&str>, name: &str) -> Option<&Relation> {
        let ids = self.by_name.get(name)?;
        let named = |schema: &str| {
            let mut known = ids.iter().filter_map(|id| self.relations.get(id));
            known.find(|relation| relation.schema == schema)
        };
        if let Some(schema) = schema {
            return named(schema);
        }
        let on_path = self.path.iter().find_map(|schema| named(schema));
        on_path.or_else(|| match ids.as_slice() {
            [only] => self.relations.get(only),
            _ => None,
        })
    }
}

/// The search path of the database, else of the server, else the default.
fn search_path(facts: &Connection, database: i64) -> Result<Vec<String>> {
    let set: Option<String> = facts
        .query_row(
            "SELECT value FROM (
               SELECT value, 1 AS place FROM role_settings
               WHERE name = 'search_path' AND database_id = ?1 AND role_id IS NULL
               UNION ALL
               SELECT coalesce(server_value, value), 2 FROM server_settings WHERE name = 'search_path'
             ) WHERE value IS NOT NULL ORDER BY place LIMIT 1",
            [database],
            |row| row.get(0),
        )
        .optional()?;
    let set = set.unwrap_or_else(|| "public".to_owned());
    let schemas = set
        .split(',')
        .map(|schema| schema.trim().trim_matches('"').to_owned());
    Ok(schemas
        .filter(|schema| !schema.is_empty() && schema != "$user")
        .collect())
}
