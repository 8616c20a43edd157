//! What runs in CI: the steps of the action, with a stand-in for the site.

use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::cargo::cargo_bin;

/// Programs that the steps call beside ours.
const TOOLS: [&str; 3] = ["bash", "git", "sed"];

/// A repository of two commits, the second on a branch of its own, cloned with one commit.
struct Pull {
    folder: tempfile::TempDir,
    program: PathBuf,
}

impl Pull {
    fn new(migration: &str) -> Option<Self> {
        for tool in TOOLS {
            if Command::new(tool).arg("--version").output().is_err() {
                eprintln!("=== the steps of the action are not tested: there is no {tool} ===");
                return None;
            }
        }
        let pull = Self {
            folder: tempfile::tempdir().unwrap(),
            program: cargo_bin("pgtriage"),
        };
        let origin = pull.path("origin");
        std::fs::create_dir_all(origin.join("db")).unwrap();
        git(&origin, &["init", "-q", "-b", "main"]);
        std::fs::write(origin.join("db/1_a.sql"), "CREATE TABLE a (id int);\n").unwrap();
        std::fs::write(origin.join("pgtriage.toml"), "").unwrap();
        commit(&origin);
        git(&origin, &["checkout", "-q", "-b", "feature"]);
        std::fs::write(origin.join("db/2_b.sql"), migration).unwrap();
        commit(&origin);
        let from = format!("file://{}", origin.display());
        git(
            pull.folder.path(),
            &[
                "clone", "-q", "--depth", "1", "-b", "feature", &from, "clone",
            ],
        );
        Some(pull)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a step; gives its output.
    fn step(&self, name: &str, more: &[(&str, &str)]) -> String {
        let step = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(".github/actions/lint")
            .join(name);
        let path = format!(
            "{}:{}",
            self.folder.path().display(),
            std::env::var("PATH").unwrap()
        );
        let ran = Command::new("bash")
            .arg(step)
            .current_dir(self.path("clone"))
            .env("PATH", path)
            .env("PGTRIAGE", &self.program)
            .env("RUNNER_TEMP", self.folder.path())
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("GITHUB_REPOSITORY", "owner/shop")
            .env("PULL_REQUEST", "7")
            .envs(more.iter().copied())
            .output()
            .unwrap();
        let told = String::from_utf8(ran.stdout).unwrap();
        assert!(
            ran.status.success(),
            "{told}{}",
            String::from_utf8_lossy(&ran.stderr)
        );
        told
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// A `gh` that notes what it is asked and lists one comment.
    fn stand_in(&self, id: &str) {
        let script = format!(
            "#!/bin/sh\necho \"$@\" >> {}\ncase \"$*\" in *--jq*) echo {id};; esac\n",
            self.path("asked").display()
        );
        let path = self.path("gh");
        std::fs::write(&path, script).unwrap();
        let made = Command::new("chmod").arg("+x").arg(path).status().unwrap();
        assert!(made.success());
    }
}

#[test]
fn a_pull_request_is_linted_and_told() {
    let text = "-- pgtriage: ignore nothing-of-the-kind -- why\nSELECT 1;\n";
    let Some(pull) = Pull::new(text) else { return };
    let told = pull.step(
        "lint.sh",
        &[
            ("GITHUB_BASE_REF", "main"),
            ("LINT_PATHS", "db\n"),
            ("LINT_ARGS", "--rule\nmigration/ignore-*"),
            ("LINT_FAIL_ON", "warning"),
            ("LINT_SARIF", "out.sarif"),
        ],
    );
    assert!(
        told.starts_with("::warning file=db/2_b.sql,line=1,"),
        "{told}"
    );
    assert_eq!(pull.read("output"), "status=1\n");
    assert!(
        pull.read("summary").contains("1 file linted"),
        "{}",
        pull.read("summary")
    );
    assert!(
        pull.read("clone/out.sarif")
            .contains("\"uri\": \"db/2_b.sql\"")
    );
    // A comment is made, and written anew by the next run.
    pull.stand_in("");
    pull.step("comment.sh", &[]);
    pull.stand_in("42");
    pull.step("comment.sh", &[]);
    let asked = pull.read("asked");
    let asked: Vec<&str> = asked
        .lines()
        .filter(|line| !line.contains("--jq"))
        .collect();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(
        asked[0].contains("POST repos/owner/shop/issues/7/comments -F body=@"),
        "{asked:?}"
    );
    assert!(
        asked[1].contains("PATCH repos/owner/shop/issues/comments/42 -F body=@"),
        "{asked:?}"
    );
}

#[test]
fn a_pull_request_without_findings_makes_no_comment() {
    let Some(pull) = Pull::new("SELECT 1;\n") else {
        return;
    };
    let only = [
        ("GITHUB_BASE_REF", "main"),
        ("LINT_PATHS", "db"),
        ("LINT_ARGS", "--rule\nmigration/ignore-*"),
    ];
    pull.step("lint.sh", &only);
    assert_eq!(pull.read("output"), "status=0\n");
    pull.stand_in("");
    pull.step("comment.sh", &[]);
    assert_eq!(pull.read("asked").lines().count(), 1);
    // The comment of an earlier run is put right.
    pull.stand_in("42");
    pull.step("comment.sh", &[]);
    assert!(
        pull.read("asked").contains("PATCH"),
        "{}",
        pull.read("asked")
    );
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(arguments);
    git.env("GIT_CONFIG_GLOBAL", "/dev/null");
    let ran = git.output().unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

fn commit(folder: &Path) {
    git(folder, &["add", "-A"]);
    let who = ["-c", "user.name=x", "-c", "user.email=x@example.com"];
    git(folder, &[&who[..], &["commit", "-q", "-m", "x"]].concat());
}
