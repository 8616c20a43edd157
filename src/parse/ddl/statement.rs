//! Statements that change the catalog, as they were written: nothing is looked up, names are
//! resolved when a statement is applied.

use super::action::{Action, OtherChange};
use super::constraint::TableConstraint;
use super::type_name::TypeName;
use crate::facts::quote;

/// A name, with its schema where that is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// Schema.
    pub schema: Option<String>,
    /// Name within it.
    pub name: String,
}

impl Name {
    /// As it is written in SQL.
    pub fn quoted(&self) -> String {
        match &self.schema {
            Some(schema) => quote::name(schema, &self.name),
            None => quote::ident(&self.name),
        }
    }
}

/// Options such as `(fillfactor=70)`: names and values, as the server keeps them.
pub type OptionList = Vec<(String, String)>;

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// `CREATE TABLE` and `CREATE FOREIGN TABLE`.
    CreateTable(Box<CreateTable>),
    /// `CREATE [MATERIALIZED] VIEW` and `CREATE TABLE … AS`.
    CreateView(CreateView),
    /// `CREATE INDEX`
    CreateIndex(Box<CreateIndex>),
    /// `CREATE SEQUENCE`
    CreateSequence {
        /// Its name.
        name: Name,
        /// `IF NOT EXISTS`
        if_not_exists: bool,
        /// `UNLOGGED`, or else permanent; a temporary one is not kept.
        temporary: bool,
        /// What was said of it.
        options: SequenceOptions,
    },
    /// `CREATE SCHEMA`
    CreateSchema {
        /// Its name.
        name: String,
        /// `AUTHORIZATION`
        owner: Option<String>,
        /// `IF NOT EXISTS`
        if_not_exists: bool,
    },
    /// `CREATE EXTENSION`
    CreateExtension {
        /// Its name.
        name: String,
        /// `SCHEMA`
        schema: Option<String>,
        /// `VERSION`
        version: Option<String>,
    },
    /// `CREATE TYPE` and `CREATE DOMAIN`.
    CreateType {
        /// Its name.
        name: Name,
        /// What it is.
        shape: TypeShape,
    },
    /// `CREATE FUNCTION` and `CREATE PROCEDURE`.
    CreateFunction(CreateFunction),
    /// `CREATE TRIGGER`
    CreateTrigger(CreateTrigger),
    /// `ALTER` of a table, view, index or sequence.
    AlterRelation {
        /// Its name.
        name: Name,
        /// `IF EXISTS`
        if_exists: bool,
        /// `ONLY`: children stay as they are.
        only: bool,
        /// What is done, in order.
        actions: Vec<Action>,
    },
    /// `ALTER` of a schema, extension, type or function.
    AlterOther {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: Name,
        /// Types of the arguments of a function, if they are written.
        arguments: Option<Vec<TypeName>>,
        /// What is done.
        change: OtherChange,
    },
    /// `ALTER TRIGGER … RENAME TO`
    RenameTrigger {
        /// Its table.
        table: Name,
        /// Its name.
        name: String,
        /// Its new name.
        to: String,
    },
    /// `DROP` of objects of one kind.
    Drop {
        /// What they are.
        kind: ObjectKind,
        /// Their names; for a trigger that of its table.
        names: Vec<(Name, Option<Vec<TypeName>>)>,
        /// The trigger.
        on: Option<String>,
        /// `IF EXISTS`
        if_exists: bool,
        /// `CASCADE`
        cascade: bool,
    },
    /// `SET`, or `SELECT set_config(…)`.
    Set {
        /// The setting.
        name: String,
        /// Its values; none: the default.
        values: Vec<String>,
    },
    /// `GRANT` or `REVOKE` of the rights of PUBLIC on schemas or functions.
    Rights {
        /// Given, or taken away.
        granted: bool,
        /// What they are on.
        kind: ObjectKind,
        /// On these.
        names: Vec<(Name, Option<Vec<TypeName>>)>,
    },
    /// Understood, and of no consequence for any fact.
    Ignored,
}

/// A kind of object that statements name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// Table, view, index or sequence.
    Relation,
    /// Schema.
    Schema,
    /// Extension.
    Extension,
    /// Type or domain.
    Type,
    /// Function or procedure.
    Function,
    /// Trigger.
    Trigger,
}

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
    Like(Name, Vec<String>),
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
    /// The other constraints.
    pub constraints: Vec<TableConstraint>,
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
}

/// A view, a materialized view, or a table made by a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateView {
    /// Its name.
    pub name: Name,
    /// view, materialized view or table.
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
    /// Its query.
    pub query: String,
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
    /// `AS ENUM`
    Enum,
    /// `AS (…)`
    Composite(Vec<ColumnDefinition>),
    /// `AS RANGE`, of this type.
    Range(TypeName),
    /// A domain over this type, with its collation.
    Domain(TypeName, Option<String>),
    /// A base type, or a shell: nothing is known of its values.
    Base,
}

/// What facts need of a function.
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
}
