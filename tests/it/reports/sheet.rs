//! What reports say, and in which form.

use std::collections::BTreeSet;

use base64::Engine as _;
use insta::assert_snapshot;
use pgtriage::facts::Store;
use pgtriage::report::sheet::{MOST_BYTES, Shift, shifts};
use sha2::{Digest, Sha256};

use crate::support::Program;

const DAY: i64 = 86_400_000_000;

/// A rule of our own, so that the built-in ones may change.
const RULE: &str = r#"+++
title = "Table is large"
severity = "warning"
since = "0.1"
needs = ["relations"]
no_fix = "a test"

[params.min_size]
value = "1MB"
why = "less is no matter"
+++

## What it finds
Tables above `min_size`.

## Why it matters
They **grow** & `<grow>`.

## How to fix it
- Drop them.

## When to ignore it
Always.

## Query
```sql
SELECT id AS relation_id, quote_name(schema, name) AS object, 'takes ' || human_bytes(size_bytes) AS detail,
       size_bytes AS reclaim_bytes, owner, CASE WHEN size_bytes > 1000000000 THEN 'error' END AS severity
FROM relations WHERE size_bytes >= :min_size
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
"#;

/// Of a day ago.
const BEFORE: &str = "UPDATE snapshot SET created_at = created_at - 86400000000;
    UPDATE samples SET captured_at = captured_at - 86400000000;";

/// A program that knows our rule and no other one.
fn program() -> Program {
    let program = Program::new();
    program.write("rules/acme/large.md", RULE);
    let mut config = "[rules]\npaths = [\"rules\"]\n".to_owned();
    for id in pgtriage::engine::Pages::load(Vec::new()).unwrap().ids() {
        config += &format!("[rules.\"{id}\"]\nenabled = false\nreason = \"a test\"\n");
    }
    program.write("pgtriage.toml", &config);
    program
}

fn report(program: &Program, form: &str, since: bool) -> String {
    let mut arguments = vec!["report", "--snapshot", "now.facts", form, "-"];
    if since {
        arguments.extend(["--since", "then.facts"]);
    }
    let ran = program.run(&arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    ran.stdout
}

#[test]
fn what_changed_comes_first() {
    let program = program();
    let then = format!(
        "{BEFORE}
         INSERT INTO relations (id, name, size_bytes, owner) VALUES (1, 'same', 2000000, 'app'), (2, 'gone', 3000000, 'app'),
           (3, 'grown', 900000000, 'app'), (4, 'fatter', 2000000, 'app'), (5, 'thinner', 9000000, 'app');
         INSERT INTO settings (name, value, unit, vartype, server_value, server_value_num) VALUES
           ('work_mem', '4096', 'kB', 'integer', '4096', 4194304), ('jit', 'on', NULL, 'bool', 'on', 1);"
    );
    program.snapshot("then.facts", &then);
    program.snapshot(
        "now.facts",
        "INSERT INTO relations (id, name, size_bytes, owner) VALUES (1, 'same', 2100000, 'app'), (2, 'fresh', 3000000, 'app'),
           (3, 'grown', 1900000000, 'app'), (4, 'fatter', 4000000, 'app'), (5, 'thinner', 3000000, 'app');
         INSERT INTO settings (name, value, unit, vartype, server_value, server_value_num) VALUES
           ('work_mem', '65536', 'kB', 'integer', '65536', 67108864), ('jit', 'on', NULL, 'bool', 'on', 1);
         INSERT INTO roles (id, name) VALUES (1, 'app');
         INSERT INTO role_settings (role_id, name, value) VALUES (1, 'lock_timeout', '2s');
         INSERT INTO missing_facts (table_name, object, reason, remedy) VALUES
           ('column_statistics', 'public.same', 'permission denied', 'GRANT pg_read_all_data TO triage;');",
    );
    insta::with_settings!({ snapshot_path => "../snapshots" }, {
        let report = report(&program, "--markdown", true);
        // How many there are changes with each new rule.
        let report = regex::Regex::new("[0-9]+ switched off").unwrap().replace(&report, "N switched off");
        assert_snapshot!(report);
    });
    let html = report(&program, "--html", true);
    for words in [
        "1 new, 2 worse, 1 better, 1 resolved, 1 as before",
        "GRANT pg_read_all_data TO triage;",
        "64.0 MB",
    ] {
        assert!(html.contains(words), "{words}");
    }
    // The older one by itself has nothing to be compared with.
    assert!(report(&program, "--markdown", false).contains("what is new is not known"));
}

#[test]
fn exit_codes_are_those_of_check() {
    let program = program();
    program.snapshot(
        "now.facts",
        "INSERT INTO relations (id, name, size_bytes) VALUES (1, 'a', 2000000);",
    );
    for (arguments, code) in [
        (&["--html", "a.html", "--markdown", "-"][..], 0),
        (&["--html", "a.html", "--fail-on", "warning"], 1),
        (&["--html", "a.html", "--fail-on", "error"], 0),
        (&["--html", "-", "--markdown", "-"], 2),
        (&[], 2),
        (&["--html", "no/such/folder/a.html"], 2),
    ] {
        let all = [&["report", "--snapshot", "now.facts"], arguments].concat();
        let ran = program.run(&all);
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}", ran.all());
    }
}

/// Names of elements that a report may hold.
const ELEMENTS: [&str; 37] = [
    "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "nav",
    "ul", "li", "main", "section", "div", "table", "caption", "thead", "tbody", "tr", "th", "td",
    "code", "pre", "article", "span", "details", "summary", "dl", "dt", "dd", "strong", "footer",
    "!DOCTYPE",
];

/// Checks that elements are known, closed in order, and have no attribute that could act.
fn well_formed(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    let body = html.split_once("<style>").unwrap();
    let (style, rest) = body.1.split_once("</style>").unwrap();
    assert!(
        !style.contains('<') && !style.contains("url(") && !style.contains("@import"),
        "{style}"
    );
    let text = format!("{}<style></style>{rest}", body.0);
    let mut ids = BTreeSet::new();
    let mut links = BTreeSet::new();
    for part in text.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap_or_else(|| panic!("{part}"));
        let name = tag
            .trim_start_matches('/')
            .split_whitespace()
            .next()
            .unwrap();
        assert!(ELEMENTS.contains(&name), "<{tag}>");
        for attribute in tag
            .split('"')
            .step_by(2)
            .flat_map(str::split_whitespace)
            .skip(1)
        {
            let attribute = attribute.trim_end_matches('=');
            let known = [
                "lang",
                "charset",
                "http-equiv",
                "content",
                "name",
                "class",
                "id",
                "href",
                "scope",
                "role",
                "tabindex",
                "data-h",
            ];
            let is_label = attribute.starts_with("aria-");
            assert!(
                known.contains(&attribute) || is_label || name == "!DOCTYPE",
                "{attribute} in <{tag}>"
            );
        }
        if let Some(id) = tag.split(" id=\"").nth(1) {
            let id = id.split('"').next().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} is there twice");
        }
        if let Some(link) = tag.split(" href=\"").nth(1) {
            let link = link.split('"').next().unwrap();
            assert!(link.starts_with('#'), "{link}");
            links.insert(link[1..].to_owned());
        }
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "</{name}> closes nothing");
        } else if name != "meta" && name != "!DOCTYPE" {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(links.is_subset(&ids), "{:?}", links.difference(&ids));
}

#[test]
fn hostile_names_stay_names() {
    let program = program();
    let hostile = "</code></td><script>alert(1)</script>|x|`y` \" onload=\"z' \u{1b}[31m\u{202e} &lt; --><img src=x onerror=alert(1)>";
    let quoted = hostile.replace('\'', "''");
    let world = format!(
        "INSERT INTO relations (id, schema, name, size_bytes, owner) VALUES (1, 'public', '{quoted}', 2000000, '{quoted}');
         UPDATE samples SET statements_reset_at = captured_at - 3600000000;
         INSERT INTO statements (id, fingerprint, text) VALUES (1, 'f1:1', 'SELECT ''{quoted}'' -- {quoted}'), (2, 'f1:2', '{quoted}');
         INSERT INTO statement_counters (statement_id, queryid, calls, rows, total_exec_ms) VALUES (1, 1, 100, 1, 5000), (2, 2, 100, 1, 100);
         INSERT INTO bloat_estimates (relation_id, size_bytes, bloat_bytes, plus_minus_bytes) VALUES (1, 2000000, 1000000, 1000);
         INSERT INTO settings (name, value, server_value) VALUES ('cluster_name', '{quoted}', '{quoted}');
         INSERT INTO missing_facts (table_name, object, reason, remedy) VALUES ('sequences', '{quoted}', '{quoted}', '{quoted}');
         UPDATE nodes SET version = '{quoted}', address = '{quoted}', label = '{quoted}';
         UPDATE databases SET name = '{quoted}';"
    );
    program.snapshot("now.facts", &world);
    let then = world.replace("'f1:1'", "'f1:3'").replace(
        "server_value) VALUES ('cluster_name', '",
        "server_value) VALUES ('cluster_name', 'old ",
    );
    program.snapshot("then.facts", &format!("{BEFORE}{then}"));
    for since in [false, true] {
        let html = report(&program, "--html", since);
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(!html.chars().any(|c| c.is_control() && c != '\n'));
        assert!(!html.contains('\u{202e}'));
        well_formed(&html);
        let markdown = report(&program, "--markdown", since);
        assert!(!markdown.chars().any(|c| c.is_control() && c != '\n'));
        // Every row has as many cells as its head, and no mark opens outside of code.
        let mut cells = 0;
        let mut is_code = false;
        for line in markdown.lines() {
            if line.trim_start().starts_with("```") {
                is_code = !is_code;
            }
            let bars = line.replace("\\|", "").matches('|').count();
            if is_code || !line.starts_with('|') {
                cells = 0;
                continue;
            }
            assert!(cells == 0 || cells == bars, "{line}");
            cells = bars;
        }
    }
}

#[test]
fn the_file_loads_nothing_and_allows_its_own_style_only() {
    let program = program();
    program.snapshot(
        "now.facts",
        "INSERT INTO relations (id, name, size_bytes) VALUES (1, 'a', 2000000);",
    );
    let html = report(&program, "--html", false);
    well_formed(&html);
    let style = html
        .split_once("<style>")
        .unwrap()
        .1
        .split_once("</style>")
        .unwrap()
        .0;
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style.as_bytes()));
    let policy = format!("content=\"default-src 'none'; style-src 'sha256-{hash}';");
    assert!(html.contains(&policy), "{policy}");
    for needed in [
        "<html lang=\"en\">",
        "name=\"viewport\"",
        "<caption>",
        "scope=\"col\"",
        "prefers-color-scheme:dark",
        "@media print",
    ] {
        assert!(html.contains(needed), "{needed}");
    }
    assert_eq!(html.matches("<h1>").count(), 1);
}

#[test]
fn a_large_report_says_what_it_leaves_out() {
    let program = program();
    let evil = "<".repeat(3_000);
    let world = format!(
        "UPDATE samples SET statements_reset_at = captured_at - 3600000000;
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5000)
         INSERT INTO relations (id, name, size_bytes, owner) SELECT n, 'table_' || n || '{evil}', 2000000 + n, '{evil}' FROM n;
         INSERT INTO statements (id, fingerprint, text) SELECT id, 'f1:' || id, 'SELECT ' || id || ' FROM t WHERE x < 1' FROM relations WHERE id <= 3000;
         INSERT INTO statement_counters (statement_id, queryid, calls, rows, total_exec_ms) SELECT id, id, 100, 1, 100 + id FROM statements;
         INSERT INTO missing_facts (table_name, object, reason) SELECT 'relations', name, 'locked by ' || name FROM relations;"
    );
    program.snapshot("now.facts", &world);
    program.snapshot(
        "then.facts",
        &format!("{BEFORE}{}", world.replace("100 + id FROM", "50 + id FROM")),
    );
    for (form, since) in [("--html", true), ("--markdown", false)] {
        let text = report(&program, form, since);
        assert!(text.len() < MOST_BYTES, "{form}: {}", text.len());
        assert!(
            text.len() > MOST_BYTES / 8,
            "{form} leaves out too much: {}",
            text.len()
        );
        assert!(text.contains("more findings are left out"), "{form}");
        assert!(text.contains("5000 findings"), "{form}");
        assert!(text.contains("characters more"), "{form}");
    }
}

/// Facts with counters of statements: (fingerprint, query id, calls, ms).
fn counted(days_ago: i64, reset_days_ago: i64, rows: &[(&str, i64, i64, f64)]) -> Store {
    let store = Store::in_memory().unwrap();
    let world = include_str!("../../../src/engine/base_world.sql");
    let facts = store.connection();
    facts.execute_batch(world).unwrap();
    let now = 1_767_225_600_000_000;
    facts
        .execute(
            "UPDATE samples SET captured_at = ?1, statements_reset_at = ?2",
            (now - days_ago * DAY, now - reset_days_ago * DAY),
        )
        .unwrap();
    let texts: BTreeSet<&str> = rows.iter().map(|row| row.0).collect();
    for (id, text) in texts.iter().enumerate() {
        let sql = "INSERT INTO statements (id, fingerprint, text) VALUES (?1, ?2, ?2)";
        facts.execute(sql, (id as i64 + 1, text)).unwrap();
    }
    for (text, queryid, calls, ms) in rows {
        facts
            .execute(
                "INSERT INTO statement_counters (statement_id, queryid, calls, rows, total_exec_ms)
                 SELECT id, ?2, ?3, 0, ?4 FROM statements WHERE fingerprint = ?1",
                (text, queryid, calls, ms),
            )
            .unwrap();
        let sql = "INSERT OR IGNORE INTO statement_shapes (statement_id) SELECT id FROM statements WHERE fingerprint = ?1";
        facts.execute(sql, [text]).unwrap();
    }
    store
}

#[track_caller]
fn check(now: &Store, then: &Store, expected: &[&str]) {
    let pace = |pace: Option<pgtriage::report::sheet::Pace>| {
        pace.map_or_else(
            || "-".to_owned(),
            |pace| {
                format!(
                    "{} calls {} ms {:?} h",
                    pace.calls,
                    pace.exec_ms,
                    pace.hours.map(f64::round)
                )
            },
        )
    };
    let words = |shift: &Shift| {
        format!(
            "{}: {} | {}",
            shift.fingerprint,
            pace(shift.then),
            pace(shift.now)
        )
    };
    let found: Vec<String> = shifts(now, then).unwrap().iter().map(words).collect();
    assert_eq!(found, expected);
}

#[test]
fn counters_are_differenced_and_resets_survived() {
    let then = counted(
        1,
        11,
        &[
            ("a", 1, 100, 1000.0),
            ("a", 2, 10, 10.0),
            ("b", 3, 50, 50.0),
            ("c", 4, 7, 7.0),
        ],
    );
    let now = counted(
        0,
        11,
        &[
            ("a", 1, 150, 3000.0),
            ("a", 2, 10, 10.0),
            ("b", 3, 50, 50.0),
            ("d", 5, 4, 8.0),
        ],
    );
    check(
        &now,
        &then,
        &[
            "a: 110 calls 1010 ms Some(240.0) h | 50 calls 2000 ms Some(24.0) h",
            "b: 50 calls 50 ms Some(240.0) h | -",
            "c: 7 calls 7 ms Some(240.0) h | -",
            "d: - | 4 calls 8 ms Some(24.0) h",
        ],
    );
    // All of what is counted since a reset lies after it, also where the counter is beyond the old one.
    let mut reset = counted(0, 11, &[("a", 1, 120, 240.0), ("b", 3, 5, 5.0)]);
    let twelve_hours = 1_767_225_600_000_000 - DAY / 2;
    let sql = "UPDATE samples SET statements_reset_at = ?1";
    reset.connection().execute(sql, [twelve_hours]).unwrap();
    check(
        &reset,
        &then,
        &[
            "a: 110 calls 1010 ms Some(240.0) h | 120 calls 240 ms Some(12.0) h",
            "b: 50 calls 50 ms Some(240.0) h | 5 calls 5 ms Some(12.0) h",
            "c: 7 calls 7 ms Some(240.0) h | -",
        ],
    );
    // An eviction sets one counter back, and another major version has other query ids.
    reset = counted(0, 11, &[("a", 1, 3, 6.0), ("b", 99, 8, 8.0)]);
    check(
        &reset,
        &then,
        &[
            "a: 110 calls 1010 ms Some(240.0) h | 3 calls 6 ms Some(24.0) h",
            "b: 50 calls 50 ms Some(240.0) h | 8 calls 8 ms Some(24.0) h",
            "c: 7 calls 7 ms Some(240.0) h | -",
        ],
    );
}
