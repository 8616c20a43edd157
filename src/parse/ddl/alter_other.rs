//! The `ALTER` of what is no relation.

use super::action::{OtherChange, Place};
use super::constraint::table_constraint;
use super::create_other::published;
use super::cursor::{Cursor, Read};
use super::expression::parenthesized;
use super::function::{path, setting};
use super::index::value;
use super::kind::ObjectKind;
use super::other::signature;
use super::read::rest;
use super::statement::{Name, Statement};
use super::table::column;
use super::type_name::type_name;
use super::volatility::Volatility;

/// Reads on after `ALTER` and a kind.
pub(super) fn alter(c: &mut Cursor, kind: ObjectKind) -> Read<Statement> {
    if kind == ObjectKind::Trigger {
        return trigger(c);
    }
    let start = c.at();
    let mut on = None;
    let mut arguments = None;
    let name = match kind {
        ObjectKind::System => Name {
            schema: None,
            name: String::new(),
        },
        ObjectKind::Policy | ObjectKind::Rule => {
            let name = c.ident()?;
            c.expect("on")?;
            on = Some(c.name()?);
            Name { schema: None, name }
        }
        ObjectKind::Constraint => {
            c.go_to(start);
            return c.refuse("a kind of object");
        }
        _ => {
            let found = signature(c, kind)?;
            arguments = found.arguments;
            found.name
        }
    };
    let changes = if kind == ObjectKind::Type && sees_attribute(c) {
        c.list(attribute)?
    } else {
        let start = c.at();
        let change = change(c, kind)?;
        vec![c.spanned(start, change)]
    };
    Ok(Statement::AlterOther {
        kind,
        name,
        arguments,
        on,
        changes,
    })
}

fn trigger(c: &mut Cursor) -> Read<Statement> {
    let name = c.ident()?;
    c.expect("on")?;
    c.accept("only");
    let table = c.name()?;
    if c.sees("depends") || c.sees("no depends") {
        let start = c.at();
        rest(c);
        let change = c.spanned(start, OtherChange::Other("depends on extension".to_owned()));
        return Ok(Statement::AlterOther {
            kind: ObjectKind::Trigger,
            name: Name { schema: None, name },
            arguments: None,
            on: Some(table),
            changes: vec![change],
        });
    }
    c.expect("rename to")?;
    let to = c.ident()?;
    Ok(Statement::RenameTrigger { table, name, to })
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
        ObjectKind::Extension => extension(c),
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine => function(c),
        ObjectKind::Type => enumeration(c),
        ObjectKind::Domain => domain(c),
        ObjectKind::Publication => publication(c),
        ObjectKind::Role | ObjectKind::Database | ObjectKind::System => configuration(c),
        _ => Ok(other(c)),
    }
}

/// Anything else, by its first words.
fn other(c: &mut Cursor) -> OtherChange {
    let mut words = Vec::new();
    while words.len() < 3 && c.kind() == Some(crate::parse::tokens::TokenKind::Word) {
        words.push(c.take().to_ascii_lowercase());
    }
    rest(c);
    OtherChange::Other(words.join(" "))
}

fn extension(c: &mut Cursor) -> Read<OtherChange> {
    if c.accept("update") {
        let version = if c.accept("to") {
            Some(value(c)?)
        } else {
            None
        };
        return Ok(OtherChange::Version(version));
    }
    let adds = c.accept("add");
    if !adds {
        c.expect("drop")?;
    }
    rest(c);
    Ok(OtherChange::Member(adds))
}

fn function(c: &mut Cursor) -> Read<OtherChange> {
    let (mut security_definer, mut search_path, mut volatility) = (None, None, None);
    if c.is_at_end() {
        return c.refuse("a change");
    }
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
            if c.accept("all") || c.name()?.name == "search_path" {
                search_path = Some(None);
            }
        } else if let Some(said) = Volatility::accept(c) {
            volatility = Some(said);
        } else {
            c.take();
        }
    }
    Ok(OtherChange::Function {
        security_definer,
        search_path,
        volatility,
    })
}

fn sees_attribute(c: &Cursor) -> bool {
    let words = [
        "add attribute",
        "drop attribute",
        "alter attribute",
        "rename attribute",
    ];
    words.iter().any(|words| c.sees(words))
}

/// A change of a composite type.
fn attribute(c: &mut Cursor) -> Read<OtherChange> {
    let change = if c.accept("add attribute") {
        OtherChange::AddAttribute(Box::new(column(c)?))
    } else if c.accept("drop attribute") {
        let if_exists = c.accept("if exists");
        OtherChange::DropAttribute(c.ident()?, if_exists)
    } else if c.accept("rename attribute") {
        let name = c.ident()?;
        c.expect("to")?;
        OtherChange::RenameAttribute(name, c.ident()?)
    } else {
        c.expect("alter attribute")?;
        let name = c.ident()?;
        c.accept("set data");
        c.expect("type")?;
        let of = type_name(c)?;
        if c.accept("collate") {
            c.name()?;
        }
        OtherChange::AlterAttribute(name, of)
    };
    let _ = c.accept("cascade") || c.accept("restrict");
    Ok(change)
}

/// A change of an enum.
fn enumeration(c: &mut Cursor) -> Read<OtherChange> {
    if c.accept("add value") {
        let if_not_exists = c.accept("if not exists");
        let label = c.string()?;
        let place = if c.accept("before") {
            Some(Place::Before(c.string()?))
        } else if c.accept("after") {
            Some(Place::After(c.string()?))
        } else {
            None
        };
        return Ok(OtherChange::AddValue {
            label,
            if_not_exists,
            place,
        });
    }
    if c.accept("rename value") {
        let label = c.string()?;
        c.expect("to")?;
        return Ok(OtherChange::RenameValue(label, c.string()?));
    }
    c.expect("set")?;
    c.group()?;
    Ok(OtherChange::Other("set".to_owned()))
}

fn domain(c: &mut Cursor) -> Read<OtherChange> {
    if c.accept("set default") {
        let range = c.until(|_| false);
        return Ok(OtherChange::Default(Some(parenthesized(c, range))));
    }
    if c.accept("drop default") {
        return Ok(OtherChange::Default(None));
    }
    if c.accept("set not null") {
        return Ok(OtherChange::NotNull(true));
    }
    if c.accept("drop not null") {
        return Ok(OtherChange::NotNull(false));
    }
    if c.accept("drop constraint") {
        let if_exists = c.accept("if exists");
        let name = c.ident()?;
        let _ = c.accept("cascade") || c.accept("restrict");
        return Ok(OtherChange::DropConstraint(name, if_exists));
    }
    if c.accept("validate constraint") {
        return Ok(OtherChange::ValidateConstraint(c.ident()?));
    }
    if c.accept("rename constraint") {
        let name = c.ident()?;
        c.expect("to")?;
        return Ok(OtherChange::RenameConstraint(name, c.ident()?));
    }
    c.expect("add")?;
    Ok(OtherChange::AddConstraint(Box::new(table_constraint(c)?)))
}

fn publication(c: &mut Cursor) -> Read<OtherChange> {
    let known = ["add", "drop", "set"];
    let Some(word) = known.into_iter().find(|word| c.accept(word)) else {
        return Ok(other(c));
    };
    if c.sees_kind(crate::parse::tokens::TokenKind::LeftParen) {
        c.group()?;
        return Ok(OtherChange::Other("set".to_owned()));
    }
    let tables = published(c)?.into_iter().map(|name| name.of).collect();
    Ok(OtherChange::Tables(word, tables))
}

fn configuration(c: &mut Cursor) -> Read<OtherChange> {
    if c.accept("in database") {
        c.ident()?;
    }
    if c.accept("set") {
        if c.sees("tablespace") || c.sees("connection limit") {
            return Ok(other(c));
        }
        if c.accept("time zone") {
            return Ok(OtherChange::Setting("timezone".to_owned(), vec![value(c)?]));
        }
        let (name, values) = setting(c)?;
        return Ok(OtherChange::Setting(name, values));
    }
    if c.accept("reset") {
        return Ok(OtherChange::Setting(c.name()?.name, Vec::new()));
    }
    Ok(other(c))
}
