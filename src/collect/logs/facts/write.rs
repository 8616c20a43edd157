//! All figures of a scan into the facts.

use rusqlite::{Connection, Result};

use super::names::Names;
use super::{events, runs, sampling, statements, totals};
use crate::collect::logs::scan::Scan;

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
    Ok(names.notes)
}
