//! Comments that accept findings.

use std::path::Path;

use jiff::civil::date;
use pgtriage::config::ConfigFile;
use pgtriage::engine::{
    Baseline, Finding, Options, Outcome, Pages, Plan, Root, Selection, Source, run,
};
use pgtriage::facts::Store;
use pgtriage::parse::migration::{IgnoreScope, ignores};
use pgtriage::parse::{ItemKind, split};

/// What the comments of a text say, one a line: scope, rules, reason, last day, mistake.
fn check(text: &str, expected: &[&str]) {
    let statements: Vec<(usize, usize)> = split(text)
        .iter()
        .filter(|item| item.kind == ItemKind::Sql)
        .map(|item| (item.text.start, item.text.end))
        .collect();
    let found = ignores(text, &statements);
    for ignore in &found {
        assert!(text[ignore.range.clone()].contains("pgtriage"), "{text}");
    }
    let found: Vec<String> = found
        .iter()
        .map(|ignore| {
            let scope = match ignore.scope {
                IgnoreScope::File => "file".to_owned(),
                IgnoreScope::Statement(index) => {
                    let (start, end) = statements[index];
                    text[start..end].lines().next().unwrap().to_owned()
                }
            };
            let mut line = format!("{scope}:");
            for rule in &ignore.rules {
                line += &format!(" {rule}");
            }
            for (mark, value) in [
                (" --", &ignore.reason),
                (" until", &ignore.until),
                (" !", &ignore.mistake),
            ] {
                if let Some(value) = value {
                    line += &format!("{mark} {value}");
                }
            }
            line
        })
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_comment_is_for_the_statement_that_it_stands_at() {
    for (text, expected) in [
        (
            "-- pgtriage: ignore drop-table -- nobody reads it\nDROP TABLE a;\nDROP TABLE b;",
            "DROP TABLE a: migration/drop-table -- nobody reads it",
        ),
        (
            "DROP TABLE a; DROP TABLE b; -- pgtriage: ignore drop-table -- why\nDROP TABLE c;",
            "DROP TABLE b: migration/drop-table -- why",
        ),
        (
            "DROP TABLE a;\n\n--pgtriage:ignore migration/*,x--why\n-- another comment\n\nDROP TABLE b;",
            "DROP TABLE b: migration/* migration/x -- why",
        ),
        (
            "/* pgtriage: ignore a -- why */ DROP TABLE a;",
            "DROP TABLE a: migration/a -- why",
        ),
        (
            "ALTER TABLE a\n  DROP b, -- pgtriage: ignore drop-column until=2026-12-31 -- why\r\n  DROP c;\nDROP TABLE x",
            "ALTER TABLE a: migration/drop-column -- why until 2026-12-31",
        ),
        (
            "/*\n * pgtriage: ignore a, b\n *   -- two lines\n *      of reason\n */\nDROP TABLE a;",
            "DROP TABLE a: migration/a migration/b -- two lines of reason",
        ),
        (
            "SELECT 1;\n-- pgtriage: ignore-file style/* -- generated\n",
            "file: style/* -- generated",
        ),
        (
            "DO $x$ BEGIN\n  -- pgtriage: ignore a -- in the body\n  DROP TABLE a; END $x$;",
            "DO $x$ BEGIN: migration/a -- in the body",
        ),
        (
            "COPY a FROM stdin;\nit's\t'\n\\.\n\\echo 'x\n-- pgtriage: ignore a -- after rows\nDROP TABLE a;",
            "DROP TABLE a: migration/a -- after rows",
        ),
        (
            "SELECT 'ä';\n-- pgtriage: ignore a\nDROP TABLE a;",
            "DROP TABLE a: migration/a",
        ),
    ] {
        check(text, &[expected]);
    }
}

#[test]
fn what_is_no_such_comment_is_none() {
    for text in [
        "SELECT '-- pgtriage: ignore a -- why';",
        "-- pgtriage reads this file\nSELECT 1;",
        "-- see pgtriage: ignore a -- why\nSELECT 1;",
        "-- pgtriagent: ignore a\nSELECT 1;",
        "/* -- pgtriage */ SELECT 1;",
        "SELECT $$ pgtriage: ignore a -- why $$;",
        "",
    ] {
        check(text, &[]);
    }
}

#[test]
fn mistakes_are_told() {
    for (comment, expected) in [
        ("pgtriage: ignore", "DROP TABLE a: ! it names no rule"),
        (
            "pgtriage: ignore -- why",
            "DROP TABLE a: -- why ! it names no rule",
        ),
        (
            "pgtriage: ingore a -- why",
            "file: migration/a -- why ! `ingore` is no word for it: write `ignore` or `ignore-file`",
        ),
        (
            "pgtriage ignore a -- why",
            "file: migration/a -- why ! a colon is missing: `pgtriage: ignore …`",
        ),
        (
            "pgtriage: ignore a because of that",
            "DROP TABLE a: migration/a ! `because` follows a rule: write a comma between rules, and `--` before the reason",
        ),
        (
            "pgtriage: ignore A! -- why",
            "DROP TABLE a: -- why ! `A!` is no id of a rule, such as `drop-table`",
        ),
        (
            "pgtriage: ignore a until=31.12.2026 -- why",
            "DROP TABLE a: migration/a -- why ! `31.12.2026` is no date such as 2026-12-31",
        ),
        (
            "pgtriage: ignore a until=2026-02-30 -- why",
            "DROP TABLE a: migration/a -- why ! `2026-02-30` is no date such as 2026-12-31",
        ),
        (
            "pgtriage: ignore a from=2026-02-03 -- why",
            "DROP TABLE a: migration/a -- why ! `from=` is unknown: there is only `until=`",
        ),
    ] {
        check(&format!("-- {comment}\nDROP TABLE a;"), &[expected]);
    }
    check(
        "DROP TABLE a;\n-- pgtriage: ignore a -- why\n",
        &["file: migration/a -- why ! no statement stands after it"],
    );
}

/// Two rules that find statements by their command, in one file of four statements.
fn judge(settings: &str, facts: &str) -> (Store, Outcome) {
    with_baseline(settings, facts, None)
}

fn with_baseline(settings: &str, facts: &str, baseline: Option<&Baseline>) -> (Store, Outcome) {
    let page = |id: &str, command: &str| {
        let text = format!(
            "+++\ntitle = \"T\"\nseverity = \"warning\"\nsince = \"0.1\"\nno_fix = \"a test\"\nneeds = [\"migration_statements\", \"migration_files\"]\n+++\n
## What it finds\nx\n## Why it matters\nx\n## How to fix it\nx\n## When to ignore it\nx\n
## Query\n```sql\nSELECT s.id AS migration_statement_id, s.text AS object, 'x' AS detail, f.path AS file, s.line, s.\"column\",
  s.end_line, s.end_column FROM migration_statements s JOIN migration_files f ON f.id = s.file_id WHERE s.command = '{command}'\n```\n
## Cases\n### Silent: x\n```sql facts\nSELECT 1;\n```\n"
        );
        Source::new(format!("ops/{id}.md"), text)
    };
    let user = vec![
        page("migration/own-drop", "DROP"),
        page("migration/own-alter", "ALTER"),
    ];
    let pages = Pages::load(user).unwrap_or_else(|errors| panic!("{errors:#?}"));
    let source = Source::new("pgtriage.toml", settings);
    let file = ConfigFile::parse(source, Path::new("/repo")).unwrap_or_else(|e| panic!("{e}"));
    let plan = Plan::new(&pages, &file.rules, &file.ignore, &file.source).unwrap();
    let mut store = Store::in_memory().unwrap();
    let world = "
INSERT INTO migration_files (id, path, layout, layout_because, chain, ordinal) VALUES (1, './1.sql', 'sql', 'x', 1, 1);
INSERT INTO migration_statements (id, file_id, ordinal, parent_id, command, text, line, \"column\", end_line, end_column) VALUES
  (1, 1, 1, NULL, 'DROP', 'a', 2, 1, 2, 9), (2, 1, 2, NULL, 'DO', 'do', 4, 1, 9, 7), (3, 1, 3, 2, 'DROP', 'a', 6, 3, 6, 9),
  (4, 1, 4, NULL, 'ALTER', 'c', 11, 1, 12, 9);";
    store
        .connection()
        .execute_batch(&format!("{world}{facts}"))
        .unwrap();
    let options = Options {
        root: Root::new(Path::new("/repo"), Path::new("/repo/db")),
        selection: Selection {
            families: vec!["migration".to_owned()],
            ..Selection::default()
        },
        baseline,
        ..Options::on(date(2026, 6, 1))
    };
    let outcome = run(&mut store, &pages, &plan, &options).unwrap();
    (store, outcome)
}

/// Keys of what is found and, marked, of what is ignored and why.
#[track_caller]
fn told(settings: &str, facts: &str, expected: &[&str]) {
    let (store, outcome) = judge(settings, facts);
    let own = |finding: &Finding| !finding.rule.contains("missing");
    let found = outcome.findings.iter().filter(|finding| own(finding));
    let mut found: Vec<String> = found.map(|finding| finding.key.clone()).collect();
    found.sort();
    for ignored in &outcome.ignored {
        let reason = ignored.reason.as_deref().unwrap_or("-");
        found.push(format!("({} {reason})", ignored.finding.key));
    }
    for stale in &outcome.stale_ignores {
        found.push(format!("{:?} {}", stale.why, stale.ignore.line));
    }
    assert_eq!(found, expected, "{facts}");
    let written: i64 = store
        .connection()
        .query_row("SELECT count(*) FROM ignored_findings", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(written as usize, outcome.ignored.len());
}

/// A row of `migration_ignores`.
fn comment(id: i64, statement: &str, rules: &str, reason: &str, until: &str) -> String {
    format!(
        "INSERT INTO migration_ignores (id, file_id, line, \"column\", end_line, end_column, statement_id, rules, reason, until)
         VALUES ({id}, 1, {id}, 1, {id}, 9, {statement}, '[{rules}]', {reason}, {until});"
    )
}

#[test]
fn comments_accept_findings_and_are_findings_themselves() {
    let (first, second) = (
        "migration/own-drop:db/1.sql:a",
        "migration/own-drop:db/1.sql:a#2",
    );
    let alter = "migration/own-alter:db/1.sql:c";
    let drop = "\"migration/own-drop\"";
    told("", "", &[alter, first, second]);
    // A body is in the statement that runs it.
    told(
        "",
        &comment(1, "2", drop, "'why'", "NULL"),
        &[alter, first, &format!("({second} why)")],
    );
    told(
        "",
        &comment(1, "NULL", "\"migration/*\"", "'all'", "'2026-06-01'"),
        &[
            &format!("({alter} all)"),
            &format!("({first} all)"),
            &format!("({second} all)"),
        ],
    );
    // One of two rules is not needed; another is for a statement without findings.
    told(
        "",
        &format!(
            "{}{}",
            comment(
                1,
                "1",
                "\"migration/own-drop\",\"migration/own-alter\"",
                "'why'",
                "NULL"
            ),
            comment(2, "4", drop, "'why'", "NULL")
        ),
        &[
            alter,
            second,
            "migration/unused-ignore:db/1.sql:migration/own-alter",
            "migration/unused-ignore:db/1.sql:migration/own-drop",
            &format!("({first} why)"),
        ],
    );
    // What is over, unknown or without a reason accepts nothing.
    told(
        "",
        &format!(
            "{}{}{}",
            comment(1, "1", drop, "'why'", "'2026-05-31'"),
            comment(2, "1", "\"migration/own-dorp\"", "'why'", "NULL"),
            comment(3, "4", "\"migration/own-alter\"", "NULL", "NULL")
        ),
        &[
            "migration/ignore-mistake:db/1.sql:migration/own-dorp",
            "migration/ignore-mistake:db/1.sql:migration/own-drop",
            "migration/ignore-without-reason:db/1.sql:migration/own-alter",
            alter,
            first,
            second,
        ],
    );
    // Reasons are optional where nothing asks for them.
    told(
        "[rules.\"migration/ignore-without-reason\"]\nenabled = false\nreason = \"in tickets\"\n",
        &comment(3, "4", "\"migration/own-alter\"", "NULL", "NULL"),
        &[first, second, &format!("({alter} -)")],
    );
}

#[test]
fn settings_accept_findings_by_path() {
    let drop = "migration/own-drop:db/1.sql:a";
    let alter = "migration/own-alter:db/1.sql:c";
    let entry = "[[ignore]]\nrule = \"migration/own-*\"\nreason = \"old\"\n";
    told(
        &format!("{entry}path = \"db/**\""),
        "",
        &[
            &format!("({alter} old)"),
            &format!("({drop} old)"),
            &format!("({drop}#2 old)"),
        ],
    );
    told(
        &format!("{entry}path = \"1.sql\""),
        "",
        &[alter, drop, &format!("{drop}#2"), "Unused 2"],
    );
    let (_, outcome) = judge(
        "[[rules.\"migration/own-drop\".for]]\npath = \"db\"\nseverity = \"error\"\n",
        "",
    );
    assert_eq!(outcome.counts().map(|(_, count)| count), [0, 1, 2]);
}

#[test]
fn what_a_baseline_names_is_gone_only_where_its_file_was_read() {
    let keys = [
        "migration/own-drop:db/1.sql:gone",
        "migration/own-drop:db/2.sql:a",
        "migration/own-alter:db/1.sql:c",
    ];
    let accepted = keys.map(|key| format!("{{\"key\": \"{key}\", \"severity\": \"error\"}}"));
    let json = format!(
        "{{\"format\": 1, \"created_at\": \"x\", \"keys\": [{}]}}",
        accepted.join(",")
    );
    let baseline = Baseline::parse("b.json", &json).unwrap();
    let (_, outcome) = with_baseline("", "", Some(&baseline));
    assert_eq!(outcome.resolved, [keys[0]]);
    let known = outcome.findings.iter().filter(|finding| !finding.is_new);
    assert_eq!(
        known
            .map(|finding| finding.key.as_str())
            .collect::<Vec<_>>(),
        [keys[2]]
    );
}
