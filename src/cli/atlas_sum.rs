//! `atlas.sum` of folders whose migrations are changed or added to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::new_files;
use crate::advise::migration::layouts::atlas_sum::{NAME, atlas_sum};
use crate::advise::migration::layouts::mark::join;

/// What becomes of the sums.
#[derive(Debug, Default)]
pub struct Sums {
    /// Files as they are now, and as they have to be after the change.
    pub remade: Vec<Remade>,
    /// What is to be done by hand, as sentences.
    pub left: Vec<String>,
}

/// A sum that fits the files as they are, and so can be made for those that will be.
#[derive(Debug)]
pub struct Remade {
    /// Path of `atlas.sum`.
    pub path: String,
    /// Its text.
    pub before: String,
    /// Its text after the change.
    pub after: String,
}

/// The sums for migrations that are about to be written, paths and texts. One that does not fit what
/// is there is left as it is: somebody changed files without it, or it is made in another way.
pub fn sums<'a>(changes: impl Iterator<Item = (&'a str, &'a str)>) -> anyhow::Result<Sums> {
    let mut folders: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (path, text) in changes {
        let (folder, name) = match path.rsplit_once('/') {
            Some(("", name)) => ("/", name),
            Some(split) => split,
            None => ("", path),
        };
        if is_migration(name) {
            folders.entry(folder).or_default().insert(name, text);
        }
    }
    let mut sums = Sums::default();
    for (folder, changed) in folders {
        let shown = if folder.is_empty() { "." } else { folder };
        let path = join(folder, NAME);
        let names = new_files::names(Path::new(shown))?;
        if !names.iter().any(|name| name == NAME) {
            continue;
        }
        let before = new_files::read(&path)?;
        let mut there = BTreeMap::new();
        for name in names.iter().filter(|name| is_migration(name)) {
            there.insert(name.as_str(), new_files::read(&join(folder, name))?);
        }
        let now: Vec<(&str, &[u8])> = there
            .iter()
            .map(|(name, text)| (*name, text.as_slice()))
            .collect();
        if atlas_sum(now).as_bytes() != before.as_slice() {
            sums.left.push(format!(
                "{path} does not fit the migrations as they were, so it is left as it is; next: atlas migrate hash --dir \"file://{shown}\""
            ));
            continue;
        }
        let all: BTreeSet<&str> = there.keys().chain(changed.keys()).copied().collect();
        let after = all.into_iter().map(|name| match changed.get(name) {
            Some(text) => (name, text.as_bytes()),
            None => (name, there.get(name).map(Vec::as_slice).unwrap_or_default()),
        });
        sums.remade.push(Remade {
            after: atlas_sum(after.collect()),
            before: String::from_utf8_lossy(&before).into_owned(),
            path,
        });
    }
    Ok(sums)
}

/// What Atlas takes for a migration, whatever else it is.
fn is_migration(name: &str) -> bool {
    name.strip_suffix(".sql").is_some()
}
