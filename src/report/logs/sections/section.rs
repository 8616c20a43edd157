//! A part of the report.

use crate::report::style::Role;

/// A part: sentences and a table, either of which may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// Heading.
    pub title: &'static str,
    /// Sentences above the table.
    pub sentences: Vec<String>,
    /// Heads of the table.
    pub heads: Vec<Head>,
    /// Rows of as many entries as there are heads.
    pub rows: Vec<Vec<Entry>>,
    /// Rows beyond the limit.
    pub beyond: usize,
}

/// A head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its words.
    pub title: &'static str,
    /// How its column behaves.
    pub shape: Shape,
}

/// How a column behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A number, at the right.
    Number,
    /// As wide as its widest entry.
    Fixed,
    /// Wrapped where room is short.
    Text,
}

/// An entry: lines with their roles, not yet escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry(pub Vec<(Role, String)>);

impl Entry {
    /// One text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(vec![(Role::Plain, text.into())])
    }

    /// The same entry with another line, where there is one.
    #[must_use]
    pub fn and(mut self, role: Role, text: Option<String>) -> Self {
        self.0.extend(text.map(|text| (role, text)));
        self
    }
}

impl Section {
    /// A part with a heading and a table without rows.
    pub(super) fn new(title: &'static str, heads: &[(&'static str, Shape)]) -> Self {
        let heads = heads.iter().map(|(title, shape)| Head {
            title,
            shape: *shape,
        });
        Self {
            title,
            heads: heads.collect(),
            ..Self::default()
        }
    }

    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.sentences.is_empty() && self.rows.is_empty()
    }

    /// Takes rows up to a limit and counts the others.
    pub(super) fn take<T>(
        &mut self,
        limit: usize,
        all: impl IntoIterator<Item = T>,
        row: impl Fn(T) -> Vec<Entry>,
    ) {
        for (index, one) in all.into_iter().enumerate() {
            if index < limit {
                self.rows.push(row(one));
            } else {
                self.beyond += 1;
            }
        }
    }
}
