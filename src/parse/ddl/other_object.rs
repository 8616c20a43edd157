//! What is said of policies, rules, rights, and objects that no fact is about.

use super::kind::ObjectKind;
use super::statement::{Name, OptionList, Signature, Spanned};

/// `CREATE POLICY`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatePolicy {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: Name,
    /// `AS RESTRICTIVE`
    pub restrictive: bool,
    /// all, select, insert, update or delete.
    pub command: &'static str,
    /// `TO`; empty: public.
    pub roles: Vec<String>,
    /// `USING`
    pub using: Option<String>,
    /// `WITH CHECK`
    pub check: Option<String>,
}

/// `CREATE RULE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRule {
    /// Its name.
    pub name: String,
    /// `OR REPLACE`
    pub or_replace: bool,
    /// select, insert, update or delete.
    pub event: &'static str,
    /// Its table.
    pub table: Name,
    /// `INSTEAD`
    pub instead: bool,
}

/// `CREATE` of an object that no fact is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateOther {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name; some kinds have none.
    pub name: Option<Name>,
    /// `OR REPLACE`
    pub or_replace: bool,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// Tables that it is on: of statistics, a publication.
    pub tables: Vec<Spanned<Name>>,
    /// `FOR ALL TABLES`
    pub all_tables: bool,
    /// Options in parentheses, and the words of a role, in lower case.
    pub options: OptionList,
}

/// `GRANT` and `REVOKE`.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a word of the statement"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    /// Given, or taken away.
    pub granted: bool,
    /// Privileges in lower case, or the roles where there is no `ON`.
    pub privileges: Vec<String>,
    /// What they are on; none: membership in roles.
    pub kind: Option<ObjectKind>,
    /// On these; of `ALL … IN SCHEMA` the schemas.
    pub names: Vec<Spanned<Signature>>,
    /// `ALL … IN SCHEMA`
    pub all_in_schema: bool,
    /// To whom, or from whom; PUBLIC is public.
    pub roles: Vec<String>,
    /// `WITH GRANT OPTION` or `WITH ADMIN OPTION`; of REVOKE: only that is taken.
    pub grant_option: bool,
    /// `CASCADE`
    pub cascade: bool,
}

/// `ALTER DEFAULT PRIVILEGES`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultPrivileges {
    /// `FOR ROLE`; empty: oneself.
    pub owners: Vec<String>,
    /// `IN SCHEMA`; empty: all.
    pub schemas: Vec<String>,
    /// Given, or taken away.
    pub granted: bool,
    /// Privileges in lower case.
    pub privileges: Vec<String>,
    /// tables, sequences, functions, types, schemas …
    pub kind: ObjectKind,
    /// To whom, or from whom.
    pub roles: Vec<String>,
}
