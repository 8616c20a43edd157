//! Server logs: how fast they are read, and in how much memory.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write as _};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use pgtriage::collect::logs::facts;
use pgtriage::collect::logs::scan::{Opened, Scan, ScanOptions};
use pgtriage::facts::Store;

use super::cpu;
use crate::support::{Line, mixed, usual};

/// Bytes of the log of each format.
const SIZE: usize = 100 << 20;

/// Most CPU time, in times of that of `grep -c duration` over the same file.
const MOST_GREPS: f64 = 18.0;

/// The case of very long records.
const LONG: &str = "statements of 20 MB";

/// Most memory above that at the start, megabytes.
const MOST_MEMORY: u64 = 100;

type Format = (&'static str, fn(&Line) -> String);

/// What the server writes itself.
const FORMATS: [Format; 3] = [
    ("stderr", Line::stderr),
    ("csvlog", Line::csvlog),
    ("jsonlog", Line::jsonlog),
];

type Make = Box<dyn Fn(u64) -> Line + Send + Sync>;

/// A log that is made while it is read.
struct Made<F> {
    line: F,
    count: u64,
    next: u64,
    ready: io::Cursor<Vec<u8>>,
}

impl<F: FnMut(u64) -> String> Read for Made<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.ready.read(buffer)?;
            if read > 0 || self.next == self.count {
                return Ok(read);
            }
            self.ready = io::Cursor::new((self.line)(self.next).into_bytes());
            self.next += 1;
        }
    }
}

/// A figure of `/proc/self/status`, megabytes.
fn memory(name: &str) -> u64 {
    super::memory(std::process::id(), name).unwrap()
}

/// Reads a log with so many workers and writes its facts; gives executions and records.
fn read(bytes: Box<dyn Read + Send>, workers: usize, keep_literals: bool) -> (u64, u64) {
    let mut scan = Scan::new(ScanOptions {
        workers: NonZeroUsize::new(workers),
        keep_literals,
        ..ScanOptions::default()
    });
    let name = "a".to_owned();
    scan.read(
        vec![Opened {
            name,
            bytes,
            end: None,
        }],
        &mut |_, _| true,
    );
    scan.tally.finish();
    let read = memory("VmHWM");
    let store = Store::in_memory().unwrap();
    let facts = store.connection();
    facts
        .execute_batch(
            "INSERT INTO snapshot (format, tool_version, fingerprint_version, created_at) VALUES (1, '0', 'f1', 0);
             INSERT INTO nodes (id) VALUES (1);",
        )
        .unwrap();
    facts::write(facts, &scan, keep_literals).unwrap();
    assert_eq!(scan.accounts[0].unread(), 0);
    eprintln!(
        "  peak {read} MB when it was read, {} MB with facts",
        memory("VmHWM")
    );
    (scan.tally.totals.statements, scan.accounts[0].met.records)
}

/// Forgets the peak of memory so far; gives what is in use.
fn forget_peak() -> u64 {
    fs::write("/proc/self/clear_refs", "5").unwrap();
    memory("VmRSS")
}

fn write(path: &Path, format: fn(&Line) -> String) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let mut size = 0;
    for n in 0.. {
        let record = format(&usual(n));
        file.write_all(record.as_bytes()).unwrap();
        size += record.len();
        if size > SIZE {
            break;
        }
    }
    file.flush().unwrap();
}

/// CPU time for all of the way from bytes to facts, against that of `grep -c duration`.
#[test]
#[ignore = "a benchmark: cargo test --release --test it -- --ignored --nocapture logs_are_read"]
fn logs_are_read_at_disk_speed() {
    let folder = tempfile::tempdir().unwrap();
    for (name, format) in FORMATS {
        let path = folder.path().join(name);
        write(&path, format);
        let size = fs::metadata(&path).unwrap().len() as f64 / 1e6;
        let before = cpu().1;
        let mut grep = Command::new("grep");
        grep.args(["-c", "duration"]).arg(&path);
        for _ in 0..3 {
            assert!(grep.output().unwrap().status.success());
        }
        let grepped = (cpu().1 - before) / 3.0;
        let start = forget_peak();
        let mut walls = Vec::new();
        let mut used = 0.0;
        for workers in [1, 2] {
            let (before, started) = (cpu().0, Instant::now());
            read(Box::new(File::open(&path).unwrap()), workers, false);
            walls.push(started.elapsed().as_secs_f64());
            used += (cpu().0 - before) / 2.0;
        }
        let peak = memory("VmHWM") - start;
        let ratio = used / grepped.max(0.01);
        eprintln!(
            "{name}: {:.0} MB/s of CPU, {ratio:.1} times grep; {:.0} MB/s with one worker, {:.0} MB/s with two; {peak} MB",
            size / used,
            size / walls[0],
            size / walls[1],
        );
        assert!(ratio < MOST_GREPS, "{name}: {ratio:.1} times grep");
        assert!(peak < MOST_MEMORY, "{name}: {peak} MB");
    }
}

/// Each of these would fill any memory that is not bounded.
#[test]
#[ignore = "memory: cargo test --release --test it -- --ignored --nocapture logs_of_any_kind"]
fn logs_of_any_kind_fit_in_memory() {
    let line = |n: u64, pid: u64, user: u64, message: String| Line {
        ms: n,
        pid: pid as u32,
        user: format!("user{user}"),
        application: format!("app{}", user / 7),
        severity: "LOG",
        message,
        detail: None,
        statement: None,
        query_id: n,
    };
    let took = |n: u64| {
        let us = (mixed(n) % 1000 + 1) << (mixed(n ^ 7) % 14);
        format!("duration: {}.{:03} ms  ", us / 1000, us % 1000)
    };
    let statement = move |n: u64, of: u64| {
        let columns: String = (0..8).map(|c| format!("column_{of}_{c}, ")).collect();
        format!(
            "{}statement: SELECT {columns}id FROM table_{of} WHERE id = {n}",
            took(n)
        )
    };
    let cases: [(&str, u64, Make); 7] = [
        (
            "statements",
            200_000,
            Box::new(move |n| line(n, n % 90, 0, statement(n, n))),
        ),
        (
            "statements with many times, hours, sessions, users",
            2_000_000,
            Box::new(move |n| line(n * 80, n % 30_000, mixed(n) % 900, statement(n, n % 20_000))),
        ),
        (
            "processes",
            300_000,
            Box::new(move |n| line(n, n % 100_000, 0, statement(n, n % 50))),
        ),
        (
            "errors",
            50_000,
            Box::new(move |n| {
                let letters: String = n.to_string().bytes().map(|b| (b + 49) as char).collect();
                Line {
                    severity: "ERROR",
                    statement: Some(format!("SELECT {letters} FROM t")),
                    ..line(
                        n,
                        n % 90,
                        0,
                        format!("column \"{letters}\" does not exist {}", letters.repeat(40)),
                    )
                }
            }),
        ),
        (
            "users",
            200_000,
            Box::new(move |n| Line {
                application: format!("application {n}"),
                ..line(n, n % 90, n, statement(n, n % 5_000))
            }),
        ),
        (
            "loops",
            1_000_000,
            Box::new(move |n| {
                line(
                    n,
                    mixed(n / 40) % 3_000,
                    0,
                    statement(n, mixed(n / 4) % 9_000),
                )
            }),
        ),
        (
            LONG,
            4,
            Box::new(move |n| {
                let message = "duration: 1.000 ms  statement: SELECT 'a',\n '~'";
                line(n, 7, 0, message.to_owned())
            }),
        ),
    ];
    // Memory that was used once is not all given back, so each case has a process of its own.
    let Ok(wanted) = std::env::var("PGTRIAGE_LOG_OF_ANY_KIND") else {
        let mut failed = Vec::new();
        for (name, ..) in &cases {
            for (format, _) in &FORMATS {
                let case = format!("{name}, {format}");
                let mut process = Command::new(std::env::current_exe().unwrap());
                process.args(["--ignored", "--nocapture", "--exact"]);
                process.arg("slow::logs::logs_of_any_kind_fit_in_memory");
                let done = process
                    .env("PGTRIAGE_LOG_OF_ANY_KIND", &case)
                    .output()
                    .unwrap();
                let told = String::from_utf8_lossy(&done.stderr).into_owned();
                eprint!("{case}:{told}");
                if !done.status.success() {
                    failed.push(case);
                }
            }
        }
        assert!(failed.is_empty(), "{failed:?}");
        return;
    };
    for (name, count, make) in cases {
        let make = std::sync::Arc::new(make);
        for (format, written) in FORMATS {
            if format!("{name}, {format}") != wanted {
                continue;
            }
            let make = std::sync::Arc::clone(&make);
            let start = forget_peak();
            // Long records come in pieces, lest they take memory here.
            let pieces = if name == LONG { 340 } else { 1 };
            let filler = "it''s ".repeat(10_000);
            let line = move |n| {
                let record = written(&make(n / pieces));
                match (record.split_once('~'), n % pieces) {
                    (Some((head, _)), 0) => head.to_owned(),
                    (Some((_, tail)), 339) => tail.to_owned(),
                    (Some(_), _) => filler.clone(),
                    (None, _) => record,
                }
            };
            let made = Made {
                line,
                count: count * pieces,
                next: 0,
                ready: io::Cursor::default(),
            };
            let (_, records) = read(Box::new(made), 2, true);
            assert_eq!(records, count, "{wanted}");
            let peak = memory("VmHWM").saturating_sub(start);
            assert!(peak < MOST_MEMORY, "{wanted}: {peak} MB above {start} MB");
        }
    }
}
