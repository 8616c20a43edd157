//! Cases of rule pages that have migrations: their schema and files become facts.

use rusqlite::Connection;

use crate::advise::migration::rewrites;
use crate::engine::{Case, CaseFile, CaseLinter};
use crate::parse::ddl::{self, Catalog};
use crate::parse::migration::layout::{self, Around, Found};
use crate::parse::migration::{Direction, File, Layout, Mode, Part, SimulateOptions, simulate};

/// Database of the base world.
const DATABASE: i64 = 1;

/// What a catalog of which nothing is known imitates.
const OLDEST: u32 = 14;

/// Reads the schema and the migrations of cases.
pub const LINTER: CaseLinter = CaseLinter { schema, lint };

fn schema(facts: &Connection, script: &str) -> Result<(), String> {
    let unread = ddl::schema(facts, DATABASE, script).map_err(|error| error.to_string())?;
    match unread.first() {
        None => Ok(()),
        Some(unread) => Err(format!("`{}`: {}", unread.statement, unread.reason)),
    }
}

/// What follows for the files of a case is found as by `pgtriage lint`.
fn lint(facts: &Connection, case: &Case) -> Result<(), String> {
    let files = files(case)?;
    let major = case.versions.0.or(case.versions.1);
    let told = |error: rusqlite::Error| error.to_string();
    let base = if case.without_schema {
        Catalog::lenient(major.unwrap_or(OLDEST))
    } else {
        Catalog::from_facts(facts, DATABASE).map_err(told)?
    };
    simulate(facts, &base, &files, &SimulateOptions { major }).map_err(told)?;
    rewrites(facts, major).map_err(told)
}

/// The files of a case, taken apart.
pub fn files(case: &Case) -> Result<Vec<File>, String> {
    let mut files: Vec<File> = Vec::new();
    for (at, given) in case.files.iter().enumerate() {
        let path = match (&given.path, at) {
            (Some(path), _) => path.clone(),
            (None, 0) => "migration.sql".to_owned(),
            (None, _) => format!("migration_{}.sql", at + 1),
        };
        if let Some(word) = &given.layout {
            files.extend(in_layout(given, path, word)?);
            continue;
        }
        let up = files.last().map(|file| file.path.clone());
        files.push(plain(given, path, up.filter(|_| given.is_down)));
    }
    Ok(files)
}

/// A file that has the marks of a layout.
fn in_layout(given: &CaseFile, path: String, word: &str) -> Result<Vec<File>, String> {
    let known = Layout::WORDS.iter().find(|(known, _)| *known == word);
    let (_, layout) = known.ok_or_else(|| format!("no layout `{word}`"))?;
    let found = Found {
        is_judged: !given.is_earlier,
        change: given.change,
        layout: Some(*layout),
        ..Found::new(path, given.sql.text.clone())
    };
    Ok(layout::files(vec![found], &Around::default()).files)
}

/// A file of one part.
fn plain(given: &CaseFile, path: String, up_path: Option<String>) -> File {
    let text = given.sql.text.clone();
    let direction = if given.is_down {
        Direction::Down
    } else {
        Direction::Up
    };
    let mode = match given.transaction {
        "wrapped" => Mode::Wrapped,
        "script" => Mode::Script,
        _ => Mode::Autocommit,
    };
    File {
        path,
        layout: Layout::Sql,
        because: "the case says so".to_owned(),
        version: None,
        description: None,
        kind: "versioned",
        chain: 1,
        parts: vec![Part::whole(&text, direction, mode)],
        text,
        expects_down: false,
        up_path,
        is_judged: !given.is_earlier,
        change: given.change,
        unread: None,
    }
}
