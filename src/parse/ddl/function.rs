//! Functions, as far as facts need them.

use std::ops::Range;

use super::cursor::{Cursor, Read};
use super::index::value;
use super::statement::{CreateFunction, Statement};
use super::type_name::{TypeName, type_name};
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
    };
    let within = c.group()?;
    function.arguments = arguments(c, within, true)?;
    while !c.is_at_end() && !c.sees_any(&["begin", "return"]) {
        if c.accept("security definer") {
            function.security_definer = true;
        } else if c.accept("set") {
            let (name, values) = setting(c)?;
            if name == "search_path" {
                function.search_path = Some(path(&values));
            }
        } else if c.sees_kind(TokenKind::LeftParen) {
            c.group()?;
        } else {
            c.take();
        }
    }
    Ok(Statement::CreateFunction(function))
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
    printed.push_str(&quote::ident(&name));
    printed.push(' ');
    let of = type_name(c)?;
    if whole(c) {
        Ok(Some((printed, of)))
    } else {
        c.refuse(", or )")
    }
}
