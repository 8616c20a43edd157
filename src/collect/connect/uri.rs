//! Connection strings of the form `postgresql://user:password@host:port/dbname?name=value`.
//!
//! Rules as in libpq: every part may be missing; several `host:port` may stand with commas between
//! them; an IPv6 address stands in square brackets; a user name ends at the first `:`, a password
//! at the first `@`; `%xx` stands for a byte, anywhere; the parameters after `?` come last and so
//! win.

use super::assignment::{Assignment, syntax};
use super::error::ConnectError;

const SCHEMES: [&str; 2] = ["postgresql://", "postgres://"];

/// Whether `text` is a URI of one of libpq's two schemes.
pub(super) fn is_uri(text: &str) -> bool {
    SCHEMES.iter().any(|scheme| text.starts_with(scheme))
}

/// Splits a URI into its assignments, in order.
pub(super) fn parse(uri: &str) -> Result<Vec<Assignment>, ConnectError> {
    let start = SCHEMES
        .iter()
        .find(|scheme| uri.starts_with(**scheme))
        .map_or(0, |scheme| scheme.len());
    let mut reader = Reader {
        uri,
        at: start,
        found: Vec::new(),
    };
    reader.credentials()?;
    reader.hosts()?;
    if reader.eat('/') {
        let name = reader.take_until(&['?']);
        reader.store("dbname", name)?;
    }
    if reader.eat('?') {
        reader.parameters()?;
    }
    Ok(reader.found)
}

/// A stretch of the URI, by byte offsets.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

struct Reader<'a> {
    uri: &'a str,
    at: usize,
    found: Vec<Assignment>,
}

impl Reader<'_> {
    fn text(&self, span: Span) -> &str {
        &self.uri[span.start..span.end]
    }

    fn peek(&self) -> Option<char> {
        self.uri[self.at..].chars().next()
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn take_until(&mut self, stops: &[char]) -> Span {
        let start = self.at;
        let rest = &self.uri[start..];
        self.at = start + rest.find(stops).unwrap_or(rest.len());
        Span {
            start,
            end: self.at,
        }
    }

    /// Keeps a part of the URI under `name`, unless it is empty.
    fn store(&mut self, name: &str, span: Span) -> Result<(), ConnectError> {
        if span.start < span.end {
            let value = self.decode(span)?;
            self.push(name.to_owned(), span.start, value);
        }
        Ok(())
    }

    fn push(&mut self, name: String, at: usize, value: Vec<u8>) {
        self.found.push(Assignment { name, at, value });
    }

    fn credentials(&mut self) -> Result<(), ConnectError> {
        let rest = &self.uri[self.at..];
        let Some(end) = rest
            .find(['@', '/'])
            .filter(|end| rest[*end..].starts_with('@'))
        else {
            return Ok(());
        };
        let end = self.at + end;
        let user = self.take_until(&[':', '@']);
        self.store("user", user)?;
        if self.eat(':') {
            let start = self.at;
            self.store("password", Span { start, end })?;
        }
        self.at = end + 1;
        Ok(())
    }

    fn hosts(&mut self) -> Result<(), ConnectError> {
        let start = self.at;
        let (mut hosts, mut ports) = (Vec::new(), Vec::new());
        loop {
            let host = self.host()?;
            hosts.push(self.decode(host)?);
            let port = if self.eat(':') {
                self.take_until(&['/', '?', ','])
            } else {
                Span { start, end: start }
            };
            ports.push(self.decode(port)?);
            if !self.eat(',') {
                break;
            }
        }
        for (name, list) in [("host", hosts), ("port", ports)] {
            let list = list.join(&b',');
            if !list.is_empty() {
                self.push(name.to_owned(), start, list);
            }
        }
        Ok(())
    }

    fn host(&mut self) -> Result<Span, ConnectError> {
        let open = self.at;
        if !self.eat('[') {
            let host = self.take_until(&[':', '/', '?', ',']);
            // "@" comes first in the name of an abstract socket, and nowhere else in a host.
            if self
                .text(host)
                .get(1..)
                .is_some_and(|rest| rest.contains('@'))
            {
                return Err(self.error(
                    host.start,
                    "a host name with \"@\" in it; write \"@\" in a user name or password as %40",
                ));
            }
            return Ok(host);
        }
        let host = self.take_until(&[']']);
        if !self.eat(']') {
            return Err(self.error(open, "an IPv6 address without its closing \"]\""));
        }
        if host.start == host.end {
            return Err(self.error(open, "an empty IPv6 address"));
        }
        match self.peek() {
            None | Some(':' | '/' | '?' | ',') => Ok(host),
            Some(_) => Err(self.error(
                self.at,
                "after an IPv6 address only \":\", \",\", \"/\" or \"?\" may follow",
            )),
        }
    }

    fn parameters(&mut self) -> Result<(), ConnectError> {
        while self.peek().is_some() {
            let pair = self.take_until(&['&']);
            self.eat('&');
            let Some(equals) = self.text(pair).find('=') else {
                return Err(self.error(pair.start, "a parameter without \"=\" after its name"));
            };
            let name = Span {
                end: pair.start + equals,
                ..pair
            };
            let value = Span {
                start: name.end + 1,
                ..pair
            };
            if let Some(second) = self.text(value).find('=') {
                return Err(self.error(
                    value.start + second,
                    "a second \"=\" in a parameter; write \"=\" in a value as %3D",
                ));
            }
            let value = self.decode(value)?;
            let name = String::from_utf8_lossy(&self.decode(name)?).into_owned();
            // As JDBC has it.
            if name == "ssl" && value == b"true" {
                self.push("sslmode".to_owned(), pair.start, b"require".to_vec());
            } else {
                self.push(name, pair.start, value);
            }
        }
        Ok(())
    }

    /// Replaces each `%xx` by its byte.
    fn decode(&self, span: Span) -> Result<Vec<u8>, ConnectError> {
        let mut decoded = Vec::with_capacity(span.end - span.start);
        let mut bytes = self.text(span).bytes().enumerate();
        while let Some((offset, byte)) = bytes.next() {
            if byte != b'%' {
                decoded.push(byte);
                continue;
            }
            let mut digit = || bytes.next().and_then(|(_, b)| char::from(b).to_digit(16));
            match (digit(), digit()) {
                (Some(0), Some(0)) => {
                    return Err(self.error(span.start + offset, "%00, which no value may hold"));
                }
                (Some(high), Some(low)) => decoded.push((high * 16 + low) as u8),
                _ => {
                    return Err(self.error(
                        span.start + offset,
                        "\"%\" without two hexadecimal digits after it; write \"%\" itself as %25",
                    ));
                }
            }
        }
        Ok(decoded)
    }

    fn error(&self, at: usize, problem: &'static str) -> ConnectError {
        syntax(self.uri, at, problem)
    }
}
