//! Observations as rows.

use rusqlite::{Connection, Result, params};

use super::course::Observations;
use crate::parse::ddl::effect::Lock;

/// Writes `migration_observations`.
pub fn write(facts: &Connection, observations: &Observations) -> Result<()> {
    let transaction = facts.unchecked_transaction()?;
    let mut whole = transaction.prepare(
        "INSERT INTO migration_observations
           (statement_id, least_level, duration_ms, error, error_message, unseen_because)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut relation = transaction.prepare(
        "INSERT INTO migration_observations
           (statement_id, schema, name, kind, lock, lock_level, held_level, scans, scanned_rows,
            rewritten, built_indexes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    for (id, observed) in observations {
        let error = observed.error.as_ref();
        whole.execute(params![
            id,
            observed.least.map(Lock::level),
            observed.duration_ms,
            error.map(|(code, _)| code),
            error.map(|(_, message)| message),
            observed.unseen,
        ])?;
        for seen in &observed.relations {
            relation.execute(params![
                id,
                seen.schema,
                seen.name,
                seen.kind,
                seen.lock.map(Lock::name),
                seen.lock.map(Lock::level),
                seen.held.map(Lock::level),
                seen.scans.map(|scans| scans.count),
                seen.scans.map(|scans| scans.rows),
                seen.rewritten,
                seen.built_indexes,
            ])?;
        }
    }
    drop((whole, relation));
    transaction.commit()
}
