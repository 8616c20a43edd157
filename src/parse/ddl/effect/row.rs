//! Rows that are written and read.

use super::found::Effect;
use super::sink::{Sink, Table};
use crate::facts::quote;
use crate::parse::ddl::catalog::{Index, KeyOf};
use crate::parse::ddl::dml::{Condition, InsertSource, Query};
use crate::parse::ddl::statement::{Name, Statement};

/// Statements that write and read rows.
pub(super) fn find(sink: &mut Sink, statement: &Statement) {
    let reads = match statement {
        Statement::Insert(said) => {
            let form = match said.source {
                InsertSource::Query => "insert from query",
                _ => "insert",
            };
            let table = sink.table(&said.table);
            let nulls = may_be_null(sink, &said.reads);
            let effect = add(sink, form, &table);
            if let InsertSource::Values(rows) = said.source {
                effect.with("rows", rows);
            }
            if let Some(deed) = said.on_conflict {
                effect.with("on_conflict", deed);
            }
            if said.source == InsertSource::Query {
                effect.with("bounded", said.reads.limited);
                effect.with("reads_tables", !said.reads.tables.is_empty());
                nulls_in(effect, nulls);
            }
            &said.reads
        }
        Statement::Update(said) => {
            let table = sink.table(&said.table.name);
            let new = all_new(sink, &table, &said.columns);
            let bounded = is_bounded(sink, &table, &said.condition);
            let where_new = all_new(sink, &table, &said.condition.columns);
            let joins = said.has_from && joins_only(sink, &said.condition, &said.reads);
            let nulls = may_be_null(sink, &said.reads);
            let effect = add(sink, "update", &table);
            effect.with("columns", said.columns.as_slice());
            if said.has_from {
                effect.with("has_from", true);
            }
            if joins {
                effect.with("where_join_only", true);
            }
            if new {
                effect.with("sets_new_column_only", true);
            }
            condition(effect, &said.condition, bounded, where_new);
            nulls_in(effect, nulls);
            &said.reads
        }
        Statement::Delete(said) => {
            let table = sink.table(&said.table.name);
            let bounded = is_bounded(sink, &table, &said.condition);
            let where_new = all_new(sink, &table, &said.condition.columns);
            let joins = said.has_using && joins_only(sink, &said.condition, &said.reads);
            let nulls = may_be_null(sink, &said.reads);
            let effect = add(sink, "delete", &table);
            if said.has_using {
                effect.with("has_using", true);
            }
            if joins {
                effect.with("where_join_only", true);
            }
            condition(effect, &said.condition, bounded, where_new);
            nulls_in(effect, nulls);
            &said.reads
        }
        Statement::Merge(said) => {
            let table = sink.table(&said.table.name);
            let effect = add(sink, "merge", &table);
            effect.with("deeds", said.deeds.as_slice());
            &said.reads
        }
        Statement::Copy(said) => {
            if let Some(name) = &said.table {
                let form = if said.from { "copy from" } else { "copy to" };
                let table = sink.table(name);
                add(sink, form, &table);
            }
            &said.reads
        }
        Statement::Select(said) => {
            select(sink, &said.reads);
            &said.reads
        }
        _ => return,
    };
    for change in &reads.changes {
        find(sink, change);
    }
}

/// The effect of a form on a table.
fn add<'s>(sink: &'s mut Sink, form: &'static str, table: &Table) -> &'s mut Effect {
    let target = sink.target_of(table, "table");
    let kind = target.kind;
    let effect = sink.add(form, "table", target);
    if kind == "view" {
        effect.with("view", true);
    }
    effect
}

fn condition(effect: &mut Effect, said: &Condition, bounded: bool, where_new: bool) {
    if let Some(text) = said.text.as_ref().filter(|text| !is_always(text)) {
        effect.with("where", text.as_str());
    }
    effect.with("bounded", bounded);
    if where_new {
        effect.with("where_new_column_only", true);
    }
    if !said.equals.is_empty() {
        effect.with("equals", said.equals.as_slice());
    }
}

/// The first column of a query behind NOT IN that is known not to be NOT NULL.
fn may_be_null(sink: &Sink, reads: &Query) -> Option<String> {
    let mut compared = reads.not_in.iter();
    let found = compared.find(|compared| {
        let table = sink.table(&compared.table);
        let is_known = (table.relation).is_some_and(|known| !known.implied && known.kind != "view");
        let column = super::column::known(&table, &compared.column);
        is_known && column.is_some_and(|column| !column.not_null)
    })?;
    let table = quote::ident(&found.table.name);
    Some(format!("{table}.{}", quote::ident(&found.column)))
}

fn nulls_in(effect: &mut Effect, column: Option<String>) {
    if let Some(column) = column {
        effect.with("nulls_in", column);
    }
}

/// Whether a condition is no more than the join with one other table, which the file has not made:
/// a list of the rows that are meant would be one that it made.
fn joins_only(sink: &Sink, said: &Condition, reads: &Query) -> bool {
    let [other] = reads.tables.as_slice() else {
        return false;
    };
    let made = sink.table(&other.of);
    let oid = sink.target_of(&made, "table").oid;
    if oid.is_some_and(|oid| sink.is_new(oid)) {
        return false;
    }
    let Some(text) = &said.text else {
        return false;
    };
    let text = text.to_ascii_lowercase();
    let mut conditions = text.split(" and ");
    conditions.all(|condition| {
        let sides = condition.split_once('=');
        sides.is_some_and(|(a, b)| {
            is_column(a) && is_column(b) && (a.contains('.') || b.contains('.'))
        })
    })
}

/// Whether a condition holds for all rows, as it is written to please a tool that wants one.
fn is_always(text: &str) -> bool {
    let text: String = text.split_whitespace().collect();
    let text = text.trim_matches(['(', ')']);
    if text.eq_ignore_ascii_case("true") {
        return true;
    }
    let digits = |side: &str| !side.is_empty() && side.bytes().all(|b| b.is_ascii_digit());
    text.split_once('=')
        .is_some_and(|(a, b)| a == b && digits(a))
}

/// Whether a text is the name of a column, qualified or not.
fn is_column(text: &str) -> bool {
    let text = text.trim();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '"');
    text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '"'))
        && text.chars().all(plain)
        && !["true", "false", "null", "current_date", "current_user"].contains(&text)
}

/// Whether all of these are columns that the same file added to a table that was there.
fn all_new(sink: &Sink, table: &Table, names: &[String]) -> bool {
    let is_new = |name: &String| {
        let column = super::column::known(table, name);
        column.is_some_and(|column| column.made > 0 && sink.is_new(column.made))
    };
    !names.is_empty() && names.iter().all(is_new)
}

/// Whether a condition holds rows to a part: by their number, or by values of a key.
fn is_bounded(sink: &Sink, table: &Table, said: &Condition) -> bool {
    if said.limited || said.by_ctid || said.by_cursor || !said.ranges.is_empty() {
        return true;
    }
    let Some(relation) = table.relation.filter(|relation| !relation.implied) else {
        return said
            .equals
            .iter()
            .any(|name| name == "id" || name.ends_with("_id") || name == "uuid");
    };
    let given = |index: &Index| {
        index.unique
            && index.keys.iter().all(|key| match key.of {
                KeyOf::Column(place) => (relation.columns.at(place))
                    .is_some_and(|(name, _)| said.equals.iter().any(|said| said == name)),
                KeyOf::Expression(_) => false,
            })
    };
    let mut indexes = relation
        .indexes
        .iter()
        .filter_map(|at| sink.catalog.indexes.get(*at));
    indexes.any(given)
}

/// Tables that a query reads, and sequences whose value it sets.
fn select(sink: &mut Sink, reads: &Query) {
    let form = if reads.locks.is_some() {
        "select for update"
    } else {
        "select"
    };
    for name in &reads.tables {
        let table = sink.table(name);
        if table.place.is_none() && is_system(name) {
            continue;
        }
        let target = sink.target_of(&table, "table");
        let effect = sink.add(form, "table", target);
        if let Some(words) = reads.locks {
            effect.with("words", words);
        }
    }
    for call in &reads.calls {
        let name = call.name.name.as_str();
        if !["setval", "nextval"].contains(&name) {
            continue;
        }
        let sequence = call.arguments.first().map(|text| text.trim_matches('\''));
        let Some(sequence) =
            sequence.and_then(|text| crate::parse::ddl::cursor::Cursor::new(text).name().ok())
        else {
            continue;
        };
        let target = match sink.catalog.find(&sequence) {
            Some(crate::parse::ddl::catalog::Entity::Sequence(at)) => sink.sequence_target(at),
            _ => None,
        };
        let target = target.unwrap_or_else(|| super::sink::unknown(&sequence, "sequence"));
        sink.add("sequence value", "sequence", target).about(name);
    }
}

/// What the server itself keeps.
fn is_system(name: &Name) -> bool {
    match name.schema.as_deref() {
        Some(schema) => schema == "information_schema" || schema.starts_with("pg_"),
        None => name.name.starts_with("pg_"),
    }
}
