//! What was read, or why not, as facts.

use rusqlite::{Connection, Result, params};

use super::reader::RemoteLogs;
use super::refusal::Refusal;
use crate::collect::logs::facts::TABLES;
use crate::facts::setting_number;

/// Books that the log of the main server cannot be read.
pub fn book(facts: &Connection, refusal: &Refusal) -> Result<()> {
    let (reason, remedy) = (refusal.reason(), refusal.remedy());
    for table in TABLES {
        facts.execute("DELETE FROM missing_facts WHERE table_name = ?1", [table])?;
        facts.execute(
            "INSERT INTO missing_facts (table_name, reason, remedy) VALUES (?1, ?2, ?3)",
            params![table, reason, remedy],
        )?;
    }
    Ok(())
}

/// Keeps with the last source what was left out.
pub fn keep_notes(facts: &Connection, logs: &RemoteLogs) -> Result<()> {
    if !logs.notes.is_empty() {
        facts.execute(
            "UPDATE log_sources SET note = coalesce(note || '; ', '') || ?1
             WHERE rowid = (SELECT max(rowid) FROM log_sources)",
            [logs.notes.join("; ")],
        )?;
    }
    Ok(())
}

/// Keeps the settings that tell what is in the log, where no others are known.
pub fn keep_settings(facts: &Connection, logs: &RemoteLogs) -> Result<()> {
    let known: i64 = facts.query_row("SELECT count(*) FROM settings", [], |row| row.get(0))?;
    if known > 0 {
        return Ok(());
    }
    let mut insert = facts.prepare(
        "INSERT INTO settings (name, value, unit, vartype, value_num, server_value, server_value_num)
         VALUES (?1, ?2, ?3, ?4, ?5, ?2, ?5)",
    )?;
    for setting in &logs.access.settings {
        let (unit, vartype) = (setting.unit.as_deref(), setting.vartype.as_deref());
        let value = setting.value.as_deref();
        let number = value.and_then(|value| setting_number(value, unit, vartype));
        insert.execute(params![setting.name, value, unit, vartype, number])?;
    }
    Ok(())
}
