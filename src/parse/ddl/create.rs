//! `CREATE` of views, schemas, extensions, types and triggers.

use std::ops::Range;

use super::cursor::{Cursor, Read};
use super::dml::Query;
use super::index::{options, value};
use super::query::query;
use super::read::inner;
use super::star::stars;
use super::statement::{CreateTrigger, CreateView, Domain, Statement, TypeShape};
use super::table::{attributes_of, column};
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
        columns: Vec::new(),
        query: String::new(),
        reads: Query::default(),
        stars: Vec::new(),
        with_data: true,
    };
    if c.sees_kind(TokenKind::LeftParen) {
        view.columns = c.idents()?;
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
    view.query = format!("{};", c.source(query.clone()));
    view.stars = stars(c, query.clone());
    view.reads = self::query(c, query);
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
            view.with_data = !c.accept("no");
            c.expect("data")?;
        }
    }
    Ok(Statement::CreateView(Box::new(view)))
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
    let mut elements = Vec::new();
    while !c.is_at_end() {
        let start = c.at();
        let within = |c: &Cursor, word: &str| c.is_word(c.at() - 1, word);
        c.until(|c| {
            c.sees("create") || c.sees("grant") && !within(c, "with") && !within(c, "admin")
        });
        elements.push(inner(c, start..c.at())?);
    }
    let Some(name) = name.or_else(|| owner.clone()) else {
        return c.refuse("a name");
    };
    Ok(Statement::CreateSchema {
        name,
        owner,
        if_not_exists,
        elements,
    })
}

/// Reads on after `CREATE EXTENSION`.
pub(super) fn extension(c: &mut Cursor) -> Read<Statement> {
    let if_not_exists = c.accept("if not exists");
    let name = c.ident()?;
    c.accept("with");
    let (mut schema, mut version, mut cascade) = (None, None, false);
    loop {
        if c.accept("schema") {
            schema = Some(c.ident()?);
        } else if c.accept("version") {
            version = Some(value(c)?);
        } else if c.accept("from") {
            value(c)?;
        } else if c.accept("cascade") {
            cascade = true;
        } else {
            break;
        }
    }
    Ok(Statement::CreateExtension {
        name,
        if_not_exists,
        schema,
        version,
        cascade,
    })
}

/// Reads on after `CREATE TYPE`.
pub(super) fn create_type(c: &mut Cursor) -> Read<Statement> {
    let name = c.name()?;
    let shape = if c.accept("as enum") {
        let within = c.group()?;
        let end = c.at();
        let mut labels = Vec::new();
        for part in c.parts(within) {
            c.go_to(part.start);
            labels.push(c.string()?);
        }
        c.go_to(end);
        TypeShape::Enum(labels)
    } else if c.accept("as range") {
        let within = c.group()?;
        let end = c.at();
        let subtype = c.parts(within).into_iter().find_map(|part| {
            c.go_to(part.start);
            (c.accept("subtype") && c.take() == "=").then(|| type_name(c))
        });
        c.go_to(end);
        match subtype {
            Some(subtype) => TypeShape::Range(subtype?),
            None => return c.refuse("the type of its bounds"),
        }
    } else if c.accept("as") {
        let within = c.group()?;
        let end = c.at();
        let mut columns = Vec::new();
        for part in c.parts(within) {
            c.go_to(part.start);
            columns.push(column(c)?);
        }
        c.go_to(end);
        TypeShape::Composite(columns)
    } else {
        if !c.is_at_end() {
            c.group()?;
        }
        TypeShape::Base
    };
    Ok(Statement::CreateType { name, shape })
}

/// Reads on after `CREATE DOMAIN`.
pub(super) fn domain(c: &mut Cursor) -> Read<Statement> {
    let name = c.name()?;
    c.accept("as");
    let start = c.at();
    let base = type_name(c)?;
    // What may be said of it is what may be said of a column.
    let said = attributes_of(c, &name.name, start)?;
    let shape = TypeShape::Domain(Box::new(Domain {
        base,
        collation: said.collation,
        not_null: said.not_null,
        default: said.default,
        checks: said.constraints,
    }));
    Ok(Statement::CreateType { name, shape })
}

/// Reads on after `CREATE … TRIGGER`.
pub(super) fn trigger(c: &mut Cursor, start: usize, or_replace: bool) -> Read<Statement> {
    let constraint = c.is_word(start, "constraint");
    let name = c.ident()?;
    let fires = c.until(|c| c.sees("on"));
    let (timing, events, columns) = events(c, fires)?;
    let before = c.source(start..c.at());
    c.expect("on")?;
    let table = c.name()?;
    let between = c.reach(|c| c.sees("execute"));
    let for_each_row = (between.start..between.end)
        .any(|at| c.is_word(at, "row") && (c.is_word(at - 1, "each") || c.is_word(at - 1, "for")));
    let condition = condition(c, between.clone());
    let between = c.source(between);
    c.expect("execute")?;
    if !c.accept("function") {
        c.expect("procedure")?;
    }
    let function = c.name()?;
    let from = c.at();
    c.group()?;
    let arguments = c.source(from..c.at());
    Ok(Statement::CreateTrigger(Box::new(CreateTrigger {
        name,
        or_replace,
        table,
        before,
        between,
        function,
        arguments,
        for_each_row,
        constraint,
        timing,
        events,
        columns,
        condition,
    })))
}

type Events = (&'static str, Vec<&'static str>, Vec<String>);

/// When a trigger fires: before or after, what, and of which columns.
fn events(c: &mut Cursor, fires: Range<usize>) -> Read<Events> {
    let back = c.at();
    c.go_to(fires.start);
    let known = ["before", "after", "instead of"];
    let Some(timing) = known.into_iter().find(|words| c.accept(words)) else {
        return c.refuse("BEFORE, AFTER or INSTEAD OF");
    };
    let (mut events, mut columns) = (Vec::new(), Vec::new());
    loop {
        let known = ["insert", "update", "delete", "truncate"];
        match known.into_iter().find(|word| c.accept(word)) {
            Some(event) => events.push(event),
            None => return c.refuse("an event"),
        }
        if c.accept("of") {
            columns = c.plain_list()?;
        }
        if !c.accept("or") {
            break;
        }
    }
    c.go_to(back);
    Ok((timing, events, columns))
}

/// What stands after `WHEN`.
fn condition(c: &mut Cursor, between: Range<usize>) -> Option<String> {
    let back = c.at();
    c.go_to(between.start);
    c.reach(|c| c.sees("when"));
    let within = if c.accept("when") {
        c.group().ok()
    } else {
        None
    };
    c.go_to(back);
    within.map(|within| c.source(within))
}
