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
//! | `WITH …`, `WHERE …` of COPY | nothing |
//! | `WHERE CURRENT OF c` | `WHERE TRUE` |
//! | `t *`, `ONLY t`, `ONLY (t)` | `t` |
//! | `ON CONFLICT (expression …) WHERE …` | `ON CONFLICT` |
//! | `x ISNULL`, `x NOTNULL`, `AT LOCAL` | `IS NULL`, `IS NOT NULL`, `AT TIME ZONE` |
//! | `json_value(x, y PASSING z AS w RETURNING …)`, `xmlelement(NAME n, x)` | their arguments |
//! | `f() AS (a int)` | with an alias before the list |

mod editor;
mod functions;
mod targets;

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, TokenizerError};

use editor::{Editor, REACH};

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

impl Editor {
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
            // `FETCH FIRST ROW ONLY` ends with it.
            "only"
                if self.last() == Some(&Token::Comma)
                    || self.last_is(&["from", "join", "update", "using"]) =>
            {
                self.at += 1;
                if self.token(0) == Some(&Token::LParen) {
                    self.at += 1;
                    self.depth += 1;
                    self.dropped.push(self.depth);
                }
            }
            // How lines are written, and which of them are taken.
            "with" | "where" if self.depth == 0 && self.in_copy() => self.at = self.input.len(),
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

    /// The statement is a COPY.
    fn in_copy(&self) -> bool {
        let first = self.out.first().map(|token| &token.token);
        matches!(first, Some(Token::Word(word)) if word.value.eq_ignore_ascii_case("copy"))
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

    /// `AS (a int, …)` after a function, rather than `AS (SELECT …)` after the columns of a CTE.
    fn defines_columns(&self) -> bool {
        self.token(1) == Some(&Token::LParen)
            && self.is_name(2)
            && matches!(self.token(3), Some(Token::Word(_)))
    }
}
