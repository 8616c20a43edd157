//! What a rule finds.

use serde_json::{Map, Value};

use super::severity::{Confidence, Severity};

/// One finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Stable name across runs: `rule:scope:subject`, with `#2` and on where several share it.
    pub key: String,
    /// Id of the rule.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// What it is about, as a row of the facts; `None` where the rule's row named none.
    pub subject: Option<Subject>,
    /// Where the subject lives.
    pub scope: Scope,
    /// The subject as people write it.
    pub object: String,
    /// One sentence with its numbers.
    pub detail: String,
    /// Database time that the problem costs, ms an hour.
    pub impact_ms_per_hour: Option<f64>,
    /// Space that the fix gives back, bytes.
    pub reclaim_bytes: Option<i64>,
    /// Order within a severity; see [`super::rank::score`].
    pub score: f64,
    /// SQL that mends it.
    pub fix: Option<String>,
    /// SQL that takes the fix back.
    pub undo: Option<String>,
    /// Place in a file, for findings about migrations.
    pub location: Location,
    /// Every other column of the rule's row.
    pub evidence: Map<String, Value>,
    /// The baseline doesn't name it, or names it as milder. True without a baseline.
    pub is_new: bool,
}

impl Finding {
    /// What the application could write instead, where no SQL mends it: the evidence `instead`.
    pub fn instead(&self) -> Option<&str> {
        let written = self.evidence.get("instead").and_then(Value::as_str);
        written.filter(|_| self.fix.is_none())
    }
}

/// A row of a facts table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// Kind of thing: `relation`, `index`, `statement` …
    pub kind: &'static str,
    /// Its id in the table of that kind.
    pub id: i64,
}

/// What a subject belongs to: a database, or a server where it belongs to none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Name of the database.
    Database(String),
    /// Label of the node.
    Node(String),
}

impl Scope {
    /// The name, as it stands in keys.
    pub fn name(&self) -> &str {
        match self {
            Self::Database(name) | Self::Node(name) => name,
        }
    }
}

/// A place in a file; lines and columns are 1-based.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Location {
    /// Path as it was given.
    pub file: Option<String>,
    /// First line.
    pub line: Option<i64>,
    /// First column.
    pub column: Option<i64>,
    /// Last line.
    pub end_line: Option<i64>,
    /// Column after the last character.
    pub end_column: Option<i64>,
}
