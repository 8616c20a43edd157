//! SQL in colours.

use crate::parse::keywords::Category;
use crate::parse::{Keyword, TokenKind, tokenize};

use super::theme::Role;

/// The text in coloured pieces; put together they are the text.
pub fn colour(sql: &str) -> Vec<(Role, String)> {
    let mut pieces: Vec<(Role, String)> = Vec::new();
    let mut begins = true;
    for token in tokenize(sql) {
        let text = token.text(sql);
        let role = match token.kind {
            TokenKind::LineComment | TokenKind::BlockComment => Role::Comment,
            TokenKind::String
            | TokenKind::BitString
            | TokenKind::DollarString
            | TokenKind::Number => Role::Literal,
            TokenKind::Word if is_keyword(text, begins) => Role::Keyword,
            _ => Role::Text,
        };
        if !token.is_trivia() {
            begins = token.kind == TokenKind::Semicolon;
        }
        match pieces.last_mut() {
            Some((last, piece)) if *last == role => piece.push_str(text),
            _ => pieces.push((role, text.to_owned())),
        }
    }
    pieces
}

/// Most key words may also be names, so one counts only where it is reserved, begins a statement
/// or is written in capitals.
fn is_keyword(word: &str, begins: bool) -> bool {
    let capitals = || !word.bytes().any(|byte| byte.is_ascii_lowercase());
    Keyword::find(word)
        .is_some_and(|keyword| begins || keyword.category() == Category::Reserved || capitals())
}

#[cfg(test)]
mod tests {
    use super::{Role, colour};

    #[test]
    fn key_words_constants_and_comments_stand_out() {
        let sql = "update t set name = 'x', n = 12 WHERE id = $1; -- done\nVACUUM t;";
        let coloured: Vec<String> = colour(sql)
            .into_iter()
            .filter(|(role, _)| *role != Role::Text)
            .map(|(role, text)| format!("{role:?} {text}"))
            .collect();
        let expected = [
            "Keyword update",
            "Literal 'x'",
            "Literal 12",
            "Keyword WHERE",
            "Comment -- done",
            "Keyword VACUUM",
        ];
        assert_eq!(coloured, expected);
    }

    #[test]
    fn the_pieces_are_the_text() {
        for sql in [
            "",
            "select 'open",
            "表 /* a",
            "a\n\n  b",
            "$$ x $$ \"Ä\" 1e5",
        ] {
            let joined: String = colour(sql).into_iter().map(|(_, text)| text).collect();
            assert_eq!(joined, sql);
        }
    }
}
