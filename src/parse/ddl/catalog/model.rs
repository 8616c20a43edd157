//! What a catalog holds. Relations, indexes and sequences are named by their place in it, columns
//! by their place in the relation.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::named::Named;
use crate::parse::ddl::expression::words;
use crate::parse::ddl::statement::{ColumnDefinition, Name, OptionList};
use crate::parse::ddl::volatility::Volatility;

/// A schema.
#[derive(Debug, Default, Clone)]
pub(in crate::parse) struct Schema {
    pub oid: i64,
    pub owner: Option<String>,
    pub public_create: bool,
}

/// An extension.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Extension {
    pub schema: String,
    pub version: Option<String>,
}

/// A table, view or the like; fields as in the facts table.
#[derive(Debug, Default, Clone)]
pub(in crate::parse) struct Relation {
    pub oid: i64,
    /// `relations.id`, where it comes from facts.
    pub facts_id: Option<i64>,
    /// Only statements that use it tell of it: there is more than is known.
    pub implied: bool,
    pub schema: String,
    pub name: String,
    pub kind: &'static str,
    pub owner: Option<String>,
    pub persistence: &'static str,
    pub partition_of: Option<usize>,
    pub inherits: Vec<usize>,
    /// Partitions, and tables that inherit.
    pub children: BTreeSet<usize>,
    pub bound: Option<String>,
    pub partition_key: Option<String>,
    pub replica_identity: &'static str,
    pub access_method: Option<String>,
    pub tablespace: Option<String>,
    pub options: OptionList,
    pub row_security: bool,
    pub definition: Option<String>,
    pub columns: Named<Column>,
    /// Its columns come from a query: they are not known.
    pub columns_from_query: bool,
    pub constraints: Named<Constraint>,
    pub triggers: Named<Trigger>,
    pub indexes: BTreeSet<usize>,
    /// Sequences that its columns own.
    pub sequences: BTreeSet<usize>,
    /// Tables with foreign keys to it.
    pub referenced_by: BTreeSet<usize>,
    /// Views that read it, as far as facts told of them, and the column that they read; none: no
    /// column by name.
    pub read_by: Vec<(usize, Option<usize>)>,
}

impl Relation {
    /// Names of columns.
    pub fn column_names(&self, places: &[usize]) -> Vec<&str> {
        let named = places.iter().filter_map(|place| self.columns.at(*place));
        named.map(|(name, _)| name).collect()
    }

    /// Columns that an expression names, in the order in which it does.
    pub fn columns_in(&self, text: &str) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        let places = words(text).filter_map(|word| self.columns.place(&word));
        places.filter(|place| seen.insert(*place)).collect()
    }

    /// It may have columns that are not known.
    pub fn is_open(&self) -> bool {
        self.implied || self.columns_from_query
    }

    pub fn is_partitioned(&self) -> bool {
        self.kind == "partitioned table"
    }
}

/// A type or domain that users made.
#[derive(Debug, Clone)]
pub(in crate::parse) struct UserType {
    pub oid: i64,
    pub schema: String,
    pub name: String,
    /// A column of it has this type.
    pub of: Type,
    pub shape: Shape,
}

/// What a type is made of.
#[derive(Debug, Clone)]
pub(in crate::parse) enum Shape {
    /// Its labels, in the order in which they came.
    Enum(Vec<Label>),
    Composite(Vec<ColumnDefinition>),
    /// Of this type.
    Range(Type),
    Domain(Domain),
    /// Nothing is known of its values.
    Base,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::parse) struct Label {
    pub name: String,
    /// Grows like those of objects.
    pub oid: i64,
}

/// A domain.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Domain {
    /// The type that it is over, which may be another domain.
    pub over: Type,
    pub not_null: bool,
    pub default: Option<String>,
    pub checks: Named<DomainCheck>,
}

impl Domain {
    /// Values are checked when they are taken for it.
    pub fn is_constrained(&self) -> bool {
        self.not_null || self.checks.iter().next().is_some()
    }
}

/// A check of a domain.
#[derive(Debug, Clone)]
pub(in crate::parse) struct DomainCheck {
    pub not_valid: bool,
}

/// What is known of a type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::parse) struct Type {
    /// As `format_type` prints it.
    pub printed: String,
    pub oid: Option<i64>,
    pub length: Option<i64>,
    pub alignment: Option<&'static str>,
    pub storage: Option<&'static str>,
    /// Its collation, if it has one.
    pub collation: Option<String>,
    /// What operator classes go by: a built-in type, or enum, array, range, multirange, record.
    pub class: Option<&'static str>,
    /// What is in the parentheses of `printed`.
    pub modifiers: Option<String>,
    /// The type that users made: this, or that of which this is an array.
    pub user: Option<Arc<UserName>>,
}

/// Schema and name of a type that users made.
pub(in crate::parse) type UserName = (String, String);

/// A column.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a column of the facts"
)]
#[derive(Debug, Clone, Default)]
pub(in crate::parse) struct Column {
    pub of: Type,
    /// Grows like the oids of objects; 0: with its table, or nobody saw it made.
    pub made: i64,
    pub not_null: bool,
    pub not_null_name: Option<String>,
    pub not_null_inherited: bool,
    pub not_null_invalid: bool,
    pub default: Option<String>,
    pub identity: Option<&'static str>,
    pub generated: Option<&'static str>,
    pub collation: Option<String>,
    pub storage: Option<&'static str>,
    pub statistics_target: Option<i64>,
    pub is_dropped: bool,
}

/// A constraint; one that demands NOT NULL is said of its column.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a column of the facts"
)]
#[derive(Debug, Clone)]
pub(in crate::parse) struct Constraint {
    pub oid: i64,
    pub rule: Rule,
    pub deferrable: bool,
    pub deferred: bool,
    pub not_valid: bool,
    pub not_enforced: bool,
    pub no_inherit: bool,
    pub inherited: bool,
}

/// What a constraint demands.
#[derive(Debug, Clone)]
pub(in crate::parse) enum Rule {
    /// By this index: primary key, unique or exclusion.
    Index {
        index: usize,
        without_overlaps: bool,
    },
    Check(String),
    Foreign(Foreign),
    Trigger,
}

/// A foreign key.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Foreign {
    pub columns: Vec<usize>,
    pub relation: usize,
    pub referenced: Vec<usize>,
    pub index: Option<usize>,
    pub period: bool,
    pub full: bool,
    pub on_update: &'static str,
    pub on_delete: &'static str,
    pub delete_columns: Vec<usize>,
}

/// A trigger.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Trigger {
    pub enabled: &'static str,
    /// The statement before and after the name of its table.
    pub before: String,
    pub after: String,
    pub for_each_row: bool,
    pub inherited: bool,
}

/// An index; fields as in the facts table.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a column of the facts"
)]
#[derive(Debug, Default, Clone)]
pub(in crate::parse) struct Index {
    pub oid: i64,
    pub relation: usize,
    pub name: String,
    pub method: String,
    pub unique: bool,
    pub nulls_not_distinct: bool,
    pub primary: bool,
    pub exclusion: bool,
    pub deferrable: bool,
    pub clustered: bool,
    pub replica_identity: bool,
    /// Its build failed, or is not done.
    pub invalid: bool,
    pub parent: Option<usize>,
    /// Indexes of partitions that are attached.
    pub children: BTreeSet<usize>,
    pub constraint: Option<String>,
    pub keys: Vec<Key>,
    pub include: Vec<usize>,
    pub predicate: Option<String>,
    pub tablespace: Option<String>,
    pub options: OptionList,
}

/// A key column of an index.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Key {
    pub of: KeyOf,
    pub collation: Option<String>,
    pub collation_schema: Option<String>,
    pub opclass: Option<Name>,
    pub opclass_options: OptionList,
    pub descending: bool,
    pub nulls_first: bool,
    pub operator: Option<String>,
}

/// What a key is.
#[derive(Debug, Clone)]
pub(in crate::parse) enum KeyOf {
    Column(usize),
    Expression(String),
}

/// A sequence; fields as in the facts table.
#[derive(Debug, Default, Clone)]
pub(in crate::parse) struct Sequence {
    pub oid: i64,
    pub schema: String,
    pub name: String,
    pub of: &'static str,
    pub start: i64,
    pub min: i64,
    pub max: i64,
    pub increment: i64,
    pub cycles: bool,
    pub owner: Option<(usize, usize)>,
}

/// A function or procedure.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Function {
    pub schema: String,
    pub name: String,
    pub kind: &'static str,
    pub arguments: String,
    /// Types of its arguments as they are printed.
    pub types: Vec<String>,
    pub owner: Option<String>,
    pub security_definer: bool,
    pub search_path: Option<String>,
    pub volatility: Volatility,
    pub public_execute: bool,
}
