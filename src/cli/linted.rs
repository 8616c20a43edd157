//! Migrations that are being made, judged on what a store knows of the database.

use super::context::Rules;
use super::lint::FAMILY;
use super::lint_facts;
use crate::engine::{Outcome, Selection};
use crate::facts::Store;
use crate::parse::migration::File;

/// Takes away the facts of migrations.
const CLEAR: &str = "DELETE FROM migration_plan_changes; DELETE FROM migration_plan_checks;
    DELETE FROM migration_comparisons; DELETE FROM migration_observations;
    DELETE FROM migration_rewrites; DELETE FROM migration_ignores; DELETE FROM migration_columns;
    DELETE FROM migration_effects; DELETE FROM migration_statements; DELETE FROM migration_files;";

/// Takes away what the store knows of migrations: who judges it next is to find none.
pub fn forget(store: &Store) -> anyhow::Result<()> {
    Ok(store.connection().execute_batch(CLEAR)?)
}

/// Writes what files do to a database into the store and judges it: that of this name, or the only
/// one. It stays there until [`forget`].
pub fn judged(
    store: &mut Store,
    rules: &Rules,
    for_database: Option<&str>,
    files: &[File],
) -> anyhow::Result<Outcome> {
    forget(store)?;
    lint_facts::follow(store, for_database, files, None)?;
    let selection = Selection {
        rules: Vec::new(),
        families: vec![FAMILY.to_owned()],
    };
    rules.judge(store, selection, None)
}
