//! What statements say of rows: which tables they read and write, and how many rows they may.
//!
//! They are read by their tokens, so that it is fast and nothing is refused.

use std::ops::Range;

use super::statement::{Name, Spanned, Statement};

/// A table, and whether its children are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRef {
    /// Its name.
    pub name: Name,
    /// `ONLY`
    pub only: bool,
}

/// What a query reads, and what it does besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Tables and views named in `FROM`, subqueries and CTEs included; names of CTEs are none.
    pub tables: Vec<Spanned<Name>>,
    /// `FOR UPDATE` and its like: its words, in lower case.
    pub locks: Option<&'static str>,
    /// It has a `LIMIT` or `FETCH FIRST` of its own.
    pub limited: bool,
    /// Functions that are called, subqueries included.
    pub calls: Vec<Call>,
    /// INSERT, UPDATE, DELETE or MERGE in its `WITH`.
    pub changes: Vec<Spanned<Statement>>,
    /// Columns of tables of which rows are compared by `NOT IN`, subqueries included.
    pub not_in: Vec<NotIn>,
}

/// `NOT IN (SELECT column FROM table)`, without a condition on that column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotIn {
    /// The column of the subquery.
    pub column: String,
    /// Its table.
    pub table: Name,
}

/// A call of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The function.
    pub name: Name,
    /// Its arguments, as they are written.
    pub arguments: Vec<String>,
    /// Bytes of the call in the statement.
    pub span: Range<usize>,
}

/// Which rows a condition leaves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condition {
    /// What follows `WHERE`; none: there is no WHERE.
    pub text: Option<String>,
    /// Names in it that may be columns, without qualifiers.
    pub columns: Vec<String>,
    /// Columns that have to be equal to a value, or one of a list of values.
    pub equals: Vec<String>,
    /// Columns that lie between two values.
    pub ranges: Vec<String>,
    /// A subquery in it, or a CTE that the statement joins, has a `LIMIT`.
    pub limited: bool,
    /// It asks for places of rows: `ctid`.
    pub by_ctid: bool,
    /// `WHERE CURRENT OF`
    pub by_cursor: bool,
}

impl Condition {
    /// Whether rows are held to a part by their number or by values of a key: a batch.
    pub fn is_bounded(&self) -> bool {
        self.limited
            || self.by_ctid
            || self.by_cursor
            || !self.equals.is_empty()
            || !self.ranges.is_empty()
    }
}

/// `INSERT`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insert {
    /// Its table.
    pub table: Name,
    /// Its columns; empty: all.
    pub columns: Vec<String>,
    /// Where the rows come from.
    pub source: InsertSource,
    /// `ON CONFLICT`: nothing or update.
    pub on_conflict: Option<&'static str>,
    /// What is read on the way.
    pub reads: Query,
}

/// Where inserted rows come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InsertSource {
    /// `VALUES`: so many rows.
    Values(usize),
    /// `DEFAULT VALUES`
    Defaults,
    /// A query.
    Query,
}

/// `UPDATE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Its table.
    pub table: TableRef,
    /// Its alias.
    pub alias: Option<String>,
    /// Columns that are set.
    pub columns: Vec<String>,
    /// What follows `SET`.
    pub set: String,
    /// Which rows.
    pub condition: Condition,
    /// It has a `FROM`.
    pub has_from: bool,
    /// What is read on the way.
    pub reads: Query,
}

/// `DELETE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delete {
    /// Its table.
    pub table: TableRef,
    /// Its alias.
    pub alias: Option<String>,
    /// Which rows.
    pub condition: Condition,
    /// It has a `USING`.
    pub has_using: bool,
    /// What is read on the way.
    pub reads: Query,
}

/// `MERGE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Its table.
    pub table: TableRef,
    /// insert, update, delete: what it may do.
    pub deeds: Vec<&'static str>,
    /// What is read on the way.
    pub reads: Query,
}

/// `SELECT`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    /// What it reads and does.
    pub reads: Query,
    /// What follows the outermost `WHERE`.
    pub condition: Condition,
}

/// `COPY`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Its table; none: a query.
    pub table: Option<Name>,
    /// Its columns; empty: all.
    pub columns: Vec<String>,
    /// `FROM`: it writes the table.
    pub from: bool,
    /// What its query reads.
    pub reads: Query,
}
