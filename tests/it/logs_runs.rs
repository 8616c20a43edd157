//! Which statements of a log follow which: sessions, transactions, traces, runs and polls; and what
//! derivation and pages make of it.

use std::num::NonZeroUsize;

use pgtriage::collect::logs::facts;
use pgtriage::collect::logs::scan::{How, Opened, Scan, ScanOptions};
use pgtriage::derive;
use pgtriage::facts::Store;
use pgtriage::parse::log::events::{Role, role, trace};
use pgtriage::parse::log::prefix::Prefix;

/// A statement in a log: when it ended (ms), in which process, and its text.
type Line = (i64, u32, String);

fn line(at: i64, pid: u32, sql: &str) -> Line {
    (at, pid, sql.to_owned())
}

fn log(lines: &[Line]) -> String {
    lines
        .iter()
        .map(|(at, pid, sql)| {
            let at = 1_795_452_886_000 + at;
            format!(
                "{}.{:03} {pid} me@shop app LOG:  duration: 0.500 ms  statement: {sql}\n",
                at / 1000,
                at % 1000
            )
        })
        .collect()
}

fn options(workers: usize, block: usize) -> ScanOptions {
    ScanOptions {
        how: How {
            prefix: Some((Prefix::compile("%n %p %u@%d %a ").unwrap(), "given")),
            ..How::default()
        },
        workers: NonZeroUsize::new(workers),
        block_bytes: Some(block),
        ..ScanOptions::default()
    }
}

/// Facts of a log over a schema.
fn store(schema: &str, log: &str, options: ScanOptions) -> Store {
    let mut scan = Scan::new(options);
    let bytes = std::io::Cursor::new(log.as_bytes().to_vec());
    let source = Opened {
        name: "a".to_owned(),
        bytes: Box::new(bytes),
        end: None,
    };
    scan.read(vec![source], &mut |_, _| true);
    scan.tally.finish();
    let store = Store::in_memory().unwrap();
    let facts = store.connection();
    facts
        .execute_batch(
            "INSERT INTO snapshot (format, tool_version, fingerprint_version, created_at) VALUES (1, '0', 'f1', 0);
             INSERT INTO nodes (id) VALUES (1);
             INSERT INTO samples (id, node_id, captured_at) VALUES (1, 1, 1795452886000000);",
        )
        .unwrap();
    facts.execute_batch(schema).unwrap();
    facts::write(facts, &scan, false).unwrap();
    derive::all(facts).unwrap();
    store
}

fn rows(store: &Store, query: &str) -> Vec<String> {
    let mut statement = store.connection().prepare(query).unwrap();
    let found = statement
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap();
    found.map(Result::unwrap).collect()
}

/// Pairs: parent, child, parents, children, varied, in transactions, in traces, beside a queue.
const PAIRS: &str = "
    SELECT p.text || ' > ' || c.text || ' | ' || f.parents || ' ' || f.children || ' ' || f.varied || ' '
             || f.in_transaction || ' ' || f.in_trace || ' ' || f.beside_queue
    FROM log_followed f JOIN statements p ON p.id = f.parent_id JOIN statements c ON c.id = f.child_id
    ORDER BY 1";

/// Runs: kind, statement, length, runs, executions, varied, in transactions, in traces, beside a queue.
const RUNS: &str = "
    SELECT r.kind || ' ' || s.text || ' | ' || r.length || ' ' || r.runs || ' ' || r.executions || ' ' || r.varied
             || ' ' || r.in_transaction || ' ' || r.in_trace || ' ' || r.beside_queue
    FROM log_runs r JOIN statements s ON s.id = r.statement_id ORDER BY 1";

fn check(lines: &[Line], query: &str, expected: &[&str]) {
    let log = log(lines);
    let found = rows(&store("", &log, options(1, 1 << 20)), query);
    assert_eq!(found, expected, "{log}");
    // However the log is cut and whoever reads it.
    for (workers, block) in [(1, 4 << 10), (3, 4 << 10)] {
        let again = rows(&store("", &log, options(workers, block)), query);
        assert_eq!(again, expected, "{workers} workers: {log}");
    }
}

const LIST: &str = "SELECT id FROM posts LIMIT 5";

/// A list, then its children one by one.
fn request(at: i64, pid: u32, children: i64) -> Vec<Line> {
    let mut lines = vec![line(at, pid, LIST)];
    for number in 1..=children {
        let sql = format!("SELECT * FROM users WHERE id = {number}");
        lines.push(line(at + 20 * number, pid, &sql));
    }
    lines
}

#[test]
fn children_follow_parents_in_a_session() {
    let pair = "SELECT id FROM posts LIMIT 5 > SELECT * FROM users WHERE id = $1 | ";
    // Two pages within half a second, then a third.
    let lines = [
        request(0, 7, 3),
        request(300, 7, 4),
        request(2_000, 7, 2),
        // One child is a look-up, and so is one that comes late.
        request(3_000, 7, 1),
        vec![line(4_000, 7, "SELECT * FROM users WHERE id = 1")],
    ]
    .concat();
    check(&lines, PAIRS, &[&format!("{pair}3 9 9 0 0 0")]);
    // What rests in a transaction goes on, and what follows its end does not belong to it.
    let lines = [
        vec![line(0, 7, "BEGIN")],
        request(10, 7, 2),
        vec![
            line(3_000, 7, "SAVEPOINT a"),
            line(3_010, 7, "ROLLBACK TO SAVEPOINT a"),
            line(3_020, 7, "SELECT * FROM users WHERE id = 2"),
            line(3_030, 7, "COMMIT"),
            line(3_040, 7, "SELECT * FROM users WHERE id = 3"),
            line(3_050, 7, "SELECT * FROM users WHERE id = 4"),
        ],
    ]
    .concat();
    check(&lines, PAIRS, &[&format!("{pair}1 3 2 1 0 0")]);
}

#[test]
fn sessions_and_traces_are_told_apart() {
    // Requests of 40 sessions whose lines mix.
    let mut lines: Vec<Line> = (0..40)
        .flat_map(|pid| request(i64::from(pid) * 3, 100 + pid, 3))
        .collect();
    lines.sort_by_key(|(at, ..)| *at);
    let pair = "SELECT id FROM posts LIMIT 5 > SELECT * FROM users WHERE id = $1 | ";
    check(&lines, PAIRS, &[&format!("{pair}40 120 120 0 0 0")]);
    // A pooler gives each statement another session; comments tell that they belong together.
    let mut lines: Vec<Line> = Vec::new();
    for (number, (at, _, sql)) in request(0, 7, 3).into_iter().enumerate() {
        let pid = 100 + number as u32;
        let tag = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        lines.push((at, pid, format!("{sql} /*route='a',traceparent='{tag}'*/")));
    }
    let found = rows(&store("", &log(&lines), options(2, 4 << 10)), PAIRS);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("| 1 3 3 0 1 0"), "{found:?}");
}

#[test]
fn runs_of_one_statement() {
    let write = |at, pid, value: i64| line(at, pid, &format!("INSERT INTO a VALUES ({value})"));
    let queue = "SELECT id FROM a FOR UPDATE SKIP LOCKED LIMIT 1";
    let read = "SELECT b FROM a WHERE id = 1";
    let lines = [
        // Outside of transactions by their rest: 3, then 2.
        write(0, 7, 1),
        write(40, 7, 2),
        write(80, 7, 3),
        write(200, 7, 3),
        write(240, 7, 3),
        // In a transaction, beside a queue.
        line(1_000, 7, "BEGIN"),
        line(1_010, 7, queue),
        write(1_200, 7, 1),
        write(1_500, 7, 2),
        line(1_600, 7, "END"),
        // The same again; what is read after a write is another thing.
        line(5_000, 8, read),
        line(5_010, 8, read),
        line(5_020, 8, read),
        write(5_030, 8, 9),
        line(5_040, 8, read),
    ];
    let expected = [
        "any INSERT INTO a VALUES ($1) | 2 2 4 2 1 0 1",
        "any INSERT INTO a VALUES ($1) | 3 1 3 3 0 0 0",
        "any SELECT b FROM a WHERE id = $1 | 4 1 4 1 0 0 0",
        "same INSERT INTO a VALUES ($1) | 3 1 3 0 0 0 0",
        "same SELECT b FROM a WHERE id = $1 | 3 1 3 0 0 0 0",
    ];
    check(&lines, RUNS, &expected);
}

#[test]
fn polls_come_at_regular_times() {
    let lines: Vec<Line> = (0..20)
        .flat_map(|number| {
            let other = format!("SELECT b FROM a WHERE id = {number}");
            let poll = "SELECT id FROM jobs WHERE open";
            let at = 5_000 * number;
            [line(at, 7 + number as u32, poll), line(at + 9, 9, &other)]
        })
        .collect();
    let query =
        "SELECT s.text || ' | ' || p.executions || ' ' || p.gap_ms || ' ' || p.gap_deviation_ms
                 FROM log_polls p JOIN statements s ON s.id = p.statement_id ORDER BY 1";
    check(
        &lines,
        query,
        &["SELECT id FROM jobs WHERE open | 20 5000.0 0.0"],
    );
}

#[test]
fn a_key_makes_a_loop_of_a_pair() {
    let query = "SELECT coalesce(p.text, 'none') || ' > ' || c.text || ' | ' || coalesce(l.edge, 'none') || ' '
                   || coalesce(l.log_parents, '-') || ' ' || coalesce(l.log_children, '-')
                 FROM loop_candidates l JOIN statements c ON c.id = l.child_id
                 LEFT JOIN statements p ON p.id = l.parent_id ORDER BY 1";
    let lines = [
        vec![line(0, 7, "SELECT id, author_id FROM posts LIMIT 5")],
        request(10, 7, 5)[1..].to_vec(),
        vec![
            line(2_000, 7, "UPDATE posts SET seen = true WHERE id = 1"),
            line(2_010, 7, "UPDATE posts SET seen = true WHERE id = 2"),
        ],
    ]
    .concat();
    let log = log(&lines);
    // Names tell where there is no schema; the second pair has a key, and nothing that it follows.
    let names = [
        "none > UPDATE posts SET seen = true WHERE id = $1 | none - -",
        "SELECT id, author_id FROM posts LIMIT 5 > SELECT * FROM users WHERE id = $1 | none 1 5",
        "none > SELECT * FROM users WHERE id = $1 | none - -",
    ];
    let mut found = rows(&store("", &log, options(1, 1 << 20)), query);
    found.sort();
    let mut names = names.to_vec();
    names.sort_unstable();
    assert_eq!(found, names);
    let log = log.replace("author_id", "user_id");
    let found = rows(&store("", &log, options(1, 1 << 20)), query);
    assert!(
        found
            .iter()
            .any(|row| row.ends_with("WHERE id = $1 | named 1 5")),
        "{found:?}"
    );
}

#[test]
fn pages_skip_rows_by_the_values_of_executions() {
    let lines: Vec<Line> = [0, 20, 20, 1_000, 4_000]
        .iter()
        .enumerate()
        .map(|(number, rows)| {
            let sql = format!("SELECT * FROM posts ORDER BY id LIMIT 20 OFFSET {rows}");
            line(number as i64, 7, &sql)
        })
        .collect();
    check(
        &lines,
        "SELECT offsets FROM log_statements",
        &[r#"{"0":1,"20":2,"1000":1,"2000":1}"#],
    );
}

#[test]
fn roles_of_statements() {
    let cases = [
        ("BEGIN", Role::Begin),
        ("start transaction read only", Role::Begin),
        ("COMMIT", Role::End),
        ("END", Role::End),
        ("ROLLBACK", Role::End),
        ("PREPARE TRANSACTION 'a'", Role::End),
        ("PREPARE a AS SELECT 1", Role::Other),
        ("ROLLBACK TO SAVEPOINT a", Role::Other),
        ("SAVEPOINT a", Role::Other),
        ("SET a = 1", Role::Other),
        ("SELECT 1", Role::Other),
        ("SELECT a FROM b", Role::Read),
        ("WITH a AS (SELECT * FROM b) SELECT * FROM a", Role::Read),
        ("SELECT a FROM b FOR UPDATE SKIP LOCKED", Role::Queue),
        ("DELETE FROM a WHERE id = 1", Role::Write),
        (
            "DELETE FROM a WHERE id = (SELECT id FROM a FOR UPDATE SKIP LOCKED LIMIT 1)",
            Role::Queue,
        ),
        ("", Role::Other),
    ];
    for (sql, expected) in cases {
        assert_eq!(role(sql), expected, "{sql}");
    }
}

#[test]
fn traces_of_comments() {
    let id = "0af7651916cd43dd8448eb211c80319c";
    let with = |text: &str| trace(text.replace("ID", id).as_bytes());
    let at_end = with("SELECT 1 /*a='b',traceparent='00-ID-b7ad6b7169203331-01'*/");
    assert!(at_end.is_some());
    let same = [
        "SELECT 2 /*traceparent='00-ID-0000000000000001-00',a='b'*/ ; ",
        "/*traceparent='00-ID-b7ad6b7169203331-01'*/ SELECT 3",
    ];
    for text in same {
        assert_eq!(with(text), at_end, "{text}");
    }
    let none = [
        "SELECT 1",
        "SELECT '/*traceparent=00-ID-b7ad6b7169203331-01'",
        "SELECT 1 /*traceparent='00-0af7'*/",
        "SELECT 1 /*traceparent='00-00000000000000000000000000000000-b7ad6b7169203331-01'*/",
        "SELECT 1 */",
        "/*",
    ];
    for text in none {
        assert_eq!(with(text), None, "{text}");
    }
    let other =
        with("SELECT 1 /*traceparent='00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*/");
    assert!(other.is_some() && other != at_end);
}
