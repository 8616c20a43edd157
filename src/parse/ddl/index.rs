//! `CREATE INDEX`, and lists of columns and options as indexes have them.

use std::ops::Range;

use super::cursor::{Cursor, Read};
use super::expression::{figure_name, parenthesized};
use super::statement::{CreateIndex, IndexElement, IndexKey, OptionList, Statement};
use crate::parse::tokens::TokenKind;

/// Reads on after `CREATE [UNIQUE] INDEX`.
pub(super) fn create_index(c: &mut Cursor, unique: bool) -> Read<Statement> {
    let concurrently = c.accept("concurrently");
    let if_not_exists = c.accept("if not exists");
    let name = if c.sees("on") {
        None
    } else {
        Some(c.name()?.name)
    };
    c.expect("on")?;
    let only = c.accept("only");
    let table = c.name()?;
    if c.text_at(c.at()) == "*" {
        c.take();
    }
    let method = if c.accept("using") {
        c.ident()?
    } else {
        "btree".to_owned()
    };
    let within = c.group()?;
    let mut index = CreateIndex {
        name,
        unique,
        concurrently,
        if_not_exists,
        table,
        only,
        method,
        elements: index_elements(c, within)?,
        include: Vec::new(),
        nulls_not_distinct: false,
        options: Vec::new(),
        tablespace: None,
        predicate: None,
    };
    if c.accept("include") {
        index.include = c.idents()?;
    }
    index.nulls_not_distinct = c.accept("nulls not distinct");
    c.accept("nulls distinct");
    if c.accept("with") {
        index.options = options(c)?;
    }
    if c.accept("tablespace") {
        index.tablespace = Some(c.ident()?);
    }
    if c.accept("where") {
        let predicate = c.until(|_| false);
        index.predicate = Some(parenthesized(c, predicate));
    }
    Ok(Statement::CreateIndex(Box::new(index)))
}

/// Reads the columns and expressions of an index within these tokens.
pub(super) fn index_elements(c: &mut Cursor, within: Range<usize>) -> Read<Vec<IndexElement>> {
    let back = c.at();
    let mut elements = Vec::new();
    for part in c.parts(within) {
        c.go_to(part.start);
        elements.push(index_element(c)?);
        if c.at() != part.end {
            return c.refuse(", or )");
        }
    }
    c.go_to(back);
    if elements.is_empty() {
        return Err("it has no columns".to_owned());
    }
    Ok(elements)
}

fn index_element(c: &mut Cursor) -> Read<IndexElement> {
    let mut element = IndexElement {
        key: key(c)?,
        collation: None,
        opclass: None,
        opclass_options: Vec::new(),
        descending: false,
        nulls_first: None,
        operator: None,
    };
    if c.accept("collate") {
        element.collation = Some(c.name()?);
    }
    let named = matches!(c.kind(), Some(TokenKind::Word | TokenKind::QuotedIdent));
    if named && !c.sees_any(&["asc", "desc", "nulls", "with"]) {
        element.opclass = Some(c.name()?);
        if c.sees_kind(TokenKind::LeftParen) {
            element.opclass_options = options(c)?;
        }
    }
    element.descending = c.accept("desc");
    c.accept("asc");
    if c.accept("nulls first") {
        element.nulls_first = Some(true);
    } else if c.accept("nulls last") {
        element.nulls_first = Some(false);
    }
    if c.accept("with") {
        let parts = c.until(|c| c.sees_kind(TokenKind::Comma));
        element.operator = Some(c.source(parts));
    }
    Ok(element)
}

fn key(c: &mut Cursor) -> Read<IndexKey> {
    let start = c.at();
    if c.sees_kind(TokenKind::LeftParen) {
        let within = c.group()?;
        let name = figure_name(c, within.clone());
        let text = parenthesized(c, within.clone());
        let call = is_call(c, within);
        let text = if call { text } else { format!("({text})") };
        return Ok(IndexKey::Expression(text, name));
    }
    let name = c.name()?;
    if !c.sees_kind(TokenKind::LeftParen) {
        return Ok(IndexKey::Column(name.name));
    }
    c.group()?;
    let text = c.source(start..c.at());
    Ok(IndexKey::Expression(text, name.name))
}

/// Whether these tokens are one call of a function by its name.
fn is_call(c: &mut Cursor, within: Range<usize>) -> bool {
    let back = c.at();
    c.go_to(within.start);
    let called = c.name().is_ok() && c.group().is_ok() && c.at() == within.end;
    c.go_to(back);
    called
}

/// Reads options in parentheses, such as `(fillfactor=70, toast.autovacuum_enabled)`.
pub(super) fn options(c: &mut Cursor) -> Read<OptionList> {
    c.expect_kind(TokenKind::LeftParen, "(")?;
    let mut options = Vec::new();
    while !c.accept_kind(TokenKind::RightParen) {
        let name = c.name()?;
        let name = match name.schema {
            Some(schema) => format!("{schema}.{}", name.name),
            None => name.name,
        };
        let value = if c.text_at(c.at()) == "=" {
            c.take();
            value(c)?
        } else {
            "true".to_owned()
        };
        options.push((name, value));
        if !c.accept_kind(TokenKind::Comma) && !c.sees_kind(TokenKind::RightParen) {
            return c.refuse(", or )");
        }
    }
    Ok(options)
}

/// The value of an option or setting: a constant, or words.
pub(super) fn value(c: &mut Cursor) -> Read<String> {
    match c.kind() {
        Some(TokenKind::String) => c.string(),
        Some(TokenKind::Operator) => {
            let sign = c.take();
            Ok(format!("{sign}{}", c.take()))
        }
        Some(TokenKind::Number) => Ok(c.take().to_owned()),
        _ => c.ident(),
    }
}
