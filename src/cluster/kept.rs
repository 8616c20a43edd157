//! Data directories that are kept between runs, each under a key, to make clusters as copies of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::SystemTime;

use super::error::{ClusterError, Trying};
use super::start::Cluster;
use super::{folders, os};

/// How many are kept; the one that was longest not made goes first.
const MOST: usize = 8;
/// What was said beside a data directory.
const NOTE: &str = "note";
/// The data directory.
const DATA: &str = "data";

/// The folder of data directories that are kept.
#[derive(Debug, Clone)]
pub struct Kept {
    folder: PathBuf,
}

impl Kept {
    /// The folder of this user: `PGTRIAGE_SHADOWS`, else one in the cache folder. `None` without a home folder.
    pub fn of_user() -> Option<Self> {
        folders::kept_shadows().map(Self::at)
    }

    /// Another folder.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The data directory that is kept under a key, and the note beside it.
    pub fn find(&self, key: &str) -> Option<(PathBuf, Vec<u8>)> {
        let home = self.folder.join(key);
        let note = fs::read(home.join(NOTE)).ok()?;
        Some((home.join(DATA), note))
    }

    /// Keeps a copy of the data directory of a cluster that is stopped. What is there under the key already stays.
    pub fn keep(&self, key: &str, cluster: &Cluster, note: &[u8]) -> Result<(), ClusterError> {
        let what = || format!("keep a data directory in {}", self.folder.display());
        fs::create_dir_all(&self.folder).trying(what)?;
        let account = cluster.account();
        if account.is_some() {
            os::passable(&self.folder).trying(what)?;
        }
        self.thin_out();
        let new = tempfile::Builder::new()
            .prefix(".new-")
            .tempdir_in(&self.folder)
            .trying(what)?;
        // The server's user copies from here, and nobody else reads it.
        os::private(new.path()).trying(what)?;
        let copied = os::command(Path::new("cp"))
            .arg("-Rp")
            .arg(cluster.data_dir())
            .arg(new.path().join(DATA))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .trying(what)?;
        if !copied.success() {
            let because = std::io::Error::other("cp failed");
            return Err(because).trying(what);
        }
        fs::write(new.path().join(NOTE), note).trying(what)?;
        os::chown(new.path(), account).trying(what)?;
        if fs::rename(new.path(), self.folder.join(key)).is_ok() {
            let _ = new.keep();
        }
        Ok(())
    }

    /// Removes all of them, and tells how many there were.
    pub fn forget(&self) -> Result<usize, ClusterError> {
        let all = self.all();
        for (_, home) in &all {
            fs::remove_dir_all(home).trying(|| format!("remove {}", home.display()))?;
        }
        Ok(all.len())
    }

    /// Makes room for one more.
    fn thin_out(&self) {
        let mut all = self.all();
        all.sort();
        let spare = all.len().saturating_sub(MOST - 1);
        for (_, home) in &all[..spare] {
            // One that is being removed by another run is gone as well.
            let _ = fs::remove_dir_all(home);
        }
    }

    /// Those that are there, with the time at which each was made.
    fn all(&self) -> Vec<(SystemTime, PathBuf)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.path())
            .filter_map(|home| {
                let meta = fs::metadata(home.join(NOTE)).ok()?;
                Some((meta.modified().ok()?, home))
            })
            .collect()
    }
}
