//! `pgtriage logs --follow` and `--remote`.

use std::io::Write;

use serde_json::Value;

use super::*;
use crate::support::{Program, signal};

fn record(n: u32) -> String {
    format!(
        "2026-11-23 16:00:{:02}.000 UTC [7] LOG:  duration: {n}.000 ms  statement: SELECT a,\n\t{n}\n",
        n % 60
    )
}

#[test]
fn lines_come_while_a_log_is_written_and_the_report_at_the_end() {
    let program = Program::new();
    // Enough for the format to be found by it.
    program.write("postgresql.log", &(1..=80).map(record).collect::<String>());
    let mut command = program.command(&[
        "logs",
        "postgresql.log",
        "--follow",
        "--every",
        "300ms",
        "--format",
        "json",
        "--quiet",
    ]);
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(program.path("postgresql.log"))
        .unwrap();
    std::thread::sleep(Duration::from_secs(1));
    for n in 81..=120 {
        // The last record may be in the middle of a poll.
        let record = record(n);
        let (begin, rest) = record.split_at(record.find('\n').unwrap() + 1);
        file.write_all(begin.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(20));
        file.write_all(rest.as_bytes()).unwrap();
    }
    file.write_all(b"2026-11-23 16:00:59.000 UTC [7] ERROR:  23505: duplicate key value\n")
        .unwrap();
    std::thread::sleep(Duration::from_secs(2));
    signal("INT", i64::from(child.id()));
    let mut text = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().unwrap(), &mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{text}");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (report, lines) = lines.split_last().unwrap();
    let sum = |key: &str| {
        lines
            .iter()
            .map(|line| line[key].as_u64().unwrap())
            .sum::<u64>()
    };
    // The last record that was there may have gone on.
    assert_eq!((sum("statements"), sum("error_records")), (41, 1), "{text}");
    assert_eq!(report["statements"], 120);
    assert_eq!(report["duration_us"], (1..=120).sum::<u64>() * 1_000);
    assert_eq!(report["unreadable"], 0);
    let causes: Vec<&Value> = lines
        .iter()
        .flat_map(|line| line["causes"].as_array().unwrap())
        .collect();
    assert_eq!(causes.len(), 1, "{text}");
    assert_eq!(causes[0]["is_new"], true);
}

#[test]
fn following_ends_by_itself_where_a_time_is_given() {
    let program = Program::new();
    program.write("a.log", &(1..=5).map(record).collect::<String>());
    let ran = program.run(&[
        "logs", "a.log", "--follow", "--for", "700ms", "--every", "300ms",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let lines = ran
        .stdout
        .lines()
        .filter(|line| line.contains("no statements"))
        .count();
    assert!((2..=3).contains(&lines), "{}", ran.all());
    assert!(ran.stdout.contains("5 executions"), "{}", ran.all());
    for (arguments, expected) in [
        (["logs", "-", "--follow"].as_slice(), "stdin"),
        (&["logs", "a.log", "--every", "1s"], "--follow"),
        (&["logs", "a.log", "--remote"], "cannot be used with"),
        (&["logs", "--remote", "--remote-limit", "5min"], "no size"),
    ] {
        let ran = program.run(arguments);
        assert_eq!(ran.code, Some(2), "{}", ran.all());
        assert!(ran.stderr.contains(expected), "{}", ran.all());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_read_by_the_program() {
    let Some(server) = newest() else { return };
    let logging = Logging {
        destination: "csvlog",
        by_name: true,
    };
    let cluster = self::logging(server, logging);
    let admin = cluster.client("postgres").await;
    admin
        .batch_execute("CREATE ROLE mon LOGIN; GRANT pg_monitor TO mon")
        .await
        .unwrap();
    let client = session(&cluster).await;
    for _ in 0..20 {
        client.batch_execute("SELECT 'of the load'").await.unwrap();
    }
    let program = Program::new();
    let run = |user: &str, more: &[&str]| {
        let target = format!("{} user={user}", cluster.conninfo("postgres"));
        let fixed = [
            "logs",
            "--remote",
            "-d",
            &target,
            "--application",
            LOAD,
            "--format",
            "json",
        ];
        tokio::task::block_in_place(|| program.run(&[&fixed, more].concat()))
    };
    let refused = run("mon", &[]);
    assert_eq!(refused.code, Some(2), "{}", refused.all());
    let grant =
        "GRANT EXECUTE ON FUNCTION pg_read_binary_file(text, bigint, bigint, boolean) TO mon;";
    assert!(refused.stderr.contains(grant), "{}", refused.all());
    let statements = |text: &str| {
        let report: Value = serde_json::from_str(text).unwrap();
        report["statements"].clone()
    };
    let read = run("postgres", &[]);
    assert_eq!(read.code, Some(0), "{}", read.all());
    assert_eq!(statements(&read.stdout), 21, "{}", read.all());
    // Ours are none of them, though they stand in the log.
    let followed = run("postgres", &["--follow", "--for", "3s", "--every", "1s"]);
    assert_eq!(followed.code, Some(0), "{}", followed.all());
    assert_eq!(
        statements(followed.stdout.lines().last().unwrap()),
        21,
        "{}",
        followed.all()
    );
    assert!(followed.stdout.lines().count() >= 3, "{}", followed.all());
    // A sampled log is scaled by the settings of the server.
    for (name, value) in [
        ("log_min_duration_statement", "10s"),
        ("log_min_duration_sample", "0"),
        ("log_statement_sample_rate", "0.25"),
    ] {
        let set = format!("ALTER SYSTEM SET {name} = '{value}'");
        admin.batch_execute(&set).await.unwrap();
    }
    admin
        .batch_execute("SELECT pg_reload_conf()")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let sampled = run("postgres", &[]);
    let report: Value = serde_json::from_str(&sampled.stdout).unwrap();
    assert_eq!(report["statement_estimate"], 84.0, "{}", sampled.all());
    let queries = report["queries"].as_array().unwrap().iter();
    let most = queries.filter_map(|query| query["calls_estimate"].as_f64());
    assert_eq!(most.reduce(f64::max), Some(80.0), "{}", sampled.all());
}
