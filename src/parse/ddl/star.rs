//! Tables of which a query gives all columns by `*`, by its tokens.

use std::ops::Range;

use super::cursor::Cursor;
use super::statement::Name;
use crate::parse::keywords::{Category, Keyword};
use crate::parse::tokens::TokenKind;

/// What stands in the part of a query that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clause {
    Outputs,
    Tables,
    Other,
}

/// A star among the outputs.
enum Star {
    /// `*`
    All,
    /// `name.*`
    Of(String),
}

/// A query between two of `UNION` and its like.
#[derive(Default)]
struct Block {
    stars: Vec<Star>,
    /// What FROM names, by the name that it has in the query; none: a subquery, CTE or function.
    tables: Vec<(Option<String>, Option<Name>)>,
}

/// The tables and views whose columns the outermost outputs of a query name by `*`.
pub(super) fn stars(c: &mut Cursor, range: Range<usize>) -> Vec<Name> {
    let back = c.at();
    c.go_to(range.start);
    let ctes = ctes(c);
    let mut blocks = vec![Block::default()];
    let mut clause = Clause::Other;
    while c.at() < range.end {
        let at = c.at();
        if c.sees("select") {
            begin_outputs(c);
            let all = c.at() < range.end && c.text_at(c.at()) == "*";
            blocks.push(Block {
                stars: if all { vec![Star::All] } else { Vec::new() },
                tables: Vec::new(),
            });
            clause = Clause::Outputs;
            continue;
        }
        let Some(block) = blocks.last_mut() else {
            break;
        };
        if c.sees_kind(TokenKind::LeftParen) {
            c.go_to(c.closing(at) + 1);
            continue;
        }
        match clause {
            Clause::Outputs if c.text_at(at) == "*" => block.stars.extend(star(c)),
            Clause::Outputs if c.sees("from") && !c.is_word(at - 1, "distinct") => {
                clause = Clause::Tables;
                c.go_to(at + 1);
                block.tables.extend(table(c, &ctes));
                continue;
            }
            Clause::Tables if c.sees_kind(TokenKind::Comma) || c.sees("join") => {
                c.go_to(at + 1);
                block.tables.extend(table(c, &ctes));
                continue;
            }
            Clause::Tables if ends_tables(c) => clause = Clause::Other,
            _ => {}
        }
        c.go_to(at + 1);
    }
    c.go_to(back);
    let mut found = Vec::new();
    for name in blocks.into_iter().flat_map(Block::into_names) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

impl Block {
    /// The tables whose columns are all given.
    fn into_names(self) -> Vec<Name> {
        let Self { stars, tables } = self;
        let given = |called: &Option<String>| {
            let mut stars = stars.iter();
            stars.any(|star| match star {
                Star::All => true,
                Star::Of(name) => called.as_ref() == Some(name),
            })
        };
        let given = tables.into_iter().filter(|(called, _)| given(called));
        given.filter_map(|(_, name)| name).collect()
    }
}

/// Names of the CTEs that a query begins with.
fn ctes(c: &mut Cursor) -> Vec<String> {
    let mut names = Vec::new();
    if !c.accept("with") {
        return names;
    }
    c.accept("recursive");
    while let Ok(name) = c.ident() {
        names.push(name);
        c.until(|c| c.sees_kind(TokenKind::Comma) || c.sees_any(&["select", "values", "table"]));
        if !c.accept_kind(TokenKind::Comma) {
            break;
        }
    }
    names
}

/// Steps over `SELECT`, `ALL` and `DISTINCT ON (…)`.
fn begin_outputs(c: &mut Cursor) {
    c.accept("select");
    c.accept("all");
    if c.accept("distinct") && c.accept("on") {
        // A parenthesis that nothing closes ends the query.
        if c.group().is_err() {
            c.go_to(c.len());
        }
    }
}

/// A star that stands for columns, and what is before its dot: one after a comma or a dot. Other
/// stars multiply, and what begins the outputs is known already.
fn star(c: &mut Cursor) -> Option<Star> {
    let at = c.at();
    let before = at.checked_sub(1)?;
    match c.kind_at(before)? {
        TokenKind::Comma => Some(Star::All),
        TokenKind::Dot => {
            c.go_to(before.checked_sub(1)?);
            let name = c.ident().ok();
            c.go_to(at);
            name.map(Star::Of)
        }
        _ => None,
    }
}

/// A table of FROM with the name that it has in the query.
fn table(c: &mut Cursor, ctes: &[String]) -> Option<(Option<String>, Option<Name>)> {
    while c.accept("lateral") || c.accept("only") {}
    let name = if c.sees_kind(TokenKind::LeftParen) {
        c.group().ok()?;
        None
    } else {
        let name = c.name().ok()?;
        if c.sees_kind(TokenKind::LeftParen) {
            c.group().ok()?;
            None
        } else {
            let is_cte = name.schema.is_none() && ctes.contains(&name.name);
            Some(name).filter(|_| !is_cte)
        }
    };
    c.accept("as");
    let named = match c.kind() {
        Some(TokenKind::QuotedIdent) => true,
        Some(TokenKind::Word) => !is_clause(c.text_at(c.at())),
        _ => false,
    };
    let alias = if named { c.ident().ok() } else { None };
    let called = alias.or_else(|| name.as_ref().map(|name| name.name.clone()));
    Some((called, name))
}

/// Whether a word goes on with the query, so that it is no alias.
fn is_clause(word: &str) -> bool {
    let category = Keyword::find(word).map(Keyword::category);
    matches!(
        category,
        Some(Category::Reserved | Category::TypeOrFunction)
    )
}

fn ends_tables(c: &Cursor) -> bool {
    c.sees_any(&[
        "where",
        "group",
        "having",
        "window",
        "order",
        "limit",
        "offset",
        "fetch",
        "for",
        "union",
        "intersect",
        "except",
    ])
}
