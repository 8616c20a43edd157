//! Removes the clusters of keepers that were killed.

use std::fs::{self, OpenOptions};
use std::path::Path;

use super::binaries::ServerBinaries;
use super::error::ClusterError;
use super::home::{LOG, PREFIX, parent};
use super::keeper::Keeper;
use super::os::{self, Account};

/// Deletes every folder of ours in the folder for temporary files whose keeper has gone, and stops
/// the server in it if it still runs. What cannot be removed now is tried again at the next start.
pub(super) fn sweep(
    server: &ServerBinaries,
    uid: u32,
    account: Option<&Account>,
) -> Result<(), ClusterError> {
    let Ok(entries) = fs::read_dir(parent()?) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            sweep_one(server, uid, account, &entry.path());
        }
    }
    Ok(())
}

fn sweep_one(server: &ServerBinaries, uid: u32, account: Option<&Account>, home: &Path) {
    // Another user's folder may hold anything, such as a process id of ours to be stopped.
    if !fs::symlink_metadata(home).is_ok_and(|meta| meta.is_dir())
        || !os::owner(home).is_ok_and(|owner| owner == uid)
    {
        return;
    }
    let Ok(log) = OpenOptions::new().append(true).open(home.join(LOG)) else {
        return;
    };
    // Locked: its keeper lives. Empty: it is about to be born, and locked in a moment.
    if log.try_lock().is_err() || log.metadata().is_ok_and(|meta| meta.len() == 0) {
        return;
    }
    if !server_runs(home) {
        // The process id in it may by now be that of an innocent process.
        let _ = fs::remove_file(home.join("data/postmaster.pid"));
    }
    // A keeper without orders cleans up at once.
    drop(Keeper::of(server, home, account.cloned(), log, &[]));
}

/// Whether a server answers on one of the sockets in `home`.
fn server_runs(home: &Path) -> bool {
    fs::read_dir(home).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with(".s.PGSQL.") && os::socket_answers(&entry.path())
        })
    })
}
