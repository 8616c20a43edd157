//! Paths as they are seen from one folder, whatever the current folder is.

use std::path::{Component, Path, PathBuf};

/// The folder that paths are told from, and the current one, both absolute. The default leaves
/// paths as they are but for their form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Root {
    root: PathBuf,
    folder: PathBuf,
}

impl Root {
    /// Tells paths from `root`; relative paths are those of `folder`.
    pub fn new(root: &Path, folder: &Path) -> Self {
        Self {
            root: plain(root),
            folder: plain(folder),
        }
    }

    /// The path from the root, with `/` between its parts and without `.` and `..`; absolute where
    /// it is not below. Nothing is looked up on the disk.
    pub fn relative(&self, path: &str) -> String {
        let whole = plain(&self.folder.join(path));
        let below = whole.strip_prefix(&self.root).unwrap_or(&whole);
        let mut out = String::with_capacity(path.len());
        for part in below.components() {
            if !out.is_empty() && !out.ends_with('/') {
                out.push('/');
            }
            match part {
                Component::RootDir => out.push('/'),
                other => out.push_str(&other.as_os_str().to_string_lossy()),
            }
        }
        out
    }

    /// Where a path lies that is told from the root.
    pub fn absolute(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}

/// Without `.`, and without `..` as far as there is a folder to leave.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            Component::ParentDir if plain.has_root() => {}
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::Root;
    use std::path::Path;

    #[test]
    fn paths_are_told_from_the_root() {
        let root = Root::new(Path::new("/repo"), Path::new("/repo/db"));
        let none = Root::default();
        for (root, path, expected) in [
            (&root, "a.sql", "db/a.sql"),
            (&root, "./x/../a.sql", "db/a.sql"),
            (&root, "../top.sql", "top.sql"),
            (&root, "/repo/db/a.sql", "db/a.sql"),
            (&root, "/elsewhere/a.sql", "/elsewhere/a.sql"),
            (&root, "../../a.sql", "/a.sql"),
            (&none, "./db//a.sql", "db/a.sql"),
            (&none, "../a.sql", "../a.sql"),
            (&none, "/a/./b.sql", "/a/b.sql"),
            (&none, "<stdin>", "<stdin>"),
        ] {
            assert_eq!(root.relative(path), expected, "{path}");
        }
    }
}
