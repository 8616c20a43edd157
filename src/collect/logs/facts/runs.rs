//! Which statements are run after which, and again and again.

use rusqlite::{Connection, Result, params};

use super::statements::{Book, ms};
use crate::collect::logs::scan::Scan;
use crate::parse::log::tally::runs::{Figures, LENGTHS, Length};

pub(super) fn write(facts: &Connection, scan: &Scan, book: &Book) -> Result<()> {
    let found = &scan.tally.runs.figures;
    followed(facts, scan, book, found)?;
    repeated(facts, scan, book, found)?;
    polls(facts, scan, book)
}

fn followed(facts: &Connection, scan: &Scan, book: &Book, found: &Figures) -> Result<()> {
    let id = |text, database| book.numbered(&scan.tally, text, database);
    let mut all: Vec<_> = found
        .followed
        .iter()
        .filter_map(|((parent, child, database), found)| {
            Some((id(*parent, *database)?, id(*child, *database)?, found))
        })
        .collect();
    all.sort_by_key(|(parent, child, _)| (*parent, *child));
    let mut insert = facts.prepare(
        "INSERT INTO log_followed (parent_id, child_id, parents, in_transaction, in_trace, beside_queue,
           children, varied, longest, longest_at, longest_ms, longest_pid)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    for (parent, child, found) in all {
        insert.execute(params![
            parent,
            child,
            found.parents as i64,
            found.in_transaction as i64,
            found.in_trace as i64,
            found.beside_queue as i64,
            found.children as i64,
            found.varied as i64,
            found.longest.executions,
            found.longest.at,
            found.longest.at.map(|_| span(found.longest.us)),
            found.longest.pid,
        ])?;
    }
    Ok(())
}

fn repeated(facts: &Connection, scan: &Scan, book: &Book, found: &Figures) -> Result<()> {
    let mut all: Vec<_> = found
        .repeated
        .iter()
        .filter_map(|((text, database), found)| {
            Some((book.numbered(&scan.tally, *text, *database)?, found))
        })
        .collect();
    all.sort_by_key(|(id, _)| *id);
    for (id, found) in all {
        runs(facts, id, "any", &found.runs)?;
        runs(facts, id, "same", &found.same)?;
    }
    Ok(())
}

fn runs(facts: &Connection, id: i64, kind: &str, all: &[Length]) -> Result<()> {
    let mut insert = facts.prepare_cached(
        "INSERT INTO log_runs (statement_id, kind, length, runs, executions, varied, in_transaction,
           in_trace, beside_queue, total_ms, longest, longest_at, longest_ms, longest_pid)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?;
    for (least, found) in LENGTHS.iter().zip(all).filter(|(_, found)| found.runs > 0) {
        insert.execute(params![
            id,
            kind,
            least,
            found.runs as i64,
            found.executions as i64,
            found.varied as i64,
            found.in_transaction as i64,
            found.in_trace as i64,
            found.beside_queue as i64,
            span(found.us),
            found.longest.executions,
            found.longest.at,
            found.longest.at.map(|_| span(found.longest.us)),
            found.longest.pid,
        ])?;
    }
    Ok(())
}

fn polls(facts: &Connection, scan: &Scan, book: &Book) -> Result<()> {
    let tally = &scan.tally;
    let mut all: Vec<_> = tally
        .runs
        .polls
        .iter()
        .filter_map(|(text, poll)| Some((book.numbered(tally, text, poll.database)?, poll)))
        .collect();
    all.sort_by_key(|(id, poll)| (*id, std::cmp::Reverse(poll.executions), poll.from));
    let mut insert = facts.prepare(
        "INSERT OR IGNORE INTO log_polls (statement_id, executions, from_at, to_at, gap_ms, gap_deviation_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (id, poll) in all {
        insert.execute(params![
            id,
            poll.executions as i64,
            poll.from,
            poll.to,
            poll.gap() * 1e3,
            poll.deviation() * 1e3,
        ])?;
    }
    Ok(())
}

/// A span of time as milliseconds.
fn span(us: i64) -> f64 {
    ms(u64::try_from(us).unwrap_or_default())
}
