//! Constraints that are validated, changed and dropped.

use serde_json::Value;

use super::proof;
use super::referencing::referencing_index;
use super::sink::{Sink, Table};
use crate::parse::ddl::catalog::{Catalog, Constraint, Rule};

/// `VALIDATE CONSTRAINT`
pub(super) fn validate(sink: &mut Sink, table: &Table, name: &str, below: Option<usize>) {
    let target = sink.target_of(table, "table");
    let constraint = table
        .relation
        .and_then(|known| known.constraints.get(name))
        .cloned();
    let Some(constraint) = constraint else {
        let column = table.relation.and_then(|relation| {
            let mut columns = relation.columns.iter();
            columns.find(|(_, _, column)| column.not_null_name.as_deref() == Some(name))
        });
        if let Some((_, column, _)) = column {
            let effect = sink.add("validate not null", "table", target);
            effect.of_column(column).about(name);
            return sink.add_below("validate not null", "partition", below);
        }
        let open = table.relation.is_none_or(|relation| relation.implied);
        let effect = sink.add("validate unknown", "table", target).about(name);
        if !open {
            effect.fails("42704");
        }
        return;
    };
    let in_transaction = constraint.oid >= sink.context.transaction_mark;
    let in_file = sink.is_new(constraint.oid);
    let form = match &constraint.rule {
        _ if !constraint.not_valid => "validate again",
        Rule::Check(_) => "validate check",
        Rule::Foreign(_) => "validate foreign key",
        _ => "validate again",
    };
    let effect = sink.add(form, "table", target).about(name);
    if in_file {
        effect.with(
            "added_in",
            if in_transaction {
                "transaction"
            } else {
                "file"
            },
        );
    }
    sink.add_below(form, "partition", below);
    if let Rule::Foreign(foreign) = &constraint.rule
        && constraint.not_valid
        && let Some(effect) = sink.add_place(form, "referenced", foreign.relation)
    {
        effect.about(name);
    }
}

/// `ALTER CONSTRAINT`
pub(super) fn alter(
    sink: &mut Sink,
    table: &Table,
    name: &str,
    enforced: Option<bool>,
    below: Option<usize>,
) {
    let target = sink.target_of(table, "table");
    let effect = sink.add("alter constraint", "table", target).about(name);
    if let Some(enforced) = enforced {
        effect.with("enforced", enforced);
    }
    sink.add_below("alter constraint", "partition", below);
}

/// `DROP CONSTRAINT`
pub(super) fn remove(
    sink: &mut Sink,
    table: &Table,
    name: &str,
    (if_exists, cascade): (bool, bool),
    below: Option<usize>,
) {
    let target = sink.target_of(table, "table");
    let relation = table.relation;
    let constraint = relation
        .and_then(|known| known.constraints.get(name))
        .cloned();
    let not_null = relation.is_some_and(|known| {
        let mut columns = known.columns.iter();
        columns.any(|(_, _, column)| column.not_null_name.as_deref() == Some(name))
    });
    if constraint.is_none() && !not_null && relation.is_some_and(|known| !known.implied) {
        // Names of NOT NULL are the server's own where nobody gives one.
        let effect = sink.add("drop constraint absent", "table", target);
        effect.about(name).with("if_exists", if_exists);
        if !if_exists && !name.ends_with("_not_null") {
            effect.fails("42704");
        }
        return;
    }
    let kind = constraint
        .as_ref()
        .map(|constraint| kind_of(sink.catalog, constraint));
    let proof = constraint
        .as_ref()
        .is_some_and(|constraint| match &constraint.rule {
            Rule::Check(text) => relation.is_some_and(|relation| {
                let mut columns = relation.columns.iter();
                columns
                    .any(|(_, column, known)| known.not_null && proof::says_not_null(text, column))
            }),
            _ => false,
        });
    let first = sink.found.len();
    let effect = sink.add("drop constraint", "table", target).about(name);
    effect.with("kind", kind.map_or(Value::Null, Value::from));
    if if_exists {
        effect.with("if_exists", true);
    }
    if cascade {
        effect.with("cascade", true);
    }
    if proof {
        effect.with("said_not_null", true);
    }
    sink.add_below("drop constraint", "partition", below);
    let Some(constraint) = constraint else {
        return;
    };
    match &constraint.rule {
        Rule::Foreign(foreign) => {
            sink.add_place("drop constraint", "referenced", foreign.relation);
            sink.add_below("drop constraint", "referenced", Some(foreign.relation));
        }
        Rule::Index { index, .. } => {
            if let Some(target) = sink.index_target(*index) {
                sink.add("drop constraint", "index", target);
            }
            let by = table
                .place
                .map(|place| referencing_index(sink.catalog, place, *index));
            let by = by.unwrap_or_default();
            if !cascade && !by.is_empty() {
                sink.found[first].fails("2BP01");
            } else {
                for other in by {
                    sink.add_place("drop constraint", "referencing", other);
                }
            }
        }
        _ => {}
    }
}

fn kind_of(catalog: &Catalog, constraint: &Constraint) -> &'static str {
    match &constraint.rule {
        Rule::Check(_) => "check",
        Rule::Foreign(_) => "foreign key",
        Rule::Trigger => "trigger",
        Rule::Index { index, .. } => match catalog.indexes.get(*index) {
            Some(index) if index.primary => "primary key",
            Some(index) if index.unique => "unique",
            _ => "exclusion",
        },
    }
}
