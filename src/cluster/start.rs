//! A cluster: made, configured, started, stopped.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use super::binaries::ServerBinaries;
use super::error::{ClusterError, Trying};
use super::home::{Home, LOG};
use super::keeper::Keeper;
use super::options::Options;
use super::os::{self, Account};
use super::relation_files::RelationFiles;
use super::sweep;

/// How many free ports are tried: another process can take one between our look and the start.
const PORT_TRIES: u32 = 5;

/// How a server is stopped, in `pg_ctl`'s words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopMode {
    /// Ends the sessions and shuts down in order.
    Fast,
    /// Aborts all processes; the next start recovers from the WAL.
    Immediate,
}

/// A throwaway cluster. Dropping it stops the server and deletes everything; so does the end of our
/// process, whatever its cause.
///
/// What changes the state of the server takes `&mut self`, so a cluster that is shared by
/// reference cannot be stopped under its users.
pub struct Cluster {
    keeper: Keeper,
    server: ServerBinaries,
    port: u16,
    tcp: bool,
}

impl Cluster {
    /// Makes a cluster and starts it. Removes what killed predecessors left behind.
    pub fn start(server: &ServerBinaries, options: &Options) -> Result<Self, ClusterError> {
        let mut cluster = Self::create(server, options)?;
        cluster.resume()?;
        Ok(cluster)
    }

    /// Makes a cluster without starting it.
    pub fn create(server: &ServerBinaries, options: &Options) -> Result<Self, ClusterError> {
        let home = Home::new()?;
        let path = home.folder.path();
        let uid = os::owner(path).trying(|| format!("look at {}", path.display()))?;
        sweep::sweep(server, uid, home.account.as_ref())?;
        let mut cluster = Self {
            keeper: Keeper::new(server, home, &options.initdb_arguments())?,
            server: server.clone(),
            port: 5432,
            tcp: options.tcp,
        };
        match &options.copy_of {
            None => cluster.order("init", "initdb")?,
            Some(data) => cluster.order(&format!("copy {}", data.display()), "copying")?,
        }
        let home = cluster.home().display().to_string();
        cluster.configure(&options.all_settings(&home))?;
        cluster.write_files(options)?;
        Ok(cluster)
    }

    /// Starts the server after [`Cluster::create`], [`Cluster::stop`] or [`Cluster::kill`], and
    /// waits until it accepts connections. With TCP the port may be another one than before.
    pub fn resume(&mut self) -> Result<(), ClusterError> {
        for attempt in 1.. {
            if self.tcp {
                self.port = free_port()?;
                self.configure(&[("port".to_owned(), self.port.to_string())])?;
            }
            let result = self.order("start", "start");
            let taken = self.tcp && self.log_tail().contains("could not bind");
            if result.is_ok() || !taken || attempt == PORT_TRIES {
                return result;
            }
        }
        unreachable!("the last attempt returns")
    }

    /// Stops the server and starts it again, on the same port.
    pub fn restart(&mut self) -> Result<(), ClusterError> {
        self.order("restart", "restart")
    }

    /// Has the server read its configuration files again.
    pub fn reload(&mut self) -> Result<(), ClusterError> {
        self.order("reload", "reload")
    }

    /// Stops the server; the cluster stays.
    pub fn stop(&mut self, mode: StopMode) -> Result<(), ClusterError> {
        let mode = match mode {
            StopMode::Fast => "fast",
            StopMode::Immediate => "immediate",
        };
        self.order(&format!("stop {mode}"), "stop")
    }

    /// Kills the postmaster by SIGKILL, as an out-of-memory killer would; its sessions end by
    /// themselves, without a word to their clients.
    pub fn kill(&mut self) -> Result<(), ClusterError> {
        self.order("kill", "kill")
    }

    /// Adds settings to `postgresql.conf`. They hold from the next start or, where the setting
    /// allows, [`Cluster::reload`].
    pub fn configure(&mut self, settings: &[(String, String)]) -> Result<(), ClusterError> {
        let mut lines = String::new();
        for (name, value) in settings {
            let value = value.replace('\'', "''");
            writeln!(lines, "{name} = '{value}'").expect("a String takes any text");
        }
        let path = self.data_dir().join("postgresql.conf");
        OpenOptions::new()
            .append(true)
            .open(&path)
            .and_then(|mut file| file.write_all(lines.as_bytes()))
            .trying(|| format!("write {}", path.display()))
    }

    /// The server's programs.
    pub fn server(&self) -> &ServerBinaries {
        &self.server
    }

    /// The folder of this cluster, which is also the folder of its socket.
    pub fn home(&self) -> &Path {
        &self.keeper.home
    }

    /// The data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.home().join("data")
    }

    /// The server's log.
    pub fn log_path(&self) -> PathBuf {
        self.home().join("server.log")
    }

    /// The files of its relations; a server tells `block_size` and `segment_size`, in bytes.
    pub fn relation_files(&self, block: u64, segment: u64) -> RelationFiles {
        RelationFiles::new(self.data_dir(), self.keeper.account.clone(), block, segment)
    }

    /// The port, of the socket and of TCP.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A key/value connection string for `database` by the unix socket, as the superuser
    /// `postgres`.
    pub fn conninfo(&self, database: &str) -> String {
        let quote = |value: &str| format!("'{}'", value.replace('\\', r"\\").replace('\'', r"\'"));
        let home = quote(&self.home().display().to_string());
        let (port, database) = (self.port, quote(database));
        format!("host={home} port={port} user=postgres dbname={database}")
    }

    /// A connection URI for `database` by TCP, as the superuser `postgres`; `None` if the cluster
    /// was made without TCP. The name of the database must need no percent encoding.
    pub fn url(&self, database: &str) -> Option<String> {
        self.tcp
            .then(|| format!("postgresql://postgres@127.0.0.1:{}/{database}", self.port))
    }

    /// The user that the server runs as, if that is another than ours.
    pub(super) fn account(&self) -> Option<&Account> {
        self.keeper.account.as_ref()
    }

    /// Gives an order; a refusal becomes an error with what the server said.
    fn order(&mut self, order: &str, action: &str) -> Result<(), ClusterError> {
        let before = self.log_length();
        if self.keeper.order(order)? {
            return Ok(());
        }
        // The server's log tells more than its tools do, if it has anything new.
        let log = if self.log_length() > before {
            self.log_tail()
        } else {
            tail(&self.home().join(LOG))
        };
        Err(ClusterError::Server {
            version: self.server.version(),
            action: action.to_owned(),
            log,
        })
    }

    /// Puts files and access rules into a new data directory.
    fn write_files(&self, options: &Options) -> Result<(), ClusterError> {
        let data = self.data_dir();
        for (name, contents) in &options.files {
            let path = data.join(name);
            fs::write(&path, contents)
                .and_then(|()| os::private(&path))
                .and_then(|()| os::chown(&path, self.keeper.account.as_ref()))
                .trying(|| format!("write {}", path.display()))?;
        }
        if options.hba.is_empty() {
            return Ok(());
        }
        let path = data.join("pg_hba.conf");
        fs::read_to_string(&path)
            .and_then(|rest| fs::write(&path, format!("{}\n{rest}", options.hba.join("\n"))))
            .trying(|| format!("write {}", path.display()))
    }

    fn log_length(&self) -> u64 {
        fs::metadata(self.log_path()).map_or(0, |meta| meta.len())
    }

    fn log_tail(&self) -> String {
        tail(&self.log_path())
    }
}

/// A port of 127.0.0.1 that was free a moment ago.
fn free_port() -> Result<u16, ClusterError> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .trying(|| "find a free port on 127.0.0.1".to_owned())
}

/// The last lines of a log, indented.
fn tail(path: &Path) -> String {
    let text = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let last = &lines[lines.len().saturating_sub(20)..];
    let last: Vec<String> = last.iter().map(|line| format!("  {line}")).collect();
    last.join("\n")
}
