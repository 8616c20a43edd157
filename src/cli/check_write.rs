//! `check --write`: fixes of findings as migrations.

use std::path::Path;

use super::context::{Context, Rules};
use super::drafts::{made, one_database, save};
use super::linted::judged;
use crate::advise::migration::fixes::Fix;
use crate::engine::{Finding, Outcome, Scope, Severity};
use crate::facts::Store;
use crate::parse::migration::Layout;
use crate::parse::migration::layout::{Around, Found, files};

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
    let databases = told.iter().filter_map(|finding| match &finding.scope {
        Scope::Database(name) => Some(name.as_str()),
        Scope::Node(_) => None,
    });
    let database = one_database(databases)?;
    let fixes: Vec<Fix> = told
        .iter()
        .filter_map(|finding| {
            Some(Fix {
                rule: finding.rule.clone(),
                object: finding.object.clone(),
                detail: finding.detail.clone(),
                sql: finding.fix.clone()?,
                undo: finding.undo.clone(),
            })
        })
        .collect();
    let say = context.say;
    let written = made(folder, &fixes, layout)?;
    for (object, because) in &written.left {
        say.warn(&format!("the fix of {object} is not written: {because}"));
    }
    let found = written.files.iter().filter(|file| is_sql(&file.path));
    let found = found.map(|file| Found {
        layout: Some(layout),
        ..Found::new(file.path.clone(), file.text.clone())
    });
    let taken = files(found.collect(), &Around::default());
    let linted = judged(store, rules, database, &taken.files)?;
    let against = linted
        .findings
        .iter()
        .filter(|finding| finding.severity >= Severity::Warning);
    for finding in against {
        let file = finding.location.file.as_deref().unwrap_or_default();
        say.warn(&format!(
            "{file}: {}: {} {}",
            finding.rule, finding.object, finding.detail
        ));
    }
    let saved = save(&written)?;
    let paths = saved.paths;
    let count = if paths.len() == 1 {
        "1 file is".to_owned()
    } else {
        format!("{} files are", paths.len())
    };
    say.note(&format!("{count} written to {}", folder.display()));
    for next in &saved.left {
        say.warn(next);
    }
    Ok(())
}

/// What stands beside migrations is no file of SQL.
fn is_sql(path: &str) -> bool {
    let ending = path.rsplit('.').next();
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("sql"))
}
