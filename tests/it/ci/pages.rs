//! What the page about CI shows, and the hooks for pre-commit, run as they are written.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;
use yaml_rust2::Yaml;

use super::repository::Repository;
use super::steps::yaml;

/// A migration in which something is found, several times.
const FOUND: &str = "CREATE INDEX a_id ON a (id);\nCREATE INDEX a_id2 ON a (id);\n";

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(path).unwrap()
}

/// Blocks of a language on the page about CI.
fn blocks(language: &str) -> Vec<String> {
    let page = file("docs/ci.md");
    let open = format!("```{language}\n");
    let parts = page.split(&open).skip(1);
    let blocks = parts.map(|part| part.split("```").next().unwrap().to_owned());
    blocks.collect()
}

/// Runs a script in a checkout, with our program on the path.
fn bash(checkout: &Path, script: &str, environment: &[(&str, &str)]) -> Output {
    let program = cargo_bin("pgtriage");
    let path = format!(
        "{}:{}",
        program.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let mut bash = Command::new("bash");
    bash.args(["-c", &format!("set -eo pipefail\n{script}")]);
    bash.current_dir(checkout).env("PATH", path);
    bash.envs(environment.iter().copied());
    bash.output().unwrap()
}

#[test]
fn the_job_for_gitlab_runs() {
    let Some(repository) = Repository::new(FOUND, &["bash", "git"]) else {
        return;
    };
    let checkout = repository.check_out("refs/merge-requests/7/head", None);
    let jobs: Vec<Yaml> = blocks("yaml").iter().map(|block| yaml(block)).collect();
    let job = jobs.iter().map(|jobs| &jobs["migrations"]);
    let job = job.into_iter().find(|job| !job.is_badvalue()).unwrap();
    let lines = ["before_script", "script"].map(|part| job[part].as_vec().unwrap().iter());
    let lines = lines
        .into_iter()
        .flatten()
        .map(|line| line.as_str().unwrap());
    let script: Vec<&str> = lines.collect();
    // In place of the build: one that the cache holds.
    let programs = checkout.join(".pgtriage/bin");
    std::fs::create_dir_all(&programs).unwrap();
    std::os::unix::fs::symlink(cargo_bin("pgtriage"), programs.join("pgtriage")).unwrap();
    let branch = [("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")];
    let ran = bash(&checkout, &script.join("\n"), &branch);
    let log = String::from_utf8(ran.stdout).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{log}");
    assert!(log.contains("db/migrations/2_b.sql:1"), "{log}");
    let report = job["artifacts"]["reports"]["codequality"].as_str().unwrap();
    let report = repository.read(&format!("clone/{report}"));
    let report: Value = serde_json::from_str(&report).unwrap();
    let report = report.as_array().unwrap();
    assert!(!report.is_empty());
    let mut fingerprints = BTreeSet::new();
    for issue in report {
        for name in ["description", "check_name", "fingerprint"] {
            assert!(!issue[name].as_str().unwrap().is_empty(), "{issue}");
        }
        let severities = ["info", "minor", "major", "critical", "blocker"];
        assert!(severities.contains(&issue["severity"].as_str().unwrap()));
        assert_eq!(issue["location"]["path"], "db/migrations/2_b.sql");
        assert!(issue["location"]["lines"]["begin"].as_u64() > Some(0));
        // Of two with the same one the site shows one.
        assert!(fingerprints.insert(issue["fingerprint"].as_str().unwrap()));
    }
}

#[test]
fn the_image_for_gitlab_has_the_compiler() {
    let cargo: toml::Table = toml::from_str(&file("Cargo.toml")).unwrap();
    let version = cargo["package"]["rust-version"].as_str().unwrap();
    let image = format!("image: rust:{version}\n");
    assert!(blocks("yaml").iter().any(|block| block.contains(&image)));
}

#[test]
fn commands_of_the_page_run() {
    let Some(repository) = Repository::new(FOUND, &["bash", "git"]) else {
        return;
    };
    let checkout = repository.check_out("refs/merge-requests/7/head", None);
    std::fs::write(checkout.join("buffer"), FOUND).unwrap();
    let commands = blocks("sh");
    assert!(!commands.is_empty());
    for command in commands {
        // One that finds something ends with 1; what is written wrongly, with 2.
        let ran = bash(&checkout, &command, &[]);
        let said = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(1), "{command}: {said}");
    }
}

#[test]
fn hooks_lint_what_is_committed() {
    let Some(repository) = Repository::new(FOUND, &["bash", "git"]) else {
        return;
    };
    let checkout = repository.check_out("refs/merge-requests/7/head", None);
    let hooks = yaml(&file(".pre-commit-hooks.yaml"));
    for hook in hooks.as_vec().unwrap() {
        // As pre-commit calls it: the entry, then the files.
        let entry = hook["entry"].as_str().unwrap();
        let command = format!("{entry} db/migrations/1_a.sql db/migrations/2_b.sql");
        let ran = bash(&checkout, &command, &[]);
        let said = String::from_utf8_lossy(&ran.stdout);
        assert_eq!(ran.status.code(), Some(1), "{entry}: {said}");
        assert!(said.contains("db/migrations/2_b.sql:2"), "{said}");
    }
}
