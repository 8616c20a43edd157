//! The password file, `~/.pgpass`: lines of `host:port:database:user:password`.
//!
//! Rules as in libpq: `*` matches anything; a backslash escapes `:` and `\`; the first line that
//! matches counts; `localhost` also stands for the default socket; a file that group or others may
//! touch is ignored with a warning.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::environment::{file_facts, read};
use super::secret::Secret;
use super::source::Source;

/// A password and where it came from.
#[derive(Debug, Clone)]
pub(super) struct Password {
    pub(super) secret: Secret,
    pub(super) origin: Source,
}

/// The lines of a password file.
#[derive(Debug, Clone, Default)]
pub(super) struct PasswordFile {
    path: PathBuf,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    line: usize,
    /// Host, port, database, user; none matches anything.
    keys: [Option<Vec<u8>>; 4],
    password: Secret,
}

impl PasswordFile {
    /// Reads a file. Whatever keeps it from being used is said in the second part of the result;
    /// that a file which nobody `named` does not exist is no news.
    pub(super) fn load(path: &Path, named: bool) -> (Self, Option<String>) {
        let ignored = |why: &str| {
            let warning = format!("password file {} is ignored: {why}", path.display());
            (Self::default(), Some(warning))
        };
        let facts = match file_facts(path) {
            Err(error) if error.kind() == ErrorKind::NotFound && !named => {
                return (Self::default(), None);
            }
            Err(error) => return ignored(&error.to_string()),
            Ok(facts) => facts,
        };
        if !facts.regular {
            return ignored("it is not a plain file");
        }
        if facts.mode & 0o077 != 0 {
            return ignored("group or others may read or write it; run chmod 0600 on it");
        }
        match read(path) {
            Err(error) => ignored(&error.to_string()),
            Ok(bytes) => {
                let lines = bytes.split(|byte| *byte == b'\n').enumerate();
                let entries = lines.filter_map(|(index, line)| Entry::parse(line, index + 1));
                let file = Self {
                    path: path.to_owned(),
                    entries: entries.collect(),
                };
                (file, None)
            }
        }
    }

    /// The password for a connection, if the file has one.
    pub(super) fn find(
        &self,
        host: &str,
        port: u16,
        database: &str,
        user: &str,
    ) -> Option<Password> {
        let port = port.to_string();
        let wanted = [host, &port, database, user];
        self.entries
            .iter()
            .find(|entry| entry.matches(wanted))
            .map(|entry| Password {
                secret: entry.password.clone(),
                origin: Source::PasswordFile {
                    file: self.path.clone(),
                    line: entry.line,
                },
            })
    }
}

impl Entry {
    /// None for comments and for lines with fewer than five fields, which libpq skips too.
    fn parse(line: &[u8], number: usize) -> Option<Self> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.starts_with(b"#") {
            return None;
        }
        let mut rest = line;
        let mut keys = [const { None }; 4];
        for key in &mut keys {
            let (raw, value, after) = field(rest);
            *key = (raw != b"*").then_some(value);
            rest = after?;
        }
        let (_, password, _) = field(rest);
        Some(Self {
            line: number,
            keys,
            password: password.into(),
        })
    }

    fn matches(&self, wanted: [&str; 4]) -> bool {
        let pairs = self.keys.iter().zip(wanted);
        pairs
            .into_iter()
            .all(|(key, wanted)| key.as_ref().is_none_or(|key| key == wanted.as_bytes()))
    }
}

/// The first field of `line` as it stands and without its escapes, and what follows its colon.
fn field(line: &[u8]) -> (&[u8], Vec<u8>, Option<&[u8]>) {
    let mut value = Vec::new();
    let mut bytes = line.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b':' => return (&line[..at], value, Some(&line[at + 1..])),
            b'\\' => value.push(bytes.next().map_or(b'\\', |(_, next)| *next)),
            other => value.push(*other),
        }
    }
    (line, value, None)
}
