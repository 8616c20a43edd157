//! Who ran a statement, when, and its slowest executions.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::facts::{FactsError, Store};

/// What the logs hold about one statement beside its figures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Detail {
    /// By role and application, most time first.
    pub groups: Vec<Group>,
    /// By hour or longer, in order of time.
    pub hours: Vec<Hour>,
    /// The slowest executions, slowest first.
    pub samples: Vec<Sample>,
    /// The slowest plan of `auto_explain`, where literals are kept: its time in ms, and its text.
    pub plan: Option<(f64, String)>,
}

/// Figures of a role and application.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    /// Role; `None`: the log does not say.
    pub user: Option<String>,
    /// `application_name`.
    pub application: Option<String>,
    /// Executions.
    pub calls: i64,
    /// All their time, ms.
    pub total_ms: f64,
}

/// Figures of an hour, or of a longer step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hour {
    /// When it begins, microseconds.
    pub at: i64,
    /// Its length.
    pub step_ms: f64,
    /// Executions.
    pub calls: i64,
    /// All their time, ms.
    pub total_ms: f64,
}

/// An execution.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sample {
    /// How long it took.
    pub duration_ms: f64,
    /// When it ended, microseconds.
    pub at: Option<i64>,
    /// Role.
    pub user: Option<String>,
    /// `application_name`.
    pub application: Option<String>,
    /// Text with its literals, where they are kept.
    pub text: Option<String>,
    /// Values of its parameters as the server wrote them, where they are kept.
    pub parameters: Option<String>,
}

/// Details of one statement, or of all, by id.
pub fn details(store: &Store, only: Option<i64>) -> Result<BTreeMap<i64, Detail>, FactsError> {
    let mut all = BTreeMap::new();
    let facts = store.connection();
    groups(facts, only, &mut all)?;
    hours(facts, only, &mut all)?;
    samples(facts, only, &mut all)?;
    plans(facts, only, &mut all)?;
    Ok(all)
}

type Details = BTreeMap<i64, Detail>;

fn groups(facts: &Connection, only: Option<i64>, all: &mut Details) -> rusqlite::Result<()> {
    let mut statement = facts.prepare(
        "SELECT statement_id, user_name, application_name, calls, total_ms FROM log_statement_groups
         WHERE ?1 IS NULL OR statement_id = ?1
         ORDER BY statement_id, total_ms DESC, user_name, application_name",
    )?;
    let mut rows = statement.query([only])?;
    while let Some(row) = rows.next()? {
        all.entry(row.get(0)?).or_default().groups.push(Group {
            user: row.get(1)?,
            application: row.get(2)?,
            calls: row.get(3)?,
            total_ms: row.get(4)?,
        });
    }
    Ok(())
}

fn hours(facts: &Connection, only: Option<i64>, all: &mut Details) -> rusqlite::Result<()> {
    let mut statement = facts.prepare(
        "SELECT statement_id, at, step_ms, calls, total_ms FROM log_statement_hours
         WHERE ?1 IS NULL OR statement_id = ?1 ORDER BY statement_id, at",
    )?;
    let mut rows = statement.query([only])?;
    while let Some(row) = rows.next()? {
        all.entry(row.get(0)?).or_default().hours.push(Hour {
            at: row.get(1)?,
            step_ms: row.get(2)?,
            calls: row.get(3)?,
            total_ms: row.get(4)?,
        });
    }
    Ok(())
}

fn samples(facts: &Connection, only: Option<i64>, all: &mut Details) -> rusqlite::Result<()> {
    let mut statement = facts.prepare(
        "SELECT statement_id, duration_ms, at, user_name, application_name, text, parameters
         FROM log_samples WHERE ?1 IS NULL OR statement_id = ?1 ORDER BY statement_id, rank",
    )?;
    let mut rows = statement.query([only])?;
    while let Some(row) = rows.next()? {
        all.entry(row.get(0)?).or_default().samples.push(Sample {
            duration_ms: row.get(1)?,
            at: row.get(2)?,
            user: row.get(3)?,
            application: row.get(4)?,
            text: row.get(5)?,
            parameters: row.get(6)?,
        });
    }
    Ok(())
}

fn plans(facts: &Connection, only: Option<i64>, all: &mut Details) -> rusqlite::Result<()> {
    let mut statement = facts.prepare(
        "SELECT statement_id, duration_ms, plan FROM log_plans
         WHERE ?1 IS NULL OR statement_id = ?1",
    )?;
    let mut rows = statement.query([only])?;
    while let Some(row) = rows.next()? {
        let plan = Some((row.get(1)?, row.get(2)?));
        all.entry(row.get(0)?).or_default().plan = plan;
    }
    Ok(())
}
