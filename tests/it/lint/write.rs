//! `check --write`: fixes of findings as migrations that are found clean.

use std::fmt::Write as _;

use insta::assert_snapshot;

use crate::support::Program;

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
