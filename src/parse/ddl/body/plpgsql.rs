//! Bodies in PL/pgSQL: blocks, branches and loops, as far as statements stand in them.

use std::ops::Range;

use super::execute::{self, Executed};
use super::statements::tokens;
use super::text::{Body, BodyStatement};
use crate::parse::item::ItemKind;
use crate::parse::split::split;
use crate::parse::tokens::{Token, TokenKind};

/// What a statement stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Block,
    /// `EXCEPTION`, or a branch of IF or CASE.
    Branch,
    /// `LOOP` without a condition.
    Loop,
    /// A loop that may not run at all.
    MaybeLoop,
}

/// Reads the statements of a body.
pub(super) fn statements(body: &Body) -> Vec<BodyStatement> {
    let mut reader = Reader {
        body,
        text: &body.text,
        tokens: tokens(&body.text),
        at: 0,
        within: Vec::new(),
        branches: 0,
        loops: 0,
        left: false,
        found: Vec::new(),
    };
    while reader.at < reader.tokens.len() {
        reader.statement();
    }
    reader.found
}

struct Reader<'a> {
    body: &'a Body,
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    within: Vec<Within>,
    /// How many of them may not run their statements, and how many may run them often.
    branches: usize,
    loops: usize,
    /// A branch before may have returned.
    left: bool,
    found: Vec<BodyStatement>,
}

/// Statements that run nothing.
const QUIET: [&str; 9] = [
    "raise", "assert", "null", "get", "fetch", "move", "close", "exit", "continue",
];

impl Reader<'_> {
    fn word(&self, at: usize) -> String {
        match self.tokens.get(at) {
            Some(token) if token.kind == TokenKind::Word => {
                token.text(self.text).to_ascii_lowercase()
            }
            _ => String::new(),
        }
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            token.kind == TokenKind::Word && token.text(self.text).eq_ignore_ascii_case(word)
        })
    }

    /// The next place where one of these words stands, outside parentheses and `CASE … END`, or a
    /// semicolon, or the end.
    fn reach(&self, from: usize, words: &[&str]) -> usize {
        let (mut depth, mut cases) = (0_usize, 0_usize);
        let mut at = from;
        while let Some(token) = self.tokens.get(at) {
            match token.kind {
                TokenKind::Semicolon => return at,
                TokenKind::LeftParen | TokenKind::LeftBracket => depth += 1,
                TokenKind::RightParen | TokenKind::RightBracket => depth = depth.saturating_sub(1),
                TokenKind::Word if depth == 0 => {
                    if cases == 0 && words.iter().any(|word| self.is(at, word)) {
                        return at;
                    }
                    if self.is(at, "case") {
                        cases += 1;
                    } else if self.is(at, "end") {
                        cases = cases.saturating_sub(1);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// Steps behind the semicolon that ends the statement.
    fn skip(&mut self) {
        self.at = self.reach(self.at, &[]) + 1;
    }

    /// Steps behind a word that comes before the statements of a branch or loop.
    fn enter(&mut self, word: &str, within: Within) {
        self.at = self.reach(self.at, &[word]) + 1;
        self.open_level(within);
    }

    fn open_level(&mut self, within: Within) {
        self.count(within, true);
        self.within.push(within);
    }

    fn close_level(&mut self) -> Option<Within> {
        let within = self.within.pop()?;
        self.count(within, false);
        Some(within)
    }

    fn count(&mut self, within: Within, opens: bool) {
        let change = |count: &mut usize, counts: bool| {
            if counts {
                *count = if opens {
                    *count + 1
                } else {
                    count.saturating_sub(1)
                };
            }
        };
        let branch = matches!(within, Within::Branch | Within::MaybeLoop);
        let loops = matches!(within, Within::Loop | Within::MaybeLoop);
        change(&mut self.branches, branch);
        change(&mut self.loops, loops);
    }

    fn statement(&mut self) {
        let start = self.at;
        let first = self.word(start);
        match first.as_str() {
            "declare" => self.declarations(),
            "begin" => {
                self.open_level(Within::Block);
                self.at += 1;
            }
            "exception" => {
                if self.close_level().is_some() {
                    self.open_level(Within::Branch);
                }
                self.at += 1;
            }
            "if" => self.enter("then", Within::Branch),
            "elsif" | "elseif" | "when" => self.at = self.reach(start, &["then"]) + 1,
            "else" => self.at += 1,
            "case" => {
                self.at = self.reach(start + 1, &["when"]);
                self.open_level(Within::Branch);
            }
            "loop" => {
                self.open_level(Within::Loop);
                self.at += 1;
            }
            "while" | "foreach" => self.enter("loop", Within::MaybeLoop),
            "for" => self.for_loop(),
            "end" => {
                self.close_level();
                self.skip();
            }
            "return" => self.returns(),
            "perform" => {
                let end = self.reach(start, &[]);
                self.query(start..end, Some("SELECT"));
                self.at = end + 1;
            }
            "execute" => {
                let end = self.reach(start, &[]);
                self.execute(start + 1..end);
                self.at = end + 1;
            }
            "open" => self.open(),
            quiet if QUIET.contains(&quiet) => self.skip(),
            _ => self.other(),
        }
    }

    fn other(&mut self) {
        let start = self.at;
        let kind = self.tokens.get(start).map(|token| token.kind);
        if kind == Some(TokenKind::Semicolon) {
            self.at += 1;
            return;
        }
        if kind == Some(TokenKind::Operator) && self.tokens[start].text(self.text) == "<<" {
            // <<label>>
            self.at += 3;
            return;
        }
        if self.is_assignment() {
            self.skip();
            return;
        }
        let end = self.reach(start, &[]);
        self.query(start..end, None);
        self.at = end + 1;
    }

    /// `name := …`, `name.field = …`, `name[1] := …`
    fn is_assignment(&self) -> bool {
        let mut at = self.at + 1;
        let mut depth = 0_usize;
        while let Some(token) = self.tokens.get(at) {
            match token.kind {
                TokenKind::Assign if depth == 0 => return true,
                TokenKind::Operator if depth == 0 => return token.text(self.text) == "=",
                TokenKind::LeftBracket => depth += 1,
                TokenKind::RightBracket => depth = depth.saturating_sub(1),
                TokenKind::Semicolon => return false,
                TokenKind::Dot => {
                    // What follows is a part of the name.
                    at += usize::from(depth == 0);
                }
                _ if depth == 0 => return false,
                _ => {}
            }
            at += 1;
        }
        false
    }

    /// Steps over declarations, to the BEGIN behind them.
    fn declarations(&mut self) {
        self.at += 1;
        while self.at < self.tokens.len() && !self.is(self.at, "begin") {
            self.skip();
        }
    }

    fn for_loop(&mut self) {
        let start = self.reach(self.at, &["in", "loop"]);
        let from = if self.is(start, "in") {
            start + 1
        } else {
            start
        };
        let end = self.reach(from, &["loop"]);
        match self.word(from).as_str() {
            "execute" => self.execute(from + 1..end),
            "select" | "with" | "insert" | "update" | "delete" | "merge" | "values" | "explain"
            | "show" => self.query(from..end, None),
            _ => {}
        }
        self.at = end + 1;
        self.open_level(Within::MaybeLoop);
    }

    fn returns(&mut self) {
        let start = self.at;
        let end = self.reach(start, &[]);
        if self.is(start + 1, "query") {
            if self.is(start + 2, "execute") {
                self.execute(start + 3..end);
            } else {
                self.query(start + 2..end, None);
            }
        } else if !self.is(start + 1, "next") {
            self.left |= self.branches > 0;
        }
        self.at = end + 1;
    }

    fn open(&mut self) {
        let end = self.reach(self.at, &[]);
        let from = self.reach(self.at, &["for"]) + 1;
        if from < end {
            if self.is(from, "execute") {
                self.execute(from + 1..end);
            } else {
                self.query(from..end, None);
            }
        }
        self.at = end + 1;
    }

    fn bytes(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let first = self.tokens.get(range.start)?;
        let last = self.tokens.get(range.end.checked_sub(1)?)?;
        (!range.is_empty()).then_some(first.start..last.end)
    }

    fn push(&mut self, text: String, range: Range<usize>, opaque: Option<String>) {
        self.found.push(BodyStatement {
            text,
            range: self.body.outer(range),
            conditional: self.left || self.branches > 0,
            repeated: self.loops > 0,
            opaque,
        });
    }

    /// A statement of SQL; `first` takes the place of its first word. Variables that it fills are
    /// blanked, so that its bytes stay where they are.
    fn query(&mut self, range: Range<usize>, first: Option<&str>) {
        let Some(bytes) = self.bytes(&range) else {
            return;
        };
        let mut text = String::with_capacity(bytes.len());
        let mut at = bytes.start;
        for hole in self.targets(&range) {
            text.push_str(&self.text[at..hole.start]);
            text.extend(std::iter::repeat_n(' ', hole.len()));
            at = hole.end;
        }
        text.push_str(&self.text[at..bytes.end]);
        if let (Some(first), Some(token)) = (first, self.tokens.get(range.start)) {
            let width = token.end - token.start;
            text.replace_range(..width, &format!("{first:>width$}"));
        }
        self.push(text, bytes, None);
    }

    /// `INTO` and the variables behind it: INSERT INTO and MERGE INTO are none.
    fn targets(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let mut holes = Vec::new();
        let creates = self.is(range.start, "create");
        let mut depth = 0_usize;
        for at in range.clone() {
            match self.tokens[at].kind {
                TokenKind::LeftParen => depth += 1,
                TokenKind::RightParen => depth = depth.saturating_sub(1),
                TokenKind::Word if depth == 0 && !creates && self.is(at, "into") => {
                    let before = at.checked_sub(1).unwrap_or(at);
                    if self.is(before, "insert") || self.is(before, "merge") {
                        continue;
                    }
                    let end = self.target_end(at + 1, range.end);
                    holes.extend(self.bytes(&(at..end)));
                }
                _ => {}
            }
        }
        holes
    }

    fn target_end(&self, from: usize, end: usize) -> usize {
        let mut at = from + usize::from(self.is(from, "strict"));
        loop {
            at += 1;
            while at < end {
                match self.tokens[at].kind {
                    TokenKind::Dot => at += 2,
                    TokenKind::LeftBracket => at += 3,
                    _ => break,
                }
            }
            if at >= end || self.tokens[at].kind != TokenKind::Comma {
                return at.min(end);
            }
            at += 1;
        }
    }

    /// What stands behind EXECUTE.
    fn execute(&mut self, range: Range<usize>) {
        let end = self.reach(range.start, &["into", "using"]).min(range.end);
        let Some(bytes) = self.bytes(&(range.start..end)) else {
            return;
        };
        match execute::read(self.text, &self.tokens[range.start..end]) {
            Executed::Known(text, verbatim) => {
                let items = split(&text);
                for item in items.iter().filter(|item| item.kind == ItemKind::Sql) {
                    let place = match &verbatim {
                        Some(start) => start + item.text.start..start + item.text.end,
                        None => bytes.clone(),
                    };
                    self.push(item.text(&text).into_owned(), place, None);
                }
            }
            Executed::Opaque(reason) => {
                let text = self.text[bytes.clone()].to_owned();
                self.push(text, bytes, Some(reason));
            }
        }
    }
}
