//! Types that the message of an error names.

/// Names of built-in types as `format_type` writes them, without those of arrays; longer ones first where one
/// begins another.
const TYPES: [&str; 34] = [
    "timestamp without time zone",
    "timestamp with time zone",
    "time without time zone",
    "time with time zone",
    "character varying",
    "double precision",
    "bit varying",
    "character",
    "smallint",
    "interval",
    "tstzrange",
    "int4range",
    "int8range",
    "daterange",
    "numrange",
    "tsvector",
    "regclass",
    "tsquery",
    "tsrange",
    "boolean",
    "integer",
    "numeric",
    "bigint",
    "bytea",
    "jsonb",
    "money",
    "json",
    "uuid",
    "inet",
    "cidr",
    "date",
    "real",
    "text",
    "unknown",
];

/// Types to the left and right of an operator; an empty one is not told.
pub fn around(message: &str, operator: &str) -> Option<(String, String)> {
    let spaced = format!(" {operator} ");
    let place = message.rfind(&spaced)?;
    let left = message[..place].rsplit([':', '：', '«', '"', '“']).next()?;
    let right = message[place + spaced.len()..]
        .split(['"', '»', '”'])
        .next()?;
    Some((left.trim().to_owned(), right.trim().to_owned()))
}

/// Types of the arguments that a function was called with.
pub fn arguments(message: &str, function: &str) -> Option<Vec<String>> {
    let name = function.trim_matches('"');
    let at = message
        .to_lowercase()
        .find(&format!("{}(", name.to_lowercase()))?;
    let inner = message.get(at + name.len() + 1..)?;
    let inner = &inner[..inner.rfind(')')?];
    let split = inner.split(", ").map(str::to_owned);
    Some(split.filter(|name| !name.is_empty()).collect())
}

/// The type that a message names besides text: the one that an expression ought to have.
pub fn wanted(message: &str) -> Option<String> {
    let bare = unquoted(message);
    known(&bare)
        .into_iter()
        .find(|name| !is_text(name))
        .or_else(|| unusual(&bare))
}

/// Whether a type is what parameters become that nothing tells more of.
pub fn is_text(name: &str) -> bool {
    matches!(name, "text" | "unknown" | "text[]")
}

/// Built-in types in the order in which they are named.
fn known(message: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = message;
    while !rest.is_empty() {
        let is_word =
            |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        let name = TYPES
            .iter()
            .find(|name| rest.starts_with(**name) && !is_word(rest.as_bytes().get(name.len())));
        if let Some(name) = name {
            let after = &rest[name.len()..];
            let array = if after.starts_with("[]") { "[]" } else { "" };
            found.push(format!("{name}{array}"));
            rest = after;
        }
        // On to the next word.
        let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
        let Some(end) = word else { break };
        let after = &rest[end..];
        let next = after.find(|c: char| c.is_alphanumeric() || c == '_');
        rest = next.map_or("", |next| &after[next..]);
    }
    found
}

/// A user's own type, of which only the words of the English message tell.
fn unusual(message: &str) -> Option<String> {
    let after = message.split("is of type ").nth(1)?;
    let name = after.split(" but expression ").next()?.trim();
    (!name.is_empty() && name.len() < 130).then(|| name.to_owned())
}

/// The message without what stands in quotes, which are names.
fn unquoted(message: &str) -> String {
    let parts = message.split('"').enumerate();
    parts
        .filter(|(number, _)| number % 2 == 0)
        .map(|(_, part)| part)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{arguments, around, wanted};

    #[test]
    fn types_are_found_in_any_language() {
        let pair = |left: &str, right: &str| Some((left.to_owned(), right.to_owned()));
        assert_eq!(
            around("operator does not exist: character varying = integer", "="),
            pair("character varying", "integer")
        );
        assert_eq!(
            around("Operator existiert nicht: date - unknown", "-"),
            pair("date", "unknown")
        );
        assert_eq!(around("syntax error", "="), None);
        assert_eq!(
            arguments("Funktion sum(text) existiert nicht", "sum"),
            Some(vec!["text".to_owned()])
        );
        assert_eq!(
            wanted(
                "column \"text\" is of type timestamp with time zone but expression is of type text"
            ),
            Some("timestamp with time zone".to_owned())
        );
        assert_eq!(
            wanted("UNION-Typen text und integer[] passen nicht zusammen"),
            Some("integer[]".to_owned())
        );
        assert_eq!(
            wanted("column \"state\" is of type shop.state but expression is of type text"),
            Some("shop.state".to_owned())
        );
        assert_eq!(wanted("es geht nicht"), None);
    }
}
