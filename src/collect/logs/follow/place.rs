//! Which files belong to a log.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::super::find::{fitting, inside, is_pattern};
use super::super::identity::identity;
use super::super::order::{Place as Age, family, format};

/// Files of the preferred format that are older than the newest one by more than this are of a
/// setting that holds no more.
const SAME_TIME: Duration = Duration::from_mins(10);

/// Where a log is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// A file, and those beside it that rotation makes of it.
    File(PathBuf),
    /// A folder: the log of its newest file.
    Folder(PathBuf),
    /// The files that fit a pattern: the log of the newest one.
    Pattern(PathBuf),
}

/// A file that is there.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub path: PathBuf,
    pub id: (u64, u64),
    pub length: u64,
    pub modified: Option<SystemTime>,
    pub age: Age,
}

/// A place, and which of the logs there is followed once that is known.
pub(super) struct Places {
    pub place: Place,
    log: Option<(String, &'static str)>,
}

impl Places {
    pub fn of(path: &Path) -> Self {
        Self {
            place: Place::of(path),
            log: None,
        }
    }

    /// Follows the log of this file.
    pub fn settle(&mut self, file: &Path) {
        self.log = Some((family(file), format(file)));
    }

    /// The files that are there, the oldest first.
    pub fn list(&mut self) -> io::Result<Vec<Listed>> {
        let mut listed = self.place.list()?;
        if !matches!(self.place, Place::File(_)) {
            self.log = self.log.take().or_else(|| newest_log(&listed));
            let log = &self.log;
            listed.retain(|file| *log == Some((family(&file.path), format(&file.path))));
        }
        listed.sort_by(|a, b| (&a.age, &a.path).cmp(&(&b.age, &b.path)));
        Ok(listed)
    }
}

impl Place {
    fn of(path: &Path) -> Self {
        if path.is_dir() {
            Self::Folder(path.to_owned())
        } else if is_pattern(path) && !path.exists() {
            Self::Pattern(path.to_owned())
        } else {
            Self::File(path.to_owned())
        }
    }

    fn list(&self) -> io::Result<Vec<Listed>> {
        let paths = match self {
            Self::File(path) => siblings(path)?,
            Self::Folder(folder) => absent_is_empty(inside(folder).map(|(files, _)| files))?,
            Self::Pattern(pattern) => fitting(pattern).map_err(io::Error::other)?,
        };
        let mut listed = Vec::new();
        for path in paths {
            listed.extend(look(&path)?);
        }
        Ok(listed)
    }
}

/// A file; `None` if it is not there.
pub(super) fn look(path: &Path) -> io::Result<Option<Listed>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(Listed {
            path: path.to_owned(),
            id: identity(&metadata),
            length: metadata.len(),
            modified: metadata.modified().ok(),
            age: Age::of(path),
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The folder that a file is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// A file and those whose names begin with its own.
fn siblings(path: &Path) -> io::Result<Vec<PathBuf>> {
    let folder = folder_of(path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut files = absent_is_empty(inside(folder).map(|(files, _)| files))?;
    files.retain(|file| {
        let other = file.file_name().unwrap_or_default().to_string_lossy();
        other.starts_with(&*name)
    });
    Ok(files)
}

/// A folder that is not there yet holds nothing yet.
fn absent_is_empty(files: io::Result<Vec<PathBuf>>) -> io::Result<Vec<PathBuf>> {
    match files {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        files => files,
    }
}

/// The log that is written to now, in one format: jsonlog if there is one, else csvlog.
fn newest_log(listed: &[Listed]) -> Option<(String, &'static str)> {
    let newest = |wanted: &dyn Fn(&Listed) -> bool| {
        listed
            .iter()
            .filter(|file| !file.age.is_rotated() && wanted(file))
            .max_by_key(|file| (file.modified, &file.age))
    };
    let last = newest(&|_| true)?;
    let log = family(&last.path);
    let is_live = |name: &str| {
        let file = newest(&|file| family(&file.path) == log && format(&file.path) == name);
        let modified = file.and_then(|file| file.modified).zip(last.modified);
        modified
            .is_some_and(|(own, last)| last.duration_since(own).unwrap_or_default() <= SAME_TIME)
    };
    let preferred = ["json", "csv"].into_iter().find(|name| is_live(name));
    Some((log, preferred.unwrap_or_else(|| format(&last.path))))
}
