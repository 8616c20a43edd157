//! Constraints that are added, validated, changed and dropped.

use serde_json::Value;

use super::duplicate;
use super::proof;
use super::sink::{Sink, Table};
use crate::parse::ddl::catalog::{Catalog, Constraint, Entity, Foreign, KeyOf, Rule};
use crate::parse::ddl::constraint::{BackingIndex, ConstraintKind, TableConstraint};
use crate::parse::ddl::statement::Name;

/// `ADD CONSTRAINT`
pub(super) fn add(sink: &mut Sink, table: &Table, said: &TableConstraint, below: Option<usize>) {
    let taken = said.name.as_ref().is_some_and(|name| {
        let relation = table.relation.filter(|relation| !relation.implied);
        relation.is_some_and(|relation| relation.constraints.get(name).is_some())
    });
    let first = sink.found.len();
    match &said.kind {
        ConstraintKind::Check(text, _) => {
            let form = if said.not_enforced {
                "add check not enforced"
            } else if said.not_valid {
                "add check not valid"
            } else {
                "add check"
            };
            let target = sink.target_of(table, "table");
            let effect = sink.add(form, "table", target);
            effect.object.clone_from(&said.name);
            effect.with("expression", text.as_str());
            sink.add_below(form, "partition", below.filter(|_| !said.no_inherit));
        }
        ConstraintKind::NotNull(column) => {
            let form = match super::column::not_null_form(table.relation, column) {
                _ if said.not_valid => "add not null not valid",
                "set not null again" => "add not null again",
                "set not null proven" => "add not null proven",
                _ => "add not null",
            };
            let target = sink.target_of(table, "table");
            let effect = sink.add(form, "table", target).of_column(column);
            effect.object.clone_from(&said.name);
            sink.add_below(form, "partition", below);
        }
        ConstraintKind::Foreign { .. } => foreign(sink, table, said, below),
        ConstraintKind::Unique {
            primary,
            columns,
            index,
            ..
        } => unique(sink, table, said, (*primary, columns, index), below),
        ConstraintKind::Exclude { method, .. } => {
            let target = sink.target_of(table, "table");
            let effect = sink.add("add exclusion", "table", target);
            effect.object.clone_from(&said.name);
            effect.with("method", method.as_str());
            sink.add_below("add exclusion", "partition", below);
        }
    }
    if taken && let Some(effect) = sink.found.get_mut(first) {
        effect.fails("42710");
    }
}

fn foreign(sink: &mut Sink, table: &Table, said: &TableConstraint, below: Option<usize>) {
    let ConstraintKind::Foreign {
        columns, table: to, ..
    } = &said.kind
    else {
        return;
    };
    let form = if said.not_enforced {
        "add foreign key not enforced"
    } else if said.not_valid {
        "add foreign key not valid"
    } else {
        "add foreign key"
    };
    let target = sink.target_of(table, "table");
    let effect = sink.add(form, "table", target);
    effect.object.clone_from(&said.name);
    foreign_details(sink, table, said, columns);
    sink.add_below(form, "partition", below);
    let to = sink.table(to);
    let target = sink.target_of(&to, "table");
    let effect = sink.add(form, "referenced", target);
    effect.object.clone_from(&said.name);
    sink.add_below(form, "referenced", to.place);
}

/// Says of the effect that was found last what a foreign key is.
pub(super) fn foreign_details(
    sink: &mut Sink,
    table: &Table,
    said: &TableConstraint,
    columns: &[String],
) {
    let ConstraintKind::Foreign {
        table: to,
        referenced,
        on_delete,
        ..
    } = &said.kind
    else {
        return;
    };
    let indexed = is_indexed(sink.catalog, table, columns);
    let Some(effect) = sink.found.last_mut() else {
        return;
    };
    effect.with("columns", columns);
    effect.with("referenced", to.name.as_str());
    effect.with("referenced_columns", referenced.as_slice());
    effect.with("on_delete", *on_delete);
    effect.with("fk_indexed", indexed.map_or(Value::Null, Value::from));
}

/// The same of a table by its name; none where the table is not known.
pub(in crate::parse) fn has_index(
    catalog: &Catalog,
    name: &Name,
    columns: &[String],
) -> Option<bool> {
    let Some(Entity::Relation(place)) = catalog.find(name) else {
        return None;
    };
    let table = Table {
        name,
        place: Some(place),
        relation: catalog.relations.get(place),
    };
    is_indexed(catalog, &table, columns)
}

/// Whether an index leads with these columns, in any order; none where more indexes may be there
/// than are known.
pub(super) fn is_indexed(catalog: &Catalog, table: &Table, columns: &[String]) -> Option<bool> {
    let relation = table.relation?;
    let places: Option<Vec<usize>> = (columns.iter())
        .map(|name| relation.columns.place(name))
        .collect();
    let Some(places) = places else {
        return (!relation.implied).then_some(false);
    };
    let leads = |at: &usize| {
        let Some(index) = catalog
            .indexes
            .get(*at)
            .filter(|index| index.predicate.is_none())
        else {
            return false;
        };
        let first = index.keys.iter().take(places.len());
        let mut found = first.filter_map(|key| match key.of {
            KeyOf::Column(place) => Some(place),
            KeyOf::Expression(_) => None,
        });
        index.keys.len() >= places.len()
            && found.all(|place| places.contains(&place))
            && index
                .keys
                .iter()
                .take(places.len())
                .all(|key| matches!(key.of, KeyOf::Column(_)))
    };
    if relation.indexes.iter().any(leads) {
        return Some(true);
    }
    (!relation.implied).then_some(false)
}

fn unique(
    sink: &mut Sink,
    table: &Table,
    said: &TableConstraint,
    (primary, columns, index): (bool, &[String], &BackingIndex),
    below: Option<usize>,
) {
    let target = sink.target_of(table, "table");
    let Some(existing) = &index.existing else {
        let form = if primary {
            "add primary key"
        } else {
            "add unique"
        };
        let nullable: Vec<&str> = (columns.iter())
            .filter(|name| super::column::not_null_form(table.relation, name) == "set not null")
            .map(String::as_str)
            .collect();
        let same = duplicate::of_constraint(sink.catalog, table, columns, index);
        let effect = sink.add(form, "table", target);
        effect.object.clone_from(&said.name);
        effect.with("columns", columns);
        if primary && !nullable.is_empty() {
            effect.with("nullable", nullable);
        }
        if let Some(same) = same {
            effect.with("same_as", same);
        }
        if index.nulls_not_distinct {
            effect.with("nulls_not_distinct", true);
        }
        return sink.add_below(form, "partition", below);
    };
    if !primary {
        let effect = sink.add("add unique using index", "table", target);
        effect.object.clone_from(&said.name);
        effect.with("index", existing.as_str());
        return;
    }
    let mut nullable = Vec::new();
    let mut is_known = false;
    if let Some(relation) = table.relation
        && let Some(place) = table.place
        && let Ok(at) = sink.catalog.index_of(place, existing)
        && let Some(known) = sink.catalog.indexes.get(at)
    {
        is_known = true;
        for key in &known.keys {
            if let KeyOf::Column(at) = key.of
                && let Some((name, _)) = relation.columns.at(at)
                && super::column::not_null_form(Some(relation), name) == "set not null"
            {
                nullable.push(name.to_owned());
            }
        }
    }
    let unseen = table.relation.is_none_or(|relation| relation.implied);
    let form = if nullable.is_empty() || unseen {
        "add primary key using index"
    } else {
        "add primary key using nullable index"
    };
    let effect = sink.add(form, "table", target);
    effect.object.clone_from(&said.name);
    effect.with("index", existing.as_str());
    if !nullable.is_empty() {
        effect.with("nullable", nullable);
    } else if !is_known || unseen {
        effect.with("nullable", "unknown");
    }
}

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
            if cascade && let Some(place) = table.place {
                for other in referencing_index(sink.catalog, place, *index) {
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

fn foreign_to<'a>(
    catalog: &'a Catalog,
    place: usize,
) -> impl Iterator<Item = (usize, &'a Foreign)> + 'a {
    let from = catalog
        .relations
        .get(place)
        .map(|known| known.referenced_by.clone());
    let from = from.unwrap_or_default().into_iter();
    from.flat_map(move |from| {
        let relation = catalog.relations.get(from);
        let constraints = relation
            .into_iter()
            .flat_map(|known| known.constraints.iter());
        constraints.filter_map(move |(_, _, constraint)| match &constraint.rule {
            Rule::Foreign(foreign) if foreign.relation == place => Some((from, foreign)),
            _ => None,
        })
    })
}

/// Tables with foreign keys to a table; with columns given, only those to one of these.
pub(super) fn referencing(
    catalog: &Catalog,
    place: usize,
    columns: Option<&[usize]>,
) -> Vec<usize> {
    let uses = |foreign: &Foreign| {
        columns.is_none_or(|columns| foreign.referenced.iter().any(|at| columns.contains(at)))
    };
    let found = foreign_to(catalog, place).filter(|(_, foreign)| uses(foreign));
    let mut found: Vec<usize> = found.map(|(from, _)| from).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn referencing_index(catalog: &Catalog, place: usize, index: usize) -> Vec<usize> {
    let found = foreign_to(catalog, place).filter(|(_, foreign)| foreign.index == Some(index));
    let mut found: Vec<usize> = found.map(|(from, _)| from).collect();
    found.sort_unstable();
    found.dedup();
    found
}
