//! Logs over SQL.

use pgtriage::collect::{CollectOptions, Collector};

use super::*;

const LIMITS: RemoteLimits = RemoteLimits {
    bytes: 64 << 20,
    time: None,
    is_eager: false,
};

async fn connect(cluster: &Cluster, user: &str) -> Server {
    let conninfo = format!("{} user={user}", cluster.conninfo("postgres"));
    let info = ConnInfo::resolve(Some(&conninfo), &Environment::empty()).unwrap();
    Server::connect(&info).await.unwrap()
}

fn best(server: &ServerBinaries) -> &'static str {
    if server.major >= 15 {
        "jsonlog,csvlog,stderr"
    } else {
        "csvlog,stderr"
    }
}

fn row(store: &Store, sql: &str) -> String {
    store
        .connection()
        .query_row(sql, [], |row| row.get(0))
        .unwrap()
}

#[tokio::test]
async fn exactly_what_is_named_has_to_be_granted() {
    on_each_server(async |server| {
        let destination = best(server);
        let logging = Logging { destination, by_name: true };
        let cluster = self::logging(server, logging);
        let admin = cluster.client("postgres").await;
        let roles = "CREATE ROLE mon LOGIN; GRANT pg_monitor, pg_read_server_files TO mon;
            CREATE ROLE \"no one\" LOGIN";
        admin.batch_execute(roles).await.unwrap();
        let client = session(&cluster).await;
        client.batch_execute("SELECT 'one of the load'").await.unwrap();
        for (role, functions) in [
            ("mon", if server.major >= 17 { 1 } else { 2 }),
            ("'no one'", 3),
        ] {
            let there = connect(&cluster, role).await;
            let options = LogOptions::default();
            let begin = || RemoteLogs::begin(&there, &options, LIMITS);
            let Err(RemoteError::Refused(refusal)) = begin().await else {
                panic!("{role} may read all");
            };
            let Refusal::Denied { functions: denied, .. } = &refusal else {
                panic!("{refusal:?}");
            };
            assert_eq!(denied.len(), functions, "{refusal:?}");
            // The facts say the same, and no error comes of it.
            let store = collected(&cluster, role).await;
            let booked = "SELECT reason || ': ' || remedy FROM missing_facts WHERE table_name = 'log_totals'";
            assert_eq!(row(&store, booked), format!("{}: {}", refusal.reason(), refusal.remedy()));
            admin.batch_execute(&refusal.remedy()).await.unwrap();
            let mut logs = begin().await.unwrap_or_else(|error| panic!("{role}: {error}"));
            logs.poll(&there, &mut |_, _| true).await.unwrap();
            logs.finish();
            there.close().await;
            let format = logs.scan.accounts[0].format;
            assert_eq!(format, Some(if server.major >= 15 { "jsonlog" } else { "csvlog" }));
            let store = collected(&cluster, role).await;
            let sql = "SELECT group_concat(text) FROM statements JOIN log_statements ON statement_id = id
                WHERE text NOT LIKE 'GRANT%' AND (text LIKE '%pgtriage%' OR text LIKE '%read_binary%')";
            let own: Option<String> = store.connection().query_row(sql, [], |row| row.get(0)).unwrap();
            assert_eq!(own, None, "{role}");
            let calls = "SELECT count(*) || ' of ' || sum(calls) FROM log_statement_groups WHERE application_name = 'load'";
            assert!(row(&store, calls).starts_with("2 of 2"), "{}", row(&store, calls));
        }
    })
    .await;
}

/// All facts of a server, its log among them.
async fn collected(cluster: &Cluster, role: &str) -> Store {
    let conninfo = format!("{} user={role}", cluster.conninfo("postgres"));
    let info = ConnInfo::resolve(Some(&conninfo), &Environment::empty()).unwrap();
    let options = CollectOptions {
        remote_logs: Some(RemoteLimits {
            is_eager: true,
            ..LIMITS
        }),
        ..CollectOptions::default()
    };
    let mut collector = Collector::connect(&[info], options).await.unwrap();
    let mut store = Store::in_memory().unwrap();
    collector.collect(&mut store, &mut |_| {}).await.unwrap();
    collector.sample(&mut store).await.unwrap();
    collector.close().await;
    store
}

#[tokio::test]
async fn a_log_that_is_nowhere_to_be_read_is_a_missing_fact() {
    let Some(server) = newest() else { return };
    let check = async |settings: &[(&str, &str)], expected: &str| {
        let options = Options {
            settings: settings
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Options::default()
        };
        let cluster = private(server, options);
        let store = collected(&cluster, "postgres").await;
        let sql = "SELECT group_concat(DISTINCT reason) || ' ' || count(*) FROM missing_facts WHERE table_name LIKE 'log\\_%' ESCAPE '\\'";
        let told = row(&store, sql);
        assert!(
            told.contains(expected) && told.ends_with(" 15"),
            "{settings:?}: {told}"
        );
    };
    check(&[], "logging_collector is off").await;
    check(
        &[("logging_collector", "on"), ("log_destination", "syslog")],
        "syslog",
    )
    .await;
}

#[tokio::test]
async fn reading_does_not_feed_itself_and_follows_rotations() {
    let Some(server) = newest() else { return };
    for destination in ["csvlog", "stderr", "jsonlog"] {
        let logging = Logging {
            destination,
            by_name: true,
        };
        let cluster = self::logging(server, logging);
        let there = connect(&cluster, "postgres").await;
        let mut logs = RemoteLogs::begin(&there, &only_load(), LIMITS)
            .await
            .unwrap();
        logs.poll(&there, &mut |_, _| true).await.unwrap();
        let mut bytes = Vec::new();
        for _ in 0..8 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            bytes.push(logs.poll(&there, &mut |_, _| true).await.unwrap());
        }
        eprintln!("{destination}: bytes of log by poll {bytes:?}");
        // What a poll writes is what the next one reads.
        assert!(
            bytes.iter().skip(2).all(|bytes| *bytes < 16 << 10),
            "{bytes:?}"
        );
        let mut clients = Vec::new();
        for _ in 0..2 {
            clients.push(session(&cluster).await);
        }
        let is_over = AtomicBool::new(false);
        let write = async {
            let count = rotated(&cluster, &clients, logging, 3, Duration::from_secs(3)).await;
            tokio::time::sleep(Duration::from_millis(500)).await;
            is_over.store(true, Ordering::Relaxed);
            count
        };
        let read = async {
            loop {
                let is_last = is_over.load(Ordering::Relaxed);
                logs.poll(&there, &mut |_, _| true).await.unwrap();
                if is_last {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let (count, ()) = tokio::join!(write, read);
        logs.finish();
        let unread: u64 = logs.scan.accounts.iter().map(Account::unread).sum();
        assert_eq!(
            (logs.scan.tally.totals.statements, unread),
            (count, 0),
            "{destination}"
        );
        assert!(logs.scan.accounts.len() > 2, "{destination}");
        // No more than is wanted: the newest bytes, from a record on.
        let few = RemoteLimits {
            bytes: 20_000,
            ..LIMITS
        };
        let mut logs = RemoteLogs::begin(&there, &only_load(), few).await.unwrap();
        let first = logs.poll(&there, &mut |_, _| true).await.unwrap();
        logs.finish();
        assert!(first <= 20_000, "{first}");
        assert!(logs.notes[0].contains("left out"), "{:?}", logs.notes);
        assert_eq!(logs.scan.accounts[0].unread(), 0, "{destination}");
        let met = &logs.scan.accounts[0].met;
        assert!(met.records + met.filtered > 10, "{destination}: {met:?}");
    }
}
