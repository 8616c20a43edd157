//! Pages of `docs/` that are made from the code.

use std::fmt::Write as _;
use std::path::Path;

use pgtriage::engine::{Page, Pages, shared_params};
use pgtriage::facts::{ColumnDoc, tables};
use pgtriage::parse::ddl::effect::forms;

/// Compares a page with what it has to be; with `UPDATE_DOCS=1` writes it.
fn check(path: &str, expected: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, expected).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == expected,
        "{path} is old: run the tests with UPDATE_DOCS=1 and look at the difference"
    );
}

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

/// What a row of the table of effects does, in words.
fn deeds(row: &forms::Form) -> String {
    let words = [
        (row.scans, "reads all"),
        (row.rewrites, "writes anew"),
        (row.builds, "builds indexes"),
        (row.outside_block, "not in a block"),
        (row.loses_data, "loses data"),
        (row.breaks == Some("names"), "breaks names"),
        (row.breaks == Some("values"), "breaks values"),
    ];
    let said = words.iter().filter(|(on, _)| *on).map(|(_, word)| *word);
    said.collect::<Vec<_>>().join(", ")
}

#[test]
fn the_page_of_effects_is_current() {
    let mut text = String::from(
        "# Effects of migrations

Each action of a statement has a form, and a row for each object that it concerns: the table
`migration_effects`. What PostgreSQL does for a form is kept in `src/parse/ddl/effect/forms.tsv`,
from which this page is made: the part that an object has in it, the lock that it takes on the
object, and what else it does. A form that ends in `again` or `absent` changes nothing.

| form | part | versions | lock | does |
|---|---|---|---|---|
",
    );
    for row in forms::rows() {
        let versions = match (row.since, row.until) {
            (0, u32::MAX) => String::new(),
            (since, u32::MAX) => format!("{since}-"),
            (0, until) => format!("-{until}"),
            (since, until) => format!("{since}-{until}"),
        };
        let lock = row.lock.map_or("", |lock| lock.name());
        writeln!(
            text,
            "| {} | {} | {versions} | {lock} | {} |",
            row.form,
            row.part,
            deeds(&row)
        )
        .unwrap();
    }
    text.push_str("\n## Details\n\nKeys of `migration_effects.details`. A key that is not there says nothing.\n\n| key | says |\n|---|---|\n");
    for (key, says) in forms::details() {
        writeln!(text, "| `{key}` | {} |", cell(says)).unwrap();
    }
    check("docs/effects.md", &text);
}

#[test]
fn the_page_of_rules_is_current() {
    let pages = Pages::load(Vec::new()).unwrap();
    let pages: Vec<&Page> = pages.iter().collect();
    let mut text = format!(
        "# Rules\n\n{} rules, one page each in `rules/`. `pgtriage explain RULE` shows a page with the values in
force; `docs/configuration.md` says how to change them.\n",
        pages.len()
    );
    let mut family = "";
    for page in pages {
        if page.family() != family {
            family = page.family();
            write!(text, "\n## {family}\n\n").unwrap();
            text += &shared(family);
            text += "| rule | severity | finds | parameters |\n|---|---|---|---|\n";
        }
        let own = page.params.iter().filter(|param| !param.is_shared);
        let params = own.map(|p| format!("`{} = {}`", p.name, p.value));
        let params = params.collect::<Vec<_>>().join(", ");
        let link = format!("[{}](../rules/{}.md)", page.id, page.id);
        let severity = match page.off {
            Some(_) => format!("{}, off", page.severity),
            None => page.severity.to_string(),
        };
        let title = cell(&page.title);
        writeln!(
            text,
            "| {link} | {severity} | {title} | {} |",
            cell(&params)
        )
        .unwrap();
    }
    check("docs/rules.md", &text);
}

/// Parameters that the pages of a family share.
fn shared(family: &str) -> String {
    let params = shared_params(family);
    if params.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "Parameters that the rules share, set in `[rules.{family}]` of `pgtriage.toml`:\n\n"
    );
    for param in params {
        let source = param.source.iter().map(|source| format!(" ({source})"));
        let source = source.collect::<String>();
        writeln!(
            text,
            "- `{} = {}`: {}{source}",
            param.name, param.value, param.why
        )
        .unwrap();
    }
    text + "\n"
}

#[test]
fn the_page_of_facts_is_current() {
    let mut text = String::from(
        "# Facts\n\nThe tables and views of a snapshot, which rules and `pgtriage sql` ask. A snapshot is an SQLite file.

- Times are microseconds since 1970-01-01 UTC. Columns that end in `_ms` are milliseconds, in `_bytes`
  bytes. Booleans are 0 or 1; lists and maps are JSON; an LSN is a byte position.
- NULL is unknown or not applicable. What could not be had, and why, stands in `missing_facts`.
- Ids hold within one file. Columns are only ever added.\n",
    );
    for view in [false, true] {
        write!(text, "\n## {}\n", if view { "Views" } else { "Tables" }).unwrap();
        for table in tables().into_iter().filter(|table| table.is_view == view) {
            assert!(!table.comment.is_empty(), "{} has no comment", table.name);
            write!(text, "\n### {}\n\n{}\n", table.name, cell(&table.comment)).unwrap();
            if !view {
                text += &columns(&table.name, &table.columns);
            }
        }
    }
    check("docs/facts.md", &text);
}

fn columns(table: &str, columns: &[ColumnDoc]) -> String {
    assert!(!columns.is_empty(), "{table} has no columns");
    let mut text = String::from("\n| column | type | holds |\n|---|---|---|\n");
    for column in columns {
        assert!(
            !column.comment.is_empty(),
            "{table}.{} has no comment",
            column.name
        );
        let null = if column.not_null { " NOT NULL" } else { "" };
        let (name, comment) = (&column.name, cell(&column.comment));
        writeln!(text, "| `{name}` | {}{null} | {comment} |", column.kind).unwrap();
    }
    text
}
