//! How far the operands of an operator reach, by its precedence (manual, section 4.1.6).

use std::ops::Range;

use super::sql::Sql;
use crate::parse::keywords::Category;
use crate::parse::{Keyword, TokenKind};

/// How closely an operator binds; higher binds more closely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// OR.
    Or,
    /// AND.
    And,
    /// IS and its like.
    Is,
    /// `<`, `>`, `=`, `<=`, `>=`, `<>`.
    Comparison,
    /// BETWEEN, IN, LIKE, ILIKE, SIMILAR.
    Range,
    /// All other operators.
    Other,
    /// `+` and `-`.
    Sum,
    /// `*`, `/` and `%`.
    Product,
    /// `^`.
    Power,
    /// AT TIME ZONE.
    Zone,
    /// COLLATE.
    Collate,
}

impl Sql<'_> {
    /// The level of the operator that a token is, if it is one between two operands.
    pub fn level(&self, at: usize) -> Option<Level> {
        if self.is(at, TokenKind::Operator) {
            return Some(match self.word(at) {
                "<" | ">" | "=" | "<=" | ">=" | "<>" | "!=" => Level::Comparison,
                "+" | "-" => Level::Sum,
                "*" | "/" | "%" => Level::Product,
                "^" => Level::Power,
                _ => Level::Other,
            });
        }
        match self.keyword(at)? {
            Keyword::Or => Some(Level::Or),
            Keyword::And => Some(Level::And),
            Keyword::Is | Keyword::Isnull | Keyword::Notnull => Some(Level::Is),
            Keyword::Between | Keyword::In | Keyword::Like | Keyword::Ilike | Keyword::Similar => {
                Some(Level::Range)
            }
            Keyword::Collate => Some(Level::Collate),
            Keyword::At if self.is_any(at + 1, &["time", "local"]) => Some(Level::Zone),
            _ => None,
        }
    }

    /// The left operand of an operator.
    pub fn left(&self, operator: usize) -> Option<Range<usize>> {
        let level = self.level(operator)?;
        let mut end = operator;
        // NOT of `NOT IN`.
        if level == Level::Range && end > 0 && self.is_word(end - 1, "not") {
            end -= 1;
        }
        let mut begin = self.operand_back(end)?;
        while let Some(before) = begin.checked_sub(1) {
            match self.level(before) {
                Some(other) if other >= level && other > Level::And => {
                    match self.operand_back(before) {
                        Some(further) => begin = further,
                        // A sign.
                        None => begin = before,
                    }
                }
                _ => break,
            }
        }
        Some(begin..end)
    }

    /// The right operand of an operator.
    pub fn right(&self, operator: usize) -> Option<Range<usize>> {
        let level = self.level(operator)?;
        self.expression(operator + 1, level)
    }

    /// The expression that begins at a token: operators that bind more closely than `level` belong to it.
    pub fn expression(&self, begin: usize, level: Level) -> Option<Range<usize>> {
        let mut end = self.operand(begin)?;
        while let Some(next) = self.level(end).filter(|next| *next > level) {
            if next == Level::Is {
                break;
            }
            let skipped = match next {
                Level::Zone => 3,
                _ => 1,
            };
            match self.operand(end + skipped) {
                Some(further) => end = further,
                None => break,
            }
        }
        Some(begin..end)
    }

    /// One past the operand that begins at a token.
    fn operand(&self, begin: usize) -> Option<usize> {
        let mut at = begin;
        while self.is(at, TokenKind::Operator) || self.is_word(at, "not") {
            at += 1;
        }
        let mut end = match self.kind(at)? {
            TokenKind::LeftParen => self.closing(at)? + 1,
            TokenKind::Word if self.is_word(at, "case") => self.case_end(at)?,
            TokenKind::Word if self.is_word(at, "array") => self.closing(at + 1)? + 1,
            TokenKind::Word | TokenKind::QuotedIdent if self.can_begin(at) => {
                let mut end = at + 1;
                while self.is(end, TokenKind::Dot) {
                    end += 2;
                }
                if self.is(end, TokenKind::LeftParen) {
                    end = self.closing(end)? + 1;
                }
                // A typed constant: `interval '1 day'`.
                if self.is(end, TokenKind::String) || self.is(end, TokenKind::Param) {
                    end += 1;
                }
                self.after_call(end)
            }
            TokenKind::Param
            | TokenKind::String
            | TokenKind::Number
            | TokenKind::BitString
            | TokenKind::DollarString => at + 1,
            _ => return None,
        };
        loop {
            match self.kind(end) {
                Some(TokenKind::LeftBracket) => end = self.closing(end)? + 1,
                Some(TokenKind::Cast) => end = self.type_end(end + 1),
                Some(TokenKind::Dot) => end += 2,
                _ => return Some(end.min(self.len())),
            }
        }
    }

    /// FILTER, WITHIN GROUP and OVER after a call.
    fn after_call(&self, mut end: usize) -> usize {
        loop {
            let open = if self.is_any(end, &["filter", "over"]) {
                end + 1
            } else if self.is_word(end, "within") && self.is_word(end + 1, "group") {
                end + 2
            } else {
                return end;
            };
            end = match self
                .is(open, TokenKind::LeftParen)
                .then(|| self.closing(open))
            {
                Some(Some(close)) => close + 1,
                // OVER w.
                _ if self.is_word(end, "over") => return open + 1,
                _ => return end,
            };
        }
    }

    /// Whether a word may begin an operand.
    fn can_begin(&self, at: usize) -> bool {
        let Some(keyword) = self.keyword(at) else {
            return true;
        };
        keyword.category() != Category::Reserved
            || matches!(
                keyword,
                Keyword::Any
                    | Keyword::All
                    | Keyword::Some
                    | Keyword::Cast
                    | Keyword::CurrentDate
                    | Keyword::CurrentTime
                    | Keyword::CurrentTimestamp
                    | Keyword::Localtime
                    | Keyword::Localtimestamp
                    | Keyword::CurrentUser
                    | Keyword::SessionUser
                    | Keyword::User
                    | Keyword::True
                    | Keyword::False
                    | Keyword::Null
                    | Keyword::Default
            )
    }

    /// One past the END of a CASE.
    fn case_end(&self, case: usize) -> Option<usize> {
        let mut depth = 0usize;
        for at in case..self.len() {
            if self.is_word(at, "case") {
                depth += 1;
            } else if self.is_word(at, "end") {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
        }
        None
    }

    /// One past the name of a type that begins here.
    pub fn type_end(&self, begin: usize) -> usize {
        let mut end = begin + 1;
        while self.is(end, TokenKind::Dot) {
            end += 2;
        }
        while self.is_any(end, &["precision", "varying"]) {
            end += 1;
        }
        if self.is(end, TokenKind::LeftParen) {
            end = self.closing(end).map_or(end, |close| close + 1);
        }
        if self.is_any(end, &["with", "without"]) && self.is_word(end + 1, "time") {
            end += 3;
        }
        while self.is(end, TokenKind::LeftBracket) {
            end = self.closing(end).map_or(end + 1, |close| close + 1);
        }
        end
    }

    /// The first token of the operand that ends before a token.
    fn operand_back(&self, mut end: usize) -> Option<usize> {
        loop {
            let last = end.checked_sub(1)?;
            let begin = match self.kind(last)? {
                TokenKind::RightParen | TokenKind::RightBracket => {
                    let open = self.opening(last)?;
                    let before = open.checked_sub(1);
                    let is_bracket = self.is(open, TokenKind::LeftBracket);
                    match before {
                        Some(before) if is_bracket && self.is_word(before, "array") => before,
                        Some(_) if is_bracket => {
                            end = open;
                            continue;
                        }
                        Some(before) if self.is_any(before, &["over", "filter"]) => {
                            end = before;
                            continue;
                        }
                        Some(before) if self.is_name(before) => self.chain_back(before),
                        _ => open,
                    }
                }
                TokenKind::Word if self.is_word(last, "end") => self.case_begin(last)?,
                TokenKind::Word | TokenKind::QuotedIdent if self.is_name(last) => {
                    self.chain_back(last)
                }
                TokenKind::Param
                | TokenKind::String
                | TokenKind::Number
                | TokenKind::BitString
                | TokenKind::DollarString => match last.checked_sub(1) {
                    // A typed constant.
                    Some(before)
                        if self.is_name(before)
                            && self.keyword(before).map(Keyword::category)
                                != Some(Category::Reserved) =>
                    {
                        self.chain_back(before)
                    }
                    _ => last,
                },
                _ => return None,
            };
            match begin.checked_sub(1) {
                Some(cast) if self.is(cast, TokenKind::Cast) => end = cast,
                _ => return Some(begin),
            }
        }
    }

    /// A word that may end an operand or stand before its parenthesis.
    fn is_name(&self, at: usize) -> bool {
        matches!(
            self.kind(at),
            Some(TokenKind::Word | TokenKind::QuotedIdent)
        ) && self.can_begin(at)
            && self.level(at).is_none()
            && !self.is_any(at, &["any", "all", "some"])
    }

    fn chain_back(&self, mut at: usize) -> usize {
        while at >= 2 && self.is(at - 1, TokenKind::Dot) {
            at -= 2;
        }
        // `double precision`, `timestamp with time zone` after a cast.
        let words = ["precision", "varying", "zone", "time"];
        while at >= 1 && self.is_any(at, &words) && self.is(at - 1, TokenKind::Word) {
            at -= 1;
        }
        at
    }

    fn case_begin(&self, end: usize) -> Option<usize> {
        let mut depth = 0usize;
        for at in (0..=end).rev() {
            if self.is_word(at, "end") {
                depth += 1;
            } else if self.is_word(at, "case") {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        None
    }
}
