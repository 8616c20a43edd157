//! Which numbers of a statement are no values, and which values are no secrets.

use super::keywords::{Category, Keyword};
use super::outline::{Piece, Role};
use super::tokens::TokenKind;

/// What a pair of parentheses or brackets holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// A query, as the whole statement does.
    Query,
    /// Options after WITH or SET, such as `(fillfactor = 70)`.
    Options,
    /// Modifiers or bounds of a type.
    TypeModifiers,
    Anything,
}

struct Level {
    inside: Inside,
    start: usize,
    /// Whether the list of ORDER BY or GROUP BY is being read.
    by_list: bool,
}

/// Gives the numbers of one statement their roles; all are data before.
pub(super) fn mark(sql: &str, pieces: &mut [Piece]) {
    let mut levels = vec![Level {
        inside: Inside::Query,
        start: 0,
        by_list: false,
    }];
    for i in 0..pieces.len() {
        let top = levels.len() - 1;
        match pieces[i].kind {
            TokenKind::LeftParen | TokenKind::LeftBracket => {
                let positions = lists_positions(pieces, i, &levels[top]);
                levels.push(Level {
                    inside: if positions {
                        Inside::Query
                    } else {
                        inside(pieces, i)
                    },
                    start: i,
                    by_list: positions,
                });
            }
            TokenKind::RightParen | TokenKind::RightBracket if top > 0 => {
                let closed = &levels[top];
                // `((SELECT …) ORDER BY 1)`
                let opens_outer = closed.start == levels[top - 1].start + 1;
                let query = closed.inside == Inside::Query;
                levels.pop();
                if query && opens_outer && levels[top - 1].inside == Inside::Anything {
                    levels[top - 1].inside = Inside::Query;
                }
            }
            TokenKind::Word => clause(pieces, i, &mut levels[top]),
            TokenKind::Number if pieces[i].role == Role::Data => {
                pieces[i].role = number(sql, pieces, i, &levels[top]);
            }
            _ => {}
        }
    }
}

fn before(pieces: &[Piece], i: usize, n: usize) -> Option<&Piece> {
    i.checked_sub(n).map(|j| &pieces[j])
}

fn word(pieces: &[Piece], i: usize, n: usize) -> Option<Keyword> {
    before(pieces, i, n).and_then(|piece| piece.keyword)
}

fn inside(pieces: &[Piece], i: usize) -> Inside {
    use Keyword::{Reset, Select, Set, Table, Values, With};
    if is_type_modifier(pieces, i) {
        return Inside::TypeModifiers;
    }
    if matches!(word(pieces, i, 1), Some(With | Set | Reset)) {
        return Inside::Options;
    }
    match pieces.get(i + 1).and_then(|next| next.keyword) {
        Some(Select | With | Values | Table) => Inside::Query,
        _ => Inside::Anything,
    }
}

/// Whether the parenthesis at `i` opens a list of output columns: `DISTINCT ON (1)`, or `ROLLUP (1)`
/// in a GROUP BY.
fn lists_positions(pieces: &[Piece], i: usize, level: &Level) -> bool {
    use Keyword as K;
    match word(pieces, i, 1) {
        Some(K::On) => word(pieces, i, 2) == Some(K::Distinct),
        Some(K::Cube | K::Rollup) => level.by_list,
        _ => false,
    }
}

/// Whether the parenthesis or bracket at `i` opens the modifiers or bounds of a type: after a type
/// that no function can be named like, after `::`, AS, TYPE or RETURNS and a name, or after two
/// names at the place of a column's definition.
fn is_type_modifier(pieces: &[Piece], i: usize) -> bool {
    use Keyword as K;
    use TokenKind as T;
    // The longest in use is `geometry(PointZM, 4326)`.
    let close = pieces[i + 1..].iter().take(8).position(|p| {
        let number = p.kind == T::Number && p.role == Role::Data;
        !number && !matches!(p.kind, T::Operator | T::Comma | T::Word)
    });
    let closed =
        close.is_some_and(|n| matches!(pieces[i + 1 + n].kind, T::RightParen | T::RightBracket));
    if !closed || i == 0 {
        return false;
    }
    match pieces[i - 1].keyword {
        Some(
            K::Bigint
            | K::Bit
            | K::Boolean
            | K::Char
            | K::Character
            | K::Dec
            | K::Decimal
            | K::Float
            | K::Int
            | K::Integer
            | K::Interval
            | K::Nchar
            | K::Numeric
            | K::Precision
            | K::Real
            | K::Smallint
            | K::Time
            | K::Timestamp
            | K::Varchar
            | K::Varying,
        ) => return true,
        Some(K::Second) => {
            let start = before(pieces, i, 2);
            return start.is_some_and(|p| {
                p.role != Role::Structure || matches!(p.keyword, Some(K::Interval | K::To))
            });
        }
        _ => {}
    }
    let mut name = i - 1;
    if !pieces[name].is_name() {
        return false;
    }
    while name >= 2 && pieces[name - 1].kind == T::Dot && pieces[name - 2].is_name() {
        name -= 2;
    }
    let Some(first) = before(pieces, name, 1) else {
        return false;
    };
    if first.kind == T::Cast || matches!(first.keyword, Some(K::As | K::Type | K::Returns)) {
        return true;
    }
    let callable = first.keyword.map(Keyword::category);
    let column = first.is_name() && callable != Some(Category::TypeOrFunction);
    let place = before(pieces, name, 2);
    column
        && place.is_some_and(|p| {
            matches!(p.kind, T::LeftParen | T::Comma)
                || matches!(p.keyword, Some(K::Add | K::Column | K::Exists))
        })
}

/// Follows the clauses of a query.
fn clause(pieces: &[Piece], i: usize, level: &mut Level) {
    use Keyword as K;
    match pieces[i].keyword {
        Some(K::By) if matches!(word(pieces, i, 1), Some(K::Order | K::Group)) => {
            level.by_list = true;
        }
        Some(
            K::Except
            | K::Fetch
            | K::For
            | K::Having
            | K::Intersect
            | K::Limit
            | K::Offset
            | K::Order
            | K::Returning
            | K::Select
            | K::Union
            | K::Where
            | K::Window,
        ) => level.by_list = false,
        _ => {}
    }
}

fn number(sql: &str, pieces: &[Piece], i: usize, level: &Level) -> Role {
    if level.inside == Inside::TypeModifiers || is_position(sql, pieces, i, level) {
        Role::Structure
    } else if is_shown(sql, pieces, i, level) {
        Role::Shown
    } else {
        Role::Data
    }
}

/// Whether the number names an output column: it stands alone in the list of an ORDER BY or GROUP
/// BY that belongs to a query. (In a window or an aggregate it would be a constant.)
fn is_position(sql: &str, pieces: &[Piece], i: usize, level: &Level) -> bool {
    use Keyword as K;
    use TokenKind as T;
    let begins = before(pieces, i, 1)
        .is_some_and(|p| matches!(p.kind, T::Comma | T::LeftParen) || p.keyword == Some(K::By));
    let ends = pieces.get(i + 1).is_none_or(|p| match p.keyword {
        Some(
            K::Asc
            | K::Desc
            | K::Except
            | K::Fetch
            | K::For
            | K::Having
            | K::Intersect
            | K::Limit
            | K::Nulls
            | K::Offset
            | K::On
            | K::Order
            | K::Returning
            | K::Union
            | K::Using
            | K::Window
            | K::With,
        ) => true,
        _ => matches!(p.kind, T::Comma | T::RightParen | T::Semicolon),
    });
    let whole = pieces[i].text(sql).bytes().all(|b| b.is_ascii_digit());
    level.inside == Inside::Query && level.by_list && begins && ends && whole
}

/// Whether the number is a count or an option: after LIMIT, OFFSET and FETCH, in options, and
/// after the words of utility statements that take one.
fn is_shown(sql: &str, pieces: &[Piece], i: usize, level: &Level) -> bool {
    use Keyword as K;
    match (word(pieces, i, 2), word(pieces, i, 1)) {
        (_, Some(K::Limit | K::Offset)) | (Some(K::Fetch), Some(K::First | K::Next)) => {
            return true;
        }
        _ => {}
    }
    let signed = before(pieces, i, 1).is_some_and(|p| p.kind == TokenKind::Operator);
    let Some(last) = before(pieces, i, 1) else {
        return false;
    };
    if level.inside == Inside::Options {
        return last.kind == TokenKind::Word || last.text(sql) == "=";
    }
    if !pieces[i].utility {
        return false;
    }
    let at = i - usize::from(signed);
    match (word(pieces, at, 2), word(pieces, at, 1)) {
        (
            _,
            Some(
                K::Absolute
                | K::Backward
                | K::Cache
                | K::Cost
                | K::Fetch
                | K::Forward
                | K::Increment
                | K::Maxvalue
                | K::Minvalue
                | K::Move
                | K::Relative
                | K::Restart
                | K::Rows
                | K::Start
                | K::Statistics,
            ),
        )
        | (Some(K::Increment), Some(K::By))
        | (Some(K::Start | K::Restart), Some(K::With)) => true,
        _ => before(pieces, at, 1).is_some_and(|p| {
            let text = p.text(sql);
            text.eq_ignore_ascii_case("modulus") || text.eq_ignore_ascii_case("remainder")
        }),
    }
}
