//! The files of this project.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A text file of the project.
pub struct TextFile {
    /// From the project's root, with `/`.
    pub path: String,
    pub text: String,
}

/// All text files that git tracks or would add; without git, all below the root but `target`.
pub fn text_files() -> Vec<TextFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for path in tracked(root).unwrap_or_else(|| below(root, root)) {
        // A deleted file is listed until the deletion is committed; what is no text is left out.
        if let Ok(text) = fs::read_to_string(root.join(&path))
            && !text.contains('\0')
        {
            let path = path.to_str().unwrap().replace('\\', "/");
            files.push(TextFile { path, text });
        }
    }
    assert!(files.iter().any(|file| file.path == "src/lib.rs"));
    files
}

fn tracked(root: &Path) -> Option<Vec<PathBuf>> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let names = String::from_utf8(output.stdout).unwrap();
    let names = names.split('\0').filter(|name| !name.is_empty());
    Some(names.map(PathBuf::from).collect())
}

fn below(root: &Path, folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        // In a second work tree `.git` is a file.
        if name == "target" || name == ".git" {
            continue;
        }
        if path.is_dir() {
            files.extend(below(root, &path));
        } else {
            files.push(path.strip_prefix(root).unwrap().to_owned());
        }
    }
    files
}
