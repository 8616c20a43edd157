//! The terminal UI of the program over a real server.

use pgtriage::cluster::{Cluster, Options, StopMode};

use std::fs::{Permissions, read_dir, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use pgtriage::cluster::world::{DATABASE, Variant};

use crate::support::{Clients, eventually, loudly, newest, private, shop, signal};
use crate::tui::terminal::Terminal;

/// A cluster with two equal indexes, and a terminal in which the program shows it.
async fn shown(refresh: &str) -> Option<(Cluster, Terminal)> {
    let Some(server) = newest() else {
        loudly("SKIPPED: the terminal UI over a real server");
        return None;
    };
    let cluster = private(server, Options::default());
    let tables = "CREATE TABLE orders (a int, b int);
        CREATE INDEX orders_a ON orders (a);
        CREATE INDEX orders_again ON orders (a)";
    cluster
        .client("postgres")
        .await
        .batch_execute(tables)
        .await
        .unwrap();
    let terminal = Terminal::open(120, 30, "")?;
    let program = env!("CARGO_BIN_EXE_pgtriage");
    terminal.types(&format!(
        "{program} -d \"{}\" --refresh {refresh}",
        cluster.conninfo("postgres")
    ));
    terminal.sees("orders_again");
    Some((cluster, terminal))
}

/// Sessions of ours that stay: a server may be slow to see that one has gone.
async fn sessions(cluster: &Cluster) -> i64 {
    let client = cluster.client("postgres").await;
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgtriage'";
    for _ in 0..100 {
        let count: i64 = client.query_one(sessions, &[]).await.unwrap().get(0);
        if count == 0 {
            return 0;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    client.query_one(sessions, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_server_that_goes_away_and_comes_back_is_followed() {
    let Some((mut cluster, terminal)) = shown("1s").await else {
        return;
    };
    terminal.sees("live 1 s");
    cluster.stop(StopMode::Immediate).unwrap();
    terminal.sees("LOST");
    // What was read stays on the screen.
    terminal.sees("orders_again");
    cluster.resume().unwrap();
    terminal.sees("live 1 s");
    // A small catalog is read anew without being asked.
    let third = "CREATE INDEX orders_third ON orders (a)";
    let client = cluster.client("postgres").await;
    client.batch_execute(third).await.unwrap();
    drop(client);
    terminal.sees("orders_third");
    terminal.keys(&["q"]);
    terminal.is_back(0);
    assert_eq!(sessions(&cluster).await, 0);
}

#[test]
fn statements_of_a_snapshot_are_sorted_filtered_and_opened() {
    let Some(terminal) = Terminal::open(110, 34, "") else {
        return;
    };
    let program = env!("CARGO_BIN_EXE_pgtriage");
    let snapshot = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/shop/snapshot.facts");
    terminal.types(&format!("{program} --snapshot {snapshot}"));
    terminal.sees("1 Findings  2 Queries");
    terminal.keys(&["2"]);
    terminal.sees("FROM billing.payments");
    terminal.keys(&["/"]);
    terminal.tmux(&["send-keys", "-l", "mean>1s"]);
    terminal.keys(&["Enter"]);
    terminal.sees("1 of 60");
    terminal.keys(&["Enter"]);
    terminal.sees("    JOIN shop.orders o ON o.id = i.order_id");
    assert!(terminal.coloured().contains("\u{1b}[1mJOIN"));
    // To the findings about it.
    terminal.keys(&["f"]);
    terminal.sees("query/temp-spill");
    terminal.keys(&["q"]);
    terminal.is_back(0);
}

#[tokio::test]
async fn a_refresh_reads_the_catalog_anew() {
    let Some((cluster, terminal)) = shown("10min").await else {
        return;
    };
    let another = "CREATE INDEX orders_b ON orders (b); CREATE INDEX orders_third ON orders (b)";
    cluster
        .client("postgres")
        .await
        .batch_execute(another)
        .await
        .unwrap();
    terminal.keys(&["F5"]);
    terminal.sees("orders_third");
    signal("TERM", terminal.process());
    terminal.is_back(143);
    assert_eq!(sessions(&cluster).await, 0);
}

/// Bloat is sampled on request and stays when the server is read again; a pool is sized for other cores.
#[tokio::test]
async fn bloat_is_sampled_and_a_pool_is_sized() {
    let Some((cluster, terminal)) = shown("1s").await else {
        return;
    };
    let rows = "ALTER TABLE orders SET (autovacuum_enabled = off);
        INSERT INTO orders SELECT i, i FROM generate_series(1, 60000) i;
        DELETE FROM orders WHERE a % 2 = 0";
    cluster
        .client("postgres")
        .await
        .batch_execute(rows)
        .await
        .unwrap();
    terminal.keys(&["5"]);
    terminal.sees("bloat not sampled");
    terminal.keys(&["b"]);
    terminal.sees("bloat is sampled");
    terminal.sees("50 % ± ");
    // The catalog is read anew, and the estimates stand.
    let another = "CREATE TABLE later (a int)";
    cluster
        .client("postgres")
        .await
        .batch_execute(another)
        .await
        .unwrap();
    terminal.keys(&["F5"]);
    terminal.sees("public.later");
    terminal.sees("50 % ± ");
    terminal.keys(&["]"]);
    terminal.sees("CREATE INDEX orders_a");
    terminal.keys(&["6", "]"]);
    terminal.sees("not the default");
    terminal.keys(&["]"]);
    // Before version 14 the load is not known without looks.
    terminal.sees("Settings: Pool");
    terminal.keys(&["e"]);
    terminal.sees("cores of the server");
    terminal.keys(&["Enter"]);
    terminal.tmux(&["send-keys", "-l", "3"]);
    terminal.keys(&["Enter"]);
    terminal.sees("cores 3");
    terminal.keys(&["]"]);
    terminal.sees("headroom 3×");
    terminal.keys(&["q"]);
    terminal.is_back(0);
    assert_eq!(sessions(&cluster).await, 0);
}

/// Indexes are searched for in a shadow of the shop, chosen and weighed, and nothing of it is left at the end.
#[tokio::test(flavor = "multi_thread")]
async fn indexes_are_searched_chosen_and_collected() {
    let Some(server) = newest() else {
        return loudly("SKIPPED: the search for indexes over a real server");
    };
    let cluster = shop(server, Variant::Planted, &[]);
    // Where shadows are made, to see that they go: a folder that their user may write to.
    let folder = tempfile::tempdir().unwrap();
    set_permissions(folder.path(), Permissions::from_mode(0o1777)).unwrap();
    let shadows = || read_dir(folder.path()).unwrap().count();
    let environment = format!(
        "PG_BIN='{}' TMPDIR='{}'",
        server.bin.display(),
        folder.path().display()
    );
    let Some(terminal) = Terminal::open(120, 40, &environment) else {
        return;
    };
    let program = env!("CARGO_BIN_EXE_pgtriage");
    let conninfo = cluster.conninfo(DATABASE);
    terminal.types(&format!("{program} -d \"{conninfo}\" --no-remote-logs"));
    terminal.sees("1 Findings");
    terminal.keys(&["5", "]"]);
    terminal.sees("Tables: Indexes");
    terminal.keys(&["a"]);
    let index = "billing.payments_order_id_idx";
    terminal.sees(&format!("[x] create  {index}"));
    terminal.sees("  cost -");
    assert!(shadows() > 0);
    // Without the index that the shop lacks most of the gain is gone.
    let cost = || {
        let screen = terminal.screen();
        let cost = screen.split_once("  cost ").map(|(_, rest)| rest);
        let share = cost.and_then(|rest| rest.split_once('%'));
        share.and_then(|(share, _)| share.parse::<f64>().ok())
    };
    let with = cost().unwrap();
    terminal.keys(&["g", "g", "Space"]);
    terminal.sees(&format!("[ ] create  {index}"));
    eventually("the choice is weighed", || {
        cost().is_some_and(|without| without > with / 2.0)
    });
    terminal.keys(&["A"]);
    eventually("the advice is weighed again", || cost() == Some(with));
    terminal.keys(&["m"]);
    terminal.sees("collected, 1 in all");
    terminal.keys(&["]"]);
    terminal.sees("cheaper");
    terminal.keys(&["4"]);
    terminal.sees("clean");
    terminal.keys(&["q"]);
    terminal.is_back(0);
    eventually("the shadow is gone", || shadows() == 0);
    assert_eq!(sessions(&cluster).await, 0);
}

/// The fix of a finding becomes a migration: collected, linted on the facts, changed in the editor,
/// linted anew, written.
#[test]
fn a_fix_is_linted_edited_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let editor = folder.path().join("editor");
    let edit =
        "#!/bin/sh\nprintf 'CREATE INDEX by_hand ON billing.payments (order_id);\\n' > \"$1\"\n";
    std::fs::write(&editor, edit).unwrap();
    let written = folder.path().join("written");
    let environment = format!("VISUAL='sh {}'", editor.display());
    let Some(terminal) = Terminal::open(120, 30, &environment) else {
        return;
    };
    let program = env!("CARGO_BIN_EXE_pgtriage");
    let snapshot = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/shop/snapshot.facts");
    terminal.types(&format!("{program} --snapshot {snapshot}"));
    terminal.sees("1 Findings");
    terminal.keys(&["/"]);
    terminal.tmux(&[
        "send-keys",
        "-l",
        "rule:index/missing object:billing.payments",
    ]);
    terminal.keys(&["Enter", "m"]);
    terminal.sees("+ create index");
    terminal.keys(&["4"]);
    terminal.sees("clean  SHARE UPDATE EXCLUSIVE");
    terminal.keys(&["e"]);
    terminal.sees("migration/index-not-concurrent");
    terminal.sees("The SQL was edited");
    terminal.keys(&["W"]);
    terminal.sees("write to folder: migrations");
    terminal.keys(&["C-u"]);
    terminal.tmux(&["send-keys", "-l", &written.display().to_string()]);
    terminal.keys(&["Enter"]);
    terminal.sees("written: ");
    terminal.keys(&["q"]);
    terminal.is_back(0);
    let files = std::fs::read_dir(&written).unwrap();
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let texts: Vec<String> = texts.collect();
    let made =
        |text: &String| text.contains("CREATE INDEX by_hand ON billing.payments (order_id);");
    assert!(texts.iter().any(made), "{texts:?}");
}

/// A folder that is none is refused and the drafts stay; what nobody understands is told as such.
#[test]
fn a_draft_that_cannot_be_read_or_written_stays_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let editor = folder.path().join("editor");
    let edit =
        "#!/bin/sh\nprintf 'CRAETE INDEX by_hand ON billing.payments (order_id);\\n' > \"$1\"\n";
    std::fs::write(&editor, edit).unwrap();
    let taken = folder.path().join("taken");
    std::fs::write(&taken, "").unwrap();
    let environment = format!("VISUAL='sh {}'", editor.display());
    let Some(terminal) = Terminal::open(120, 30, &environment) else {
        return;
    };
    let program = env!("CARGO_BIN_EXE_pgtriage");
    let snapshot = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/shop/snapshot.facts");
    terminal.types(&format!("{program} --snapshot {snapshot}"));
    terminal.sees("1 Findings");
    terminal.keys(&["/"]);
    terminal.tmux(&[
        "send-keys",
        "-l",
        "rule:index/missing object:billing.payments",
    ]);
    terminal.keys(&["Enter", "m"]);
    terminal.sees("+ create index");
    terminal.keys(&["4"]);
    terminal.sees("clean  SHARE UPDATE EXCLUSIVE");
    terminal.keys(&["e"]);
    terminal.sees("migration/not-understood");
    let write_to = |path: &std::path::Path| {
        terminal.keys(&["W"]);
        terminal.sees("write to folder: migrations");
        terminal.keys(&["C-u"]);
        terminal.tmux(&["send-keys", "-l", &path.display().to_string()]);
        terminal.keys(&["Enter"]);
    };
    write_to(&taken);
    terminal.sees("Not a directory");
    let written = folder.path().join("written");
    write_to(&written);
    terminal.sees("written: ");
    terminal.keys(&["q"]);
    terminal.is_back(0);
    assert!(taken.is_file());
    let names = std::fs::read_dir(&written).unwrap();
    let names = names.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    let name = |end: &str| format!("0001_missing_billing_payments.{end}.sql");
    assert_eq!(names, [name("down"), name("up")]);
    let text = |end| std::fs::read_to_string(written.join(name(end))).unwrap();
    assert!(text("up").contains("CRAETE INDEX"), "{}", text("up"));
    // What was written by hand has no undo that anybody knows.
    let undo = text("down");
    let mut lines = undo.lines().filter(|line| !line.is_empty());
    assert!(lines.all(|line| line.starts_with("--")), "{undo}");
}
