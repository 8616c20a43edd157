//! `CREATE TABLE`.

use std::ops::Range;

use super::constraint::{TABLE_WORDS, TableConstraint, attributes, kind, table_constraint};
use super::cursor::{Cursor, Read};
use super::expression::parenthesized;
use super::index::{index_elements, options};
use super::query;
use super::sequence::sequence_options;
use super::statement::{
    ColumnDefinition, CreateTable, CreateTableAs, Element, Identity, Name, PartitionKey,
    SequenceOptions, Statement,
};
use super::type_name::type_name;
use crate::parse::tokens::TokenKind;

/// Reads on after `CREATE … TABLE`.
pub(super) fn create_table(
    c: &mut Cursor,
    persistence: &'static str,
    foreign: bool,
) -> Read<Statement> {
    let if_not_exists = c.accept("if not exists");
    let mut table = CreateTable {
        name: c.name()?,
        if_not_exists,
        persistence,
        foreign,
        elements: Vec::new(),
        of_type: None,
        inherits: Vec::new(),
        partition_of: None,
        partition_by: None,
        access_method: None,
        options: Vec::new(),
        tablespace: None,
        server: None,
        dropped_on_commit: false,
    };
    let mut parent = None;
    if c.accept("partition of") {
        parent = Some(c.name()?);
    } else if c.accept("of") {
        table.of_type = Some(c.name()?);
    }
    let mut list = 0..0;
    if c.sees_kind(TokenKind::LeftParen) {
        list = c.group()?;
    }
    if let Some(parent) = parent {
        table.partition_of = Some((parent, bound(c)?));
    }
    tail(c, &mut table)?;
    if c.accept("as") {
        let mut columns = Vec::new();
        if !list.is_empty() {
            let back = c.at();
            c.go_to(list.start);
            columns = c.plain_list()?;
            c.go_to(back);
        }
        return table_as(c, table, columns);
    }
    let end = c.at();
    table.elements = elements(c, list)?;
    c.go_to(end);
    Ok(Statement::CreateTable(Box::new(table)))
}

/// What follows the columns.
fn tail(c: &mut Cursor, table: &mut CreateTable) -> Read<()> {
    loop {
        if c.accept("inherits") {
            let within = c.group()?;
            table.inherits = names(c, within)?;
        } else if c.accept("partition by") {
            let strategy = c.ident()?;
            let within = c.group()?;
            let elements = index_elements(c, within)?;
            table.partition_by = Some(PartitionKey { strategy, elements });
        } else if c.accept("using") {
            table.access_method = Some(c.ident()?);
        } else if c.accept("with") {
            table.options = options(c)?;
        } else if c.accept("without oids") {
        } else if c.accept("on commit") {
            table.dropped_on_commit = c.sees("drop");
            c.until(|c| c.sees_any(&["tablespace", "as"]));
        } else if c.accept("tablespace") {
            table.tablespace = Some(c.ident()?);
        } else if c.accept("server") {
            table.server = Some(c.ident()?);
        } else if c.accept("options") {
            c.group()?;
        } else {
            return Ok(());
        }
    }
}

fn table_as(c: &mut Cursor, table: CreateTable, columns: Vec<String>) -> Read<Statement> {
    if c.is_at_end() {
        return c.refuse("a query");
    }
    let (query, with_data) = query_with_data(c);
    Ok(Statement::CreateTableAs(Box::new(CreateTableAs {
        name: table.name,
        if_not_exists: table.if_not_exists,
        persistence: table.persistence,
        columns,
        access_method: table.access_method,
        options: table.options,
        tablespace: table.tablespace,
        reads: query::query(c, query.clone()),
        query: c.source(query),
        with_data,
        selected: false,
    })))
}

/// The query that comes next, and whether its rows are taken.
pub(super) fn query_with_data(c: &mut Cursor) -> (Range<usize>, bool) {
    let query = c.until(|c| c.sees("with data") || c.sees("with no data"));
    let with_data = !c.accept("with no data");
    c.accept("with data");
    (query, with_data)
}

fn names(c: &mut Cursor, within: Range<usize>) -> Read<Vec<Name>> {
    let back = c.at();
    let mut names = Vec::new();
    for part in c.parts(within) {
        c.go_to(part.start);
        names.push(c.name()?);
    }
    c.go_to(back);
    Ok(names)
}

/// The bound of a partition, as it is written.
pub(super) fn bound(c: &mut Cursor) -> Read<String> {
    let start = c.at();
    if c.accept("default") {
        return Ok("DEFAULT".to_owned());
    }
    c.expect("for values")?;
    if c.accept("from") {
        c.group()?;
        c.expect("to")?;
        c.group()?;
    } else if c.accept("in") || c.accept("with") {
        c.group()?;
    } else {
        return c.refuse("FROM, IN or WITH");
    }
    Ok(c.source(start..c.at()))
}

fn elements(c: &mut Cursor, list: Range<usize>) -> Read<Vec<Element>> {
    let mut elements = Vec::new();
    for part in c.parts(list) {
        c.go_to(part.start);
        let element = if c.accept("like") {
            let start = c.at();
            let table = c.name()?;
            let table = c.spanned(start, table);
            let mut words = Vec::new();
            while c.at() < part.end {
                let including = c.accept("including");
                if !including {
                    c.expect("excluding")?;
                }
                let sign = if including { "" } else { "-" };
                words.push(format!("{sign}{}", c.ident()?));
            }
            Element::Like(table, words)
        } else if TABLE_WORDS.iter().any(|word| c.sees(word)) || c.sees("not null") {
            Element::Constraint(table_constraint(c)?)
        } else {
            Element::Column(Box::new(column(c)?))
        };
        if c.at() != part.end {
            return c.refuse(", or )");
        }
        elements.push(element);
    }
    Ok(elements)
}

/// Words that the constraints and attributes of a column begin with.
const COLUMN_WORDS: [&str; 17] = [
    "not",
    "null",
    "default",
    "generated",
    "constraint",
    "primary",
    "unique",
    "check",
    "references",
    "collate",
    "storage",
    "compression",
    "options",
    "deferrable",
    "initially",
    "enforced",
    "with",
];

/// Reads a column with all that is said of it.
pub(super) fn column(c: &mut Cursor) -> Read<ColumnDefinition> {
    let first = c.at();
    let mut column = ColumnDefinition::new(c.ident()?);
    let named = matches!(c.kind(), Some(TokenKind::Word | TokenKind::QuotedIdent));
    if named && !c.sees_any(&COLUMN_WORDS) {
        column.type_name = Some(type_name(c)?);
    }
    c.accept("with options");
    said(c, &mut column)?;
    column.span = c.bytes(first..c.at());
    Ok(column)
}

/// Reads what may be said of a column, as it may of a domain.
pub(super) fn attributes_of(c: &mut Cursor, name: &str, first: usize) -> Read<ColumnDefinition> {
    let mut column = ColumnDefinition::new(name.to_owned());
    said(c, &mut column)?;
    column.span = c.bytes(first..c.at());
    Ok(column)
}

fn said(c: &mut Cursor, column: &mut ColumnDefinition) -> Read<()> {
    loop {
        let start = c.at();
        let name = if c.accept("constraint") {
            Some(c.ident()?)
        } else {
            None
        };
        if c.accept("not null") {
            column.not_null = Some(name);
            c.accept("no inherit");
        } else if c.accept("default") {
            let range = default_range(c);
            column.default = Some(parenthesized(c, range));
        } else if c.accept("generated") {
            generated(c, column)?;
        } else if c.sees_any(&["primary", "unique", "check", "references"]) {
            let kind = kind(c, Some(&column.name))?;
            let mut constraint = TableConstraint::new(name, kind);
            attributes(c, &mut constraint);
            constraint.span = c.bytes(start..c.at());
            column.constraints.push(constraint);
        } else if c.accept("collate") {
            column.collation = Some(c.name()?.name);
        } else if c.accept("storage") {
            column.storage = Some(c.ident()?);
        } else if c.accept("compression") {
            column.compression = Some(c.ident()?);
        } else if c.accept("options") {
            c.group()?;
        } else if !c.accept("null") {
            return Ok(());
        }
    }
}

/// Steps over the expression of a default.
pub(super) fn default_range(c: &mut Cursor) -> Range<usize> {
    c.until(|c| {
        let before = c.at() - 1;
        let operand = matches!(
            c.kind_at(before),
            Some(TokenKind::Operator | TokenKind::Cast)
        );
        c.sees_kind(TokenKind::Comma) || (!operand && !c.sees("with") && c.sees_any(&COLUMN_WORDS))
    })
}

fn generated(c: &mut Cursor, column: &mut ColumnDefinition) -> Read<()> {
    let when = identity_when(c)?;
    if c.accept("as identity") {
        column.identity = Some(identity(c, when)?);
        return Ok(());
    }
    c.expect("as")?;
    let within = c.group()?;
    let expression = parenthesized(c, within);
    let stored = c.accept("stored");
    c.accept("virtual");
    column.generated = Some((if stored { "stored" } else { "virtual" }, expression));
    Ok(())
}

/// `ALWAYS` or `BY DEFAULT`
pub(super) fn identity_when(c: &mut Cursor) -> Read<&'static str> {
    if c.accept("always") {
        return Ok("always");
    }
    c.expect("by default")?;
    Ok("by default")
}

/// What follows `AS IDENTITY`.
pub(super) fn identity(c: &mut Cursor, when: &'static str) -> Read<Identity> {
    let mut sequence = SequenceOptions::default();
    if c.accept_kind(TokenKind::LeftParen) {
        sequence = sequence_options(c)?;
        c.expect_kind(TokenKind::RightParen, ")")?;
    }
    Ok(Identity { when, sequence })
}
