//! Mistakes in rule pages: each is told with its place and what to do.

use pgtriage::engine::{Origin, Pages, RulePlan, Source, World, check_page, explain, page};

/// A page without mistakes; the tests below spoil it.
const GOOD: &str = r#"+++
title = "Table is large"
severity = "info"
since = "0.1"
needs = ["relations.size_bytes"]

[params.min_size]
value = "1GB"
why = "smaller tables are no news"
source = "ours"
+++

## What it finds
Tables above a size. The size is
that of the main fork.

- TOAST is left out
- so are indexes

## Why it matters
They take `space`.

## How to fix it
Delete rows:

```sql
DELETE FROM t;
```

## When to ignore it
Always.

## Query
```sql
SELECT r.id AS relation_id, quote_name(r.schema, r.name) AS object,
       human_bytes(r.size_bytes) AS detail, 'TRUNCATE ' || quote_ident(r.name) || ';' AS fix
FROM relations r
WHERE r.size_bytes >= :min_size
```

## Cannot judge
```sql
SELECT quote_name(schema, name) AS object, 'its size is not known' AS because, NULL AS remedy
FROM relations WHERE size_bytes IS NULL
```

## Cases
### Fires: two gigabytes
```sql facts
INSERT INTO relations (name, size_bytes) VALUES ('big', 2147483648), ('small', 1);
```
```expect
info public.big
```
### Silent: small
```sql facts
INSERT INTO relations (name, size_bytes) VALUES ('small', 1);
```
### Cannot judge: no size
```sql facts
INSERT INTO relations (name) VALUES ('locked');
```
```expect
public.locked
```
"#;

/// All errors of a page, one a line.
fn errors(path: &str, text: &str, origin: Origin) -> String {
    let errors = match page::parse(Source::new(path, text), origin) {
        Ok(page) => check_page(&page, &mut World::new().unwrap()).unwrap(),
        Err(errors) => errors,
    };
    for error in &errors {
        assert!(
            text.get(error.span.clone()).is_some(),
            "{error}: no such span"
        );
    }
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// The errors after one replacement in the good page.
fn spoilt(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    let found = errors(
        "rules/table/large.md",
        &GOOD.replacen(from, to, 1),
        Origin::Builtin,
    );
    assert!(!found.is_empty(), "no error after {from:?} became {to:?}");
    found
}

#[test]
fn a_page_without_mistakes_has_no_error() {
    assert_eq!(errors("rules/table/large.md", GOOD, Origin::Builtin), "");
    let windows = GOOD.replace('\n', "\r\n");
    assert_eq!(
        errors(r"rules\table\large.md", &windows, Origin::Builtin),
        ""
    );
}

#[test]
fn mistakes_of_form() {
    let cases = [
        ("no front matter", "+++\ntitle", "---\ntitle"),
        ("front matter left open", "+++\n\n## What", "\n## What"),
        ("broken TOML", "title = \"Table is large\"", "title = Table"),
        (
            "unknown key",
            "since = \"0.1\"",
            "since = \"0.1\"\nversion = 1",
        ),
        ("missing key", "since = \"0.1\"\n", ""),
        ("unknown severity", "\"info\"", "\"critical\""),
        ("no version", "\"0.1\"", "\"now\""),
        ("empty title", "\"Table is large\"", "\" \""),
        (
            "servers the wrong way round",
            "since = \"0.1\"",
            "since = \"0.1\"\nmin_server = 15\nmax_server = 13",
        ),
        (
            "no address",
            "since = \"0.1\"",
            "since = \"0.1\"\nreferences = [\"the docs\"]",
        ),
        (
            "reserved parameter",
            "[params.min_size]",
            "[params.severity]",
        ),
        (
            "parameter without a reason",
            "why = \"smaller tables are no news\"",
            "why = \"\"",
        ),
        ("parameter of no kind", "value = \"1GB\"", "value = true"),
        ("unknown section", "## Why it matters", "## Why it maters"),
        ("section twice", "## When to ignore it", "## Why it matters"),
        (
            "sections out of order",
            "## Cannot judge\n",
            "## Query\n```sql\nSELECT 1\n```\n## How to fix it\n",
        ),
        ("empty section", "Always.\n", ""),
        ("heading of level 1", "They take", "# Big\nThey take"),
        (
            "text before the first heading",
            "## What it finds",
            "Hello.\n\n## What it finds",
        ),
        ("no query", "```sql\nSELECT r.id", "```\nSELECT r.id"),
        (
            "two queries",
            "## Cannot judge",
            "```sql\nSELECT 1\n```\n## Cannot judge",
        ),
        ("fence left open", "public.locked\n```\n", "public.locked\n"),
        ("unnamed case", "### Silent: small", "### Silent"),
        ("case of no kind", "### Silent: small", "### Quiet: small"),
        (
            "case without facts",
            "```sql facts\nINSERT INTO relations (name) ",
            "```sql\nINSERT INTO relations (name) ",
        ),
        (
            "firing case without objects",
            "```expect\ninfo public.big\n```\n",
            "",
        ),
        (
            "silent case with objects",
            "### Silent: small",
            "### Silent: small\n```expect\npublic.x\n```",
        ),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(name, from, to)| format!("{name}\n{}", spoilt(from, to)))
        .collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn mistakes_of_substance() {
    let cases = [
        ("syntax error", "FROM relations r\n", "FORM relations r\n"),
        (
            "unknown column",
            "WHERE r.size_bytes >= :min_size",
            "WHERE r.sizebytes >= :min_size",
        ),
        ("undeclared parameter", ":min_size", ":min_sizes"),
        ("unused parameter", " >= :min_size", " >= 1"),
        ("unnamed parameter", ":min_size", "?"),
        (
            "unknown table needed",
            "[\"relations.size_bytes\"]",
            "[\"relation\"]",
        ),
        (
            "unknown column needed",
            "[\"relations.size_bytes\"]",
            "[\"relations.bytes\"]",
        ),
        (
            "need that is not read",
            "[\"relations.size_bytes\"]",
            "[\"relations.size_bytes\", \"sessions\"]",
        ),
        ("no subject", "r.id AS relation_id", "r.id AS table_id"),
        (
            "two subjects",
            "r.id AS relation_id",
            "r.id AS relation_id, r.database_id",
        ),
        ("no object", "AS object,\n", "AS name,\n"),
        ("no fix", "AS fix\n", "AS mend\n"),
        ("column twice", "AS detail,", "AS detail, 1 AS x, 2 AS x,"),
        (
            "column nearly right",
            "AS detail,",
            "AS detail, 1.0 AS impact_ms_per_hours,",
        ),
        (
            "writes",
            "SELECT r.id AS",
            "INSERT INTO collections (table_name, node_id, database_id, row_count) SELECT r.id AS",
        ),
        (
            "attaches a file",
            "SELECT r.id AS",
            "ATTACH 'x.db' AS x; SELECT r.id AS",
        ),
        (
            "two statements",
            "r.size_bytes >= :min_size",
            "r.size_bytes >= :min_size; SELECT 1",
        ),
        ("no reason for what it can't judge", "AS because", "AS why"),
        (
            "no silent case",
            "### Silent: small",
            "### Fires: small\n```expect\npublic.small\n```",
        ),
        (
            "no case for what it can't judge",
            "### Cannot judge: no size",
            "### Fires: no size",
        ),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(name, from, to)| format!("{name}\n{}", spoilt(from, to)))
        .collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn cases_that_do_not_hold() {
    let cases = [
        ("another object", "info public.big", "info public.bigger"),
        ("another severity", "info public.big", "error public.big"),
        (
            "one object too few",
            "('small', 1);\n```\n```expect",
            "('huge', 3147483648);\n```\n```expect",
        ),
        (
            "one object too many",
            "info public.big",
            "info public.big\npublic.small",
        ),
        (
            "not silent",
            "VALUES ('small', 1);\n```\n### Cannot",
            "VALUES ('x', 2147483648);\n```\n### Cannot",
        ),
        (
            "judged after all",
            "INSERT INTO relations (name) VALUES ('locked')",
            "INSERT INTO relations (name, size_bytes) VALUES ('locked', 1)",
        ),
        (
            "facts with a mistake",
            "INSERT INTO relations (name) VALUES",
            "SELECT 1;\nINSERT INTO relations (nam) VALUES",
        ),
        (
            "facts of the wrong type",
            "('big', 2147483648)",
            "('big', 'two')",
        ),
        (
            "facts that end the transaction",
            "('locked');",
            "('locked'); COMMIT;",
        ),
        (
            "facts that reach for a file",
            "('locked');",
            "('locked'); ATTACH 'x.db' AS x;",
        ),
        (
            "skipped",
            "VALUES ('small', 1);\n```\n### Cannot",
            "VALUES ('small', 1);\nDELETE FROM collections WHERE table_name = 'relations';\n```\n### Cannot",
        ),
        (
            "not applicable",
            "since = \"0.1\"",
            "since = \"0.1\"\nmin_server = 18",
        ),
        (
            "row without an object",
            "quote_name(r.schema, r.name) AS object",
            "NULL AS object",
        ),
        (
            "row without a subject",
            "r.id AS relation_id",
            "NULL AS relation_id",
        ),
        (
            "row of no known severity",
            "AS fix\n",
            "AS fix, 'bad' AS severity\n",
        ),
        (
            "row without a fix",
            "'TRUNCATE ' || quote_ident(r.name) || ';' AS fix",
            "NULL AS fix",
        ),
        (
            "figure that is none",
            "AS fix\n",
            "AS fix, 'much' AS reclaim_bytes\n",
        ),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(name, from, to)| format!("{name}\n{}", spoilt(from, to)))
        .collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn a_case_leaves_no_trace_in_the_next() {
    let source = Source::new("rules/table/large.md", GOOD);
    let page = page::parse(source, Origin::Builtin).unwrap();
    let mut world = World::new().unwrap();
    for _ in 0..3 {
        assert_eq!(check_page(&page, &mut world).unwrap(), []);
    }
}

#[test]
fn names_of_pages() {
    let check = |path: &str, origin| errors(path, GOOD, origin);
    insta::assert_snapshot!(
        [
            check("rules/tabel/large.md", Origin::Builtin),
            check("large.md", Origin::User),
            check("rules/table/Large_One.md", Origin::User),
            check("rules/table/large.txt", Origin::User),
        ]
        .join("\n")
    );
    assert_eq!(check("ops/house-rules/large.md", Origin::User), "");
}

#[test]
fn pages_must_fit_together() {
    let load = |pages: &[(&str, String)]| {
        let sources = pages
            .iter()
            .map(|(path, text)| Source::new(*path, text.clone()));
        let errors = Pages::load(sources.collect()).unwrap_err();
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        lines.join("\n")
    };
    let yields = |to: &str| {
        let line = format!("since = \"0.1\"\nyields_to = [\"{to}\"]");
        GOOD.replacen("since = \"0.1\"", &line, 1)
    };
    insta::assert_snapshot!(
        [
            load(&[("ops/index/duplicate.md", GOOD.to_owned())]),
            load(&[
                ("ops/a/x.md", GOOD.to_owned()),
                ("more/a/x.md", GOOD.to_owned())
            ]),
            load(&[("ops/a/x.md", yields("index/duplicates"))]),
            load(&[("ops/a/x.md", yields("a/y")), ("ops/a/y.md", yields("a/x"))]),
            load(&[("ops/a/x.md", GOOD.replacen("r.name", "r.nome", 1))]),
        ]
        .join("\n")
    );
}

#[test]
fn a_page_explained() {
    let text = GOOD.replacen(
        "since = \"0.1\"",
        "since = \"0.1\"\nmin_server = 14\nreferences = [\"https://example.org\"]",
        1,
    );
    let page = page::parse(Source::new("rules/table/large.md", text), Origin::Builtin).unwrap();
    insta::assert_debug_snapshot!(explain(&page, &RulePlan::defaults(&page)));
}
