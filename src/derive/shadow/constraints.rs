//! Constraints that no index backs: the planner believes them.

use std::fmt::Write as _;

use super::catalog::Catalog;
use super::objects::Constraint;
use super::script::{Script, Statement};
use crate::facts::quote;

/// Constraints that one statement marks.
const CHUNK: usize = 500;

/// Adds foreign keys, in the order of their oids. Those of partitions come with the one of their table.
pub(super) fn foreign_keys(catalog: &Catalog, script: &mut Script) {
    let keys = catalog
        .constraints
        .iter()
        .filter(|c| c.kind == "foreign key" && !c.is_inherited);
    for constraint in keys {
        let Some(mut statement) = add(catalog, constraint, "", script) else {
            continue;
        };
        statement.relations.extend(constraint.referenced);
        script.indexes.push(statement);
    }
}

/// Adds checks such that the rows that are there need not meet them, and marks them as valid all the same.
pub(super) fn checks(catalog: &Catalog, script: &mut Script) {
    let checks = catalog.constraints.iter().filter(|c| c.kind == "check");
    for constraint in checks.clone().filter(|c| !c.is_inherited) {
        let definition = constraint.definition.as_deref().unwrap_or_default();
        let is_unproved =
            definition.ends_with(" NOT VALID") || definition.ends_with(" NOT ENFORCED");
        let added = add(
            catalog,
            constraint,
            if is_unproved { "" } else { " NOT VALID" },
            script,
        );
        script.statistics.extend(added);
    }
    let not_valid =
        (catalog.constraints.iter()).filter(|c| c.kind == "not null" && !c.is_validated);
    let marked: Vec<&Constraint> = checks.filter(|c| c.is_validated).chain(not_valid).collect();
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
