//! Server logs: records, in each format.

use pgtriage::parse::log::csvlog::{self, Csvlog};
use pgtriage::parse::log::detect::{Format, detect};
use pgtriage::parse::log::jsonlog::{self, Jsonlog};
use pgtriage::parse::log::message::Forms;
use pgtriage::parse::log::prefix::Prefix;
use pgtriage::parse::log::record::{Record, Unread};
use pgtriage::parse::log::stderr::{self, Stderr};
use pgtriage::parse::log::time::Clock;

/// How a log is read.
enum As<'a> {
    Csvlog,
    Jsonlog,
    Stderr(&'a [&'a str]),
}

/// The records of a log as lines of text, and how many pieces could not be read.
fn records(log: &[u8], format: &As) -> (Vec<String>, u64) {
    let (mut lines, mut unread, mut clock) = (Vec::new(), Unread::default(), Clock::default());
    let mut sink = |record: &Record<'_>| lines.push(shown(record));
    match format {
        As::Csvlog => Csvlog::default().read(log, &mut clock, &mut unread, &mut sink),
        As::Jsonlog => Jsonlog::default().read(log, &mut clock, &mut unread, &mut sink),
        As::Stderr(prefixes) => {
            let prefixes: Vec<Prefix> = prefixes
                .iter()
                .map(|text| Prefix::compile(text).unwrap())
                .collect();
            Stderr::new(&prefixes).read(log, &mut clock, &mut unread, &mut sink);
        }
    }
    (lines, unread.count)
}

fn shown(record: &Record<'_>) -> String {
    let mut parts = vec![record.severity.word().to_owned()];
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            parts.push(format!("{name}={value}"));
        }
    };
    let text = |bytes: Option<&[u8]>| bytes.map(|b| String::from_utf8_lossy(b).into_owned());
    add("at", record.time.map(|time| time.to_string()));
    add("pid", record.pid.map(|pid| pid.to_string()));
    add("user", text(record.user));
    add("db", text(record.database));
    add("app", text(record.application));
    add("host", text(record.host));
    add("code", text(record.sqlstate.as_ref().map(|code| &code[..])));
    add("id", record.query_id.map(|id| id.to_string()));
    add("message", text(Some(record.message)));
    add("detail", text(record.detail));
    add("hint", text(record.hint));
    add("context", text(record.context));
    add("statement", text(record.statement));
    parts.join("|")
}

fn check(log: &str, format: &As, expected: &[&str], unread: u64) {
    let (found, broken) = records(log.as_bytes(), format);
    assert_eq!(found, expected, "{log}");
    assert_eq!(broken, unread, "{log}");
}

#[test]
fn stderr_by_its_prefix() {
    let time = "LOG|at=1795452886225000";
    let cases: &[(&str, &str, &str)] = &[
        ("", "LOG:  a", "LOG|message=a"),
        (
            "%m [%p] ",
            "2026-11-23 16:54:46.225 UTC [7] LOG:  a",
            "|pid=7|message=a",
        ),
        (
            "%m [%p] ",
            "2026-11-23 13:54:46.225 -03 [7] LOG:  a",
            "|pid=7|message=a",
        ),
        (
            "%m [%p] ",
            "2026-11-23 22:24:46.225 +0530 [7] LOG:  a",
            "|pid=7|message=a",
        ),
        ("%n %p ", "1795452886.225 7 LOG:  a", "|pid=7|message=a"),
        (
            "%m [%p] %q%u@%d ",
            "2026-11-23 16:54:46.225 UTC [7] LOG:  a",
            "|pid=7|message=a",
        ),
        (
            "%m [%p] %q%u@%d ",
            "2026-11-23 16:54:46.225 UTC [7] a@b@c d LOG:  a",
            "|pid=7|user=a|db=b@c d|message=a",
        ),
        (
            "%m:%r:%u@%d:[%p]:",
            "2026-11-23 16:54:46.225 UTC:10.0.0.1(5432):me@shop:[7]:LOG:  a",
            "|pid=7|user=me|db=shop|host=10.0.0.1|message=a",
        ),
        (
            "%m [%p] %a %e %Q ",
            "2026-11-23 16:54:46.225 UTC [7] cron [1] 100% 00000 -12 LOG:  duration: LOG:  b",
            "|pid=7|app=cron [1] 100%|code=00000|id=-12|message=duration: LOG:  b",
        ),
        (
            "%m [%p] %-6u|%6d|",
            "2026-11-23 16:54:46.225 UTC [7] me    |  shop|LOG:  a",
            "|pid=7|user=me|db=shop|message=a",
        ),
        (
            "%m [%p] %u %d ",
            "2026-11-23 16:54:46.225 UTC [7] [unknown] [unknown] LOG:  00000: a",
            "|pid=7|code=00000|message=a",
        ),
        (
            "%m [%p] ",
            "2026-11-23 16:54:46.225 UTC [7] LOG:  AUDIT: b",
            "|pid=7|message=AUDIT: b",
        ),
    ];
    for (prefix, line, expected) in cases {
        let expected = match expected.strip_prefix("LOG") {
            Some(_) => (*expected).to_owned(),
            None => format!("{time}{expected}"),
        };
        check(line, &As::Stderr(&[prefix]), &[&expected], 0);
    }
    let unknown = Prefix::compile("%m %y ").unwrap_err().to_string();
    assert!(unknown.contains("\"%y\" at byte 3"), "{unknown}");
}

#[test]
fn stderr_joins_the_lines_of_a_record() {
    // Two processes whose lines mix; a look-alike within a statement; a line of something else.
    let log = "\
1.0 7 ERROR:  division by zero at character 8
1.0 8 LOG:  duration: 1.0 ms  statement: SELECT
\t
\t1.0 9 LOG:  not a record
1.0 7 STATEMENT:  SELECT 1
\t/ 0
sh: 1: no such file
1.0 7 LOG:  b
1.0 9 DETAIL:  of nobody
";
    check(
        log,
        &As::Stderr(&["%n %p "]),
        &[
            "ERROR|at=1000000|pid=7|message=division by zero|statement=SELECT 1\n/ 0",
            "LOG|at=1000000|pid=8|message=duration: 1.0 ms  statement: SELECT\n\n1.0 9 LOG:  not a record",
            "LOG|at=1000000|pid=7|message=b",
        ],
        2,
    );
    // The setting was changed while the file was written; other languages.
    check(
        "1.0 7 FEHLER:  a\n7 ERREUR:  b\n7 DÉTAIL:  c\n7 ASTUCE :  d\n",
        &As::Stderr(&["%n %p ", "%p "]),
        &[
            "ERROR|at=1000000|pid=7|message=a",
            "ERROR|pid=7|message=b|detail=c|hint=d",
        ],
        0,
    );
}

const CSV: &str = "2026-11-23 16:54:46.225 UTC,\"me\",\"shop\",7,\"10.0.0.1:5432\",6b.7,1,\"SELECT\",2026-11-23 16:54:46 UTC,3/1,0,ERROR,22012,\"division \"\"by\"\" zero\n2026-11-23 16:54:46.225 UTC,look-alike\",,,,,,\"SELECT 1,\"\"a\"\"\",8,,\"app\",\"client backend\",,12\n";

#[test]
fn csvlog_costs_only_what_is_broken() {
    let record = "ERROR|at=1795452886225000|pid=7|user=me|db=shop|app=app|host=10.0.0.1|code=22012|id=12|message=division \"by\" zero\n2026-11-23 16:54:46.225 UTC,look-alike|statement=SELECT 1,\"a\"";
    check(CSV, &As::Csvlog, &[record], 0);
    assert!(csvlog::is_csvlog(CSV.as_bytes()));
    // A record that was cut within a text in quotes, and one that begins in the middle of a line.
    let torn = &CSV[..150];
    check(
        &format!("{torn}\n{CSV}{CSV}"),
        &As::Csvlog,
        &[record, record],
        1,
    );
    check(&format!("{CSV}{torn}"), &As::Csvlog, &[record], 1);
    // Version 12 has 23 columns.
    let old = CSV.replace(",\"client backend\",,12", "");
    check(&old, &As::Csvlog, &[&record.replace("|id=12", "")], 0);
    assert_eq!(
        csvlog::last_start(format!("{CSV}{CSV}").as_bytes()),
        Some(CSV.len())
    );
    assert_eq!(csvlog::last_start(CSV.as_bytes()), None);
}

const JSON: &str = r#"{"timestamp":"2026-11-23 16:54:46.225 UTC","user":"me","dbname":"shop","pid":7,"remote_host":"10.0.0.1","remote_port":5432,"session_id":"6b.7","error_severity":"LOG","message":"a \"b\"\n\u00e9\ud83d\ude00 C:\\d","detail":"parameters: $1 = '1'","application_name":"","query_id":-12,"new":{"a":[1,"]"]}}"#;

#[test]
fn jsonlog_costs_only_what_is_broken() {
    let record = "LOG|at=1795452886225000|pid=7|user=me|db=shop|host=10.0.0.1|id=-12|message=a \"b\"\né😀 C:\\d|detail=parameters: $1 = '1'";
    check(JSON, &As::Jsonlog, &[record], 0);
    assert!(jsonlog::is_jsonlog(JSON.as_bytes()));
    check(
        &format!("{}\n{JSON}\n\n{JSON}\n", &JSON[..100]),
        &As::Jsonlog,
        &[record, record],
        1,
    );
    check("{}\n[1]\nnull\n", &As::Jsonlog, &[], 3);
}

/// Cut anywhere, or with any byte changed, a log is read to its end, and what was not touched is
/// read as before.
#[test]
fn damage_costs_what_it_touches() {
    let line = "2026-11-23 16:54:46.225 UTC [7] me@shop LOG:  duration: 1.0 ms\n\tb\n2026-11-23 16:54:46.225 UTC [7] me@shop DETAIL:  c\n";
    let json = format!("{JSON}\n");
    let cases = [
        (CSV, As::Csvlog),
        (&json, As::Jsonlog),
        (line, As::Stderr(&["%m [%p] %q%u@%d "])),
    ];
    for (log, format) in cases {
        let (whole, _) = records(log.as_bytes(), &format);
        for at in 0..log.len() {
            let cut = [&log.as_bytes()[..at], b"\n", log.as_bytes()].concat();
            let (found, _) = records(&cut, &format);
            assert_eq!(found.last(), whole.last(), "cut at {at}: {log}");
            for byte in [b'"', b'\\', b'\n', b',', b'\0', 0xff] {
                let mut changed = [log.as_bytes(), log.as_bytes(), log.as_bytes()].concat();
                changed[log.len() + at] = byte;
                let (found, _) = records(&changed, &format);
                assert_eq!(found.first(), whole.first(), "{byte} at {at}: {log}");
                // Without the line end between them two records are touched.
                let untouched = if log.as_bytes()[at] == b'\n' { 1 } else { 2 };
                assert!(found.len() >= untouched, "{byte} at {at}: {found:?}");
            }
        }
    }
}

#[test]
fn blocks_are_cut_at_records() {
    let prefixes = [Prefix::compile("%n %p ").unwrap()];
    let log = b"1.0 7 LOG:  a\n1.0 7 ERROR:  b\n1.0 7 STATEMENT:  c\n\t1.0 7 LOG:  d\n";
    let start = stderr::last_start(log, &prefixes, &mut Clock::default());
    assert_eq!(start, Some(14));
}

/// Messages in the languages of the server: kind, time in microseconds and values.
#[test]
fn messages_by_their_form() {
    let cases: &[(&str, &str)] = &[
        ("duration: 1.234 ms", "duration 1234"),
        (
            "duration: 12.5 ms  statement: SELECT 1: 2",
            "duration_statement 12500 SELECT 1: 2",
        ),
        (
            "duration: 0.001 ms  parse <unnamed>: a",
            "duration_parse 1 <unnamed>|a",
        ),
        (
            "duration: 3 ms  bind s1/p1: a\nb",
            "duration_bind 3000 s1/p1|a\nb",
        ),
        ("duration: 0.1 ms  execute s: a", "duration_execute 100 s|a"),
        (
            "duration: 0.1 ms  execute fetch from s/p: a",
            "duration_fetch 100 s/p|a",
        ),
        (
            "duration: 0.1 ms  plan:\nQuery Text: a",
            "duration_plan 100 Query Text: a",
        ),
        ("Dauer: 0.1 ms  Ausführen s: a", "duration_execute 100 s|a"),
        (
            "durée : 0.1 ms, instruction : a",
            "duration_statement 100 a",
        ),
        ("duración: 0.1 ms  sentencia: a", "duration_statement 100 a"),
        ("期間: 0.1 ミリ秒  文: a", "duration_statement 100 a"),
        ("statement: a", "statement a"),
        (
            "process 7 still waiting for ShareLock on transaction 9 after 1000.123 ms",
            "lock_waiting 7|ShareLock|transaction 9|1000|123",
        ),
        (
            "プロセス7は1000.123 ms後にtransaction 9上のShareLockを獲得しました",
            "lock_acquired 7|ShareLock|transaction 9|1000|123",
        ),
        (
            "temporary file: path \"base/pgsql_tmp/a\", size 9",
            "temp_file base/pgsql_tmp/a|9",
        ),
        (
            "automatic vacuum of table \"shop.public.orders\": index scans: 1\npages: 0",
            "autovacuum shop|public|orders",
        ),
        ("canceling statement due to lock timeout", "lock_timeout "),
        ("canceling statement due to lock timeout, or so", "none"),
        ("duration: soon", "none"),
        ("duration: 99999999999999999999 ms", "none"),
        ("relation \"a\" does not exist", "none"),
    ];
    let forms = Forms::new();
    let mut language = 0;
    for (text, expected) in cases {
        let text = text.as_bytes();
        let found = forms
            .read(text, &mut language)
            .map_or("none".to_owned(), |message| {
                let shown = message
                    .values
                    .map(|value| String::from_utf8_lossy(value).into_owned());
                let time = message.us.map(|us| format!(" {us}")).unwrap_or_default();
                let values = shown.join("|");
                let values = values.trim_end_matches('|');
                let blank = if values.is_empty() && message.us.is_some() {
                    ""
                } else {
                    " "
                };
                format!("{}{time}{blank}{values}", message.kind.name())
            });
        assert_eq!(&found, expected, "{}", String::from_utf8_lossy(text));
    }
}

/// The format that a log is taken for, and how many of its lines fit.
#[test]
fn formats_are_found_by_content() {
    let line = |prefix: &str, count: usize| format!("{prefix}LOG:  a\n").repeat(count);
    let long = "2026-11-23 16:54:46.225 UTC [7] ";
    let cases = [
        (CSV.to_owned(), "csvlog"),
        (CSV[100..].to_owned() + CSV, "csvlog"),
        (format!("{JSON}\n"), "jsonlog"),
        (line(long, 3), "%m [%p]  3 of 3"),
        (
            line(&format!("{long}me@shop "), 3) + &line(long, 1),
            "%m [%p] %q%u@%d  4 of 4",
        ),
        (
            line(
                "2026-11-23 16:54:46 UTC [7]: user=me,db=shop,app=a b,client=::1 ",
                3,
            ),
            "%m [%p]: user=%u,db=%d,app=%a,client=%h  3 of 3",
        ),
        (
            line(long, 9) + &line("1795452886.225 [7] ", 9),
            "%m [%p]  + %n [%p]  18 of 18",
        ),
        (line("", 2), " 2 of 2"),
        (line(long, 3) + "\tb\nsh: not found\n", "%m [%p]  3 of 4"),
        ("a\nb\n{\"c\": 1}\n[]\n".to_owned(), "none"),
        (String::new(), "none"),
    ];
    for (log, expected) in cases {
        let found = match detect(log.as_bytes(), &mut Clock::default()) {
            None => "none".to_owned(),
            Some((Format::Csvlog, ..)) => "csvlog".to_owned(),
            Some((Format::Jsonlog, ..)) => "jsonlog".to_owned(),
            Some((Format::Stderr(prefixes), fit, of)) => {
                let texts: Vec<&str> = prefixes.iter().map(Prefix::text).collect();
                format!("{} {fit} of {of}", texts.join(" + "))
            }
        };
        assert_eq!(found, expected, "{log}");
    }
}
