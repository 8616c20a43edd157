//! What a statement was seen to do.

use std::collections::BTreeSet;
use std::ops::Sub;

use super::state::{Locks, State};
use crate::parse::ddl::effect::Lock;

/// What a statement was seen to do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    /// Relations that were there before it and that it locked, read or wrote, or that its
    /// transaction has locked.
    pub relations: Vec<Seen>,
    /// How long it took, milliseconds; none where it was held up to be watched.
    pub duration_ms: Option<f64>,
    /// SQLSTATE and message of its error.
    pub error: Option<(String, String)>,
    /// Weakest mode that could be seen; none: nothing of relations could.
    pub least: Option<Lock>,
    /// Why it was not run, or what of it could not be seen.
    pub unseen: Option<String>,
}

/// A relation that was there before a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Schema, before the statement.
    pub schema: String,
    /// Name, before the statement.
    pub name: String,
    /// As in `relations.kind`; or sequence or index.
    pub kind: &'static str,
    /// Strongest mode that it took anew.
    pub lock: Option<Lock>,
    /// Strongest mode that its transaction held before.
    pub held: Option<Lock>,
    /// Whole scans; none: not known, or nothing that is scanned.
    pub scans: Option<Scans>,
    /// It has another file now.
    pub rewritten: bool,
    /// Indexes of it that were built or built anew.
    pub built_indexes: usize,
}

/// Whole scans of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scans {
    /// Scans that began.
    pub count: i64,
    /// Rows that they gave.
    pub rows: i64,
}

impl Sub for Scans {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            count: self.count - before.count,
            rows: self.rows - before.rows,
        }
    }
}

impl Observed {
    /// A statement of which only this is known.
    pub fn unseen(because: impl Into<String>) -> Self {
        Self {
            unseen: Some(because.into()),
            ..Self::default()
        }
    }
}

/// What lies between two states of one session in one transaction. `empties`: new files are empty
/// ones, into which nothing was written.
pub(super) fn between(before: &State, after: &State, empties: bool) -> Vec<Seen> {
    let taken = |oid: u32| {
        let held = before.locks.get(&oid);
        let mut new = after.locks.get(&oid)?.iter();
        new.rfind(|lock| held.is_none_or(|held| !held.contains(lock)))
            .copied()
    };
    let scans = |oid: u32| {
        let scans = after.relations.get(&oid)?.scans?;
        Some(scans - before.relations.get(&oid)?.scans?)
    };
    let change = Change {
        before,
        after,
        empties,
    };
    change.seen(taken, scans)
}

/// The same of a statement whose locks were read while it ran.
pub(super) fn while_it_ran(
    before: &State,
    after: &State,
    locks: &Locks,
    scans: impl Fn(u32) -> Option<Scans>,
) -> Vec<Seen> {
    let taken = |oid: u32| locks.get(&oid)?.last().copied();
    let change = Change {
        before,
        after,
        empties: false,
    };
    change.seen(taken, scans)
}

/// Two states.
struct Change<'a> {
    before: &'a State,
    after: &'a State,
    empties: bool,
}

impl Change<'_> {
    fn seen(
        &self,
        taken: impl Fn(u32) -> Option<Lock>,
        scans: impl Fn(u32) -> Option<Scans>,
    ) -> Vec<Seen> {
        let files: BTreeSet<u32> = self.before.relations.values().map(|r| r.file).collect();
        let has_new_file = |file: u32| !self.empties && file != 0 && !files.contains(&file);
        let built = |oid: u32| {
            let relations = self.after.relations.values();
            let indexes = relations.filter(|relation| relation.table == Some(oid));
            indexes.filter(|index| has_new_file(index.file)).count()
        };
        let relations = self.before.relations.iter().filter_map(|(oid, relation)| {
            let file = self.after.relations.get(oid).map_or(0, |now| now.file);
            let seen = Seen {
                schema: relation.schema.clone(),
                name: relation.name.clone(),
                kind: relation.kind,
                lock: taken(*oid),
                held: self.before.strongest(*oid),
                scans: scans(*oid),
                // ALTER SEQUENCE gives a sequence a new file; it is one row.
                rewritten: relation.kind != "sequence" && has_new_file(file),
                built_indexes: built(*oid),
            };
            seen.is_something().then_some(seen)
        });
        relations.collect()
    }
}

impl Seen {
    fn is_something(&self) -> bool {
        self.lock.is_some()
            || self.held.is_some()
            || self.rewritten
            || self.built_indexes > 0
            || self.scans.is_some_and(|scans| scans.count > 0)
    }
}
