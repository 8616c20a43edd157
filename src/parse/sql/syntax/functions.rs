//! Functions whose arguments have a syntax of their own.

use sqlparser::tokenizer::Token;

use super::editor::Editor;

impl Editor {
    /// Arguments of JSON and XML functions that have a syntax of their own. Keeps the parenthesis.
    pub(super) fn json_or_xml(&mut self) -> bool {
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
