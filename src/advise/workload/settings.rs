//! Settings of the sessions that run a statement.

use std::collections::HashMap;

use rusqlite::{Connection, Result};

use crate::facts::quote;

/// Settings by which texts are read.
const READING: [&str; 5] = [
    "search_path",
    "datestyle",
    "intervalstyle",
    "timezone",
    "backslash_quote",
];

/// Settings that bear on plans: those of the manual's chapter "Query Planning", and memory. By name or by the
/// beginning of it.
const PLANNER: [&str; 21] = [
    "enable_",
    "seq_page_cost",
    "random_page_cost",
    "cpu_",
    "parallel_setup_cost",
    "parallel_tuple_cost",
    "parallel_leader_participation",
    "min_parallel_",
    "max_parallel_workers",
    "effective_cache_size",
    "effective_io_concurrency",
    "jit",
    "geqo",
    "constraint_exclusion",
    "cursor_tuple_fraction",
    "from_collapse_limit",
    "join_collapse_limit",
    "plan_cache_mode",
    "recursive_worktable_factor",
    "work_mem",
    "hash_mem_multiplier",
];

/// Settings of any session in a database that are not the server's, by name.
pub fn settings(facts: &Connection, database: i64) -> Result<Vec<(String, String)>> {
    Ok(Settings::read(facts, database)?.of(None))
}

/// Settings of the roles of a database, found once each.
pub struct Settings {
    /// By role; `None`: a session of any role.
    rows: Vec<Row>,
    /// The server's `search_path`.
    path: Option<String>,
    /// Schemas of the database.
    schemas: Vec<String>,
    /// Roles by id.
    roles: HashMap<i64, String>,
}

struct Row {
    database: bool,
    role: Option<i64>,
    name: String,
    value: String,
}

impl Settings {
    /// Reads what is set for roles and for the database.
    pub fn read(facts: &Connection, database: i64) -> Result<Self> {
        let mut question = facts.prepare(
            "SELECT database_id IS NOT NULL, role_id, lower(name), value FROM role_settings
             WHERE (database_id = ?1 OR database_id IS NULL) AND value IS NOT NULL",
        )?;
        let rows = question.query_map([database], |row| {
            Ok(Row {
                database: row.get(0)?,
                role: row.get(1)?,
                name: row.get(2)?,
                value: row.get(3)?,
            })
        })?;
        let rows = rows.collect::<Result<_>>()?;
        let path = "SELECT (SELECT coalesce(server_value, value) FROM server_settings WHERE name = 'search_path')";
        let mut schemas = facts.prepare("SELECT name FROM schemas WHERE database_id = ?1")?;
        let mut roles = facts.prepare("SELECT id, name FROM roles")?;
        Ok(Self {
            rows,
            path: facts.query_row(path, [], |row| row.get(0))?,
            schemas: schemas
                .query_map([database], |row| row.get(0))?
                .collect::<Result<_>>()?,
            roles: roles
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_>>()?,
        })
    }

    /// Settings of a session of a role that are not the server's, by name. What is set for the role in this
    /// database comes before what is set for the role, that before what is set for the database, and that
    /// before what is set for all (manual, ALTER ROLE).
    pub fn of(&self, role: Option<i64>) -> Vec<(String, String)> {
        let rank = |row: &Row| (row.role.is_some(), row.database);
        let mut found: Vec<&Row> = Vec::new();
        let own = self
            .rows
            .iter()
            .filter(|row| row.role.is_none() || row.role == role);
        for row in own.filter(|row| matters(&row.name)) {
            match found.iter_mut().find(|other| other.name == row.name) {
                Some(other) if rank(other) < rank(row) => *other = row,
                Some(_) => {}
                None => found.push(row),
            }
        }
        let mut settings: Vec<(String, String)> = (found.into_iter())
            .map(|row| (row.name.clone(), row.value.clone()))
            .collect();
        self.resolve_path(role, &mut settings);
        settings.sort();
        settings
    }

    /// Whoever plans is another role, so `"$user"` is written out.
    fn resolve_path(&self, role: Option<i64>, settings: &mut Vec<(String, String)>) {
        let set = settings.iter_mut().find(|(name, _)| name == "search_path");
        let path = match &set {
            Some((_, value)) => Some(value.clone()),
            None => self.path.clone(),
        };
        let Some(path) = path.filter(|path| path.contains("$user")) else {
            return;
        };
        let name = role.and_then(|role| self.roles.get(&role));
        let own = name.filter(|name| self.schemas.contains(name));
        let parts = path.split(',').map(str::trim).filter_map(|part| {
            if part.trim_matches(['"', '\'']) == "$user" {
                own.map(|name| quote::ident(name))
            } else {
                Some(part.to_owned())
            }
        });
        let resolved = parts.collect::<Vec<_>>().join(", ");
        match set {
            Some((_, value)) => *value = resolved,
            // Without a schema of its own the role has the server's path.
            None if own.is_some() => settings.push(("search_path".to_owned(), resolved)),
            None => {}
        }
    }
}

fn matters(name: &str) -> bool {
    READING.contains(&name) || PLANNER.iter().any(|begin| name.starts_with(begin))
}
