//! `check --write`: fixes of findings as migrations that are found clean.

use std::fmt::Write as _;

use insta::assert_snapshot;

use pgtriage::advise::migration::layouts::atlas_sum::atlas_sum;

use crate::support::{Program, Ran};

const SCHEMA: &str = "
    CREATE TABLE customers (id bigint PRIMARY KEY);
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers, note text);
    CREATE INDEX orders_note ON orders (note);
    CREATE INDEX orders_note_again ON orders (note);
    ALTER TABLE orders ADD CONSTRAINT orders_note_check CHECK (note <> '') NOT VALID;";

/// Rules whose findings are written: few, so that others may change.
const RULES: [&str; 3] = [
    "index/duplicate",
    "index/missing-foreign-key",
    "table/constraint-not-valid",
];

#[test]
fn fixes_become_migrations_of_a_layout() {
    let mut told = String::new();
    for (layout, before, text) in [
        ("sql", "0006_six.sql", "SELECT 1;\n"),
        ("golang-migrate", "0006_six.up.sql", "SELECT 1;\n"),
        ("goose", "0006_six.sql", "-- +goose Up\nSELECT 1;\n"),
    ] {
        let program = Program::new();
        program
            .write("schema.sql", SCHEMA)
            .write(&format!("out/{before}"), text);
        let mut arguments = vec![
            "check",
            "--schema",
            "schema.sql",
            "--write",
            "out",
            "--layout",
            layout,
        ];
        for rule in RULES {
            arguments.extend(["--rule", rule]);
        }
        let ran = program.run(&arguments);
        assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.all());
        let mut names: Vec<String> = std::fs::read_dir(program.path("out"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().display().to_string())
            .filter(|name| name != before)
            .collect();
        names.sort();
        assert!(names.len() > 1, "{}", ran.all());
        for name in &names {
            let text = std::fs::read_to_string(program.path(&format!("out/{name}"))).unwrap();
            writeln!(told, "## {layout}: {name}\n{}", text.trim_end()).unwrap();
        }
        let last = ran.stderr.lines().last().unwrap_or_default();
        writeln!(told, "{last}\n").unwrap();
        let linted = program.run(&[
            "lint",
            "out",
            "--schema",
            "schema.sql",
            "--min-severity",
            "error",
        ]);
        assert_eq!(linted.code, Some(0), "{}", linted.all());
    }
    assert_snapshot!(told);
}

/// Writes the fixes of one rule.
fn written(program: &Program, folder: &str, layout: &str) -> Ran {
    program.run(&[
        "check",
        "--schema",
        "schema.sql",
        "--write",
        folder,
        "--layout",
        layout,
        "--rule",
        "index/missing-foreign-key",
    ])
}

#[test]
fn what_cannot_be_written_is_told() {
    let program = Program::new();
    program.write("schema.sql", SCHEMA).write("file", "");
    for folder in ["file", "file/below"] {
        let ran = written(&program, folder, "sql");
        assert_eq!(ran.code, Some(2), "{}", ran.all());
        let said = format!("pgtriage: cannot read {folder}: Not a directory");
        assert!(ran.stderr.contains(&said), "{}", ran.all());
    }
    // An older file of the version that comes next is of another name, so nothing is lost.
    let ran = written(&program, "out", "sql");
    assert!(ran.stderr.contains("written to out"), "{}", ran.all());
    let count = || std::fs::read_dir(program.path("out")).unwrap().count();
    let before = count();
    written(&program, "out", "sql");
    assert_eq!(count(), 2 * before);
}

#[test]
fn the_sum_of_an_atlas_folder_goes_along() {
    let program = Program::new();
    let name = "20260101000000_a.sql";
    let sum = |files: Vec<(&str, &[u8])>| atlas_sum(files);
    program
        .write("schema.sql", SCHEMA)
        .write(&format!("out/{name}"), "SELECT 1;\n")
        .write("out/atlas.sum", &sum(vec![(name, b"SELECT 1;\n")]));
    let ran = written(&program, "out", "atlas");
    let mut files: Vec<(String, String)> = std::fs::read_dir(program.path("out"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().display().to_string();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    assert!(files.len() > 2, "{}", ran.all());
    let at = files.iter().position(|(name, _)| name == "atlas.sum");
    let (_, after) = files.remove(at.unwrap());
    let files = files.iter();
    let files = files.map(|(name, text)| (name.as_str(), text.as_bytes()));
    assert_eq!(after, sum(files.collect()), "{}", ran.all());
}
