//! What a fix is, and what becomes of it.

use std::collections::BTreeMap;

use super::sort::{Sorted, sort};
use crate::advise::migration::layouts::{Migration, NewFile};

/// A fix of a finding, or what another advice wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The finding's rule.
    pub rule: String,
    /// What the finding is about.
    pub object: String,
    /// Its sentence.
    pub detail: String,
    /// SQL that mends it.
    pub sql: String,
    /// SQL that takes that back.
    pub undo: Option<String>,
    /// The fixes, by their places in the list, without which this one is not to be done. They stand before it.
    pub needs: Vec<usize>,
}

/// A migration of a fix: the place of the fix in the list, and that of the migration among those of
/// the fix.
pub type Key = (usize, usize);

/// What the linter says of migrations that are to be written.
#[derive(Debug, Default, Clone)]
pub struct Linted {
    /// Settings that are to stand before what migrates.
    pub before: BTreeMap<Key, String>,
    /// Settings that are to stand before what takes back.
    pub before_undo: BTreeMap<Key, String>,
    /// Nothing was said against their names: what has them later, a failed try has left.
    pub names_are_free: bool,
    /// Why fixes are left to people, by their place in the list.
    pub against: BTreeMap<usize, Vec<String>>,
}

/// A migration that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What of which fix it is.
    pub key: Key,
    /// What it does.
    pub migration: Migration,
    /// Its files.
    pub files: Vec<NewFile>,
}

/// What becomes of fixes.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Written {
    /// Migrations, in order.
    pub made: Vec<Made>,
    /// A file that is there and changes, with its new text: the plan of Sqitch.
    pub changed: Option<NewFile>,
    /// What is no matter of migrations, such as settings of the server, as a file of its own.
    pub by_hand: Option<NewFile>,
    /// Fixes of which nothing could be written, and why.
    pub left: Vec<(String, String)>,
    /// What has to be done beside, as sentences.
    pub next: Vec<String>,
}

impl Written {
    /// Files that are new, but for that of what is done by hand.
    pub fn files(&self) -> impl Iterator<Item = &NewFile> {
        self.made.iter().flat_map(|made| &made.files)
    }
}

impl Fix {
    /// Whether some of it is a matter of migrations; else all of it is done by hand.
    pub fn is_migration(&self) -> bool {
        sort(self) != Sorted::ByHand
    }

    /// What it is for, in one line.
    pub(super) fn about(&self) -> String {
        let line = format!("{}: {} {}", self.rule, self.object, self.detail);
        line.replace(['\n', '\r'], " ")
    }
}
