//! How the key of a child may come out of a parent.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Result};

use super::statements::Child;
use super::unknown::Tables;

/// A column: relation and name.
pub(super) type Key = (i64, String);

/// Keys of the schema.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Columns that a foreign key ties together, both ways: each with the other column, and whether
    /// the first is the one that refers.
    ties: HashMap<Key, Vec<(Key, bool)>>,
    /// Columns that are unique alone.
    unique: HashSet<Key>,
    /// Those that are the primary key.
    primary: HashSet<Key>,
    /// Columns with a foreign key.
    refers: HashSet<Key>,
    /// Types of the columns that statements use.
    types: HashMap<Key, String>,
    /// Relations by database and name, and back.
    named: HashMap<(i64, String), Vec<i64>>,
    names: HashMap<i64, String>,
    /// Tables that the facts do not have.
    pub unknown: Tables,
}

/// How a key comes out of a parent.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    /// As in `loop_candidates.edge`.
    pub kind: &'static str,
    /// Column of the child.
    pub column: String,
    /// Column of the parent.
    pub parent: Key,
}

impl Keys {
    /// Loads the keys of all databases.
    pub fn load(facts: &Connection) -> Result<Self> {
        let mut keys = Self::default();
        let mut foreign = facts.prepare(
            "SELECT relation_id, columns, referenced_relation_id, referenced_columns
             FROM constraints WHERE kind = 'foreign key' AND referenced_columns IS NOT NULL
               AND relation_id IS NOT NULL AND referenced_relation_id IS NOT NULL",
        )?;
        let mut rows = foreign.query([])?;
        while let Some(row) = rows.next()? {
            let list =
                |text: String| serde_json::from_str::<Vec<String>>(&text).unwrap_or_default();
            let (from, to): (i64, i64) = (row.get(0)?, row.get(2)?);
            // Of a key of several columns the last tells rows apart; the first are often a tenant.
            if let (Some(column), Some(other)) = (list(row.get(1)?).pop(), list(row.get(3)?).pop())
            {
                let (from, to) = ((from, column), (to, other));
                keys.ties
                    .entry(from.clone())
                    .or_default()
                    .push((to.clone(), true));
                keys.ties.entry(to).or_default().push((from.clone(), false));
                keys.refers.insert(from);
            }
        }
        let mut unique = facts.prepare(
            "SELECT i.relation_id, min(x.column_name), max(i.is_primary)
             FROM indexes i JOIN index_columns x ON x.index_id = i.id AND NOT x.is_included
             WHERE i.is_unique AND i.predicate IS NULL GROUP BY i.id
             HAVING count(*) = 1 AND count(x.column_name) = 1
             UNION
             SELECT relation_id, json_extract(columns, '$[0]'), kind = 'primary key' FROM constraints
             WHERE kind IN ('primary key', 'unique') AND json_array_length(columns) = 1
               AND relation_id IS NOT NULL",
        )?;
        let mut rows = unique.query([])?;
        while let Some(row) = rows.next()? {
            let key: Key = (row.get(0)?, row.get(1)?);
            if row.get(2)? {
                keys.primary.insert(key.clone());
            }
            keys.unique.insert(key);
        }
        let mut types = facts.prepare(
            "SELECT DISTINCT c.relation_id, c.name, c.type FROM columns c
             JOIN column_refs r ON r.relation_id = c.relation_id AND r.column_name = c.name
             WHERE c.type IS NOT NULL AND NOT c.is_dropped",
        )?;
        let mut rows = types.query([])?;
        while let Some(row) = rows.next()? {
            keys.types.insert((row.get(0)?, row.get(1)?), row.get(2)?);
        }
        let mut relations = facts
            .prepare("SELECT id, database_id, lower(name) FROM relations WHERE kind <> 'view'")?;
        let mut rows = relations.query([])?;
        while let Some(row) = rows.next()? {
            let (id, database, name): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            keys.names.insert(id, name.clone());
            keys.named.entry((database, name)).or_default().push(id);
        }
        Ok(keys)
    }

    /// The ways by which a key of the child may come out of parents: columns of parents.
    pub fn edges(&self, child: &Child) -> Vec<Edge> {
        let mut edges = Vec::new();
        for column in &child.keys {
            let key = (child.relation, column.clone());
            let mut add = |kind, parent: Key| {
                edges.push(Edge {
                    kind,
                    column: column.clone(),
                    parent,
                });
            };
            for (other, refers) in self.ties.get(&key).into_iter().flatten() {
                add(
                    if *refers {
                        "foreign key"
                    } else {
                        "referenced key"
                    },
                    other.clone(),
                );
                if *refers {
                    // Another table that refers to the same row.
                    for (sibling, refers) in self.ties.get(other).into_iter().flatten() {
                        if !refers && *sibling != key {
                            add("shared key", sibling.clone());
                        }
                    }
                }
            }
            if self.unique.contains(&key) {
                add("own key", key.clone());
            }
            self.named(child, column, &mut add);
        }
        edges
    }

    /// `user_id` to `users.id`, for schemas without foreign keys.
    fn named(&self, child: &Child, column: &str, add: &mut impl FnMut(&'static str, Key)) {
        let key = (child.relation, column.to_owned());
        let lower = column.to_lowercase();
        if !self.refers.contains(&key)
            && let Some(stem) = stem(&lower)
        {
            for name in plurals(stem) {
                for relation in self
                    .named
                    .get(&(child.database, name))
                    .into_iter()
                    .flatten()
                {
                    let id = (*relation, "id".to_owned());
                    if self.unique.contains(&id) {
                        add("named", id);
                    } else if self.unique.contains(&(*relation, column.to_owned())) {
                        add("named", (*relation, column.to_owned()));
                    }
                }
            }
        }
    }

    /// Whether a column of a parent may hold the key of a child, by their names alone.
    fn by_name(&self, own: &Key, parent: &Key) -> Option<&'static str> {
        if own.0 < 0 {
            return self.unknown.tie(own, parent);
        }
        let is_tied = self.refers.contains(own) || self.refers.contains(parent);
        let types = (self.types.get(own), self.types.get(parent));
        let same_type = matches!(types, (Some(one), Some(other)) if one == other);
        if own.0 == parent.0 || !same_type {
            return None;
        }
        let unique = (self.unique.contains(own), self.unique.contains(parent));
        if own.1 == parent.1 {
            // Keys of their own tables have the same name for no reason.
            let is_surrogate =
                own.1 == "id" || (self.primary.contains(own) && self.primary.contains(parent));
            return ((unique.0 || unique.1) && !is_surrogate).then_some("same name");
        }
        if is_tied || !unique.0 {
            return None;
        }
        let table = self.names.get(&own.0)?;
        if own.1.eq_ignore_ascii_case("id") {
            let lower = parent.1.to_lowercase();
            return plurals(stem(&lower)?).contains(table).then_some("named");
        }
        let (one, other) = (last_word(&own.1), last_word(&parent.1));
        (one == other && one != "id").then_some("like name")
    }

    /// Ties of a child's keys that only names tell of: with what comes out of parents.
    pub fn inferred(&self, child: &Child, giving: &Giving<'_>) -> Vec<Edge> {
        let mut edges = Vec::new();
        for column in &child.keys {
            let own = (child.relation, column.clone());
            let mut found: HashSet<&Key> = HashSet::new();
            found.extend(giving.by_name.get(column.as_str()).into_iter().flatten());
            found.extend(giving.by_word.get(last_word(column)).into_iter().flatten());
            for parent in found {
                if let Some(kind) = self.by_name(&own, parent) {
                    edges.push(Edge {
                        kind,
                        column: column.clone(),
                        parent: parent.clone(),
                    });
                }
            }
        }
        edges
    }
}

/// What comes out of parents: which statements give a column.
#[derive(Debug, Default)]
pub(super) struct Giving<'p> {
    /// Parents by column.
    pub parents: HashMap<&'p Key, Vec<i64>>,
    by_name: HashMap<&'p str, Vec<&'p Key>>,
    by_word: HashMap<&'p str, Vec<&'p Key>>,
}

impl<'p> Giving<'p> {
    /// Notes that a statement gives a column.
    pub fn add(&mut self, column: &'p Key, parent: i64) {
        let known = self.parents.entry(column).or_default();
        if known.is_empty() {
            self.by_name.entry(&column.1).or_default().push(column);
            self.by_word
                .entry(last_word(&column.1))
                .or_default()
                .push(column);
        }
        known.push(parent);
    }
}

/// `key` of `cover_key`; `id` of `id`.
fn last_word(column: &str) -> &str {
    column.rsplit('_').next().unwrap_or(column)
}

/// `user` of `user_id` and `userid`.
pub(super) fn stem(column: &str) -> Option<&str> {
    let stem = column
        .strip_suffix("_id")
        .or_else(|| column.strip_suffix("id"))?;
    (!stem.is_empty()).then_some(stem)
}

/// Names that a table of such things may have.
pub(super) fn plurals(stem: &str) -> [String; 4] {
    let ies = stem
        .strip_suffix('y')
        .map_or_else(|| stem.to_owned(), |start| format!("{start}ies"));
    [
        stem.to_owned(),
        format!("{stem}s"),
        format!("{stem}es"),
        ies,
    ]
}
