//! `GRANT`, `REVOKE` and `ALTER DEFAULT PRIVILEGES`.

use super::cursor::{Cursor, Read};
use super::kind::ObjectKind;
use super::other::signature;
use super::other_object::{DefaultPrivileges, Rights};
use super::read::rest;
use super::statement::{Name, Signature, Spanned, Statement};
use crate::parse::tokens::TokenKind;

/// Reads on after `GRANT` or `REVOKE`.
pub(super) fn rights(c: &mut Cursor, granted: bool) -> Read<Statement> {
    let mut rights = Rights {
        granted,
        privileges: Vec::new(),
        kind: None,
        names: Vec::new(),
        all_in_schema: false,
        roles: Vec::new(),
        grant_option: false,
        cascade: false,
    };
    if !granted {
        rights.grant_option = ["grant", "admin", "inherit", "set"]
            .iter()
            .any(|word| c.accept(&format!("{word} option for")));
    }
    rights.privileges = privileges(c)?;
    if c.accept("on") {
        on(c, &mut rights)?;
    }
    rights.roles = grantees(c, granted)?;
    if granted {
        rights.grant_option = c.sees("with grant option") || c.sees("with admin");
    }
    let tail = c.until(|_| false);
    rights.cascade = tail.into_iter().any(|at| c.is_word(at, "cascade"));
    rest(c);
    Ok(Statement::Rights(Box::new(rights)))
}

/// Privileges, each with its columns left out; or roles.
fn privileges(c: &mut Cursor) -> Read<Vec<String>> {
    let mut all = Vec::new();
    loop {
        let words = c.until(|c| c.sees_kind(TokenKind::Comma) || c.sees_any(&["on", "to", "from"]));
        let mut privilege = Vec::new();
        let back = c.at();
        for at in words {
            if c.kind_at(at) == Some(TokenKind::LeftParen) {
                break;
            }
            c.go_to(at);
            privilege.push(c.ident()?);
        }
        c.go_to(back);
        if privilege.is_empty() {
            return c.refuse("a privilege");
        }
        let privilege = privilege.join(" ");
        all.push(match privilege.as_str() {
            "all privileges" => "all".to_owned(),
            _ => privilege,
        });
        if !c.accept_kind(TokenKind::Comma) {
            return Ok(all);
        }
    }
}

fn grantees(c: &mut Cursor, granted: bool) -> Read<Vec<String>> {
    c.expect(if granted { "to" } else { "from" })?;
    let mut roles = Vec::new();
    loop {
        // GROUP is a word of older versions; a role may have that name, too.
        if c.sees("group") && c.kind_at(c.at() + 1) == Some(TokenKind::Word) {
            c.accept("group");
        }
        roles.push(c.ident()?);
        if !c.accept_kind(TokenKind::Comma) {
            return Ok(roles);
        }
    }
}

/// Reads on after `ON`.
fn on(c: &mut Cursor, rights: &mut Rights) -> Read<()> {
    if c.accept("all") {
        rights.kind = Some(plural(c)?);
        c.expect("in schema")?;
        rights.all_in_schema = true;
        rights.names = c.list(named)?;
        return Ok(());
    }
    let at = c.at();
    let kind = ObjectKind::accept(c);
    // A table may be called by such a word, as in GRANT … ON type TO …
    let kind = match kind {
        Some(kind) if !c.sees_any(&["to", "from"]) && !c.sees_kind(TokenKind::Comma) => kind,
        _ => {
            c.go_to(at);
            ObjectKind::Table
        }
    };
    rights.kind = Some(kind);
    rights.names = match kind {
        ObjectKind::LargeObject => {
            let names = c.until(|c| c.sees_any(&["to", "from"]));
            let name = Name {
                schema: None,
                name: c.source(names.clone()),
            };
            let of = Signature {
                name,
                arguments: None,
            };
            let span = c.bytes(names);
            vec![Spanned { of, span }]
        }
        kind => c.list(|c| signature(c, kind))?,
    };
    Ok(())
}

fn named(c: &mut Cursor) -> Read<Signature> {
    let name = c.name()?;
    Ok(Signature {
        name,
        arguments: None,
    })
}

/// Kinds in the plural.
fn plural(c: &mut Cursor) -> Read<ObjectKind> {
    let known = [
        ("tables", ObjectKind::Table),
        ("sequences", ObjectKind::Sequence),
        ("functions", ObjectKind::Function),
        ("procedures", ObjectKind::Procedure),
        ("routines", ObjectKind::Routine),
        ("types", ObjectKind::Type),
        ("schemas", ObjectKind::Schema),
        ("large objects", ObjectKind::LargeObject),
    ];
    match known.into_iter().find(|(words, _)| c.accept(words)) {
        Some((_, kind)) => Ok(kind),
        None => c.refuse("kinds of objects"),
    }
}

/// Reads on after `ALTER DEFAULT PRIVILEGES`.
pub(super) fn default_privileges(c: &mut Cursor) -> Read<Statement> {
    let (mut owners, mut schemas) = (Vec::new(), Vec::new());
    loop {
        if c.accept("for role") || c.accept("for user") {
            owners = c.plain_list()?;
        } else if c.accept("in schema") {
            schemas = c.plain_list()?;
        } else {
            break;
        }
    }
    let granted = c.accept("grant");
    if !granted {
        c.expect("revoke")?;
        c.accept("grant option for");
    }
    let privileges = privileges(c)?;
    c.expect("on")?;
    let kind = plural(c)?;
    let roles = grantees(c, granted)?;
    rest(c);
    Ok(Statement::DefaultPrivileges(Box::new(DefaultPrivileges {
        owners,
        schemas,
        granted,
        privileges,
        kind,
        roles,
    })))
}
