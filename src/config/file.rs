//! `pgtriage.toml`: found, read, understood.
#![allow(clippy::disallowed_methods, reason = "config is the home of its file")]

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::lint::LintSettings;
use super::settings::{
    CheckSettings, MachineSettings, OutputSettings, Settings, SourceSettings, UiSettings,
};
use crate::engine::{Ignore, RulesSettings, Source, SourceError};

/// Name of the file.
pub const FILE_NAME: &str = "pgtriage.toml";

/// A file that was read, or none: then everything in it is empty.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    /// Its path as it is shown, and its text.
    pub source: Source,
    folder: Option<PathBuf>,
    /// Settings; paths in them are those of files, whatever the current folder is.
    pub settings: Settings,
    /// What it says about rules; `paths` are those of folders likewise.
    pub rules: RulesSettings,
    /// Findings that are accepted.
    pub ignore: Vec<Ignore>,
}

/// A file that can't be read or understood.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It can't be read.
    #[error("cannot read {path}: {source}", path = .path.display())]
    Read {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It holds a mistake.
    #[error("{1}")]
    Mistake(Box<Source>, SourceError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    source: SourceSettings,
    #[serde(default)]
    check: CheckSettings,
    #[serde(default)]
    lint: LintSettings,
    #[serde(default)]
    output: OutputSettings,
    #[serde(default)]
    ui: UiSettings,
    #[serde(default)]
    machine: MachineSettings,
    #[serde(default)]
    rules: RulesSettings,
    #[serde(default)]
    ignore: Vec<Ignore>,
}

impl ConfigFile {
    /// The file that holds in a folder: its own, else that of the nearest folder above. The search
    /// ends with the top of a repository (a folder with `.git`) and with `home`: what lies above is
    /// not the user's.
    pub fn find(folder: &Path, home: Option<&Path>) -> Option<PathBuf> {
        for folder in folder.ancestors() {
            let path = folder.join(FILE_NAME);
            if path.is_file() {
                return Some(path);
            }
            if folder.join(".git").exists() || home == Some(folder) {
                return None;
            }
        }
        None
    }

    /// No file.
    pub fn none() -> Self {
        Self {
            source: Source::new(FILE_NAME, ""),
            folder: None,
            settings: Settings::default(),
            rules: RulesSettings::default(),
            ignore: Vec::new(),
        }
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        let source = Source::new(path.display().to_string(), text);
        Self::parse(source, path.parent().unwrap_or(Path::new("")))
    }

    /// The folder that holds it; none where there is no file.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Understands a text; paths in it are relative to `folder`.
    pub fn parse(source: Source, folder: &Path) -> Result<Self, ConfigError> {
        let document: Document = match toml::from_str(&source.text) {
            Ok(document) => document,
            Err(error) => {
                let mistake = source.error(error.span().unwrap_or(0..0), first_line(&error));
                return Err(ConfigError::Mistake(Box::new(source), mistake));
            }
        };
        let mut file = Self {
            source,
            folder: Some(folder.to_owned()),
            settings: Settings {
                source: document.source,
                check: document.check,
                lint: document.lint,
                output: document.output,
                ui: document.ui,
                machine: document.machine,
            },
            rules: document.rules,
            ignore: document.ignore,
        };
        file.anchor(folder);
        Ok(file)
    }

    /// Makes the paths in the file independent of the current folder.
    fn anchor(&mut self, folder: &Path) {
        let source = &mut self.settings.source;
        let lists = [
            &mut source.statements,
            &mut source.workload,
            &mut source.logs,
        ];
        let named = source.facts.iter_mut().flatten();
        let files = [
            &mut source.snapshot,
            &mut source.schema,
            &mut self.settings.check.baseline,
            &mut self.settings.lint.baseline,
        ];
        let files = files.into_iter().flatten();
        let files = files.chain(lists.into_iter().flatten().flatten());
        for path in files.chain(named.map(|file| &mut file.path)) {
            *path = folder.join(&*path);
        }
        for path in &mut self.rules.paths {
            *path = folder.join(&*path).display().to_string();
        }
    }
}

/// What a parser says, on one line.
fn first_line(error: &toml::de::Error) -> String {
    error.message().replace('\n', ", ")
}
