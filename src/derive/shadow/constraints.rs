//! Constraints that no index backs: the planner believes them.

use std::fmt::Write as _;

use super::catalog::Catalog;
use super::objects::{Constraint, Kind};
use super::script::{Script, Statement};
use crate::facts::quote;

/// Constraints that one statement marks.
const CHUNK: usize = 500;

/// Adds foreign keys, in the order of their oids, such that the rows that are there need not meet them. The planner
/// takes no note of those of partitioned tables (`get_relation_foreign_keys`); each partition has its own.
pub(super) fn foreign_keys(catalog: &Catalog, script: &mut Script) {
    for constraint in keys(catalog) {
        let Some(mut statement) = add(catalog, constraint, unproved(constraint), script) else {
            continue;
        };
        statement.relations.extend(constraint.referenced);
        script.indexes.push(statement);
    }
}

fn keys(catalog: &Catalog) -> impl Iterator<Item = &Constraint> {
    let is_partitioned = |constraint: &Constraint| {
        let relation = catalog.relation(constraint.relation);
        relation.is_some_and(|relation| relation.kind == Kind::Partitioned)
    };
    let keys = catalog.constraints.iter();
    keys.filter(move |c| c.kind == "foreign key" && !is_partitioned(c))
}

/// What keeps rows from being checked when a constraint is added.
fn unproved(constraint: &Constraint) -> &'static str {
    let definition = constraint.definition.as_deref().unwrap_or_default();
    if definition.ends_with(" NOT VALID") || definition.ends_with(" NOT ENFORCED") {
        ""
    } else {
        " NOT VALID"
    }
}

/// Adds checks such that the rows that are there need not meet them, and marks them and foreign keys as valid all
/// the same.
pub(super) fn checks(catalog: &Catalog, script: &mut Script) {
    let checks = catalog.constraints.iter().filter(|c| c.kind == "check");
    for constraint in checks.clone().filter(|c| !c.is_inherited) {
        let added = add(catalog, constraint, unproved(constraint), script);
        script.statistics.extend(added);
    }
    let not_valid =
        (catalog.constraints.iter()).filter(|c| c.kind == "not null" && !c.is_validated);
    let valid = checks.chain(keys(catalog)).filter(|c| c.is_validated);
    let marked: Vec<&Constraint> = valid.chain(not_valid).collect();
    for chunk in marked.chunks(CHUNK) {
        script.statistics.push(Statement {
            sql: mark(catalog, chunk),
            object: "constraints as valid".to_owned(),
            relations: chunk.iter().map(|constraint| constraint.relation).collect(),
        });
    }
}

fn add(
    catalog: &Catalog,
    constraint: &Constraint,
    end: &str,
    script: &mut Script,
) -> Option<Statement> {
    let relation = catalog.relation(constraint.relation)?;
    if !relation.is_made() {
        return None;
    }
    let name = quote::ident(&constraint.name);
    let Some(definition) = &constraint.definition else {
        let because = "its definition could not be read while the table was locked";
        script.leave_out(&format!("constraint {name} of"), relation, because);
        return None;
    };
    Some(Statement {
        sql: format!(
            "ALTER TABLE {} ADD CONSTRAINT {name} {definition}{end}",
            relation.sql()
        ),
        object: format!("constraint {name} of {}", relation.sql()),
        relations: vec![relation.id],
    })
}

fn mark(catalog: &Catalog, constraints: &[&Constraint]) -> String {
    let mut values = String::new();
    for constraint in constraints {
        let Some(relation) = catalog.relation(constraint.relation) else {
            continue;
        };
        let _ = write!(
            values,
            "{}({}, {}, {}, {})",
            if values.is_empty() { "" } else { ", " },
            quote::literal(&relation.schema),
            quote::literal(&relation.name),
            quote::literal(&constraint.name),
            constraint.is_validated
        );
    }
    format!(
        "UPDATE pg_constraint k SET convalidated = v.valid \
         FROM (VALUES {values}) AS v(schema, name, constraint_name, valid) \
         JOIN pg_namespace n ON n.nspname = v.schema \
         JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = v.name \
         WHERE k.conrelid = c.oid AND k.conname = v.constraint_name"
    )
}
