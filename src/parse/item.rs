//! What a script is made of.

use std::borrow::Cow;
use std::ops::Range;

/// What an [`Item`] of a script is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A statement for the server.
    Sql,
    /// A command of psql, from its backslash on.
    MetaCommand,
    /// The lines that a COPY reads, without the `\.` line.
    CopyData,
}

/// What ended an [`Item`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// `;`, for copy data the `\.` line, for a psql command the end of its line.
    Regular,
    /// `\;`: sent as one message (and one transaction) with the statement after it.
    Joined,
    /// A psql command that sends the statement, such as `\g` or `\gexec`.
    MetaCommand,
    /// The psql command `\r`: the statement is never sent.
    Discarded,
    /// The end of the script. psql still sends such a statement.
    EndOfInput,
}

/// A place in a script, both numbers counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Position {
    /// Line; only `\n` ends one.
    pub line: usize,
    /// Column, in characters.
    pub column: usize,
}

/// One item of a script. All ranges are bytes of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// White space and comments before it, from the end of the item before.
    pub leading: Range<usize>,
    /// From its first to its last token, comments at both ends and the terminator left out.
    pub text: Range<usize>,
    /// One past its terminator.
    pub end: usize,
    /// What ended it.
    pub ending: Ending,
    /// The place of the first character of the text.
    pub first: Position,
    /// The place of the last character of the text.
    pub last: Position,
    /// Parts up to `end` that do not belong to the statement: psql commands and copy data between.
    /// They are items of their own, without leading text.
    pub holes: Vec<Range<usize>>,
}

impl Item {
    /// The text of the item, without its holes.
    pub fn text<'a>(&self, script: &'a str) -> Cow<'a, str> {
        if self.holes.is_empty() {
            return Cow::Borrowed(&script[self.text.clone()]);
        }
        let mut text = String::with_capacity(self.text.len());
        let mut from = self.text.start;
        for hole in self.holes.iter().filter(|h| h.start < self.text.end) {
            text.push_str(&script[from..hole.start]);
            from = hole.end;
        }
        text.push_str(&script[from..self.text.end]);
        Cow::Owned(text)
    }

    /// White space and comments before the item.
    pub fn leading<'a>(&self, script: &'a str) -> &'a str {
        &script[self.leading.clone()]
    }

    /// Whether something other than the end of the script ended it.
    pub fn is_terminated(&self) -> bool {
        self.ending != Ending::EndOfInput
    }
}

/// Fills in the places, in one sweep over the script.
pub(super) fn locate(script: &str, items: &mut [Item]) {
    let mut wanted = Vec::with_capacity(2 * items.len());
    for (index, item) in items.iter().enumerate() {
        // The last character begins at most three bytes before the end.
        let last = (item.text.start..item.text.end)
            .rev()
            .find(|&at| script.is_char_boundary(at));
        wanted.push((item.text.start, index, false));
        wanted.push((last.unwrap_or(item.text.start), index, true));
    }
    wanted.sort_unstable();
    let mut at = 0;
    let mut here = Position { line: 1, column: 1 };
    for (offset, index, is_last) in wanted {
        for character in script[at..offset].chars() {
            if character == '\n' {
                here.line += 1;
                here.column = 1;
            } else {
                here.column += 1;
            }
        }
        at = offset;
        let item = &mut items[index];
        *(if is_last {
            &mut item.last
        } else {
            &mut item.first
        }) = here;
    }
}
