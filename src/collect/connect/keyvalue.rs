//! Connection strings of the form `host=db port='5432'`.
//!
//! Rules as in libpq: white space may stand around `=`; a value with white space stands in single
//! quotes; a backslash takes the next character as it is, inside quotes and outside; the last of
//! two equal keys counts.

use super::assignment::{Assignment, syntax};
use super::error::ConnectError;

/// Splits `text` into its assignments, in order.
pub(super) fn parse(text: &str) -> Result<Vec<Assignment>, ConnectError> {
    let mut reader = Reader { text, at: 0 };
    let mut assignments = Vec::new();
    loop {
        reader.skip_space();
        if reader.peek().is_none() {
            return Ok(assignments);
        }
        assignments.push(reader.assignment()?);
    }
}

struct Reader<'a> {
    text: &'a str,
    /// Byte offset, always at a character boundary.
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.next();
        }
    }

    fn assignment(&mut self) -> Result<Assignment, ConnectError> {
        let start = self.at;
        while self.peek().is_some_and(|c| c != '=' && !is_space(c)) {
            self.next();
        }
        let name = self.text[start..self.at].to_owned();
        self.skip_space();
        if self.peek() != Some('=') {
            // The word may be the tail of a password with a space in it, so it is not shown.
            return Err(syntax(
                self.text,
                start,
                "a parameter name without \"=\" after it; put a value that holds spaces in single quotes",
            ));
        }
        self.next();
        self.skip_space();
        let value = if self.peek() == Some('\'') {
            self.quoted()?
        } else {
            self.bare()
        };
        Ok(Assignment {
            name,
            at: start,
            value: value.into_bytes(),
        })
    }

    fn bare(&mut self) -> String {
        let mut value = String::new();
        while let Some(c) = self.next() {
            match c {
                '\\' => value.extend(self.next()),
                c if is_space(c) => break,
                c => value.push(c),
            }
        }
        value
    }

    fn quoted(&mut self) -> Result<String, ConnectError> {
        let start = self.at;
        self.next();
        let mut value = String::new();
        while let Some(c) = self.next() {
            match c {
                '\\' => value.extend(self.next()),
                '\'' => return Ok(value),
                c => value.push(c),
            }
        }
        Err(syntax(self.text, start, "a quote that is never closed"))
    }
}

/// White space as C's `isspace` has it.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}
