//! `TRUNCATE`, `LOCK`, `REINDEX`, `VACUUM`, `ANALYZE`, `CLUSTER` and `REFRESH`.

use super::change::table_ref;
use super::cursor::{Cursor, Read};
use super::index::value;
use super::kind::ObjectKind;
use super::read::sees_name;
use super::statement::{OptionList, Statement};
use super::utility::{Reindex, Vacuum, Vacuumed};
use crate::parse::ddl::effect::Lock;
use crate::parse::tokens::TokenKind;

/// Reads on after the first word.
pub(super) fn read(c: &mut Cursor, word: &str) -> Read<Statement> {
    match word {
        "truncate" => truncate(c),
        "lock" => lock(c),
        "reindex" => reindex(c),
        "vacuum" => vacuum(c, true),
        "cluster" => cluster(c),
        "refresh" => refresh(c),
        _ => vacuum(c, false),
    }
}

fn truncate(c: &mut Cursor) -> Read<Statement> {
    c.accept("table");
    let tables = c.list(table_ref)?;
    let restart_identity = c.accept("restart identity");
    c.accept("continue identity");
    let cascade = c.accept("cascade");
    c.accept("restrict");
    Ok(Statement::Truncate {
        tables,
        restart_identity,
        cascade,
    })
}

fn lock(c: &mut Cursor) -> Read<Statement> {
    c.accept("table");
    let tables = c.list(table_ref)?;
    let mut mode = Lock::AccessExclusive;
    if c.accept("in") {
        // The longest name fits first: EXCLUSIVE ends three of them, and begins one.
        let words = c.until(|c| c.sees("mode"));
        let name = c.source(words).to_ascii_uppercase();
        let name = name.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        mode = match Lock::named(&name) {
            Some(mode) => mode,
            None => return c.refuse("a mode of locks"),
        };
        c.expect("mode")?;
    }
    let nowait = c.accept("nowait");
    Ok(Statement::LockTable {
        tables,
        mode,
        nowait,
    })
}

/// Options in parentheses as utilities have them: `(VERBOSE, PARALLEL 4, FORMAT json)`.
pub(super) fn utility_options(c: &mut Cursor) -> Read<OptionList> {
    let mut options = Vec::new();
    if !c.accept_kind(TokenKind::LeftParen) {
        return Ok(options);
    }
    loop {
        let name = c.ident()?;
        let ends = c.sees_kind(TokenKind::Comma) || c.sees_kind(TokenKind::RightParen);
        let value = if ends { "true".to_owned() } else { value(c)? };
        options.push((name, value.to_ascii_lowercase()));
        if !c.accept_kind(TokenKind::Comma) {
            break;
        }
    }
    c.expect_kind(TokenKind::RightParen, ")")?;
    Ok(options)
}

/// Whether an option is on.
pub(super) fn is_on(options: &OptionList, name: &str) -> bool {
    let found = options.iter().rev().find(|(known, _)| known == name);
    found.is_some_and(|(_, value)| !matches!(value.as_str(), "false" | "off" | "0" | "no"))
}

fn reindex(c: &mut Cursor) -> Read<Statement> {
    let options = utility_options(c)?;
    let known = [
        ObjectKind::Index,
        ObjectKind::Table,
        ObjectKind::Schema,
        ObjectKind::Database,
        ObjectKind::System,
    ];
    let Some(kind) = ObjectKind::accept(c).filter(|kind| known.contains(kind)) else {
        return c.refuse("INDEX, TABLE, SCHEMA, DATABASE or SYSTEM");
    };
    let concurrently = c.accept("concurrently") || is_on(&options, "concurrently");
    let name = if c.is_at_end() { None } else { Some(c.name()?) };
    let tablespace = options.into_iter().find(|(name, _)| name == "tablespace");
    Ok(Statement::Reindex(Reindex {
        kind,
        name,
        concurrently,
        tablespace: tablespace.map(|(_, name)| name),
    }))
}

fn vacuum(c: &mut Cursor, vacuums: bool) -> Read<Statement> {
    let mut options = utility_options(c)?;
    let plain: &[&str] = if vacuums {
        &["full", "freeze", "verbose", "analyze", "analyse"]
    } else {
        &["verbose"]
    };
    while let Some(word) = plain.iter().find(|word| c.accept(word)) {
        let word = word.replace("analyse", "analyze");
        options.push((word, "true".to_owned()));
    }
    let tables = if c.is_at_end() {
        Vec::new()
    } else {
        c.list(|c| {
            let name = table_ref(c)?.name;
            let columns = if c.sees_kind(TokenKind::LeftParen) {
                c.idents()?
            } else {
                Vec::new()
            };
            Ok(Vacuumed { name, columns })
        })?
    };
    Ok(Statement::Vacuum(Box::new(Vacuum {
        vacuums,
        full: is_on(&options, "full"),
        analyze: !vacuums || is_on(&options, "analyze"),
        options,
        tables,
    })))
}

fn cluster(c: &mut Cursor) -> Read<Statement> {
    utility_options(c)?;
    c.accept("verbose");
    let (mut table, mut index) = (None, None);
    if sees_name(c) {
        let name = c.name()?;
        if c.accept("on") {
            // The old form: CLUSTER index ON table.
            index = Some(name.name);
            table = Some(c.name()?);
        } else {
            table = Some(name);
            if c.accept("using") {
                index = Some(c.ident()?);
            }
        }
    }
    Ok(Statement::Cluster { table, index })
}

fn refresh(c: &mut Cursor) -> Read<Statement> {
    c.expect("materialized view")?;
    let concurrently = c.accept("concurrently");
    let name = c.name()?;
    let with_data = !c.accept("with no data");
    c.accept("with data");
    Ok(Statement::Refresh {
        name,
        concurrently,
        with_data,
    })
}
