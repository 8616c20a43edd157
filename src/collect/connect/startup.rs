//! Reads along while a connection is set up: which authentication the server asks for, before our
//! side answers, and the process id it gives out.

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use super::cause::Cause;
use super::require_auth::{Method, RequireAuth};

/// What was seen of one connection's setup.
#[derive(Debug, Default)]
pub(super) struct Startup {
    encrypted: AtomicBool,
    process: AtomicI32,
}

impl Startup {
    pub(super) fn set_encrypted(&self) {
        self.encrypted.store(true, Ordering::Relaxed);
    }

    pub(super) fn encrypted(&self) -> bool {
        self.encrypted.load(Ordering::Relaxed)
    }

    /// The process id given out for cancel requests. A pooler makes one up. None if it was not
    /// seen.
    pub(super) fn process(&self) -> Option<i32> {
        Some(self.process.load(Ordering::Relaxed)).filter(|id| *id != 0)
    }
}

/// A reader of the server's messages up to the first `ReadyForQuery`.
///
/// Each message is a type byte, a length that counts itself, and a body; see "Message Formats" in
/// `PostgreSQL`'s manual.
#[derive(Debug)]
pub(super) struct Watch {
    rules: RequireAuth,
    asked: bool,
    done: bool,
    /// The start of the current message: type, length, and the body's first four bytes.
    head: Vec<u8>,
    /// Bytes of the current message still to pass over.
    skip: usize,
}

impl Watch {
    pub(super) fn new(rules: RequireAuth) -> Self {
        Self {
            rules,
            asked: false,
            done: false,
            head: Vec::with_capacity(9),
            skip: 0,
        }
    }

    /// Reads on. An error means that the connection must end before anything more is sent.
    pub(super) fn read(&mut self, mut bytes: &[u8], startup: &Startup) -> Result<(), Cause> {
        while !bytes.is_empty() && !self.done {
            let skipped = self.skip.min(bytes.len());
            self.skip -= skipped;
            bytes = &bytes[skipped..];
            if let Some((byte, rest)) = bytes.split_first() {
                self.head.push(*byte);
                bytes = rest;
                self.step(startup)?;
            }
        }
        Ok(())
    }

    fn step(&mut self, startup: &Startup) -> Result<(), Cause> {
        let Some(length) = number(&self.head, 1) else {
            return Ok(());
        };
        let body = usize::try_from(length).unwrap_or(0).saturating_sub(4);
        let kind = self.head[0];
        let value = number(&self.head, 5);
        if matches!(kind, b'R' | b'K') && body >= 4 && value.is_none() {
            return Ok(());
        }
        self.skip = body - if value.is_some() { 4 } else { 0 };
        self.head.clear();
        match (kind, value) {
            (b'R', Some(code)) => self.authentication(code),
            (b'K', Some(process)) => {
                startup.process.store(process, Ordering::Relaxed);
                Ok(())
            }
            (b'Z' | b'E', _) => {
                self.done = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn authentication(&mut self, code: i32) -> Result<(), Cause> {
        let method = match code {
            0 if self.asked => return Ok(()),
            0 => Method::None,
            3 => Method::Password,
            5 => Method::Md5,
            7 => Method::Gss,
            9 => Method::Sspi,
            10 => Method::Scram,
            // Steps of a method that has begun, and methods long gone.
            _ => return Ok(()),
        };
        self.asked = true;
        if self.rules.allows(method) {
            return Ok(());
        }
        Err(Cause::Authentication(match method {
            Method::None => "the server asks for no proof of who we are, and require_auth wants \
                 one"
            .to_owned(),
            method => format!(
                "the server asks for {}, which require_auth does not allow",
                method.name()
            ),
        }))
    }
}

/// The big-endian number at `at`, once all of it is there.
fn number(bytes: &[u8], at: usize) -> Option<i32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(i32::from_be_bytes(bytes.try_into().ok()?))
}
