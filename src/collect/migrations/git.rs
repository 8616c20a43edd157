//! What changed since a revision, as git knows it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::error::MigrationsError;

/// What became of the files of a repository.
#[derive(Debug, Clone)]
pub(super) struct Changes {
    /// Its folder, links resolved.
    pub top: PathBuf,
    /// Paths below it, with what became of them: added, modified or renamed.
    files: HashMap<PathBuf, &'static str>,
}

impl Changes {
    /// All that differs between the working tree and the commit that `revision` and HEAD have in
    /// common, files that git does not track included.
    pub fn since(revision: &str, folder: &Path) -> Result<Self, MigrationsError> {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let top = git(folder, &["rev-parse", "--show-toplevel"])?;
        if !top.status.success() {
            return Err(MigrationsError::NoRepository {
                folder: match folder.to_str() {
                    Some(".") => "the current folder".to_owned(),
                    _ => folder.display().to_string(),
                },
                revision: revision.to_owned(),
            });
        }
        let top = PathBuf::from(line(&top));
        let top = top.canonicalize().unwrap_or(top);
        let commit = format!("{revision}^{{commit}}");
        let known = !revision.starts_with('-')
            && git(&top, &["rev-parse", "--verify", "--quiet", &commit])?
                .status
                .success();
        if !known {
            return Err(MigrationsError::NoRevision {
                revision: revision.to_owned(),
            });
        }
        let base = git(&top, &["merge-base", revision, "HEAD"])?;
        if !base.status.success() {
            return Err(MigrationsError::NoCommonCommit {
                revision: revision.to_owned(),
            });
        }
        let mut files = HashMap::new();
        let diff = [
            "diff",
            "--name-status",
            "-z",
            "--find-renames",
            "--no-ext-diff",
        ];
        let diff = asked(&top, &[&diff[..], &[line(&base).as_str(), "--"]].concat())?;
        read_diff(&diff, &mut files);
        let others = ["ls-files", "--others", "--exclude-standard", "-z"];
        for path in asked(&top, &others)?
            .split('\0')
            .filter(|path| !path.is_empty())
        {
            files.insert(PathBuf::from(path), "added");
        }
        Ok(Self { top, files })
    }

    /// What became of a file, whose path has no links in its folders.
    pub fn of(&self, path: &Path) -> Option<&'static str> {
        let below = path.strip_prefix(&self.top).ok()?;
        self.files.get(below).copied()
    }
}

/// Reads `STATUS NUL PATH NUL …`; a rename has two paths.
fn read_diff(diff: &str, files: &mut HashMap<PathBuf, &'static str>) {
    let mut fields = diff.split('\0');
    while let Some(status) = fields.next().filter(|status| !status.is_empty()) {
        let Some(mut path) = fields.next() else {
            return;
        };
        let change = match status.as_bytes()[0] {
            b'A' | b'C' => "added",
            b'R' => "renamed",
            b'D' => continue,
            _ => "modified",
        };
        if matches!(status.as_bytes()[0], b'R' | b'C') {
            match fields.next() {
                Some(new) => path = new,
                None => return,
            }
        }
        files.insert(PathBuf::from(path), change);
    }
}

/// What git answers; an error where it fails.
fn asked(folder: &Path, arguments: &[&str]) -> Result<String, MigrationsError> {
    let output = git(folder, arguments)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(MigrationsError::Git {
        command: arguments.first().copied().unwrap_or_default().to_owned(),
        reason: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}

fn git(folder: &Path, arguments: &[&str]) -> Result<Output, MigrationsError> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output();
    output.map_err(|error| MigrationsError::NoGit {
        reason: error.to_string(),
    })
}

/// The first line of an answer.
fn line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().next().unwrap_or_default().to_owned()
}
