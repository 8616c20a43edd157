//! A text over the whole screen: rule page, what could not be judged.

use crate::tui::doc::Doc;
use crate::tui::reader::Reader;

/// A text over the whole screen.
#[derive(Debug)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// The text.
    pub reader: Reader,
}

impl Page {
    /// Opened at its beginning.
    pub fn new(title: &str, doc: Doc) -> Self {
        Self {
            title: crate::facts::escape::line(title).into_owned(),
            reader: Reader::new(doc),
        }
    }
}
