//! Comments by which a file accepts findings.
//!
//! ```text
//! -- pgtriage: ignore drop-column, table-rewrite -- the table is empty
//! -- pgtriage: ignore-file migration/* until=2026-12-31 -- written by a generator
//! /* pgtriage: ignore truncate -- a staging table */ TRUNCATE staging;
//! DROP TABLE old_orders; -- pgtriage: ignore drop-table -- nobody reads it
//! ```
//!
//! `ignore` is for the statement that the comment stands in, else for the one that ends before it
//! on the same line, else for the next one.

use std::ops::Range;

use jiff::civil::Date;
use memchr::memmem::Finder;

use crate::parse::lexer::Lexer;
use crate::parse::tokens::{Options, Token, TokenKind};

/// What such a comment begins with.
pub const NAME: &str = "pgtriage";

/// Family of the rules that lint; names without one are of it.
const FAMILY: &str = "migration/";

/// A comment that accepts findings, or was meant to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// The comment's bytes in the text.
    pub range: Range<usize>,
    /// What it is for.
    pub scope: IgnoreScope,
    /// Ids or patterns of rules, with their family.
    pub rules: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// Last day on which it holds, as 2026-12-31.
    pub until: Option<String>,
    /// What is wrong with it; it accepts nothing then.
    pub mistake: Option<String>,
}

/// What an [`Ignore`] is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IgnoreScope {
    /// The whole file.
    File,
    /// The statement at this place of the list.
    Statement(usize),
}

/// The comments of a text that accept findings. `statements` are the bytes of its statements,
/// `start..end`, in order.
pub fn ignores(text: &str, statements: &[(usize, usize)]) -> Vec<Ignore> {
    let mut found = Vec::new();
    let mut read_to = 0;
    for hit in Finder::new(NAME).find_iter(text.as_bytes()) {
        if hit < read_to {
            continue;
        }
        // A statement, or what stands between two of them.
        let next = statements.partition_point(|(start, _)| *start <= hit);
        let before = next.checked_sub(1).and_then(|index| statements.get(index));
        let comments = match before {
            Some(&(start, end)) if hit < end => {
                read_to = end;
                inside(text, start..end)
            }
            _ => {
                let start = before.map_or(0, |(_, end)| *end);
                read_to = statements.get(next).map_or(text.len(), |(start, _)| *start);
                between(text, start..read_to)
            }
        };
        for range in comments {
            found.extend(read(text, range, statements));
        }
    }
    found
}

/// Comments in a statement, and in the bodies that it quotes by dollars.
fn inside(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut comments = Vec::new();
    let tokens = |range: &Range<usize>| {
        let start = range.start;
        Lexer::new(&text[range.clone()], Options::default()).map(move |token| Token {
            start: token.start + start,
            end: token.end + start,
            ..token
        })
    };
    for token in tokens(&range) {
        if is_comment(token) {
            comments.push(token.start..token.end);
        } else if token.kind == TokenKind::DollarString {
            let tag = token.text(text)[1..].find('$').map_or(1, |at| at + 2);
            let end = token
                .end
                .saturating_sub(if token.terminated { tag } else { 0 });
            let body = (token.start + tag).min(end)..end;
            let within = tokens(&body).filter(|token| is_comment(*token));
            comments.extend(within.map(|token| token.start..token.end));
        }
    }
    comments
}

/// Comments between statements. What else stands there, such as commands of psql and rows that a
/// COPY reads, is passed over line by line, since quotes in it are none.
fn between(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let gap = &text[range.clone()];
    let mut comments = Vec::new();
    let mut lexer = Lexer::new(gap, Options::default());
    while let Some(token) = lexer.next() {
        if is_comment(token) {
            comments.push(range.start + token.start..range.start + token.end);
        } else if !matches!(token.kind, TokenKind::Whitespace | TokenKind::Semicolon) {
            let line = gap[token.start..].find('\n');
            lexer.skip_to(line.map_or(gap.len(), |at| token.start + at));
        }
    }
    comments
}

fn is_comment(token: Token) -> bool {
    matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment)
}

fn read(text: &str, range: Range<usize>, statements: &[(usize, usize)]) -> Option<Ignore> {
    let words = body(&text[range.clone()]);
    let words = words.strip_prefix(NAME)?;
    let (words, colon) = match words.trim_start().strip_prefix(':') {
        Some(words) => (words.trim_start(), true),
        None if words.starts_with(' ') => (words.trim_start(), false),
        None => return None,
    };
    let end = words.find([' ', ':', ',']).unwrap_or(words.len());
    let (word, rest) = words.split_at(end);
    let statement = statement(text, &range, statements);
    let mut ignore = Ignore {
        range,
        scope: IgnoreScope::File,
        rules: Vec::new(),
        reason: None,
        until: None,
        mistake: None,
    };
    match word {
        // Words that speak of the program are none of ours.
        _ if !colon && !word.starts_with("ignore") => return None,
        "ignore" | "ignore-file" if !colon => {
            ignore.wrong(format!("a colon is missing: `{NAME}: {word} …`"));
        }
        "ignore" => match statement {
            Some(index) => ignore.scope = IgnoreScope::Statement(index),
            None => ignore.wrong("no statement stands after it".to_owned()),
        },
        "ignore-file" => {}
        _ => ignore.wrong(format!(
            "`{word}` is no word for it: write `ignore` or `ignore-file`"
        )),
    }
    ignore.terms(rest);
    Some(ignore)
}

impl Ignore {
    /// Reads what stands after the word: rules, `until=`, and the reason after `--`.
    fn terms(&mut self, rest: &str) {
        let (rules, reason) = rest.split_once("--").unwrap_or((rest, ""));
        let reason = reason.trim();
        self.reason = (!reason.is_empty()).then(|| reason.to_owned());
        for part in rules.split(',') {
            let mut names = 0;
            for term in part.split_whitespace() {
                match term.split_once('=') {
                    Some(("until", day)) => self.until(day),
                    Some((name, _)) => {
                        self.wrong(format!("`{name}=` is unknown: there is only `until=`"));
                    }
                    None if names > 0 => self.wrong(format!(
                        "`{term}` follows a rule: write a comma between rules, and `--` before the reason"
                    )),
                    None => {
                        names += 1;
                        self.rule(term);
                    }
                }
            }
        }
        if self.rules.is_empty() {
            self.wrong("it names no rule".to_owned());
        }
    }

    fn rule(&mut self, name: &str) {
        let known = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_/*?".contains(&byte)
        };
        if !name.bytes().all(known) {
            self.wrong(format!("`{name}` is no id of a rule, such as `drop-table`"));
        } else if name.contains('/') {
            self.rules.push(name.to_owned());
        } else {
            self.rules.push(format!("{FAMILY}{name}"));
        }
    }

    fn until(&mut self, day: &str) {
        let date = day.parse::<Date>().ok().filter(|_| day.len() == 10);
        match date {
            Some(date) => self.until = Some(date.to_string()),
            None => self.wrong(format!("`{day}` is no date such as 2026-12-31")),
        }
    }

    /// The first thing that is wrong is told.
    fn wrong(&mut self, what: String) {
        self.mistake.get_or_insert(what);
    }
}

/// The words of a comment, in one line.
fn body(comment: &str) -> String {
    let comment = match comment.strip_prefix("/*") {
        Some(inner) => inner.strip_suffix("*/").unwrap_or(inner),
        None => comment.trim_start_matches('-'),
    };
    let mut words = String::new();
    // Stars that draw a frame at the left stand at the beginning of lines.
    for line in comment.lines() {
        let line = line.trim().trim_start_matches('*');
        for word in line.split_whitespace() {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
        }
    }
    words
}

/// The statement that a comment is for.
fn statement(text: &str, comment: &Range<usize>, statements: &[(usize, usize)]) -> Option<usize> {
    let next = statements.partition_point(|(start, _)| *start <= comment.start);
    if let Some((index, (_, end))) = next
        .checked_sub(1)
        .and_then(|index| Some((index, statements.get(index)?)))
        && (comment.start < *end || !text[*end..comment.start].contains('\n'))
    {
        return Some(index);
    }
    (next < statements.len()).then_some(next)
}
