//! What plans are compared with: facts, a shadow of what is there now, the statements of the workload.

use std::collections::{HashMap, HashSet};

use rusqlite::OptionalExtension as _;

use crate::advise::index::WhatIf as _;
use crate::advise::workload::{self, Limits, Workload, settings};
use crate::cli::context::Context;
use crate::cli::plan::no_statistics;
use crate::cli::what_if::shadow::{Keep, Lanes, Options, Original, Programs, Shadow};
use crate::cluster::ServerBinaries;
use crate::derive::shadow::{Changes, changed_script};
use crate::facts::Store;

/// Facts, a shadow and a workload.
pub struct Ground<'a> {
    /// The facts.
    pub store: &'a Store,
    /// The database (`databases.id`).
    pub database: i64,
    /// As it is now.
    pub shadow: Shadow,
    /// Statements that the planner takes.
    pub workload: Workload,
    /// Texts of statements by `statements.id`, as they were counted.
    pub texts: HashMap<i64, String>,
    /// Tables and columns that a statement names, by `statements.id`.
    pub names: HashMap<i64, HashSet<(i64, String)>>,
    /// `search_path` of a session.
    pub search_path: String,
    server: ServerBinaries,
    original: Original,
    defaults: HashSet<(i64, String)>,
}

/// Why nothing is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// A fragment of a sentence.
    pub because: String,
    /// What would let it be known.
    pub remedy: Option<String>,
}

impl<'a> Ground<'a> {
    /// Makes the shadow, or says why not. `concerned` are tables that migrations change: statements that name
    /// others only are left out.
    pub fn start(
        store: &'a Store,
        database: i64,
        concerned: &HashSet<i64>,
        programs: &Programs,
        context: &Context,
    ) -> anyhow::Result<Result<Self, Unknown>> {
        let unknown =
            |because: String, remedy: Option<String>| Ok(Err(Unknown { because, remedy }));
        if let Some((because, remedy)) = no_statistics(store, database)? {
            return unknown(because, remedy);
        }
        let facts = store.connection();
        let original = match Original::read(facts, database) {
            Ok(original) => original,
            Err(error) => return unknown(error.to_string(), None),
        };
        let mut workload = workload::read(facts, database, &everything())?;
        if workload.queries.is_empty() {
            return unknown(
                "no statements are known that could be planned".to_owned(),
                Some("CREATE EXTENSION pg_stat_statements, or --workload FILE".to_owned()),
            );
        }
        let names = names(store, &workload)?;
        let concerned = with_parents(store, concerned)?;
        // Of a statement that could not be read it is not known what it names.
        workload.queries.retain(|query| {
            let names = names.get(&query.statement);
            names.is_none_or(|names| {
                names.is_empty()
                    || names
                        .iter()
                        .any(|(relation, _)| concerned.contains(relation))
            })
        });
        let server = match programs.get(original.major, context.say)? {
            Ok(server) => server,
            Err(missing) => return unknown(missing.because, missing.remedy),
        };
        let keep = Keep::of_user().filter(|_| context.settings.source.snapshot.is_some());
        let options = Options {
            lanes: Lanes(1),
            keep,
        };
        let mut shadow = match Shadow::start(facts, database, &server, &options) {
            Ok(shadow) => shadow,
            Err(error) => return unknown(format!("a shadow can't be made: {error:#}"), None),
        };
        workload.settle(|settings, text| shadow.check(settings, text))?;
        let path = settings(facts, database)?;
        let path = path.into_iter().find(|(name, _)| name == "search_path");
        Ok(Ok(Self {
            store,
            database,
            shadow,
            texts: texts(store, database)?,
            names,
            search_path: path.map_or_else(|| "\"$user\", public".to_owned(), |(_, path)| path),
            workload,
            server,
            original,
            defaults: defaults(store)?,
        }))
    }

    /// A shadow of the database as changes leave it.
    pub fn changed(&self, changes: &Changes) -> anyhow::Result<Shadow> {
        let script = changed_script(self.store.connection(), self.database, changes)?;
        let options = Options {
            lanes: Lanes(1),
            keep: None,
        };
        Shadow::of(&script, self.original.clone(), &self.server, &options)
    }

    /// Whether a column has a default.
    pub fn has_default(&self, relation: i64, column: &str) -> bool {
        self.defaults.contains(&(relation, column.to_owned()))
    }

    /// Whether a statement names a column of a table.
    pub fn reads(&self, statement: i64, relation: i64, column: &str) -> bool {
        let names = self.names.get(&statement);
        names.is_some_and(|names| names.contains(&(relation, column.to_owned())))
    }

    /// Whether a statement names a table.
    pub fn touches(&self, statement: i64, relation: i64) -> bool {
        let names = self.names.get(&statement);
        names.is_some_and(|names| names.iter().any(|(known, _)| *known == relation))
    }
}

/// A statement that takes little time today may take all of it without its index.
fn everything() -> Limits {
    Limits {
        statements: usize::MAX,
        share: f64::INFINITY,
        ..Limits::default()
    }
}

/// Tables, and those that they are partitions of, by which statements name them.
fn with_parents(store: &Store, relations: &HashSet<i64>) -> anyhow::Result<HashSet<i64>> {
    let mut parent = store
        .connection()
        .prepare("SELECT parent_id FROM relations WHERE id = ?1 AND parent_id IS NOT NULL")?;
    let mut all = relations.clone();
    for relation in relations {
        let mut next = *relation;
        while let Some(above) = parent.query_row([next], |row| row.get(0)).optional()? {
            if !all.insert(above) {
                break;
            }
            next = above;
        }
    }
    Ok(all)
}

fn texts(store: &Store, database: i64) -> anyhow::Result<HashMap<i64, String>> {
    let mut texts = store
        .connection()
        .prepare("SELECT id, text FROM statements WHERE database_id = ?1 AND text IS NOT NULL")?;
    let rows = texts.query_map([database], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn names(
    store: &Store,
    workload: &Workload,
) -> anyhow::Result<HashMap<i64, HashSet<(i64, String)>>> {
    let mut refs = store
        .connection()
        .prepare("SELECT relation_id, column_name FROM column_refs WHERE statement_id = ?1")?;
    let mut all = HashMap::new();
    for query in &workload.queries {
        let rows = refs.query_map([query.statement], |row| Ok((row.get(0)?, row.get(1)?)))?;
        all.insert(query.statement, rows.collect::<Result<_, _>>()?);
    }
    Ok(all)
}

fn defaults(store: &Store) -> anyhow::Result<HashSet<(i64, String)>> {
    let mut columns = store.connection().prepare(
        "SELECT relation_id, name FROM columns WHERE default_expression IS NOT NULL AND generated IS NULL",
    )?;
    let rows = columns.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
