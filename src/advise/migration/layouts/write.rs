//! Files of a new migration.

use super::mark::{Outside, join, marked, outside};
use crate::parse::migration::Layout;

/// A migration that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Whose form it gets.
    pub layout: Layout,
    /// Folder of its chain.
    pub folder: String,
    /// Its version.
    pub version: String,
    /// What it does, words with `_` between.
    pub name: String,
    /// Statements that migrate, without semicolons.
    pub up: Vec<String>,
    /// Statements that take that back, in the order in which they are run.
    pub down: Vec<String>,
    /// Its statements cannot run in a transaction.
    pub is_outside: bool,
    /// Other migrations of the chain can be taken back.
    pub has_down: bool,
    /// Files of the chain have their direction in their names.
    pub is_paired: bool,
}

/// A file that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its path.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Statements, each with its semicolon on a line of its own.
pub fn script(statements: &[String]) -> String {
    let mut text = String::new();
    for statement in statements {
        let statement = statement.trim_end();
        text.push_str(statement);
        let line = statement.rsplit('\n').next().unwrap_or_default();
        // Nothing may follow a comment on its line.
        if statement.ends_with(';') || line.trim_start().starts_with("--") {
            text.push('\n');
        } else if line.contains("--") {
            text.push_str("\n;\n");
        } else {
            text.push_str(";\n");
        }
    }
    text
}

/// The files of a migration; a sentence where its layout cannot have it.
pub fn write(migration: &Migration) -> Result<Vec<NewFile>, String> {
    if migration.is_outside {
        match outside(migration.layout) {
            Outside::Never(because) => return Err(because.to_owned()),
            Outside::One if migration.up.len() > 1 => {
                return Err("several statements of a file are run as one transaction".to_owned());
            }
            Outside::One | Outside::EachAlone => {}
        }
    }
    let (up, down) = (script(&migration.up), script(&migration.down));
    let (version, name) = (&migration.version, &migration.name);
    let one = |name: String, text: String| {
        vec![NewFile {
            path: join(&migration.folder, &name),
            text,
        }]
    };
    let with_down = |text: String, mark: &str| {
        if migration.has_down || !down.is_empty() {
            format!("{text}\n{mark}\n{down}")
        } else {
            text
        }
    };
    let mut files = match migration.layout {
        Layout::Flyway | Layout::Refinery => one(format!("V{version}__{name}.sql"), up),
        Layout::Goose => one(
            format!("{version}_{name}.sql"),
            with_down(format!("-- +goose Up\n{up}"), "-- +goose Down"),
        ),
        // It refuses files without either mark.
        Layout::Dbmate => one(
            format!("{version}_{name}.sql"),
            format!("-- migrate:up\n{up}\n-- migrate:down\n{down}"),
        ),
        Layout::NodePgMigrate => one(
            format!("{version}_{name}.sql"),
            with_down(format!("-- Up Migration\n{up}"), "-- Down Migration"),
        ),
        Layout::Prisma => one(format!("{version}_{name}/migration.sql"), up),
        Layout::Diesel => one(format!("{version}_{name}/up.sql"), up),
        Layout::GolangMigrate => one(format!("{version}_{name}.up.sql"), up),
        Layout::Sqlx | Layout::Sql if migration.is_paired => {
            one(format!("{version}_{name}.up.sql"), up)
        }
        Layout::Sqlx | Layout::Sql | Layout::Atlas => one(format!("{version}_{name}.sql"), up),
        Layout::Liquibase | Layout::Sqitch => {
            return Err("its migrations stand in files that exist".to_owned());
        }
        Layout::Alembic | Layout::Django | Layout::Rails => {
            return Err("its files are made by a program".to_owned());
        }
    };
    if migration.is_outside
        && let Some(file) = files.first_mut()
    {
        let (text, beside) = marked(migration.layout, &file.path, &file.text);
        file.text = text;
        if let Some((path, text)) = beside {
            files.push(NewFile { path, text });
        }
    }
    if let Some(name) = down_name(migration) {
        files.push(NewFile {
            path: join(&migration.folder, &name),
            text: down,
        });
    }
    Ok(files)
}

/// The name of the file that takes back, where that is one of its own.
fn down_name(migration: &Migration) -> Option<String> {
    let (version, name) = (&migration.version, &migration.name);
    if !migration.has_down && migration.down.is_empty() {
        return None;
    }
    match migration.layout {
        Layout::Flyway if migration.has_down => Some(format!("U{version}__{name}.sql")),
        Layout::Diesel => Some(format!("{version}_{name}/down.sql")),
        Layout::GolangMigrate => Some(format!("{version}_{name}.down.sql")),
        Layout::Sqlx | Layout::Sql if migration.is_paired => {
            Some(format!("{version}_{name}.down.sql"))
        }
        Layout::Sql if migration.has_down => Some(format!("{version}_{name}.down.sql")),
        _ => None,
    }
}
