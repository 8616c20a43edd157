//! Where facts come from: a server, or a snapshot in its place.

use std::path::PathBuf;

use anyhow::bail;

use super::context::Context;
use super::live::Live;
use super::progress::Progress;
use crate::collect::connect::{ConnInfo, Environment};
use crate::collect::{CollectOptions, Databases};
use crate::config::SourceSettings;
use crate::derive;
use crate::facts::Store;

/// Where facts come from.
#[derive(Debug)]
pub enum Source {
    /// A file.
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

impl Source {
    /// The source that the settings name; where they name none, the server that psql would take.
    pub fn new(settings: &SourceSettings) -> anyhow::Result<Self> {
        match (&settings.snapshot, &settings.dbname) {
            (Some(_), Some(_)) => bail!(
                "both a snapshot and a server are set as the source of facts; keep one of the two"
            ),
            (Some(path), None) => Ok(Self::Snapshot(path.clone())),
            (None, _) => Ok(Self::Live(Box::new(Target::new(settings)?))),
        }
    }

    /// A filled facts database. Signals end the process from here on.
    pub fn load(&self, context: &Context) -> anyhow::Result<Store> {
        match self {
            Self::Snapshot(path) => {
                let store = Store::open(path)?;
                // Older versions derived less.
                derive::all(store.connection())?;
                Ok(store)
            }
            Self::Live(target) => {
                let mut live = Live::connect(target, context.say)?;
                let mut progress = Progress::new(context.say);
                let store = live.collect(&mut progress)?;
                live.end();
                Ok(store)
            }
        }
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
                statement_timeout: settings
                    .statement_timeout
                    .map_or(default.statement_timeout, |time| time.0),
            },
        })
    }
}
