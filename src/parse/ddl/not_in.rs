//! `NOT IN` of a query, by its tokens.

use std::ops::Range;

use super::cursor::Cursor;
use super::dml::NotIn;
use crate::parse::tokens::TokenKind;

/// Reads on after `NOT IN`; none where it is a list of values, or a query of other shape than one
/// column of one table.
pub(super) fn not_in(c: &mut Cursor) -> Option<NotIn> {
    let back = c.at();
    let found = c.group().ok().and_then(|within| column_of(c, within));
    c.go_to(back);
    found
}

fn column_of(c: &mut Cursor, within: Range<usize>) -> Option<NotIn> {
    c.go_to(within.start);
    if !c.accept("select") {
        return None;
    }
    c.accept("distinct");
    // Its qualifier is the table's name or alias, as there is no other.
    let column = c.name().ok()?.name;
    if !c.accept("from") {
        return None;
    }
    let table = c.name().ok()?;
    let alias = c.accept("as") || (!c.sees("where") && c.kind() == Some(TokenKind::Word));
    if alias {
        c.ident().ok()?;
    }
    if c.at() < within.end && !c.sees("where") {
        return None;
    }
    // A condition on the column may leave its NULLs out.
    let mut rest = c.at()..within.end;
    let is_asked = rest.any(|at| {
        let name = c.text_at(at);
        name.eq_ignore_ascii_case(&column) || name.trim_matches('"') == column
    });
    (!is_asked).then_some(NotIn { column, table })
}
