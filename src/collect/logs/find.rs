//! Which files an argument stands for.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::LogError;

/// What an argument stands for.
pub(super) enum Given {
    /// stdin.
    Stdin,
    /// A file, or a stream with a name.
    File(PathBuf),
    /// A folder.
    Folder(PathBuf),
    /// The files that fit a pattern, by name.
    Pattern(Vec<PathBuf>),
}

/// Looks at an argument. A name with `*` in it that exists is a name.
pub(super) fn given(path: &Path) -> Result<Given, LogError> {
    if path == Path::new("-") {
        return Ok(Given::Stdin);
    }
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(Given::Folder(path.to_owned())),
        Ok(_) => Ok(Given::File(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound && is_pattern(path) => {
            let files = fitting(path)?;
            if files.is_empty() {
                let pattern = path.display().to_string();
                return Err(LogError::Pattern { pattern });
            }
            Ok(Given::Pattern(files))
        }
        Err(error) => Err(LogError::read(path, &error)),
    }
}

/// Whether a name is meant as a pattern.
pub(super) fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

/// The files that fit a pattern. `*` stands for no hidden ones and for no `/`, as in a shell.
pub(super) fn fitting(pattern: &Path) -> Result<Vec<PathBuf>, LogError> {
    let name = pattern.display().to_string();
    let options = glob::MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let found = glob::glob_with(&name, options).map_err(|error| {
        let reason = format!("it is no valid pattern: {}", error.msg);
        LogError::content(&name, reason)
    })?;
    // Folders that may not be read are passed over, as by a shell.
    Ok(found.flatten().filter(|path| path.is_file()).collect())
}

/// The files and the folders in a folder, by name, without hidden ones.
pub(super) fn inside(folder: &Path) -> io::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = entry.path();
        // What vanishes meanwhile is neither.
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => folders.push(path),
            Ok(metadata) if metadata.is_file() => files.push(path),
            _ => {}
        }
    }
    files.sort();
    folders.sort();
    Ok((files, folders))
}
