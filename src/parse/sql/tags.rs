//! Tags of sqlcommenter: comments of `key='value'` pairs, URL-encoded.

use std::collections::BTreeMap;

use crate::parse::lexer::Lexer;
use crate::parse::tokens::{Options, TokenKind};

/// Tags of the comments of a statement. Of a key that is there twice the last one counts.
pub fn tags(sql: &str) -> BTreeMap<String, String> {
    let comments = Lexer::new(sql, Options::default())
        .filter(|token| token.kind == TokenKind::BlockComment && token.terminated);
    comments
        .filter_map(|comment| pairs(&sql[comment.start + 2..comment.end - 2]))
        .flatten()
        .collect()
}

/// The pairs of a comment, if it holds nothing else.
fn pairs(comment: &str) -> Option<Vec<(String, String)>> {
    let mut rest = comment.trim();
    let mut pairs = Vec::new();
    while !rest.is_empty() {
        let (key, after) = rest.split_once("='")?;
        let end = after.find('\'')?;
        let key = decode(key.trim());
        if key.is_empty() || key.contains(char::is_whitespace) {
            return None;
        }
        pairs.push((key, decode(&after[..end])));
        rest = after[end + 1..].trim_start();
        rest = match rest.strip_prefix(',') {
            Some(next) => next.trim_start(),
            None if rest.is_empty() => rest,
            None => return None,
        };
    }
    Some(pairs)
}

/// Undoes percent-encoding; what is none stays.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
