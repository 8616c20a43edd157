//! A day of a busy server in small.

use std::process::Command;

use super::*;

/// Statements of a transaction of pgbench's TPC-B-like script.
const STATEMENTS: u64 = 7;

/// Runs pgbench through rotations; gives its transactions. `None`: there is no pgbench.
fn pgbench(cluster: &Cluster, seconds: u64, protocol: &str) -> Option<u64> {
    let run = |arguments: &[&str]| {
        let output = Command::new("pgbench")
            .args(["-h", &cluster.home().display().to_string()])
            .args(["-p", &cluster.port().to_string(), "-U", "postgres"])
            .args(arguments)
            .arg("postgres")
            .env("PGAPPNAME", LOAD)
            .output();
        let output = output.ok()?;
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success(),
            "{text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Some(text)
    };
    let told = run(&["-n", "-c", "4", "-M", protocol, "-T", &seconds.to_string()])?;
    let line = told
        .lines()
        .find_map(|line| line.strip_prefix("number of transactions actually processed: "));
    Some(
        line.unwrap()
            .split('/')
            .next()
            .unwrap()
            .trim()
            .parse()
            .unwrap(),
    )
}

async fn soak(server: &ServerBinaries, logging: Logging, protocol: &str) {
    let cluster = self::logging(server, logging);
    let admin = cluster.client("postgres").await;
    let made = Command::new("pgbench")
        .args(["-i", "-q", "-h", &cluster.home().display().to_string()])
        .args([
            "-p",
            &cluster.port().to_string(),
            "-U",
            "postgres",
            "postgres",
        ])
        .output();
    if made.is_err() {
        crate::support::loudly("=== SKIPPED: there is no pgbench ===");
        return;
    }
    let is_over = AtomicBool::new(false);
    let stop = AtomicBool::new(false);
    let path = place(&cluster, logging);
    let folder = cluster.data_dir().join("log");
    let (transactions, mut logs, rotations) = std::thread::scope(|scope| {
        let follow = scope.spawn(|| {
            let options = LogOptions {
                prefix: Some(PREFIX.to_owned()),
                ..only_load()
            };
            let mut logs = LiveLogs::new(&[path], &options).unwrap();
            loop {
                let is_last = is_over.load(Ordering::Acquire);
                logs.poll(&mut |_, _| true).unwrap();
                if is_last {
                    return logs;
                }
                std::thread::sleep(Duration::from_millis(250));
            }
        });
        let load = scope.spawn(|| {
            let transactions = pgbench(&cluster, 30, protocol);
            stop.store(true, Ordering::Release);
            transactions.unwrap()
        });
        let rotations = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                let mut rotations = 0;
                while !stop.load(Ordering::Acquire) && rotations < 50 {
                    tokio::time::sleep(Duration::from_millis(560)).await;
                    if !logging.by_name {
                        move_away(&folder, rotations);
                    }
                    admin
                        .query_one("SELECT pg_rotate_logfile()", &[])
                        .await
                        .unwrap();
                    rotations += 1;
                }
                rotations
            })
        });
        let transactions = load.join().unwrap();
        std::thread::sleep(Duration::from_secs(1));
        is_over.store(true, Ordering::Release);
        (transactions, follow.join().unwrap(), rotations)
    });
    logs.finish();
    let totals = &logs.scan.tally.totals;
    let unread: u64 = logs.scan.accounts.iter().map(Account::unread).sum();
    let bytes: u64 = logs.scan.accounts.iter().map(|one| one.bytes).sum();
    let parts: Vec<String> = logs
        .scan
        .tally
        .statements()
        .map(|((text, _), statement)| {
            let text = logs.scan.tally.texts().all()[text.0 as usize].first();
            let text = text.unwrap_or_default();
            format!(
                "{} {}",
                statement.calls,
                text.chars().take(40).collect::<String>()
            )
        })
        .collect();
    // pgbench asks for the server's version and looks at its tables once.
    let more = totals.statements - transactions * STATEMENTS;
    crate::support::loudly(&format!(
        "{logging:?} {protocol}: {transactions} transactions, {} statements, {more} beside, {rotations} rotations, {} files, {} MB, {unread} unread",
        totals.statements,
        logs.scan.accounts.len(),
        bytes >> 20,
    ));
    assert_eq!(unread, 0);
    assert!(more < 5, "{parts:#?}");
    for ((text, _), statement) in logs.scan.tally.statements() {
        let text = logs.scan.tally.texts().all()[text.0 as usize]
            .first()
            .unwrap_or_default();
        if ["UPDATE", "INSERT", "BEGIN", "END"]
            .iter()
            .any(|word| text.starts_with(word))
        {
            assert_eq!(statement.calls, transactions, "{parts:#?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes, and pgbench"]
async fn half_a_minute_of_pgbench_through_fifty_rotations_is_counted_exactly() {
    let Some(server) = newest() else { return };
    for (destination, by_name, protocol) in [
        ("csvlog", true, "simple"),
        ("csvlog", false, "prepared"),
        ("stderr", true, "extended"),
        ("stderr", false, "simple"),
    ] {
        let logging = Logging {
            destination,
            by_name,
        };
        soak(server, logging, protocol).await;
    }
}
