//! What is shown.

use crate::advise::index::Advice;
use crate::facts::quote::ident;
use crate::facts::{FactsError, Store};

/// What is shown.
pub struct Shown<'s> {
    /// The advice.
    pub advice: &'s Advice,
    /// Facts.
    pub store: &'s Store,
    /// Bytes that were asked for.
    pub budget: Option<u64>,
}

impl Shown<'_> {
    /// Text of a statement.
    pub fn text(&self, statement: i64) -> Result<String, FactsError> {
        let sql = "SELECT coalesce(text, '') FROM statements WHERE id = ?1";
        let text = self.store.connection().query_row(sql, [statement], |row| row.get(0));
        Ok(text?)
    }
}

/// The statement that makes an index.
pub fn create(chosen: &crate::advise::index::Chosen) -> String {
    format!(
        "CREATE INDEX CONCURRENTLY {} ON {}",
        ident(&chosen.name),
        chosen.sized.spec.target()
    )
}
