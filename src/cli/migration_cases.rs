//! Cases of rule pages that have migrations: their schema and files become facts.

use rusqlite::Connection;

use crate::engine::{Case, CaseFile, CaseLinter};
use crate::parse::ddl;
use crate::parse::migration::{Direction, File, Layout, Mode, Part};

/// Database of the base world.
const DATABASE: i64 = 1;

/// Reads the schema and the migrations of cases.
pub const LINTER: CaseLinter = CaseLinter { schema, lint };

fn schema(facts: &Connection, script: &str) -> Result<(), String> {
    let unread = ddl::schema(facts, DATABASE, script).map_err(|error| error.to_string())?;
    match unread.first() {
        None => Ok(()),
        Some(unread) => Err(format!("`{}`: {}", unread.statement, unread.reason)),
    }
}

fn lint(_facts: &Connection, case: &Case) -> Result<(), String> {
    let _files = files(case)?;
    Err("not there yet".to_owned())
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
        if given.layout.is_some() {
            return Err("layouts are not there yet".to_owned());
        }
        let up = files.last().map(|file| file.path.clone());
        files.push(plain(given, path, up.filter(|_| given.is_down)));
    }
    Ok(files)
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
