//! Files that findings stand in.

use std::collections::HashMap;

use crate::engine::Root;

/// Files that were linted: their texts, and how programs name them.
#[derive(Debug, Default)]
pub struct Files<'a> {
    root: Root,
    texts: HashMap<&'a str, (usize, &'a str)>,
    judged: Vec<&'a str>,
}

impl<'a> Files<'a> {
    /// No files; paths for programs are told from `root`.
    pub fn new(root: Root) -> Self {
        Self {
            root,
            ..Self::default()
        }
    }

    /// Adds a file by its path as it was given. `is_judged`: it was linted, not only read.
    pub fn add(&mut self, path: &'a str, text: &'a str, is_judged: bool) {
        let place = self.texts.len();
        self.texts.entry(path).or_insert((place, text));
        if is_judged {
            self.judged.push(path);
        }
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&'a str> {
        self.texts.get(path).map(|(_, text)| *text)
    }

    /// Its place in the order in which files were added; unknown ones come last.
    pub(super) fn order(&self, path: &str) -> usize {
        self.texts.get(path).map_or(usize::MAX, |(place, _)| *place)
    }

    /// The files that were linted, by their paths as they were given.
    pub fn judged(&self) -> &[&'a str] {
        &self.judged
    }

    /// How programs name a file.
    pub fn name(&self, path: &str) -> String {
        self.root.relative(path)
    }
}
