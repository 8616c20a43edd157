//! What stays of the statistics of a column under another type.

use crate::derive::shadow::changes::Keeps;
use crate::parse::{TokenKind, tokenize};

/// Types whose values stand in the same order as each other's. Texts are compared by the collation of the column,
/// which stays; blanks at the end of `character` may tell two values apart.
const ALIKE: [&[&str]; 4] = [
    &[
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "real",
        "double precision",
        "oid",
        "money",
    ],
    &["text", "character varying", "character", "name"],
    &[
        "date",
        "timestamp without time zone",
        "timestamp with time zone",
    ],
    &["inet", "cidr"],
];

/// What stays of a column's statistics. `from` and `to` are types as `format_type` prints them.
pub fn keeps(from: Option<&str>, to: &str, using: Option<&str>, column: &str) -> Keeps {
    if using.is_some_and(|using| !is_cast(using, column)) {
        return Keeps::Nothing;
    }
    let Some(from) = from else {
        return Keeps::Nothing;
    };
    let (from, to) = (base(from), base(to));
    if from == to {
        return Keeps::All;
    }
    let mut families = ALIKE.iter();
    if families.any(|family| family.contains(&from.as_str()) && family.contains(&to.as_str())) {
        Keeps::All
    } else {
        Keeps::Values
    }
}

/// The name of a type without its modifiers.
fn base(printed: &str) -> String {
    let mut text = String::with_capacity(printed.len());
    let mut depth = 0;
    for c in printed.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            c if depth == 0 => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether an expression is the column, cast: the value stays what it is.
fn is_cast(using: &str, column: &str) -> bool {
    let words: Vec<&str> = tokenize(using)
        .into_iter()
        .filter(|token| !token.is_trivia())
        .map(|token| &using[token.start..token.end])
        .collect();
    let is_column = |word: &str| word.trim_matches('"').eq_ignore_ascii_case(column);
    match words.as_slice() {
        [one] => is_column(one),
        [one, "::", rest @ ..] => is_column(one) && rest.iter().all(|word| is_of_type(word)),
        ["(", one, ")", "::", rest @ ..] => {
            is_column(one) && rest.iter().all(|word| is_of_type(word))
        }
        [cast, "(", one, of, rest @ .., ")"] => {
            cast.eq_ignore_ascii_case("cast")
                && is_column(one)
                && of.eq_ignore_ascii_case("as")
                && rest.iter().all(|word| is_of_type(word))
        }
        _ => false,
    }
}

/// Whether a token may stand in the name of a type.
fn is_of_type(word: &str) -> bool {
    let mut tokens = tokenize(word).into_iter();
    tokens.all(|token| {
        matches!(
            token.kind,
            TokenKind::Word
                | TokenKind::QuotedIdent
                | TokenKind::Number
                | TokenKind::Dot
                | TokenKind::Cast
        ) || ["(", ")", ",", "[", "]"].contains(&token.text(word))
    })
}

/// Whether a text is the name of a type and nothing else.
pub fn is_type(printed: &str) -> bool {
    let tokens = tokenize(printed);
    !tokens.is_empty()
        && tokens
            .iter()
            .filter(|token| !token.is_trivia())
            .all(|token| {
                let text = token.text(printed);
                token.kind != TokenKind::Cast
                    && !text.eq_ignore_ascii_case("using")
                    && is_of_type(text)
            })
}

/// Whether a statement names a collation.
pub fn says_collate(text: &str) -> bool {
    tokenize(text).iter().any(|token| {
        token.kind == TokenKind::Word && token.text(text).eq_ignore_ascii_case("collate")
    })
}

#[cfg(test)]
mod tests {
    use super::{Keeps, is_type, keeps, says_collate};

    #[test]
    fn statistics_stay_where_values_do() {
        for (from, to, using, stays) in [
            ("integer", "bigint", None, Keeps::All),
            ("integer", "bigint", Some("c::bigint"), Keeps::All),
            (
                "integer",
                "numeric(10,2)",
                Some("CAST(\"C\" AS numeric(10, 2))"),
                Keeps::All,
            ),
            ("character varying(20)", "text", None, Keeps::All),
            (
                "timestamp(3) without time zone",
                "timestamp with time zone",
                None,
                Keeps::All,
            ),
            ("integer", "text", Some("(c)::text"), Keeps::Values),
            ("text", "integer", Some("c::integer * 100"), Keeps::Nothing),
            ("text", "integer", Some("other::integer"), Keeps::Nothing),
            ("integer", "bigint", Some("f(c)"), Keeps::Nothing),
        ] {
            assert_eq!(
                keeps(Some(from), to, using, "c"),
                stays,
                "{from} {to} {using:?}"
            );
        }
        assert_eq!(keeps(None, "text", None, "c"), Keeps::Nothing);
    }

    #[test]
    fn types_are_names() {
        for (text, is) in [
            ("numeric(10,2)", true),
            ("timestamp(3) with time zone", true),
            ("\"my\".\"t\"[]", true),
            ("text USING a", false),
            ("text; DROP TABLE a", false),
            ("text USING f()::text", false),
            ("", false),
        ] {
            assert_eq!(is_type(text), is, "{text}");
        }
        assert!(says_collate(
            "ALTER TABLE a ALTER b TYPE text COLLATE \"C\""
        ));
        assert!(!says_collate("ALTER TABLE a ALTER \"collate\" TYPE text"));
    }
}
