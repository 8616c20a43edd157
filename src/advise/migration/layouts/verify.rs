//! What tells that migrations were run: queries that fail where they were not.

use std::collections::BTreeSet;

use crate::facts::quote;
use crate::parse::ddl::action::{Action, ColumnChange};
use crate::parse::ddl::statement as read;
use crate::parse::ddl::statement::{Name, ObjectKind, Statement};

/// A query for each object that statements make, change or drop, by what they leave of it. What `later` migrations
/// change again is left out: all are verified in the end.
pub(super) fn verify(statements: &[String], later: &BTreeSet<String>) -> String {
    let mut all = objects(statements);
    all.retain(|(object, _)| !later.contains(object));
    if all.is_empty() {
        return "-- The catalog does not tell what was done.\nSELECT 1;\n".to_owned();
    }
    let lines = all.into_iter().map(|(_, sql)| format!("{sql};\n"));
    lines.collect()
}

/// Objects of statements with their queries.
pub(super) fn objects(statements: &[String]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for text in statements {
        let Ok(statement) = read(text) else {
            continue;
        };
        for (object, sql) in queries(&statement) {
            all.retain(|(known, _)| *known != object);
            all.push((object, sql));
        }
    }
    all
}

/// Objects of a statement, each with its query: a division by zero where it is not as it should be.
fn queries(statement: &Statement) -> Vec<(String, String)> {
    match statement {
        Statement::CreateIndex(index) => {
            let Some(name) = &index.name else {
                return Vec::new();
            };
            let name = Name {
                schema: index.table.schema.clone(),
                name: name.clone(),
            };
            let valid = format!(
                "SELECT 1 / count(*) FROM pg_catalog.pg_index WHERE indisvalid AND indexrelid = {}",
                class(&name)
            );
            vec![(name.quoted(), valid)]
        }
        Statement::Drop { kind, names, .. } if is_relation(*kind) => {
            let gone = |name: &Name| {
                let sql = format!("SELECT 1 / ({} IS NULL)::int", class(name));
                (name.quoted(), sql)
            };
            names.iter().map(|dropped| gone(&dropped.name)).collect()
        }
        Statement::AlterRelation { name, actions, .. } => {
            let all = actions.iter();
            all.filter_map(|action| of_action(name, action)).collect()
        }
        _ => Vec::new(),
    }
}

fn of_action(table: &Name, action: &Action) -> Option<(String, String)> {
    let constraint = |name: &str, what: &str| {
        let sql = format!(
            "SELECT 1 / {what} FROM pg_catalog.pg_constraint WHERE conrelid = {} AND conname = {}",
            class(table),
            quote::literal(name)
        );
        (format!("{} {name}", table.quoted()), sql)
    };
    match action {
        Action::AddConstraint(added) => Some(constraint(added.name.as_ref()?, "count(*)")),
        Action::ValidateConstraint(name) => {
            Some(constraint(name, "count(*) FILTER (WHERE convalidated)"))
        }
        Action::DropConstraint { name, .. } => Some(constraint(name, "(count(*) = 0)::int")),
        Action::AlterColumn(column, ColumnChange::NotNull(is_not_null)) => {
            let not = if *is_not_null { "" } else { "NOT " };
            let sql = format!(
                "SELECT 1 / count(*) FROM pg_catalog.pg_attribute WHERE attrelid = {} AND attname = {} AND {not}attnotnull",
                class(table),
                quote::literal(column)
            );
            Some((format!("{} {column} not null", table.quoted()), sql))
        }
        _ => None,
    }
}

fn is_relation(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::Index
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Sequence
    )
}

/// The relation of a name; NULL: there is none.
fn class(name: &Name) -> String {
    format!("pg_catalog.to_regclass({})", quote::literal(&name.quoted()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::verify;

    #[test]
    fn what_is_left_is_looked_for() {
        let verified = |texts: &[&str]| {
            let all: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            verify(&all, &BTreeSet::new())
        };
        assert_eq!(
            verified(&[
                "DROP INDEX CONCURRENTLY IF EXISTS s.a",
                "CREATE INDEX CONCURRENTLY a ON s.t (x)",
                "DROP INDEX b",
            ]),
            "SELECT 1 / count(*) FROM pg_catalog.pg_index WHERE indisvalid AND indexrelid = pg_catalog.to_regclass('s.a');\n\
             SELECT 1 / (pg_catalog.to_regclass('b') IS NULL)::int;\n"
        );
        assert_eq!(
            verified(&["ALTER TABLE t VALIDATE CONSTRAINT c, ALTER COLUMN x SET NOT NULL"]),
            "SELECT 1 / count(*) FILTER (WHERE convalidated) FROM pg_catalog.pg_constraint \
             WHERE conrelid = pg_catalog.to_regclass('t') AND conname = 'c';\n\
             SELECT 1 / count(*) FROM pg_catalog.pg_attribute \
             WHERE attrelid = pg_catalog.to_regclass('t') AND attname = 'x' AND attnotnull;\n"
        );
        assert!(verified(&["COMMENT ON TABLE t IS 'x'"]).contains("SELECT 1;"));
    }
}
