//! The tables that are filled.

use rusqlite::{Connection, Result, params};
use serde_json::Value;

/// What was compared for an action (`migration_plan_checks`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Check {
    /// `migration_effects.id`.
    pub effect: i64,
    /// Statements that were planned before and after.
    pub statements: usize,
    /// Statements that can't be planned.
    pub unplanned: usize,
    /// Why nothing is known.
    pub because: Option<String>,
    /// What would let it be known.
    pub remedy: Option<String>,
}

/// What becomes of a statement (`migration_plan_changes`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Change {
    /// `migration_effects.id`.
    pub effect: i64,
    /// `statements.id`.
    pub statement: i64,
    /// changed, fails, fails with types or unknown.
    pub outcome: &'static str,
    /// Cost before, in the planner's units.
    pub before: Option<f64>,
    /// Cost after.
    pub after: Option<f64>,
    /// Values of a column could not be carried over.
    pub is_rough: bool,
    /// What is other in the plans.
    pub differences: Vec<String>,
    /// SQLSTATE of the failure.
    pub error: Option<String>,
    /// What the server says, where that has no values in it.
    pub message: Option<String>,
    /// Types of parameters with which it fails.
    pub types: Vec<String>,
    /// Why it is not known.
    pub because: Option<String>,
}

impl Check {
    /// Writes it.
    pub fn write(&self, facts: &Connection) -> Result<()> {
        facts
            .prepare_cached(
                "INSERT OR REPLACE INTO migration_plan_checks VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                self.effect,
                self.statements as i64,
                self.unplanned as i64,
                self.because,
                self.remedy,
            ])?;
        Ok(())
    }
}

impl Change {
    /// Writes it.
    pub fn write(&self, facts: &Connection) -> Result<()> {
        let list = |all: &[String]| Value::from(all.to_vec()).to_string();
        facts
            .prepare_cached(
                "INSERT INTO migration_plan_changes VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                self.effect,
                self.statement,
                self.outcome,
                self.before,
                self.after,
                self.is_rough,
                list(&self.differences),
                self.error,
                self.message,
                list(&self.types),
                self.because,
            ])?;
        Ok(())
    }
}
