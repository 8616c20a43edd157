//! What statements say that keep house: transactions, `REINDEX`, `VACUUM`.

use super::kind::ObjectKind;
use super::statement::{Name, OptionList, Spanned};

/// A command about transactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transaction {
    /// `BEGIN` and `START TRANSACTION`.
    Begin,
    /// `COMMIT` and `END`, with `AND CHAIN`.
    Commit {
        /// `AND CHAIN`
        chain: bool,
    },
    /// `ROLLBACK` and `ABORT`.
    Rollback {
        /// `AND CHAIN`
        chain: bool,
    },
    /// `SAVEPOINT`
    Savepoint(String),
    /// `RELEASE`
    Release(String),
    /// `ROLLBACK TO`
    RollbackTo(String),
    /// `PREPARE TRANSACTION`
    Prepare(String),
    /// `COMMIT PREPARED`
    CommitPrepared(String),
    /// `ROLLBACK PREPARED`
    RollbackPrepared(String),
}

/// `REINDEX`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reindex {
    /// index, table, schema, database or system.
    pub kind: ObjectKind,
    /// Its name; a database and the system may have none.
    pub name: Option<Name>,
    /// `CONCURRENTLY`, in either place.
    pub concurrently: bool,
    /// `TABLESPACE`
    pub tablespace: Option<String>,
}

/// `VACUUM` and `ANALYZE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vacuum {
    /// It vacuums; else it only analyzes.
    pub vacuums: bool,
    /// `FULL`
    pub full: bool,
    /// `ANALYZE`
    pub analyze: bool,
    /// All options, in lower case.
    pub options: OptionList,
    /// The tables; none: all of the database.
    pub tables: Vec<Spanned<Vacuumed>>,
}

/// A table that is vacuumed or analyzed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vacuumed {
    /// Its name.
    pub name: Name,
    /// Its columns; none: all.
    pub columns: Vec<String>,
}
