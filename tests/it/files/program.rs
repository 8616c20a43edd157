//! Files through the program.

use crate::support::Program;

const STATEMENTS: &str =
    r#"[{"queryid": 1, "query": "SELECT 'x'", "calls": 5, "total_exec_time": 10, "mystery": 1}]"#;

#[test]
fn files_alone_are_judged_without_a_server() {
    let program = Program::new();
    program.write("shop.json", STATEMENTS);
    let ran = program.run(&["check", "--statements", "shop.json", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("\"databases\""), "{ran:?}");
    assert_eq!(
        ran.stderr,
        "pgtriage: shop.json: columns that pg_stat_statements is not known to have were left out (1):\n  mystery\n"
    );
    let question = "SELECT text, calls FROM statement_totals";
    let ran = program.run(&[
        "sql",
        question,
        "--format",
        "csv",
        "-q",
        "--statements",
        "shop.json",
    ]);
    assert_eq!(ran.stdout, "text,calls\r\nSELECT $1,5\r\n");
    let ran = program.run(&[
        "sql",
        question,
        "--format",
        "csv",
        "-q",
        "--statements",
        "shop.json",
        "--keep-literals",
    ]);
    assert_eq!(ran.stdout, "text,calls\r\nSELECT 'x',5\r\n");
    // Without a terminal the screen is a report.
    let ran = program.run(&["--workload", "shop.sql"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(
        ran.stderr.contains("cannot read shop.sql: No such file"),
        "{ran:?}"
    );
}

#[test]
fn files_become_a_snapshot_and_stand_over_one() {
    let program = Program::new();
    program.write("shop.json", STATEMENTS);
    program.write("new.sql", "SELECT a FROM t;");
    let ran = program.run(&[
        "snapshot",
        "-q",
        "-o",
        "a.facts",
        "--statements",
        "shop.json",
    ]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let question = "SELECT group_concat(text) FROM statements";
    let ran = program.run(&[
        "sql",
        question,
        "--format",
        "csv",
        "--snapshot",
        "a.facts",
        "--workload",
        "new.sql",
    ]);
    assert_eq!(
        ran.stdout, "group_concat(text)\r\nSELECT a FROM t\r\n",
        "{ran:?}"
    );
    let ran = program.run(&[
        "snapshot",
        "-o",
        "b.facts",
        "--samples",
        "3",
        "--workload",
        "new.sql",
    ]);
    assert!(ran.stderr.contains("--samples is for a server"), "{ran:?}");
}

#[test]
fn files_of_the_settings_hold_too() {
    let program = Program::new();
    program.write("facts/shop.json", STATEMENTS);
    program.write(
        "pgtriage.toml",
        "[source]\nstatements = [\"facts/shop.json\"]\nfacts = [\"pg_settings=facts/none.json\"]\n",
    );
    let ran = program.run(&["check"]);
    assert!(
        ran.stderr.contains("cannot read facts/none.json"),
        "{ran:?}"
    );
    program.write("pgtriage.toml", "[source]\nfacts = [\"pg_settings\"]\n");
    let ran = program.run(&["check"]);
    assert!(
        ran.stderr.contains("is not of the form NAME=FILE"),
        "{ran:?}"
    );
    let ran = program.run(&["check", "--facts", "pg_settings"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    // Files by hand are all that is read, whatever server the settings name.
    program.write(
        "pgtriage.toml",
        "[source]\ndbname = \"host=nowhere.invalid\"\n",
    );
    let ran = program.run(&[
        "check",
        "-q",
        "--statements",
        "facts/shop.json",
        "--format",
        "json",
    ]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
}
