//! Migrations that are being made, judged on what a store knows of the database.

use anyhow::Context as _;
use rusqlite::Connection;

use super::context::Rules;
use crate::advise::migration::rewrites;
use crate::engine::{Outcome, Selection};
use crate::facts::Store;
use crate::parse::ddl::Catalog;
use crate::parse::migration::{File, SimulateOptions, simulate};

/// Family of the rules that judge migrations.
const FAMILY: &str = "migration";

/// Takes away the facts of migrations.
const CLEAR: &str = "DELETE FROM migration_rewrites; DELETE FROM migration_observations;
    DELETE FROM migration_ignores; DELETE FROM migration_columns; DELETE FROM migration_effects;
    DELETE FROM migration_statements; DELETE FROM migration_files;";

/// Takes away what the store knows of migrations: who judges it next is to find none.
pub fn forget(store: &Store) -> anyhow::Result<()> {
    Ok(store.connection().execute_batch(CLEAR)?)
}

/// Writes what files do into the store and judges it. It stays there until [`forget`].
pub fn judged(store: &mut Store, rules: &Rules, files: &[File]) -> anyhow::Result<Outcome> {
    forget(store)?;
    let facts = store.connection();
    let major: Option<u32> =
        facts.query_row("SELECT min(version_num) / 10000 FROM nodes", [], |row| {
            row.get(0)
        })?;
    let base = Catalog::from_facts(facts, database(facts)?)?;
    let options = SimulateOptions { major };
    simulate(facts, &base, files, &options).context("migrations cannot be followed")?;
    rewrites(facts, major)?;
    let selection = Selection {
        rules: Vec::new(),
        families: vec![FAMILY.to_owned()],
    };
    rules.judge(store, selection, None)
}

/// The database that was collected, or the first of them.
fn database(facts: &Connection) -> anyhow::Result<i64> {
    let query = "SELECT coalesce(min(id), 1) FROM databases WHERE is_collected";
    Ok(facts.query_row(query, [], |row| row.get(0))?)
}
