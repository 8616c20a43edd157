//! What a reader of files has to tell.

use std::collections::BTreeMap;

/// Something that was not understood, or had to be assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// One sentence.
    pub text: String,
    /// What it is about, one by one.
    pub items: Vec<String>,
}

/// Notes, gathered: what is alike becomes one.
#[derive(Debug, Default)]
pub struct Notes {
    order: Vec<String>,
    items: BTreeMap<String, Vec<String>>,
}

impl Notes {
    /// Notes an item of a kind; `text` is the sentence for all of its kind.
    pub fn item(&mut self, text: impl Into<String>, item: impl Into<String>) {
        let text = text.into();
        let item = item.into();
        let items = self.items.entry(text.clone()).or_insert_with(|| {
            self.order.push(text);
            Vec::new()
        });
        if !items.contains(&item) {
            items.push(item);
        }
    }

    /// Notes a sentence.
    pub fn tell(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.items.entry(text.clone()).or_insert_with(|| {
            self.order.push(text);
            Vec::new()
        });
    }

    /// All of them, in the order in which they came up.
    pub fn list(mut self) -> Vec<Note> {
        let order = std::mem::take(&mut self.order);
        let notes = order.into_iter().map(|text| Note {
            items: self.items.remove(&text).unwrap_or_default(),
            text,
        });
        notes.collect()
    }
}
