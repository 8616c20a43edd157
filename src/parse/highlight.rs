//! What a reader of SQL tells apart by colour.

use super::keywords::{Category, Keyword};
use super::tokens::{TokenKind, tokenize};

/// What a piece of SQL is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Names, operators, white space.
    Plain,
    /// Key words.
    Keyword,
    /// Constants.
    Literal,
    /// Comments.
    Comment,
}

/// The text in pieces with their classes; put together they are the text.
pub fn highlight(sql: &str) -> Vec<(Class, &str)> {
    let mut pieces: Vec<(Class, &str)> = Vec::new();
    let (mut start, mut begins) = (0, true);
    for token in tokenize(sql) {
        let text = token.text(sql);
        let class = match token.kind {
            TokenKind::LineComment | TokenKind::BlockComment => Class::Comment,
            TokenKind::String
            | TokenKind::BitString
            | TokenKind::DollarString
            | TokenKind::Number => Class::Literal,
            TokenKind::Word if is_keyword(text, begins) => Class::Keyword,
            _ => Class::Plain,
        };
        if !token.is_trivia() {
            begins = token.kind == TokenKind::Semicolon;
        }
        match pieces.last_mut() {
            Some((last, piece)) if *last == class => *piece = &sql[start..token.end],
            _ => {
                start = token.start;
                pieces.push((class, text));
            }
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
    use super::{Class, highlight};

    #[test]
    fn key_words_constants_and_comments_stand_out() {
        let sql = "update t set name = 'x', n = 12 WHERE id = $1; -- done\nVACUUM t;";
        let found: Vec<String> = highlight(sql)
            .into_iter()
            .filter(|(class, _)| *class != Class::Plain)
            .map(|(class, text)| format!("{class:?} {text}"))
            .collect();
        let expected = [
            "Keyword update",
            "Literal 'x'",
            "Literal 12",
            "Keyword WHERE",
            "Comment -- done",
            "Keyword VACUUM",
        ];
        assert_eq!(found, expected);
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
            let joined: String = highlight(sql).into_iter().map(|(_, text)| text).collect();
            assert_eq!(joined, sql);
        }
    }
}
