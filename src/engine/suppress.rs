//! Findings that the settings accept.

use jiff::civil::Date;

use super::finding::Finding;
use super::glob;
use super::plan::{IgnoreRule, named};
use super::row::Found;

/// A finding that was left out, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Ignored {
    /// The finding.
    pub finding: Finding,
    /// The entry that accepts it.
    pub by: IgnoreRule,
}

/// An entry that did nothing, to be mended or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleIgnore {
    /// The entry.
    pub ignore: IgnoreRule,
    /// What is the matter with it.
    pub why: Stale,
}

/// Why an entry did nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// Its last day is over; what it accepted is reported again.
    Expired,
    /// Its rule ran and nothing that it found matches.
    Unused,
}

/// Takes the accepted findings out. The first entry that matches a finding accepts it; `ran` says
/// whether a rule ran, since an entry for a rule that could not run is not unused.
pub(super) fn suppress(
    found: Vec<Found>,
    ignores: &[IgnoreRule],
    today: Date,
    ran: &[String],
) -> (Vec<Found>, Vec<Ignored>, Vec<StaleIgnore>) {
    let mut used = vec![false; ignores.len()];
    let (mut kept, mut accepted) = (Vec::new(), Vec::new());
    for found in found {
        let mut by = None;
        for (entry, used) in ignores.iter().zip(&mut used) {
            if matches(entry, &found) {
                *used = true;
                if !expired(entry, today) {
                    by = Some(entry);
                    break;
                }
            }
        }
        match by {
            Some(entry) => accepted.push(Ignored {
                finding: found.finding,
                by: entry.clone(),
            }),
            None => kept.push(found),
        }
    }
    let stale = ignores.iter().zip(used).filter_map(|(entry, used)| {
        let asked = ran.iter().any(|rule| glob::matches(&entry.rule, rule));
        let why = match (expired(entry, today), used) {
            (true, _) => Stale::Expired,
            (false, false) if asked => Stale::Unused,
            _ => return None,
        };
        Some(StaleIgnore {
            ignore: entry.clone(),
            why,
        })
    });
    (kept, accepted, stale.collect())
}

fn expired(entry: &IgnoreRule, today: Date) -> bool {
    entry.until.is_some_and(|until| until < today)
}

fn matches(entry: &IgnoreRule, found: &Found) -> bool {
    let finding = &found.finding;
    let object = entry.object.as_ref();
    let scope = entry.scope.as_ref();
    glob::matches(&entry.rule, &finding.rule)
        && object.is_none_or(|pattern| named(pattern, &finding.object, &found.name))
        && scope.is_none_or(|pattern| glob::matches(pattern, finding.scope.name()))
}
