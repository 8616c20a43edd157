//! Keeps the code map of `src/lib.rs` and the habits of the project's files.
//!
//! Every check is a function from files to complaints, `file:line: what`, so that it can be shown a
//! bad file too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::support::{TextFile, paths, text_files, tokens};

/// Modules that do no I/O and read no clock. The store is where facts meet the disk.
const PURE: [&str; 5] = ["parse", "derive", "advise", "engine", "facts"];
const STORE: [&str; 2] = ["src/facts/store.rs", "src/facts/store/"];

/// What a pure module must not name.
const IO: [&str; 8] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::io::stdin",
    "tokio",
    "tokio_postgres",
    "deadpool_postgres",
];

/// Modules that draw and write reports, and what they must not name.
const SHOWING: [&str; 2] = ["report", "tui"];
const NETWORK: [&str; 4] = ["std::net", "tokio_postgres", "deadpool_postgres", "rustls"];

/// Lines of a Rust file; past this there are two things in it.
const LONGEST: usize = 400;

/// A path of one machine, or a registry's host.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:^|[^\w.~>/-])(/(?:work|root|(?:home|Users)/\w+|tmp/\w[^/\s]*)\b)",
        r"|\b(registry\.npmjs\.org|registry\.yarnpkg\.com|pypi\.org|files\.pythonhosted\.org",
        r"|(?:static|index)\.crates\.io|static\.rust-lang\.org|proxy\.golang\.org",
        r"|deb\.debian\.org|artifactory|localhost:\d+/(?:npm|simple|crates))",
    ))
    .unwrap()
});

/// A file named in a text: with a folder, or without one in capitals.
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s(`\x22'\[])((?:[\w.-]+/)+[\w.-]+\.(?:md|rs|sh)|[A-Z_-]+\.md)\b").unwrap()
});

#[test]
fn modules_import_what_the_code_map_allows() {
    let files = text_files();
    let map = code_map(&files);
    for module in files.iter().filter_map(|file| module(&file.path)) {
        assert!(
            map.contains_key(module),
            "the code map of src/lib.rs has no row for {module}"
        );
    }
    judge(&files, |file| imports(file, &map));
}

#[test]
fn pure_modules_do_no_io() {
    judge(&text_files(), io);
}

#[test]
fn reports_and_screens_keep_off_the_network() {
    judge(&text_files(), network);
}

#[test]
fn files_of_code_are_small() {
    judge(&text_files(), long);
}

#[test]
fn mod_files_hold_no_logic() {
    judge(&text_files(), logic_in_mod);
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    judge(&text_files(), strange_places);
}

#[test]
fn files_that_prose_names_exist() {
    let files = text_files();
    let known: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    judge(&files, |file| {
        // What the program printed is no prose of ours.
        if file.path.starts_with("tests/it/snapshots/") {
            return Vec::new();
        }
        dead_references(file, &known)
    });
}

#[test]
fn dependencies_come_from_the_common_index() {
    let files = text_files();
    let lock = files.iter().find(|file| file.path == "Cargo.lock").unwrap();
    let complaints = lines(lock, |line| {
        let elsewhere = line.starts_with("source = ")
            && line != r#"source = "registry+https://github.com/rust-lang/crates.io-index""#;
        elsewhere.then(|| format!("{line} is not the index that everyone has"))
    });
    assert_eq!(complaints, Vec::<String>::new());
}

#[test]
fn the_checks_see_what_is_wrong() {
    let map = code_map(&text_files());
    let complaints = |path: &str, text: &str| {
        let file = TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let all = [
            imports(&file, &map),
            io(&file),
            network(&file),
            long(&file),
            logic_in_mod(&file),
            strange_places(&file),
            dead_references(&file, &["README.md", "src/lib.rs"]),
        ];
        all.concat()
    };
    for (path, text, line) in [
        ("src/facts/x.rs", "\nuse crate::engine::Finding;", 2),
        ("src/facts/x.rs", "fn f() { crate::engine::run() }", 1),
        (
            "src/facts/x.rs",
            "use crate::{\n facts::Facts,\n cli,\n};",
            3,
        ),
        ("src/facts/x.rs", "use super::super::engine;", 1),
        ("src/config.rs", "use super::cli::run;", 1),
        ("src/report/x.rs", "/* \n */ use crate::collect::{Pool};", 2),
        ("src/parse/x.rs", "use std::{io, fs::File};", 1),
        (
            "src/parse/x.rs",
            "let r#type = r#\"\"\n\"#; std::env::var(\"x\")",
            2,
        ),
        ("src/derive/x.rs", "use tokio_postgres::Row;", 1),
        (
            "src/advise/x/y.rs",
            "let c = '\"';\nlet t = Instant::now();",
            2,
        ),
        ("src/engine/x.rs", "fn f(at: SystemTime) {}", 1),
        ("src/facts/x.rs", "use std::fs;", 1),
        ("src/engine/x.rs", "let t = Timestamp::now();", 1),
        ("src/tui/x.rs", "use tokio_postgres::Client;", 1),
        ("src/parse/mod.rs", "mod a;\nfn f() {}", 2),
        ("src/parse/mod.rs", "mod a;\nimpl A {}", 2),
        ("src/cli/x.rs", &"\n".repeat(401), 401),
        ("docs/a.md", "see\n`/root/x`", 2),
        ("docs/a.md", "in /home/ann/x", 1),
        ("docs/a.md", "host pypi.org", 1),
        ("docs/a.md", "as [said](NOWHERE.md)", 1),
        ("src/cli/x.rs", "// as docs/nowhere.md says", 1),
        ("README.md", "../elsewhere/x.sh", 1),
    ] {
        let found = complaints(path, text);
        assert_eq!(found.len(), 1, "{path}: {text}: {found:?}");
        assert!(
            found[0].starts_with(&format!("{path}:{line}: ")),
            "{found:?}"
        );
    }
    for (path, text) in [
        (
            "src/facts/x.rs",
            "// use crate::engine;\nuse crate::facts::X; use super::{a, b as c};",
        ),
        (
            "src/parse/x.rs",
            "/// [`crate::engine`]\nlet s = \"crate::cli \\\" std::fs\"; fn f<'a>(s: &'a str) {}",
        ),
        (
            "src/parse/x.rs",
            "let s = br#\"use std::fs;\"#; /* /* std::fs */ std::fs */ 'x'",
        ),
        (
            "src/cli/x.rs",
            "use crate::{collect::Pool, tui}; use std::fs; // as src/lib.rs does",
        ),
        ("src/facts/store.rs", "use std::fs;"),
        ("src/parse/mod.rs", "//! An impl of fn\npub use a::B;"),
        (
            "docs/a.md",
            "`rules/<family>/<name>.md`, README.md, report.md, host=/tmp",
        ),
    ] {
        assert_eq!(
            complaints(path, text),
            Vec::<String>::new(),
            "{path}: {text}"
        );
    }
}

/// Fails with all complaints, one a line.
fn judge(files: &[TextFile], check: impl Fn(&TextFile) -> Vec<String>) {
    let complaints: Vec<String> = files.iter().flat_map(check).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// The table of `src/lib.rs`: module → the modules it may import.
fn code_map(files: &[TextFile]) -> BTreeMap<String, BTreeSet<String>> {
    let lib = files.iter().find(|file| file.path == "src/lib.rs").unwrap();
    let name = Regex::new(r"`(\w+)`").unwrap();
    let names = |text: &str| -> BTreeSet<String> {
        name.captures_iter(text)
            .map(|found| found[1].to_owned())
            .collect()
    };
    let rows: Vec<Vec<&str>> = (lib.text.lines())
        .filter_map(|line| line.strip_prefix("//! | [`"))
        .map(|row| row.split(" | ").collect())
        .collect();
    let module = |row: &[&str]| row[0].split('`').next().unwrap().to_owned();
    let all: BTreeSet<String> = rows.iter().map(|row| module(row)).collect();
    rows.iter()
        .map(|row| match *row.last().unwrap() {
            "all |" => (module(row), all.clone()),
            allowed => (module(row), names(allowed)),
        })
        .collect()
}

/// The top-level module of a file of the library.
fn module(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let module = inside.split('/').next().unwrap();
    (module != "lib" && module != "main").then_some(module)
}

fn imports(file: &TextFile, map: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let Some(module) = module(&file.path) else {
        return Vec::new();
    };
    let allowed = &map[module];
    let complain = |other: &String| {
        let wrong = other != module && map.contains_key(other) && !allowed.contains(other);
        wrong.then(|| format!("{module} may not import {other} (code map of src/lib.rs)"))
    };
    named(file, |path| {
        let above = path.iter().take_while(|part| *part == "super").count();
        let from_root = path[0] == "crate" || above > 0 && above == depth(&file.path);
        path.get(above.max(1))
            .filter(|_| from_root)
            .and_then(complain)
    })
}

/// How many modules a file lies in, itself included: 2 for `src/facts/store.rs`.
fn depth(path: &str) -> usize {
    let parts = path.matches('/').count();
    if path.ends_with("/mod.rs") {
        parts - 1
    } else {
        parts
    }
}

fn io(file: &TextFile) -> Vec<String> {
    let Some(module) = module(&file.path).filter(|module| PURE.contains(module)) else {
        return Vec::new();
    };
    if STORE.iter().any(|store| file.path.starts_with(store)) {
        return Vec::new();
    }
    named(file, |path| {
        let clock = path
            .iter()
            .any(|part| part == "Instant" || part == "SystemTime")
            || path.len() > 1 && path.last().unwrap() == "now";
        (clock || begins(path, &IO)).then(|| {
            format!(
                "{module} does no I/O and reads no clock: {}",
                path.join("::")
            )
        })
    })
}

fn network(file: &TextFile) -> Vec<String> {
    let Some(module) = module(&file.path).filter(|module| SHOWING.contains(module)) else {
        return Vec::new();
    };
    named(file, |path| {
        begins(path, &NETWORK)
            .then(|| format!("{module} keeps off the network: {}", path.join("::")))
    })
}

fn long(file: &TextFile) -> Vec<String> {
    let lines = file.text.lines().count();
    if module(&file.path).is_none() || lines <= LONGEST {
        return Vec::new();
    }
    vec![format!(
        "{}:{lines}: more than {LONGEST} lines: look for the two things in it",
        file.path
    )]
}

fn logic_in_mod(file: &TextFile) -> Vec<String> {
    if !file.path.starts_with("src/") || !file.path.ends_with("/mod.rs") {
        return Vec::new();
    }
    tokens(&file.text)
        .iter()
        .filter(|token| token.text == "fn" || token.text == "impl")
        .map(|token| format!("{}:{}: `{}` in a mod.rs", file.path, token.line, token.text))
        .collect()
}

/// Paths that exist on one machine only, and hosts that only a registry's client should know.
fn strange_places(file: &TextFile) -> Vec<String> {
    // This file has to name what it looks for; the lock file has a check of its own.
    if file.path == "tests/it/architecture.rs" || file.path == "Cargo.lock" {
        return Vec::new();
    }
    lines(file, |line| {
        let found = PLACE.captures(line)?;
        let text = found.get(1).or(found.get(2)).unwrap().as_str();
        Some(format!("`{text}` means something on one machine only"))
    })
}

/// Files that a text or a comment names and that are not in the project. Names without a folder
/// may be examples, unless they are written in capitals.
fn dead_references(file: &TextFile, known: &[&str]) -> Vec<String> {
    let prose = file.path.rsplit('.').next() == Some("md");
    lines(file, |line| {
        let comment = ["//", "#", "--"]
            .iter()
            .any(|sign| line.trim_start().starts_with(sign));
        let mut dead = REFERENCE
            .captures_iter(line)
            .map(|found| found[1].to_owned());
        let dead = dead.find(|name| {
            let end = format!(
                "/{}",
                name.trim_start_matches("../").trim_start_matches("./")
            );
            !known.iter().any(|path| format!("/{path}").ends_with(&end))
        });
        let dead = dead.filter(|_| prose || comment)?;
        Some(format!("there is no {dead} in this project"))
    })
}

/// Complaints about the paths that a file's code names.
fn named(file: &TextFile, check: impl Fn(&[String]) -> Option<String>) -> Vec<String> {
    paths(&file.text)
        .iter()
        .filter_map(|(line, path)| Some(format!("{}:{line}: {}", file.path, check(path)?)))
        .collect()
}

/// Complaints about the lines of a file.
fn lines(file: &TextFile, check: impl Fn(&str) -> Option<String>) -> Vec<String> {
    (file.text.lines().enumerate())
        .filter_map(|(n, line)| Some(format!("{}:{}: {}", file.path, n + 1, check(line)?)))
        .collect()
}

/// Whether a path begins with one of `starts`, part by part.
fn begins(path: &[String], starts: &[&str]) -> bool {
    starts.iter().any(|start| {
        let start: Vec<&str> = start.split("::").collect();
        path.len() >= start.len() && path.iter().zip(&start).all(|(a, b)| a == b)
    })
}
