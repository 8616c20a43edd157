//! Findings that are accepted, by settings or by comments in migrations.

use jiff::civil::Date;

use super::comments::Comments;
use super::finding::Finding;
use super::glob;
use super::plan::{IgnoreRule, concerns};
use super::row::Found;

/// A finding that was left out, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Ignored {
    /// The finding.
    pub finding: Finding,
    /// Why; `None` where none was asked for.
    pub reason: Option<String>,
    /// Last day on which that holds.
    pub until: Option<Date>,
    /// What accepts it.
    pub by: IgnoredBy,
}

/// What accepts a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IgnoredBy {
    /// An entry of `[[ignore]]`, by its line in the settings file.
    Entry {
        /// Line, 1-based.
        line: usize,
    },
    /// A comment in a migration.
    Comment {
        /// Its id in `migration_ignores`.
        id: i64,
        /// The file, as it was given.
        file: String,
        /// Line, 1-based.
        line: i64,
    },
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

/// Takes accepted findings out, and remembers which entries did something.
#[derive(Debug)]
pub(super) struct Suppress<'a> {
    entries: &'a [IgnoreRule],
    used: Vec<bool>,
    comments: Comments,
    today: Date,
    /// What was taken out.
    pub ignored: Vec<Ignored>,
}

impl<'a> Suppress<'a> {
    pub fn new(entries: &'a [IgnoreRule], comments: Comments, today: Date) -> Self {
        Self {
            entries,
            used: vec![false; entries.len()],
            comments,
            today,
            ignored: Vec::new(),
        }
    }

    /// The findings that nothing accepts. A comment comes before the entries, and of them the first
    /// that matches accepts it.
    pub fn take(&mut self, found: Vec<Found>) -> Vec<Found> {
        let mut kept = Vec::with_capacity(found.len());
        for found in found {
            let mut entry = None;
            for (candidate, used) in self.entries.iter().zip(&mut self.used) {
                if matches(candidate, &found) {
                    *used = true;
                    if !expired(candidate, self.today) {
                        entry = Some(candidate);
                        break;
                    }
                }
            }
            let (reason, until, by) = match (self.comments.of(&found), entry) {
                (Some(comment), _) => {
                    let by = IgnoredBy::Comment {
                        id: comment.id,
                        file: comment.file.clone(),
                        line: comment.line,
                    };
                    (comment.reason.clone(), comment.until, by)
                }
                (None, Some(entry)) => {
                    let by = IgnoredBy::Entry { line: entry.line };
                    (Some(entry.reason.clone()), entry.until, by)
                }
                (None, None) => {
                    kept.push(found);
                    continue;
                }
            };
            self.ignored.push(Ignored {
                finding: found.finding,
                reason,
                until,
                by,
            });
        }
        kept
    }

    /// Entries that did nothing; `ran` says which rules ran, since an entry for a rule that could
    /// not run is not unused.
    pub fn stale(&self, ran: &[String]) -> Vec<StaleIgnore> {
        let stale = self
            .entries
            .iter()
            .zip(&self.used)
            .filter_map(|(entry, used)| {
                let asked = ran.iter().any(|rule| glob::matches(&entry.rule, rule));
                let why = match (expired(entry, self.today), used) {
                    (true, _) => Stale::Expired,
                    (false, false) if asked => Stale::Unused,
                    _ => return None,
                };
                Some(StaleIgnore {
                    ignore: entry.clone(),
                    why,
                })
            });
        stale.collect()
    }
}

fn expired(entry: &IgnoreRule, today: Date) -> bool {
    entry.until.is_some_and(|until| until < today)
}

fn matches(entry: &IgnoreRule, found: &Found) -> bool {
    glob::matches(&entry.rule, &found.finding.rule)
        && concerns(
            entry.object.as_deref(),
            entry.scope.as_deref(),
            entry.path.as_ref(),
            found,
        )
}
