//! Linting many files: how much CPU it takes beside another linter.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::cpu;
use crate::support::loudly;

/// Files that are linted.
const FILES: usize = 2_000;

/// Turns of both programs.
const ROUNDS: usize = 5;

/// Statements of every form.
const FORMS: &str = include_str!("../../../fixtures/migrations/forms.sql");

/// Tables that the statements are about in turn, in the place of `books`.
const TABLES: [&str; 8] = [
    "books",
    "orders",
    "accounts",
    "invoices",
    "sessions",
    "shipments",
    "payments",
    "events",
];

/// The statements of the forms, as files have them.
fn statements() -> Vec<String> {
    let blocks = FORMS.split("\n\n");
    let texts = blocks.map(|block| {
        let lines = block.lines().filter(|line| !line.starts_with("--"));
        lines.collect::<Vec<_>>().join("\n")
    });
    let texts = texts.filter(|text| !text.trim().is_empty());
    texts
        .map(|text| format!("{};\n", text.trim_end().trim_end_matches(';')))
        .collect()
}

/// The path and text of a file of the set: layouts by turns, each with folders of its own.
fn file(n: usize, statement: &str) -> (String, String) {
    const LAYOUTS: usize = 8;
    // Folders of some hundred files, as projects have them.
    let (layout, folder) = (n % LAYOUTS, n / LAYOUTS / 100);
    let version = 20_240_101_000_000 + n;
    let table = TABLES[n / LAYOUTS % TABLES.len()];
    let text = statement.replace("books", table);
    match layout {
        0 => (format!("plain{folder}/{version}_change.sql"), text),
        1 => (
            format!("prisma{folder}/migrations/{version}_change/migration.sql"),
            text,
        ),
        2 => (
            format!("go{folder}/migrations/{version}_change.up.sql"),
            text,
        ),
        3 => (format!("flyway{folder}/sql/V{version}__change.sql"), text),
        4 => (
            format!("goose{folder}/migrations/{version}_change.sql"),
            format!("-- +goose Up\n{text}\n-- +goose Down\nSELECT 1;\n"),
        ),
        5 => (
            format!("dbmate{folder}/db/migrations/{version}_change.sql"),
            format!("-- migrate:up\n{text}\n-- migrate:down\n"),
        ),
        6 => (
            format!("diesel{folder}/migrations/{version}_change/up.sql"),
            text,
        ),
        _ => (
            format!("wrapped{folder}/{version}_change.sql"),
            format!("SET lock_timeout = '2s';\nSET statement_timeout = '1min';\n{text}"),
        ),
    }
}

/// Writes the set; gives the paths of its files.
fn write(folder: &Path) -> Vec<String> {
    let statements = statements();
    assert!(statements.len() > 200, "{}", statements.len());
    let files = (0..FILES).map(|n| file(n, &statements[n % statements.len()]));
    files
        .map(|(path, text)| {
            let whole = folder.join(&path);
            fs::create_dir_all(whole.parent().unwrap()).unwrap();
            fs::write(whole, text).unwrap();
            path
        })
        .collect()
}

/// Where squawk is: what the variable names, which then has to be there, else one on the PATH.
fn squawk() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("PGTRIAGE_SQUAWK") {
        let named = PathBuf::from(named);
        let shown = named.display();
        assert!(named.is_file(), "PGTRIAGE_SQUAWK names no file: {shown}");
        return Some(named);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join("squawk"))
        .find(|program| program.is_file())
}

/// CPU time of a program over the files, seconds, and how much it had to say.
fn run(program: &Path, arguments: &[OsString], folder: &Path) -> (f64, usize) {
    let before = cpu().1;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder);
    let ran = command.stdin(Stdio::null()).output().unwrap();
    let used = cpu().1 - before;
    let code = ran.status.code();
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    let shown = program.display();
    assert!(matches!(code, Some(0 | 1)), "{shown}: {code:?} {told}");
    (used, ran.stdout.len())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Squawk is a linter of migrations that reads each file by itself. It is had by
/// `npm install -g squawk-cli`, or out of the wheel `squawk-cli` by `pip download squawk-cli`; a copy
/// elsewhere is named by `PGTRIAGE_SQUAWK=FILE`.
#[test]
#[ignore = "a benchmark: cargo test --release --test it -- --ignored --nocapture files_are_linted"]
fn files_are_linted_with_no_more_cpu_than_by_squawk() {
    let Some(squawk) = squawk() else {
        return loudly(
            "SKIPPED: CPU of lint beside squawk: there is none on the PATH (npm install -g squawk-cli), and PGTRIAGE_SQUAWK names none",
        );
    };
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<OsString> = write(folder.path()).into_iter().map(Into::into).collect();
    let options = ["lint", "--format", "json", "--fail-on", "never"].map(OsString::from);
    let ours: Vec<OsString> = options.into_iter().chain(paths.iter().cloned()).collect();
    let program = Path::new(env!("CARGO_BIN_EXE_pgtriage"));
    let (mut own, mut others) = (Vec::new(), Vec::new());
    // The first turn brings files and programs into memory.
    for round in 0..=ROUNDS {
        let (used, told) = run(program, &ours, folder.path());
        let (by_other, other_told) = run(&squawk, &paths, folder.path());
        assert!(told > FILES * 100, "{told} bytes");
        assert!(other_told > FILES * 100, "{other_told} bytes");
        if round > 0 {
            own.push(used);
            others.push(by_other);
        }
    }
    let (own, others) = (median(own), median(others));
    loudly(&format!(
        "{FILES} files are linted in {own:.2} s of CPU, by squawk in {others:.2} s"
    ));
    assert!(own <= others, "{own:.2} s, squawk {others:.2} s");
}
