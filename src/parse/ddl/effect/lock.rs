//! Modes of table locks.

/// A mode of a table lock, weakest first, as chapter "Explicit Locking" of the manual lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lock {
    /// What SELECT takes.
    AccessShare,
    /// What SELECT FOR UPDATE takes.
    RowShare,
    /// What INSERT, UPDATE and DELETE take.
    RowExclusive,
    /// Against itself and schema changes: VACUUM, ANALYZE, CREATE INDEX CONCURRENTLY.
    ShareUpdateExclusive,
    /// Against writes: CREATE INDEX.
    Share,
    /// Against writes and itself: CREATE TRIGGER, foreign keys.
    ShareRowExclusive,
    /// Against all but reads: REFRESH MATERIALIZED VIEW CONCURRENTLY.
    Exclusive,
    /// Against everything.
    AccessExclusive,
}

impl Lock {
    /// All modes, with their names.
    pub const NAMES: [(&'static str, Self); 8] = [
        ("ACCESS SHARE", Self::AccessShare),
        ("ROW SHARE", Self::RowShare),
        ("ROW EXCLUSIVE", Self::RowExclusive),
        ("SHARE UPDATE EXCLUSIVE", Self::ShareUpdateExclusive),
        ("SHARE", Self::Share),
        ("SHARE ROW EXCLUSIVE", Self::ShareRowExclusive),
        ("EXCLUSIVE", Self::Exclusive),
        ("ACCESS EXCLUSIVE", Self::AccessExclusive),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize].0
    }

    /// The mode of that name.
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, lock)| *lock)
    }

    /// 1 for the weakest, 8 for the strongest.
    pub fn level(self) -> i64 {
        self as i64 + 1
    }
}
