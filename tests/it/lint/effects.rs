//! Effects of statements, by a list of statements on one world: `effects.sql` beside this file.
//! A paragraph is a case: lines of `--@ key: value` say how it is run, the rest is the statement.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use pgtriage::parse::ddl::effect::{Before, Context, Effect, effects_on, forms, stands_alone};

const WORLD: &str = include_str!("effects_world.sql");
const CASES: &str = include_str!("effects.sql");

/// How a case is run.
#[derive(Default)]
struct Case<'a> {
    statement: String,
    version: Option<u32>,
    in_block: bool,
    time_zone: Option<&'a str>,
    /// Nothing was read of the database.
    unknown: bool,
    file: &'a str,
    transaction: &'a str,
}

fn cases() -> Vec<Case<'static>> {
    let paragraphs = CASES.split("\n\n").map(str::trim);
    let paragraphs = paragraphs.filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(case).collect()
}

fn case(paragraph: &'static str) -> Case<'static> {
    let mut case = Case::default();
    for line in paragraph.lines() {
        let Some(said) = line.strip_prefix("--@ ") else {
            if !case.statement.is_empty() {
                case.statement.push('\n');
            }
            case.statement.push_str(line.trim_end_matches(';'));
            continue;
        };
        let (key, value) = said.split_once(": ").unwrap_or((said, ""));
        match key {
            "version" => case.version = Some(value.parse().unwrap()),
            "in a block" => case.in_block = true,
            "time zone" => case.time_zone = Some(value),
            "unknown" => case.unknown = true,
            "file" => case.file = value,
            "transaction" => case.transaction = value,
            other => panic!("{other} is no key of a case"),
        }
    }
    case
}

impl Case<'_> {
    fn effects(&self) -> Result<Vec<Effect>, String> {
        let before = Before {
            schema: if self.unknown { "" } else { WORLD },
            complete: !self.unknown,
            file: self.file,
            transaction: self.transaction,
        };
        let context = Context {
            major: self.version,
            in_block: self.in_block,
            time_zone: self.time_zone,
            ..Context::default()
        };
        effects_on(before, &self.statement, &context)
    }

    fn head(&self) -> String {
        let mut head = String::new();
        if let Some(version) = self.version {
            write!(head, "[{version}] ").unwrap();
        }
        for (on, word) in [(self.in_block, "[block] "), (self.unknown, "[unknown] ")] {
            if on {
                head.push_str(word);
            }
        }
        if let Some(zone) = self.time_zone {
            write!(head, "[{zone}] ").unwrap();
        }
        for (word, text) in [("file", self.file), ("transaction", self.transaction)] {
            if !text.is_empty() {
                write!(head, "[{word}: {text}] ").unwrap();
            }
        }
        head + &self.statement
    }
}

/// An effect in one line.
fn line(effect: &Effect) -> String {
    let mut line = format!("{}. {} | {}", effect.action, effect.form, effect.part);
    let schema = effect
        .target
        .schema
        .as_deref()
        .filter(|schema| *schema != "public");
    let name = &effect.target.name;
    match schema {
        Some(schema) => write!(line, " {schema}.{name}").unwrap(),
        None => write!(line, " {name}").unwrap(),
    }
    if effect.target.kind != effect.part {
        write!(line, " ({})", effect.target.kind).unwrap();
    }
    for (word, of) in [(".", &effect.column), (" ~ ", &effect.object)] {
        if let Some(of) = of {
            write!(line, "{word}{of}").unwrap();
        }
    }
    if let Some(lock) = effect.lock {
        write!(line, " | {}", lock.name()).unwrap();
    }
    for (on, word) in [
        (effect.scans, "scan"),
        (effect.rewrites, "rewrite"),
        (effect.builds, "build"),
        (effect.loses_data, "loses data"),
    ] {
        if on {
            write!(line, " | {word}").unwrap();
        }
    }
    if let Some(names) = effect.breaks {
        write!(line, " | breaks {names}").unwrap();
    }
    if let Some(error) = effect.error {
        write!(line, " | fails {error}").unwrap();
    }
    if !effect.details.is_empty() {
        let details = serde_json::to_string(&effect.details).unwrap();
        write!(line, " {details}").unwrap();
    }
    line
}

#[test]
fn statements_have_their_effects() {
    let mut text = String::new();
    for case in cases() {
        writeln!(text, "{}", case.head()).unwrap();
        match case.effects() {
            Ok(effects) if effects.is_empty() => text.push_str("  nothing\n"),
            Ok(effects) => {
                for effect in effects {
                    writeln!(text, "  {}", line(&effect)).unwrap();
                }
            }
            Err(reason) => writeln!(text, "  unread: {reason}").unwrap(),
        }
        text.push('\n');
    }
    insta::assert_snapshot!("effects", text);
}

/// Literals of the code that finds effects.
fn literals() -> BTreeSet<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/parse");
    let folders = ["ddl/effect", "migration/simulate"].map(|folder| root.join(folder));
    let mut found = BTreeSet::new();
    for entry in folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
    {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(path).unwrap();
            found.extend(text.split('"').map(ToOwned::to_owned));
        }
    }
    found
}

#[test]
fn forms_are_those_of_the_code() {
    let literals = literals();
    for row in forms::rows() {
        assert!(
            literals.contains(row.form),
            "no code has the form {}",
            row.form
        );
        assert!(
            literals.contains(row.part),
            "no code has the part {}",
            row.part
        );
        assert!(row.since <= row.until, "{} has no version", row.form);
    }
    let known: BTreeSet<(&str, &str)> = forms::rows().map(|row| (row.form, row.part)).collect();
    for case in cases() {
        for effect in case.effects().unwrap_or_default() {
            let key = (effect.form, effect.part);
            assert!(
                known.contains(&key),
                "{key:?} of {} is in no row",
                case.head()
            );
        }
    }
}

#[test]
fn rows_of_forms_say_each_thing_once() {
    let rows: Vec<forms::Form> = forms::rows().collect();
    for (n, one) in rows.iter().enumerate() {
        for other in &rows[..n] {
            let same = one.form == other.form && one.part == other.part;
            let meet = one.since <= other.until && other.since <= one.until;
            assert!(!(same && meet), "{} {} is there twice", one.form, one.part);
        }
    }
}

/// Keys that the code gives to details, as it writes them.
fn keys_of_code() -> BTreeSet<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/parse");
    let folders = ["ddl/effect", "migration/simulate"].map(|folder| root.join(folder));
    // Statements of bodies get these two from a list.
    let mut keys = BTreeSet::from(["conditional", "repeated"].map(ToOwned::to_owned));
    for entry in folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
    {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
        for start in [".with(", "details.insert("] {
            for said in text.split(start).skip(1) {
                if let Some(key) = said.trim_start().strip_prefix('"') {
                    keys.extend(key.split('"').next().map(ToOwned::to_owned));
                }
            }
        }
    }
    keys
}

#[test]
fn keys_of_details_are_told() {
    let told: BTreeSet<String> = forms::details().map(|(key, _)| key.to_owned()).collect();
    assert_eq!(keys_of_code(), told);
}

#[test]
fn some_statements_share_no_transaction() {
    for statement in [
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "create unique index concurrently on t (a)",
        "DROP INDEX CONCURRENTLY IF EXISTS i",
        "REINDEX (VERBOSE) TABLE CONCURRENTLY t",
        "REINDEX DATABASE shop",
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
        "VACUUM (FULL) t",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "CREATE DATABASE shop",
        "DROP TABLESPACE fast",
        "CLUSTER",
    ] {
        assert!(stands_alone(statement), "{statement}");
    }
    for statement in [
        "CREATE INDEX concurrently_made ON t (a)",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
        "COMMENT ON TABLE t IS 'CREATE INDEX CONCURRENTLY'",
        "ALTER TABLE t DETACH PARTITION p",
        "ALTER TABLE t ADD COLUMN \"concurrently\" text",
        "REINDEX TABLE t",
        "ANALYZE t",
        "what nobody understands CONCURRENTLY",
    ] {
        assert!(!stands_alone(statement), "{statement}");
    }
}
