//! `DROP`, `SET`, `GRANT`, and the `ALTER` of what is no relation.

use super::action::OtherChange;
use super::cursor::{Cursor, Read};
use super::function::{arguments, path, setting};
use super::index::value;
use super::read::sees_no_fact;
use super::statement::{Name, ObjectKind, Statement};
use super::type_name::TypeName;
use crate::parse::tokens::TokenKind;

/// Reads on after `DROP`.
pub(super) fn drop(c: &mut Cursor) -> Read<Statement> {
    if sees_no_fact(c) {
        return Ok(Statement::Ignored);
    }
    if c.accept("owned by") {
        return Err("DROP OWNED is not followed".to_owned());
    }
    let Some(kind) = object_kind(c) else {
        return Err("objects of this kind are not followed".to_owned());
    };
    c.accept("concurrently");
    let if_exists = c.accept("if exists");
    let mut names = Vec::new();
    let mut on = None;
    if kind == ObjectKind::Trigger {
        on = Some(c.ident()?);
        c.expect("on")?;
        names.push((c.name()?, None));
    } else {
        names.push(signature(c)?);
        while c.accept_kind(TokenKind::Comma) {
            names.push(signature(c)?);
        }
    }
    let cascade = c.accept("cascade");
    c.accept("restrict");
    c.expect_end()?;
    Ok(Statement::Drop {
        kind,
        names,
        on,
        if_exists,
        cascade,
    })
}

fn object_kind(c: &mut Cursor) -> Option<ObjectKind> {
    use ObjectKind::{Extension, Function, Relation, Schema, Trigger, Type};
    let known = [
        ("table", Relation),
        ("foreign table", Relation),
        ("index", Relation),
        ("materialized view", Relation),
        ("view", Relation),
        ("sequence", Relation),
        ("schema", Schema),
        ("extension", Extension),
        ("type", Type),
        ("domain", Type),
        ("function", Function),
        ("procedure", Function),
        ("routine", Function),
        ("trigger", Trigger),
    ];
    let found = known.into_iter().find(|(words, _)| c.accept(words));
    found.map(|(_, kind)| kind)
}

/// A name, and the types of arguments where they are written.
fn signature(c: &mut Cursor) -> Read<(Name, Option<Vec<TypeName>>)> {
    let name = c.name()?;
    if !c.sees_kind(TokenKind::LeftParen) {
        return Ok((name, None));
    }
    let within = c.group()?;
    let types = arguments(c, within, false)?.into_iter().map(|(_, of)| of);
    Ok((name, Some(types.collect())))
}

/// Reads on after `SET`.
pub(super) fn set(c: &mut Cursor) -> Read<Statement> {
    // A role that is set owns what is made from then on.
    if c.accept("session authorization") || c.accept("role") || c.accept("local role") {
        let role = if c.is_at_end() { c.ident()? } else { value(c)? };
        let none = role.eq_ignore_ascii_case("none") || role.eq_ignore_ascii_case("default");
        return Ok(Statement::Set {
            name: "role".to_owned(),
            values: if none { Vec::new() } else { vec![role] },
        });
    }
    if c.accept("constraints") || c.accept("transaction") {
        return Ok(Statement::Ignored);
    }
    if c.sees("session characteristics") || c.sees("time zone") || c.sees("names") {
        return Ok(Statement::Ignored);
    }
    let _ = c.accept("session") || c.accept("local");
    if c.accept("schema") {
        return Ok(Statement::Set {
            name: "search_path".to_owned(),
            values: vec![c.string()?],
        });
    }
    let (name, values) = setting(c)?;
    Ok(Statement::Set { name, values })
}

/// Reads on after `RESET`.
pub(super) fn reset(c: &mut Cursor) -> Read<Statement> {
    let name = if c.accept("session authorization") {
        "role".to_owned()
    } else {
        c.name()?.name
    };
    Ok(Statement::Set {
        name,
        values: Vec::new(),
    })
}

/// Reads on after `SELECT`: a call of `set_config` is a SET.
pub(super) fn select(c: &mut Cursor) -> Read<Statement> {
    let start = c.at();
    let called = c.name();
    if !called.is_ok_and(|name| name.name == "set_config") {
        c.go_to(start);
        let setval = c.name().is_ok_and(|name| name.name == "setval");
        if setval {
            return Ok(Statement::Ignored);
        }
        return Err("a query may change anything by the functions it calls".to_owned());
    }
    c.expect_kind(TokenKind::LeftParen, "(")?;
    let name = c.string()?;
    c.expect_kind(TokenKind::Comma, ",")?;
    let list = c.string()?;
    let values = list.split(',').map(|part| part.trim().trim_matches('"'));
    let values = values.map(ToOwned::to_owned).collect();
    Ok(Statement::Set { name, values })
}

/// Reads on after `GRANT` or `REVOKE`. Only what PUBLIC may do to schemas and functions is a fact.
pub(super) fn rights(c: &mut Cursor, granted: bool) -> Read<Statement> {
    let start = c.at();
    let privileges = c.until(|c| c.sees("on"));
    let word = |c: &Cursor, word: &str| privileges.clone().any(|at| c.is_word(at, word));
    let (create, execute) = (word(c, "create"), word(c, "execute"));
    let all = c.is_word(start, "all");
    if !c.accept("on") {
        return Ok(Statement::Ignored);
    }
    let kind = if c.accept("schema") && (all || create) {
        ObjectKind::Schema
    } else if (c.accept("function") || c.accept("procedure") || c.accept("routine"))
        && (all || execute)
    {
        ObjectKind::Function
    } else if c.accept("all functions in schema")
        || c.accept("all routines in schema")
        || c.accept("all procedures in schema")
    {
        let names = c.until(|c| c.sees_any(&["to", "from"]));
        return if is_public(c) && !names.is_empty() {
            Err("rights on all functions of a schema are not followed".to_owned())
        } else {
            Ok(Statement::Ignored)
        };
    } else {
        return Ok(Statement::Ignored);
    };
    let mut names = vec![signature(c)?];
    while c.accept_kind(TokenKind::Comma) {
        names.push(signature(c)?);
    }
    if !is_public(c) {
        return Ok(Statement::Ignored);
    }
    Ok(Statement::Rights {
        granted,
        kind,
        names,
    })
}

/// Whether PUBLIC is among the roles that come next.
fn is_public(c: &mut Cursor) -> bool {
    let rest = c.until(|_| false);
    rest.into_iter().any(|at| c.is_word(at, "public"))
}

/// Reads on after `ALTER` of a schema, extension, type, function or trigger.
pub(super) fn alter(c: &mut Cursor) -> Read<Statement> {
    let Some(kind) = object_kind(c) else {
        return Err("objects of this kind are not followed".to_owned());
    };
    if kind == ObjectKind::Trigger {
        let name = c.ident()?;
        c.expect("on")?;
        let table = c.name()?;
        if c.accept("depends") || c.accept("no depends") {
            return Ok(Statement::Ignored);
        }
        c.expect("rename to")?;
        let to = c.ident()?;
        return Ok(Statement::RenameTrigger { table, name, to });
    }
    let (name, arguments) = signature(c)?;
    let change = change(c, kind)?;
    Ok(Statement::AlterOther {
        kind,
        name,
        arguments,
        change,
    })
}

fn change(c: &mut Cursor, kind: ObjectKind) -> Read<OtherChange> {
    if c.accept("owner to") {
        return Ok(OtherChange::Owner(c.ident()?));
    }
    if c.accept("rename to") {
        return Ok(OtherChange::Rename(c.ident()?));
    }
    if c.accept("set schema") {
        return Ok(OtherChange::SetSchema(c.ident()?));
    }
    match kind {
        ObjectKind::Extension if c.accept("update to") => Ok(OtherChange::Version(value(c)?)),
        ObjectKind::Function => function_change(c),
        ObjectKind::Type
            if c.sees("add attribute") || c.sees("drop attribute") || c.sees("alter attribute") =>
        {
            Err("changes of composite types are not followed".to_owned())
        }
        _ => Ok(OtherChange::Ignored),
    }
}

fn function_change(c: &mut Cursor) -> Read<OtherChange> {
    let (mut security_definer, mut search_path) = (None, None);
    while !c.is_at_end() {
        if c.accept("security definer") {
            security_definer = Some(true);
        } else if c.accept("security invoker") {
            security_definer = Some(false);
        } else if c.accept("set") {
            let (name, values) = setting(c)?;
            if name == "search_path" {
                search_path = Some((!values.is_empty()).then(|| path(&values)));
            }
        } else if c.accept("reset") {
            if c.accept("all") || c.ident()? == "search_path" {
                search_path = Some(None);
            }
        } else {
            c.take();
        }
    }
    Ok(OtherChange::Function {
        security_definer,
        search_path,
    })
}
