//! What a session sees of relations at one moment: files, counters, locks.

use std::collections::{BTreeMap, BTreeSet};

use super::error::TraceError;
use super::observed::Scans;
use crate::collect::connect::{Session, TextRow};
use crate::parse::ddl::effect::Lock;

const RELATIONS: &str = include_str!("relations.sql");
const LOCKS: &str = include_str!("locks.sql");

/// Relations by oid, and the locks of one session.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub relations: BTreeMap<u32, Relation>,
    pub locks: Locks,
}

/// Modes that a session holds or waits for, by relation.
pub(super) type Locks = BTreeMap<u32, BTreeSet<Lock>>;

/// A relation.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub schema: String,
    pub name: String,
    pub kind: &'static str,
    /// Number of its file; 0: it has none.
    pub file: u32,
    /// Of an index: its table.
    pub table: Option<u32>,
    /// Whole scans by this session so far; none: it is no table.
    pub scans: Option<Scans>,
}

impl State {
    /// Reads it, by statements of that session within its transaction.
    pub async fn read(session: &Session) -> Result<Self, TraceError> {
        let locks = locks_of("pg_catalog.pg_backend_pid()");
        let rows = session.run(&format!("{RELATIONS};{locks}")).await?;
        let mut state = Self::default();
        for row in &rows {
            state.take(row);
        }
        Ok(state)
    }

    fn take(&mut self, row: &TextRow) {
        let text = |at: usize| row.get(at).and_then(Option::as_deref);
        let oid = |at: usize| text(at).and_then(|text| text.parse::<u32>().ok());
        let number = |at: usize| text(at).and_then(|text| text.parse::<i64>().ok());
        let file = oid(5).unwrap_or(0);
        let table = oid(6);
        let Some(oid) = oid(1) else { return };
        if text(0) == Some("lock") {
            if let Some(lock) = text(2).and_then(mode) {
                self.locks.entry(oid).or_default().insert(lock);
            }
            return;
        }
        let schema = text(2).unwrap_or_default();
        let relation = Relation {
            schema: if schema.starts_with("pg_temp") {
                "pg_temp".to_owned()
            } else {
                schema.to_owned()
            },
            name: text(3).unwrap_or_default().to_owned(),
            kind: kind(text(4).unwrap_or_default()),
            file,
            table,
            scans: number(7)
                .zip(number(8))
                .map(|(count, rows)| Scans { count, rows }),
        };
        self.relations.insert(oid, relation);
    }

    /// Strongest mode on a relation.
    pub fn strongest(&self, oid: u32) -> Option<Lock> {
        self.locks.get(&oid)?.last().copied()
    }
}

/// The query for the relation locks of a backend.
pub(super) fn locks_of(pid: &str) -> String {
    LOCKS.replace("{pid}", pid)
}

/// Locks out of the rows of that query.
pub(super) fn locks(rows: &[TextRow]) -> Locks {
    let mut state = State::default();
    for row in rows {
        state.take(row);
    }
    state.locks
}

/// `relkind` in the words of `relations.kind`; index and sequence besides.
fn kind(letter: &str) -> &'static str {
    match letter {
        "r" => "table",
        "p" => "partitioned table",
        "m" => "materialized view",
        "v" => "view",
        "f" => "foreign table",
        "S" => "sequence",
        _ => "index",
    }
}

/// `AccessExclusiveLock` is ACCESS EXCLUSIVE.
fn mode(name: &str) -> Option<Lock> {
    let same = |known: &str| {
        let words = known.split(' ');
        let letters = words.flat_map(str::chars);
        letters.map(|letter| letter.to_ascii_lowercase()).eq(name
            .strip_suffix("Lock")
            .unwrap_or(name)
            .chars()
            .map(|c| c.to_ascii_lowercase()))
    };
    let found = Lock::NAMES.iter().find(|(known, _)| same(known));
    found.map(|(_, lock)| *lock)
}
