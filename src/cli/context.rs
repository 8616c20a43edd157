//! What a command stands on: settings in force and rules.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use jiff::ZonedDateTime;

use super::advise::worked_out;
use super::args::{General, Voice};
use super::machine::Told;
use super::out::Out;
use super::say::Say;
use crate::config::{ConfigError, ConfigFile, Settings, from_environment};
use crate::engine::{Baseline, Options, Outcome, Pages, Plan, Root, Selection, Source, run};
use crate::facts::Store;
use crate::report::Mistakes;

/// What a command stands on.
#[derive(Debug)]
pub struct Context {
    /// Settings in force.
    pub settings: Settings,
    /// Stderr.
    pub say: Say,
    /// What is told of the server's machine.
    pub machine: Told,
    file: ConfigFile,
}

/// Rule pages and how each is to run.
#[derive(Debug)]
pub struct Rules {
    /// The pages.
    pub pages: Pages,
    /// How they run.
    pub plan: Plan,
    /// Where paths of migrations are told from.
    pub root: Root,
    /// What is told of the server's machine.
    pub machine: Told,
}

impl Context {
    /// Reads file and environment; `flags` stand above both.
    pub fn new(general: &General, flags: Settings) -> anyhow::Result<Self> {
        let file = match find(general)? {
            Some(path) => read(&path)?,
            None => ConfigFile::none(),
        };
        Self::with(file, &general.voice, flags)
    }

    /// Takes the settings of a text in place of a file.
    pub fn with(file: ConfigFile, voice: &Voice, flags: Settings) -> anyhow::Result<Self> {
        let variables = from_environment(|name| std::env::var(name).ok())?;
        let flags = flags.or(voice.settings());
        let options = flags.machine.clone();
        let settings = flags.or(variables).or(file.settings.clone());
        Ok(Self {
            machine: Told {
                options,
                all: settings.machine.clone(),
            },
            settings,
            say: Say::new(voice),
            file,
        })
    }

    /// Where results go.
    pub fn out(&self, file: Option<&Path>) -> Out {
        Out::new(file, self.settings.output.color.unwrap_or_default())
    }

    /// Where the paths of migrations are told from, in keys and in patterns of the settings: the
    /// folder of the settings file, else the top of the repository, else the current folder.
    pub fn root(&self) -> anyhow::Result<Root> {
        let folder = current_folder()?;
        let root = match self.file.folder() {
            Some(settings) => folder.join(settings),
            None => repository(&folder).unwrap_or(&folder).to_owned(),
        };
        Ok(Root::new(&root, &folder))
    }

    /// Where reports for other programs tell paths from: the top of the repository, as the sites
    /// want it that show them, else what settings go by.
    pub fn report_root(&self) -> anyhow::Result<Root> {
        let folder = current_folder()?;
        match repository(&folder) {
            Some(top) => Ok(Root::new(top, &folder)),
            None => self.root(),
        }
    }

    /// The built-in rules and the user's, with the settings for them.
    pub fn rules(&self) -> anyhow::Result<Rules> {
        let mut own = Vec::new();
        for folder in &self.file.rules.paths {
            let place = || format!("[rules] paths of {}", self.file.source.path);
            own.extend(rule_files(Path::new(folder)).with_context(place)?);
        }
        let pages = Pages::load(own.clone()).map_err(|errors| Mistakes {
            errors,
            sources: own,
        })?;
        let file = &self.file;
        let plan = Plan::new(&pages, &file.rules, &file.ignore, &file.source)
            .map_err(|errors| Mistakes::of(file.source.clone(), errors))?;
        let root = self.root()?;
        let machine = self.machine.clone();
        Ok(Rules {
            pages,
            plan,
            root,
            machine,
        })
    }
}

impl Rules {
    /// Works out what pages read, runs the rules over the facts, and times them.
    pub fn judge(
        &self,
        store: &mut Store,
        selection: Selection,
        baseline: Option<&Baseline>,
    ) -> anyhow::Result<Outcome> {
        self.judge_kept(store, selection, baseline, true)
    }

    /// The same, for who reads the outcome only.
    pub fn judge_once(
        &self,
        store: &mut Store,
        selection: Selection,
        baseline: Option<&Baseline>,
    ) -> anyhow::Result<Outcome> {
        self.judge_kept(store, selection, baseline, false)
    }

    fn judge_kept(
        &self,
        store: &mut Store,
        selection: Selection,
        baseline: Option<&Baseline>,
        keeps_results: bool,
    ) -> anyhow::Result<Outcome> {
        self.machine.write(store)?;
        worked_out(store, &self.plan)?;
        let start = Instant::now();
        let clock = || -> Duration { start.elapsed() };
        let options = Options {
            selection,
            baseline,
            root: self.root.clone(),
            keeps_results,
            clock: Some(&clock),
            ..Options::on(ZonedDateTime::now().date())
        };
        Ok(run(store, &self.pages, &self.plan, &options)?)
    }
}

fn current_folder() -> anyhow::Result<PathBuf> {
    std::env::current_dir().context("the current folder cannot be found")
}

/// The top of the repository that a folder lies in.
fn repository(folder: &Path) -> Option<&Path> {
    folder
        .ancestors()
        .find(|folder| folder.join(".git").exists())
}

fn find(general: &General) -> anyhow::Result<Option<PathBuf>> {
    let named = general.config.clone();
    let variable = || std::env::var_os("PGTRIAGE_CONFIG").filter(|path| !path.is_empty());
    if let Some(path) = named.or_else(|| variable().map(PathBuf::from)) {
        return Ok(Some(path));
    }
    let folder = current_folder()?;
    let found = ConfigFile::find(&folder, std::env::home_dir().as_deref());
    // Shown as the user would write it.
    Ok(found.map(|path| match path.strip_prefix(&folder) {
        Ok(short) => short.to_owned(),
        Err(_) => path,
    }))
}

fn read(path: &Path) -> anyhow::Result<ConfigFile> {
    ConfigFile::read(path).map_err(|error| match error {
        ConfigError::Mistake(source, mistake) => Mistakes::of(*source, vec![mistake]).into(),
        other @ ConfigError::Read { .. } => other.into(),
    })
}

/// The rule pages of a folder and the folders in it, by path. A `README.md` is none.
pub fn rule_files(folder: &Path) -> anyhow::Result<Vec<Source>> {
    let unreadable = || format!("cannot read folder {}", folder.display());
    let mut entries = std::fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| Ok(entry?.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .with_context(unreadable)?;
    entries.sort();
    let mut sources = Vec::new();
    for path in entries {
        if path.is_dir() {
            sources.extend(rule_files(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "md")
            && path.file_name().is_none_or(|name| name != "README.md")
        {
            sources.push(text_file(&path)?);
        }
    }
    Ok(sources)
}

/// A text file with its path.
pub fn text_file(path: &Path) -> anyhow::Result<Source> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Source::new(path.display().to_string(), text))
}
