//! All derivations, in order.

use rusqlite::{Connection, Result};

use super::{gaps, settings};

/// Derives what follows from the facts collected. Running it again changes nothing.
pub fn all(facts: &Connection) -> Result<()> {
    let transaction = facts.unchecked_transaction()?;
    settings::numbers(&transaction)?;
    gaps::book(&transaction)?;
    transaction.commit()
}
