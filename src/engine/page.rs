//! Rule pages: what a rule is called, asks and says, and the cases that hold it to that.

use std::ops::Range;

use super::markdown::Block;
use super::params::Value;
use super::severity::Severity;
use super::source::{Source, SourceError};

pub use super::page_parse::parse;

/// Families that built-in rules belong to.
pub const FAMILIES: [&str; 12] = [
    "query",
    "index",
    "table",
    "connection",
    "lock",
    "setting",
    "server",
    "replication",
    "backup",
    "security",
    "capacity",
    "migration",
];

/// Where a page comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Embedded in the binary.
    Builtin,
    /// A file of the user's.
    User,
}

/// One rule page, understood.
#[derive(Debug, Clone)]
pub struct Page {
    /// `family/name`.
    pub id: String,
    /// The page's path and text.
    pub source: Source,
    /// Who wrote it.
    pub origin: Origin,
    /// What is wrong, as a noun phrase or a short sentence.
    pub title: String,
    /// Severity of a finding whose row gives none.
    pub severity: Severity,
    /// Version of pgtriage that brought the rule.
    pub since: String,
    /// First major version of `PostgreSQL` it applies to.
    pub min_server: Option<u32>,
    /// Last major version of `PostgreSQL` it applies to.
    pub max_server: Option<u32>,
    /// Facts without which it can say nothing.
    pub needs: Vec<Need>,
    /// Rules whose finding on the same subject stands for this one's.
    pub yields_to: Vec<Located<String>>,
    /// Where to read more.
    pub references: Vec<String>,
    /// Why no SQL mends it, where none does.
    pub no_fix: Option<String>,
    /// Why it is off unless the settings enable it.
    pub off: Option<String>,
    /// Thresholds and other values the query is given.
    pub params: Vec<Param>,
    /// The prose, in the page's order.
    pub sections: Vec<Section>,
    /// The rule.
    pub query: Sql,
    /// Objects it cannot judge: `object`, `because`, `remedy`.
    pub cannot_judge: Option<Sql>,
    /// What it must and must not find.
    pub cases: Vec<Case>,
}

/// A value and where it stands in the page, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Range<usize>,
}

/// A facts table, or one column of it, that a rule cannot do without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Table or view.
    pub table: String,
    /// One column; `None`: its rows.
    pub column: Option<String>,
    /// Place in the page, in bytes.
    pub span: Range<usize>,
}

/// A parameter with its default.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Name, without the colon that stands before it in the query.
    pub name: String,
    /// Default; its kind is the kind of every override.
    pub value: Value,
    /// Why the default is what it is.
    pub why: String,
    /// Where the default was taken from.
    pub source: Option<String>,
    /// It is one of its family.
    pub is_shared: bool,
    /// Place of the name in the page, in bytes.
    pub span: Range<usize>,
}

/// A piece of SQL in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sql {
    /// The statement or statements.
    pub text: String,
    /// Place in the page, in bytes.
    pub span: Range<usize>,
}

/// A section of prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: &'static str,
    /// Its blocks.
    pub blocks: Vec<Block>,
}

/// What a case expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// These findings, no more and no less.
    Fires(Vec<Expected>),
    /// No finding.
    Silent,
    /// These objects among those it cannot judge, no more and no less.
    CannotJudge(Vec<Expected>),
}

/// One line of an `expect` fence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// The finding's object.
    pub object: String,
    /// The finding's severity, where the line names one.
    pub severity: Option<Severity>,
    /// The finding's line in its file, where the line names one.
    pub line: Option<i64>,
}

/// A case: facts on top of the base world, and what the rule says about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What is special about it.
    pub name: String,
    /// What the rule must say.
    pub expect: Expect,
    /// Statements that write the facts; empty where migrations alone make the case.
    pub facts: Sql,
    /// Files of migrations, in the order in which they run.
    pub files: Vec<CaseFile>,
    /// `PostgreSQL` statements on top of the base schema, which run before the files.
    pub schema: Option<Sql>,
    /// The files are judged without any schema, base schema included.
    pub without_schema: bool,
    /// First and last major version that knows all of it; the files are judged for the one that
    /// is given.
    pub versions: (Option<u32>, Option<u32>),
    /// Place of the heading in the page, in bytes.
    pub span: Range<usize>,
}

/// A file of migrations in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// Its text.
    pub sql: Sql,
    /// Its path; none: the case does not care.
    pub path: Option<String>,
    /// Whose form it has; none: it is one part, run as `transaction` says.
    pub layout: Option<String>,
    /// How it is run: wrapped, autocommit or script.
    pub transaction: &'static str,
    /// It takes back what the file before it does.
    pub is_down: bool,
    /// It is read for what it makes, and not judged.
    pub is_earlier: bool,
    /// What became of it since a revision: added, modified or renamed.
    pub change: Option<&'static str>,
}

impl Page {
    /// The part of the id before the slash.
    pub fn family(&self) -> &str {
        self.id.split_once('/').map_or("", |(family, _)| family)
    }

    /// Does it judge what became of the findings of other pages? Then it runs after them.
    pub fn is_late(&self) -> bool {
        self.needs
            .iter()
            .any(|need| need.table == "ignored_findings")
    }

    /// The parameter of that name.
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name)
    }

    /// Does the rule apply to servers of this major version?
    pub fn applies_to(&self, major: u32) -> bool {
        self.min_server.is_none_or(|min| major >= min)
            && self.max_server.is_none_or(|max| major <= max)
    }

    /// An error at a byte range of the page.
    pub fn error(&self, span: Range<usize>, message: impl Into<String>) -> SourceError {
        self.source.error(span, message)
    }
}
