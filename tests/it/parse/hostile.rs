//! Texts made to be slow: each pattern repeated to a length at which anything quadratic runs into
//! the limit, and anything recursive out of stack.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use pgtriage::parse::sql::shapes;
use pgtriage::parse::{
    fingerprint, format, normalize, redact_command, redact_conninfo, redact_statement, split,
    tokenize,
};

const LENGTH: usize = 50_000;
/// Some twenty times what the slowest takes here without optimisation.
const LIMIT: Duration = Duration::from_secs(3);

const PATTERNS: [&str; 101] = [
    "(",
    ")",
    "[",
    "]",
    "()",
    "(]",
    "'",
    "''",
    "' ",
    "\"",
    "\"\"",
    "$",
    "$$",
    "$a",
    "$a$",
    "$a$b",
    "$1",
    "$1$",
    "/*",
    "*/",
    "/*/",
    "/**/",
    "--",
    "-- \n",
    "-",
    "+-",
    "=+",
    "@-",
    "*/ /* ",
    ":",
    "::",
    "::int",
    "1::a.",
    ":=",
    "\\",
    "\\\\ ",
    "\\a",
    "\\g ",
    "\\;",
    "\\:",
    "\\'",
    "\\copy a\n",
    "\\copy t from stdin\n",
    "\\.\n",
    "1",
    "1.",
    "1_",
    "1e",
    "0x",
    ".",
    "..",
    ",",
    ";",
    "; ",
    "a",
    "a.",
    "a(",
    "a.a(1)",
    "f(1), ",
    "é",
    "\u{1f600}",
    "\0",
    "\n",
    " ",
    "e'",
    "e'\\",
    "u&'",
    "'a'\n",
    "'a'\n'",
    "date ",
    "date '1' ",
    "interval '1' ",
    "- ",
    "1 - ",
    "not null ",
    "select ",
    "explain ",
    "explain (",
    "explain (a) ",
    "create table ",
    "case ",
    "begin ",
    "in (",
    "in (1,",
    "in ((1,2),",
    "array[",
    "array[1,",
    "cast(",
    "cast(1 as ",
    "values (1),",
    "(1,a),",
    "order by 1,",
    "set a=1,",
    "set a = default,",
    "with (",
    "copy t from stdin;\n",
    "copy t from stdin\\;",
    "x: ",
    "(select a from b where ",
    "a and (b or ",
    "case when 1 then ",
];

/// Patterns behind what leads to the code that is after them.
const LED: [(&str, &str); 28] = [
    ("ALTER TABLE t ", "set a=1,"),
    ("ALTER TABLE t ", "set a = default,"),
    ("ALTER TABLE t ", "set a b, c "),
    ("ALTER TABLE t ADD ", "a.a(1)"),
    ("ALTER ROLE r ", "password "),
    ("CREATE FUNCTION f() BEGIN ", "begin "),
    ("CREATE FUNCTION f() BEGIN ", "case when a then 1 end; "),
    ("INSERT INTO t VALUES (1)", ",(1)"),
    ("INSERT INTO t VALUES (1)", ",(1,a),(a,1),(b)"),
    ("SELECT ARRAY", "[1,"),
    ("SELECT a ORDER BY 1", ",2"),
    ("SELECT a /*", "b='c',"),
    ("COPY t FROM STDIN;\n", "\\.x\n"),
    ("COPY t FROM STDIN\\; SELECT 1;\n", "\\.\n"),
    ("SELECT 1", "+1"),
    ("SELECT 1", " + (SELECT a"),
    ("SELECT * FROM t WHERE a = 1", " OR a = 1"),
    ("SELECT * FROM t WHERE a = 1", " AND b < 2"),
    ("SELECT 1", " UNION ALL SELECT 1"),
    ("SELECT a", "::int"),
    ("SELECT a", "[1]"),
    ("SELECT * FROM t", " JOIN t ON a = b"),
    ("UPDATE t SET a = 1", ", a[1] = 1"),
    ("INSERT INTO t (a", ", a[1]"),
    ("INSERT INTO t VALUES (1)", " ON CONFLICT (a b) DO NOTHING"),
    ("SELECT ", "json_value(a passing b as c, "),
    ("SELECT * FROM ", "rows from (f(), "),
    ("SELECT * FROM t WHERE a IN (1", ", 1"),
];

const SECRETS: [&str; 16] = [
    "a=",
    "a='",
    "a = ",
    "'",
    "\\",
    "=",
    ":",
    "@",
    "://",
    "?",
    "&",
    "a:b@",
    "-u a:b ",
    "--password ",
    "x=y ",
    "\"x:",
];

/// Time this thread has run, where the system tells (then other work on the machine does not
/// count), else time that has passed since the first call.
fn time_used() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|stat| stat.split(' ').next()?.parse().ok())
        .map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn timed(what: &str, work: impl FnOnce()) {
    let start = time_used();
    work();
    let took = time_used().saturating_sub(start);
    assert!(took < LIMIT, "{what:?} took {took:?}");
}

#[test]
fn statements() {
    let bare = PATTERNS.map(|pattern| ("", pattern));
    for (head, pattern) in bare.into_iter().chain(LED) {
        let text = head.to_owned() + &pattern.repeat(LENGTH / pattern.len());
        timed(&format!("{head}{pattern}"), || {
            let covered: usize = tokenize(&text).iter().map(|t| t.end - t.start).sum();
            assert_eq!(covered, text.len());
            split(&text);
            assert!(format(&text, 80).len() < 60 * LENGTH);
            let of_text = fingerprint(&text);
            let start = Instant::now();
            assert_eq!(shapes(std::iter::once(text.as_str())).unwrap().len(), 1);
            // Read on a thread of its own, whose time the clock of this one does not count.
            assert!(start.elapsed() < 5 * LIMIT, "{head}{pattern:?}: shape");
            assert_eq!(fingerprint(&normalize(&text)), of_text, "{head}{pattern:?}");
            assert_eq!(
                fingerprint(&redact_statement(&text)),
                of_text,
                "{head}{pattern:?}"
            );
        });
    }
}

#[test]
fn secrets() {
    for pattern in SECRETS {
        for head in ["", "postgres://", "postgres://u:", "cmd '"] {
            let text = head.to_owned() + &pattern.repeat(LENGTH / pattern.len());
            timed(&format!("{head}{pattern}"), || {
                redact_conninfo(&text);
                redact_command(&text);
            });
        }
    }
}
