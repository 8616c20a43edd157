//! What a column says of itself in `ADD COLUMN`.

use std::ops::Range;

use crate::advise::migration::words::Words;
use crate::parse::tokens::TokenKind;

/// Words that begin a clause.
const BEGINNINGS: [&str; 12] = [
    "constraint",
    "not null",
    "null",
    "default",
    "check",
    "unique",
    "primary key",
    "references",
    "generated",
    "collate",
    "storage",
    "compression",
];

/// A column's definition: its tokens in the action.
pub struct Definition {
    /// Name.
    pub name: usize,
    /// Type.
    pub of: Range<usize>,
    /// What follows, each with the word that says what it is.
    pub clauses: Vec<Clause>,
    /// `IF NOT EXISTS`
    pub guarded: bool,
}

/// A clause of a definition.
pub struct Clause {
    /// One of the words above; of a named constraint the one behind its name.
    pub kind: &'static str,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// The name of a constraint.
    pub named: Option<usize>,
}

impl Definition {
    /// Reads `ADD [COLUMN] [IF NOT EXISTS] name type …`.
    pub fn read(words: &Words) -> Option<Self> {
        let mut at = 1;
        if words.are(at, "column") {
            at += 1;
        }
        let guarded = words.are(at, "if not exists");
        if guarded {
            at += 3;
        }
        let name = at;
        let mut clauses: Vec<Clause> = Vec::new();
        let mut at = name + 1;
        let first = next(words, at);
        let of = name + 1..first;
        at = first;
        while at < words.len() {
            let mut kind = beginning(words, at)?;
            let mut named = None;
            let start = at;
            if kind == "constraint" {
                named = Some(at + 1);
                at += 2;
                kind = beginning(words, at)?;
            }
            let from = match kind {
                // A default is at least one token, whatever that is.
                "default" => at + 2,
                // BY DEFAULT is part of an identity.
                "generated" => words.find_from(at, "as").unwrap_or(at) + 1,
                other => at + other.split(' ').count(),
            };
            let end = next(words, from);
            clauses.push(Clause {
                kind,
                tokens: start..end,
                named,
            });
            at = end;
        }
        (!of.is_empty()).then_some(Self {
            name,
            of,
            clauses,
            guarded,
        })
    }

    /// The first clause of a kind.
    pub fn clause(&self, kind: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.kind == kind)
    }

    /// The action without clauses of these kinds, as it was written.
    pub fn without(&self, words: &Words, kinds: &[&str]) -> String {
        let mut text = words.slice(0..self.of.end).to_owned();
        for clause in &self.clauses {
            if !kinds.contains(&clause.kind) {
                text.push(' ');
                text.push_str(words.slice(clause.tokens.clone()));
            }
        }
        text
    }
}

/// Where the next clause begins, from a token on.
fn next(words: &Words, from: usize) -> usize {
    let mut at = from;
    while at < words.len() {
        if words.is_kind(at, TokenKind::LeftParen) {
            at = words.after_group(at);
            continue;
        }
        // ON DELETE SET NULL is part of a reference.
        if beginning(words, at).is_some() && !words.are(at.wrapping_sub(1), "set") {
            return at;
        }
        at += 1;
    }
    words.len()
}

fn beginning(words: &Words, at: usize) -> Option<&'static str> {
    BEGINNINGS.into_iter().find(|known| words.are(at, known))
}
