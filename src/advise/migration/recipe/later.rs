//! What belongs into a migration of its own.

use rusqlite::Result;

use crate::advise::migration::case::Case;
use crate::advise::migration::step::{Rewrite, Step};

/// What cannot run in a transaction block.
pub fn outside(case: &Case) -> Result<Option<Rewrite>> {
    let step = Step::new(1, case.statement.text.trim_end()).outside();
    Ok(Some(Rewrite::same(vec![step])))
}

/// What can run only when the transaction before it is over.
pub fn next(case: &Case) -> Result<Option<Rewrite>> {
    let step = Step::new(2, case.statement.text.trim_end());
    Ok(Some(Rewrite::same(vec![step])))
}

/// `VALIDATE CONSTRAINT` in the transaction that added it.
pub fn validate(case: &Case) -> Result<Option<Rewrite>> {
    if case.detail("added_in") != Some("transaction") {
        return Ok(None);
    }
    let sql = case.alter(case.action.text.trim());
    Ok(Some(Rewrite::same(vec![Step::new(2, sql)])))
}
