//! Versions and names in a folder, one after the other.

use std::collections::BTreeSet;

use super::place::Place;
use crate::advise::migration::layouts::version::{compare, first, next_at, of_name};
use crate::advise::migration::layouts::{Habits, alembic, django, rails, sqitch};
use crate::parse::migration::Layout;

/// Version of Rails where no migration names one: the oldest that current ones still run.
const RAILS: &str = "7.0";
/// Ends of names of plain files, by pair: of what migrates, of what takes back.
const PAIRS: [(&str, &str); 8] = [
    (".up", ".down"),
    ("_up", "_down"),
    ("-up", "-down"),
    (".do", ".undo"),
    ("", ".down"),
    ("", "_down"),
    ("", ".rollback"),
    ("", "_rollback"),
];
/// Endings of files that are migrations in some layout.
const ENDINGS: [&str; 8] = [".sql", ".py", ".rb", ".js", ".cjs", ".mjs", ".ts", ".conf"];

/// Versions and names that a folder gives, one after the other.
pub struct Chain<'a> {
    layout: Layout,
    place: &'a Place,
    newest: Option<String>,
    taken: BTreeSet<String>,
    /// How its migrations look; what the next one follows.
    pub habits: Habits,
    /// They can be taken back by files of their own.
    pub has_down: bool,
}

impl<'a> Chain<'a> {
    /// The folder as it is; a sentence where nothing can follow what is there.
    pub fn new(layout: Layout, place: &'a Place) -> Result<Self, String> {
        let names = place.names.iter().map(String::as_str);
        let names: Vec<&str> = names.filter(|name| is_migration(name)).collect();
        let versions = names
            .iter()
            .filter_map(|name| Some((of_name(name)?, *name)));
        let newest = versions.max_by(|a, b| compare(a.0, b.0));
        let taken = names.iter().map(|name| bare(name)).collect();
        let mut chain = Self {
            layout,
            place,
            newest: newest.map(|(version, _)| version.to_owned()),
            taken,
            habits: Habits {
                at: place.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
                rails: RAILS.to_owned(),
                ..Habits::default()
            },
            has_down: false,
        };
        chain.look(&names, newest)?;
        Ok(chain)
    }

    fn look(&mut self, names: &[&str], newest: Option<(&str, &str)>) -> Result<(), String> {
        let place = self.place;
        let pair = |pairs: &[(&'static str, &'static str)]| {
            let there = |(up, down): &&(&str, &str)| {
                names.iter().any(|name| {
                    let stem = name.strip_suffix(&format!("{down}.sql"));
                    stem.is_some_and(|stem| names.contains(&format!("{stem}{up}.sql").as_str()))
                })
            };
            pairs.iter().find(there).copied()
        };
        let found = match self.layout {
            Layout::GolangMigrate => Some(PAIRS[0]),
            Layout::Sqlx if names.is_empty() => Some(PAIRS[0]),
            Layout::Sqlx => pair(&PAIRS[..1]),
            // Whoever runs all files of a folder would run those that take back as well.
            Layout::Sql if newest.is_none() => Some(PAIRS[0]),
            Layout::Sql => pair(&PAIRS),
            _ => None,
        };
        if let Some((up, down)) = found {
            self.habits.up_end = up;
            self.habits.down_end = Some(down);
            self.has_down = true;
        }
        match self.layout {
            Layout::Flyway => {
                let undoes = |name: &&str| name.starts_with('U');
                self.has_down = newest.is_none() || names.iter().any(undoes);
            }
            Layout::Sql | Layout::Liquibase => {
                let after = newest.and_then(|(version, name)| {
                    let start = name.find(version)? + version.len();
                    name[start..].chars().next()
                });
                if let Some(sign) = after.filter(|sign| ['-', '.'].contains(sign)) {
                    self.habits.separator = sign;
                }
            }
            Layout::Rails => {
                let programs = place.programs(".rb");
                let latest = programs
                    .iter()
                    .rev()
                    .find_map(|(_, text)| rails::version(text));
                if let Some(version) = latest {
                    version.clone_into(&mut self.habits.rails);
                }
            }
            Layout::Alembic => {
                let programs = place.programs(".py");
                let heads = alembic::heads(programs.iter().map(|(_, text)| *text));
                self.habits.follows = only(heads, "revisions that nothing follows")?;
            }
            Layout::Django => {
                let mut programs = place.programs(".py");
                programs.retain(|(_, text)| text.contains("migrations.Migration"));
                let (app, leaves) = django::leaves(&programs);
                self.habits.follows = only(leaves, "migrations that nothing depends on")?;
                self.habits.project = app.unwrap_or_else(|| {
                    let mut above = place.folder.trim_end_matches('/').rsplit('/');
                    above.nth(1).unwrap_or_default().to_owned()
                });
                if self.habits.project.is_empty() {
                    return Err("the app is not known: name the folder with that of its app, as in shop/migrations".to_owned());
                }
            }
            Layout::Sqitch => {
                let plan = place.texts.get(sqitch::PLAN);
                let Some(plan) = plan else {
                    return Err(format!(
                        "there is no {} in it: name the folder of the project",
                        sqitch::PLAN
                    ));
                };
                let changes = plan
                    .lines()
                    .filter_map(|line| line.split_whitespace().next());
                self.taken.extend(changes.map(str::to_owned));
                let project = sqitch::project(plan).unwrap_or_default();
                project.clone_into(&mut self.habits.project);
            }
            _ => {}
        }
        Ok(())
    }

    /// The folder's path.
    pub fn folder(&self) -> &str {
        &self.place.folder
    }

    /// Version and name of the next migration, which does this.
    pub fn next(&mut self, name: &str, up: &[String]) -> (String, String) {
        let words = match (self.layout, self.habits.separator) {
            (Layout::NodePgMigrate, _) | (Layout::Sql, '-') => name.replace('_', "-"),
            _ => name.to_owned(),
        };
        let mut free = words.clone();
        let mut count = 1;
        while !self.taken.insert(free.clone()) {
            count += 1;
            free = format!("{words}_{count}");
        }
        let version = match self.layout {
            Layout::Sqitch => String::new(),
            Layout::Alembic => alembic::name_of(self.habits.follows.as_deref(), &free, up),
            layout => match &self.newest {
                Some(newest) => next_at(newest, self.place.now),
                None => first(layout, self.place.now),
            },
        };
        self.newest = Some(version.clone());
        (version, free)
    }

    /// What was made last is what the next one follows.
    pub fn follow(&mut self, version: &str, stem: &str) {
        match self.layout {
            Layout::Alembic => self.habits.follows = Some(version.to_owned()),
            Layout::Django => self.habits.follows = Some(stem.to_owned()),
            _ => {}
        }
    }
}

/// The only one, if any.
fn only(mut all: Vec<String>, what: &str) -> Result<Option<String>, String> {
    if all.len() > 1 {
        all.sort();
        return Err(format!(
            "the folder has several {what} ({}): merge them first",
            all.join(", ")
        ));
    }
    Ok(all.pop())
}

/// Whether a name in the folder is that of a migration, or of a folder with one.
fn is_migration(name: &str) -> bool {
    let ends = |ending: &&str| name.ends_with(*ending);
    ENDINGS.iter().any(ends)
        || !name
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
            .contains('.')
}

/// The name of a migration without version and endings.
fn bare(name: &str) -> String {
    let version = of_name(name).unwrap_or_default();
    let rest = name
        .find(version)
        .map_or(name, |at| &name[at + version.len()..]);
    let rest = rest.trim_start_matches(['_', '-', '.']);
    rest.split('.').next().unwrap_or_default().to_owned()
}
