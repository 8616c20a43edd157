//! The program, run in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use pgtriage::facts::Store;

/// A folder in which the program runs, with nothing of the environment that it would heed.
pub struct Program {
    folder: tempfile::TempDir,
}

impl Program {
    /// In an empty folder.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // The search for pgtriage.toml ends here.
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, name: &str, text: &str) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Writes a snapshot: the base world of rule cases and what `sql` adds to it.
    pub fn snapshot(&self, name: &str, sql: &str) -> &Self {
        let mut store = Store::in_memory().unwrap();
        let world = include_str!("../../../src/engine/base_world.sql");
        store.connection().execute_batch(world).unwrap();
        store.connection().execute_batch(sql).unwrap();
        store.save(&self.path(name), true).unwrap();
        self
    }

    /// The program with these arguments, to be run in the folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(cargo_bin("pgtriage"));
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            let heeded = ["NO_COLOR", "COLUMNS", "TERM", "LANG", "LC_ALL"];
            if name.starts_with("PG") || heeded.contains(&name.as_str()) {
                command.env_remove(&name);
            }
        }
        command
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    /// Runs it.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::new(
            self.command(arguments).output().unwrap(),
            self.folder.path(),
        )
    }
}

/// What a run said.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    fn new(output: Output, folder: &Path) -> Self {
        let folder = folder.display().to_string();
        let text = |bytes| {
            String::from_utf8(bytes)
                .unwrap()
                .replace(&folder, "[folder]")
        };
        Self {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// All of it, for snapshots.
    pub fn all(&self) -> String {
        let code = self
            .code
            .map_or("a signal".to_owned(), |code| code.to_string());
        let mut text = format!("exit {code}\n");
        for (name, said) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !said.is_empty() {
                text += &format!("--- {name}\n{said}");
            }
        }
        text
    }
}
