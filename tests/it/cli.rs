//! The command line on snapshots: exit codes, messages, formats.

use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::Program;

/// Pages of a family of their own, so that the built-in rules may change.
const LARGE: &str = r#"+++
title = "Table is large"
severity = "warning"
since = "0.1"
needs = ["relations"]

[params.min_size]
value = "1MB"
why = "less is no matter"
+++

## What it finds
Tables above `min_size`.

## Why it matters
They **grow**.

## How to fix it
- Drop them.
- Or not.

## When to ignore it
Always.

## Query
```sql
SELECT id AS relation_id, quote_name(schema, name) AS object,
       'takes ' || human_bytes(size_bytes) AS detail, size_bytes AS reclaim_bytes,
       CASE WHEN size_bytes > 1000000000 THEN 'error' END AS severity,
       'DROP TABLE ' || quote_name(schema, name) || ';' AS fix, row_estimate, owner
FROM relations WHERE size_bytes >= :min_size
```

## Cannot judge
```sql
SELECT quote_name(schema, name) AS object, 'its size is unknown' AS because,
       'GRANT pg_monitor TO app;' AS remedy
FROM relations WHERE size_bytes IS NULL
```

## Cases
### Fires: above
```sql facts
INSERT INTO relations (id, name, size_bytes) VALUES (1, 'orders', 2000000);
```
```expect
warning public.orders
```
### Silent: below
```sql facts
INSERT INTO relations (id, name, size_bytes) VALUES (1, 'orders', 2000);
```
### Cannot judge: unknown
```sql facts
INSERT INTO relations (id, name, size_bytes) VALUES (1, 'orders', NULL);
```
```expect
public.orders
```
"#;

pub const SLOW: &str = r#"+++
title = "Statement is slow"
severity = "warning"
since = "0.1"
needs = ["statements"]
no_fix = "a test"
+++

## What it finds
Statements.

## Why it matters
It does not.

## How to fix it
By hand.

## When to ignore it
Always.

## Query
```sql
SELECT id AS statement_id, substr(text, 1, 20) AS object, 'is slow' AS detail,
       3600000.0 AS impact_ms_per_hour, 'info' AS severity, 'likely' AS confidence
FROM statements
```

## Cases
### Fires: one
```sql facts
INSERT INTO statements (id, fingerprint, text) VALUES (1, 'f1:1', 'SELECT 1');
```
```expect
SELECT 1
```
### Silent: none
```sql facts
SELECT 1;
```
"#;

const FACTS: &str = "
INSERT INTO relations (id, name, owner, size_bytes, row_estimate) VALUES
  (1, 'orders', 'shop', 5000000, 1000), (2, 'audit', 'shop', 5000000000, 200000), (3, 'locked', 'shop', NULL, NULL),
  (4, 'legacy', 'shop', 7000000, 5);
INSERT INTO statements (id, fingerprint, text) VALUES (1, 'f1:aa', 'SELECT * FROM orders WHERE note = $1');
";

const CONFIG: &str = r#"
[rules]
paths = ["ops"]

[[ignore]]
rule = "acme/large"
object = "public.legacy"
reason = "dropped in release 42"

[[ignore]]
rule = "acme/*"
object = "public.nothing"
reason = "a test"
until = 2020-01-01
"#;

fn program() -> Program {
    let program = Program::new();
    program
        .write("ops/acme/large.md", LARGE)
        .write("ops/acme/slow.md", SLOW)
        .write("pgtriage.toml", CONFIG)
        .snapshot("a.facts", FACTS);
    program
}

/// Runs, with the options that choose the family.
fn acme(program: &Program, more: &[&str]) -> crate::support::Ran {
    let first = ["check", "--snapshot", "a.facts", "--family", "acme"];
    program.run(&[&first, more].concat())
}

#[test]
fn findings_in_every_format() {
    let program = program();
    assert_snapshot!("table", acme(&program, &[]).all());
    assert_snapshot!("markdown", acme(&program, &["--format", "markdown"]).all());
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let json = acme(&program, &["--format", "json"]).all();
    assert_snapshot!("json", json.replace(&version, "\"version\": \"[version]\""));
    let mut wide = program.command(&["check", "--snapshot", "a.facts", "--family", "acme", "-v"]);
    let wide = wide.env("COLUMNS", "180").output().unwrap();
    assert_snapshot!("wide", String::from_utf8(wide.stdout).unwrap());
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let program = program();
    for columns in ["30", "60", "80", "109", "110", "159", "160", "300"] {
        let mut command = program.command(&["check", "--snapshot", "a.facts"]);
        let output = command.env("COLUMNS", columns).output().unwrap();
        let width: usize = columns.parse().unwrap();
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            // Statements that help are given whole, to be copied.
            if !line.starts_with("      ") {
                let length = pgtriage::report::wrap::width(line);
                assert!(length <= width, "{length} > {width}: {line}");
            }
        }
    }
}

#[test]
fn exit_codes_of_check() {
    let program = program();
    for (arguments, code) in [
        (&[][..], 1),
        (&["--fail-on", "never"], 0),
        (&["--fail-on", "warning"], 1),
        (&["--rule", "acme/slow"], 0),
        (&["--rule", "acme/slow", "--fail-on", "info"], 1),
        // What is not shown still counts.
        (&["--limit", "0"], 1),
        (&["--fail-on", "never", "--strict"], 3),
        (&["--rule", "acme/slow", "--strict"], 0),
        (&["--rule", "acme/large", "--output", "report.txt"], 1),
    ] {
        let ran = acme(&program, arguments);
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}", ran.all());
    }
    let report = std::fs::read_to_string(program.path("report.txt")).unwrap();
    assert!(report.contains("public.audit"), "{report}");
}

#[test]
fn what_is_left_out_is_counted() {
    let program = program();
    for (arguments, said) in [
        (
            &["--min-severity", "warning", "--limit", "1"][..],
            "2 findings: 1 error, 1 warning, of which the gravest is listed. 1 finding below\nwarning not shown.\n",
        ),
        (
            &["--limit", "0"],
            "3 findings: 1 error, 1 warning, 1 info, none of them listed.\n",
        ),
        (
            &["--min-severity", "error"],
            "1 finding: 1 error. 2 findings below error not shown.\n",
        ),
    ] {
        let ran = acme(&program, arguments);
        assert!(ran.stdout.contains(said), "{arguments:?}: {}", ran.stdout);
    }
}

#[test]
fn a_baseline_lets_only_new_findings_fail() {
    let program = program();
    let ran = acme(&program, &[]);
    assert_eq!(ran.code, Some(1));
    let write = [
        "check",
        "--snapshot",
        "a.facts",
        "--write-baseline",
        "base.json",
        "--quiet",
    ];
    let ran = program.run(&write);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (Some(0), ""),
        "{}",
        ran.all()
    );
    let with = ["--baseline", "base.json"];
    let ran = acme(&program, &with);
    assert_eq!(ran.code, Some(0));
    assert!(
        ran.stdout
            .starts_with("Nothing new found. 3 findings of the baseline not shown.\n"),
        "{}",
        ran.stdout
    );

    program.snapshot(
        "a.facts",
        &FACTS
            .replace("'orders', 'shop', 5000000", "'orders', 'shop', 3000000000")
            .replace("(2, 'audit', 'shop', 5000000000, 200000), ", ""),
    );
    let ran = acme(&program, &with);
    assert_eq!(ran.code, Some(1), "graver than before is new");
    assert!(ran.stdout.contains("1 finding: 1 error, 0 warnings, 0 info. 1 finding of the baseline not shown. 1\nfinding of the baseline no longer found."), "{}", ran.stdout);
    let json = acme(&program, &["--baseline", "base.json", "--format", "json"]).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    let new: Vec<bool> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["new"].as_bool().unwrap())
        .collect();
    assert_eq!(new, [true, false]);
    assert_eq!(json["resolved"].as_array().unwrap().len(), 1);
}

/// What whoever asked is told, and the exit code: 2 for all of these.
#[test]
fn mistakes_are_told_in_a_sentence() {
    let program = program();
    program
        .write("broken/pgtriage.toml", "[rules\n")
        .write("typo/pgtriage.toml", "[check]\nfail_onn = \"error\"\n")
        .write(
            "param/pgtriage.toml",
            "[rules.\"index/unused\"]\nmin_siez = \"1MB\"\n",
        )
        .write(
            "reason/pgtriage.toml",
            "[[ignore]]\nrule = \"index/unused\"\n",
        )
        .write("folder/pgtriage.toml", "[rules]\npaths = [\"nowhere\"]\n")
        .write("page/pgtriage.toml", "[rules]\npaths = [\"x\"]\n")
        .write(
            "page/x/acme/large.md",
            &LARGE.replace("FROM relations WHERE", "FROM relation WHERE"),
        )
        .write("text.facts", "hello")
        .write("empty.facts", "")
        .write("base.json", "{}");
    let whole = std::fs::read(program.path("a.facts")).unwrap();
    std::fs::write(program.path("cut.facts"), &whole[..whole.len() / 2]).unwrap();
    let newer = rusqlite::Connection::open(program.path("a.facts")).unwrap();
    newer
        .execute(
            "VACUUM INTO ?1",
            [program.path("newer.facts").to_str().unwrap()],
        )
        .unwrap();
    let newer = rusqlite::Connection::open(program.path("newer.facts")).unwrap();
    newer
        .execute_batch("PRAGMA user_version = 99; UPDATE snapshot SET tool_version = '9.9'")
        .unwrap();

    let runs: &[&[&str]] = &[
        &["chek"],
        &["shop"],
        &["-d", "shop", "check"],
        &["check", "shop"],
        &["check", "--snapshot", "a.facts", "-d", "shop"],
        &["check", "--fail-on", "bad"],
        &["check", "--statement-timeout", "0s"],
        &["check", "--snapshot", "missing.facts"],
        &["check", "--snapshot", "text.facts"],
        &["check", "--snapshot", "empty.facts"],
        &["check", "--snapshot", "cut.facts"],
        &["check", "--snapshot", "newer.facts"],
        &["check", "--snapshot", "a.facts", "--rule", "acme/larg"],
        &["check", "--snapshot", "a.facts", "--family", "indx"],
        &[
            "check",
            "--snapshot",
            "a.facts",
            "--baseline",
            "missing.json",
        ],
        &["check", "--snapshot", "a.facts", "--baseline", "base.json"],
        &[
            "check",
            "--snapshot",
            "a.facts",
            "--output",
            "nowhere/report.txt",
            "--limit",
            "0",
        ],
        &["check", "-d", "servce=shop"],
        &["check", "-d", "service=nowhere"],
        &["check", "-d", "host=/nowhere port=many"],
        &["snapshot"],
        &["snapshot", "-o", "a.facts"],
        &["snapshot", "-o", "nowhere/a.facts"],
        &["explain", "acme/larg"],
        &["rules", "--config", "missing.toml"],
        &["rules", "--config", "broken/pgtriage.toml"],
        &["rules", "--config", "typo/pgtriage.toml"],
        &["rules", "--config", "param/pgtriage.toml"],
        &["rules", "--config", "reason/pgtriage.toml"],
        &["rules", "--config", "folder/pgtriage.toml"],
        &["rules", "--config", "page/pgtriage.toml"],
        &["rules", "check", "missing.md"],
        &["sql", "--snapshot", "a.facts", "SELECT * FROM relation"],
        &["sql", "--snapshot", "a.facts", "SELECT nam FROM relations"],
        &["sql", "--snapshot", "a.facts", "SELECT 1; SELECT 2"],
        &["sql", "--snapshot", "a.facts", "SELECT 1 FORM relations"],
        &["sql", "--snapshot", "a.facts", "DELETE FROM relations"],
        &["sql", "--snapshot", "a.facts", "ATTACH 'x' AS y"],
        &["sql", "--snapshot", "a.facts", "PRAGMA writable_schema = 1"],
        &["sql", "--snapshot", "a.facts", ""],
        &["sql", "--snapshot", "a.facts", "-f", "missing.sql"],
        &["demo", "--server-bin", "nowhere"],
    ];
    let mut all = String::new();
    for arguments in runs {
        let ran = program.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.all());
        assert_eq!(ran.stdout, "", "{arguments:?}");
        all += &format!("$ pgtriage {}\n{}\n", arguments.join(" "), ran.stderr);
    }
    assert_snapshot!(all);
}

#[test]
fn a_server_that_is_not_there_is_exit_code_3() {
    let program = program();
    for (conninfo, said) in [
        ("host=127.0.0.1 port=1", "could not connect to 127.0.0.1:1"),
        ("host=/nowhere", "could not connect to /nowhere"),
        (
            "postgres://127.0.0.1:1/x?sslmode=require",
            "could not connect to 127.0.0.1:1",
        ),
    ] {
        for command in ["check", "snapshot", "ui"] {
            let mut arguments = vec![command, conninfo];
            match command {
                "snapshot" => arguments.extend(["-o", "b.facts"]),
                "ui" => drop(arguments.remove(0)),
                _ => {}
            }
            let ran = program.run(&arguments);
            assert_eq!(ran.code, Some(3), "{}", ran.all());
            assert!(ran.stderr.contains(said), "{}", ran.stderr);
            assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
        }
    }
}

#[test]
fn what_a_server_sends_cannot_act_on_a_terminal_or_a_ticket() {
    let program = program();
    let name = "a\u{1b}]0;pwned\u{7}\u{202e}b|`x`*<b>c";
    program.snapshot("a.facts", &format!(
        "INSERT INTO relations (id, name, size_bytes) VALUES (1, '{name}', 5000000);
         INSERT INTO missing_facts (table_name, reason, remedy) VALUES ('statements', 'no \u{1b}[31m', 'GRANT \u{1b}[2J')"
    ));
    for format in ["table", "json", "markdown"] {
        let ran = acme(&program, &["--format", format, "--fail-on", "never"]);
        for c in ['\u{1b}', '\u{7}', '\u{202e}'] {
            assert!(!ran.stdout.contains(c), "{format}: {:?}", ran.stdout);
        }
        assert!(ran.stdout.contains("pwned"), "{format}: {}", ran.stdout);
        if format == "json" {
            let json: Value = serde_json::from_str(&ran.stdout).unwrap();
            assert_eq!(json["findings"][0]["object"], format!("public.\"{name}\""));
        }
        if format == "markdown" {
            assert!(
                ran.stdout
                    .contains(r#"``public."a\u{1b}]0;pwned\u{7}\u{202e}b|`x`*<b>c"``"#),
                "{}",
                ran.stdout
            );
        }
    }
    for format in ["table", "json", "markdown"] {
        let query = [
            "sql",
            "--snapshot",
            "a.facts",
            "SELECT name FROM relations",
            "--format",
            format,
        ];
        assert!(!program.run(&query).stdout.contains('\u{1b}'), "{format}");
    }
}

#[test]
fn rows_in_every_format() {
    let program = program();
    let query = "SELECT name, row_estimate, name, 1.5 AS \"a,b\", 'x|y' || char(10) || '\"z\"' AS text, '' AS empty
                 FROM relations WHERE id IN (1, 3)";
    let mut all = String::new();
    for format in ["table", "csv", "markdown", "json"] {
        let ran = program.run(&["sql", "--snapshot", "a.facts", "--format", format, query]);
        let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
        all += &ran
            .all()
            .replace('\r', "")
            .replace(&version, "\"version\": \"[version]\"");
    }
    assert_snapshot!(all);
}

#[test]
fn questions_come_from_a_file_or_stdin_and_see_findings() {
    let program = program();
    let query =
        "SELECT rule, severity, object FROM findings WHERE rule LIKE 'acme/%' ORDER BY rank";
    program.write("q.sql", query);
    let expected = program
        .run(&["sql", "--snapshot", "a.facts", query, "--format", "csv"])
        .stdout;
    assert_eq!(
        expected,
        "rule,severity,object\r\nacme/large,error,public.audit\r\nacme/large,warning,public.orders\r\nacme/slow,info,SELECT * FROM orders\r\n"
    );
    let file = program
        .run(&[
            "sql",
            "--snapshot",
            "a.facts",
            "-f",
            "q.sql",
            "--format",
            "csv",
        ])
        .stdout;
    assert_eq!(file, expected);
    for more in [&[][..], &["-"]] {
        let arguments = [&["sql", "--snapshot", "a.facts", "--format", "csv"], more].concat();
        let mut command = program.command(&arguments);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(query.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    }
    // The snapshot itself stays as it is.
    let saved = rusqlite::Connection::open(program.path("a.facts")).unwrap();
    let findings: i64 = saved
        .query_row("SELECT count(*) FROM findings", [], |row| row.get(0))
        .unwrap();
    assert_eq!(findings, 0);
}

#[test]
fn a_runaway_question_is_ended() {
    let program = program();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT";
    for (tail, said) in [
        ("count(*) FROM n", "took longer than 300 ms and was ended"),
        ("randomblob(60000000) FROM n", "larger than"),
    ] {
        let start = Instant::now();
        let timeout = if tail.starts_with("count") {
            "300ms"
        } else {
            "1min"
        };
        let query = format!("{endless} {tail}");
        let ran = program.run(&["sql", "--snapshot", "a.facts", "--timeout", timeout, &query]);
        assert_eq!(ran.code, Some(2), "{}", ran.all());
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
        assert!(start.elapsed() < Duration::from_secs(40));
    }
}

#[test]
fn a_wide_row_becomes_a_list() {
    let program = program();
    let rows = "SELECT * FROM pragma_table_info('relations') LIMIT 1";
    let ran = program.run(&["sql", "--snapshot", "a.facts", rows]);
    assert!(ran.stdout.contains("cid"), "{}", ran.stdout);
    // Not on a terminal every row stays on its line.
    assert_eq!(ran.stdout.lines().count(), 4, "{}", ran.stdout);
}

#[test]
fn the_list_of_tables_needs_no_server() {
    let ran = program().run(&["sql"]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    for name in [
        "Tables",
        "relations",
        "missing_facts",
        "Views",
        "statement_rate",
    ] {
        assert!(ran.stdout.contains(name), "{name}: {}", ran.stdout);
    }
}

#[test]
fn rules_are_listed_explained_and_checked() {
    let program = program();
    let mut all = String::new();
    let own = |ran: crate::support::Ran| {
        let lines = ran.stdout.lines().enumerate();
        let lines = lines.filter(|(n, line)| {
            *n < 2
                || line.contains("acme/")
                || line.contains("Table is large")
                || line.contains("Statement is slow")
        });
        lines
            .map(|(_, line)| format!("{line}\n"))
            .collect::<String>()
    };
    all += &own(program.run(&["rules"]));
    all += &own(program.run(&["rules", "--snapshot", "a.facts"]));
    all += &program.run(&["explain", "acme/large"]).all();
    all += &program.run(&["rules", "check", "ops"]).all();
    let wrong = LARGE.replace("severity = \"warning\"", "severity = \"grave\"");
    program.write("bad/acme/large.md", &wrong);
    all += &program.run(&["rules", "check", "bad/acme/large.md"]).all();
    let wrong = LARGE.replace("warning public.orders", "public.order");
    program.write("bad/acme/large.md", &wrong);
    all += &program
        .run(&["rules", "check", "ops/acme/slow.md", "bad"])
        .all();
    assert_snapshot!(all);

    let json = program
        .run(&["rules", "--format", "json", "--snapshot", "a.facts"])
        .stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    let rules = json["rules"].as_array().unwrap();
    let large = rules
        .iter()
        .find(|rule| rule["id"] == "acme/large")
        .unwrap();
    assert_eq!(large["source"], "ops/acme/large.md");
    assert_eq!(
        (&large["status"], &large["findings"]),
        (&Value::from("run"), &Value::from(2))
    );
}

#[test]
fn the_built_in_pages_can_be_checked_as_files() {
    let program = program();
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/index");
    let ran = program.run(&["rules", "check", rules]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
}

#[test]
fn without_a_terminal_the_findings_are_printed() {
    let program = program();
    let ran = program.run(&["--snapshot", "a.facts"]);
    // Exit code 0: nobody asked for a verdict.
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    assert!(ran.stdout.contains("public.audit"), "{}", ran.stdout);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let program = program();
    let many: String = (10..4000)
        .map(|n| {
            format!("INSERT INTO relations (id, name, size_bytes) VALUES ({n}, 't{n}', 5000000);")
        })
        .collect();
    program.snapshot("a.facts", &many);
    for arguments in [
        &["check", "--snapshot", "a.facts"][..],
        &["sql", "--snapshot", "a.facts", "SELECT * FROM relations"],
    ] {
        let mut command = program.command(arguments);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut byte = [0];
        child.stdout.take().unwrap().read_exact(&mut byte).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            "",
            "{arguments:?}"
        );
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn colour_is_asked_for_or_comes_with_a_terminal() {
    let program = program();
    let coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let first = ["check", "--snapshot", "a.facts", "--family", "acme"];
        let mut command = program.command(&[&first, arguments].concat());
        let output = command.envs(variables.iter().copied()).output().unwrap();
        String::from_utf8(output.stdout).unwrap().contains("\x1b[")
    };
    let no_color = ("NO_COLOR", "1");
    assert!(!coloured(&[], &[]));
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&["--color", "always"], &[no_color]));
    assert!(coloured(&[], &[("PGTRIAGE_COLOR", "always"), no_color]));
    assert!(!coloured(
        &["--color", "never"],
        &[("PGTRIAGE_COLOR", "always")]
    ));
    program.write(
        "pgtriage.toml",
        &format!("{CONFIG}\n[output]\ncolor = \"always\"\n"),
    );
    assert!(coloured(&[], &[no_color]));
    assert!(!coloured(&[], &[("PGTRIAGE_COLOR", "never")]));
}

#[test]
fn completions_and_manual_pages_are_whole() {
    let program = program();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = program.run(&["completions", shell]);
        assert_eq!(ran.code, Some(0), "{}", ran.all());
        assert!(ran.stdout.contains("write-baseline"), "{shell}");
    }
    assert!(program.run(&["man"]).stdout.contains(".TH pgtriage 1"));
    std::fs::create_dir(program.path("man")).unwrap();
    assert_eq!(program.run(&["man", "--to", "man"]).code, Some(0));
    assert!(program.path("man/pgtriage-check.1").exists());
}

#[test]
fn help_says_what_each_command_takes() {
    let program = program();
    let mut all = String::new();
    for command in [
        &[][..],
        &["check"],
        &["logs"],
        &["snapshot"],
        &["sql"],
        &["rules"],
        &["rules", "check"],
        &["explain"],
        &["demo"],
        &["completions"],
        &["man"],
    ] {
        let ran = program.run(&[command, &["-h"]].concat());
        assert_eq!(ran.code, Some(0));
        all += &format!("$ pgtriage {} -h\n{}\n", command.join(" "), ran.stdout);
    }
    assert_snapshot!(all);
}
