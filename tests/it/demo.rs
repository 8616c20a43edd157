//! `pgtriage demo`: the recorded world, and a real one.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use assert_cmd::cargo::cargo_bin;
use pgtriage::cluster::world::{DATABASE, PLANTED, Variant, World};
use pgtriage::facts::Store;

use crate::support::{collect, loudly, newest, private};

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/shop/snapshot.facts");

fn demo(arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_bin("pgtriage"));
    command.arg("demo").args(arguments).env_remove("NO_COLOR");
    command
}

/// Rules with a planted problem.
fn planted() -> BTreeSet<String> {
    let fixture: toml::Table = toml::from_str(PLANTED).unwrap();
    let planted = fixture["planted"].as_array().unwrap().iter();
    planted
        .map(|p| p["rule"].as_str().unwrap().to_owned())
        .collect()
}

/// Runs a report and gives the planted rules that it does not name.
fn not_found(command: &mut Command) -> Vec<String> {
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    let report = String::from_utf8(output.stdout).unwrap();
    let planted = planted();
    assert!(planted.len() > 20);
    planted
        .into_iter()
        .filter(|rule| !report.contains(rule.as_str()))
        .collect()
}

/// Makes the recorded snapshot anew when `RECORD_DEMO` is set.
#[tokio::test]
async fn the_recorded_demo_shows_the_planted_problems() {
    if std::env::var_os("RECORD_DEMO").is_some() {
        record().await;
    }
    let size = std::fs::metadata(RECORDED).unwrap().len();
    assert!(
        size < 2 << 20,
        "{size} bytes are too many to be part of the binary"
    );
    let missing = not_found(&mut demo(&["--offline", "--report"]));
    assert!(
        missing.is_empty(),
        "the recorded demo does not show {missing:?}: record it anew with RECORD_DEMO=1"
    );
}

#[test]
fn a_demo_on_a_real_server_reports_and_leaves_nothing() {
    let Some(server) = newest() else {
        loudly("SKIPPED: the demo on a real server");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let bin = server.bin.to_str().unwrap();
    let mut command = demo(&["--seconds", "1", "--server-bin", bin]);
    // The cluster's folder has to be open to the user that the server runs as.
    open_to_all(folder.path());
    let missing = not_found(command.env("TMPDIR", folder.path()));
    assert!(missing.is_empty(), "not found: {missing:?}");
    crate::support::eventually("the cluster is gone", || {
        std::fs::read_dir(folder.path()).unwrap().next().is_none()
    });
}

fn open_to_all(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o777)).unwrap();
    }
}

async fn record() {
    let server = newest().expect("a recording needs a server");
    let cluster = private(server, Variant::Planted.options());
    let conninfo = cluster.conninfo("postgres");
    let world = World::load(&conninfo, Variant::Planted, |_| {})
        .await
        .unwrap();
    let traffic = world.run(Duration::from_secs(8), 1, |_| {}).await.unwrap();
    let mut store = collect(&cluster.conninfo(DATABASE)).await;
    drop(traffic);
    let home = cluster.home().display().to_string();
    forget(&store, &home, "/var/lib/postgresql");
    forget(
        &store,
        &server.bin.display().to_string(),
        "/usr/lib/postgresql/bin",
    );
    let address = "UPDATE nodes SET address = 'demo:5432'";
    store.connection().execute(address, []).unwrap();
    store.connection().execute_batch("VACUUM").unwrap();
    store.save(Path::new(RECORDED), true).unwrap();
}

/// Puts another path in place of one of this machine, wherever it stands.
fn forget(store: &Store, path: &str, instead: &str) {
    let columns: Vec<(String, String)> = store
        .connection()
        .prepare(
            "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND c.type = 'TEXT'",
        )
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for (table, column) in columns {
        let update = format!(
            "UPDATE {table} SET \"{column}\" = replace(\"{column}\", ?1, ?2) WHERE instr(\"{column}\", ?1)"
        );
        store
            .connection()
            .execute(&update, [path, instead])
            .unwrap();
    }
}
