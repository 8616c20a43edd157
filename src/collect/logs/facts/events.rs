//! Errors and events of the log.

use rusqlite::{Connection, Result, params};

use super::statements::Book;
use crate::collect::logs::scan::Scan;
use crate::parse::log::message::Kind;
use crate::parse::log::tally::Noted;

pub(super) fn errors(facts: &Connection, scan: &Scan, book: &Book) -> Result<()> {
    let mut insert = facts.prepare(
        "INSERT INTO log_errors (severity, sqlstate, message, count, first_at, last_at, statement_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (key, tally) in scan.tally.errors.sorted() {
        let code = key
            .sqlstate
            .map(|code| String::from_utf8_lossy(&code).into_owned());
        insert.execute(params![
            key.severity.word(),
            code,
            key.pattern,
            tally.count as i64,
            tally.times.map(|(first, _)| first),
            tally.times.map(|(_, last)| last),
            book.any(tally.text),
        ])?;
    }
    Ok(())
}

pub(super) fn events(facts: &Connection, scan: &Scan, book: &Book) -> Result<()> {
    let mut all: Vec<&Noted> = scan.tally.incidents.iter().collect();
    // Each kind is in the order of the log; what has no time comes first.
    all.sort_by_key(|noted| noted.time);
    let mut insert = facts.prepare(
        "INSERT INTO log_events (kind, at, pid, user_name, database_name, application_name, duration_ms,
           bytes, object, mode, message, statement_id, relation_name)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    let mut party = facts.prepare(
        "INSERT INTO log_event_parties (event_id, pid, holds, mode, object, blocked_by, statement_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for noted in all {
        let incident = &noted.incident;
        let person = book.person(noted.who).cloned().unwrap_or_default();
        let is_bytes = incident.kind == Kind::TempFile;
        insert.execute(params![
            incident.kind.name(),
            noted.time,
            noted.pid,
            person.user,
            person.database,
            person.application,
            incident
                .amount
                .filter(|_| !is_bytes)
                .map(|us| us as f64 / 1e3),
            incident.amount.filter(|_| is_bytes),
            incident.object,
            incident.mode,
            incident.message,
            book.id(incident.text, noted.who),
            incident.relation,
        ])?;
        let id = facts.last_insert_rowid();
        for of in &incident.parties {
            party.execute(params![
                id,
                of.pid,
                of.holds,
                of.mode,
                of.object,
                of.blocked_by,
                book.any(of.text),
            ])?;
        }
    }
    Ok(())
}
