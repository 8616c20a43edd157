//! One statement, read.

use std::ops::Range;

use super::alter::alter_relation;
use super::change;
use super::create;
use super::create_other;
use super::cursor::{Cursor, Read};
use super::function;
use super::index::create_index;
use super::kind::ObjectKind;
use super::maintain;
use super::other;
use super::rights;
use super::sequence::sequence_options;
use super::session;
use super::statement::{Spanned, Statement};
use super::table::create_table;
use crate::parse::tokens::TokenKind;

/// Most statements that stand in each other.
const DEPTH: usize = 8;

/// Reads one statement; the reason is given where it cannot be.
pub fn statement(text: &str) -> Result<Statement, String> {
    read(&mut Cursor::new(text))
}

/// Reads the statement that some tokens are.
pub(super) fn inner(c: &Cursor, range: Range<usize>) -> Read<Spanned<Statement>> {
    if c.depth() >= DEPTH {
        return Err("statements stand too deep in each other".to_owned());
    }
    let span = c.bytes(range.clone());
    let of = read(&mut c.within(range))?;
    Ok(Spanned { of, span })
}

fn read(c: &mut Cursor) -> Read<Statement> {
    let start = c.at();
    let first = c.take().to_ascii_lowercase();
    let read = match first.as_str() {
        "insert" | "update" | "delete" | "merge" | "select" | "values" | "with" | "table" | "(" => {
            c.go_to(start);
            return change::rows(c);
        }
        "create" => create(c),
        "alter" => alter(c),
        "drop" => other::drop(c),
        "grant" => rights::rights(c, true),
        "revoke" => rights::rights(c, false),
        "comment" => other::comment(c),
        "security" => other::security_label(c),
        "copy" => change::copy(c),
        "do" => function::do_block(c),
        "call" => function::call(c),
        "reassign" => other::reassign(c),
        "import" => other::import(c),
        "truncate" | "lock" | "reindex" | "vacuum" | "analyze" | "analyse" | "cluster"
        | "refresh" => maintain::read(c, &first),
        variable if variable.starts_with(':') => Err("a variable of psql stands for it".to_owned()),
        _ => session::read(c, &first),
    }?;
    c.expect_end()?;
    Ok(read)
}

fn create(c: &mut Cursor) -> Read<Statement> {
    let or_replace = c.accept("or replace");
    let start = c.at();
    let _ = c.accept("global") || c.accept("local");
    let temporary = c.accept("temporary") || c.accept("temp");
    let unlogged = c.accept("unlogged");
    let persistence = match (temporary, unlogged) {
        (true, _) => "temporary",
        (_, true) => "unlogged",
        _ => "permanent",
    };
    if c.accept("unique index") {
        return create_index(c, true);
    }
    let from = c.at();
    match ObjectKind::accept(c) {
        Some(ObjectKind::Table) => create_table(c, persistence, false),
        Some(ObjectKind::ForeignTable) => create_table(c, persistence, true),
        Some(ObjectKind::Index) => create_index(c, false),
        Some(ObjectKind::View) => create::view(c, "view", or_replace, temporary),
        Some(ObjectKind::MaterializedView) => {
            create::view(c, "materialized view", or_replace, false)
        }
        Some(ObjectKind::Sequence) => {
            let if_not_exists = c.accept("if not exists");
            let name = c.name()?;
            let options = Box::new(sequence_options(c)?);
            Ok(Statement::CreateSequence {
                name,
                if_not_exists,
                temporary,
                options,
            })
        }
        Some(ObjectKind::Schema) => create::schema(c),
        Some(ObjectKind::Extension) => create::extension(c),
        Some(ObjectKind::Type) => create::create_type(c),
        Some(ObjectKind::Domain) => create::domain(c),
        Some(ObjectKind::Function) => function::create(c, "function", or_replace),
        Some(ObjectKind::Procedure) => function::create(c, "procedure", or_replace),
        Some(ObjectKind::Trigger) => create::trigger(c, from, or_replace),
        Some(ObjectKind::Policy) => create_other::policy(c),
        Some(ObjectKind::Rule) => create_other::rule(c, or_replace),
        Some(kind) => create_other::other(c, kind, or_replace),
        None => {
            c.go_to(start);
            c.refuse("a kind of object")
        }
    }
}

fn alter(c: &mut Cursor) -> Read<Statement> {
    if c.accept("default privileges") {
        return rights::default_privileges(c);
    }
    match ObjectKind::accept(c) {
        Some(kind) if kind.is_relation() => alter_relation(c, kind),
        Some(kind) => other::alter(c, kind),
        None => c.refuse("a kind of object"),
    }
}

/// The command of a statement, as its command tag has it: `ALTER TABLE`, `CREATE INDEX`. What is
/// not known is its first word.
pub fn command(text: &str) -> String {
    super::command::command(text)
}

/// Steps to the end: what is left says nothing that is told.
pub(super) fn rest(c: &mut Cursor) {
    let end = c.len();
    c.go_to(end);
}

/// Whether a name of some form comes next.
pub(super) fn sees_name(c: &Cursor) -> bool {
    matches!(c.kind(), Some(TokenKind::Word | TokenKind::QuotedIdent))
}
