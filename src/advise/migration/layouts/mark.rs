//! The marks by which a file is run without a transaction.

use crate::parse::migration::Layout;

/// How a layout runs what cannot be run in a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// Statement by statement, once it is marked.
    EachAlone,
    /// As one string, so that a file holds one such statement only.
    One,
    /// Nothing says so in its files.
    Never(&'static str),
}

/// How a layout runs what cannot be run in a transaction.
pub fn outside(layout: Layout) -> Outside {
    match layout {
        Layout::Flyway | Layout::Liquibase | Layout::Goose | Layout::Atlas | Layout::Sqitch => {
            Outside::EachAlone
        }
        Layout::GolangMigrate
        | Layout::Dbmate
        | Layout::Sqlx
        | Layout::Diesel
        | Layout::Refinery
        | Layout::Prisma => Outside::One,
        Layout::NodePgMigrate => Outside::Never(
            "a file of SQL cannot tell node-pg-migrate to run it without a transaction",
        ),
        Layout::Alembic | Layout::Django | Layout::Rails => {
            Outside::Never("the file is made by a program; what it is made of has to be changed")
        }
        Layout::Sql => {
            Outside::Never("plain SQL has no mark for files that run without a transaction")
        }
    }
}

/// The text of a file with the mark; and, where that stands beside it, the file with its text.
pub fn marked(layout: Layout, path: &str, text: &str) -> (String, Option<(String, String)>) {
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let head = |line: &str| format!("{line}{ending}{text}");
    match layout {
        Layout::Goose => (head("-- +goose NO TRANSACTION"), None),
        Layout::Sqlx => (head("-- no-transaction"), None),
        Layout::Refinery => (head("-- refinery:noTransaction"), None),
        Layout::Atlas => (format!("-- atlas:txmode none{ending}{ending}{text}"), None),
        Layout::Dbmate => (with_word(text, "migrate:up", " transaction:false"), None),
        Layout::Flyway => {
            let settings = "executeInTransaction=false\n".to_owned();
            (text.to_owned(), Some((format!("{path}.conf"), settings)))
        }
        Layout::Diesel => {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let settings = "run_in_transaction = false\n".to_owned();
            (
                text.to_owned(),
                Some((join(folder, "metadata.toml"), settings)),
            )
        }
        _ => (text.to_owned(), None),
    }
}

/// The text with more at the end of the first comment line that says a word.
fn with_word(text: &str, word: &str, more: &str) -> String {
    let Some(at) = text.find(word) else {
        return text.to_owned();
    };
    let end = text[at..]
        .find(['\r', '\n'])
        .map_or(text.len(), |end| at + end);
    let line = text[..end].trim_end();
    format!("{line}{more}{}", &text[end..])
}

/// A path of a folder and a name in it.
pub fn join(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        "/" => format!("/{name}"),
        _ => format!("{folder}/{name}"),
    }
}
