//! The command: which files are linted, what it says, how it ends.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::Program;

/// A statement that one rule finds, and the arguments that ask for that rule.
const BLOCKS: &str = "CREATE INDEX i ON t (a);\n";
const ASK: [&str; 5] = [
    "lint",
    "--format",
    "json",
    "--rule",
    "migration/index-not-concurrent",
];

/// Files and lines of what is found, with the exit code.
fn found(program: &Program, arguments: &[&str]) -> String {
    let ran = program.run(&[&ASK[..], arguments].concat());
    let code = ran.code.unwrap();
    let Ok(report) = serde_json::from_str::<Value>(&ran.stdout) else {
        return format!("{code}: {}", ran.stderr.trim());
    };
    let mut places: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| format!("{}:{}", finding["file"].as_str().unwrap(), finding["line"]))
        .collect();
    places.sort();
    let mut told = format!("{code}: {}", places.join(" "));
    if !ran.stderr.is_empty() {
        told += &format!(" | {}", ran.stderr.trim());
    }
    told
}

#[track_caller]
fn check(program: &Program, arguments: &[&str], expected: &str) {
    assert_eq!(found(program, arguments), expected, "{arguments:?}");
}

/// Migrations in a few folders, and what is none.
fn project() -> Program {
    let program = Program::new();
    program
        .write("db/migrations/1_a.up.sql", "CREATE TABLE made (a int);\n")
        .write("db/migrations/1_a.down.sql", "DROP TABLE made;\n")
        .write("db/migrations/2_b.up.sql", BLOCKS)
        .write("db/migrations/2_b.down.sql", "DROP INDEX i;\n")
        .write("db/migrations/3_c.up.sql", "CREATE INDEX j ON made (a);\n")
        .write("db/migrations/3_c.down.sql", "DROP INDEX j;\n")
        .write("scripts/report.sql", BLOCKS)
        .write("node_modules/x/1_a.sql", BLOCKS)
        .write(".hidden/1_a.sql", BLOCKS);
    program
}

#[test]
fn files_are_found_by_folder_and_by_name() {
    let program = project();
    let migrations = "db/migrations/2_b.up.sql:1 db/migrations/3_c.up.sql:1";
    check(&program, &["db/migrations"], &format!("1: {migrations}"));
    check(&program, &["./db/"], &format!("1: {migrations}"));
    check(
        &program,
        &["db/migrations/3_c.up.sql"],
        "1: db/migrations/3_c.up.sql:1",
    );
    check(&program, &["scripts"], "1: scripts/report.sql:1");
    check(
        &program,
        &[
            "scripts",
            "db/migrations/2_b.up.sql",
            "db/migrations/2_b.up.sql",
        ],
        "1: db/migrations/2_b.up.sql:1 scripts/report.sql:1",
    );
    check(
        &program,
        &["--fail-on", "never", "scripts"],
        "0: scripts/report.sql:1",
    );
    check(
        &program,
        &[],
        &format!(
            "1: {migrations} | 1 file of SQL is not known as migrations by name or marks; name it to lint it"
        ),
    );
}

#[test]
fn what_cannot_be_linted_is_said() {
    let program = Program::new();
    check(
        &program,
        &[],
        "2: pgtriage: no migrations are recognized in this folder; name files or folders: `pgtriage lint PATH…`",
    );
    check(
        &program,
        &["."],
        "2: pgtriage: there is nothing to lint: no file of SQL is where it was looked for",
    );
    check(
        &program,
        &["missing.sql"],
        "2: pgtriage: cannot read missing.sql: No such file or directory (os error 2)",
    );
    program.write("a.sql", "SELECT 1;\n");
    check(
        &program,
        &["--changed-since", "main", "a.sql"],
        "2: pgtriage: the current folder is in no git repository, so nothing is known of what changed since main",
    );
}

#[test]
fn links_that_go_round_are_followed_once() {
    let program = project();
    #[cfg(unix)]
    std::os::unix::fs::symlink("..", program.path("db/migrations/loop")).unwrap();
    check(
        &program,
        &["--fail-on", "never", "db/migrations/3_c.up.sql"],
        "0: db/migrations/3_c.up.sql:1",
    );
    check(
        &program,
        &["db/migrations"],
        "1: db/migrations/2_b.up.sql:1 db/migrations/3_c.up.sql:1",
    );
}

#[test]
fn stdin_is_a_file_by_its_name() {
    let program = project();
    let lint = |arguments: &[&str], text: &str| {
        let mut command = program.command(&[&ASK[..], arguments].concat());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let files = report["findings"].as_array().unwrap().iter();
        let files: Vec<String> = files
            .map(|f| f["file"].as_str().unwrap().to_owned())
            .collect();
        (output.status.code().unwrap(), files)
    };
    assert_eq!(lint(&["-"], BLOCKS), (1, vec!["stdin.sql".to_owned()]));
    let name = "db/migrations/2_b.up.sql";
    assert_eq!(
        lint(&["--stdin-name", name], BLOCKS),
        (1, vec![name.to_owned()])
    );
    // What stands on the disk under that name is not read.
    assert_eq!(lint(&["--stdin-name", name], "SELECT 1;"), (0, Vec::new()));
}

fn git(program: &Program, arguments: &[&str]) {
    let mut command = Command::new("git");
    let who = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.org",
        "-c",
        "commit.gpgsign=false",
    ];
    command
        .current_dir(program.path("."))
        .args(who)
        .args(arguments);
    command.env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

#[test]
fn what_changed_since_a_revision_is_linted() {
    let program = project();
    std::fs::remove_dir(program.path(".git")).unwrap();
    git(&program, &["init", "-q", "-b", "main"]);
    git(&program, &["add", "db"]);
    git(&program, &["commit", "-qm", "first"]);
    let since = ["--changed-since", "main"];
    check(
        &program,
        &[&since[..], &["db"]].concat(),
        "0:  | no migration changed since main",
    );
    check(
        &program,
        &["--changed-since", "nowhere", "db"],
        "2: pgtriage: git knows no revision nowhere; fetch it, or name a branch, tag or commit",
    );
    git(&program, &["checkout", "-qb", "work"]);
    program.write("db/migrations/4_d.up.sql", "CREATE INDEX k ON t (a);\n");
    check(
        &program,
        &[&since[..], &["db"]].concat(),
        "1: db/migrations/4_d.up.sql:1",
    );
    git(&program, &["add", "db"]);
    git(&program, &["commit", "-qm", "second"]);
    git(
        &program,
        &["mv", "db/migrations/2_b.up.sql", "db/migrations/5_b.up.sql"],
    );
    check(
        &program,
        &[&since[..], &["db"]].concat(),
        "1: db/migrations/4_d.up.sql:1 db/migrations/5_b.up.sql:1",
    );
}

#[test]
fn settings_say_what_files_are() {
    let program = project();
    program.write(
        "pgtriage.toml",
        "[lint]\nfail_on = \"never\"\n\n[[lint.path]]\npath = \"scripts/**\"\nexclude = true\n",
    );
    check(
        &program,
        &["."],
        "0: db/migrations/2_b.up.sql:1 db/migrations/3_c.up.sql:1",
    );
    check(
        &program,
        &["--fail-on", "warning", "db/migrations/2_b.up.sql"],
        "1: db/migrations/2_b.up.sql:1",
    );
}

#[test]
fn a_baseline_makes_findings_known() {
    let program = project();
    let all = program.run(&["lint", "--write-baseline", "known.json", "scripts"]);
    assert_eq!(all.code, Some(0), "{}", all.all());
    let again = program.run(&["lint", "--baseline", "known.json", "scripts"]);
    assert_eq!(again.code, Some(0), "{}", again.all());
    program.write("scripts/more.sql", BLOCKS);
    let more = program.run(&["lint", "--baseline", "known.json", "scripts"]);
    assert_eq!(more.code, Some(1), "{}", more.all());
}

/// Files and objects of the keys of a baseline.
fn known(program: &Program) -> Vec<String> {
    let text = std::fs::read_to_string(program.path("known.json")).unwrap();
    let baseline: Value = serde_json::from_str(&text).unwrap();
    let keys = baseline["keys"].as_array().unwrap().iter();
    let keys = keys.map(|known| known["key"].as_str().unwrap());
    let keys = keys.filter_map(|key| key.strip_prefix("migration/index-not-concurrent:"));
    keys.map(str::to_owned).collect()
}

#[test]
fn a_baseline_of_some_files_keeps_what_is_known_of_others() {
    let program = project();
    let write = |paths: &[&str]| {
        let ran = program.run(&[&["lint", "--write-baseline", "known.json"], paths].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.all());
        (known(&program), ran.stderr)
    };
    let (all, _) = write(&["db", "scripts"]);
    let script = "scripts/report.sql:t";
    let migrations = [
        "db/migrations/2_b.up.sql:t",
        "db/migrations/3_c.up.sql:made",
    ];
    assert_eq!(all, [migrations[0], migrations[1], script]);
    // What is mended in a linted file is forgotten, what stands elsewhere is not.
    program.write("db/migrations/2_b.up.sql", "SELECT 1;\n");
    program.write("scripts/report.sql", "SELECT 1;\n");
    let (some, told) = write(&["db/migrations/2_b.up.sql"]);
    assert_eq!(some, [migrations[1], script]);
    assert!(
        told.contains("of before that this run says nothing of"),
        "{told}"
    );
    // A file that is gone from a folder that was linted is forgotten too, one of another is not.
    std::fs::remove_file(program.path("db/migrations/3_c.up.sql")).unwrap();
    std::fs::remove_file(program.path("scripts/report.sql")).unwrap();
    assert_eq!(write(&["db"]).0, [script]);
    program.write("known.json", "no baseline");
    let refused = program.run(&["lint", "--write-baseline", "known.json", "db"]);
    assert_eq!(refused.code, Some(2), "{}", refused.all());
    assert!(
        refused.stderr.contains("is no baseline"),
        "{}",
        refused.all()
    );
    let text = std::fs::read_to_string(program.path("known.json")).unwrap();
    assert_eq!(text, "no baseline");
}

#[test]
fn rules_on_queries_are_no_news_without_a_server() {
    let program = project();
    let (rule, heading) = ("migration/drop-used-by-queries", "Skipped rules");
    let run = |more: &[&str]| program.run(&[&["lint", "db"], more].concat()).stdout;
    assert!(!run(&[]).contains(heading), "{}", run(&[]));
    assert!(!run(&["--format", "markdown"]).contains(heading));
    for asked in [&["--verbose"][..], &["--rule", rule], &["--format", "json"]] {
        assert!(run(asked).contains(rule), "{asked:?}: {}", run(asked));
    }
}

#[test]
fn a_schema_says_what_is_there() {
    let program = project();
    program.write(
        "schema.sql",
        "CREATE TABLE t (a int);\nCREATE TABLE made (a int);\n",
    );
    check(
        &program,
        &["--schema", "schema.sql", "db"],
        "1: db/migrations/2_b.up.sql:1 db/migrations/3_c.up.sql:1",
    );
    check(
        &program,
        &["--for-database", "shop", "db"],
        "2: pgtriage: --for-database names one of several databases of a snapshot or server; give that too",
    );
}
