//! Constraints of tables and columns.

use std::ops::Range;

use super::cursor::{Cursor, Read};
use super::index::{index_elements, options};
use super::statement::{IndexElement, Name, OptionList};
use crate::parse::tokens::TokenKind;

/// A constraint of a table; one of a column is the same with that column.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a word of the statement"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableConstraint {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// What it demands.
    pub kind: ConstraintKind,
    /// `DEFERRABLE`
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`
    pub deferred: bool,
    /// `NOT VALID`
    pub not_valid: bool,
    /// `NOT ENFORCED`
    pub not_enforced: bool,
    /// `NO INHERIT`
    pub no_inherit: bool,
    /// Its bytes in the statement.
    pub span: Range<usize>,
}

/// What a constraint demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConstraintKind {
    /// `PRIMARY KEY` or `UNIQUE`.
    Unique {
        /// `PRIMARY KEY`
        primary: bool,
        /// Key columns.
        columns: Vec<String>,
        /// `WITHOUT OVERLAPS`, of the last one.
        without_overlaps: bool,
        /// What is said of its index.
        index: BackingIndex,
    },
    /// `CHECK`: its expression, and the column where it is one of a column.
    Check(String, Option<String>),
    /// `NOT NULL` of this column.
    NotNull(String),
    /// `FOREIGN KEY`
    Foreign {
        /// Columns.
        columns: Vec<String>,
        /// `PERIOD`, of the last one.
        period: bool,
        /// The table that is referenced.
        table: Name,
        /// Its columns; none: its primary key.
        referenced: Vec<String>,
        /// `MATCH FULL`
        full: bool,
        /// `ON UPDATE`
        on_update: &'static str,
        /// `ON DELETE`
        on_delete: &'static str,
        /// Columns that `ON DELETE SET …` is for.
        delete_columns: Vec<String>,
    },
    /// `EXCLUDE`
    Exclude {
        /// Access method of its index.
        method: String,
        /// Columns and their operators.
        elements: Vec<IndexElement>,
        /// What is said of its index.
        index: BackingIndex,
        /// `WHERE`
        predicate: Option<String>,
    },
}

/// What is said of the index behind a constraint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackingIndex {
    /// `INCLUDE`
    pub include: Vec<String>,
    /// `NULLS NOT DISTINCT`
    pub nulls_not_distinct: bool,
    /// `WITH`
    pub options: OptionList,
    /// `USING INDEX TABLESPACE`
    pub tablespace: Option<String>,
    /// `USING INDEX`: an index that exists.
    pub existing: Option<String>,
}

/// Words that a constraint of a table begins with.
pub(super) const TABLE_WORDS: [&str; 6] = [
    "constraint",
    "primary",
    "unique",
    "check",
    "foreign",
    "exclude",
];

/// Reads a constraint of a table, its name and attributes included.
pub(super) fn table_constraint(c: &mut Cursor) -> Read<TableConstraint> {
    let start = c.at();
    let name = if c.accept("constraint") {
        Some(c.ident()?)
    } else {
        None
    };
    let kind = kind(c, None)?;
    let mut read = TableConstraint::new(name, kind);
    attributes(c, &mut read);
    read.span = c.bytes(start..c.at());
    Ok(read)
}

impl TableConstraint {
    pub(super) fn new(name: Option<String>, kind: ConstraintKind) -> Self {
        Self {
            name,
            kind,
            deferrable: false,
            deferred: false,
            not_valid: false,
            not_enforced: false,
            no_inherit: false,
            span: 0..0,
        }
    }
}

/// Reads what may follow any constraint; tells whether there was something.
pub(super) fn attributes(c: &mut Cursor, read: &mut TableConstraint) -> bool {
    let start = c.at();
    loop {
        if c.accept("deferrable") {
            read.deferrable = true;
        } else if c.accept("initially deferred") {
            read.deferrable = true;
            read.deferred = true;
        } else if c.accept("not valid") {
            read.not_valid = true;
        } else if c.accept("no inherit") {
            read.no_inherit = true;
        } else if c.accept("not enforced") {
            read.not_enforced = true;
        } else if !(c.accept("not deferrable")
            || c.accept("initially immediate")
            || c.accept("enforced"))
        {
            return c.at() > start;
        }
    }
}

/// Reads what a constraint demands; `column` is the column that it stands at.
pub(super) fn kind(c: &mut Cursor, column: Option<&str>) -> Read<ConstraintKind> {
    let primary = c.accept("primary key");
    if primary || c.accept("unique") {
        return unique(c, primary, column);
    }
    if c.accept("check") {
        let within = c.group()?;
        let column = column.map(ToOwned::to_owned);
        return Ok(ConstraintKind::Check(c.expression(within), column));
    }
    if let Some(column) = column {
        c.expect("references")?;
        return references(c, vec![column.to_owned()], false);
    }
    if c.accept("not null") {
        return Ok(ConstraintKind::NotNull(c.ident()?));
    }
    if c.accept("exclude") {
        return exclude(c);
    }
    c.expect("foreign key")?;
    let (columns, period) = key(c, "period")?;
    c.expect("references")?;
    references(c, columns, period)
}

fn unique(c: &mut Cursor, primary: bool, column: Option<&str>) -> Read<ConstraintKind> {
    let mut index = BackingIndex {
        nulls_not_distinct: c.accept("nulls not distinct"),
        ..BackingIndex::default()
    };
    c.accept("nulls distinct");
    let mut without_overlaps = false;
    let mut columns = Vec::new();
    if let Some(column) = column {
        columns.push(column.to_owned());
    } else if c.accept("using index") {
        index.existing = Some(c.ident()?);
    } else {
        (columns, without_overlaps) = key(c, "without overlaps")?;
    }
    backing(c, &mut index)?;
    Ok(ConstraintKind::Unique {
        primary,
        columns,
        without_overlaps,
        index,
    })
}

/// Columns in parentheses, and whether the last one is marked: `PERIOD c`, `c WITHOUT OVERLAPS`.
fn key(c: &mut Cursor, mark: &str) -> Read<(Vec<String>, bool)> {
    c.expect_kind(TokenKind::LeftParen, "(")?;
    let mut columns = Vec::new();
    let mut marked = false;
    loop {
        if mark == "period" && c.kind_at(c.at() + 1) == Some(TokenKind::Word) {
            marked |= c.accept(mark);
        }
        columns.push(c.ident()?);
        marked |= c.accept(mark);
        if !c.accept_kind(TokenKind::Comma) {
            break;
        }
    }
    c.expect_kind(TokenKind::RightParen, ")")?;
    Ok((columns, marked))
}

fn backing(c: &mut Cursor, index: &mut BackingIndex) -> Read<()> {
    if c.accept("include") {
        index.include = c.idents()?;
    }
    if c.accept("with") {
        index.options = options(c)?;
    }
    if c.accept("using index tablespace") {
        index.tablespace = Some(c.ident()?);
    }
    Ok(())
}

fn exclude(c: &mut Cursor) -> Read<ConstraintKind> {
    let method = if c.accept("using") {
        c.ident()?
    } else {
        "btree".to_owned()
    };
    let within = c.group()?;
    let elements = index_elements(c, within)?;
    let mut index = BackingIndex::default();
    backing(c, &mut index)?;
    let predicate = if c.accept("where") {
        let within = c.group()?;
        Some(c.expression(within))
    } else {
        None
    };
    Ok(ConstraintKind::Exclude {
        method,
        elements,
        index,
        predicate,
    })
}

fn references(c: &mut Cursor, columns: Vec<String>, period: bool) -> Read<ConstraintKind> {
    let table = c.name()?;
    let referenced = if c.sees_kind(TokenKind::LeftParen) {
        key(c, "period")?.0
    } else {
        Vec::new()
    };
    let full = c.accept("match full");
    if !full && !c.accept("match simple") {
        c.accept("match partial");
    }
    let (mut on_update, mut on_delete) = ("no action", "no action");
    let mut delete_columns = Vec::new();
    loop {
        if c.accept("on update") {
            on_update = deed(c)?;
        } else if c.accept("on delete") {
            on_delete = deed(c)?;
            if c.sees_kind(TokenKind::LeftParen) {
                delete_columns = c.idents()?;
            }
        } else {
            break;
        }
    }
    Ok(ConstraintKind::Foreign {
        columns,
        period,
        table,
        referenced,
        full,
        on_update,
        on_delete,
        delete_columns,
    })
}

fn deed(c: &mut Cursor) -> Read<&'static str> {
    let known = [
        "no action",
        "restrict",
        "cascade",
        "set null",
        "set default",
    ];
    match known.into_iter().find(|words| c.accept(words)) {
        Some(words) => Ok(words),
        None => c.refuse("an action"),
    }
}
