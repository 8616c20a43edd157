//! What the UI asks about migrations that are being made: linting, writing.

use std::path::Path;

use rusqlite::Connection;

use super::context::Rules;
use super::fix_files::{self, one_database, place, save};
use super::linted::{forget, judged};
use crate::advise::migration::fixes::{Fix, Linted, migrations};
use crate::engine::{Finding, Outcome, Severity};
use crate::facts::{Store, quote};
use crate::parse::ddl::effect::stands_alone;
use crate::parse::migration::{Direction, File, Layout, Mode, Part};
use crate::tui::{Draft, DraftStatement};

/// Says what the statements of a draft would do, and what is to be said against them.
pub fn lint(
    store: &mut Store,
    rules: &Rules,
    database: Option<&str>,
    sql: &str,
) -> anyhow::Result<Vec<DraftStatement>> {
    let file = File {
        path: "draft.sql".to_owned(),
        text: sql.to_owned(),
        layout: Layout::Sql,
        because: "it is a draft".to_owned(),
        version: None,
        description: None,
        kind: "versioned",
        chain: 1,
        parts: vec![Part::whole(sql, Direction::Up, Mode::Autocommit)],
        expects_down: false,
        up_path: None,
        is_judged: true,
        change: None,
        unread: None,
    };
    let linted = judged(store, rules, database, std::slice::from_ref(&file));
    let statements = linted.and_then(|outcome| statements(store.connection(), &outcome));
    forget(store)?;
    statements
}

fn statements(facts: &Connection, outcome: &Outcome) -> anyhow::Result<Vec<DraftStatement>> {
    let mut query = facts.prepare(
        "SELECT id, text, line, end_line FROM migration_statements WHERE parent_id IS NULL ORDER BY ordinal",
    )?;
    let rows = query.query_map([], |row| {
        let id: i64 = row.get(0)?;
        let text: String = row.get(1)?;
        Ok((id, text, row.get::<_, i64>(2)?, row.get::<_, i64>(3)?))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let (id, text, first, last) = row?;
        let (locks, lock_level) = locks(facts, id)?;
        let here = |finding: &&Finding| {
            finding
                .location
                .line
                .is_some_and(|line| (first..=last).contains(&line))
        };
        let findings = outcome.findings.iter().filter(here);
        let findings: Vec<(Severity, String, String)> = findings
            .map(|found| {
                let sentence = format!("{} {}", found.object, found.detail);
                (found.severity, found.rule.clone(), sentence)
            })
            .collect();
        found.push(DraftStatement {
            is_alone: stands_alone(&text),
            work: work(facts, id)?,
            text,
            locks,
            lock_level,
            findings,
        });
    }
    Ok(found)
}

/// Modes and relations.
type Locks = Vec<(String, String)>;

/// Locks on what was there before, the strongest first, and the level of that.
fn locks(facts: &Connection, id: i64) -> anyhow::Result<(Locks, Option<i64>)> {
    let mut query = facts.prepare_cached(
        "SELECT lock, max(lock_level), schema, name FROM migration_effects
         WHERE statement_id IN (SELECT id FROM migration_statements WHERE id = ?1 OR parent_id = ?1)
           AND lock IS NOT NULL AND made_in IS NULL
         GROUP BY schema, name ORDER BY 2 DESC, name",
    )?;
    let rows = query.query_map([id], |row| {
        let (schema, name): (Option<String>, String) = (row.get(2)?, row.get(3)?);
        let relation = match schema {
            Some(schema) if schema != "public" => quote::name(&schema, &name),
            _ => quote::ident(&name),
        };
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, relation))
    })?;
    let mut level = None;
    let mut locks = Vec::new();
    for row in rows {
        let (lock, found, relation) = row?;
        level = level.max(Some(found));
        locks.push((lock, relation));
    }
    Ok((locks, level))
}

/// What takes time.
fn work(facts: &Connection, id: i64) -> anyhow::Result<Vec<String>> {
    let mut query = facts.prepare_cached(
        "SELECT max(scans), max(rewrites), max(builds) FROM migration_effects
         WHERE statement_id IN (SELECT id FROM migration_statements WHERE id = ?1 OR parent_id = ?1)
           AND made_in IS NULL",
    )?;
    let does: [Option<bool>; 3] =
        query.query_row([id], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?;
    let words = ["reads all rows", "writes the table anew", "builds an index"];
    let pairs = does.into_iter().zip(words);
    let told = pairs.filter(|(does, _)| *does == Some(true));
    Ok(told.map(|(_, word)| word.to_owned()).collect())
}

/// Writes drafts as migrations into a folder, and gives the names of the files and what is left to do. Where the
/// database is known they are linted as the files that they become, which tells the settings that stand before
/// them; what is said against them has been on the screen, and is told again.
pub fn write(
    folder: &Path,
    drafts: &[Draft],
    known: Option<(&mut Store, &Rules)>,
) -> anyhow::Result<Vec<String>> {
    let databases = drafts.iter().filter_map(|draft| draft.database.as_deref());
    let database = one_database(databases)?;
    let fixes: Vec<Fix> = drafts
        .iter()
        .map(|draft| Fix {
            rule: draft.rule.clone(),
            object: draft.object.clone(),
            detail: draft.detail.clone(),
            sql: draft.sql.clone(),
            undo: draft.undo.clone().filter(|_| !draft.is_edited),
            needs: Vec::new(),
        })
        .collect();
    let place = place(folder, Layout::Sql)?;
    let mut linted = match known {
        Some((store, rules)) => {
            let linted = fix_files::linted(rules, store, database, &fixes, Layout::Sql, &place);
            forget(store)?;
            linted?
        }
        None => Linted::default(),
    };
    let against = std::mem::take(&mut linted.against);
    let saved = save(&migrations(&fixes, Layout::Sql, &place, &linted))?;
    let told = against.into_values().flatten();
    Ok(saved
        .paths
        .into_iter()
        .chain(saved.left)
        .chain(told)
        .collect())
}
