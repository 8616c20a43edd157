//! One statement, read.

use super::alter::alter_relation;
use super::create;
use super::cursor::{Cursor, Read};
use super::function;
use super::index::create_index;
use super::other;
use super::sequence::sequence_options;
use super::statement::Statement;
use super::table::create_table;

/// Reads one statement; the reason is given where it cannot be.
pub fn statement(text: &str) -> Result<Statement, String> {
    let mut cursor = Cursor::new(text);
    let c = &mut cursor;
    if c.accept("create") {
        return create(c);
    }
    if c.accept("alter") {
        return alter(c);
    }
    if c.accept("drop") {
        return other::drop(c);
    }
    if c.accept("set") {
        return other::set(c);
    }
    if c.accept("reset") {
        return other::reset(c);
    }
    if c.accept("grant") {
        return other::rights(c, true);
    }
    if c.accept("revoke") {
        return other::rights(c, false);
    }
    if c.accept("select") {
        return other::select(c);
    }
    if IGNORED.iter().any(|words| c.sees(words)) {
        return Ok(Statement::Ignored);
    }
    Err("statements of this kind are not followed".to_owned())
}

/// Statements that change no fact that comes from the catalog. Rows are none: what INSERT, UPDATE
/// and their like do is no matter of the schema.
const IGNORED: [&str; 21] = [
    "begin",
    "start transaction",
    "commit",
    "end",
    "savepoint",
    "release",
    "comment on",
    "security label",
    "copy",
    "insert",
    "update",
    "delete",
    "truncate",
    "analyze",
    "vacuum",
    "lock",
    "refresh materialized view",
    "reindex",
    "notify",
    "show",
    "explain",
];

/// Objects that no fact is about.
const NO_FACT: [&str; 31] = [
    "access method",
    "aggregate",
    "cast",
    "collation",
    "conversion",
    "database",
    "default conversion",
    "default privileges",
    "event trigger",
    "foreign data wrapper",
    "group",
    "language",
    "large object",
    "operator",
    "policy",
    "procedural language",
    "publication",
    "role",
    "rule",
    "server",
    "statistics",
    "subscription",
    "system",
    "tablespace",
    "text search",
    "transform",
    "trusted language",
    "trusted procedural language",
    "user",
    "routine mapping",
    "user mapping",
];

/// Whether the name of a kind of object comes next that no fact is about.
pub(super) fn sees_no_fact(c: &Cursor) -> bool {
    NO_FACT.iter().any(|words| c.sees(words))
}

fn create(c: &mut Cursor) -> Read<Statement> {
    let or_replace = c.accept("or replace");
    if sees_no_fact(c) {
        return Ok(Statement::Ignored);
    }
    let _ = c.accept("global") || c.accept("local");
    let temporary = c.accept("temporary") || c.accept("temp");
    let unlogged = c.accept("unlogged");
    let persistence = match (temporary, unlogged) {
        (true, _) => "temporary",
        (_, true) => "unlogged",
        _ => "permanent",
    };
    if c.accept("table") {
        return create_table(c, persistence, false);
    }
    if c.accept("foreign table") {
        return create_table(c, persistence, true);
    }
    if c.accept("unique index") {
        return create_index(c, true);
    }
    if c.accept("index") {
        return create_index(c, false);
    }
    if c.accept("recursive view") || c.accept("view") {
        return create::view(c, "view", or_replace, temporary);
    }
    if c.accept("materialized view") {
        return create::view(c, "materialized view", or_replace, false);
    }
    if c.accept("sequence") {
        let if_not_exists = c.accept("if not exists");
        let name = c.name()?;
        let options = sequence_options(c)?;
        c.expect_end()?;
        return Ok(Statement::CreateSequence {
            name,
            if_not_exists,
            temporary,
            options,
        });
    }
    if c.accept("schema") {
        return create::schema(c);
    }
    if c.accept("extension") {
        return create::extension(c);
    }
    if c.accept("type") {
        return create::create_type(c);
    }
    if c.accept("domain") {
        return create::domain(c);
    }
    if c.accept("function") {
        return function::create(c, "function", or_replace);
    }
    if c.accept("procedure") {
        return function::create(c, "procedure", or_replace);
    }
    if c.accept("trigger") || c.accept("constraint trigger") {
        return create::trigger(c, or_replace);
    }
    Err("objects of this kind are not followed".to_owned())
}

fn alter(c: &mut Cursor) -> Read<Statement> {
    if sees_no_fact(c) {
        return Ok(Statement::Ignored);
    }
    for words in [
        "table",
        "foreign table",
        "index",
        "materialized view",
        "sequence",
        "view",
    ] {
        if c.accept(words) {
            return alter_relation(c);
        }
    }
    other::alter(c)
}
