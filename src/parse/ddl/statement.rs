//! Statements as they were written: nothing is looked up, names are resolved when a statement is
//! applied.

use std::ops::{Deref, Range};

use super::action::{Action, OtherChange};
use super::body::Body;
use super::dml::{Copy, Delete, Insert, Merge, Select, TableRef, Update};
pub use super::kind::ObjectKind;
pub use super::object::{
    ColumnDefinition, CreateFunction, CreateIndex, CreateTable, CreateTableAs, CreateTrigger,
    CreateView, Domain, Element, Identity, IndexElement, IndexKey, PartitionKey, SequenceOptions,
    TypeShape,
};
pub use super::other_object::{CreateOther, CreatePolicy, CreateRule, DefaultPrivileges, Rights};
use super::type_name::TypeName;
pub use super::utility::{Reindex, Transaction, Vacuum, Vacuumed};
use crate::facts::quote;
use crate::parse::ddl::effect::Lock;

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

/// A part of a statement, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The part.
    pub of: T,
    /// Its bytes in the statement's text.
    pub span: Range<usize>,
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.of
    }
}

/// An object, by its name and, for a routine, the types of its arguments where they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Its name.
    pub name: Name,
    /// Types of the arguments.
    pub arguments: Option<Vec<TypeName>>,
}

/// Options such as `(fillfactor=70)`: names and values, as the server keeps them.
pub type OptionList = Vec<(String, String)>;

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// `CREATE TABLE` and `CREATE FOREIGN TABLE`.
    CreateTable(Box<CreateTable>),
    /// `CREATE TABLE … AS` and `SELECT … INTO`.
    CreateTableAs(Box<CreateTableAs>),
    /// `CREATE [MATERIALIZED] VIEW`
    CreateView(Box<CreateView>),
    /// `CREATE INDEX`
    CreateIndex(Box<CreateIndex>),
    /// `CREATE SEQUENCE`
    CreateSequence {
        /// Its name.
        name: Name,
        /// `IF NOT EXISTS`
        if_not_exists: bool,
        /// `TEMPORARY`
        temporary: bool,
        /// What was said of it.
        options: Box<SequenceOptions>,
    },
    /// `CREATE SCHEMA`
    CreateSchema {
        /// Its name.
        name: String,
        /// `AUTHORIZATION`
        owner: Option<String>,
        /// `IF NOT EXISTS`
        if_not_exists: bool,
        /// What is created in it, each a statement with its bytes.
        elements: Vec<Spanned<Statement>>,
    },
    /// `CREATE EXTENSION`
    CreateExtension {
        /// Its name.
        name: String,
        /// `IF NOT EXISTS`
        if_not_exists: bool,
        /// `SCHEMA`
        schema: Option<String>,
        /// `VERSION`
        version: Option<String>,
        /// `CASCADE`
        cascade: bool,
    },
    /// `CREATE TYPE` and `CREATE DOMAIN`.
    CreateType {
        /// Its name.
        name: Name,
        /// What it is.
        shape: TypeShape,
    },
    /// `CREATE FUNCTION` and `CREATE PROCEDURE`.
    CreateFunction(Box<CreateFunction>),
    /// `CREATE TRIGGER`
    CreateTrigger(Box<CreateTrigger>),
    /// `CREATE POLICY`
    CreatePolicy(Box<CreatePolicy>),
    /// `CREATE RULE`
    CreateRule(Box<CreateRule>),
    /// `CREATE` of anything else.
    CreateOther(Box<CreateOther>),
    /// `ALTER` of a table, view, index or sequence.
    AlterRelation {
        /// What the statement calls it.
        kind: ObjectKind,
        /// Its name.
        name: Name,
        /// `IF EXISTS`
        if_exists: bool,
        /// `ONLY`: children stay as they are.
        only: bool,
        /// What is done, in order.
        actions: Vec<Spanned<Action>>,
    },
    /// `ALTER … ALL IN TABLESPACE … SET TABLESPACE`
    MoveAll {
        /// table, index or materialized view.
        kind: ObjectKind,
        /// Where they are.
        from: String,
        /// Whose; empty: everybody's.
        owners: Vec<String>,
        /// Where they go.
        to: String,
        /// `NOWAIT`
        nowait: bool,
    },
    /// `ALTER` of anything else.
    AlterOther {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: Name,
        /// Types of the arguments of a function, if they are written.
        arguments: Option<Vec<TypeName>>,
        /// The table of a policy or rule.
        on: Option<Name>,
        /// What is done, in order; more than one thing to a composite type only.
        changes: Vec<Spanned<OtherChange>>,
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
        /// Their names; for a trigger, policy or rule that of its table.
        names: Vec<Spanned<Signature>>,
        /// The trigger, policy or rule.
        on: Option<String>,
        /// `CONCURRENTLY`
        concurrently: bool,
        /// `IF EXISTS`
        if_exists: bool,
        /// `CASCADE`
        cascade: bool,
    },
    /// `DROP OWNED BY`
    DropOwned {
        /// Whose objects.
        roles: Vec<String>,
        /// `CASCADE`
        cascade: bool,
    },
    /// `REASSIGN OWNED BY`
    ReassignOwned {
        /// Whose objects.
        roles: Vec<String>,
        /// Who gets them.
        to: String,
    },
    /// `SET` or `RESET`, also of a role.
    Set {
        /// The setting; all for `RESET ALL`.
        name: String,
        /// Its values; none: the default.
        values: Vec<String>,
        /// `LOCAL`: to the end of the transaction.
        local: bool,
    },
    /// `SET CONSTRAINTS`
    SetConstraints {
        /// Their names; none: all.
        names: Option<Vec<Name>>,
        /// `DEFERRED`
        deferred: bool,
    },
    /// `GRANT` and `REVOKE`.
    Rights(Box<Rights>),
    /// `ALTER DEFAULT PRIVILEGES`
    DefaultPrivileges(Box<DefaultPrivileges>),
    /// Begins, ends or divides a transaction.
    Transaction(Transaction),
    /// `TRUNCATE`
    Truncate {
        /// Its tables.
        tables: Vec<Spanned<TableRef>>,
        /// `RESTART IDENTITY`
        restart_identity: bool,
        /// `CASCADE`
        cascade: bool,
    },
    /// `LOCK TABLE`
    LockTable {
        /// Its tables.
        tables: Vec<Spanned<TableRef>>,
        /// Its mode.
        mode: Lock,
        /// `NOWAIT`
        nowait: bool,
    },
    /// `REINDEX`
    Reindex(Reindex),
    /// `VACUUM` and `ANALYZE`.
    Vacuum(Box<Vacuum>),
    /// `CLUSTER`
    Cluster {
        /// Its table; none: all that were clustered before.
        table: Option<Name>,
        /// The index.
        index: Option<String>,
    },
    /// `REFRESH MATERIALIZED VIEW`
    Refresh {
        /// The view.
        name: Name,
        /// `CONCURRENTLY`
        concurrently: bool,
        /// Not `WITH NO DATA`
        with_data: bool,
    },
    /// `COMMENT ON`
    Comment {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: Name,
        /// The table of a constraint, trigger, policy or rule.
        on: Option<Name>,
    },
    /// `SECURITY LABEL`
    SecurityLabel {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: Name,
    },
    /// `DO`
    Do {
        /// In lower case.
        language: String,
        /// What it runs.
        body: Box<Body>,
    },
    /// `CALL`
    Call {
        /// The procedure.
        name: Name,
        /// Its arguments, as they are written.
        arguments: Vec<String>,
    },
    /// `EXPLAIN`
    Explain {
        /// `ANALYZE`: the statement is run.
        analyze: bool,
        /// The statement that is explained.
        statement: Box<Spanned<Statement>>,
    },
    /// `PREPARE`
    Prepare {
        /// Its name.
        name: String,
        /// The statement that is prepared.
        statement: Box<Spanned<Statement>>,
    },
    /// `EXECUTE`
    Execute {
        /// The prepared statement.
        name: String,
    },
    /// `DECLARE … CURSOR FOR`
    Declare {
        /// The cursor.
        name: String,
        /// Its query.
        statement: Box<Spanned<Statement>>,
    },
    /// `IMPORT FOREIGN SCHEMA`
    ImportForeignSchema {
        /// The remote schema.
        remote: String,
        /// The server.
        server: String,
        /// The schema that the tables are made in.
        into: String,
    },
    /// `INSERT`
    Insert(Box<Insert>),
    /// `UPDATE`
    Update(Box<Update>),
    /// `DELETE`
    Delete(Box<Delete>),
    /// `MERGE`
    Merge(Box<Merge>),
    /// `SELECT`, `VALUES` and `TABLE`.
    Select(Box<Select>),
    /// `COPY`
    Copy(Box<Copy>),
    /// What concerns the session only, or nothing that is kept: `SHOW`, `LISTEN`, `CHECKPOINT` and
    /// their like, by their command.
    Session(&'static str),
}
