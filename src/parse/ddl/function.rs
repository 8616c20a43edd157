//! Functions, as far as facts need them.

use std::ops::Range;

use super::body::Body;
use super::cursor::{Cursor, Read};
use super::index::value;
use super::read::rest;
use super::statement::{CreateFunction, Statement};
use super::type_name::{TypeName, type_name};
use super::volatility::Volatility;
use crate::facts::quote;
use crate::parse::tokens::TokenKind;

/// Reads on after `CREATE FUNCTION` or `CREATE PROCEDURE`.
pub(super) fn create(c: &mut Cursor, kind: &'static str, or_replace: bool) -> Read<Statement> {
    let mut function = CreateFunction {
        name: c.name()?,
        or_replace,
        kind,
        arguments: Vec::new(),
        security_definer: false,
        search_path: None,
        returns: None,
        language: None,
        volatility: None,
        body: None,
    };
    let within = c.group()?;
    function.arguments = arguments(c, within, true)?;
    while !c.is_at_end() {
        if c.accept("security definer") {
            function.security_definer = true;
        } else if c.accept("set") {
            let (name, values) = setting(c)?;
            if name == "search_path" {
                function.search_path = Some(path(&values));
            }
        } else if c.accept("returns") {
            function.returns = returns(c)?;
        } else if c.accept("language") {
            function.language = Some(value(c)?.to_ascii_lowercase());
        } else if let Some(volatility) = Volatility::accept(c) {
            function.volatility = Some(volatility);
        } else if c.accept("as") {
            function.body = Some(body(c)?);
            // The symbol in a library.
            while c.accept_kind(TokenKind::Comma) {
                c.string()?;
            }
        } else if c.sees_any(&["begin", "return"]) {
            // The body stands as it is.
            let bytes = c.bytes(c.at()..c.len());
            function.body = Some(Body {
                text: c.text()[bytes.clone()].to_owned(),
                start: bytes.start,
                skipped: Vec::new(),
            });
            function.language.get_or_insert_with(|| "sql".to_owned());
            rest(c);
        } else if c.sees_kind(TokenKind::LeftParen) {
            c.group()?;
        } else {
            c.take();
        }
    }
    Ok(Statement::CreateFunction(Box::new(function)))
}

/// What follows `RETURNS`; none for `RETURNS NULL ON NULL INPUT`.
fn returns(c: &mut Cursor) -> Read<Option<String>> {
    if c.accept("null on null input") {
        return Ok(None);
    }
    let start = c.at();
    if c.accept("table") {
        c.group()?;
    } else {
        type_name(c)?;
    }
    Ok(Some(c.source(start..c.at())))
}

/// A string constant that is code, of one or more parts.
fn body(c: &mut Cursor) -> Read<Body> {
    let at = c.at();
    let bytes = c.bytes(at..at + 1);
    let source = &c.text()[bytes.clone()];
    if c.sees_kind(TokenKind::DollarString) {
        let tag = source[1..].find('$').map_or(0, |end| end + 2);
        let end = source.len().saturating_sub(tag).max(tag);
        c.take();
        return Ok(Body {
            text: source.get(tag..end).unwrap_or_default().to_owned(),
            start: bytes.start + tag,
            skipped: Vec::new(),
        });
    }
    let prefix = source.find('\'').unwrap_or(0);
    let escapes = source.starts_with(['e', 'E']);
    c.string()?;
    let inside = source.get(prefix + 1..source.len() - 1).unwrap_or_default();
    let mut body = Body {
        text: String::with_capacity(inside.len()),
        start: bytes.start + prefix + 1,
        skipped: Vec::new(),
    };
    let mut chars = inside.chars().peekable();
    while let Some(char) = chars.next() {
        let doubled = char == '\'' && chars.peek() == Some(&'\'');
        if doubled || (escapes && char == '\\') {
            body.skipped.push(body.text.len());
            match chars.next() {
                Some('n') if char == '\\' => body.text.push('\n'),
                Some('t') if char == '\\' => body.text.push('\t'),
                Some(next) => body.text.push(next),
                None => {}
            }
        } else {
            body.text.push(char);
        }
    }
    Ok(body)
}

/// Reads on after `DO`.
pub(super) fn do_block(c: &mut Cursor) -> Read<Statement> {
    let mut language = "plpgsql".to_owned();
    let mut code = None;
    while !c.is_at_end() {
        if c.accept("language") {
            language = value(c)?.to_ascii_lowercase();
        } else if code.is_none() {
            code = Some(body(c)?);
        } else {
            return c.refuse("its end");
        }
    }
    match code {
        Some(body) => Ok(Statement::Do {
            language,
            body: Box::new(body),
        }),
        None => c.refuse("code"),
    }
}

/// Reads on after `CALL`.
pub(super) fn call(c: &mut Cursor) -> Read<Statement> {
    let name = c.name()?;
    let within = c.group()?;
    let arguments = c.parts(within).into_iter();
    let arguments = arguments.map(|part| c.source(part)).collect();
    Ok(Statement::Call { name, arguments })
}

/// Reads `name {TO | =} values`.
pub(super) fn setting(c: &mut Cursor) -> Read<(String, Vec<String>)> {
    let name = c.name()?;
    let name = match name.schema {
        Some(class) => format!("{class}.{}", name.name),
        None => name.name,
    };
    if c.accept("from current") {
        return Ok((name, Vec::new()));
    }
    if !c.accept("to") && c.take() != "=" {
        return c.refuse("a value");
    }
    if c.accept("default") {
        return Ok((name, Vec::new()));
    }
    let mut values = vec![value(c)?];
    while c.accept_kind(TokenKind::Comma) {
        values.push(value(c)?);
    }
    Ok((name, values))
}

/// A search path as the server keeps it with a function.
pub(super) fn path(values: &[String]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| quote::ident(value)).collect();
    quoted.join(", ")
}

/// Arguments that are part of the identity: how each is printed before its type, and the type.
/// Those that only give something back are printed, too, but functions are not found by them.
pub(super) fn arguments(
    c: &mut Cursor,
    within: Range<usize>,
    outputs: bool,
) -> Read<Vec<(String, TypeName)>> {
    let back = c.at();
    let mut arguments = Vec::new();
    for part in c.parts(within) {
        c.go_to(part.start);
        if let Some(argument) = argument(c, part.end, outputs)? {
            arguments.push(argument);
        }
    }
    c.go_to(back);
    Ok(arguments)
}

fn argument(c: &mut Cursor, end: usize, outputs: bool) -> Read<Option<(String, TypeName)>> {
    let modes = ["in", "out", "inout", "variadic"];
    let mode = modes
        .into_iter()
        .find(|mode| c.accept(mode))
        .unwrap_or("in");
    let inout = mode == "in" && c.accept("out");
    let mut printed = match mode {
        "variadic" => "VARIADIC ".to_owned(),
        "inout" => "INOUT ".to_owned(),
        "out" => "OUT ".to_owned(),
        _ if inout => "INOUT ".to_owned(),
        _ => String::new(),
    };
    if mode == "out" && !outputs {
        return Ok(None);
    }
    let start = c.at();
    let whole = |c: &Cursor| c.at() == end || c.sees("default") || c.text_at(c.at()) == "=";
    if let Ok(of) = type_name(c)
        && whole(c)
    {
        return Ok(Some((printed, of)));
    }
    c.go_to(start);
    let name = c.ident()?;
    // The mode may stand behind the name.
    for (word, mode) in [
        ("in out", "INOUT "),
        ("inout", "INOUT "),
        ("out", "OUT "),
        ("variadic", "VARIADIC "),
        ("in", ""),
    ] {
        if c.accept(word) {
            mode.clone_into(&mut printed);
            break;
        }
    }
    if printed == "OUT " && !outputs {
        return Ok(None);
    }
    printed.push_str(&quote::ident(&name));
    printed.push(' ');
    let of = type_name(c)?;
    if whole(c) {
        Ok(Some((printed, of)))
    } else {
        c.refuse(", or )")
    }
}
