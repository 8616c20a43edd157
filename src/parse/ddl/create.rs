//! `CREATE` of views, schemas, extensions, types and triggers.

use super::cursor::{Cursor, Read};
use super::index::{options, value};
use super::statement::{CreateTrigger, CreateView, Statement, TypeShape};
use super::table::column;
use super::type_name::type_name;
use crate::parse::tokens::TokenKind;

/// Reads on after `CREATE … VIEW`.
pub(super) fn view(
    c: &mut Cursor,
    kind: &'static str,
    or_replace: bool,
    temporary: bool,
) -> Read<Statement> {
    let mut view = CreateView {
        if_not_exists: c.accept("if not exists"),
        name: c.name()?,
        kind,
        temporary,
        or_replace,
        access_method: None,
        options: Vec::new(),
        tablespace: None,
        query: String::new(),
    };
    if c.sees_kind(TokenKind::LeftParen) {
        c.idents()?;
    }
    loop {
        if c.accept("using") {
            view.access_method = Some(c.ident()?);
        } else if c.accept("with") {
            view.options = options(c)?;
        } else if c.accept("tablespace") {
            view.tablespace = Some(c.ident()?);
        } else {
            break;
        }
    }
    c.expect("as")?;
    let query = c.until(|c| c.sees("with") && ends_query(c));
    if query.is_empty() {
        return c.refuse("a query");
    }
    view.query = format!("{};", c.source(query));
    if c.accept("with") {
        let check = if c.accept("local") {
            Some("local")
        } else if c.accept("cascaded") || c.sees("check") {
            Some("cascaded")
        } else {
            None
        };
        if let Some(check) = check {
            c.expect("check option")?;
            let option = ("check_option".to_owned(), check.to_owned());
            view.options.push(option);
        } else {
            c.accept("no");
            c.expect("data")?;
        }
    }
    c.expect_end()?;
    Ok(Statement::CreateView(view))
}

/// Whether the WITH that comes next is no part of the query.
fn ends_query(c: &Cursor) -> bool {
    [
        "with data",
        "with no data",
        "with check option",
        "with local check",
        "with cascaded check",
    ]
    .iter()
    .any(|words| c.sees(words))
}

/// Reads on after `CREATE SCHEMA`.
pub(super) fn schema(c: &mut Cursor) -> Read<Statement> {
    let if_not_exists = c.accept("if not exists");
    let mut name = None;
    if !c.sees("authorization") {
        name = Some(c.ident()?);
    }
    let mut owner = None;
    if c.accept("authorization") {
        owner = Some(c.ident()?);
    }
    if !c.is_at_end() {
        return Err("what CREATE SCHEMA creates in it is not followed".to_owned());
    }
    let Some(name) = name.or_else(|| owner.clone()) else {
        return c.refuse("a name");
    };
    Ok(Statement::CreateSchema {
        name,
        owner,
        if_not_exists,
    })
}

/// Reads on after `CREATE EXTENSION`.
pub(super) fn extension(c: &mut Cursor) -> Read<Statement> {
    c.accept("if not exists");
    let name = c.ident()?;
    c.accept("with");
    let (mut schema, mut version) = (None, None);
    loop {
        if c.accept("schema") {
            schema = Some(c.ident()?);
        } else if c.accept("version") {
            version = Some(value(c)?);
        } else if c.accept("from") {
            value(c)?;
        } else if !c.accept("cascade") {
            break;
        }
    }
    c.expect_end()?;
    Ok(Statement::CreateExtension {
        name,
        schema,
        version,
    })
}

/// Reads on after `CREATE TYPE`.
pub(super) fn create_type(c: &mut Cursor) -> Read<Statement> {
    let name = c.name()?;
    let shape = if c.accept("as enum") {
        c.group()?;
        TypeShape::Enum
    } else if c.accept("as range") {
        let within = c.group()?;
        let subtype = c.parts(within).into_iter().find_map(|part| {
            c.go_to(part.start);
            (c.accept("subtype") && c.take() == "=").then(|| type_name(c))
        });
        match subtype {
            Some(subtype) => TypeShape::Range(subtype?),
            None => return c.refuse("the type of its bounds"),
        }
    } else if c.accept("as") {
        let within = c.group()?;
        let mut columns = Vec::new();
        for part in c.parts(within) {
            c.go_to(part.start);
            columns.push(column(c)?);
        }
        TypeShape::Composite(columns)
    } else {
        TypeShape::Base
    };
    Ok(Statement::CreateType { name, shape })
}

/// Reads on after `CREATE DOMAIN`. What it checks belongs to no table.
pub(super) fn domain(c: &mut Cursor) -> Read<Statement> {
    let name = c.name()?;
    c.accept("as");
    let base = type_name(c)?;
    let collation = if c.accept("collate") {
        Some(c.name()?.name)
    } else {
        None
    };
    let shape = TypeShape::Domain(base, collation);
    Ok(Statement::CreateType { name, shape })
}

/// Reads on after `CREATE … TRIGGER`.
pub(super) fn trigger(c: &mut Cursor, or_replace: bool) -> Read<Statement> {
    let start = c.at()
        - if c.is_word(c.at() - 2, "constraint") {
            2
        } else {
            1
        };
    let name = c.ident()?;
    c.until(|c| c.sees("on"));
    let before = c.source(start..c.at());
    c.expect("on")?;
    let table = c.name()?;
    let between = c.until(|c| c.sees("execute"));
    let for_each_row = (between.start..between.end)
        .any(|at| c.is_word(at, "row") && (c.is_word(at - 1, "each") || c.is_word(at - 1, "for")));
    let between = c.source(between);
    c.expect("execute")?;
    if !c.accept("function") {
        c.expect("procedure")?;
    }
    let function = c.name()?;
    let from = c.at();
    c.group()?;
    let arguments = c.source(from..c.at());
    c.expect_end()?;
    Ok(Statement::CreateTrigger(CreateTrigger {
        name,
        or_replace,
        table,
        before,
        between,
        function,
        arguments,
        for_each_row,
    }))
}
