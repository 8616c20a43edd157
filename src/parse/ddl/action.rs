//! What `ALTER` does.

use super::constraint::TableConstraint;
use super::statement::{ColumnDefinition, Identity, Name, OptionList, SequenceOptions};
use super::type_name::TypeName;

/// One action of `ALTER TABLE`, or of the `ALTER` of a view, index or sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// `ADD COLUMN`, with `IF NOT EXISTS`
    AddColumn(Box<ColumnDefinition>, bool),
    /// `DROP COLUMN`, with `IF EXISTS`
    DropColumn(String, bool),
    /// `ALTER COLUMN`
    AlterColumn(String, ColumnChange),
    /// `RENAME COLUMN`
    RenameColumn(String, String),
    /// `ADD CONSTRAINT`
    AddConstraint(TableConstraint),
    /// `DROP CONSTRAINT`, with `IF EXISTS`
    DropConstraint(String, bool),
    /// `RENAME CONSTRAINT`
    RenameConstraint(String, String),
    /// `VALIDATE CONSTRAINT`
    ValidateConstraint(String),
    /// `RENAME TO`
    Rename(String),
    /// `SET SCHEMA`
    SetSchema(String),
    /// `OWNER TO`
    Owner(String),
    /// `ATTACH PARTITION`, with its bound; of an index without.
    Attach(Name, Option<String>),
    /// `DETACH PARTITION`
    Detach(Name),
    /// `INHERIT` or `NO INHERIT`
    Inherit(Name, bool),
    /// `ENABLE` or `DISABLE ROW LEVEL SECURITY`
    RowSecurity(bool),
    /// `REPLICA IDENTITY`: its word, and the index.
    ReplicaIdentity(&'static str, Option<String>),
    /// `CLUSTER ON`; none: `SET WITHOUT CLUSTER`
    ClusterOn(Option<String>),
    /// `SET (…)`
    SetOptions(OptionList),
    /// `RESET (…)`
    ResetOptions(Vec<String>),
    /// `SET TABLESPACE`
    SetTablespace(String),
    /// `SET ACCESS METHOD`
    SetAccessMethod(String),
    /// `SET LOGGED` or `SET UNLOGGED`: the persistence.
    SetPersistence(&'static str),
    /// `ENABLE` or `DISABLE TRIGGER`: its name, or none for all; and what it is then.
    Trigger(Option<String>, &'static str),
    /// What is said of a sequence.
    Sequence(SequenceOptions),
    /// Understood, and of no consequence for any fact.
    Ignored,
}

/// What `ALTER COLUMN` does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnChange {
    /// `TYPE`, with `COLLATE`
    Type(TypeName, Option<String>),
    /// `SET DEFAULT`; none: `DROP DEFAULT`
    Default(Option<String>),
    /// `SET NOT NULL` or `DROP NOT NULL`
    NotNull(bool),
    /// `SET STATISTICS`; none: the default
    Statistics(Option<i64>),
    /// `SET STORAGE`
    Storage(String),
    /// `ADD GENERATED … AS IDENTITY`
    AddIdentity(Identity),
    /// `SET GENERATED` and options of the sequence
    SetIdentity(Option<&'static str>, SequenceOptions),
    /// `DROP IDENTITY`
    DropIdentity,
    /// `DROP EXPRESSION`
    DropExpression,
    /// `SET EXPRESSION AS`
    SetExpression(String),
    /// Understood, and of no consequence for any fact.
    Ignored,
}

/// What `ALTER` does to a schema, extension, type or function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OtherChange {
    /// `OWNER TO`
    Owner(String),
    /// `RENAME TO`
    Rename(String),
    /// `SET SCHEMA`
    SetSchema(String),
    /// Of an extension: `UPDATE TO`
    Version(String),
    /// Of a function: `SECURITY`, and `SET search_path` (within: none for `RESET`).
    Function {
        /// `DEFINER`, or `INVOKER`
        security_definer: Option<bool>,
        /// The path.
        search_path: Option<Option<String>>,
    },
    /// Understood, and of no consequence for any fact.
    Ignored,
}
