//! Constraints that are added.

use serde_json::Value;

use super::duplicate;
use super::sink::{Sink, Table};
use crate::parse::ddl::catalog::{Catalog, Entity, KeyOf};
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
            if said.no_inherit {
                sink.add_below(form, "untouched partition", below);
            } else {
                sink.add_below(form, "partition", below);
            }
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
    let second = matches!(said.kind, ConstraintKind::Unique { primary: true, .. })
        && table.relation.is_some_and(|relation| {
            let mut indexes = relation
                .indexes
                .iter()
                .filter_map(|at| sink.catalog.indexes.get(*at));
            indexes.any(|index| index.primary)
        });
    let unique = match &said.kind {
        ConstraintKind::Unique { columns, index, .. } if index.existing.is_none() => Some(columns),
        _ => None,
    };
    if let Some(columns) = unique
        && !covers_partition_key(table, columns.iter())
        && let Some(effect) = sink.found.get_mut(first)
    {
        effect.fails("0A000");
    }
    if second && let Some(effect) = sink.found.get_mut(first) {
        effect.fails("42P16");
    }
    if taken && let Some(effect) = sink.found.get_mut(first) {
        effect.fails("42710");
    }
}

/// Whether a unique key of a partitioned table has all columns of its partition key, as it has to.
pub(super) fn covers_partition_key<'n>(
    table: &Table,
    mut columns: impl Iterator<Item = &'n String> + Clone,
) -> bool {
    let Some(relation) = table.relation else {
        return true;
    };
    let Some(key) = &relation.partition_key else {
        return true;
    };
    let places = relation.columns_in(key);
    let names = relation.column_names(&places);
    names
        .iter()
        .all(|name| columns.clone().any(|column| column == name))
        || columns.next().is_none()
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
