//! Tables, and what they are parts of.

use std::fmt::Write as _;

use super::catalog::Catalog;
use super::objects::{Column, Kind, Relation};
use super::script::Script;
use crate::facts::quote;

/// Storage parameters that bear on plans, and that any table may have.
const OPTIONS: [&str; 2] = ["fillfactor", "parallel_workers"];

/// Adds the tables in the order of their oids, since equal plans are told apart by it; then puts them together.
pub(super) fn make(catalog: &Catalog, script: &mut Script) {
    for relation in catalog.relations.iter().filter(|r| r.is_made()) {
        script.table(create(catalog, relation), relation);
        let dropped: Vec<String> = (relation.columns.iter())
            .filter(|column| column.is_dropped)
            .map(|column| format!("DROP COLUMN {}", quote::ident(&filler(column))))
            .collect();
        if !dropped.is_empty() {
            let sql = format!("ALTER TABLE {} {}", relation.sql(), dropped.join(", "));
            script.table(sql, relation);
        }
        tell(relation, script);
    }
    for relation in catalog.relations.iter().filter(|r| r.is_made()) {
        for parent in &relation.inherits {
            let sql = format!("ALTER TABLE {} INHERIT {parent}", relation.sql());
            script.table(sql, relation);
        }
        let parent = relation.parent.and_then(|id| catalog.relation(id));
        if let (Some(parent), Some(bound)) = (parent, &relation.bound) {
            let (parent, name) = (parent.sql(), relation.sql());
            let sql = format!("ALTER TABLE {parent} ATTACH PARTITION {name} {bound}");
            script.table(sql, relation);
        }
    }
}

/// Tells what is not as in the original.
fn tell(relation: &Relation, script: &mut Script) {
    if relation.has_row_security {
        script.leave_out(
            "row security of",
            relation,
            "policies are not made; roles that they hold for plan with them",
        );
    }
    if let Some(method) = relation.access_method.as_deref()
        && method != "heap"
    {
        let because = format!("its access method {method} may cost otherwise than heap");
        script.leave_out("", relation, &because);
    }
}

fn create(catalog: &Catalog, relation: &Relation) -> String {
    let mut sql = String::from("CREATE ");
    if relation.is_unlogged && relation.kind == Kind::Table {
        sql.push_str("UNLOGGED ");
    }
    let _ = write!(sql, "TABLE {} (", relation.sql());
    for (place, column) in relation.columns.iter().enumerate() {
        if place > 0 {
            sql.push_str(", ");
        }
        define(catalog, column, &mut sql);
    }
    sql.push(')');
    if let Some(key) = &relation.key {
        let _ = write!(sql, " PARTITION BY {key}");
    }
    let options: Vec<String> = (relation.options.iter())
        .filter(|(name, _)| OPTIONS.contains(&name.as_str()) && relation.kind != Kind::Partitioned)
        .map(|(name, value)| format!("{name} = {}", quote::literal(value)))
        .collect();
    if !options.is_empty() {
        let _ = write!(sql, " WITH ({})", options.join(", "));
    }
    sql
}

/// A column. Dropped ones have a filler, so that the others keep their numbers.
fn define(catalog: &Catalog, column: &Column, sql: &mut String) {
    let Some(kind) = column.kind.as_deref().filter(|_| !column.is_dropped) else {
        let _ = write!(sql, "{} pg_catalog.int4", quote::ident(&filler(column)));
        return;
    };
    let _ = write!(sql, "{} {kind}", quote::ident(&column.name));
    if let Some(collation) = &column.collation {
        let _ = write!(sql, " COLLATE {}", catalog.collation(collation));
    }
    if let (Some(kind), Some(expression)) = (&column.generated, &column.expression) {
        let kind = if kind == "virtual" {
            "VIRTUAL"
        } else {
            "STORED"
        };
        let _ = write!(sql, " GENERATED ALWAYS AS ({expression}) {kind}");
    }
    match &column.not_null_constraint {
        Some((name, tail)) if catalog.major >= 18 => {
            let _ = write!(sql, " CONSTRAINT {} NOT NULL{tail}", quote::ident(name));
        }
        _ if column.not_null => sql.push_str(" NOT NULL"),
        _ => {}
    }
}

fn filler(column: &Column) -> String {
    format!("pgtriage dropped {}", column.position)
}
