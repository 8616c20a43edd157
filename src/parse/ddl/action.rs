//! What `ALTER` does.

use super::constraint::TableConstraint;
use super::statement::{ColumnDefinition, Identity, Name, OptionList, SequenceOptions};
use super::type_name::TypeName;
use super::volatility::Volatility;

/// One action of `ALTER TABLE`, or of the `ALTER` of a view, index or sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// `ADD COLUMN`, with `IF NOT EXISTS`
    AddColumn(Box<ColumnDefinition>, bool),
    /// `DROP COLUMN`
    DropColumn {
        /// The column.
        name: String,
        /// `IF EXISTS`
        if_exists: bool,
        /// `CASCADE`
        cascade: bool,
    },
    /// `ALTER COLUMN`
    AlterColumn(String, ColumnChange),
    /// `RENAME COLUMN`
    RenameColumn(String, String),
    /// `ADD CONSTRAINT`
    AddConstraint(TableConstraint),
    /// `ALTER CONSTRAINT`
    AlterConstraint {
        /// The constraint.
        name: String,
        /// `DEFERRABLE` or `NOT DEFERRABLE`
        deferrable: Option<bool>,
        /// `INITIALLY DEFERRED` or `INITIALLY IMMEDIATE`
        deferred: Option<bool>,
        /// `ENFORCED` or `NOT ENFORCED`
        enforced: Option<bool>,
        /// `INHERIT` or `NO INHERIT`
        inherit: Option<bool>,
    },
    /// `DROP CONSTRAINT`
    DropConstraint {
        /// The constraint.
        name: String,
        /// `IF EXISTS`
        if_exists: bool,
        /// `CASCADE`
        cascade: bool,
    },
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
    Detach(Name, Detaching),
    /// `INHERIT` or `NO INHERIT`
    Inherit(Name, bool),
    /// `ENABLE` or `DISABLE ROW LEVEL SECURITY`
    RowSecurity(bool),
    /// `FORCE` or `NO FORCE ROW LEVEL SECURITY`
    ForceRowSecurity(bool),
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
    /// `ENABLE` or `DISABLE RULE`, and what it is then.
    Rule(String, &'static str),
    /// What is said of a sequence.
    Sequence(SequenceOptions),
    /// `OF`; none: `NOT OF`
    OfType(Option<Name>),
    /// `SET WITHOUT OIDS`
    WithoutOids,
    /// `OPTIONS`, of a foreign table.
    ForeignOptions,
    /// `DEPENDS ON EXTENSION`, or no longer.
    DependsOnExtension(String, bool),
    /// `ALTER COLUMN number SET STATISTICS`, of an index.
    IndexStatistics(i64),
}

/// How a partition is detached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detaching {
    /// At once.
    Plain,
    /// `CONCURRENTLY`
    Concurrently,
    /// `FINALIZE`
    Finalize,
}

/// What `ALTER COLUMN` does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnChange {
    /// `TYPE`
    Type {
        /// Its new type.
        of: TypeName,
        /// `COLLATE`
        collation: Option<String>,
        /// `USING`
        using: Option<String>,
    },
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
    /// `SET COMPRESSION`
    Compression(String),
    /// `SET (…)` or `RESET (…)`: `n_distinct` and its like.
    Options(OptionList),
    /// `OPTIONS`, of a foreign table.
    ForeignOptions,
}

/// What `ALTER` does to an object that is no relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OtherChange {
    /// `OWNER TO`
    Owner(String),
    /// `RENAME TO`
    Rename(String),
    /// `SET SCHEMA`
    SetSchema(String),
    /// Of an extension: `UPDATE`, and `TO`.
    Version(Option<String>),
    /// Of an extension: `ADD` or `DROP` of a member.
    Member(bool),
    /// Of a function: `SECURITY`, and `SET search_path` (within: none for `RESET`).
    Function {
        /// `DEFINER`, or `INVOKER`
        security_definer: Option<bool>,
        /// The path.
        search_path: Option<Option<String>>,
        /// `IMMUTABLE`, `STABLE` or `VOLATILE`
        volatility: Option<Volatility>,
    },
    /// Of an enum: `ADD VALUE`
    AddValue {
        /// The new label.
        label: String,
        /// `IF NOT EXISTS`
        if_not_exists: bool,
        /// Where it comes; none: last.
        place: Option<Place>,
    },
    /// Of an enum: `RENAME VALUE`
    RenameValue(String, String),
    /// Of a composite type: `ADD ATTRIBUTE`
    AddAttribute(Box<ColumnDefinition>),
    /// Of a composite type: `DROP ATTRIBUTE`, with `IF EXISTS`
    DropAttribute(String, bool),
    /// Of a composite type: `ALTER ATTRIBUTE`
    AlterAttribute(String, TypeName),
    /// Of a composite type: `RENAME ATTRIBUTE`
    RenameAttribute(String, String),
    /// Of a domain: `SET DEFAULT`; none: `DROP DEFAULT`
    Default(Option<String>),
    /// Of a domain: `SET NOT NULL` or `DROP NOT NULL`
    NotNull(bool),
    /// Of a domain: `ADD CONSTRAINT`
    AddConstraint(Box<TableConstraint>),
    /// Of a domain: `DROP CONSTRAINT`, with `IF EXISTS`
    DropConstraint(String, bool),
    /// Of a domain: `VALIDATE CONSTRAINT`
    ValidateConstraint(String),
    /// Of a domain: `RENAME CONSTRAINT`
    RenameConstraint(String, String),
    /// Of a role, database or the system: `SET` or `RESET`; no values: the default.
    Setting(String, Vec<String>),
    /// Of a publication: `ADD`, `DROP` or `SET`, and the tables.
    Tables(&'static str, Vec<Name>),
    /// Anything else, by its first words in lower case.
    Other(String),
}

/// Where a label of an enum comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `BEFORE` this one.
    Before(String),
    /// `AFTER` this one.
    After(String),
}
