//! Whether a statement is taken, and the error that says why not.

use tokio_postgres::error::ErrorPosition;

use super::ask;
use super::build::lost;
use super::lane::{GENERIC_PLAN, Lane};
use super::planner::{Shadow, gone};
use crate::advise::index::Lost;
use crate::advise::workload::PlanError;
use crate::collect::connect::ReadError;
use crate::parse::{TokenKind, tokenize};

/// Name of the prepared statement that is tried, before 16.
const TRIED: &str = "pgtriage_check";
/// SQLSTATE of what we refuse ourselves: `feature_not_supported`.
const REFUSED: &str = "0A000";

impl Shadow {
    /// Types of the parameters of a statement, as it is written, where these are those of the first ones; a refusal
    /// says why it can't be prepared.
    pub fn prepared(
        &mut self,
        settings: &[(String, String)],
        text: &str,
        types: &[String],
    ) -> Result<Result<Vec<String>, PlanError>, Lost> {
        let lane = self.lanes.first_mut().ok_or_else(gone)?;
        self.runtime
            .block_on(lane.prepared(settings.to_vec(), text, types))
    }
}

/// A refusal of ours.
fn refused(message: String) -> PlanError {
    PlanError {
        code: REFUSED.to_owned(),
        message,
        position: None,
    }
}

impl Lane {
    /// Prepares a statement with some types for its parameters, and forgets it.
    async fn prepared(
        &mut self,
        settings: Vec<(String, String)>,
        text: &str,
        types: &[String],
    ) -> Result<Result<Vec<String>, PlanError>, Lost> {
        let statement = match ask::statement(text) {
            Ok(statement) => statement,
            Err(because) => return Ok(Err(refused(because))),
        };
        if let Err(because) = self.set(settings).await? {
            return Ok(Err(refused(because)));
        }
        let types = if types.is_empty() {
            String::new()
        } else {
            format!(" ({})", types.join(", "))
        };
        let sql = format!(
            "PREPARE {TRIED}{types} AS {statement}; SELECT t::text FROM pg_catalog.pg_prepared_statements,
             pg_catalog.unnest(parameter_types) t WHERE name = '{TRIED}'; DEALLOCATE {TRIED}"
        );
        match self.planner.run(&sql).await {
            Ok(rows) => Ok(Ok(rows
                .into_iter()
                .filter_map(|row| row.into_iter().next()?)
                .collect())),
            Err(ReadError::Server(error)) => Ok(Err(PlanError {
                code: error.code().code().to_owned(),
                message: error.message().to_owned(),
                position: None,
            })),
            Err(error) => Err(lost(error)),
        }
    }

    /// Plans a statement for its errors only.
    pub async fn check(
        &mut self,
        settings: Vec<(String, String)>,
        text: &str,
    ) -> Result<Result<(), PlanError>, Lost> {
        let statement = match ask::statement(text) {
            Ok(statement) => statement,
            Err(because) => return Ok(Err(refused(because))),
        };
        if let Err(because) = self.set(settings).await? {
            return Ok(Err(refused(because)));
        }
        let has_parameters = tokenize(statement)
            .iter()
            .any(|token| token.kind == TokenKind::Param);
        let is_prepared = has_parameters && self.major < GENERIC_PLAN;
        let head = match (is_prepared, has_parameters) {
            (true, _) => format!("PREPARE {TRIED} AS "),
            (false, true) => "EXPLAIN (GENERIC_PLAN) ".to_owned(),
            (false, false) => "EXPLAIN ".to_owned(),
        };
        let error = match self.planner.run(&format!("{head}{statement}")).await {
            Ok(_) if is_prepared => {
                let deallocate = format!("DEALLOCATE {TRIED}");
                self.planner.run(&deallocate).await.map_err(lost)?;
                return Ok(Ok(()));
            }
            Ok(_) => return Ok(Ok(())),
            Err(ReadError::Server(error)) => error,
            Err(error) => return Err(lost(error)),
        };
        // The error counts from the head on, and repair from the beginning of the text.
        let before = text
            .find(statement)
            .map_or(0, |at| text[..at].chars().count());
        let position = match error.position() {
            Some(ErrorPosition::Original(at)) => (*at as usize)
                .checked_sub(head.chars().count())
                .map(|at| at + before),
            _ => None,
        };
        Ok(Err(PlanError {
            code: error.code().code().to_owned(),
            message: error.message().to_owned(),
            position,
        }))
    }
}
