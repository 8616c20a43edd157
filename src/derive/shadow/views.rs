//! Views.

use std::collections::HashMap;

use rusqlite::{Connection, Result};

use super::catalog::{Catalog, rows};
use super::objects::{Kind, Relation};
use super::script::Script;
use crate::facts::quote;

/// Options of views that bear on plans.
const OPTIONS: [&str; 2] = ["security_barrier", "security_invoker"];

/// Adds the views, each after those that it reads.
pub(super) fn make(
    facts: &Connection,
    database: i64,
    catalog: &Catalog,
    script: &mut Script,
) -> Result<()> {
    let mut reads: HashMap<i64, Vec<i64>> = HashMap::new();
    let pairs = rows(
        facts,
        "SELECT DISTINCT v.view_id, v.relation_id FROM view_columns v JOIN relations r ON r.id = v.view_id
         WHERE r.database_id = ?1 AND v.relation_id <> v.view_id",
        database,
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
    )?;
    for (view, read) in pairs {
        reads.entry(view).or_default().push(read);
    }
    let views = catalog.relations.iter().filter(|r| r.kind == Kind::View);
    let mut left: Vec<&Relation> = views.filter(|r| r.extension.is_none()).collect();
    while !left.is_empty() {
        let waits = |view: &Relation| {
            let read = reads.get(&view.id).map_or(&[][..], Vec::as_slice);
            read.iter()
                .any(|id| left.iter().any(|other| other.id == *id))
        };
        let (later, mut now): (Vec<&Relation>, Vec<&Relation>) =
            left.iter().partition(|view| waits(view));
        if now.is_empty() {
            // Views that read each other in a circle: the server refuses what it must.
            now.clone_from(&left);
            left.clear();
        } else {
            left = later;
        }
        for view in now {
            match create(view, catalog) {
                Some(sql) => script.table(sql, view),
                None => script.leave_out("view", view, "its query could not be read"),
            }
        }
    }
    Ok(())
}

fn create(view: &Relation, catalog: &Catalog) -> Option<String> {
    let definition = view.definition.as_deref()?.trim_end().trim_end_matches(';');
    let columns: Vec<String> = (view.columns.iter().filter(|column| !column.is_dropped))
        .map(|column| quote::ident(&column.name))
        .collect();
    let columns = if columns.is_empty() {
        String::new()
    } else {
        format!(" ({})", columns.join(", "))
    };
    let options: Vec<String> = (view.options.iter())
        .filter(|(name, _)| OPTIONS.contains(&name.as_str()))
        .filter(|(name, _)| name != "security_invoker" || catalog.major >= 15)
        .map(|(name, value)| format!("{name} = {}", quote::literal(value)))
        .collect();
    let options = if options.is_empty() {
        String::new()
    } else {
        format!(" WITH ({})", options.join(", "))
    };
    Some(format!(
        "CREATE VIEW {}{columns}{options} AS {definition}",
        view.sql()
    ))
}
