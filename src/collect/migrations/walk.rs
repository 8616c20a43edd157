//! Folders and what is in them.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what others made, and none of a project's migrations.
const FOREIGN: [&str; 2] = ["node_modules", "target"];

/// A file of SQL that was come upon.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Where it is.
    pub path: PathBuf,
    /// Its path as it is shown.
    pub shown: String,
    /// It is linted.
    pub is_judged: bool,
}

/// Folders read so far.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Files of SQL, in the order in which they were come upon.
    pub entries: Vec<Entry>,
    /// Where each of them stands, by its path as it is shown.
    pub places: HashMap<String, usize>,
    /// Names in each folder that was read.
    pub names: HashMap<String, Vec<String>>,
    /// Folders that could not be read.
    pub unreadable: Vec<String>,
    /// Folders behind links, resolved: none is read twice.
    linked: HashSet<PathBuf>,
}

/// Does a name end as files of SQL do?
pub(super) fn is_sql(name: &str) -> bool {
    let ending = name.len().checked_sub(4).and_then(|at| name.get(at..));
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case(".sql"))
}

/// A path as it is shown: `/` between folders, no `.` in front.
pub(super) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '\\' {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    };
    let mut rest = text.as_str();
    while let Some(inner) = rest.strip_prefix("./") {
        rest = inner.trim_start_matches('/');
    }
    let rest = if rest == "." { "" } else { rest };
    let trimmed = rest.trim_end_matches('/');
    if trimmed.is_empty() && rest.starts_with('/') {
        return "/".to_owned();
    }
    trimmed.to_owned()
}

/// A folder's path as the system takes it.
pub(super) fn folder(shown: &str) -> PathBuf {
    PathBuf::from(if shown.is_empty() { "." } else { shown })
}

/// A path of a folder and a name in it.
pub(super) fn join(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        "/" => format!("/{name}"),
        _ => format!("{folder}/{name}"),
    }
}

/// The folder of a path.
pub(super) fn parent(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => "",
    }
}

impl Walk {
    /// Reads a folder and, so many levels deep, those in it. Hidden ones and those that hold what
    /// others made are left out.
    pub fn read(&mut self, at: &Path, shown: &str, is_judged: bool, levels: usize) {
        if self.names.contains_key(shown) {
            return;
        }
        let entries = match fs::read_dir(at) {
            Ok(entries) => entries,
            Err(error) => {
                self.unreadable.push(format!("{}: {error}", at.display()));
                return;
            }
        };
        let mut names = Vec::new();
        let mut folders = Vec::new();
        let mut files = Vec::new();
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.unreadable.push(format!("{}: {error}", at.display()));
                    break;
                }
            };
            let raw = entry.file_name();
            let name = raw.to_string_lossy();
            let Ok(mut kind) = entry.file_type() else {
                continue;
            };
            let is_link = kind.is_symlink();
            if is_link {
                // A link that leads nowhere is neither file nor folder.
                match fs::metadata(entry.path()) {
                    Ok(metadata) => kind = metadata.file_type(),
                    Err(_) if !is_sql(&name) => continue,
                    Err(_) => {}
                }
            }
            if kind.is_dir() {
                let skipped = name.starts_with('.') || FOREIGN.contains(&&*name);
                if !skipped && levels > 0 {
                    folders.push((entry.path(), join(shown, &name), is_link));
                }
            } else if is_sql(&name) && !name.starts_with('.') {
                files.push((entry.path(), join(shown, &name)));
            }
            names.push(name.into_owned());
        }
        files.sort_unstable_by(|a, b| a.1.cmp(&b.1));
        folders.sort_unstable_by(|a, b| a.1.cmp(&b.1));
        names.sort_unstable();
        self.names.insert(shown.to_owned(), names);
        for (path, shown) in files {
            self.add(path, shown, is_judged);
        }
        for (path, shown, is_link) in folders {
            let known = is_link && self.is_known(at, &path);
            if !known {
                self.read(&path, &shown, is_judged, levels - 1);
            }
        }
    }

    /// Does a link in a folder lead to one above it, or to one that another link led to?
    fn is_known(&mut self, at: &Path, link: &Path) -> bool {
        let Ok(real) = link.canonicalize() else {
            return true;
        };
        let leads_up = at.canonicalize().is_ok_and(|here| here.starts_with(&real));
        leads_up || !self.linked.insert(real)
    }

    /// Adds a file; one that is known may become one that is linted.
    pub fn add(&mut self, path: PathBuf, shown: String, is_judged: bool) {
        if let Some(place) = self.places.get(&shown) {
            self.entries[*place].is_judged |= is_judged;
            return;
        }
        self.places.insert(shown.clone(), self.entries.len());
        self.entries.push(Entry {
            path,
            shown,
            is_judged,
        });
    }
}
