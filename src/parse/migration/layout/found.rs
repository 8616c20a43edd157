//! What is read of a disk: files of SQL, and what stands around them.

use std::collections::HashMap;

use super::super::file::{Layout, Mode};

/// A file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its path, with `/` between folders and without a leading `./`.
    pub path: String,
    /// What it holds, or why it could not be read.
    pub bytes: Result<Vec<u8>, String>,
    /// It is linted; else it is read for what it makes.
    pub is_judged: bool,
    /// What became of it since a revision: added, modified or renamed.
    pub change: Option<&'static str>,
    /// The layout that it is said to have.
    pub layout: Option<Layout>,
    /// How it is said to be run, where it does not say so itself.
    pub transaction: Option<Mode>,
}

/// What stands around files.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Names in each folder, sorted; folders without trailing `/`, the current one is empty.
    pub names: HashMap<String, Vec<String>>,
    /// Texts of files that say something of others: settings, plans, manifests.
    pub texts: HashMap<String, String>,
}

impl Found {
    /// A file that is linted, without anything said of it.
    pub fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            bytes: Ok(bytes.into()),
            is_judged: true,
            change: None,
            layout: None,
            transaction: None,
        }
    }
}

impl Around {
    /// Is there such a name in that folder?
    pub fn has(&self, folder: &str, name: &str) -> bool {
        let names = self.names.get(folder);
        names.is_some_and(|names| {
            names
                .binary_search_by(|known| known.as_str().cmp(name))
                .is_ok()
        })
    }

    /// The first name in that folder that begins so.
    pub fn beginning(&self, folder: &str, start: &str) -> Option<&str> {
        let names = self.names.get(folder)?;
        let at = names.partition_point(|name| name.as_str() < start);
        let name = names.get(at)?;
        name.starts_with(start).then_some(name)
    }

    /// The text of that file.
    pub fn text(&self, folder: &str, name: &str) -> Option<&str> {
        self.texts.get(&join(folder, name)).map(String::as_str)
    }
}

/// A path of a folder and a name in it.
pub(super) fn join(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        "/" => format!("/{name}"),
        _ => format!("{folder}/{name}"),
    }
}

/// Folder and name of a path.
pub(super) fn split(path: &str) -> (&str, &str) {
    match path.rsplit_once('/') {
        Some(("", name)) => ("/", name),
        Some(parts) => parts,
        None => ("", path),
    }
}
