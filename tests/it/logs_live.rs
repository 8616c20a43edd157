//! Logs that are read while a server writes them: from its files, and over SQL.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use pgtriage::cluster::{Cluster, Options, ServerBinaries};
use pgtriage::collect::connect::{ConnInfo, Environment, Server};
use pgtriage::collect::logs::remote::{Refusal, RemoteError, RemoteLimits, RemoteLogs};
use pgtriage::collect::logs::scan::Account;
use pgtriage::collect::logs::{LiveLogs, LogOptions};
use pgtriage::facts::Store;
use pgtriage::parse::log::events::Filter;
use tokio_postgres::Client;

use crate::support::{Clients, newest, on_each_server, private};

mod command;
mod remote;
mod soak;

/// What is told apart from other sessions.
pub const LOAD: &str = "load";
const PREFIX: &str = "%m [%p] %q%u@%d/%a ";
/// Sessions that write at the same time.
const SESSIONS: usize = 3;

/// How the server logs, and how its log is rotated.
#[derive(Debug, Clone, Copy)]
pub struct Logging {
    pub destination: &'static str,
    /// The server takes a new name each time; else somebody moves the file away.
    pub by_name: bool,
}

/// A cluster that logs all statements to files.
pub fn logging(server: &ServerBinaries, logging: Logging) -> Cluster {
    let name = if logging.by_name {
        "postgresql-%Y-%m-%d_%H%M%S.log"
    } else {
        "postgresql.log"
    };
    let options = Options::default()
        .set("logging_collector", "on")
        .set("log_destination", logging.destination)
        .set("log_filename", name)
        .set("log_line_prefix", PREFIX)
        .set("log_min_duration_statement", "0")
        .set("log_timezone", "America/New_York");
    private(server, options)
}

pub fn only_load() -> LogOptions {
    LogOptions {
        filter: Filter {
            applications: vec![LOAD.to_owned()],
            ..Filter::default()
        },
        ..LogOptions::default()
    }
}

/// A session whose statements count.
pub async fn session(cluster: &Cluster) -> Client {
    let client = cluster.client("postgres").await;
    // What is set by a statement holds for the next one only.
    client
        .batch_execute(&format!("SET application_name = '{LOAD}'"))
        .await
        .unwrap();
    client
}

/// Runs statements until it is told to stop; gives how many. Those of `SET` in [`session`] are logged
/// with the name that they set.
pub async fn load(clients: &[Client], stop: &AtomicBool) -> u64 {
    let run = async |client: &Client| {
        let mut count = 1;
        let prepared = client.prepare("SELECT $1::int + 1").await.unwrap();
        while !stop.load(Ordering::Relaxed) {
            let text = format!(
                "SELECT {count},\n2026-11-23 16:00:00.000 UTC [1] LOG:  duration: 1 ms  statement: none\n"
            );
            // It is no SQL, and so an error; neither is it a record.
            assert!(client.simple_query(&text).await.is_err());
            client
                .simple_query(&format!("SELECT\n\t'{count}',\n\n 'text \"\" of'\n"))
                .await
                .unwrap();
            let number = i32::try_from(count % 1_000).unwrap();
            client.query(&prepared, &[&number]).await.unwrap();
            count += 2;
        }
        count
    };
    let all = futures_util::future::join_all(clients.iter().map(run)).await;
    all.into_iter().sum()
}

/// Rotates the log while statements run; gives how many ran.
async fn rotated(
    cluster: &Cluster,
    clients: &[Client],
    logging: Logging,
    rotations: u32,
    time: Duration,
) -> u64 {
    let stop = AtomicBool::new(false);
    let folder = cluster.data_dir().join("log");
    let rotate = async {
        let admin = cluster.client("postgres").await;
        for n in 0..rotations {
            tokio::time::sleep(time / (rotations + 1)).await;
            if !logging.by_name {
                move_away(&folder, n);
            }
            admin
                .query_one("SELECT pg_rotate_logfile()", &[])
                .await
                .unwrap();
        }
        tokio::time::sleep(time / (rotations + 1)).await;
        stop.store(true, Ordering::Relaxed);
    };
    let (count, ()) = tokio::join!(load(clients, &stop), rotate);
    count
}

/// As logrotate does: each file gets the next number.
fn move_away(folder: &Path, rotations: u32) {
    for end in ["log", "csv", "json"] {
        let name = |n: u32| match n {
            0 => folder.join(format!("postgresql.{end}")),
            n => folder.join(format!("postgresql.{end}.{n}")),
        };
        for n in (0..=rotations).rev() {
            if name(n).exists() {
                std::fs::rename(name(n), name(n + 1)).unwrap();
            }
        }
    }
}

/// The log that is followed, as it would be named.
fn place(cluster: &Cluster, logging: Logging) -> PathBuf {
    let folder = cluster.data_dir().join("log");
    let end = match logging.destination {
        "stderr" => "log",
        "csvlog" => "csv",
        _ => "json",
    };
    if logging.by_name {
        folder
    } else {
        folder.join(format!("postgresql.{end}"))
    }
}

/// Follows the log of a server through rotations: each execution counts once.
pub async fn follows(server: &ServerBinaries, logging: Logging, rotations: u32, time: Duration) {
    let cluster = self::logging(server, logging);
    let mut clients = Vec::new();
    for _ in 0..SESSIONS {
        clients.push(session(&cluster).await);
    }
    let path = place(&cluster, logging);
    let is_over = AtomicBool::new(false);
    let (count, logs) = std::thread::scope(|scope| {
        let follow = scope.spawn(|| {
            let options = LogOptions {
                prefix: Some(PREFIX.to_owned()),
                ..only_load()
            };
            let mut logs = LiveLogs::new(&[path], &options).unwrap();
            loop {
                // What is over now is in the log, for all clients had their answers.
                let is_last = is_over.load(Ordering::Acquire);
                logs.poll(&mut |_, _| true).unwrap();
                if is_last {
                    return logs;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let count = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                let count = rotated(&cluster, &clients, logging, rotations, time).await;
                // The collector is a process of its own.
                tokio::time::sleep(Duration::from_millis(500)).await;
                count
            })
        });
        is_over.store(true, Ordering::Release);
        (count, follow.join().unwrap())
    });
    let mut logs = logs;
    logs.finish();
    let files = logs.scan.accounts.len();
    let unread: u64 = logs.scan.accounts.iter().map(Account::unread).sum();
    let errors: u64 = logs.scan.tally.totals.errors.values().sum();
    let found = logs.scan.tally.totals.statements;
    eprintln!(
        "{logging:?}: {count} statements, {found} in {files} files, {errors} errors, {unread} unread"
    );
    assert_eq!((found, unread), (count, 0), "{logging:?}");
    assert_eq!(errors, (count - SESSIONS as u64) / 2, "{logging:?}");
    // Names by the second may be the same.
    assert!(
        files > 2 && files as u32 <= rotations + 1,
        "{logging:?}: {files} files"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_followed_through_rotations() {
    let Some(server) = newest() else { return };
    let time = Duration::from_secs(3);
    for (destination, by_name) in [("csvlog", false), ("stderr", true), ("jsonlog", false)] {
        let logging = Logging {
            destination,
            by_name,
        };
        follows(server, logging, 6, time).await;
    }
}

#[test]
fn a_long_log_is_read_on_all_cores_as_files_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("postgresql.log");
    let mut text = String::new();
    for n in 0..60_000 {
        let (ms, us) = (n % 900, n % 1_000);
        text += &format!(
            "2026-11-23 16:{:02}:{:02}.{us:03} UTC [{}] LOG:  duration: {ms}.{us:03} ms  statement: SELECT *\n\tFROM t{} WHERE id = {n}\n",
            n / 3_600 % 60,
            n / 60 % 60,
            n % 50,
            n % 40
        );
    }
    std::fs::write(&path, &text).unwrap();
    let options = LogOptions {
        workers: std::num::NonZeroUsize::new(3),
        ..LogOptions::default()
    };
    let all = |store: &Store| -> Vec<String> {
        let sql = "SELECT json_array(records, unread, statements, duration_ms, from_at, to_at) FROM log_totals
            UNION ALL SELECT json_array(fingerprint, calls, total_ms, p95_ms, max_ms) FROM log_statements
              JOIN statements ON statements.id = statement_id ORDER BY 1";
        let mut rows = store.connection().prepare(sql).unwrap();
        let rows = rows.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let ground = || {
        let store = Store::in_memory().unwrap();
        let files = pgtriage::collect::files::Files::default();
        let options = pgtriage::collect::files::FilesOptions::default();
        pgtriage::collect::files::load(&files, &store, true, options).unwrap();
        store
    };
    let (read, followed) = (ground(), ground());
    let paths = [path];
    pgtriage::collect::logs::read(&paths, &read, &options, &mut |_| {}).unwrap();
    let mut logs = LiveLogs::new(&paths, &options).unwrap();
    assert_eq!(logs.poll(&mut |_, _| true).unwrap(), text.len() as u64);
    logs.finish();
    logs.write(&followed).unwrap();
    assert_eq!(all(&read).len(), 41);
    assert_eq!(all(&followed), all(&read));
}
