//! Where facts come from: a server, or a snapshot in its place, and files over either or alone.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::bail;

use super::context::Context;
use super::live::Live;
use super::progress::Progress;
use super::{log_files, logs_empty};
use crate::collect::connect::{ConnInfo, Environment};
use crate::collect::files::{self, FactsFile, Files, FilesOptions, Note};
use crate::collect::logs::remote::RemoteLimits;
use crate::collect::logs::scan::Account;
use crate::collect::logs::{LiveLogs, LogOptions};
use crate::collect::{BloatLimits, CollectOptions, Databases};
use crate::config::SourceSettings;
use crate::derive;
use crate::facts::Store;

/// How much of a server's log is read where nobody asks for more.
const REMOTE: RemoteLimits = RemoteLimits {
    bytes: 16 << 20,
    time: Some(Duration::from_secs(2)),
    is_eager: true,
};

/// Where facts come from.
#[derive(Debug)]
pub struct Source {
    /// What files stand over.
    pub base: Base,
    /// Files that were given by hand.
    pub files: Files,
    /// Logs that were given by hand.
    pub logs: Vec<PathBuf>,
    log_options: LogOptions,
    keep_literals: bool,
}

/// What files of facts stand over.
#[derive(Debug)]
pub enum Base {
    /// Nothing: the files are all there is.
    Nothing,
    /// A snapshot.
    Snapshot(PathBuf),
    /// A server, its standbys, and what to read.
    Live(Box<Target>),
}

/// What to read from which servers.
#[derive(Debug, Clone)]
pub struct Target {
    /// The main server, then its standbys.
    pub nodes: Vec<ConnInfo>,
    /// What to read.
    pub options: CollectOptions,
}

/// How much is read where bloat is estimated.
pub fn bloat_limits(settings: &SourceSettings) -> BloatLimits {
    let default = BloatLimits::default();
    BloatLimits {
        bytes: settings.bloat_limit.map_or(default.bytes, |size| size.0),
        blocks: settings.bloat_blocks.map_or(default.blocks, u64::from),
        ..default
    }
}

impl Source {
    /// The source that the settings name; where they name none, the server that psql would take.
    pub fn new(settings: &SourceSettings) -> anyhow::Result<Self> {
        let base = match (&settings.snapshot, &settings.dbname) {
            (Some(_), Some(_)) => bail!(
                "both a snapshot and a server are set as the source of facts; keep one of the two"
            ),
            (Some(path), None) => Base::Snapshot(path.clone()),
            (None, None) if settings.has_files() => Base::Nothing,
            (None, _) => Base::Live(Box::new(Target::new(settings)?)),
        };
        Ok(Self {
            base,
            files: files(settings),
            logs: settings.logs.clone().unwrap_or_default(),
            log_options: log_files::options(settings)?,
            keep_literals: settings.keep_literals.unwrap_or_default(),
        })
    }

    /// The same, and bloat is estimated where a server is read.
    #[must_use]
    pub fn with_bloat(mut self, settings: &SourceSettings) -> Self {
        if let Base::Live(target) = &mut self.base {
            target.options.bloat = Some(bloat_limits(settings));
        }
        self
    }

    /// The same, unless the settings say not to.
    #[must_use]
    pub fn with_bloat_unless_told(self, settings: &SourceSettings) -> Self {
        if settings.bloat == Some(false) {
            self
        } else {
            self.with_bloat(settings)
        }
    }

    /// The same, and samples of logs keep their literals: for what stays in memory.
    #[must_use]
    pub fn with_samples(mut self) -> Self {
        self.log_options.keep_samples = true;
        if let Base::Live(target) = &mut self.base {
            target.options.keep_samples = true;
        }
        self
    }

    /// A filled facts database. Signals end the process from here on.
    pub fn load(&self, context: &Context) -> anyhow::Result<Store> {
        let store = self.base(context)?;
        self.add_files(&store, context)?;
        Ok(store)
    }

    /// The same without the logs, which are followed.
    pub fn load_beside_logs(&self, context: &Context) -> anyhow::Result<Store> {
        let store = self.base(context)?;
        self.add_facts(&store, context)?;
        Ok(store)
    }

    /// The logs, to be followed, with what is there of them; `None` where there is none or it comes
    /// by stdin.
    pub fn follow_logs(&self, context: &Context) -> anyhow::Result<Option<LiveLogs>> {
        /// Of a log that has just begun nothing is expected.
        const SHORT: u64 = 4 << 10;
        if self.logs.is_empty() || self.logs.iter().any(|path| path.as_os_str() == "-") {
            return Ok(None);
        }
        // A search for indexes is fed with them; nothing else sees them.
        let options = LogOptions {
            keep_samples: true,
            ..self.log_options.clone()
        };
        let mut logs = LiveLogs::new(&self.logs, &options)?;
        let mut bar = Progress::new(context.say);
        let mut done = 0;
        let bytes = logs.poll(&mut |bytes, name| {
            done += bytes;
            bar.set_bytes(done, None, name);
            true
        })?;
        let records = |account: &Account| account.met.records + account.met.filtered;
        if bytes > SHORT && logs.scan.accounts.iter().map(records).sum::<u64>() == 0 {
            let store = log_files::ground(self.keep_literals)?;
            let notes = logs.write(&store)?;
            self.check_logs(&store, &notes)?;
        }
        Ok(Some(logs))
    }

    fn base(&self, context: &Context) -> anyhow::Result<Store> {
        Ok(match &self.base {
            Base::Nothing => Store::in_memory()?,
            Base::Snapshot(path) => {
                let store = Store::open(path)?;
                // Older versions derived less.
                derive::all(store.connection())?;
                store
            }
            Base::Live(target) => {
                let mut live = Live::connect(target, context.say)?;
                let mut progress = Progress::new(context.say);
                let store = live.collect(&mut progress)?;
                live.end();
                store
            }
        })
    }

    /// Whether files or logs were given by hand.
    pub fn has_files(&self) -> bool {
        !self.files.is_empty() || !self.logs.is_empty()
    }

    /// Reads files and logs over what the store holds, and tells what was not understood.
    pub fn add_files(&self, store: &Store, context: &Context) -> anyhow::Result<()> {
        self.add_facts(store, context)?;
        if self.logs.is_empty() {
            return Ok(());
        }
        let notes = log_files::read(&self.logs, store, &self.log_options, context.say)?;
        self.check_logs(store, &notes)?;
        for note in notes {
            context.say.note_of(&note);
        }
        Ok(())
    }

    fn add_facts(&self, store: &Store, context: &Context) -> anyhow::Result<()> {
        if !self.has_files() {
            return Ok(());
        }
        let alone = matches!(self.base, Base::Nothing);
        let options = FilesOptions {
            keep_literals: self.keep_literals,
            ..FilesOptions::default()
        };
        // Logs alone need the ground that files stand on.
        if alone || !self.files.is_empty() {
            for note in files::load(&self.files, store, alone, options)? {
                context.say.note_of(&note);
            }
        }
        Ok(())
    }

    /// An error where nothing in the logs was understood.
    fn check_logs(&self, store: &Store, notes: &[Note]) -> anyhow::Result<()> {
        let prefix = self.log_options.prefix.as_deref();
        match logs_empty::why(store, notes, prefix, "--log-prefix")? {
            Some(why) => bail!(why),
            None => Ok(()),
        }
    }

    /// What the source is called where it is no server.
    pub fn name(&self) -> String {
        let base = match &self.base {
            Base::Snapshot(path) => Some(path.as_path()),
            _ => None,
        };
        let names = base
            .into_iter()
            .chain(self.files.paths())
            .chain(self.logs.iter().map(PathBuf::as_path));
        let names: Vec<String> = names.map(|path| path.display().to_string()).collect();
        match names.as_slice() {
            [first, rest @ ..] if rest.len() > 1 => {
                format!("{first} and {} more files", rest.len())
            }
            names => names.join(" and "),
        }
    }
}

/// The files that the settings name.
fn files(settings: &SourceSettings) -> Files {
    let named = settings.facts.iter().flatten().map(|file| FactsFile {
        name: file.name.clone(),
        path: file.path.clone(),
    });
    Files {
        schema: settings.schema.clone(),
        statements: settings.statements.clone().unwrap_or_default(),
        workload: settings.workload.clone().unwrap_or_default(),
        facts: named.collect(),
    }
}

impl Target {
    /// The servers that the settings name.
    pub fn new(settings: &SourceSettings) -> anyhow::Result<Self> {
        let environment = Environment::from_process();
        let main = settings.dbname.as_deref();
        let standbys = settings.standby.iter().flatten();
        let mut nodes = vec![ConnInfo::resolve(main, &environment)?];
        for standby in standbys {
            nodes.push(ConnInfo::resolve(Some(standby), &environment)?);
        }
        let default = CollectOptions::default();
        let reads_log = settings.remote_logs != Some(false) && settings.logs.is_none();
        let databases = match (&settings.database, settings.all_databases) {
            (Some(_), Some(true)) => {
                bail!("both some databases and all databases are asked for; keep one of the two")
            }
            (Some(names), _) => Databases::Named(names.clone()),
            (None, Some(true)) => Databases::All,
            (None, _) => Databases::Current,
        };
        Ok(Self {
            nodes,
            options: CollectOptions {
                databases,
                keep_literals: settings.keep_literals.unwrap_or(default.keep_literals),
                with_values: settings.with_values.unwrap_or(default.with_values),
                keep_samples: default.keep_samples,
                statement_timeout: settings
                    .statement_timeout
                    .map_or(default.statement_timeout, |time| time.0),
                remote_logs: reads_log.then_some(REMOTE),
                bloat: None,
            },
        })
    }
}
