//! `[rules]` and `[[ignore]]` of `pgtriage.toml`.

use pgtriage::engine::params::{Kind, Value};
use pgtriage::engine::{Ignore, Pages, Plan, RulesSettings, Source, explain, glob};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rules: RulesSettings,
    #[serde(default)]
    ignore: Vec<Ignore>,
}

const PAGE: &str = r#"+++
title = "Table is large"
severity = "info"
since = "0.1"
needs = ["relations"]
no_fix = "a decision about the data"

[params.min_size]
value = "1GB"
why = "smaller tables are no news"

[params.max_share]
value = "20%"
why = "half of it is normal"

[params.min_age]
value = "7d"
why = "a week shows every habit"

[params.min_rows]
value = 1000
why = "fewer fit into a page"

[params.schema]
value = "public"
why = "the usual one"

[params.kinds]
value = ["table", "materialized view"]
why = "what has a size"
+++

## What it finds
Tables.

## Why it matters
Space.

## How to fix it
Ask.

## When to ignore it
Never.

## Query
```sql
SELECT id AS relation_id, name AS object, :min_size || :max_share || :min_age || :min_rows || :schema AS detail
FROM relations WHERE kind IN (SELECT value FROM json_each(:kinds))
```

## Cases
### Fires: any
```sql facts
INSERT INTO relations (name) VALUES ('t');
```
```expect
t
```
### Silent: none
```sql facts
DELETE FROM relations;
```
"#;

fn pages() -> Pages {
    Pages::load(vec![Source::new("ops/table/large.md", PAGE)]).unwrap()
}

fn plan(text: &str) -> Result<Plan, String> {
    let source = Source::new("pgtriage.toml", text);
    let file: File = toml::from_str(text).map_err(|error| {
        let (line, column) = source.position(error.span().unwrap_or_default().start);
        format!("pgtriage.toml:{line}:{column}: {}", error.message())
    })?;
    Plan::new(&pages(), &file.rules, &file.ignore, &source).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        lines.join("\n")
    })
}

#[test]
fn settings_in_force() {
    let plan = plan(
        r#"
[rules]
paths = ["ops/pgtriage-rules"]

[rules."setting/fsync-off"]
enabled = false
reason = "a throwaway server"

[rules."table/large"]
severity = "warning"
min_size = "10MB"
min_age = "36h"
max_share = 0.5
min_rows = "20"
kinds = []

[[rules."table/large".for]]
object = "audit.*"
min_size = "1GB"

[[rules."table/large".for]]
object = "*"
scope = "staging"
severity = "info"

[[ignore]]
rule = "table/*"
object = "public.legacy_*"
reason = "dropped in release 42"
until = 2026-12-31
"#,
    )
    .unwrap();
    let pages = pages();
    let off = plan.rule(pages.get("setting/fsync-off").unwrap());
    assert_eq!(off.off.as_deref(), Some("a throwaway server"));
    let untouched = plan.rule(pages.get("index/duplicate").unwrap());
    assert_eq!((untouched.off, untouched.severity), (None, None));
    let large = pages.get("table/large").unwrap();
    insta::assert_debug_snapshot!(plan.rule(large));
    let explained = format!("{:#?}", explain(large, &plan.rule(large)));
    assert!(
        explained.contains("36h") && explained.contains("7d"),
        "{explained}"
    );
}

#[test]
fn mistakes_in_settings() {
    let cases = [
        (
            "unknown rule",
            "[rules.\"tabel/large\"]\nseverity = \"info\"",
        ),
        (
            "unknown parameter",
            "[rules.\"table/large\"]\nmin_sice = \"1GB\"",
        ),
        (
            "unknown parameter far from any",
            "[rules.\"table/large\"]\nfrobnicate = 1",
        ),
        (
            "unknown severity",
            "[rules.\"table/large\"]\nseverity = \"fatal\"",
        ),
        (
            "number for a size",
            "[rules.\"table/large\"]\nmin_size = 10",
        ),
        (
            "unknown unit",
            "[rules.\"table/large\"]\nmin_size = \"10mb\"",
        ),
        (
            "size for a duration",
            "[rules.\"table/large\"]\nmin_age = \"10MB\"",
        ),
        (
            "text for a count",
            "[rules.\"table/large\"]\nmin_rows = \"many\"",
        ),
        (
            "text for a ratio",
            "[rules.\"table/large\"]\nmax_share = \"a half\"",
        ),
        ("number for a text", "[rules.\"table/large\"]\nschema = 1"),
        ("numbers for a list", "[rules.\"table/large\"]\nkinds = [1]"),
        (
            "off without a reason",
            "[rules.\"table/large\"]\nenabled = false",
        ),
        (
            "off with an empty reason",
            "[rules.\"table/large\"]\nenabled = false\nreason = \" \"",
        ),
        (
            "rule that is no table",
            "[rules]\n\"table/large\" = \"warning\"",
        ),
        (
            "override without an object",
            "[[rules.\"table/large\".for]]\nmin_size = \"1GB\"",
        ),
        (
            "override with a mistake",
            "[[rules.\"table/large\".for]]\nobject = \"x\"\nmin_sizes = \"1GB\"",
        ),
        (
            "ignore without a reason",
            "[[ignore]]\nrule = \"table/large\"",
        ),
        (
            "ignore with an empty reason",
            "[[ignore]]\nrule = \"table/large\"\nreason = \"\"",
        ),
        (
            "ignore of no rule",
            "[[ignore]]\nrule = \"nothing/*\"\nreason = \"x\"",
        ),
        (
            "ignore with an unknown key",
            "[[ignore]]\nrule = \"table/large\"\nobjects = \"x\"\nreason = \"x\"",
        ),
        (
            "ignore until a time",
            "[[ignore]]\nrule = \"table/large\"\nreason = \"x\"\nuntil = 2026-12-31T10:00:00",
        ),
        (
            "ignore until no date",
            "[[ignore]]\nrule = \"table/large\"\nreason = \"x\"\nuntil = \"soon\"",
        ),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(name, text)| {
            let error = plan(text).map(|_| panic!("{name}: no error")).unwrap_err();
            format!("{name}\n{error}")
        })
        .collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn values_read_as_people_write_them() {
    let check = |toml: &str, kind: Kind, shown: &str| {
        let table: toml::Table = format!("v = {toml}").parse().unwrap();
        let value = Value::infer(&table["v"]).unwrap();
        assert_eq!(
            (value.kind(), value.to_string().as_str()),
            (kind, shown),
            "{toml}"
        );
        let quoted = toml::Value::String(shown.to_owned());
        if !matches!(kind, Kind::List | Kind::Ratio) {
            assert_eq!(
                Value::read(kind, &quoted).unwrap(),
                value,
                "{toml} read back"
            );
        }
    };
    check("\"1MB\"", Kind::Size, "1MB");
    check("\"1.5 GB\"", Kind::Size, "1536MB");
    check("\"1023B\"", Kind::Size, "1023B");
    check("\"0B\"", Kind::Size, "0B");
    check("\"5min\"", Kind::Duration, "5min");
    check("\"90s\"", Kind::Duration, "90s");
    check("\"1.5h\"", Kind::Duration, "90min");
    check("\"250us\"", Kind::Duration, "250us");
    check("\"0ms\"", Kind::Duration, "0ms");
    check("\"20%\"", Kind::Ratio, "0.2");
    check("0.2", Kind::Ratio, "0.2");
    check("10000", Kind::Count, "10000");
    check("\"10000\"", Kind::Count, "10000");
    check("\"-1\"", Kind::Count, "-1");
    check("\"5 minutes\"", Kind::Text, "5 minutes");
    check("\"replica\"", Kind::Text, "replica");
    check("[\"a\", \"b\"]", Kind::List, "a, b");
}

#[test]
fn patterns() {
    let check = |pattern: &str, text: &str, expected: bool| {
        assert_eq!(
            glob::matches(pattern, text),
            expected,
            "{pattern} on {text}"
        );
    };
    check("public.legacy_*", "public.legacy_orders", true);
    check("public.legacy_*", "public.orders_legacy_x", false);
    check("*", "", true);
    check("*.\"Log\"", "audit.\"Log\"", true);
    check("a?c", "abc", true);
    check("a?c", "ac", false);
    check("*a*b*", "xxaxxbxx", true);
    check("*a*b", "xxaxxbxx", false);
    check("größe_?", "größe_é", true);
    check("Public.*", "public.x", false);
    check(&"*a".repeat(40), &"a".repeat(5_000), true);
    check(&format!("{}b", "*a".repeat(40)), &"a".repeat(5_000), false);
}

#[test]
fn a_family_shares_parameters_and_a_rule_may_be_off_unless_enabled() {
    let settings = "
[rules.migration]
small_table = \"1MB\"

[rules.\"migration/set-not-null\"]
large_table = \"2GB\"

[rules.\"migration/varchar-n\"]
enabled = true
";
    let plan = plan(settings).unwrap();
    let pages = pages();
    let rule = |id: &str| plan.rule(pages.get(id).unwrap());
    let value = |id: &str, name: &str| rule(id).values[name].to_string();
    assert_eq!(value("migration/check-not-valid", "small_table"), "1MB");
    assert_eq!(value("migration/check-not-valid", "large_table"), "1GB");
    assert_eq!(value("migration/set-not-null", "small_table"), "1MB");
    assert_eq!(value("migration/set-not-null", "large_table"), "2GB");
    assert_eq!(rule("migration/varchar-n").off, None);
    assert!(rule("migration/unguarded-create").off.is_some());
}

#[test]
fn mistakes_in_the_settings_of_a_family() {
    let told = |line: &str| plan(&format!("[rules.migration]\n{line}\n")).unwrap_err();
    let cases = [
        "smal_table = \"1MB\"",
        "small_table = 3",
        "severity = \"info\"",
    ];
    let told: Vec<String> = cases.into_iter().map(told).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    pgtriage.toml:2:1: rules of family `migration` share no parameter `smal_table`; did you mean `small_table`?
    pgtriage.toml:2:15: `small_table` of family `migration`: 3 is not a size such as "10MB" (B, kB, MB, GB, TB, PB); the default is 10MB
    pgtriage.toml:1:8: `migration` is a family of rules: it takes parameters only; set anything else for each rule
    "#);
}
