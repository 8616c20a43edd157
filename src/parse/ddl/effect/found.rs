//! What an action does to one object: a row of `migration_effects`.

use std::ops::Range;

use serde_json::{Map, Value};

use super::lock::Lock;

/// What an action does to one object.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a column of the facts"
)]
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Place of the action in its statement, from 1.
    pub action: usize,
    /// The action's bytes in the statement's text; empty: all of it.
    pub span: Range<usize>,
    /// What is done, as in `forms.tsv`.
    pub form: &'static str,
    /// What the object is in it, as in `forms.tsv`.
    pub part: &'static str,
    /// The object.
    pub target: Target,
    /// Column that it is about.
    pub column: Option<String>,
    /// Constraint, index, trigger, value or setting that it is about.
    pub object: Option<String>,
    /// Mode that it takes on the object.
    pub lock: Option<Lock>,
    /// It reads the whole relation.
    pub scans: bool,
    /// It writes the relation anew.
    pub rewrites: bool,
    /// It builds an index of it, or all.
    pub builds: bool,
    /// SQLSTATE that it fails with.
    pub error: Option<&'static str>,
    /// Rows or values are gone.
    pub loses_data: bool,
    /// What it takes from running code: names or values.
    pub breaks: Option<&'static str>,
    /// What else the form says.
    pub details: Map<String, Value>,
}

/// An object that an action concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its schema, where it is known.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// What it is, as in `relations.kind`; or index, sequence, schema, type, domain, function …
    pub kind: &'static str,
    /// Its number in the catalog, which grows from object to object; none where nothing that was
    /// read says anything of it.
    pub oid: Option<i64>,
}
