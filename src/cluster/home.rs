//! The private folder of one cluster.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::error::{ClusterError, Trying};
use super::os::{self, Account};

/// What the names of our folders begin with.
pub(super) const PREFIX: &str = "pgtriage-";

/// The keeper's log in a home; whoever holds its lock owns the cluster.
pub(super) const LOG: &str = "keeper.log";

/// A new folder, locked, given to the user that the server will run as.
pub(super) struct Home {
    pub folder: TempDir,
    pub account: Option<Account>,
    /// The keeper's log, locked.
    pub log: File,
}

impl Home {
    pub fn new() -> Result<Self, ClusterError> {
        let parent = parent()?;
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(&parent)
            .trying(|| format!("make a folder in {}", parent.display()))?;
        let path = folder.path();
        let socket = path.join(".s.PGSQL.65535");
        let length = socket.as_os_str().len();
        // 104 bytes with the final zero on macOS, 108 on Linux
        if length > 103 {
            return Err(ClusterError::PathTooLong {
                path: socket,
                length,
            });
        }
        let own = |what: &Path| format!("prepare {}", what.display());
        let uid = os::owner(path).trying(|| own(path))?;
        let account = Account::for_server(uid)?;
        let log_path = path.join(LOG);
        let log = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&log_path)
            .trying(|| own(&log_path))?;
        log.lock()
            .trying(|| format!("lock {}", log_path.display()))?;
        os::chown(&log_path, account.as_ref()).trying(|| own(&log_path))?;
        os::private(path).trying(|| own(path))?;
        os::chown(path, account.as_ref()).trying(|| own(path))?;
        Ok(Self {
            folder,
            account,
            log,
        })
    }
}

/// The folder for temporary files, absolute: a server does not share our current folder.
pub(super) fn parent() -> Result<PathBuf, ClusterError> {
    let folder = std::env::temp_dir();
    std::path::absolute(&folder).trying(|| format!("find the folder {}", folder.display()))
}
