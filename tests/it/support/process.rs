//! Looking at processes.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Whether a process runs; one that has ended and waits to be noticed by its parent does not.
pub fn runs(pid: u32) -> bool {
    let state = if Path::new("/proc/self/stat").exists() {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit_once(") ")
            .map_or(String::new(), |(_, rest)| rest.to_owned())
    } else {
        let ps = Command::new("ps")
            .args(["-o", "stat=", "-p", &pid.to_string()])
            .output();
        String::from_utf8(ps.unwrap().stdout).unwrap()
    };
    !state.trim().is_empty() && !state.starts_with('Z')
}

/// Sends a signal; a negative target is a process group.
pub fn signal(name: &str, target: i64) {
    let kill = format!("kill -{name} {target}");
    let status = Command::new("sh").args(["-c", &kill]).status().unwrap();
    assert!(status.success(), "{kill} failed");
}

/// Waits until `is` holds, for at most 20 seconds.
pub fn eventually(what: &str, mut is: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is() {
        assert!(start.elapsed() < Duration::from_mins(1), "not yet: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
