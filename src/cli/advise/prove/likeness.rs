//! How far a copy is like its original.

use std::collections::HashMap;

use anyhow::bail;
use rusqlite::Connection;

use super::copy::Copy;
use crate::derive::shadow::planner_settings;
use crate::facts::{human, quote};

/// Tables of the copy, with what the planner goes by.
const TABLES: &str = "SELECT n.nspname, c.relname, c.reltuples, c.relpages, c.relallvisible
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm', 'p')";

/// Tables that statements of the workload name or advice is for.
const NAMED: &str = "SELECT DISTINCT r.schema, r.name, r.row_estimate, r.pages, r.pages_all_visible
    FROM relations r
    WHERE r.database_id = ?1 AND r.kind IN ('table', 'materialized view')
      AND r.id IN (SELECT relation_id FROM query_relations)
    ORDER BY r.schema, r.name";

/// Most tables that a sentence names.
const TOLD: usize = 5;
/// Share of a table that is all visible from which on index-only scans count on it.
const VISIBLE: f64 = 0.5;

/// A table as the planner knows it.
struct Table {
    rows: f64,
    pages: f64,
    visible: f64,
}

/// How a copy differs, and the settings that make its planner the original's.
pub struct Likeness {
    /// Sentences.
    pub apart: Vec<String>,
    /// Settings of the original that the copy does not have.
    pub settings: Vec<(String, String)>,
}

/// Compares tables and settings; `apart` is the factor from which on numbers of rows are told. A copy without
/// statistics is an error, since its plans are guesses.
pub fn likeness(
    copy: &Copy,
    facts: &Connection,
    database: i64,
    apart: f64,
) -> anyhow::Result<Likeness> {
    let there = tables(copy)?;
    let mut statement = facts.prepare(NAMED)?;
    let named = statement.query_map([database], |row| {
        let name: (String, String) = (row.get(0)?, row.get(1)?);
        let rows: Option<f64> = row.get(2)?;
        let (pages, visible): (Option<f64>, Option<f64>) = (row.get(3)?, row.get(4)?);
        Ok((name, rows, pages, visible))
    })?;
    let (mut missing, mut unknown, mut others, mut unseen) = (vec![], vec![], vec![], vec![]);
    for one in named {
        let ((schema, table), rows, pages, visible) = one?;
        let called = quote::name(&schema, &table);
        let Some(copied) = there.get(&(schema, table)) else {
            missing.push(called);
            continue;
        };
        let rows = rows.unwrap_or(0.0);
        let is_known = copied.rows >= 0.0 && (copied.rows > 0.0 || copied.pages > 0.0);
        if !is_known && rows > 0.0 {
            unknown.push(called);
            continue;
        }
        let (more, less) = (copied.rows.max(1.0), rows.max(1.0));
        if more > apart * less || less > apart * more {
            let (here, there) = (human::count(copied.rows.max(0.0)), human::count(rows));
            others.push(format!("{called} ({here} rows, {there} in the original)"));
        }
        let is_visible = |visible: f64, pages: f64| visible > VISIBLE * pages;
        let was = visible.zip(pages);
        if was.is_some_and(|(visible, pages)| is_visible(visible, pages))
            && !is_visible(copied.visible, copied.pages)
        {
            unseen.push(called);
        }
    }
    if !unknown.is_empty() {
        bail!(
            "{} has no statistics of {}, so that its plans would be guesses; run ANALYZE there first",
            copy.target(),
            listed(&unknown)
        );
    }
    let mut sentences = Vec::new();
    let mut tell = |what: &str, tables: &[String]| {
        if !tables.is_empty() {
            sentences.push(format!("{what}: {}", listed(tables)));
        }
    };
    tell("tables that the copy lacks", &missing);
    tell("tables of another size", &others);
    tell(
        "tables that were not vacuumed there, so that index-only scans read them as well",
        &unseen,
    );
    let settings = settings(copy, facts)?;
    if !settings.is_empty() {
        let all: Vec<String> = settings
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        sentences.push(format!(
            "settings of the original, which the copy has otherwise, were in force: {}",
            all.join(", ")
        ));
    }
    version(copy, facts, &mut sentences)?;
    Ok(Likeness {
        apart: sentences,
        settings,
    })
}

fn tables(copy: &Copy) -> anyhow::Result<HashMap<(String, String), Table>> {
    let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    let rows = copy.run(TABLES)?.into_iter().filter_map(|row| {
        let name = (row.first()?.clone()?, row.get(1)?.clone()?);
        Some((
            name,
            Table {
                rows: number(row.get(2)?)?,
                pages: number(row.get(3)?)?,
                visible: number(row.get(4)?)?,
            },
        ))
    });
    Ok(rows.collect())
}

/// Settings that bear on plans and that the copy has otherwise than the original.
fn settings(copy: &Copy, facts: &Connection) -> anyhow::Result<Vec<(String, String)>> {
    let rows = copy.run(
        "SELECT name, setting FROM pg_catalog.pg_settings WHERE context IN ('user', 'superuser')",
    )?;
    let there: HashMap<String, String> = rows
        .into_iter()
        .filter_map(|row| match <[_; 2]>::try_from(row) {
            Ok([Some(name), Some(value)]) => Some((name, value)),
            _ => None,
        })
        .collect();
    let all = planner_settings(facts)?.into_iter();
    let apart = all.filter_map(|setting| {
        let value = setting.value?;
        let own = there.get(&setting.name)?;
        // Generic plans are those of statements without values, of which none is run.
        (*own != value && setting.name != "plan_cache_mode").then_some((setting.name, value))
    });
    Ok(apart.collect())
}

fn version(copy: &Copy, facts: &Connection, sentences: &mut Vec<String>) -> anyhow::Result<()> {
    let original: Option<u32> =
        facts.query_row("SELECT max(version_num) / 10000 FROM nodes", [], |row| {
            row.get(0)
        })?;
    if let Some(original) = original.filter(|major| *major != copy.major()) {
        sentences.push(format!(
            "the copy runs PostgreSQL {}, the original {original}",
            copy.major()
        ));
    }
    Ok(())
}

fn listed(names: &[String]) -> String {
    let mut text = names[..names.len().min(TOLD)].join(", ");
    if names.len() > TOLD {
        text.push_str(&format!(" and {} more", names.len() - TOLD));
    }
    text
}
