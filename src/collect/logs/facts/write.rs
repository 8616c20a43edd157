//! All figures of a scan into the facts.

use rusqlite::{Connection, Result};

use super::names::Names;
use super::{events, runs, sampling, statements, totals};
use crate::collect::logs::scan::Scan;
use crate::parse::log::tally::Tally;

/// Tables that hold what logs say.
pub const TABLES: [&str; 15] = [
    "log_sources",
    "log_totals",
    "log_messages",
    "log_errors",
    "log_statements",
    "log_statement_groups",
    "log_statement_hours",
    "log_samples",
    "log_plans",
    "log_series",
    "log_events",
    "log_event_parties",
    "log_followed",
    "log_runs",
    "log_polls",
];

/// Writes the figures of a scan in place of those that are there; gives sentences on what had to be
/// assumed.
pub fn write(facts: &Connection, scan: &Scan, literals: bool) -> Result<Vec<String>> {
    for table in TABLES {
        facts.execute(&format!("DELETE FROM {table}"), [])?;
    }
    let names = Names::find(facts, &scan.tally)?;
    let book = statements::write(facts, scan, &names, literals)?;
    totals::sources(facts, scan, literals)?;
    totals::totals(facts, scan)?;
    sampling::write(facts, scan, &book)?;
    totals::messages(facts, scan)?;
    totals::series(facts, scan)?;
    events::errors(facts, scan, &book)?;
    events::events(facts, scan, &book)?;
    runs::write(facts, scan, &book)?;
    for table in TABLES {
        facts.execute("DELETE FROM collections WHERE table_name = ?1", [table])?;
        facts.execute("DELETE FROM missing_facts WHERE table_name = ?1", [table])?;
        facts.execute(
            &format!(
                "INSERT INTO collections (table_name, node_id, row_count)
                 VALUES (?1, 1, (SELECT count(*) FROM {table}))"
            ),
            [table],
        )?;
    }
    // What is derived from statements is had where these are.
    facts.execute(
        "INSERT INTO collections (table_name, node_id, row_count)
         SELECT 'statements', 1, (SELECT count(*) FROM statements)
         WHERE NOT EXISTS (SELECT 1 FROM collections WHERE table_name = 'statements')",
        [],
    )?;
    let mut notes = names.notes;
    notes.extend(left_out(&scan.tally));
    Ok(notes)
}

/// What there was no room for: memory is bounded.
fn left_out(tally: &Tally) -> Vec<String> {
    let mut notes = Vec::new();
    if tally.rest > 0 {
        notes.push(format!(
            "{} executions are of statements beyond those that are told apart; they count in the totals only",
            tally.rest
        ));
    }
    if tally.errors.rest > 0 {
        notes.push(format!(
            "{} errors and warnings are of causes beyond those that are told apart; they count in the totals only",
            tally.errors.rest
        ));
    }
    let details = tally.room().used_up();
    if !details.is_empty() {
        notes.push(format!(
            "the logs hold so much that of some statements these details are coarser or left out: {}; their sums are exact (--since, --database and the like read less)",
            details.join(", ")
        ));
    }
    if tally.runs.figures.dropped > 0 {
        notes.push(format!(
            "{} pairs and runs of statements were dropped while loops were looked for",
            tally.runs.figures.dropped
        ));
    }
    notes
}
