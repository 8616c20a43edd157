//! What a statement was seen to do.

use std::collections::BTreeSet;

use super::state::{Locks, State};
use crate::parse::ddl::effect::Lock;

/// What a statement was seen to do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    /// Relations that were there before it and that it locked, read or wrote.
    pub relations: Vec<Seen>,
    /// How long it took, milliseconds; none where it was held up to be watched.
    pub duration_ms: Option<f64>,
    /// SQLSTATE and message of its error.
    pub error: Option<(String, String)>,
    /// Why locks, scans and files could not be seen, or not all of them.
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
    /// Rows that whole scans gave; none: not known, or nothing that is scanned.
    pub scanned_rows: Option<i64>,
    /// It has another file now.
    pub rewritten: bool,
    /// Indexes of it that were built or built anew.
    pub built_indexes: usize,
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
    let taken = |oid: &u32| {
        let held = before.locks.get(oid);
        let mut new = after.locks.get(oid)?.iter();
        new.rfind(|lock| held.is_none_or(|held| !held.contains(lock)))
            .copied()
    };
    let read = |oid: &u32| {
        let rows = after.relations.get(oid)?.rows_read?;
        Some(rows - before.relations.get(oid)?.rows_read?)
    };
    differences(before, after, empties, taken, read)
}

/// The same of a statement whose locks were read while it ran.
pub(super) fn while_it_ran(
    before: &State,
    after: &State,
    locks: &Locks,
    read: impl Fn(&u32) -> Option<i64>,
) -> Vec<Seen> {
    let taken = |oid: &u32| locks.get(oid)?.last().copied();
    differences(before, after, false, taken, read)
}

fn differences(
    before: &State,
    after: &State,
    empties: bool,
    taken: impl Fn(&u32) -> Option<Lock>,
    read: impl Fn(&u32) -> Option<i64>,
) -> Vec<Seen> {
    let files: BTreeSet<u32> = before.relations.values().map(|r| r.file).collect();
    let has_new_file = |file: u32| !empties && file != 0 && !files.contains(&file);
    let built = |oid: u32| {
        let indexes = after.relations.values().filter(|r| r.table == Some(oid));
        indexes.filter(|index| has_new_file(index.file)).count()
    };
    let relations = before.relations.iter().filter_map(|(oid, relation)| {
        let file = after.relations.get(oid).map_or(0, |now| now.file);
        let is_index = relation.kind == "index";
        let is_sequence = relation.kind == "sequence";
        let scanned_rows = read(oid);
        let seen = Seen {
            schema: relation.schema.clone(),
            name: relation.name.clone(),
            kind: relation.kind,
            lock: taken(oid),
            held: before.strongest(*oid),
            scanned_rows,
            rewritten: !is_sequence && has_new_file(file),
            built_indexes: if is_index { 0 } else { built(*oid) },
        };
        let is_touched = seen.lock.is_some()
            || seen.rewritten
            || seen.built_indexes > 0
            || scanned_rows.is_some_and(|rows| rows > 0);
        is_touched.then_some(seen)
    });
    relations.collect()
}
