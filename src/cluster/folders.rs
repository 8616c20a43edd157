//! Where fetched servers and data directories are kept.
//!
//! One server is one folder `pgN` with its programs in `pgN/native/bin`, as `fetch.sh` lays it out.

use std::env;
use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::os;

/// The folder that `fetch.sh` puts servers in: `PGTRIAGE_SERVERS`, else `PGMATRIX_DIR`, else
/// `/var/cache/pgtriage/servers` for root (the server's user cannot enter root's home), else
/// `pgtriage/servers` in the user's cache folder. `None` without a home folder.
pub fn fetched_servers() -> Option<PathBuf> {
    named("PGTRIAGE_SERVERS")
        .or_else(|| named("PGMATRIX_DIR"))
        .or_else(|| cache("pgtriage/servers"))
}

/// All folders in which fetched servers may stand: the one above, and the default of `PGMATRIX_DIR`
/// so that a machine that has one needs no second download.
pub(super) fn all_fetched_servers() -> Vec<PathBuf> {
    [fetched_servers(), cache("pgmatrix")]
        .into_iter()
        .flatten()
        .collect()
}

/// The folder of data directories that are kept between runs: `PGTRIAGE_SHADOWS`, else beside the fetched servers.
pub(super) fn kept_shadows() -> Option<PathBuf> {
    named("PGTRIAGE_SHADOWS").or_else(|| cache("pgtriage/shadows"))
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

/// `name` in root's or the user's cache folder.
fn cache(name: &str) -> Option<PathBuf> {
    if cfg!(unix) && is_root() {
        return Some(PathBuf::from("/var/cache").join(name));
    }
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.cache_dir().join(name))
}

/// Whether what we make belongs to root.
fn is_root() -> bool {
    tempfile::NamedTempFile::new()
        .is_ok_and(|file| os::owner(file.path()).is_ok_and(|uid| uid == 0))
}
