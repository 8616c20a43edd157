//! All files into a store.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;

use super::catalog::{self, Spec};
use super::error::FilesError;
use super::ground::{self, Told};
use super::notes::{Note, Notes};
use super::rows::{self, Sample};
use super::samples::Series;
use super::{bytes, columns, gaps, pg_class, schema, statements, table, workload};
use crate::derive;
use crate::facts::Store;

/// The files of facts that a user gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// Schema as SQL.
    pub schema: Option<PathBuf>,
    /// Rows of `pg_stat_statements`.
    pub statements: Vec<PathBuf>,
    /// Scripts of statements, and folders of them.
    pub workload: Vec<PathBuf>,
    /// Rows of other views or facts tables.
    pub facts: Vec<FactsFile>,
}

/// A file with the rows of a view or facts table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactsFile {
    /// Name of the view or table.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

/// How files are read.
#[derive(Debug, Clone, Copy)]
pub struct FilesOptions {
    /// Literals of statements and values of statistics are kept.
    pub keep_literals: bool,
    /// Most bytes of one file, unpacked.
    pub most_bytes: u64,
}

impl Default for FilesOptions {
    fn default() -> Self {
        Self {
            keep_literals: false,
            most_bytes: 1 << 30,
        }
    }
}

impl Files {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// All paths, in the order in which they are read.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let lists = self.statements.iter().chain(&self.workload);
        let facts = self.facts.iter().map(|file| &file.path);
        let all = self.schema.iter().chain(facts).chain(lists);
        all.map(PathBuf::as_path)
    }
}

/// A file with rows, read.
pub(super) struct RowsFile {
    pub path: PathBuf,
    pub samples: Vec<Sample>,
}

/// What a table was filled from.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// Files, as they were named.
    pub files: BTreeSet<String>,
    /// Facts columns that they had.
    pub columns: BTreeSet<String>,
    /// There are rows that do not say when they were read.
    pub timeless: bool,
    /// There are, and such rows can't be judged.
    pub ageless: bool,
}

/// What is being filled, and what is known of it so far.
pub(super) struct Loader<'a> {
    pub facts: &'a Connection,
    pub notes: Notes,
    pub literals: bool,
    /// There is neither a server nor a snapshot below.
    pub alone: bool,
    /// Our id of the database that the files speak of.
    pub database: i64,
    pub series: Series,
    pub given: BTreeMap<String, Given>,
}

/// Fills the store from files. `alone`: the store is empty; else what the files hold stands over
/// what is in it.
pub fn load(
    files: &Files,
    store: &Store,
    alone: bool,
    options: FilesOptions,
) -> Result<Vec<Note>, FilesError> {
    let facts = store.connection();
    facts.execute_batch("SAVEPOINT files")?;
    let loaded = fill(files, facts, alone, options);
    if loaded.is_err() {
        facts.execute_batch("ROLLBACK TO files")?;
    }
    facts.execute_batch("RELEASE files")?;
    loaded
}

fn fill(
    files: &Files,
    facts: &Connection,
    alone: bool,
    options: FilesOptions,
) -> Result<Vec<Note>, FilesError> {
    let from_stdin = files.paths().filter(|path| *path == Path::new("-"));
    if from_stdin.count() > 1 {
        return Err(FilesError::content(
            Path::new("-"),
            "stdin can be read once only; name files for the rest",
        ));
    }
    let text = |path: &Path| bytes::text(path, options.most_bytes);
    let rows = |path: &Path| -> Result<RowsFile, FilesError> {
        Ok(RowsFile {
            path: path.to_owned(),
            samples: rows::parse(path, &text(path)?)?,
        })
    };
    let script = files
        .schema
        .as_deref()
        .map(|path| text(path).map(|text| (path, text)));
    let script = script.transpose()?;
    let mut counted = Vec::new();
    let mut catalogs = Vec::new();
    for file in &files.facts {
        let name = file.name.to_ascii_lowercase();
        let name = name.strip_prefix("pg_catalog.").unwrap_or(&name).to_owned();
        if name == "pg_stat_statements" {
            counted.push(rows(&file.path)?);
            continue;
        }
        let kind = Kind::of(&name).ok_or_else(|| unknown(&file.path, &name))?;
        catalogs.push((kind, name, rows(&file.path)?));
    }
    for path in &files.statements {
        counted.push(rows(path)?);
    }
    catalogs.sort_by_key(|(kind, name, _)| kind.turn(name));
    let now = Timestamp::now().as_microsecond();
    let mut loader = Loader {
        facts,
        notes: Notes::default(),
        literals: options.keep_literals,
        alone,
        database: 1,
        series: Series::new(now),
        given: BTreeMap::new(),
    };
    let told = script
        .as_ref()
        .map_or_else(Told::default, |(_, text)| Told::by_dump(text));
    ground::make(&mut loader, files, &told, now)?;
    if let Some((path, text)) = &script {
        schema::apply(&mut loader, path, text)?;
    }
    for (kind, name, file) in &catalogs {
        match kind {
            Kind::Class => pg_class::apply(&mut loader, file)?,
            Kind::Info => {}
            Kind::View(spec) => table::apply(&mut loader, spec, name, file)?,
            Kind::Table(name) => {
                let spec = columns::own(facts, name)?;
                table::apply(&mut loader, &spec, name, file)?;
            }
        }
    }
    ground::by_settings(&mut loader)?;
    statements::apply(&mut loader, &counted)?;
    for (_, _, file) in catalogs
        .iter()
        .filter(|(kind, ..)| matches!(kind, Kind::Info))
    {
        statements::info(&mut loader, file)?;
    }
    let mut scripts = Vec::new();
    for path in &files.workload {
        for path in bytes::scripts(path)? {
            let script = text(&path)?;
            scripts.push((path, script));
        }
    }
    workload::apply(&mut loader, &scripts)?;
    gaps::book(&mut loader, &told)?;
    derive::all(facts)?;
    Ok(loader.notes.list())
}

/// What the name of a facts file stands for.
enum Kind {
    Class,
    Info,
    View(&'static Spec),
    Table(&'static str),
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        match name {
            "pg_class" => Some(Self::Class),
            "pg_stat_statements_info" => Some(Self::Info),
            _ => catalog::find(name)
                .map(Self::View)
                .or_else(|| columns::known(name).map(Self::Table)),
        }
    }

    /// What others refer to comes first.
    fn turn(&self, name: &str) -> u8 {
        match (self, name) {
            (_, "pg_database" | "databases") => 0,
            (_, "pg_roles" | "pg_authid" | "roles" | "pg_namespace" | "schemas") => 1,
            (_, "pg_settings" | "settings") => 2,
            (Self::Class, _) | (_, "relations") => 3,
            (_, "pg_stats" | "columns" | "indexes") => 4,
            (_, _) => 5,
        }
    }
}

fn unknown(path: &Path, name: &str) -> FilesError {
    let views = catalog::SPECS
        .iter()
        .flat_map(|spec| spec.names.iter().copied());
    let mut known: Vec<&str> = views.collect();
    known.extend(["pg_class", "pg_stat_statements", "pg_stat_statements_info"]);
    known.extend(columns::all());
    let near = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(name, known), *known))
        .min()
        .filter(|(distance, _)| *distance <= 1 + name.len() / 4)
        .map_or_else(String::new, |(_, near)| format!("; did you mean {near}?"));
    FilesError::content(
        path,
        format!(
            "there is no view or facts table {name} that could take its rows{near} (views: {}; tables: docs/facts.md)",
            known
                .iter()
                .filter(|name| name.starts_with("pg_"))
                .copied()
                .collect::<Vec<_>>()
                .join(", ")
        ),
    )
}

impl Loader<'_> {
    /// Makes room in a table for what files hold, the first time that one fills it.
    pub fn replace(&mut self, table: &str, clear: &str) -> Result<(), FilesError> {
        if self.given.contains_key(table) {
            return Ok(());
        }
        self.given.insert(table.to_owned(), Given::default());
        if !self.alone {
            self.facts.execute_batch(clear)?;
            for log in ["missing_facts", "collections"] {
                let sql = format!("DELETE FROM {log} WHERE table_name = ?1");
                self.facts.execute(&sql, [table])?;
            }
        }
        Ok(())
    }

    /// Notes that a file filled columns of a table.
    pub fn filled(&mut self, table: &str, path: &Path, columns: impl IntoIterator<Item = String>) {
        let given = self.given.entry(table.to_owned()).or_default();
        given.files.insert(path.display().to_string());
        given.columns.extend(columns);
    }
}
