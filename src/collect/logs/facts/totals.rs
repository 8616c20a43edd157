//! Sources, totals, counts of messages and figures over time.

use std::collections::BTreeMap;

use rusqlite::{Connection, Result, params};

use super::statements::ms;
use crate::collect::logs::scan::Scan;
use crate::parse::log::events::Met;
use crate::parse::log::labels::Severity;

/// Characters of a line that could not be read that are kept.
const LINE: usize = 100;

const SEVERITIES: [Severity; 8] = [
    Severity::Debug,
    Severity::Info,
    Severity::Notice,
    Severity::Warning,
    Severity::Log,
    Severity::Error,
    Severity::Fatal,
    Severity::Panic,
];

pub(super) fn sources(facts: &Connection, scan: &Scan, literals: bool) -> Result<()> {
    let mut insert = facts.prepare(
        "INSERT INTO log_sources (name, format, envelope, packing, prefixes, prefix_source, log_bytes,
           records, unread, first_unread, from_at, to_at, note)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    for account in &scan.accounts {
        let line = account.first_unread().map(|line| {
            let line = String::from_utf8_lossy(line);
            if literals {
                line.into_owned()
            } else {
                without_literals(&line)
            }
        });
        let is_stderr = !account.prefixes.is_empty();
        insert.execute(params![
            account.name,
            account.format,
            account.envelope,
            account.packing,
            is_stderr.then(|| serde_json::json!(account.prefixes).to_string()),
            account.prefix_source,
            account.bytes as i64,
            (account.met.records + account.met.filtered) as i64,
            account.unread() as i64,
            line,
            account.met.span.map(|(from, _)| from),
            account.met.span.map(|(_, to)| to),
            (!account.notes.is_empty()).then(|| account.notes.join("; ")),
        ])?;
    }
    Ok(())
}

/// The beginning of a line with what stands in quotes left out.
fn without_literals(line: &str) -> String {
    let mut out = String::new();
    let mut quoted = false;
    for c in line.chars().take(LINE) {
        if c == '\'' {
            quoted = !quoted;
            out.push_str(if quoted { "'…" } else { "'" });
        } else if !quoted {
            out.push(c);
        }
    }
    out
}

pub(super) fn totals(facts: &Connection, scan: &Scan) -> Result<()> {
    let mut met = Met::default();
    let mut unread = 0;
    for account in &scan.accounts {
        met.add(&account.met);
        unread += account.unread();
    }
    let totals = &scan.tally.totals;
    let least = scan.tally.statements().filter_map(|(_, s)| s.min_us).min();
    facts.execute(
        "INSERT INTO log_totals (records, filtered, unread, from_at, to_at, statements, duration_ms,
           unpaired, unpaired_ms, least_ms, plans, error_records, temp_bytes, has_time, has_pid,
           has_sqlstate, has_query_id, has_database, has_user, has_application)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
        params![
            met.records as i64,
            met.filtered as i64,
            unread as i64,
            met.times.map(|(from, _)| from),
            met.times.map(|(_, to)| to),
            totals.statements as i64,
            ms(totals.duration_us),
            totals.alone.0 as i64,
            ms(totals.alone.1),
            least.map(ms),
            totals.plans as i64,
            totals.errors.values().sum::<u64>() as i64,
            totals.temp_bytes as i64,
            met.has.time,
            met.has.pid,
            met.has.sqlstate,
            met.has.query_id,
            met.has.database,
            met.has.user,
            met.has.application,
        ],
    )?;
    Ok(())
}

pub(super) fn messages(facts: &Connection, scan: &Scan) -> Result<()> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (kind, count) in &scan.tally.totals.kinds {
        counts.insert(kind.name().to_owned(), *count);
    }
    for account in &scan.accounts {
        for (severity, count) in SEVERITIES.iter().zip(account.met.by_severity) {
            if count > 0 {
                *counts.entry(severity.word().to_owned()).or_default() += count;
            }
        }
    }
    let mut insert = facts.prepare("INSERT INTO log_messages (kind, count) VALUES (?1, ?2)")?;
    for (kind, count) in counts {
        insert.execute(params![kind, count as i64])?;
    }
    Ok(())
}

pub(super) fn series(facts: &Connection, scan: &Scan) -> Result<()> {
    let step = scan.tally.minutes.step_us() as f64 / 1e3;
    let mut insert = facts.prepare(
        "INSERT INTO log_series (at, step_ms, statements, duration_ms, errors, connections, disconnections,
           lock_waits, deadlocks, temp_files, temp_bytes, checkpoints, autovacuums, cancels)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?;
    for (at, minute) in scan.tally.minutes.iter() {
        insert.execute(params![
            at,
            step,
            minute.statements as i64,
            ms(minute.duration_us),
            minute.errors as i64,
            minute.connections as i64,
            minute.disconnections as i64,
            minute.lock_waits as i64,
            minute.deadlocks as i64,
            minute.temp_files as i64,
            minute.temp_bytes as i64,
            minute.checkpoints as i64,
            minute.autovacuums as i64,
            minute.cancels as i64,
        ])?;
    }
    Ok(())
}
