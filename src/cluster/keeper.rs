//! The process that keeps a cluster, seen from our side (its own side is `keeper.sh`).

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::binaries::ServerBinaries;
use super::error::{ClusterError, Trying};
use super::home::Home;
use super::os::{self, Account};

const SCRIPT: &str = include_str!("keeper.sh");

/// A running keeper. Dropping it stops the server and deletes the folder, and waits for that.
pub(super) struct Keeper {
    pub home: PathBuf,
    pub account: Option<Account>,
    child: Child,
    /// The end of this pipe is the end of the cluster; taken when dropped.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Shared with the keeper, so the lock lasts as long as either of us does.
    _lock: File,
}

impl Keeper {
    /// Starts the keeper of a new home; `initdb` are the arguments for the order `init`.
    pub fn new(
        server: &ServerBinaries,
        home: Home,
        initdb: &[String],
    ) -> Result<Self, ClusterError> {
        let Home {
            folder,
            account,
            log,
        } = home;
        let keeper = Self::of(server, folder.path(), account, log, initdb)?;
        // From now on the folder is the keeper's to delete.
        let _ = folder.keep();
        Ok(keeper)
    }

    /// Starts a keeper for a folder that exists; `log` is the locked keeper's log in it.
    pub fn of(
        server: &ServerBinaries,
        home: &Path,
        account: Option<Account>,
        log: File,
        initdb: &[String],
    ) -> Result<Self, ClusterError> {
        let what = || {
            let user = account.as_ref().map(|a| format!(" as user {}", a.name));
            let user = user.unwrap_or_default();
            format!("run sh in {}{user}", home.display())
        };
        let errors = log.try_clone().trying(what)?;
        let mut command = os::command(Path::new("sh"));
        command
            .args(["-c", SCRIPT, "keeper"])
            .arg(&server.bin)
            .arg(home)
            .args(initdb)
            .current_dir(home)
            .env("HOME", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors);
        os::detach(&mut command, account.as_ref());
        let mut child = command.spawn().trying(what)?;
        let orders = child.stdin.take();
        let answers = child.stdout.take().expect("stdout is piped");
        Ok(Self {
            home: home.to_owned(),
            account,
            child,
            orders,
            answers: BufReader::new(answers),
            _lock: log,
        })
    }

    /// Gives one order and waits for the answer: whether it succeeded.
    pub fn order(&mut self, order: &str) -> Result<bool, ClusterError> {
        let gone = || ClusterError::KeeperGone {
            home: self.home.clone(),
        };
        let orders = self.orders.as_mut().expect("taken only when dropped");
        let line = format!("{order}\n");
        orders.write_all(line.as_bytes()).map_err(|_| gone())?;
        let mut answer = String::new();
        match self.answers.read_line(&mut answer) {
            Ok(read) if read > 0 => Ok(answer.trim_end() == "0"),
            _ => Err(gone()),
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.orders.take());
        // Neither failure can be mended here; the next start sweeps what stays.
        let _ = self.child.wait();
        // The server's user may not remove an entry of a folder that belongs to root.
        let _ = fs::remove_dir_all(&self.home);
    }
}
