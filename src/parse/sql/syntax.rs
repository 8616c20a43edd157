//! Syntax of `PostgreSQL` that sqlparser does not read, taken out of the tokens before it reads
//! them. What goes says nothing about relations, columns or conditions; what is put in instead
//! says the same to us. Texts are not changed: positions and everything that is shown stay.
//!
//! | written | read as |
//! |---|---|
//! | `FOR NO KEY UPDATE`, `FOR KEY SHARE` | `FOR UPDATE`, `FOR SHARE`; the strength is kept aside |
//! | `extract($1 FROM x)` | `extract(epoch FROM x)` |
//! | `BETWEEN SYMMETRIC`, `GROUP BY DISTINCT`, `f(VARIADIC x)`, `OVERRIDING SYSTEM VALUE` | without the word |
//! | `TABLE t` | `SELECT * FROM t` |
//! | `(x).*` | `(x)` |
//! | `ROWS FROM (f(), g())` | `f(), g()` |
//! | `SEARCH …`, `CYCLE …` of a CTE, `EXCLUDE …` of a window frame | nothing |
//! | `a[1] = …` and `(a[1], …)` as targets | the column |
//! | `WHERE CURRENT OF c` | `WHERE TRUE` |
//! | `t *` | `t` |
//! | `ON CONFLICT (expression …) WHERE …` | `ON CONFLICT` |
//! | `x ISNULL`, `x NOTNULL`, `AT LOCAL` | `IS NULL`, `IS NOT NULL`, `AT TIME ZONE` |
//! | `json_value(x, y PASSING z AS w RETURNING …)`, `xmlelement(NAME n, x)` | their arguments |
//! | `f() AS (a int)` | with an alias before the list |

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::keywords::Keyword as K;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Tokenizer, TokenizerError};

/// How far brackets are followed where each of them is looked at by itself.
const REACH: usize = 2_000;

/// Tokens for the parser, and the strengths of locking clauses in the order of the text.
pub(super) fn tokens(
    text: &str,
) -> Result<(Vec<TokenWithSpan>, Vec<&'static str>), TokenizerError> {
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, text).tokenize_with_location()?;
    let input: Vec<TokenWithSpan> = tokens
        .into_iter()
        .filter(|token| !matches!(token.token, Token::Whitespace(_)))
        .collect();
    let mut editor = Editor {
        out: Vec::with_capacity(input.len()),
        input,
        at: 0,
        locks: Vec::new(),
        dropped: Vec::new(),
        depth: 0,
    };
    while editor.at < editor.input.len() {
        editor.step();
    }
    Ok((editor.out, editor.locks))
}

struct Editor {
    input: Vec<TokenWithSpan>,
    at: usize,
    out: Vec<TokenWithSpan>,
    locks: Vec<&'static str>,
    /// Depths of parentheses whose end is to be dropped.
    dropped: Vec<usize>,
    depth: usize,
}

impl Editor {
    fn token(&self, ahead: usize) -> Option<&Token> {
        self.input.get(self.at + ahead).map(|token| &token.token)
    }

    fn word(&self, ahead: usize) -> Option<&str> {
        match self.token(ahead) {
            Some(Token::Word(word)) if word.quote_style.is_none() => Some(&word.value),
            _ => None,
        }
    }

    fn is(&self, ahead: usize, word: &str) -> bool {
        self.word(ahead)
            .is_some_and(|other| other.eq_ignore_ascii_case(word))
    }

    fn are(&self, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(ahead, word)| self.is(ahead, word))
    }

    fn is_name(&self, ahead: usize) -> bool {
        matches!(self.token(ahead), Some(Token::Word(word)) if word.quote_style.is_some() || word.keyword == K::NoKeyword || !is_structural(word.keyword))
    }

    fn last(&self) -> Option<&Token> {
        self.out.last().map(|token| &token.token)
    }

    fn last_is(&self, words: &[&str]) -> bool {
        matches!(self.last(), Some(Token::Word(word)) if word.quote_style.is_none() && words.iter().any(|w| word.value.eq_ignore_ascii_case(w)))
    }

    fn put(&mut self, token: Token) {
        let span = self
            .input
            .get(self.at)
            .map_or_else(Span::empty, |token| token.span);
        self.out.push(TokenWithSpan { token, span });
    }

    fn put_words(&mut self, words: &[&str]) {
        for word in words {
            self.put(Token::make_keyword(word));
        }
    }

    fn keep(&mut self) {
        let token = self.input[self.at].clone();
        match token.token {
            Token::LParen => self.depth += 1,
            Token::RParen => {
                let inside = self.depth;
                self.depth = self.depth.saturating_sub(1);
                if self.dropped.last() == Some(&inside) {
                    self.dropped.pop();
                    self.at += 1;
                    return;
                }
            }
            _ => {}
        }
        self.out.push(token);
        self.at += 1;
    }

    /// The place after the bracket that closes the one `ahead`, if it is near.
    fn closed_near(&self, ahead: usize) -> Option<usize> {
        let end = self.closed(ahead, REACH);
        (end < ahead + REACH).then_some(end)
    }

    /// The place after the bracket that closes the one `ahead`, or where the search ends.
    fn closed(&self, ahead: usize, reach: usize) -> usize {
        let mut depth = 0usize;
        for (place, token) in self
            .input
            .iter()
            .enumerate()
            .skip(self.at + ahead)
            .take(reach)
        {
            match token.token {
                Token::LParen | Token::LBracket => depth += 1,
                Token::RParen | Token::RBracket => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return place + 1 - self.at;
                    }
                }
                _ => {}
            }
        }
        (self.input.len() - self.at).min(ahead.saturating_add(reach))
    }

    fn step(&mut self) {
        let Some(word) = self.word(0).map(str::to_ascii_lowercase) else {
            if self.token(0) == Some(&Token::LParen) && self.json_or_xml() {
                return;
            }
            match self.token(0) {
                Some(Token::Period)
                    if self.last() == Some(&Token::RParen)
                        && self.token(1) == Some(&Token::Mul) =>
                {
                    self.at += 2;
                }
                Some(Token::Mul) if self.after_relation() => self.at += 1,
                Some(Token::LBracket) if self.in_target() => self.at += self.closed(0, REACH),
                _ => self.keep(),
            }
            return;
        };
        match word.as_str() {
            "for" if self.lock() => {}
            "symmetric" | "asymmetric" if self.last_is(&["between"]) => self.at += 1,
            "distinct" | "all" if self.last_is(&["by"]) && self.grouped() => self.at += 1,
            "variadic" if matches!(self.last(), Some(Token::LParen | Token::Comma)) => self.at += 1,
            "overriding" if self.is(2, "value") => self.at += 3,
            "extract"
                if self.token(1) == Some(&Token::LParen)
                    && matches!(self.token(2), Some(Token::Placeholder(_)))
                    && self.is(3, "from") =>
            {
                self.keep();
                self.keep();
                self.put_words(&["epoch"]);
                self.at += 1;
            }
            "table" if self.is_query() => {
                self.put_words(&["SELECT"]);
                self.put(Token::Mul);
                self.put_words(&["FROM"]);
                self.at += 1;
            }
            "rows" if self.is(1, "from") && self.token(2) == Some(&Token::LParen) => {
                self.at += 3;
                self.depth += 1;
                self.dropped.push(self.depth);
            }
            "search"
                if self.last() == Some(&Token::RParen)
                    && (self.is(1, "depth") || self.is(1, "breadth")) =>
            {
                self.skip_past("set");
            }
            "cycle" if self.last() == Some(&Token::RParen) && self.is_name(1) => {
                self.skip_past("using");
            }
            "exclude" if self.is(1, "ties") || self.is(1, "group") => self.at += 2,
            "exclude"
                if self.are(&["exclude", "current", "row"])
                    || self.are(&["exclude", "no", "others"]) =>
            {
                self.at += 3;
            }
            "current" if self.is(1, "of") && self.last_is(&["where"]) => {
                self.put_words(&["TRUE"]);
                self.at += 3;
            }
            "isnull" if self.token(1) != Some(&Token::LParen) => self.instead(1, &["IS", "NULL"]),
            "notnull" if self.token(1) != Some(&Token::LParen) => {
                self.instead(1, &["IS", "NOT", "NULL"]);
            }
            "local" if self.last_is(&["at"]) => {
                self.put_words(&["TIME", "ZONE"]);
                self.put(Token::SingleQuotedString(String::new()));
                self.at += 1;
            }
            "conflict" if self.last_is(&["on"]) && self.token(1) == Some(&Token::LParen) => {
                self.conflict();
            }
            "as" if self.last() == Some(&Token::RParen) && self.defines_columns() => {
                self.keep();
                self.put(Token::make_word("t", Some('"')));
            }
            _ => self.keep(),
        }
    }

    fn instead(&mut self, length: usize, words: &[&str]) {
        self.put_words(words);
        self.at += length;
    }

    /// Skips up to and with the name after a word.
    fn skip_past(&mut self, word: &str) {
        while self.at < self.input.len() && !self.is(0, word) {
            self.at += 1;
        }
        self.at = (self.at + 2).min(self.input.len());
    }

    fn lock(&mut self) -> bool {
        let (length, strength, words): (usize, _, &[&str]) =
            if self.are(&["for", "no", "key", "update"]) {
                (4, "no key update", &["FOR", "UPDATE"])
            } else if self.are(&["for", "key", "share"]) {
                (3, "key share", &["FOR", "SHARE"])
            } else if self.are(&["for", "update"]) {
                (2, "update", &["FOR", "UPDATE"])
            } else if self.are(&["for", "share"]) {
                (2, "share", &["FOR", "SHARE"])
            } else {
                return false;
            };
        self.locks.push(strength);
        self.instead(length, words);
        true
    }

    /// `GROUP` before the `BY` that is last.
    fn grouped(&self) -> bool {
        let before = self
            .out
            .len()
            .checked_sub(2)
            .map(|place| &self.out[place].token);
        matches!(before, Some(Token::Word(word)) if word.value.eq_ignore_ascii_case("group"))
    }

    /// `TABLE` stands where a query does.
    fn is_query(&self) -> bool {
        let begins = self.last().is_none_or(|last| *last == Token::LParen)
            || self.last_is(&["union", "all", "except", "intersect", "as", "explain"]);
        begins && self.is_name(1)
    }

    /// `FROM t` is what was read last, so that a star means its children.
    fn after_relation(&self) -> bool {
        let mut place = self.out.len();
        let mut named = false;
        while let Some(before) = place.checked_sub(1) {
            match &self.out[before].token {
                Token::Word(word)
                    if word.quote_style.is_none()
                        && matches!(word.keyword, K::FROM | K::JOIN | K::UPDATE) =>
                {
                    return named;
                }
                Token::Word(_)
                    if !named
                        || self
                            .out
                            .get(place)
                            .is_some_and(|t| t.token == Token::Period) =>
                {
                    named = true;
                }
                Token::Period => {}
                _ => return false,
            }
            place = before;
        }
        false
    }

    /// A subscript of a column that a value is assigned to.
    fn in_target(&self) -> bool {
        let Some(before) = self
            .out
            .len()
            .checked_sub(2)
            .map(|place| &self.out[place].token)
        else {
            return false;
        };
        if !matches!(self.last(), Some(Token::Word(_))) {
            return false;
        }
        let is_target = matches!(before, Token::LParen | Token::Comma)
            || matches!(before, Token::Word(word) if word.value.eq_ignore_ascii_case("set"));
        if !is_target {
            return false;
        }
        let Some(mut after) = self.closed_near(0) else {
            return false;
        };
        while self.token(after) == Some(&Token::LBracket) {
            match self.closed_near(after) {
                Some(next) if next > after && next < REACH => after = next,
                _ => return false,
            }
        }
        match before {
            Token::Word(word) if word.value.eq_ignore_ascii_case("set") => {
                self.token(after) == Some(&Token::Eq)
            }
            Token::Comma if self.token(after) == Some(&Token::Eq) => true,
            Token::LParen | Token::Comma => self.in_insert(),
            _ => false,
        }
    }

    /// The open parenthesis is the column list of an INSERT.
    fn in_insert(&self) -> bool {
        if self.depth != 1 {
            return false;
        }
        let near = &self.out[self.out.len().saturating_sub(REACH)..];
        let Some(open) = near.iter().rposition(|token| token.token == Token::LParen) else {
            return false;
        };
        let words = near[..open].iter().rev().take(6);
        let mut words = words.skip_while(|token| !matches!(&token.token, Token::Word(word) if word.value.eq_ignore_ascii_case("into")));
        words.next().is_some()
    }

    fn conflict(&mut self) {
        let Some(close) = self.closed_near(1) else {
            return self.keep();
        };
        let inside = &self.input[self.at + 2..(self.at + close).saturating_sub(1).max(self.at + 2)];
        let is_plain = inside
            .iter()
            .enumerate()
            .all(|(place, token)| match &token.token {
                Token::Word(_) => place % 2 == 0,
                Token::Comma => place % 2 == 1,
                _ => false,
            });
        self.keep();
        if is_plain {
            for _ in 1..close {
                self.keep();
            }
        } else {
            self.at += close - 1;
        }
        if self.is(0, "where") {
            while self.at < self.input.len() && !self.is(0, "do") {
                self.at += 1;
            }
        }
    }

    /// `AS (a int, …)` after a function, rather than `AS (SELECT …)` after the columns of a CTE.
    fn defines_columns(&self) -> bool {
        self.token(1) == Some(&Token::LParen)
            && self.is_name(2)
            && matches!(self.token(3), Some(Token::Word(_)))
    }

    /// Arguments of JSON and XML functions that have a syntax of their own. Keeps the parenthesis.
    fn json_or_xml(&mut self) -> bool {
        if self.last_is(&["xmlelement"]) && self.is(1, "name") {
            self.keep();
            self.at += 2;
            if self.token(0) == Some(&Token::Comma) {
                self.at += 1;
            }
            return true;
        }
        if !self.last_is(&["json_value", "json_query", "json_exists"]) {
            return false;
        }
        let end = self.at + self.closed(0, usize::MAX) - 1;
        self.keep();
        let mut depth = 0usize;
        while self.at < end {
            match self.token(0) {
                Some(Token::LParen) => depth += 1,
                Some(Token::RParen) => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && self.is(0, "passing") {
                self.put(Token::Comma);
                self.at += 1;
            } else if depth == 0 && self.is(0, "as") {
                self.at += 2;
            } else if depth == 0
                && [
                    "returning",
                    "with",
                    "without",
                    "keep",
                    "omit",
                    "null",
                    "error",
                    "empty",
                    "default",
                    "true",
                    "false",
                    "unknown",
                ]
                .iter()
                .any(|word| self.is(0, word))
            {
                self.at = end;
            } else {
                let token = self.input[self.at].clone();
                self.out.push(token);
                self.at += 1;
            }
        }
        self.at = end;
        true
    }
}

/// Words that end a name's place.
fn is_structural(keyword: K) -> bool {
    matches!(
        keyword,
        K::SELECT
            | K::WITH
            | K::VALUES
            | K::INSERT
            | K::UPDATE
            | K::DELETE
            | K::MERGE
            | K::TABLE
            | K::FROM
            | K::WHERE
            | K::SET
            | K::ON
            | K::USING
            | K::AS
    )
}
