//! `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `SELECT` and `COPY`, by their tokens.

use std::ops::Range;

use super::condition::{condition, is_limited};
use super::cursor::{Cursor, Read};
use super::dml::{Copy, Delete, Insert, InsertSource, Merge, Query, Select, TableRef, Update};
use super::query::{is_reserved, query, tables};
use super::statement::{CreateTableAs, Statement};
use crate::parse::tokens::TokenKind;

/// Reads a statement that begins with `WITH`, or one of its like without.
pub(super) fn rows(c: &mut Cursor) -> Read<Statement> {
    let start = c.at();
    let words = [
        "insert", "update", "delete", "merge", "select", "values", "table",
    ];
    let mut with = start..start;
    if c.sees("with") {
        c.until(|c| c.sees_any(&words) && !is_cte_name(c));
        with.end = c.at();
    }
    if c.accept("insert") {
        insert(c, with)
    } else if c.accept("update") {
        update(c, with)
    } else if c.accept("delete") {
        delete(c, with)
    } else if c.accept("merge") {
        merge(c, with)
    } else if c.sees_any(&words) || c.sees_kind(TokenKind::LeftParen) {
        select(c, with)
    } else {
        c.refuse("a statement")
    }
}

fn is_cte_name(c: &Cursor) -> bool {
    let at = c.at();
    c.is_word(at + 1, "as") || at > 0 && c.kind_at(at - 1) == Some(TokenKind::Comma)
}

/// A table that is written to, `ONLY` and `*` included.
pub(super) fn table_ref(c: &mut Cursor) -> Read<TableRef> {
    let only = c.accept("only");
    let inside = only && c.accept_kind(TokenKind::LeftParen);
    let name = c.name()?;
    if inside {
        c.expect_kind(TokenKind::RightParen, ")")?;
    }
    if c.text_at(c.at()) == "*" {
        c.take();
    }
    Ok(TableRef { name, only })
}

fn alias(c: &mut Cursor, ends: &[&str]) -> Read<Option<String>> {
    let named = matches!(c.kind(), Some(TokenKind::Word | TokenKind::QuotedIdent));
    if c.accept("as") || (named && !c.sees_any(ends) && !is_reserved(c, c.at())) {
        return c.ident().map(Some);
    }
    Ok(None)
}

/// What the statement reads: in its WITH and from `rest` to its end.
fn reads(c: &mut Cursor, with: Range<usize>, rest: Range<usize>, first: bool) -> Query {
    // CTEs are known in the rest, so both are read as one where there are some.
    if with.is_empty() {
        return tables(c, rest, first);
    }
    query(c, with.start..rest.end)
}

fn insert(c: &mut Cursor, with: Range<usize>) -> Read<Statement> {
    c.expect("into")?;
    let table = c.name()?;
    if c.accept("as") {
        c.ident()?;
    }
    let mut columns = Vec::new();
    let selects = ["select", "with", "values", "table"];
    let at = c.at();
    let listed = c.sees_kind(TokenKind::LeftParen)
        && c.kind_at(at + 1) != Some(TokenKind::LeftParen)
        && !selects.iter().any(|word| c.is_word(at + 1, word));
    if listed {
        let within = c.group()?;
        let back = c.at();
        for part in c.parts(within) {
            c.go_to(part.start);
            columns.push(c.ident()?);
        }
        c.go_to(back);
    }
    if c.accept("overriding") {
        c.until(|c| c.sees("value"));
        c.accept("value");
    }
    let conflicts = |c: &Cursor| c.sees("on conflict") || c.sees("returning");
    let from = c.at();
    let source = if c.accept("default values") {
        InsertSource::Defaults
    } else if c.sees("values") {
        let mut count = 1;
        c.until(conflicts);
        let to = c.at();
        c.go_to(from + 1);
        while c.at() < to {
            c.until(|c| c.at() >= to || c.sees_kind(TokenKind::Comma));
            if c.at() >= to || !c.accept_kind(TokenKind::Comma) {
                break;
            }
            count += 1;
        }
        c.go_to(to);
        InsertSource::Values(count)
    } else {
        if c.is_at_end() {
            return c.refuse("rows");
        }
        c.until(conflicts);
        InsertSource::Query
    };
    let to = c.at();
    let mut on_conflict = None;
    if c.accept("on conflict") {
        c.until(|c| c.sees("do nothing") || c.sees("do update"));
        on_conflict = Some(if c.sees("do update") {
            "update"
        } else {
            "nothing"
        });
    }
    let end = c.len();
    c.go_to(end);
    Ok(Statement::Insert(Box::new(Insert {
        table,
        columns,
        source,
        on_conflict,
        reads: reads(c, with, from..to, false),
    })))
}

fn update(c: &mut Cursor, with: Range<usize>) -> Read<Statement> {
    let table = table_ref(c)?;
    let alias = alias(c, &["set"])?;
    c.expect("set")?;
    let from = c.at();
    let set = c.until(|c| {
        let compares = c.sees("from") && c.is_word(c.at() - 1, "distinct");
        c.sees_any(&["from", "where", "returning"]) && !compares
    });
    let columns = set_columns(c, set.clone())?;
    let has_from = c.accept("from");
    if has_from {
        c.until(|c| c.sees_any(&["where", "returning"]));
    }
    let condition = where_clause(c);
    let end = c.len();
    c.go_to(end);
    let mut update = Update {
        table,
        alias,
        columns,
        set: c.source(set),
        condition,
        has_from,
        reads: reads(c, with.clone(), from..end, false),
    };
    update.condition.limited |= is_limited(c, with.start..end);
    Ok(Statement::Update(Box::new(update)))
}

/// The columns that `SET` names.
fn set_columns(c: &mut Cursor, set: Range<usize>) -> Read<Vec<String>> {
    let back = c.at();
    let mut columns = Vec::new();
    for part in c.parts(set) {
        c.go_to(part.start);
        if c.sees_kind(TokenKind::LeftParen) {
            let within = c.group()?;
            for part in c.parts(within) {
                c.go_to(part.start);
                columns.push(c.ident()?);
            }
        } else {
            columns.push(c.ident()?);
        }
    }
    c.go_to(back);
    if columns.is_empty() {
        return c.refuse("a column");
    }
    Ok(columns)
}

/// `WHERE` and what follows it, if it comes next.
fn where_clause(c: &mut Cursor) -> super::dml::Condition {
    if !c.accept("where") {
        return super::dml::Condition::default();
    }
    let range = c.until(|c| {
        c.sees_any(&[
            "returning",
            "group",
            "having",
            "order",
            "limit",
            "offset",
            "fetch",
            "for",
            "window",
            "union",
            "intersect",
            "except",
        ])
    });
    condition(c, range)
}

fn delete(c: &mut Cursor, with: Range<usize>) -> Read<Statement> {
    c.expect("from")?;
    let table = table_ref(c)?;
    let alias = alias(c, &["using", "where", "returning"])?;
    let has_using = c.accept("using");
    let from = c.at();
    c.until(|c| c.sees_any(&["where", "returning"]));
    if !has_using {
        c.go_to(from);
    }
    let condition = where_clause(c);
    let end = c.len();
    c.go_to(end);
    let mut reads = tables(c, from..end, has_using);
    if !with.is_empty() {
        let ctes = query(c, with.clone());
        reads.tables.extend(ctes.tables);
        reads.calls.extend(ctes.calls);
        reads.changes.extend(ctes.changes);
        reads.not_in.extend(ctes.not_in);
    }
    let mut delete = Delete {
        table,
        alias,
        condition,
        has_using,
        reads,
    };
    delete.condition.limited |= is_limited(c, with.start..end);
    Ok(Statement::Delete(Box::new(delete)))
}

fn merge(c: &mut Cursor, with: Range<usize>) -> Read<Statement> {
    c.expect("into")?;
    let table = table_ref(c)?;
    alias(c, &["using"])?;
    c.expect("using")?;
    let from = c.at();
    let mut deeds = Vec::new();
    let end = c.len();
    for at in from..end {
        for word in ["insert", "update", "delete"] {
            if c.is_word(at, "then") && c.is_word(at + 1, word) && !deeds.contains(&word) {
                deeds.push(word);
            }
        }
    }
    c.go_to(end);
    let mut reads = tables(c, from..end, true);
    reads.changes.extend(query(c, with).changes);
    Ok(Statement::Merge(Box::new(Merge {
        table,
        deeds,
        reads,
    })))
}

fn select(c: &mut Cursor, with: Range<usize>) -> Read<Statement> {
    let start = c.at();
    let end = c.len();
    let from = if with.is_empty() { start } else { with.start };
    let mut into = None;
    if c.accept("select") {
        c.until(|c| c.sees_any(&["into", "from", "where", "union", "except", "intersect"]));
        if c.sees("into") {
            into = Some(c.at());
        }
    }
    if let Some(at) = into {
        return select_into(c, from..end, at);
    }
    c.go_to(start);
    c.until(|c| c.sees("where"));
    let condition = where_clause(c);
    c.go_to(end);
    Ok(Statement::Select(Box::new(Select {
        reads: query(c, from..end),
        condition,
    })))
}

fn select_into(c: &mut Cursor, whole: Range<usize>, at: usize) -> Read<Statement> {
    c.go_to(at + 1);
    let _ = c.accept("local") || c.accept("global");
    let temporary = c.accept("temporary") || c.accept("temp");
    let unlogged = c.accept("unlogged");
    c.accept("table");
    let name = c.name()?;
    let after = c.at();
    let mut reads = query(c, whole.start..at);
    let rest = query(c, after..whole.end);
    reads.tables.extend(rest.tables);
    reads.calls.extend(rest.calls);
    reads.limited |= rest.limited;
    let text = format!(
        "{} {}",
        c.source(whole.start..at),
        c.source(after..whole.end)
    );
    c.go_to(whole.end);
    Ok(Statement::CreateTableAs(Box::new(CreateTableAs {
        name,
        if_not_exists: false,
        persistence: match (temporary, unlogged) {
            (true, _) => "temporary",
            (_, true) => "unlogged",
            _ => "permanent",
        },
        columns: Vec::new(),
        access_method: None,
        options: Vec::new(),
        tablespace: None,
        query: text,
        reads,
        with_data: true,
        selected: true,
    })))
}

/// Reads on after `COPY`.
pub(super) fn copy(c: &mut Cursor) -> Read<Statement> {
    c.accept("binary");
    let mut copy = Copy {
        table: None,
        columns: Vec::new(),
        from: false,
        reads: Query::default(),
    };
    if c.sees_kind(TokenKind::LeftParen) {
        let within = c.group()?;
        copy.reads = query(c, within);
    } else {
        copy.table = Some(c.name()?);
        if c.sees_kind(TokenKind::LeftParen) {
            copy.columns = c.idents()?;
        }
    }
    copy.from = c.accept("from");
    if !copy.from {
        c.expect("to")?;
    }
    let end = c.len();
    c.go_to(end);
    Ok(Statement::Copy(Box::new(copy)))
}
