//! `CREATE` of policies, rules, and objects that no fact is about.

use super::cursor::{Cursor, Read};
use super::index::value;
use super::kind::ObjectKind;
use super::other_object::{CreateOther, CreatePolicy, CreateRule};
use super::query::tables;
use super::read::{rest, sees_name};
use super::statement::{Name, OptionList, Statement};
use crate::parse::tokens::TokenKind;

/// Reads on after `CREATE POLICY`.
pub(super) fn policy(c: &mut Cursor) -> Read<Statement> {
    let name = c.ident()?;
    c.expect("on")?;
    let mut policy = CreatePolicy {
        name,
        table: c.name()?,
        restrictive: false,
        command: "all",
        roles: Vec::new(),
        using: None,
        check: None,
    };
    if c.accept("as") {
        policy.restrictive = c.accept("restrictive");
        c.accept("permissive");
    }
    if c.accept("for") {
        let known = ["all", "select", "insert", "update", "delete"];
        policy.command = match known.into_iter().find(|word| c.accept(word)) {
            Some(word) => word,
            None => return c.refuse("a command"),
        };
    }
    if c.accept("to") {
        policy.roles = c.plain_list()?;
    }
    if c.accept("using") {
        let within = c.group()?;
        policy.using = Some(c.source(within));
    }
    if c.accept("with check") {
        let within = c.group()?;
        policy.check = Some(c.source(within));
    }
    Ok(Statement::CreatePolicy(Box::new(policy)))
}

/// Reads on after `CREATE RULE`.
pub(super) fn rule(c: &mut Cursor, or_replace: bool) -> Read<Statement> {
    let name = c.ident()?;
    c.expect("as on")?;
    let known = ["select", "insert", "update", "delete"];
    let Some(event) = known.into_iter().find(|word| c.accept(word)) else {
        return c.refuse("an event");
    };
    c.expect("to")?;
    let table = c.name()?;
    c.reach(|c| c.sees("do"));
    c.expect("do")?;
    let instead = c.accept("instead");
    rest(c);
    Ok(Statement::CreateRule(Box::new(CreateRule {
        name,
        or_replace,
        event,
        table,
        instead,
    })))
}

/// Reads on after `CREATE` and a kind.
pub(super) fn other(c: &mut Cursor, kind: ObjectKind, or_replace: bool) -> Read<Statement> {
    use ObjectKind as K;
    let mut made = CreateOther {
        kind,
        name: None,
        or_replace,
        if_not_exists: c.accept("if not exists"),
        tables: Vec::new(),
        all_tables: false,
        options: Vec::new(),
    };
    match kind {
        K::Cast | K::Transform | K::UserMapping => {}
        K::Operator => {
            let words = c.until(|c| c.sees_kind(TokenKind::LeftParen));
            made.name = Some(Name {
                schema: None,
                name: c.source(words),
            });
        }
        // CREATE STATISTICS may leave the name to the server.
        K::Statistics if c.sees("on") || c.sees_kind(TokenKind::LeftParen) => {}
        K::Statistics | K::Collation | K::OperatorClass | K::OperatorFamily | K::Aggregate => {
            made.name = Some(c.name()?);
        }
        K::Column | K::Constraint | K::DomainConstraint | K::System | K::Parameter => {
            return c.refuse("an object that can be made");
        }
        K::Routine => return c.refuse("FUNCTION or PROCEDURE"),
        _ => made.name = Some(c.name()?),
    }
    match kind {
        K::Statistics => {
            c.until(|c| c.sees("from"));
            if c.accept("from") {
                let rest = c.at()..c.len();
                made.tables = tables(c, rest, true).tables;
            }
        }
        K::Publication => publication(c, &mut made)?,
        K::Role => made.options = words(c),
        _ => {}
    }
    while !c.is_at_end() {
        if c.sees_kind(TokenKind::LeftParen) && c.kind_at(c.at() - 1) != Some(TokenKind::Comma) {
            let start = c.at();
            if let Ok(options) = option_list(c) {
                made.options.extend(options);
            } else {
                c.go_to(start);
                c.group()?;
            }
        } else {
            c.take();
        }
    }
    Ok(Statement::CreateOther(Box::new(made)))
}

/// Tables of a publication, as `FOR TABLE a, b (x) WHERE (…), TABLES IN SCHEMA c` names them.
fn publication(c: &mut Cursor, made: &mut CreateOther) -> Read<()> {
    if c.accept("for all tables") {
        made.all_tables = true;
        return Ok(());
    }
    if c.accept("for") {
        made.tables = published(c)?;
    }
    Ok(())
}

/// Tables that a publication names, those of whole schemas left out.
pub(super) fn published(c: &mut Cursor) -> Read<Vec<super::statement::Spanned<Name>>> {
    let mut tables = Vec::new();
    let mut schemas = false;
    loop {
        if c.accept("tables in schema") || c.accept("all tables in schema") {
            schemas = true;
        } else if c.accept("table") {
            schemas = false;
        }
        c.accept("only");
        let start = c.at();
        if sees_name(c) {
            let name = c.name()?;
            if !schemas {
                tables.push(c.spanned(start, name));
            }
        }
        c.reach(|c| c.sees_kind(TokenKind::Comma) || c.sees("with"));
        if !c.accept_kind(TokenKind::Comma) {
            return Ok(tables);
        }
    }
}

/// What a role may do, as its words stand: `(login, true)`, `(superuser, false)`.
pub(super) fn words(c: &mut Cursor) -> OptionList {
    let mut options = Vec::new();
    c.accept("with");
    while !c.is_at_end() {
        let word = c.take().to_ascii_lowercase();
        match word.as_str() {
            // What follows may be a secret, or names.
            "password" | "until" | "limit" => {
                c.take();
                options.push((word, String::new()));
            }
            "superuser" | "createdb" | "createrole" | "inherit" | "login" | "replication"
            | "bypassrls" => options.push((word, "true".to_owned())),
            "nosuperuser" | "nocreatedb" | "nocreaterole" | "noinherit" | "nologin"
            | "noreplication" | "nobypassrls" => {
                options.push((word[2..].to_owned(), "false".to_owned()));
            }
            _ => {}
        }
    }
    options
}

/// Options such as `(locale = 'x', deterministic = false)`.
fn option_list(c: &mut Cursor) -> Read<OptionList> {
    let within = c.group()?;
    let end = c.at();
    let mut options = Vec::new();
    for part in c.parts(within) {
        c.go_to(part.start);
        let name = c.ident()?;
        if c.text_at(c.at()) == "=" {
            c.take();
        }
        let given = c.at() < part.end;
        let value = if given { value(c)? } else { "true".to_owned() };
        options.push((name, value));
    }
    c.go_to(end);
    Ok(options)
}
