//! What a statement of a fix is, and what it works on.

use crate::advise::migration::words::Words;
use crate::parse::ddl::command;
use crate::parse::ddl::effect::stands_alone;
use crate::parse::split::split;
use crate::parse::{Ending, ItemKind};

/// What kind of statement it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It can be run in a transaction.
    Inside,
    /// It cannot.
    Outside,
    /// It sets something for what follows.
    Setting,
    /// Upkeep of what one database holds: it changes no schema, so others do not need it.
    Upkeep,
    /// It is for one server or session, or somebody has to fill something in.
    ByHand,
}

/// Commands of one server or one moment. What a role may do, and how it is set, is a matter of the
/// server too, and an index is built anew where it is broken.
const BY_HAND: [&str; 14] = [
    "ALTER SYSTEM",
    "ALTER ROLE",
    "ALTER USER",
    "ALTER DATABASE",
    "ALTER SUBSCRIPTION",
    "CHECKPOINT",
    "CLUSTER",
    "COMMIT PREPARED",
    "DISCARD",
    "LOAD",
    "REINDEX",
    "ROLLBACK PREPARED",
    "SELECT",
    "DO",
];

/// The statements of a text, each with the comments above it; what is psql's own is none.
pub fn statements(sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    for item in split(sql) {
        let text = item.text(sql);
        let text = text.trim().trim_end_matches(';').trim_end();
        if item.ending == Ending::Discarded || text.is_empty() {
            continue;
        }
        if item.kind != ItemKind::Sql {
            found.push(format!("-- {text}"));
            continue;
        }
        let comments = item.leading(sql).trim();
        found.push(if comments.is_empty() {
            text.to_owned()
        } else {
            format!("{comments}\n{text}")
        });
    }
    found
}

/// What kind of statement it is.
pub fn kind(statement: &str) -> Kind {
    let words = Words::new(statement);
    if words.len() == 0 || words.is_unfinished() {
        return Kind::ByHand;
    }
    let called = command(words.slice(0..words.len()));
    match called.as_str() {
        "SET" | "RESET" => Kind::Setting,
        "VACUUM" | "ANALYZE" => Kind::Upkeep,
        // Without an object it is a role that is granted.
        "GRANT" | "REVOKE" if words.find("on").is_none() => Kind::ByHand,
        called if BY_HAND.contains(&called) => Kind::ByHand,
        _ if stands_alone(statement) => Kind::Outside,
        _ => Kind::Inside,
    }
}

/// The index that a statement makes or drops, with what stands around its name.
pub struct IndexName<'a> {
    /// Its name as it was written, with its schema if that stands there.
    pub written: &'a str,
    /// The token before which it stands.
    pub at: usize,
    /// It is made.
    pub is_made: bool,
    /// It is made or dropped concurrently.
    pub is_concurrent: bool,
    /// `IF EXISTS` or `IF NOT EXISTS` stands before it.
    pub is_guarded: bool,
}

/// The index that a statement makes or drops; none where it has no name.
pub fn index_name<'a>(words: &Words<'a>) -> Option<IndexName<'a>> {
    let is_made = words.are(0, "create index") || words.are(0, "create unique index");
    if !is_made && !words.are(0, "drop index") {
        return None;
    }
    let mut at = if words.are(0, "create unique") { 3 } else { 2 };
    let is_concurrent = words.are(at, "concurrently");
    at += usize::from(is_concurrent);
    let guard = if is_made {
        "if not exists"
    } else {
        "if exists"
    };
    let is_guarded = words.are(at, guard);
    if is_guarded {
        at += guard.split(' ').count();
    }
    if words.are(at, "on") || at >= words.len() {
        return None;
    }
    Some(IndexName {
        written: words.slice(at..words.after_name(at)),
        at,
        is_made,
        is_concurrent,
        is_guarded,
    })
}

/// The name of an index that is made, with the schema of its table.
pub fn qualified(words: &Words, index: &IndexName) -> String {
    let name = index.written;
    let Some(mut at) = words.find_from(index.at, "on").map(|on| on + 1) else {
        return name.to_owned();
    };
    at += usize::from(words.are(at, "only"));
    let end = words.after_name(at);
    if end < at + 3 {
        return name.to_owned();
    }
    format!("{}.{name}", words.slice(at..end - 2))
}

/// What a statement works on: an index, or the table that it alters, without the schema.
pub fn target(statement: &str) -> Option<(&'static str, String)> {
    let words = Words::new(statement);
    if let Some(index) = index_name(&words) {
        return Some(("index", last_name(index.written).to_owned()));
    }
    if !words.are(0, "alter table") {
        return None;
    }
    let mut at = 2;
    for known in ["if exists", "only"] {
        if words.are(at, known) {
            at += known.split(' ').count();
        }
    }
    Some(("table", words.slice(at..words.after_name(at)).to_owned()))
}

/// The last part of a name, as it was written.
fn last_name(name: &str) -> &str {
    if let Some(inner) = name.strip_suffix('"') {
        let start = inner.rfind("\".\"").map(|at| at + 2);
        let start = start.or_else(|| inner.rfind(".\"").map(|at| at + 1));
        return &name[start.unwrap_or(0)..];
    }
    name.rsplit('.').next().unwrap_or(name)
}
