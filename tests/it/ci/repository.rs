//! A repository with a pull request, and a checkout of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::loudly;

/// What is on the other branch after the pull request began; it is not to be judged.
const LATER: &str = "DROP TABLE a;\n";

/// A repository: its branch `main` has gone on since `feature` left it.
pub struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    /// With a pull request that adds a migration. None: a program is missing, which is told.
    pub fn new(migration: &str, programs: &[&str]) -> Option<Self> {
        for program in programs {
            if Command::new(program).arg("--version").output().is_err() {
                loudly(&format!("=== SKIPPED: what runs in CI: no {program} ==="));
                return None;
            }
        }
        let repository = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let origin = repository.path("origin");
        let migrations = origin.join("db/migrations");
        std::fs::create_dir_all(&migrations).unwrap();
        git(&origin, &["init", "-q", "-b", "main"]);
        std::fs::write(migrations.join("1_a.sql"), "CREATE TABLE a (id int);\n").unwrap();
        std::fs::write(origin.join("pgtriage.toml"), "").unwrap();
        commit(&origin);
        git(&origin, &["checkout", "-q", "-b", "feature"]);
        std::fs::write(migrations.join("2_b.sql"), migration).unwrap();
        commit(&origin);
        git(&origin, &["checkout", "-q", "main"]);
        std::fs::write(migrations.join("3_c.sql"), LATER).unwrap();
        commit(&origin);
        git(&origin, &["checkout", "-q", "--detach"]);
        let merge = ["merge", "-q", "--no-ff", "-m", "x", "feature"];
        git(&origin, &[&WHO[..], &merge].concat());
        git(&origin, &["update-ref", "refs/pull/7/merge", "HEAD"]);
        let head = ["update-ref", "refs/merge-requests/7/head", "feature"];
        git(&origin, &head);
        git(&origin, &["checkout", "-q", "main"]);
        Some(repository)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Checks a reference out as the sites do it: into a new folder, with nothing but what is asked.
    pub fn check_out(&self, reference: &str, depth: Option<&str>) -> PathBuf {
        let clone = self.path("clone");
        std::fs::create_dir(&clone).unwrap();
        git(&clone, &["init", "-q"]);
        let from = format!("file://{}", self.path("origin").display());
        git(&clone, &["remote", "add", "origin", &from]);
        let to = format!("+{reference}:refs/remotes/pull");
        let mut fetch = vec!["fetch", "-q", "--no-tags", "origin", &to];
        fetch.extend(depth);
        git(&clone, &fetch);
        git(&clone, &["checkout", "-q", "--detach", "refs/remotes/pull"]);
        clone
    }
}

const WHO: [&str; 4] = ["-c", "user.name=x", "-c", "user.email=x@example.com"];

fn git(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(arguments);
    git.env("GIT_CONFIG_GLOBAL", "/dev/null");
    let ran = git.output().unwrap();
    assert!(
        ran.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

fn commit(folder: &Path) {
    git(folder, &["add", "-A"]);
    git(folder, &[&WHO[..], &["commit", "-q", "-m", "x"]].concat());
}
