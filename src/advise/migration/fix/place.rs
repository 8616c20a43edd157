//! Where new migrations are written: folder, version, name.

use std::collections::HashMap;

use super::units::Unit;
use crate::advise::migration::layouts::Habits;
use crate::advise::migration::layouts::version::{compare, next, of_name};
use crate::parse::migration::layout::Around;
use crate::parse::migration::{Direction, File, Layout};

/// Folders of migrations, and the newest version in each.
pub struct Places<'a> {
    around: &'a Around,
    files: &'a [File],
    newest: HashMap<String, String>,
    names: HashMap<String, usize>,
}

/// Folder and name of a path.
pub fn split(path: &str) -> (&str, &str) {
    match path.rsplit_once('/') {
        Some(("", name)) => ("/", name),
        Some(parts) => parts,
        None => ("", path),
    }
}

fn is_sql(name: &str) -> bool {
    let ending = name.rsplit('.').next();
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("sql"))
}

/// The folder of a file's chain, and the name that carries its version.
pub fn home(file: &File) -> (&str, &str) {
    let (folder, name) = split(&file.path);
    match file.layout {
        Layout::Prisma | Layout::Diesel => split(folder),
        _ => (folder, name),
    }
}

/// How migrations look that come after a file.
pub fn habits(file: &File, has_down: bool) -> Habits {
    let is_paired = file.path.ends_with(".up.sql");
    Habits {
        up_end: if is_paired { ".up" } else { "" },
        down_end: (is_paired || file.layout == Layout::Sql && has_down).then_some(".down"),
        ..Habits::default()
    }
}

impl<'a> Places<'a> {
    pub fn new(around: &'a Around, files: &'a [File]) -> Self {
        Self {
            around,
            files,
            newest: HashMap::new(),
            names: HashMap::new(),
        }
    }

    /// The version of a migration that comes after all there are; why there is none.
    pub fn version(&mut self, file: &File) -> Result<String, String> {
        let (folder, name) = home(file);
        let Some(own) = of_name(name).filter(|_| file.version.is_some()) else {
            return Err("its name has no version that another could come after".to_owned());
        };
        let newest = match self.newest.get(folder) {
            Some(newest) => newest.clone(),
            None => self.newest_in(folder, own)?,
        };
        let version = next(&newest);
        self.newest.insert(folder.to_owned(), version.clone());
        Ok(version)
    }

    fn newest_in(&self, folder: &str, own: &str) -> Result<String, String> {
        let names = self.around.names.get(folder).into_iter().flatten();
        let versions = names.filter_map(|name| Some((of_name(name)?, name)));
        let mut newest = own;
        for (version, name) in versions {
            let is_read = || {
                let mut files = self.files.iter();
                files.any(|file| home(file) == (folder, name.as_str()))
            };
            if compare(version, own).is_gt() && is_sql(name) && !is_read() {
                return Err(format!(
                    "{name} is newer and was not read; lint the whole folder"
                ));
            }
            if compare(version, newest).is_gt() {
                newest = version;
            }
        }
        Ok(newest.to_owned())
    }

    /// The name of a migration that goes on with what another began.
    pub fn name(&mut self, file: &File, unit: &Unit) -> String {
        let (_, name) = home(file);
        let stem = name.strip_suffix(".sql").unwrap_or(name);
        let stem = stem.strip_suffix(".up").unwrap_or(stem);
        let version = of_name(stem).unwrap_or_default();
        let rest = stem
            .find(version)
            .map_or(stem, |at| &stem[at + version.len()..]);
        let rest = rest.trim_start_matches(['_', '-', '.', ' ']);
        let validates = |sql: &str| sql.to_ascii_uppercase().contains(" VALIDATE ");
        let what = if unit.is_outside {
            "concurrently"
        } else if unit.pieces.iter().all(|piece| validates(&piece.sql)) {
            "validate"
        } else {
            "finish"
        };
        let name = format!("{rest}_{what}");
        let name = name.trim_start_matches('_').to_owned();
        let count = self
            .names
            .entry(format!("{}/{name}", file.path))
            .or_default();
        *count += 1;
        if *count > 1 {
            format!("{name}_{count}")
        } else {
            name
        }
    }

    /// Whether migrations of the chain can be taken back.
    pub fn has_down(&self, file: &File) -> bool {
        let chain = self.files.iter().filter(|other| other.chain == file.chain);
        let mut parts = chain.flat_map(|other| &other.parts);
        file.expects_down || parts.any(|part| part.direction == Direction::Down)
    }
}
