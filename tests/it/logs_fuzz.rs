//! Logs that are damaged, and logs that are cut in any way: nothing panics, nothing is lost in
//! silence, and what was not touched is read as before.

use std::io::Cursor;
use std::num::NonZeroUsize;

use pgtriage::collect::logs::facts;
use pgtriage::collect::logs::scan::{Account, Opened, Scan, ScanOptions};
use pgtriage::facts::Store;
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestRunner};

use crate::support::{Line, usual};

type Format = (&'static str, fn(&Line) -> String);

const FORMATS: [Format; 10] = [
    ("stderr", Line::stderr),
    ("csvlog", Line::csvlog),
    ("jsonlog", Line::jsonlog),
    ("syslog", Line::syslog),
    ("syslog 5424", Line::syslog_5424),
    ("CloudNativePG", Line::cloud_native),
    ("Cloud Logging", Line::cloud_logging),
    ("Azure", Line::azure),
    ("Docker", Line::docker),
    ("Kubernetes", Line::containers),
];

/// Statements, and now and then all else that can happen.
fn any(n: u64) -> Line {
    let mut line = usual(n);
    line.ms = n * 3;
    let detail = |text: &str| Some(text.to_owned());
    let (message, detail) = match n % 45 {
        3 => ("connection received: host=10.0.0.1 port=5432".to_owned(), None),
        8 => ("temporary file: path \"base/pgsql_tmp/pgsql_tmp7.0\", size 140000".to_owned(), None),
        13 => (
            "process 7 still waiting for ShareLock on transaction 9 after 1000.123 ms".to_owned(),
            detail("Process holding the lock: 8. Wait queue: 7."),
        ),
        18 => ("process 7 acquired ShareLock on transaction 9 after 2000.123 ms".to_owned(), None),
        23 => (
            "deadlock detected".to_owned(),
            detail("Process 7 waits for ShareLock on transaction 9; blocked by process 8.\nProcess 8 waits for ShareLock on transaction 8; blocked by process 7.\nProcess 7: UPDATE a SET b = 1\nProcess 8: UPDATE b SET a = 1"),
        ),
        28 => ("checkpoint complete: wrote 3 buffers (0.0%); 0 WAL file(s) added, 0 removed, 0 recycled; write=0.101 s, sync=0.001 s, total=0.120 s; sync files=1".to_owned(), None),
        33 => ("disconnection: session time: 0:00:01.123 user=app database=shop host=[local]".to_owned(), None),
        38 => ("statement: SELECT * FROM later WHERE id = 1".to_owned(), None),
        39 => ("duration: 0.123 ms".to_owned(), None),
        _ => return line,
    };
    line.severity = if n % 45 == 23 { "ERROR" } else { "LOG" };
    line.pid = if n % 45 >= 38 { 7 } else { line.pid };
    (line.message, line.detail, line.statement) = (message, detail, None);
    line
}

/// The records of a log.
fn records(format: Format, count: u64) -> Vec<Vec<u8>> {
    (0..count).map(|n| format.1(&any(n)).into_bytes()).collect()
}

fn options(workers: usize, block: usize) -> ScanOptions {
    ScanOptions {
        workers: NonZeroUsize::new(workers),
        block_bytes: Some(block),
        keep_literals: true,
        ..ScanOptions::default()
    }
}

fn scan(log: &[u8], options: ScanOptions) -> Scan {
    let mut scan = Scan::new(options);
    let bytes = Box::new(Cursor::new(log.to_vec()));
    let name = "a".to_owned();
    let end = Some(1_795_900_000_000_000);
    scan.read(vec![Opened { name, bytes, end }], &mut |_, _| true);
    scan.tally.finish();
    scan
}

fn store() -> Store {
    let store = Store::in_memory().unwrap();
    store
        .connection()
        .execute_batch(
            "INSERT INTO snapshot (format, tool_version, fingerprint_version, created_at) VALUES (1, '0', 'f1', 0);
             INSERT INTO nodes (id) VALUES (1);",
        )
        .unwrap();
    store
}

/// All facts of a log, table by table.
fn dump(scan: &Scan) -> String {
    let store = store();
    let facts = store.connection();
    facts::write(facts, scan, true).unwrap();
    let mut tables = facts
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND (name LIKE 'log\\_%' ESCAPE '\\' OR name IN ('statements', 'databases')) ORDER BY 1")
        .unwrap();
    let names = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let mut out = String::new();
    for name in names.map(Result::unwrap) {
        let mut rows = facts.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        out += &format!("{name}\n");
        while let Some(row) = rows.next().unwrap() {
            let cells = (0..columns).map(|at| format!("{:?}", row.get_ref(at).unwrap()));
            out += &format!("  {}\n", cells.collect::<Vec<_>>().join(" "));
        }
    }
    out
}

/// Workers, and bytes of blocks.
const WAYS: [(usize, usize); 7] = [
    (8, 4 << 10),
    (2, 16 << 10),
    (1, 4 << 10),
    (2, 64 << 10),
    (8, 64 << 10),
    (2, 1 << 20),
    (8, 1 << 20),
];

/// Whether there is time for all of it.
fn is_long() -> bool {
    std::env::var_os("PROPTEST_CASES").is_some()
}

/// Facts depend on nothing but the log.
#[test]
fn workers_and_blocks_change_nothing() {
    let count = if is_long() { 4_000 } else { 120 };
    for format in FORMATS {
        let log = records(format, count).concat();
        let expected = scan(&log, options(1, 1 << 20));
        let account = &expected.accounts[0];
        assert_eq!(
            account.unread(),
            0,
            "{}: {:?}",
            format.0,
            account.first_unread()
        );
        assert_eq!(account.met.records, count, "{}", format.0);
        assert!(expected.tally.totals.statements > count / 2, "{}", format.0);
        let expected = dump(&expected);
        let native = matches!(format.0, "stderr" | "csvlog" | "jsonlog");
        let ways = match (is_long(), native) {
            (true, _) => &WAYS[..],
            (false, true) => &WAYS[..3],
            (false, false) => &WAYS[..1],
        };
        for (workers, block) in ways.iter().copied() {
            let found = dump(&scan(&log, options(workers, block)));
            let differs = found.lines().zip(expected.lines()).find(|(a, b)| a != b);
            assert!(
                found == expected,
                "{}, {workers} workers, blocks of {block}: {differs:#?}",
                format.0
            );
        }
    }
}

/// Records and lines that were met in any way.
fn accounted(account: &Account) -> u64 {
    account.met.records + account.met.filtered + account.unread() + account.others
}

#[test]
fn a_log_that_ends_anywhere_is_read_to_there() {
    let store = store();
    for format in FORMATS {
        let records = records(format, 4);
        let log = records.concat();
        // Each byte takes minutes without optimization.
        let step = if is_long() { 1 } else { 97 };
        for end in (0..=log.len()).step_by(step) {
            let scan = scan(&log[..end], options(1, 1 << 20));
            let account = &scan.accounts[0];
            let mut whole = 0;
            let mut at = 0;
            for record in &records {
                at += record.len();
                whole += u64::from(at <= end);
            }
            let found = account.met.records;
            let what = format!(
                "{}, {end} of {} bytes: {found} records",
                format.0,
                log.len()
            );
            // The last one may have lost its line end only; what is begun may be read.
            assert!(
                found + 1 >= whole && found <= whole + 1,
                "{what} of {whole}: {account:?}"
            );
            assert!(accounted(account) >= whole.min(1), "{what}");
            assert_eq!(account.bytes, end as u64, "{what}");
            if end % 5 == 0 {
                facts::write(store.connection(), &scan, true).unwrap();
            }
        }
    }
}

/// Damage to a log.
#[derive(Debug, Clone)]
enum Damage {
    Byte(u8),
    Bytes(Vec<u8>),
    Cut(usize),
    Zeros(usize),
    DropLine,
    DoubleLine,
    SwapLines,
    /// From here on each byte is two.
    Wide,
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        any_byte().prop_map(Damage::Byte),
        prop::collection::vec(any_byte(), 1..20).prop_map(Damage::Bytes),
        (1..300_usize).prop_map(Damage::Cut),
        (1..600_usize).prop_map(Damage::Zeros),
        Just(Damage::DropLine),
        Just(Damage::DoubleLine),
        Just(Damage::SwapLines),
        Just(Damage::Wide),
    ]
}

fn any_byte() -> impl Strategy<Value = u8> {
    prop_oneof![
        prop::num::u8::ANY,
        prop::sample::select(b"\"\\\n\r\t,{}[]:0\0 \xff'".to_vec())
    ]
}

impl Damage {
    fn apply(&self, log: &mut Vec<u8>, at: usize) {
        let at = at.min(log.len());
        let line_end = |from: usize| {
            log[from..]
                .iter()
                .position(|b| *b == b'\n')
                .map_or(log.len(), |n| from + n + 1)
        };
        let start = log[..at]
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |n| n + 1);
        let (end, after) = (line_end(at), line_end(line_end(at)));
        match self {
            Self::Byte(byte) => {
                if let Some(old) = log.get_mut(at) {
                    *old = *byte;
                }
            }
            Self::Bytes(bytes) => {
                log.splice(at..at, bytes.iter().copied());
            }
            Self::Cut(length) => {
                log.drain(at..(at + length).min(log.len()));
            }
            Self::Zeros(length) => {
                log.splice(at..at, std::iter::repeat_n(0, *length));
            }
            Self::DropLine => {
                log.drain(start..end);
            }
            Self::DoubleLine => {
                let line = log[start..end].to_vec();
                log.splice(start..start, line);
            }
            Self::SwapLines => log[start..after].rotate_left(end - start),
            Self::Wide => {
                let rest: Vec<u8> = log.drain(at..).flat_map(|byte| [byte, 0]).collect();
                log.extend(rest);
            }
        }
    }

    /// Records that it may cost, with those beside it.
    fn cost(&self) -> u64 {
        match self {
            Self::Byte(_)
            | Self::Bytes(_)
            | Self::DropLine
            | Self::DoubleLine
            | Self::SwapLines => 3,
            Self::Zeros(_) => 2,
            // As many as are cut.
            Self::Cut(_) => 5,
            Self::Wide => u64::MAX,
        }
    }
}

#[test]
fn damaged_logs_are_read() {
    let store = store();
    let logs = FORMATS.map(|format| (format.0, records(format, 60)));
    let cases = (
        0..FORMATS.len(),
        prop::collection::vec((damage(), 0.0..1.0_f64), 1..6),
        prop::sample::select(vec![4 << 10, 64 << 10]),
    );
    let runs = Runs {
        cases: std::env::var("PROPTEST_CASES").map_or(25, |cases| cases.parse().unwrap()),
        failure_persistence: None,
        ..Runs::default()
    };
    TestRunner::new(runs)
        .run(&cases, |(which, damages, block)| {
            let (name, records) = &logs[which];
            let mut log = records.concat();
            let length = log.len() as f64;
            // The beginning stays as it is: it tells what the log is.
            let head: usize = records.iter().take(8).map(Vec::len).sum();
            for (damage, share) in &damages {
                damage.apply(&mut log, head + (share * (length - head as f64)) as usize);
            }
            let scan = scan(&log, options(2, block));
            let account = &scan.accounts[0];
            prop_assert_eq!(account.bytes, log.len() as u64);
            let cost = damages
                .iter()
                .map(|(damage, _)| damage.cost())
                .fold(0, u64::saturating_add);
            prop_assert!(
                account.met.records >= 60_u64.saturating_sub(cost),
                "{}: {} records, {:?}",
                name,
                account.met.records,
                account
            );
            prop_assert!(
                account.met.records <= 60 + cost.min(100),
                "{}: {:?}",
                name,
                account
            );
            facts::write(store.connection(), &scan, true).unwrap();
            Ok(())
        })
        .unwrap();
}

/// Bytes without sense, and logs whose beginning is damaged too: whatever is no record is counted.
#[test]
fn nothing_is_lost_in_silence() {
    let logs = FORMATS.map(|format| records(format, 12).concat());
    let cases = (
        prop::option::of(0..FORMATS.len()),
        prop::collection::vec((damage(), 0.0..1.0_f64), 1..6),
        prop::collection::vec(any_byte(), 1..400),
    );
    let runs = Runs {
        cases: std::env::var("PROPTEST_CASES").map_or(60, |cases| cases.parse().unwrap()),
        failure_persistence: None,
        ..Runs::default()
    };
    TestRunner::new(runs)
        .run(&cases, |(which, damages, noise)| {
            let mut log = which.map_or(noise, |which| logs[which].clone());
            let length = log.len() as f64;
            for (damage, share) in &damages {
                damage.apply(&mut log, (share * length) as usize);
            }
            let scan = scan(&log, options(1, 4 << 10));
            let account = &scan.accounts[0];
            prop_assert_eq!(account.bytes, log.len() as u64);
            let has_text = log.iter().any(|byte| !byte.is_ascii_whitespace());
            prop_assert!(!has_text || accounted(account) > 0, "{:?}", account);
            Ok(())
        })
        .unwrap();
}

/// One broken record among ten.
fn check(format: Format, spoil: fn(&mut Vec<u8>), lost: u64) {
    let mut records = records(format, 40);
    spoil(&mut records[20]);
    let log = records.concat();
    for block in [4 << 10, 1 << 20] {
        let scan = scan(&log, options(2, block));
        let account = &scan.accounts[0];
        assert_eq!(account.met.records, 40 - lost, "{}: {account:?}", format.0);
        assert!(account.unread() > 0, "{}: {account:?}", format.0);
    }
}

#[test]
fn a_broken_record_costs_itself_only() {
    for format in FORMATS {
        // Half of it is there, without a line end; the next record follows at once, or on a line
        // of its own.
        let half: fn(&mut Vec<u8>) = |record| record.truncate(record.len() / 2);
        let torn: fn(&mut Vec<u8>) = |record| {
            record.truncate(record.len() / 2);
            record.push(b'\n');
        };
        let zeros: fn(&mut Vec<u8>) = |record| record.fill(0);
        let zero_line: fn(&mut Vec<u8>) = |record| {
            record.fill(0);
            record.push(b'\n');
        };
        if matches!(format.0, "csvlog" | "jsonlog") {
            check(format, half, 2);
            check(format, torn, 1);
            check(format, zeros, 2);
        }
        check(format, zero_line, 1);
    }
}
