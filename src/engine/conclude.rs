//! From the findings that were kept to the verdict: ranked, and compared with the baseline.

use std::collections::{HashMap, HashSet};

use crate::facts::{FactsError, Store};

use super::baseline::Baseline;
use super::outcome::{Outcome, Status};
use super::rank;
use super::row::Found;
use super::run::{MIGRATION, Options};
use super::suppress::Suppress;

/// Fills what an outcome says of findings; accepted ones are taken from `suppress` later.
pub(super) fn conclude(
    store: &Store,
    outcome: &mut Outcome,
    kept: Vec<Found>,
    suppress: &Suppress<'_>,
    options: &Options<'_>,
) -> Result<(), FactsError> {
    let ran = outcome.rules.iter();
    let ran = ran.filter(|rule| rule.status == Status::Run);
    let ran: Vec<String> = ran.map(|rule| rule.id.clone()).collect();
    let mut findings: Vec<_> = kept.into_iter().map(|found| found.finding).collect();
    if let Some(baseline) = options.baseline {
        baseline.mark(&mut findings);
        let ignored = suppress.ignored.iter().map(|ignored| &ignored.finding);
        let seen: HashSet<&str> = findings
            .iter()
            .chain(ignored)
            .map(|finding| finding.key.as_str())
            .collect();
        let files = judged_files(store, options)?;
        outcome.resolved = resolved(baseline, &seen, &ran, &files);
    }
    findings.sort_by(rank::order);
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for finding in &findings {
        *counts.entry(&finding.rule).or_default() += 1;
    }
    for rule in &mut outcome.rules {
        rule.finding_count = counts.get(rule.id.as_str()).copied().unwrap_or_default();
    }
    outcome.findings = findings;
    outcome.stale_ignores = suppress.stale(&ran);
    Ok(())
}

/// Keys of the baseline that are not found again, though their rule ran and, for what stands in a
/// file, that file was judged.
fn resolved(
    baseline: &Baseline,
    seen: &HashSet<&str>,
    ran: &[String],
    files: &HashSet<String>,
) -> Vec<String> {
    let gone = baseline.keys.iter().filter(|accepted| {
        let rule = accepted.rule();
        let family = rule.split('/').next().unwrap_or_default();
        let was_judged = || family != MIGRATION || accepted.is_in(|path| files.contains(path));
        !seen.contains(accepted.key.as_str()) && ran.iter().any(|id| id == rule) && was_judged()
    });
    gone.map(|accepted| accepted.key.clone()).collect()
}

/// Files that were judged, as keys name them.
fn judged_files(store: &Store, options: &Options<'_>) -> Result<HashSet<String>, FactsError> {
    let mut query = store
        .connection()
        .prepare("SELECT path FROM migration_files WHERE is_judged")?;
    let paths = query.query_map([], |row| row.get::<_, String>(0))?;
    let mut files = HashSet::new();
    for path in paths {
        files.insert(options.root.relative(&path?));
    }
    Ok(files)
}
