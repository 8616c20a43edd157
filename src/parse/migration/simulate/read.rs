//! The statements of a part, read once.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use super::body::Routines;
use crate::parse::ddl::Statement;
use crate::parse::item::{Ending, Item, ItemKind};
use crate::parse::split::split;

/// A statement, as it was read.
pub(super) struct Read<'s> {
    /// Its text.
    pub text: Cow<'s, str>,
    /// Its first words, as in command tags.
    pub command: String,
    /// What it says; none where it could not be read, or when it has been run for the last time.
    pub statement: RefCell<Option<Statement>>,
    /// Why it could not.
    pub unread: Option<String>,
    /// What of it cannot be seen.
    pub opaque: Option<String>,
    /// What it runs from its body.
    pub body: Vec<Inner>,
}

impl Read<'_> {
    /// Lets go of what nobody asks for once the statement has been run for the last time: a file may
    /// have very many.
    pub fn spend(&self) {
        let mut statement = self.statement.borrow_mut();
        let is_asked_for = matches!(
            *statement,
            Some(
                Statement::CreateTable(_)
                    | Statement::AlterRelation { .. }
                    | Statement::Transaction(_)
            )
        );
        if !is_asked_for {
            *statement = None;
        }
    }
}

/// A statement in the body of another.
pub(super) struct Inner {
    /// As it was read.
    pub read: Read<'static>,
    /// Its bytes in the text of the outer statement.
    pub range: Range<usize>,
    /// It may not be run, or be run many times.
    pub when: When,
}

/// Whether a statement of a body is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When {
    /// Only if something is so.
    pub conditional: bool,
    /// In a loop.
    pub repeated: bool,
}

/// A statement and where it stands.
pub(super) struct Placed<'s> {
    pub item: Item,
    pub read: Read<'s>,
}

/// The statements of a script, and commands of psql that matter.
pub(super) fn read(script: &str) -> Vec<Placed<'_>> {
    let mut routines = Routines::default();
    let items = split(script);
    let mut all: Vec<Placed> = Vec::with_capacity(items.len());
    for item in items {
        let text = item.text(script);
        let read = match item.kind {
            ItemKind::Sql if item.ending == Ending::Discarded => None,
            ItemKind::Sql => Some(routines.read(text)),
            ItemKind::MetaCommand if is_command(&text, &["gexec"]) => {
                if let Some(before) = all.last_mut() {
                    let because = "psql runs its result as statements";
                    before.read.opaque = Some(because.to_owned());
                }
                None
            }
            ItemKind::MetaCommand => meta(text),
            ItemKind::CopyData => None,
        };
        all.extend(read.map(|read| Placed { item, read }));
    }
    all
}

/// A command of psql that runs what is not seen.
fn meta(text: Cow<'_, str>) -> Option<Read<'_>> {
    let because = if is_command(&text, &["i", "ir", "include", "include_relative"]) {
        "the file that it names is not read"
    } else if is_command(&text, &["c", "connect"]) {
        "what follows runs in another session, or another database"
    } else {
        return None;
    };
    let words = text.split_ascii_whitespace().next().unwrap_or_default();
    Some(Read {
        command: words.to_owned(),
        text,
        statement: RefCell::new(None),
        unread: None,
        opaque: Some(because.to_owned()),
        body: Vec::new(),
    })
}

fn is_command(text: &str, names: &[&str]) -> bool {
    let word = text.split_ascii_whitespace().next().unwrap_or_default();
    let name = word.strip_prefix('\\').unwrap_or_default();
    names.contains(&name)
}
