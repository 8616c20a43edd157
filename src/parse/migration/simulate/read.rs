//! The statements of a part, read once.

use std::borrow::Cow;
use std::ops::Range;

use crate::parse::ddl::{Statement, statement};
use crate::parse::item::{Ending, Item, ItemKind};
use crate::parse::split::split;

/// A statement, as it was read.
pub(super) struct Read<'s> {
    /// Its text.
    pub text: Cow<'s, str>,
    /// Its first words, as in command tags.
    pub command: Cow<'static, str>,
    /// What it says; none where it could not be read.
    pub statement: Option<Statement>,
    /// Why it could not.
    pub unread: Option<String>,
    /// What of it cannot be seen.
    pub opaque: Option<String>,
    /// What it runs from its body.
    pub body: Vec<Inner>,
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
    let items = split(script).into_iter();
    let placed = items.filter_map(|item| {
        let read = match item.kind {
            ItemKind::Sql if item.ending == Ending::Discarded => return None,
            ItemKind::Sql => sql(item.text(script), item.ending),
            ItemKind::MetaCommand => command(item.text(script))?,
            ItemKind::CopyData => return None,
        };
        Some(Placed { item, read })
    });
    placed.collect()
}
