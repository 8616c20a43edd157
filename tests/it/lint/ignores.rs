//! Comments that accept findings.

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
        check(&format!("-- {comment}\nDROP TABLE a;"), &[&expected]);
    }
    check(
        "DROP TABLE a;\n-- pgtriage: ignore a -- why\n",
        &["file: migration/a -- why ! no statement stands after it"],
    );
}
