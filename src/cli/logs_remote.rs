//! `pgtriage logs --remote`: the log of a server over SQL.

use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use clap::Args as ClapArgs;
use tokio::runtime::Runtime;

use super::conninfo::ConnInfoParser;
use super::context::Context;
use super::interrupt;
use super::log_files;
use super::logs_follow::{Growing, Watching};
use super::progress::Progress;
use super::say::Say;
use crate::collect::CollectError;
use crate::collect::connect::{ConnInfo, Environment, Server};
use crate::collect::files::Note;
use crate::collect::logs::remote::{
    RemoteError, RemoteLimits, RemoteLogs, keep_notes, keep_settings,
};
use crate::collect::logs::{self, LogOptions};
use crate::derive;
use crate::facts::{Store, setting_number};
use crate::parse::log::tally::Tally;

/// Bytes of the newest logs that are read unless told otherwise.
const LIMIT: u64 = 64 << 20;

/// A server whose log is read.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Server")]
pub struct RemoteArgs {
    /// Read the log of a server over SQL, where no file can be reached; a role that may not is told
    /// what to grant
    #[arg(long, conflicts_with = "paths")]
    pub remote: bool,
    /// The server of --remote, as psql takes it
    #[arg(long, short, value_name = "CONNINFO", value_parser = ConnInfoParser, requires = "remote")]
    dbname: Option<String>,
    /// Read at most so much of the newest logs at first [default: 64MB]
    #[arg(long, value_name = "SIZE", requires = "remote")]
    remote_limit: Option<String>,
}

impl RemoteArgs {
    /// The server, where one is named.
    pub fn dbname(&self) -> Option<String> {
        self.dbname.clone()
    }

    fn bytes(&self) -> anyhow::Result<u64> {
        let Some(text) = &self.remote_limit else {
            return Ok(LIMIT);
        };
        let bytes = setting_number(text, None, None).filter(|bytes| *bytes >= 1.0);
        match bytes {
            Some(bytes) if !text.trim().ends_with(['s', 'n', 'h', 'd']) => Ok(bytes as u64),
            _ => bail!("--remote-limit {text} is no size; write 64MB or 1GB"),
        }
    }
}

/// The log of a server, and what drives the reading.
pub struct Log {
    runtime: Runtime,
    server: Server,
    logs: RemoteLogs,
    keep_literals: bool,
}

impl Log {
    /// Connects, and looks whether the log may be read.
    pub fn begin(
        context: &Context,
        args: &RemoteArgs,
        options: &LogOptions,
        watching: &Watching,
    ) -> anyhow::Result<Self> {
        let limits = RemoteLimits {
            bytes: args.bytes()?,
            time: None,
            is_eager: !watching.follow,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("cannot start the network")?;
        let dbname = context.settings.source.dbname.as_deref();
        let info = ConnInfo::resolve(dbname, &Environment::from_process())?;
        let begin = async {
            let server = Server::connect(&info).await.map_err(CollectError::from)?;
            let logs = RemoteLogs::begin(&server, options, limits).await;
            Ok((server, logs.map_err(told)?))
        };
        let (server, logs) = runtime.block_on(interrupt::unless_interrupted(begin))?;
        for warning in server.warnings() {
            context.say.warn(warning);
        }
        Ok(Self {
            runtime,
            server,
            logs,
            keep_literals: options.keep_literals,
        })
    }

    /// Reads what is there.
    pub fn read(&mut self, say: Say) -> anyhow::Result<Store> {
        let mut bar = Progress::new(say);
        let mut done = 0;
        let mut tell = |bytes: u64, name: &str| {
            done += bytes;
            bar.set_bytes(done, None, name);
            true
        };
        let (logs, server) = (&mut self.logs, &self.server);
        let poll = async { logs.poll(server, &mut tell).await.map_err(told) };
        self.runtime.block_on(interrupt::unless_interrupted(poll))?;
        drop(bar);
        let store = log_files::ground(self.keep_literals)?;
        let notes = self.finish(&store)?;
        if let Some(why) = super::logs_empty::why(&store, &notes, None, "--prefix")? {
            bail!(why);
        }
        for note in notes {
            say.note_of(&note);
        }
        Ok(store)
    }

    /// Closes the connections.
    pub fn end(self) {
        const CLOSING: Duration = Duration::from_secs(2);
        // What does not close in time is closed by the end of the process.
        let _ = self
            .runtime
            .block_on(async { tokio::time::timeout(CLOSING, self.server.close()).await });
    }
}

impl Growing for Log {
    const PAUSE: Duration = Duration::from_secs(1);

    fn poll(&mut self, progress: &mut dyn FnMut(u64, &str) -> bool) -> anyhow::Result<()> {
        let poll = self.logs.poll(&self.server, progress);
        self.runtime.block_on(poll).map_err(told)?;
        Ok(())
    }

    fn tally(&mut self) -> &mut Tally {
        &mut self.logs.scan.tally
    }

    fn finish(&mut self, store: &Store) -> anyhow::Result<Vec<Note>> {
        self.logs.finish();
        let facts = store.connection();
        keep_settings(facts, &self.logs)?;
        let mut notes = logs::write(store, &self.logs.scan, self.keep_literals)?;
        notes.extend(self.logs.notes.iter().map(|text| Note {
            text: text.clone(),
            items: Vec::new(),
        }));
        keep_notes(facts, &self.logs)?;
        derive::all(facts)?;
        Ok(notes)
    }

    fn keeps_literals(&self) -> bool {
        self.keep_literals
    }
}

/// What went wrong, and what helps.
fn told(error: RemoteError) -> anyhow::Error {
    match error {
        RemoteError::Lost(error) => CollectError::Lost(error).into(),
        RemoteError::Refused(refusal) => {
            let error = RemoteError::Refused(refusal.clone());
            anyhow!("{error}\n{}", refusal.remedy())
        }
        other @ RemoteError::Options(_) => other.into(),
    }
}
