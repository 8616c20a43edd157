//! Values of parameters, as the server writes them: `$1 = '5', $2 = NULL`.

use crate::parse::Lexer;
use crate::parse::tokens::{Options, TokenKind};

/// The values by number, as literals of SQL. Values that the server cut are as far as it wrote them.
pub fn values(text: &str) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((number, after)) = rest
        .strip_prefix('$')
        .and_then(|rest| rest.split_once(" = "))
    {
        let Ok(number) = number.parse() else {
            break;
        };
        let end = if after.starts_with('\'') {
            literal_end(after)
        } else {
            after.find(", $").unwrap_or(after.len())
        };
        found.push((number, after[..end].to_owned()));
        let after = &after[end..];
        // `...` follows a value that was cut.
        rest = after.trim_start_matches("...").trim_start_matches(", ");
    }
    found
}

/// Where a literal ends whose quotes are doubled.
fn literal_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(quote) = memchr::memchr(b'\'', &bytes[at..]) {
        let after = at + quote + 1;
        if bytes.get(after) != Some(&b'\'') {
            return after;
        }
        at = after + 1;
    }
    text.len()
}

/// A statement with values in the place of its parameters. Numbers lose their quotes.
pub fn bind(sql: &str, values: &[(u32, String)]) -> String {
    let mut out = String::with_capacity(sql.len());
    for token in Lexer::new(sql, Options::default()) {
        let text = token.text(sql);
        let value = (token.kind == TokenKind::Param)
            .then(|| text.trim_start_matches('$').parse::<u32>().ok())
            .flatten()
            .and_then(|number| values.iter().find(|(known, _)| *known == number));
        match value {
            Some((_, value)) => {
                let bare = value.trim_matches('\'');
                let is_number = !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit());
                out.push_str(if is_number { bare } else { value });
            }
            None => out.push_str(text),
        }
    }
    out
}
