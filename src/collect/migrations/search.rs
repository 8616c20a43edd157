//! What is asked for, and all of it in order.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::MigrationsError;
use super::git::Changes;
use super::walk::{Entry, Walk, folder, is_sql, parent, shown};
use super::{around, context};
use crate::parse::migration::layout::{Around, Found};
use crate::parse::migration::{Layout, Mode};

/// Levels of folders that are looked through.
const DEEP: usize = 64;
/// Bytes of a file beyond which it is not read: what takes a machine's memory is no migration.
const MOST: u64 = 1 << 30;

/// What is asked for.
pub struct Search<'a> {
    /// Files, and folders that are looked through.
    pub paths: &'a [PathBuf],
    /// A text that is not on the disk, under its name; what stands there is read beside it.
    pub text: Option<(&'a str, Vec<u8>)>,
    /// Only what changed since this revision is linted; the rest is read for what it makes.
    pub changed_since: Option<&'a str>,
    /// What settings say of a file.
    pub said: &'a dyn Fn(&str) -> Said,
}

/// What settings say of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Said {
    /// It is no business of ours.
    pub is_excluded: bool,
    /// Its layout.
    pub layout: Option<Layout>,
    /// How it is run, where it does not say so itself.
    pub transaction: Option<Mode>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Files, read.
    pub found: Vec<Found>,
    /// What stands around them.
    pub around: Around,
    /// Folders that could not be read, with the reason.
    pub unreadable: Vec<String>,
}

/// Finds and reads migrations.
pub fn gather(search: Search<'_>) -> Result<Gathered, MigrationsError> {
    let mut walk = Walk::default();
    let mut files = Vec::new();
    for path in search.paths {
        let shown = shown(path);
        // What is there is known when its folder has been read, without asking for each.
        if is_sql(&shown) || !is_folder(path)? {
            files.push((path, shown));
        } else {
            of_folder(&mut walk, path, &shown)?;
        }
    }
    if let Some((name, _)) = &search.text {
        let name = shown(Path::new(name));
        if folder(parent(&name)).is_dir() {
            context::read(&mut walk, &name);
        }
        walk.add(PathBuf::from(&name), name, true);
    }
    for (path, shown) in files {
        context::read(&mut walk, &shown);
        if !walk.places.contains_key(&shown) && is_sql(&shown) && is_folder(path)? {
            of_folder(&mut walk, path, &shown)?;
        } else {
            walk.add(path.clone(), shown, true);
        }
    }
    let around = around::around(&mut walk);
    let changes = match search.changed_since {
        Some(revision) => changes(revision, &search, &walk)?,
        None => HashMap::new(),
    };
    let text_name = search.text.as_ref().map(|(name, _)| shown(Path::new(name)));
    let mut text = search.text.map(|(_, bytes)| bytes);
    let mut found = Vec::with_capacity(walk.entries.len());
    for (place, entry) in walk.entries.into_iter().enumerate() {
        let said = (search.said)(&entry.shown);
        if said.is_excluded {
            continue;
        }
        let is_text = text_name.as_deref() == Some(entry.shown.as_str());
        let bytes = match is_text.then(|| text.take()).flatten() {
            Some(bytes) => Ok(bytes),
            None => read(&entry),
        };
        let change = changes.get(&place).copied();
        let is_asked = search.changed_since.is_none() || change.is_some() || is_text;
        found.push(Found {
            path: entry.shown,
            bytes,
            is_judged: entry.is_judged && is_asked,
            change,
            layout: said.layout,
            transaction: said.transaction,
        });
    }
    Ok(Gathered {
        found,
        around,
        unreadable: walk.unreadable,
    })
}

fn is_folder(path: &Path) -> Result<bool, MigrationsError> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    Ok(metadata.is_dir())
}

/// Adds the files of a folder that is asked for.
fn of_folder(walk: &mut Walk, path: &Path, shown: &str) -> Result<(), MigrationsError> {
    fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
    walk.read(path, shown, true, DEEP);
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> MigrationsError {
    MigrationsError::Read {
        path: path.display().to_string(),
        reason: error.to_string(),
    }
}

/// The bytes of a file, or why there are none.
fn read(entry: &Entry) -> Result<Vec<u8>, String> {
    let unread = |error: std::io::Error| format!("it cannot be read: {error}");
    let file = fs::File::open(&entry.path).map_err(unread)?;
    let length = file.metadata().map_err(unread)?.len();
    if length > MOST {
        return Err(format!(
            "it has {}, which is too much for one file of migrations",
            crate::facts::human::bytes(length as f64)
        ));
    }
    // A pipe has no length before it is read. Else its end is known and need not be asked for.
    let most = if length == 0 { MOST } else { length };
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    std::io::Read::read_to_end(&mut std::io::Read::take(file, most), &mut bytes).map_err(unread)?;
    Ok(bytes)
}

/// What became of the entries of a walk, by their places.
fn changes(
    revision: &str,
    search: &Search<'_>,
    walk: &Walk,
) -> Result<HashMap<usize, &'static str>, MigrationsError> {
    let mut repositories: Vec<Changes> = Vec::new();
    for path in search.paths {
        let place = if path.is_dir() {
            path.as_path()
        } else {
            path.parent().unwrap_or(Path::new(""))
        };
        let real = fs::canonicalize(folder(&shown(place))).unwrap_or_default();
        if !repositories
            .iter()
            .any(|known| real.starts_with(&known.top))
        {
            repositories.push(Changes::since(revision, place)?);
        }
    }
    let mut reals: HashMap<&str, PathBuf> = HashMap::new();
    let mut changes = HashMap::new();
    for (place, entry) in walk.entries.iter().enumerate() {
        let own = parent(&entry.shown);
        let real = reals
            .entry(own)
            .or_insert_with(|| fs::canonicalize(folder(own)).unwrap_or_default());
        let name = entry.path.file_name().unwrap_or_default();
        let of = |path: &Path| repositories.iter().find_map(|known| known.of(path));
        // What stands beside a file may say how it is run.
        let beside = || {
            let settings = format!("{}.conf", name.to_string_lossy());
            let names = [settings.as_str(), "metadata.toml"];
            names
                .iter()
                .find_map(|name| of(&real.join(name)))
                .map(|_| "modified")
        };
        if let Some(change) = of(&real.join(name)).or_else(beside) {
            changes.insert(place, change);
        }
    }
    Ok(changes)
}
