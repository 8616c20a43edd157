//! What `CREATE` says of relations, types, functions and triggers, as it was written.

use std::ops::Range;

use super::body::Body;
use super::constraint::TableConstraint;
use super::dml::Query;
use super::statement::{Name, OptionList, Spanned};
use super::type_name::TypeName;
use super::volatility::Volatility;

/// `CREATE TABLE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateTable {
    /// Its name.
    pub name: Name,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// permanent, unlogged or temporary.
    pub persistence: &'static str,
    /// `FOREIGN`
    pub foreign: bool,
    /// Columns, constraints and `LIKE`, in order.
    pub elements: Vec<Element>,
    /// `OF` this composite type.
    pub of_type: Option<Name>,
    /// `INHERITS`
    pub inherits: Vec<Name>,
    /// `PARTITION OF` with its bound.
    pub partition_of: Option<(Name, String)>,
    /// `PARTITION BY`
    pub partition_by: Option<PartitionKey>,
    /// `USING` this access method.
    pub access_method: Option<String>,
    /// `WITH`
    pub options: OptionList,
    /// `TABLESPACE`
    pub tablespace: Option<String>,
    /// `SERVER`, of a foreign table.
    pub server: Option<String>,
    /// `ON COMMIT DROP`
    pub dropped_on_commit: bool,
}

/// `PARTITION BY`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionKey {
    /// range, list or hash.
    pub strategy: String,
    /// Its columns and expressions.
    pub elements: Vec<IndexElement>,
}

/// What stands between the parentheses of `CREATE TABLE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// A column.
    Column(Box<ColumnDefinition>),
    /// A constraint of the table.
    Constraint(TableConstraint),
    /// `LIKE`: the table, and what is included, in lower case.
    Like(Spanned<Name>, Vec<String>),
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDefinition {
    /// Its name.
    pub name: String,
    /// Its type; none where a partition or typed table says more of a column it has.
    pub type_name: Option<TypeName>,
    /// `COLLATE`
    pub collation: Option<String>,
    /// `STORAGE`
    pub storage: Option<String>,
    /// `NOT NULL`: the name of the constraint, if it has one.
    pub not_null: Option<Option<String>>,
    /// `DEFAULT`
    pub default: Option<String>,
    /// `GENERATED … AS IDENTITY`
    pub identity: Option<Identity>,
    /// `GENERATED ALWAYS AS (…)`: stored or virtual, and its expression.
    pub generated: Option<(&'static str, String)>,
    /// `COMPRESSION`
    pub compression: Option<String>,
    /// The other constraints, each with its bytes.
    pub constraints: Vec<TableConstraint>,
    /// Its bytes in the statement.
    pub span: Range<usize>,
}

impl ColumnDefinition {
    /// A column of which nothing is said yet.
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            type_name: None,
            collation: None,
            storage: None,
            not_null: None,
            default: None,
            identity: None,
            generated: None,
            compression: None,
            constraints: Vec::new(),
            span: 0..0,
        }
    }
}

/// An identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// always or by default.
    pub when: &'static str,
    /// Its sequence.
    pub sequence: SequenceOptions,
}

/// What is said of a sequence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SequenceOptions {
    /// `AS`
    pub type_name: Option<TypeName>,
    /// `START`
    pub start: Option<i64>,
    /// `INCREMENT`
    pub increment: Option<i64>,
    /// `MINVALUE`; within: none for `NO MINVALUE`.
    pub min_value: Option<Option<i64>>,
    /// `MAXVALUE`, as `min_value`.
    pub max_value: Option<Option<i64>>,
    /// `CYCLE` or `NO CYCLE`
    pub cycles: Option<bool>,
    /// `OWNED BY`: table and column; within: none for `NONE`.
    pub owned_by: Option<Option<(Name, String)>>,
    /// `SEQUENCE NAME`, of an identity.
    pub name: Option<Name>,
    /// `CACHE`
    pub cache: Option<i64>,
    /// `RESTART`; within: none without a number.
    pub restart: Option<Option<i64>>,
    /// `LOGGED` or `UNLOGGED`
    pub logged: Option<bool>,
}

/// A view or a materialized view.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a word of the statement"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateView {
    /// Its name.
    pub name: Name,
    /// view or materialized view.
    pub kind: &'static str,
    /// `TEMPORARY`
    pub temporary: bool,
    /// `OR REPLACE`
    pub or_replace: bool,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// `USING` this access method.
    pub access_method: Option<String>,
    /// `WITH`, and the check option.
    pub options: OptionList,
    /// `TABLESPACE`
    pub tablespace: Option<String>,
    /// Names of its columns, where they are given.
    pub columns: Vec<String>,
    /// Its query.
    pub query: String,
    /// What its query reads.
    pub reads: Query,
    /// Tables and views of which it has all columns, by `*`.
    pub stars: Vec<Name>,
    /// Not `WITH NO DATA`
    pub with_data: bool,
}

/// `CREATE TABLE … AS` and `SELECT … INTO`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateTableAs {
    /// Its name.
    pub name: Name,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// permanent, unlogged or temporary.
    pub persistence: &'static str,
    /// Names of its columns, where they are given.
    pub columns: Vec<String>,
    /// `USING` this access method.
    pub access_method: Option<String>,
    /// `WITH`
    pub options: OptionList,
    /// `TABLESPACE`
    pub tablespace: Option<String>,
    /// Its query, or the prepared statement that is executed.
    pub query: String,
    /// What its query reads.
    pub reads: Query,
    /// Not `WITH NO DATA`
    pub with_data: bool,
    /// `SELECT … INTO`
    pub selected: bool,
}

/// `CREATE INDEX`
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a word of the statement"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateIndex {
    /// Its name, if it has one; its schema is that of the table.
    pub name: Option<String>,
    /// `UNIQUE`
    pub unique: bool,
    /// `CONCURRENTLY`
    pub concurrently: bool,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// Its table.
    pub table: Name,
    /// `ONLY`
    pub only: bool,
    /// `USING`, else btree.
    pub method: String,
    /// Key columns.
    pub elements: Vec<IndexElement>,
    /// `INCLUDE`
    pub include: Vec<String>,
    /// `NULLS NOT DISTINCT`
    pub nulls_not_distinct: bool,
    /// `WITH`
    pub options: OptionList,
    /// `TABLESPACE`
    pub tablespace: Option<String>,
    /// `WHERE`
    pub predicate: Option<String>,
}

/// A key column of an index, an exclusion constraint or a partition key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexElement {
    /// Column or expression.
    pub key: IndexKey,
    /// `COLLATE`
    pub collation: Option<Name>,
    /// Operator class.
    pub opclass: Option<Name>,
    /// Its options.
    pub opclass_options: OptionList,
    /// `DESC`
    pub descending: bool,
    /// `NULLS FIRST` or `NULLS LAST`
    pub nulls_first: Option<bool>,
    /// `WITH` this operator, in an exclusion constraint.
    pub operator: Option<String>,
}

/// What an index is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexKey {
    /// A column.
    Column(String),
    /// An expression: with the parentheses that it has to have, and the name it gives an index.
    Expression(String, String),
}

/// What a type is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeShape {
    /// `AS ENUM`, with its labels.
    Enum(Vec<String>),
    /// `AS (…)`
    Composite(Vec<ColumnDefinition>),
    /// `AS RANGE`, of this type.
    Range(TypeName),
    /// A domain.
    Domain(Box<Domain>),
    /// A base type, or a shell: nothing is known of its values.
    Base,
}

/// `CREATE DOMAIN`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// The type that it is of.
    pub base: TypeName,
    /// `COLLATE`
    pub collation: Option<String>,
    /// `NOT NULL`: the name of the constraint, if it has one.
    pub not_null: Option<Option<String>>,
    /// `DEFAULT`
    pub default: Option<String>,
    /// `CHECK`
    pub checks: Vec<TableConstraint>,
}

/// `CREATE FUNCTION` and `CREATE PROCEDURE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateFunction {
    /// Its name.
    pub name: Name,
    /// `OR REPLACE`
    pub or_replace: bool,
    /// function or procedure.
    pub kind: &'static str,
    /// Its input arguments: mode and name as they are printed, and the type.
    pub arguments: Vec<(String, TypeName)>,
    /// `SECURITY DEFINER`
    pub security_definer: bool,
    /// `SET search_path`
    pub search_path: Option<String>,
    /// `RETURNS`, as it is written.
    pub returns: Option<String>,
    /// `LANGUAGE`, in lower case; sql where the body is not a string.
    pub language: Option<String>,
    /// `IMMUTABLE`, `STABLE` or `VOLATILE`, where it is said.
    pub volatility: Option<Volatility>,
    /// Its body.
    pub body: Option<Body>,
}

/// `CREATE TRIGGER`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateTrigger {
    /// Its name.
    pub name: String,
    /// `OR REPLACE`
    pub or_replace: bool,
    /// Its table.
    pub table: Name,
    /// The statement up to the name of the table.
    pub before: String,
    /// The statement between table and function.
    pub between: String,
    /// Its function.
    pub function: Name,
    /// The arguments, with their parentheses.
    pub arguments: String,
    /// `FOR EACH ROW`
    pub for_each_row: bool,
    /// `CONSTRAINT`
    pub constraint: bool,
    /// before, after or instead of.
    pub timing: &'static str,
    /// insert, update, delete, truncate: what fires it.
    pub events: Vec<&'static str>,
    /// `UPDATE OF`
    pub columns: Vec<String>,
    /// `WHEN`
    pub condition: Option<String>,
}
