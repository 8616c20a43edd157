//! `check --write`: fixes of findings as migrations.

use std::path::Path;

use super::context::{Context, Rules};
use super::fix_files::{one_database, write};
use crate::advise::migration::fixes::Fix;
use crate::engine::{Finding, Outcome, Scope, Severity};
use crate::facts::Store;
use crate::parse::migration::Layout;

/// Writes what mends findings into a folder, and says what is to be said against it.
pub fn run(
    context: &Context,
    rules: &Rules,
    store: &mut Store,
    outcome: &Outcome,
    folder: &Path,
    layout: Layout,
) -> anyhow::Result<()> {
    let least = context
        .settings
        .check
        .min_severity
        .unwrap_or(Severity::Info);
    let told = outcome
        .findings
        .iter()
        .filter(|finding| finding.is_new && finding.severity >= least);
    let told: Vec<&Finding> = told.filter(|finding| finding.fix.is_some()).collect();
    let fixes: Vec<Fix> = told.iter().filter_map(|finding| fix(finding)).collect();
    // What is done by hand says where, and may be for any database.
    let pairs = told
        .iter()
        .zip(&fixes)
        .filter(|(_, fix)| fix.is_migration());
    let databases = pairs.filter_map(|(finding, _)| match &finding.scope {
        Scope::Database(name) => Some(name.as_str()),
        Scope::Node(_) => None,
    });
    let database = one_database(databases)?;
    write(context, rules, store, database, &fixes, folder, layout)
}

/// The fix of a finding, if it has one.
pub fn fix(finding: &Finding) -> Option<Fix> {
    Some(Fix {
        rule: finding.rule.clone(),
        object: finding.object.clone(),
        detail: finding.detail.clone(),
        sql: finding.fix.clone()?,
        undo: finding.undo.clone(),
        needs: Vec::new(),
    })
}
