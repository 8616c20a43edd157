//! What is to be planned.

use std::io::Read;
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::parse::{Item, ItemKind, plan, split};

/// Endings of files, so that a missing file is no fingerprint.
const ENDINGS: [&str; 5] = [".sql", ".json", ".txt", ".log", ".plan"];

/// What is to be planned, or is planned already.
#[derive(Debug)]
pub enum Asked {
    /// Statements.
    Statements(Vec<Text>),
    /// A statement of the facts, by its fingerprint or query id.
    Known(String),
    /// Plans of a file: its name, and what it holds.
    Plans(String, Vec<plan::Plan>),
}

/// A statement that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Where it stands: file and line; `None`: it was given by itself.
    pub place: Option<String>,
    /// The statement.
    pub sql: String,
}

impl Asked {
    /// By the argument: a file, `-` for stdin, a statement, or what tells a statement of the facts.
    pub fn new(argument: &str) -> anyhow::Result<Self> {
        let trimmed = argument.trim();
        if trimmed == "-" {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .context("cannot read stdin")?;
            return Self::text("stdin", &text);
        }
        let path = Path::new(argument);
        if path.is_file() {
            let text = std::fs::read(path).with_context(|| format!("cannot read {argument}"))?;
            return Self::text(argument, &String::from_utf8_lossy(&text));
        }
        if ENDINGS.iter().any(|ending| trimmed.ends_with(ending))
            && !trimmed.contains(char::is_whitespace)
        {
            bail!("there is no file {argument}");
        }
        if trimmed.contains(char::is_whitespace) || trimmed.ends_with(';') {
            let found = statements(None, argument);
            if found.is_empty() {
                bail!("there is no statement in `{argument}`");
            }
            return Ok(Self::Statements(found));
        }
        if trimmed.is_empty() {
            bail!("give a statement, the fingerprint of one, or a file");
        }
        Ok(Self::Known(trimmed.to_owned()))
    }

    fn text(name: &str, text: &str) -> anyhow::Result<Self> {
        if plan::is_plan(text) {
            let plans = plan::read(text).with_context(|| name.to_owned())?;
            return Ok(Self::Plans(name.to_owned(), plans));
        }
        let found = statements(Some(name), text);
        if found.is_empty() {
            bail!("there is neither a statement nor a plan in {name}");
        }
        Ok(Self::Statements(found))
    }
}

/// The statements of a text; commands of psql are none.
fn statements(name: Option<&str>, text: &str) -> Vec<Text> {
    let items = split(text)
        .into_iter()
        .filter(|item| item.kind == ItemKind::Sql);
    let place = |item: &Item| Some(format!("{}:{}", name?, item.first.line));
    items
        .map(|item| Text {
            place: place(&item),
            sql: item.text(text).trim().to_owned(),
        })
        .filter(|text| !text.sql.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Asked, Text};

    fn text(place: Option<&str>, sql: &str) -> Text {
        Text {
            place: place.map(str::to_owned),
            sql: sql.to_owned(),
        }
    }

    #[test]
    fn arguments_say_what_they_are() {
        let statements = |argument: &str| match Asked::new(argument).unwrap() {
            Asked::Statements(found) => found,
            other => panic!("{argument}: {other:?}"),
        };
        assert_eq!(
            statements("SELECT 1; SELECT 2"),
            [text(None, "SELECT 1"), text(None, "SELECT 2")]
        );
        assert_eq!(statements("TABLE;"), [text(None, "TABLE")]);
        for argument in ["f1:2cf47417", "-7380178021001201614", "2cf4"] {
            assert!(
                matches!(Asked::new(argument).unwrap(), Asked::Known(which) if which == argument)
            );
        }
        for (argument, says) in [
            ("missing.sql", "no file"),
            (" ", "give a statement"),
            ("-- nothing \n;", "no statement"),
        ] {
            let error = Asked::new(argument).unwrap_err().to_string();
            assert!(error.contains(says), "{argument}: {error}");
        }
        let found = Asked::text("a.sql", "\\timing\n-- one\nSELECT 1;\n\nSELECT\n2;").unwrap();
        assert!(
            matches!(found, Asked::Statements(found) if found.len() == 2 && found[1].place.as_deref() == Some("a.sql:5"))
        );
    }
}
