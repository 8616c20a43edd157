//! A file of migrations, taken apart: what migrates, what takes back, and how it is run.

use std::borrow::Cow;
use std::ops::Range;

/// A file, as its layout has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path as it was given.
    pub path: String,
    /// Its text; empty where it could not be read.
    pub text: String,
    /// Whose form it has.
    pub layout: Layout,
    /// The mark by which that was known, as words that fit behind "because".
    pub because: String,
    /// Version, as the file or its name says it.
    pub version: Option<String>,
    /// Description, likewise.
    pub description: Option<String>,
    /// versioned, repeatable or schema.
    pub kind: &'static str,
    /// Files that run one after the other have the same number; within it they stand in order.
    pub chain: usize,
    /// What is run of it, in order.
    pub parts: Vec<Part>,
    /// Its layout keeps parts that take back, and this chain has them.
    pub expects_down: bool,
    /// Of a file that only takes back: the path of the one that migrates.
    pub up_path: Option<String>,
    /// It is linted; else it is followed for what it makes.
    pub is_judged: bool,
    /// What became of it since a revision: added, modified or renamed.
    pub change: Option<&'static str>,
    /// Why it could not be read, or what of its marks is wrong.
    pub unread: Option<String>,
}

/// A piece of a file that its tool runs by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Migrates or takes back.
    pub direction: Direction,
    /// How the tool runs it.
    pub mode: Mode,
    /// Its bytes in the file's text, in order; several where other text stands between.
    pub ranges: Vec<Range<usize>>,
}

/// Which way a part goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It migrates.
    Up,
    /// It takes that back.
    Down,
}

/// How a part is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// In a transaction that the tool begins and commits.
    Wrapped,
    /// Statement by statement, each by itself.
    Autocommit,
    /// As one string: several statements in it are one transaction, unless it says BEGIN itself.
    Script,
}

/// Whose form a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the name of a tool")]
pub enum Layout {
    Sql,
    Flyway,
    Liquibase,
    GolangMigrate,
    Goose,
    Dbmate,
    Sqlx,
    Diesel,
    Refinery,
    Sqitch,
    Alembic,
    Django,
    Rails,
    Prisma,
    NodePgMigrate,
    Atlas,
}

impl Layout {
    /// All of them, with their words.
    pub const WORDS: [(&'static str, Self); 16] = [
        ("sql", Self::Sql),
        ("flyway", Self::Flyway),
        ("liquibase", Self::Liquibase),
        ("golang-migrate", Self::GolangMigrate),
        ("goose", Self::Goose),
        ("dbmate", Self::Dbmate),
        ("sqlx", Self::Sqlx),
        ("diesel", Self::Diesel),
        ("refinery", Self::Refinery),
        ("sqitch", Self::Sqitch),
        ("alembic", Self::Alembic),
        ("django", Self::Django),
        ("rails", Self::Rails),
        ("prisma", Self::Prisma),
        ("node-pg-migrate", Self::NodePgMigrate),
        ("atlas", Self::Atlas),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(_, layout)| *layout == self);
        found.map_or("sql", |(word, _)| word)
    }
}

impl Direction {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

impl Part {
    /// The whole of a text.
    pub fn whole(text: &str, direction: Direction, mode: Mode) -> Self {
        let all = 0..text.len();
        Self {
            direction,
            mode,
            ranges: vec![all],
        }
    }

    /// The file's text with everything else blanked, so that places in it are those of the file.
    pub fn script<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if matches!(self.ranges.as_slice(), [all] if *all == (0..text.len())) {
            return Cow::Borrowed(text);
        }
        let mut script = String::with_capacity(text.len());
        let mut at = 0;
        for range in &self.ranges {
            blank(&text[at..range.start], &mut script);
            script.push_str(&text[range.clone()]);
            at = range.end;
        }
        blank(&text[at..], &mut script);
        Cow::Owned(script)
    }
}

/// As many blanks as there are bytes; line ends stay.
fn blank(text: &str, script: &mut String) {
    let kept = |byte| if byte == b'\n' { '\n' } else { ' ' };
    script.extend(text.bytes().map(kept));
}
