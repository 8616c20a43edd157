//! Results are facts too: the tables `rules`, `findings`, `ignored_findings`, `skipped_rules` and
//! `unjudged`.

use rusqlite::{Connection, params};
use serde_json::Value;

use crate::facts::{FactsError, Store};

use super::finding::{Finding, Scope};
use super::outcome::{Outcome, RuleRun};
use super::suppress::{Ignored, IgnoredBy};

/// Writes an outcome in place of what stood in these tables.
pub(super) fn write(store: &Store, outcome: &Outcome) -> Result<(), FactsError> {
    let transaction = store.connection().unchecked_transaction()?;
    transaction
        .execute_batch("DELETE FROM skipped_rules; DELETE FROM unjudged; DELETE FROM findings")?;
    rules(&transaction, &outcome.rules)?;
    ignored(&transaction, &outcome.ignored)?;
    gaps(&transaction, outcome)?;
    for (rank, finding) in outcome.findings.iter().enumerate() {
        insert(&transaction, rank + 1, finding)?;
    }
    transaction.commit()?;
    Ok(())
}

/// Writes what the pages ask for that run after the others.
pub(super) fn write_ignored(
    store: &Store,
    ran: &[RuleRun],
    accepted: &[Ignored],
) -> Result<(), FactsError> {
    let transaction = store.connection().unchecked_transaction()?;
    rules(&transaction, ran)?;
    ignored(&transaction, accepted)?;
    transaction.commit()?;
    Ok(())
}

fn rules(connection: &Connection, rules: &[RuleRun]) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM rules", [])?;
    let mut insert = connection.prepare(
        "INSERT INTO rules (id, title, severity, source, status, finding_count, elapsed_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for rule in rules {
        insert.execute(params![
            rule.id,
            rule.title,
            rule.severity.as_str(),
            rule.source,
            rule.status.as_str(),
            rule.finding_count as i64,
            rule.elapsed_ms
        ])?;
    }
    Ok(())
}

fn ignored(connection: &Connection, ignored: &[Ignored]) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM ignored_findings", [])?;
    let mut insert = connection.prepare(
        "INSERT INTO ignored_findings (key, rule, severity, object, detail, file, line, reason,
           until, ignore_id, settings_line)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    for ignored in ignored {
        let finding = &ignored.finding;
        let (comment, entry) = match &ignored.by {
            IgnoredBy::Entry { line } => (None, Some(*line as i64)),
            IgnoredBy::Comment { id, .. } => (Some(*id), None),
        };
        insert.execute(params![
            finding.key,
            finding.rule,
            finding.severity.as_str(),
            finding.object,
            finding.detail,
            finding.location.file,
            finding.location.line,
            ignored.reason,
            ignored.until.map(|until| until.to_string()),
            comment,
            entry
        ])?;
    }
    Ok(())
}

fn gaps(connection: &Connection, outcome: &Outcome) -> rusqlite::Result<()> {
    let mut insert = connection
        .prepare("INSERT INTO skipped_rules (rule, because, remedy) VALUES (?1, ?2, ?3)")?;
    for skipped in &outcome.skipped {
        insert.execute(params![skipped.rule, skipped.because, skipped.remedy])?;
    }
    let mut insert = connection
        .prepare("INSERT INTO unjudged (rule, object, because, remedy) VALUES (?1, ?2, ?3, ?4)")?;
    for unjudged in &outcome.unjudged {
        for object in &unjudged.objects {
            let gap = &unjudged.gap;
            insert.execute(params![unjudged.rule, object, gap.because, gap.remedy])?;
        }
    }
    Ok(())
}

fn insert(connection: &Connection, rank: usize, finding: &Finding) -> rusqlite::Result<()> {
    let (database, node) = match &finding.scope {
        Scope::Database(name) => (Some(name), None),
        Scope::Node(label) => (None, Some(label)),
    };
    connection
        .prepare_cached(
            "INSERT INTO findings (rank, key, rule, severity, confidence, database_name, node_label,
               subject_kind, subject_id, object, detail, impact_ms_per_hour, reclaim_bytes, score,
               fix, undo, file, line, \"column\", end_line, end_column, evidence, is_new)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
               ?18, ?19, ?20, ?21, ?22, ?23)",
        )?
        .execute(params![
            rank as i64,
            finding.key,
            finding.rule,
            finding.severity.as_str(),
            finding.confidence.as_str(),
            database,
            node,
            finding.subject.map(|subject| subject.kind),
            finding.subject.map(|subject| subject.id),
            finding.object,
            finding.detail,
            finding.impact_ms_per_hour,
            finding.reclaim_bytes,
            finding.score,
            finding.fix,
            finding.undo,
            finding.location.file,
            finding.location.line,
            finding.location.column,
            finding.location.end_line,
            finding.location.end_column,
            Value::Object(finding.evidence.clone()).to_string(),
            finding.is_new
        ])?;
    Ok(())
}
