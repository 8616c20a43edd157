//! Values of settings, and names that clients make up.

use super::keywords::Keyword;
use super::outline::Piece;
use super::secrets::is_secret_setting;
use super::tokens::TokenKind;

/// Marks them in one statement. A list of values becomes one piece: it takes the place of its
/// first, the others are left empty.
pub(super) fn mark(sql: &str, pieces: &mut [Piece]) {
    use Keyword as K;
    let word = |n: usize| pieces.get(n).and_then(|p| p.keyword);
    let alters_role = matches!(word(0), Some(K::Alter | K::Create))
        && matches!(word(1), Some(K::Role | K::User | K::Group));
    if alters_role {
        for i in 2..pieces.len() {
            // A string is data anyhow; a word is a mistake, and most likely the password.
            let equals = pieces[i - 1].text(sql) == "=";
            let word = matches!(pieces[i].kind, TokenKind::Word | TokenKind::QuotedIdent);
            let null = pieces[i].keyword == Some(K::Null);
            if pieces[i - 1 - usize::from(equals)].keyword == Some(K::Password) && word && !null {
                pieces[i].hide();
            }
        }
    }
    let word = |n: usize| pieces.get(n).and_then(|p| p.keyword);
    match (word(0), word(1)) {
        (Some(K::Set), Some(K::Session | K::Local)) => setting(sql, pieces, 2),
        (Some(K::Set), _) => setting(sql, pieces, 1),
        (Some(K::Alter), _) => settings(sql, pieces),
        (Some(K::Create), _) if is_routine(pieces) => settings(sql, pieces),
        _ => {}
    }
    if let Some(name) = made_up_name(sql, pieces)
        && pieces[name].is_name()
    {
        pieces[name].show();
    }
}

fn is_routine(pieces: &[Piece]) -> bool {
    let head = &pieces[..pieces.len().min(4)];
    head.iter()
        .any(|p| matches!(p.keyword, Some(Keyword::Function | Keyword::Procedure)))
}

/// `… SET name {= | TO} value`, any number of them.
fn settings(sql: &str, pieces: &mut [Piece]) {
    for i in 2..pieces.len() {
        if pieces[i - 1].keyword == Some(Keyword::Set) {
            setting(sql, pieces, i);
        }
    }
}

/// `name {= | TO} value, …` from `start` on; anything else is left alone. Values of settings of
/// the user's own (`app.secret`) and of secret ones are data whatever they are; others are shown
/// unless a constant is among them.
fn setting(sql: &str, pieces: &mut [Piece], start: usize) {
    let Some(name_end) = name_end(pieces, start) else {
        return;
    };
    let assigns = pieces
        .get(name_end)
        .is_some_and(|p| p.keyword == Some(Keyword::To) || p.text(sql) == "=");
    let value = name_end + 1;
    let default = pieces.get(value).and_then(|p| p.keyword) == Some(Keyword::Default);
    if !assigns || default {
        return;
    }
    let end = values_end(pieces, value);
    if end == value {
        return;
    }
    let name = &sql[pieces[start].start..pieces[name_end - 1].end];
    let hidden = name_end - start > 1 || is_secret_setting(name);
    let quoted = pieces[value..end].iter().any(Piece::is_quoted);
    let last = pieces[end - 1].end;
    let first = &mut pieces[value];
    if end - value == 1 && first.kind == TokenKind::Param {
        return;
    }
    first.end = last;
    if hidden || quoted {
        first.hide();
    } else {
        first.show();
    }
    for rest in &mut pieces[value + 1..end] {
        rest.end = rest.start;
        rest.kind = TokenKind::Other;
        rest.keyword = None;
    }
}

/// One past a name with dots.
fn name_end(pieces: &[Piece], start: usize) -> Option<usize> {
    let is_name = |i: usize| {
        pieces
            .get(i)
            .is_some_and(|p| matches!(p.kind, TokenKind::Word | TokenKind::QuotedIdent))
    };
    let mut end = start;
    while is_name(end) {
        end += 1;
        let dot = pieces.get(end).is_some_and(|p| p.kind == TokenKind::Dot);
        if !dot || !is_name(end + 1) {
            return Some(end);
        }
        end += 1;
    }
    None
}

/// One past a list of values separated by commas.
fn values_end(pieces: &[Piece], start: usize) -> usize {
    let mut end = start;
    let mut at = start;
    loop {
        let signed = pieces
            .get(at)
            .is_some_and(|p| p.kind == TokenKind::Operator);
        let value = at + usize::from(signed);
        let Some(piece) = pieces.get(value) else {
            return end;
        };
        at = match piece.kind {
            TokenKind::Number | TokenKind::Param => value + 1,
            _ if piece.is_quoted() => value + 1,
            _ => match name_end(pieces, value) {
                Some(after) => after,
                None => return end,
            },
        };
        end = at;
        if pieces.get(at).is_none_or(|p| p.kind != TokenKind::Comma) {
            return end;
        }
        at += 1;
    }
}

/// The place of a name that a client has most likely made up.
fn made_up_name(sql: &str, pieces: &[Piece]) -> Option<usize> {
    use Keyword as K;
    let word = |n: usize| pieces.get(n).and_then(|p| p.keyword);
    let after = |n: usize, optional: &[Keyword]| {
        let skip = word(n).is_some_and(|k| optional.contains(&k)) && pieces.len() > n + 1;
        n + usize::from(skip)
    };
    let has_digit = |n: usize| {
        let name = pieces.get(n).map_or("", |piece| piece.text(sql));
        name.bytes().any(|b| b.is_ascii_digit())
    };
    let place = match word(0)? {
        K::Prepare if word(1) == Some(K::Transaction) => return None,
        K::Savepoint | K::Declare | K::Close | K::Prepare => 1,
        K::Release => after(1, &[K::Savepoint]),
        K::Rollback | K::Abort => {
            let to = after(1, &[K::Work, K::Transaction]);
            if word(to) != Some(K::To) {
                return None;
            }
            after(to + 1, &[K::Savepoint])
        }
        K::Deallocate => after(1, &[K::Prepare]),
        K::Execute if has_digit(1) => 1,
        K::Fetch | K::Move if has_digit(pieces.len() - 1) => pieces.len() - 1,
        _ => return None,
    };
    (place < pieces.len() && word(place) != Some(K::All)).then_some(place)
}
