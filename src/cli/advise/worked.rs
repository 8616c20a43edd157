//! Advice that rule pages read.

use super::params;
use crate::advise::{pool, timeouts};
use crate::derive::growth;
use crate::engine::Plan;
use crate::facts::Store;

/// Works out pool sizes and timeouts of the facts, by the parameters of the pages, and says where growth is not known.
pub fn worked_out(store: &Store, plan: &Plan) -> anyhow::Result<()> {
    let facts = store.connection();
    pool::write(facts, &pool::Inputs::default())?;
    timeouts::write(facts, &params::limits(plan))?;
    growth::book_unknown(facts)?;
    Ok(())
}
