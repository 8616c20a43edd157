//! Where the name of a type begins and ends.

use super::fold::Symbol;
use super::keywords::Keyword;
use super::outline::{Piece, Role};
use super::tokens::TokenKind;

/// More pieces than any list of type modifiers has.
const MODIFIERS: usize = 8;

fn word(pieces: &[Piece], i: usize) -> Option<Keyword> {
    pieces.get(i).and_then(|piece| piece.keyword)
}

fn kind(pieces: &[Piece], i: usize) -> Option<TokenKind> {
    pieces.get(i).map(|piece| piece.kind)
}

/// One past the type name that begins at a piece, with its modifiers and array bounds.
pub(super) fn end(pieces: &[Piece], start: usize) -> Option<usize> {
    use Keyword as K;
    let mut at = start;
    if word(pieces, at) == Some(K::Setof) {
        at += 1;
    }
    if word(pieces, at) == Some(K::National) {
        at += 1;
    }
    if !pieces.get(at)?.is_name() {
        return None;
    }
    let first = word(pieces, at);
    at += 1;
    match first {
        Some(K::Double) if word(pieces, at) == Some(K::Precision) => at += 1,
        Some(K::Bit | K::Char | K::Character | K::Nchar)
            if word(pieces, at) == Some(K::Varying) =>
        {
            at += 1;
        }
        Some(K::Interval) => at = interval_fields_end(pieces, at),
        _ => {
            while kind(pieces, at) == Some(TokenKind::Dot)
                && pieces.get(at + 1).is_some_and(Piece::is_name)
            {
                at += 2;
            }
        }
    }
    at = modifiers_end(pieces, at);
    if matches!(first, Some(K::Time | K::Timestamp))
        && matches!(word(pieces, at), Some(K::With | K::Without))
        && word(pieces, at + 1) == Some(K::Time)
        && word(pieces, at + 2) == Some(K::Zone)
    {
        at += 3;
    }
    Some(bounds_end(pieces, at))
}

/// One past a parenthesis of modifiers, if one begins here.
fn modifiers_end(pieces: &[Piece], start: usize) -> usize {
    use TokenKind as K;
    if kind(pieces, start) != Some(K::LeftParen) {
        return start;
    }
    let close = pieces[start + 1..].iter().take(MODIFIERS).position(|p| {
        p.role == Role::Structure && !matches!(p.kind, K::Number | K::Comma | K::Word | K::Operator)
    });
    match close {
        Some(n) if pieces[start + 1 + n].kind == K::RightParen => start + n + 2,
        _ => start,
    }
}

/// One past `ARRAY`, `[]` and `[3]`, any number of them.
fn bounds_end(pieces: &[Piece], start: usize) -> usize {
    use TokenKind as K;
    let mut at = start + usize::from(word(pieces, start) == Some(Keyword::Array));
    while kind(pieces, at) == Some(K::LeftBracket) {
        let bound = pieces
            .get(at + 1)
            .is_some_and(|p| p.role != Role::Structure || p.kind == K::Number);
        let close = at + 1 + usize::from(bound);
        if kind(pieces, close) != Some(K::RightBracket) {
            return at;
        }
        at = close + 1;
    }
    at
}

/// One past the fields of an interval, such as `DAY TO SECOND(3)`.
pub(super) fn interval_fields_end(pieces: &[Piece], start: usize) -> usize {
    use Keyword as K;
    let field = |at: usize| {
        matches!(
            word(pieces, at),
            Some(K::Year | K::Month | K::Day | K::Hour | K::Minute | K::Second)
        )
    };
    let mut at = start;
    if field(at) {
        at += 1;
        if word(pieces, at) == Some(K::To) && field(at + 1) {
            at += 2;
        }
        at = modifiers_end(pieces, at);
    }
    at
}

/// How many of the last symbols are the name of a type before a literal, if any are.
///
/// In a query every name before a literal is one; in a utility statement only the types that are
/// key words count, for `OPTIONS (host 'x')` looks the same.
pub(super) fn length_before(pieces: &[Piece], symbols: &[Symbol]) -> Option<usize> {
    use Keyword as K;
    let piece = |n: usize| {
        let symbol = symbols.get(symbols.len().checked_sub(n + 1)?)?;
        (!symbol.constant).then(|| &pieces[symbol.piece])
    };
    let word = |n: usize| piece(n).and_then(|p| p.keyword);
    let skip_modifiers = |n: usize| {
        if piece(n).is_none_or(|p| p.kind != TokenKind::RightParen) {
            return n;
        }
        let open = (n + 1..symbols.len().min(n + 2 + MODIFIERS))
            .find(|&m| piece(m).is_some_and(|p| p.kind == TokenKind::LeftParen));
        open.map_or(n, |m| m + 1)
    };
    let mut n = 0;
    if word(0) == Some(K::Zone) && word(1) == Some(K::Time) {
        let stamp = skip_modifiers(3);
        let zone = matches!(word(2), Some(K::With | K::Without))
            && matches!(word(stamp), Some(K::Time | K::Timestamp));
        return zone.then_some(stamp + 1);
    }
    n = skip_modifiers(n);
    let last = piece(n)?;
    match last.keyword {
        Some(K::Varying) => {
            let base = matches!(
                word(n + 1),
                Some(K::Bit | K::Char | K::Character | K::Nchar)
            );
            let national = word(n + 2) == Some(K::National);
            base.then_some(n + 2 + usize::from(national))
        }
        Some(K::Precision) => (word(n + 1) == Some(K::Double)).then_some(n + 2),
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
            | K::Json
            | K::Nchar
            | K::Numeric
            | K::Real
            | K::Smallint
            | K::Time
            | K::Timestamp
            | K::Varchar,
        ) => Some(n + 1),
        Some(K::Name | K::Text) if !last.utility => Some(n + 1),
        None if last.is_name() && !last.utility => {
            n += 1;
            let dotted = |n: usize| {
                piece(n).is_some_and(|p| p.kind == TokenKind::Dot)
                    && piece(n + 1).is_some_and(Piece::is_name)
            };
            while dotted(n) {
                n += 2;
            }
            Some(n)
        }
        _ => None,
    }
}
