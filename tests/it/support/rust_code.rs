//! Just enough of Rust's grammar to see which paths a file names.

/// A name or `::` or another sign, with its line. Comments, literals and lifetimes are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub line: usize,
    pub text: String,
}

/// The tokens of a Rust file.
pub fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let (mut tokens, mut line, mut i) = (Vec::new(), 1, 0);
    while i < chars.len() {
        let start = i;
        let mut token = None;
        match at(i) {
            '/' if at(i + 1) == '/' => i += count(&chars[i..], |c| c != '\n'),
            '/' if at(i + 1) == '*' => i += block_comment(&chars[i..]),
            '"' => i += quoted(&chars[i..], '"'),
            '\'' if at(i + 1) == '\\' || at(i + 2) == '\'' => i += quoted(&chars[i..], '\''),
            '\'' => i += 1 + count(&chars[i + 1..], word),
            ':' if at(i + 1) == ':' => {
                i += 2;
                token = Some("::".to_owned());
            }
            c if word(c) => {
                i += count(&chars[i..], word);
                let name: String = chars[start..i].iter().collect();
                let hashes = count(&chars[i..], |c| c == '#');
                if ["r", "br", "cr"].contains(&name.as_str()) && at(i + hashes) == '"' {
                    i += raw_string(&chars[i..], hashes);
                } else {
                    token = Some(name);
                }
            }
            c => {
                i += 1;
                token = (!c.is_whitespace()).then(|| c.to_string());
            }
        }
        tokens.extend(token.map(|text| Token { line, text }));
        line += chars[start..i].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

fn count(chars: &[char], is: impl Fn(char) -> bool) -> usize {
    chars.iter().take_while(|c| is(**c)).count()
}

fn block_comment(chars: &[char]) -> usize {
    let (mut depth, mut i) = (0, 0);
    while i < chars.len() {
        match chars[i..] {
            ['/', '*', ..] => (depth, i) = (depth + 1, i + 2),
            ['*', '/', ..] if depth == 1 => return i + 2,
            ['*', '/', ..] => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
    }
    i
}

/// The length of a literal with its quotes and escapes.
fn quoted(chars: &[char], quote: char) -> usize {
    let mut i = 1;
    while i < chars.len() && chars[i] != quote {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(chars.len())
}

/// The length of a raw string after its `r`.
fn raw_string(chars: &[char], hashes: usize) -> usize {
    let end: Vec<char> = std::iter::once('"')
        .chain(std::iter::repeat_n('#', hashes))
        .collect();
    let body = &chars[hashes + 1..];
    let length = body.windows(end.len()).position(|window| window == end);
    length.map_or(chars.len(), |length| hashes + 1 + length + end.len())
}

/// Every path that a file names, with its line. The trees of `use` are spelled out, so
/// `use std::{fs, io::Read}` names `std::fs` and `std::io::Read`.
pub fn paths(source: &str) -> Vec<(usize, Vec<String>)> {
    let tokens = tokens(source);
    let (mut paths, mut rest) = (Vec::new(), &tokens[..]);
    while let Some(token) = rest.first() {
        if token.text == "use" {
            rest = tree(&rest[1..], &[], &mut paths);
        } else if is_name(token) {
            let mut path = vec![token.text.clone()];
            rest = &rest[1..];
            while let [colons, name, after @ ..] = rest
                && colons.text == "::"
                && is_name(name)
            {
                path.push(name.text.clone());
                rest = after;
            }
            paths.push((token.line, path));
        } else {
            rest = &rest[1..];
        }
    }
    paths
}

fn is_name(token: &Token) -> bool {
    token
        .text
        .starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Reads one tree of a `use` and gives what follows it.
fn tree<'a>(
    mut rest: &'a [Token],
    above: &[String],
    paths: &mut Vec<(usize, Vec<String>)>,
) -> &'a [Token] {
    let mut path = above.to_vec();
    while let [token, after @ ..] = rest {
        match token.text.as_str() {
            "::" => rest = after,
            "{" => {
                rest = after;
                while rest.first().is_some_and(|t| t.text != "}") {
                    rest = tree(rest, &path, paths);
                    if rest.first().is_some_and(|t| t.text == ",") {
                        rest = &rest[1..];
                    }
                }
                return rest.get(1..).unwrap_or_default();
            }
            _ => {
                path.push(token.text.clone());
                rest = after;
                if rest.first().is_none_or(|t| t.text != "::") {
                    paths.push((token.line, path));
                    break;
                }
            }
        }
    }
    // `as name`
    let next = rest
        .iter()
        .position(|t| [",", "}", ";"].contains(&t.text.as_str()));
    &rest[next.unwrap_or(rest.len())..]
}
