//! The servers that live tests run on.

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::OnceLock;

use pgtriage::cluster::{self, SUPPORTED_MAJORS, ServerBinaries};

/// One server of each supported major that this machine has; also of 12, for what is said to a
/// server that is too old.
///
/// Says once per run, past the test harness's capture, which they are and which are missing. A
/// major of `PGTRIAGE_REQUIRE_MAJORS` (`13,14,…`) that is missing fails the test.
pub fn servers() -> &'static [ServerBinaries] {
    static SERVERS: OnceLock<Vec<ServerBinaries>> = OnceLock::new();
    let servers = SERVERS.get_or_init(|| {
        let mut found = cluster::per_major(None).unwrap();
        found.retain(|s| s.major == 12 || SUPPORTED_MAJORS.contains(&s.major));
        announce(&found);
        found
    });
    let missing = missing(servers, &required());
    assert!(
        missing.is_empty(),
        "PGTRIAGE_REQUIRE_MAJORS asks for PostgreSQL {missing:?}, which this machine does not have: run .ci/servers",
    );
    servers
}

/// The server of one major, if there is one.
pub fn server(major: u32) -> Option<&'static ServerBinaries> {
    servers().iter().find(|s| s.major == major)
}

/// The newest supported server, for what needs only one.
pub fn newest() -> Option<&'static ServerBinaries> {
    servers()
        .iter()
        .rfind(|s| SUPPORTED_MAJORS.contains(&s.major))
}

/// The oldest and the newest supported server, for what does not differ between those in between; all
/// of them with `PGTRIAGE_ALL_MAJORS`, as every night.
pub fn ends() -> Vec<&'static ServerBinaries> {
    let mut all: Vec<_> = (servers().iter())
        .filter(|s| SUPPORTED_MAJORS.contains(&s.major))
        .collect();
    if env::var_os("PGTRIAGE_ALL_MAJORS").is_none() && all.len() > 2 {
        all.drain(1..all.len() - 1);
    }
    all
}

fn required() -> BTreeSet<u32> {
    let text = env::var("PGTRIAGE_REQUIRE_MAJORS").unwrap_or_default();
    let majors = text.split([',', ' ']).filter(|major| !major.is_empty());
    majors
        .map(|major| {
            let parsed = major.parse();
            parsed.unwrap_or_else(|e| panic!("PGTRIAGE_REQUIRE_MAJORS={text}: {major}: {e}"))
        })
        .collect()
}

fn missing(servers: &[ServerBinaries], wanted: &BTreeSet<u32>) -> BTreeSet<u32> {
    let there = servers.iter().map(|s| s.major).collect();
    wanted.difference(&there).copied().collect()
}

/// Says something to whoever runs the tests: the test harness captures what `eprintln!` writes, but
/// not a write to stderr itself.
#[allow(clippy::explicit_write, reason = "see above")]
pub fn loudly(text: &str) {
    writeln!(std::io::stderr(), "{text}").unwrap();
}

fn announce(servers: &[ServerBinaries]) {
    let missing = missing(servers, &SUPPORTED_MAJORS.collect());
    let mut text = String::from("\n=== live tests run on ===\n");
    for server in servers
        .iter()
        .filter(|s| SUPPORTED_MAJORS.contains(&s.major))
    {
        writeln!(text, "  {server}").unwrap();
    }
    if missing.len() == SUPPORTED_MAJORS.count() {
        text += "  no PostgreSQL server of a supported major\n";
    }
    if !missing.is_empty() {
        let majors: Vec<String> = missing.iter().map(u32::to_string).collect();
        let majors = majors.join(" ");
        writeln!(
            text,
            "=== SKIPPED: PostgreSQL {majors}: no such server on this machine; `.ci/servers {majors}` fetches them ===",
        )
        .unwrap();
    }
    loudly(&text);
}
