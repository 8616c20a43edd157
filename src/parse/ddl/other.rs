//! `DROP`, `COMMENT`, and statements about what roles own.

use super::cursor::{Cursor, Read};
use super::function::arguments;
use super::kind::ObjectKind;
use super::read::rest;
use super::statement::{Name, Signature, Statement};
use super::type_name::type_name;
use crate::parse::tokens::TokenKind;

pub(super) use super::alter_other::alter;

/// Reads on after `DROP`.
pub(super) fn drop(c: &mut Cursor) -> Read<Statement> {
    if c.accept("owned by") {
        let roles = c.plain_list()?;
        let cascade = c.accept("cascade");
        c.accept("restrict");
        return Ok(Statement::DropOwned { roles, cascade });
    }
    let Some(kind) = ObjectKind::accept(c) else {
        return c.refuse("a kind of object");
    };
    let concurrently = c.accept("concurrently");
    let if_exists = c.accept("if exists");
    let mut on = None;
    let names = if kind.is_on_table() {
        on = Some(c.ident()?);
        c.expect("on")?;
        let start = c.at();
        let name = c.name()?;
        let of = Signature {
            name,
            arguments: None,
        };
        vec![c.spanned(start, of)]
    } else {
        c.list(|c| signature(c, kind))?
    };
    if kind == ObjectKind::Subscription || kind == ObjectKind::Database {
        c.accept("with");
        if c.sees_kind(TokenKind::LeftParen) {
            c.group()?;
        }
    }
    let cascade = c.accept("cascade");
    c.accept("restrict");
    Ok(Statement::Drop {
        kind,
        names,
        on,
        concurrently,
        if_exists,
        cascade,
    })
}

/// A name as objects of a kind have it, and the types of arguments where they are written.
pub(super) fn signature(c: &mut Cursor, kind: ObjectKind) -> Read<Signature> {
    use ObjectKind as K;
    let plain = |name| Signature {
        name,
        arguments: None,
    };
    match kind {
        K::Function | K::Procedure | K::Routine => {
            let name = c.name()?;
            if !c.sees_kind(TokenKind::LeftParen) {
                return Ok(plain(name));
            }
            let within = c.group()?;
            let types = arguments(c, within, false)?.into_iter().map(|(_, of)| of);
            let arguments = Some(types.collect());
            Ok(Signature { name, arguments })
        }
        K::Aggregate => {
            let name = c.name()?;
            if c.sees_kind(TokenKind::LeftParen) {
                c.group()?;
            }
            Ok(plain(name))
        }
        K::Operator => {
            let start = c.at();
            c.until(|c| c.sees_kind(TokenKind::LeftParen));
            let name = c.source(start..c.at());
            c.group()?;
            Ok(plain(Name { schema: None, name }))
        }
        K::OperatorClass | K::OperatorFamily => {
            let name = c.name()?;
            c.expect("using")?;
            c.ident()?;
            Ok(plain(name))
        }
        K::Cast => {
            let within = c.group()?;
            let name = c.source(within);
            Ok(plain(Name { schema: None, name }))
        }
        K::Transform => {
            c.expect("for")?;
            let start = c.at();
            type_name(c)?;
            c.expect("language")?;
            c.ident()?;
            let name = c.source(start..c.at());
            Ok(plain(Name { schema: None, name }))
        }
        K::UserMapping => {
            c.expect("for")?;
            let user = c.ident()?;
            c.expect("server")?;
            c.ident()?;
            Ok(plain(Name {
                schema: None,
                name: user,
            }))
        }
        K::LargeObject => {
            let name = c.take().to_owned();
            Ok(plain(Name { schema: None, name }))
        }
        K::Domain | K::Type => type_name(c).map(|of| plain(of.name)),
        _ => c.name().map(plain),
    }
}

/// Reads on after `COMMENT`.
pub(super) fn comment(c: &mut Cursor) -> Read<Statement> {
    c.expect("on")?;
    let (kind, name, on) = object(c)?;
    c.expect("is")?;
    while c.sees_kind(TokenKind::String) || c.sees_kind(TokenKind::DollarString) || c.sees("null") {
        c.take();
    }
    Ok(Statement::Comment { kind, name, on })
}

/// Reads on after `SECURITY`.
pub(super) fn security_label(c: &mut Cursor) -> Read<Statement> {
    c.expect("label")?;
    if c.accept("for") {
        super::index::value(c)?;
    }
    c.expect("on")?;
    let (kind, name, _) = object(c)?;
    rest(c);
    Ok(Statement::SecurityLabel { kind, name })
}

/// A column with its table: `[schema.]table.column`.
fn column(c: &mut Cursor) -> Read<(Name, Name)> {
    let mut parts = vec![c.ident()?];
    while c.accept_kind(TokenKind::Dot) {
        parts.push(c.ident()?);
    }
    let (Some(name), Some(table)) = (parts.pop(), parts.pop()) else {
        return c.refuse("the column of a table");
    };
    let name = Name { schema: None, name };
    let table = Name {
        schema: parts.pop(),
        name: table,
    };
    Ok((name, table))
}

/// An object: its kind, its name, and the table that it is on.
fn object(c: &mut Cursor) -> Read<(ObjectKind, Name, Option<Name>)> {
    let Some(kind) = ObjectKind::accept(c) else {
        return c.refuse("a kind of object");
    };
    if kind == ObjectKind::Column {
        let (name, table) = column(c)?;
        return Ok((kind, name, Some(table)));
    }
    if !kind.is_on_table() {
        return Ok((kind, signature(c, kind)?.name, None));
    }
    let name = Name {
        schema: None,
        name: c.ident()?,
    };
    c.expect("on")?;
    let kind = if c.accept("domain") {
        ObjectKind::DomainConstraint
    } else {
        kind
    };
    let on = c.name()?;
    Ok((kind, name, Some(on)))
}

/// Reads on after `REASSIGN`.
pub(super) fn reassign(c: &mut Cursor) -> Read<Statement> {
    c.expect("owned by")?;
    let roles = c.plain_list()?;
    c.expect("to")?;
    let to = c.ident()?;
    Ok(Statement::ReassignOwned { roles, to })
}

/// Reads on after `IMPORT`.
pub(super) fn import(c: &mut Cursor) -> Read<Statement> {
    c.expect("foreign schema")?;
    let remote = c.ident()?;
    if c.accept("limit to") || c.accept("except") {
        c.group()?;
    }
    c.expect("from server")?;
    let server = c.ident()?;
    c.expect("into")?;
    let into = c.ident()?;
    if c.accept("options") {
        c.group()?;
    }
    Ok(Statement::ImportForeignSchema {
        remote,
        server,
        into,
    })
}
