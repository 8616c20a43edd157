//! Files of a new migration.

use super::mark::{Outside, join, marked, outside};
use super::{alembic, django, liquibase, node, rails, sqitch};
use crate::parse::migration::Layout;

/// A migration that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Whose form it gets.
    pub layout: Layout,
    /// Folder of its chain.
    pub folder: String,
    /// Its version, or its revision; of layouts that have none, empty.
    pub version: String,
    /// What it does, words with `_` between.
    pub name: String,
    /// Why, in one line; may be empty.
    pub about: String,
    /// Statements that migrate, without semicolons.
    pub up: Vec<String>,
    /// Statements that take that back, in the order in which they are run.
    pub down: Vec<String>,
    /// Its statements cannot run in a transaction.
    pub is_outside: bool,
    /// Those that take it back cannot.
    pub undo_is_outside: bool,
    /// Other migrations of the chain can be taken back.
    pub has_down: bool,
    /// How the folder's migrations look.
    pub habits: Habits,
}

/// How the migrations of a folder look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habits {
    /// Between version and name.
    pub separator: char,
    /// Ends the name of a file that migrates.
    pub up_end: &'static str,
    /// Ends the name of a file that takes back; none: there are no such files.
    pub down_end: Option<&'static str>,
    /// The revision or migration that this one follows.
    pub follows: Option<String>,
    /// Django's app, Sqitch's project.
    pub project: String,
    /// Version of Rails that its migrations name.
    pub rails: String,
    /// The moment of writing, as RFC 3339 in UTC.
    pub at: String,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            separator: '_',
            up_end: "",
            down_end: None,
            follows: None,
            project: String::new(),
            rails: String::new(),
            at: String::new(),
        }
    }
}

/// A file that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its path.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What stands where nothing takes a migration back.
pub(super) const NO_DOWN: &str = "Nothing takes this back.";

/// Statements, each with its semicolon on a line of its own.
pub fn script(statements: &[String]) -> String {
    let mut text = String::new();
    for statement in statements {
        text.push_str(&ended(statement));
        text.push('\n');
    }
    text
}

/// A statement with its semicolon.
pub(super) fn ended(statement: &str) -> String {
    let statement = statement.trim_end();
    let line = statement.rsplit('\n').next().unwrap_or_default();
    // Nothing may follow a comment on its line.
    if statement.ends_with(';') || line.trim_start().starts_with("--") {
        statement.to_owned()
    } else if line.contains("--") {
        format!("{statement}\n;")
    } else {
        format!("{statement};")
    }
}

impl Migration {
    /// A file in the migration's folder.
    pub(super) fn file(&self, name: &str, text: String) -> NewFile {
        NewFile {
            path: join(&self.folder, name),
            text,
        }
    }

    /// Version and name.
    pub(in crate::advise::migration) fn stem(&self) -> String {
        let (version, name) = (&self.version, &self.name);
        match self.layout {
            Layout::Flyway | Layout::Refinery => format!("{version}__{name}"),
            _ => format!("{version}{}{name}", self.habits.separator),
        }
    }

    /// What migrates, under the line that says why.
    pub(super) fn up_script(&self) -> String {
        let up = script(&self.up);
        if self.about.is_empty() {
            up
        } else {
            format!("-- {}\n{up}", self.about)
        }
    }

    /// What takes back; a comment where nothing does.
    pub(super) fn down_script(&self) -> String {
        if self.down.is_empty() {
            format!("-- {NO_DOWN}\n")
        } else {
            script(&self.down)
        }
    }

    /// Files that have both directions are run as the stricter of them wants it.
    pub(super) fn either_is_outside(&self) -> bool {
        self.is_outside || self.undo_is_outside
    }

    /// What migrates, and what takes that back as a comment: the layout has no other place for it.
    fn up_alone(&self) -> String {
        let mut text = self.up_script();
        if !self.down.is_empty() {
            text.push_str("\n-- What takes it back:\n");
            for line in script(&self.down).lines() {
                text.push_str(&format!("-- {line}\n"));
            }
        }
        text
    }
}

/// The files of a migration; a sentence where its layout cannot have it.
///
/// # Errors
/// Where the layout can neither run such statements nor have them in a file of their own.
pub fn write(migration: &Migration) -> Result<Vec<NewFile>, String> {
    let m = migration;
    if m.is_outside && !is_program(m) {
        match outside(m.layout) {
            Outside::Never(because) => return Err(because.to_owned()),
            Outside::One if m.up.len() > 1 => {
                return Err("several statements of a file are run as one transaction".to_owned());
            }
            Outside::One | Outside::EachAlone => {}
        }
    }
    let both = m.has_down || !m.down.is_empty();
    let stem = m.stem();
    let mut files = Vec::new();
    match m.layout {
        Layout::Flyway => {
            let text = if m.has_down {
                m.up_script()
            } else {
                m.up_alone()
            };
            files.extend(run(m, m.is_outside, &format!("V{stem}.sql"), text));
            if m.has_down {
                let name = format!("U{stem}.sql");
                files.extend(run(m, m.undo_is_outside, &name, m.down_script()));
            }
        }
        Layout::Refinery => {
            files.extend(run(m, m.is_outside, &format!("V{stem}.sql"), m.up_alone()));
        }
        Layout::Atlas => files.extend(run(m, m.is_outside, &format!("{stem}.sql"), m.up_alone())),
        Layout::Goose => {
            let mut text = format!("-- +goose Up\n{}", m.up_script());
            if both {
                text.push_str(&format!("\n-- +goose Down\n{}", m.down_script()));
            }
            let name = format!("{stem}.sql");
            files.extend(run(m, m.either_is_outside(), &name, text));
        }
        // It refuses files without either mark.
        Layout::Dbmate => {
            let mark = |is_outside| {
                if is_outside { " transaction:false" } else { "" }
            };
            let text = format!(
                "-- migrate:up{}\n{}\n-- migrate:down{}\n{}",
                mark(m.is_outside),
                m.up_script(),
                mark(m.undo_is_outside),
                m.down_script()
            );
            files.push(m.file(&format!("{stem}.sql"), text));
        }
        Layout::NodePgMigrate if m.either_is_outside() => {
            files.push(m.file(&format!("{stem}.cjs"), node::program(m)));
        }
        Layout::NodePgMigrate => {
            let mut text = format!("-- Up Migration\n{}", m.up_script());
            if both {
                text.push_str(&format!("\n-- Down Migration\n{}", m.down_script()));
            }
            files.push(m.file(&format!("{stem}.sql"), text));
        }
        Layout::Prisma => {
            files.push(m.file(&format!("{stem}/migration.sql"), m.up_script()));
            if !m.down.is_empty() {
                files.push(m.file(&format!("{stem}/down.sql"), m.down_script()));
            }
        }
        Layout::Diesel => {
            let up = format!("{stem}/up.sql");
            files.extend(run(m, m.either_is_outside(), &up, m.up_script()));
            if both {
                files.push(m.file(&format!("{stem}/down.sql"), m.down_script()));
            }
        }
        Layout::GolangMigrate | Layout::Sqlx | Layout::Sql => {
            let habits = &m.habits;
            let name = format!("{stem}{}.sql", habits.up_end);
            let down = habits.down_end.filter(|_| both);
            let text = if down.is_some() {
                m.up_script()
            } else {
                m.up_alone()
            };
            files.extend(run(m, m.is_outside, &name, text));
            if let Some(end) = down {
                let name = format!("{stem}{end}.sql");
                files.extend(run(m, m.undo_is_outside, &name, m.down_script()));
            }
        }
        Layout::Liquibase => files.push(m.file(&format!("{stem}.sql"), liquibase::changelog(m))),
        Layout::Sqitch => files.extend(sqitch::scripts(m)),
        Layout::Alembic => files.push(m.file(&format!("{stem}.py"), alembic::revision(m))),
        Layout::Django => files.push(m.file(&format!("{stem}.py"), django::migration(m))),
        Layout::Rails => files.push(m.file(&format!("{stem}.rb"), rails::migration(m))),
    }
    Ok(files)
}

/// A file, with the mark by which it is run without a transaction where it has to be.
fn run(m: &Migration, is_outside: bool, name: &str, text: String) -> Vec<NewFile> {
    let path = join(&m.folder, name);
    if !is_outside {
        return vec![NewFile { path, text }];
    }
    let (text, beside) = marked(m.layout, &path, &text);
    let mut files = vec![NewFile { path, text }];
    files.extend(beside.map(|(path, text)| NewFile { path, text }));
    files
}

/// It is written as a program, which can say how it is run.
fn is_program(m: &Migration) -> bool {
    matches!(
        m.layout,
        Layout::Alembic | Layout::Django | Layout::Rails | Layout::NodePgMigrate
    )
}
