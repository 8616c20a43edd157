//! Server logs in envelopes: what comes out, and what the readers of the formats make of it.

use pgtriage::parse::log::detect::{Format, detect};
use pgtriage::parse::log::envelope::{Envelope, Inner, Unwrap, detect_envelope};
use pgtriage::parse::log::prefix::Prefix;
use pgtriage::parse::log::record::Unread;
use pgtriage::parse::log::time::Clock;
use proptest::prelude::*;

/// 2026-11-28, in microseconds.
const END: i64 = 1_795_824_000_000_000;

struct Out {
    text: String,
    unread: u64,
    others: u64,
}

/// What comes out of bytes that come in pieces of this size.
fn unwrapped(mut unwrap: Unwrap, log: &[u8], piece: usize) -> Out {
    let (mut out, mut unread) = (Vec::new(), Unread::default());
    for bytes in log.chunks(piece) {
        unwrap.feed(bytes, &mut out, &mut unread);
        assert!(matches!(out.last(), None | Some(b'\n')));
    }
    unwrap.finish(&mut out, &mut unread);
    Out {
        text: String::from_utf8_lossy(&out).into_owned(),
        unread: unread.count,
        others: unwrap.others(),
    }
}

/// Checks what comes out, how much was unread and how much was of others.
fn check(envelope: Envelope, log: &str, expected: &str, unread: u64, others: u64) {
    for piece in [1, 7, log.len().max(1)] {
        let out = unwrapped(Unwrap::new(envelope, Some(END)), log.as_bytes(), piece);
        assert_eq!(out.text, expected, "{piece} of {log}");
        assert_eq!(
            (out.unread, out.others),
            (unread, others),
            "{piece} of {log}"
        );
    }
}

/// Heads of lines, and what becomes of them.
#[test]
fn heads_of_syslog() {
    let cases = [
        (
            "Nov 23 16:54:46 h postgres[7]: ",
            "2026-11-23 16:54:46 [7] ",
        ),
        (
            "Nov  3 16:54:46 h postgres[7]: ",
            "2026-11-03 16:54:46 [7] ",
        ),
        (
            "<134>Dec 1 16:54:46.25 h postgres[7]: ",
            "2025-12-01 16:54:46.25 [7] ",
        ),
        (
            "Feb 29 16:54:46 h postgres[7]: ",
            "2024-02-29 16:54:46 [7] ",
        ),
        (
            "2026-11-23T16:54:46.225+01:00 h postgres[7]: ",
            "2026-11-23T16:54:46.225+01:00 [7] ",
        ),
        (
            "Mon 2026-11-23 16:54:46 CET h postgres[7]: ",
            "2026-11-23 16:54:46 CET [7] ",
        ),
        (
            "<134>1 2026-11-23T16:54:46.2Z h postgres 7 - - ",
            "2026-11-23T16:54:46.2Z [7] ",
        ),
        (
            "<134>1 2026-11-23T16:54:46.2Z h postgres 7 id [a@1 b=\"]\\\"\"][c] \u{feff}",
            "2026-11-23T16:54:46.2Z [7] ",
        ),
        ("<134>1 - h main 7 - - [5-1] ", " [7] "),
        (
            "2026-11-23T16:54:46.2+00:00 app[postgres.7]: [DATABASE] [5-1] ",
            "2026-11-23T16:54:46.2+00:00 [7] ",
        ),
        ("Nov 23 16:54:46 h main[7]: ", "2026-11-23 16:54:46 [7] "),
        ("Nov 23 16:54:46 h postgres: ", "2026-11-23 16:54:46 [] "),
    ];
    for (head, expected) in cases {
        let log = format!("{head}me LOG:  a: b\n");
        check(
            Envelope::Syslog,
            &log,
            &format!("{expected}me LOG:  a: b\n"),
            0,
            0,
        );
        assert_eq!(
            detect_envelope(log.as_bytes()),
            Some(Envelope::Syslog),
            "{log}"
        );
        if head.starts_with('<') {
            let framed = format!("{} {log}", log.len()).repeat(2);
            let expected = format!("{expected}me LOG:  a: b\n").repeat(2);
            check(Envelope::Syslog, &framed, &expected, 0, 0);
        }
    }
    let stranger =
        "Nov 23 16:54:46 h sshd[7]: ERROR: a\nNov 23 16:54:46 h postgres_exporter[8]: b\n";
    check(Envelope::Syslog, stranger, "", 0, 2);
    check(Envelope::Syslog, "nonsense\n-- Boot 1 --\n\n", "", 1, 0);
}

/// Texts after `Nov 23 16:54:46 h postgres[7]: `, and what comes out less the head.
#[test]
fn pieces_of_syslog() {
    let long = format!("LOG:  {}", "ab ".repeat(297));
    let word = format!("LOG:{}", "é".repeat(448));
    let full = format!("LOG:  {}x", "ab ".repeat(297));
    let cases: &[(&[&str], &str)] = &[
        (&["[1-1] LOG:  a", "[2-1] LOG:  b"], "@LOG:  a\n@LOG:  b\n"),
        (
            &[
                "[1-1] me ERROR:  a",
                "[1-2] #011b #12 #333",
                "[1-3] #011",
                "[1-4] me DETAIL:  c",
                "[1-5] \td",
            ],
            "@me ERROR:  a\n\tb #12 #333\n\t\n@me DETAIL:  c\n\td\n",
        ),
        (&["[1-1] a#303#251#000#033"], "@aé#000\u{1b}\n"),
        // Cut at a blank, within a word, and not at all.
        (
            &[
                &format!("[1-1] {long}"),
                "[1-2]  abcdef c",
                "[1-3] DETAIL:  d",
            ],
            "@{long} abcdef c\n@DETAIL:  d\n",
        ),
        (&[&format!("[1-1] {word}"), "[1-2] éc"], "@{word}éc\n"),
        (
            &[&format!("[1-1] {full}"), "[1-2] DETAIL:  d"],
            "@{full}\n@DETAIL:  d\n",
        ),
        // Without numbers, and without cutting.
        (
            &["LOG:  a", "#011b", "DETAIL:  c", "LOG:  d"],
            "@LOG:  a\n\tb\n@DETAIL:  c\n@LOG:  d\n",
        ),
        (
            &["[1] LOG:  a#012#011b#012DETAIL:  c#012"],
            "@LOG:  a\n\tb\n@DETAIL:  c\n@\n",
        ),
        (
            &["[7] LOG:  pid in the prefix"],
            "@[7] LOG:  pid in the prefix\n",
        ),
        (
            &["message repeated 2 times: [ LOG:  a]", "LOG:  b"],
            "@LOG:  a\n@LOG:  a\n@LOG:  b\n",
        ),
    ];
    for (texts, expected) in cases {
        let head = "Nov 23 16:54:46 h postgres[7]: ";
        let log: String = texts.iter().map(|text| format!("{head}{text}\n")).collect();
        let expected = expected
            .replace("{long}", &long)
            .replace("{word}", &word)
            .replace("{full}", &full)
            .replace('@', "2026-11-23 16:54:46 [7] ");
        check(Envelope::Syslog, &log, &expected, 0, 0);
    }
}

#[test]
fn lines_of_syslog_that_mix() {
    let log = "\
Dec 31 23:59:59 a postgres[7]: [1-1] LOG:  a
Dec 31 23:59:59 b postgres[7]: [1-1] LOG:  b
Jan  1 00:00:00 a postgres[7]: [1-2] #011a
Jan  1 00:00:00 b postgres[7]: [1-2] #011b
Jan  1 00:00:00 b cron[1]: job
Dec 31 23:59:59 a postgres[8]: [3-1] LOG:  c
                               \tc
Jan  1 00:00:00 a last message repeated 2 times
Jan  1 00:00:01 a postgres[7]: [3-2] #011of a message that was lost
Jan  1 00:00:01 a postgres[7]: [4-1] LOG:  d
";
    let expected = "\
2025-12-31 23:59:59 [7] LOG:  a
\ta
2025-12-31 23:59:59 [7] LOG:  b
\tb
2025-12-31 23:59:59 [8] LOG:  c
\tc
2025-12-31 23:59:59 [8] LOG:  c
\tc
2025-12-31 23:59:59 [8] LOG:  c
\tc
2026-01-01 00:00:01 [7] LOG:  d
";
    check(Envelope::Syslog, log, expected, 1, 1);
    // Without an end the year is not known.
    let out = unwrapped(
        Unwrap::new(Envelope::Syslog, None),
        &log.as_bytes()[..45],
        9,
    );
    assert_eq!(out.text, " [7] LOG:  a\n");
}

/// Entries, what they are found to be, and what comes out.
#[test]
fn entries_in_json() {
    let cloud = |second: u32, text: &str| {
        format!(
            r#"{{"insertId": "a", "textPayload": "{text}", "timestamp": "2026-11-23T16:54:{second}.2Z"}}"#
        )
    };
    let cases: &[(Envelope, String, &str, u64)] = &[
        (
            Envelope::CloudNativePg,
            r#"{"level":"info","logger":"wal-archive","msg":"b"}
{"level":"info","logger":"pg_controldata","msg":"record","record":{"a":"b"}}
{"level":"info","logger":"postgres","msg":"record","record":{"log_time":"2026-11-23 16:54:46.225 UTC","user_name":"me","process_id":"7","connection_from":"10.0.0.1:5432","error_severity":"LOG","message":"a \"\n\u00e9","detail":"","query_pos":"8","query_id":"-12"}}
"#.to_owned(),
            "{\"timestamp\":\"2026-11-23 16:54:46.225 UTC\",\"user\":\"me\",\"pid\":\"7\",\"remote_host\":\"10.0.0.1\",\"error_severity\":\"LOG\",\"message\":\"a \\\"\\n\\u00e9\",\"query_id\":\"-12\"}\n",
            2,
        ),
        (Envelope::CloudLogging, cloud(46, r"1 LOG:  a\n  b\n\tc\n\n"), "1 LOG:  a\n\t  b\n\tc\n\t\n", 0),
        (
            Envelope::CloudLogging,
            format!("[{},\n{}]\n", cloud(46, "a"), cloud(47, "b")),
            "a\nb\n",
            0,
        ),
        // Newest first, and over several lines.
        (
            Envelope::CloudLogging,
            format!("[{},\n{}]\n", cloud(47, "b"), cloud(46, "a")).replace(", \"", ",\n    \""),
            "a\nb\n",
            0,
        ),
        (
            Envelope::CloudLogging,
            r#"{"jsonPayload":{"message":"a"},"timestamp":"1"}{"protoPayload":{}}{"jsonPayload":{
  "record": {"a": 1}},"timestamp":"2"}"#.to_owned(),
            "a\n{   \"record\": {\"a\": 1}}\n",
            1,
        ),
        (
            Envelope::Azure,
            r#"{"records":[{"category":"PostgreSQLLogs","time":"2026-11-23T16:54:46.2Z","properties":{"timestamp":"2026-11-23 16:54:46.225 UTC","processId":7,"errorLevel":"ERROR","sqlerrcode":"22012","message":"2026-11-23 16:54:46.225 UTC-6b.7-ERROR:  a: b\nc","detail":"d\ne"}},
{"category":"PostgreSQLLogs","time":"2026-11-23T16:54:46.2Z","properties":{"prefix":"me: ","errorLevel":"LOG","message":"a: b"}},
{"category":"Sessions","time":"2026-11-23T16:54:46.2Z","properties":{}}]}"#.to_owned(),
            "2026-11-23 16:54:46.225 UTC [7] 22012 2026-11-23 16:54:46.225 UTC-6b.7-ERROR:  a: b
\tc
2026-11-23 16:54:46.225 UTC [7] 22012 2026-11-23 16:54:46.225 UTC-6b.7-DETAIL:  d
\te
2026-11-23T16:54:46.2Z []  me: LOG:  a: b
",
            1,
        ),
        (
            Envelope::Azure,
            r#"[{"TimeGenerated":"2026-11-23T16:54:46.2Z","Message":"LOG:  a","errorLevel_s":"LOG","processId_d":7.0}]"#.to_owned(),
            "2026-11-23T16:54:46.2Z [7]  LOG:  a\n",
            0,
        ),
        (
            Envelope::CloudWatch,
            r#"{ "searchedLogStreams": [],
  "events": [
    { "timestamp": 1795452886225, "message": "2026-11-23 16:54:46 UTC::@:[7]:ERROR:  a\n2026-11-23 16:54:46 UTC::@:[7]:STATEMENT:  b\nc" },
    { "timestamp": 999, "message": "older" }
  ],
  "nextToken": "x"
}"#.to_owned(),
            "older\n2026-11-23 16:54:46 UTC::@:[7]:ERROR:  a\n2026-11-23 16:54:46 UTC::@:[7]:STATEMENT:  b\n\tc\n",
            0,
        ),
        (
            Envelope::CloudWatch,
            r#"{"messageType":"DATA_MESSAGE","logEvents":[{"id":"1","timestamp":1,"message":"a"}]}"#.to_owned(),
            "a\n",
            0,
        ),
        (Envelope::CloudWatch, r#"[{"@timestamp":"2026-11-23 16:54:46.000","@message":"a"}]"#.to_owned(), "a\n", 0),
        (
            Envelope::Docker,
            r#"{"log":"LOG:  a","stream":"stderr","time":"1"}
{"log":"other\n","stream":"stdout","time":"1"}
{"log":"b\n","stream":"stderr","time":"1"}
{"log":"\tc\n","stream":"stderr","time":"1"}
"#.to_owned(),
            "other\nLOG:  ab\n\tc\n",
            0,
        ),
    ];
    for (envelope, log, expected, others) in cases {
        check(*envelope, log, expected, 0, *others);
        assert_eq!(detect_envelope(log.as_bytes()), Some(*envelope), "{log}");
    }
    for (log, unread) in [
        // A torn string, a torn object, and lines that are no JSON.
        (r#"{"log":"torn"#, 1),
        (r#"{"log":"torn","#, 1),
        (r#"{"log":"torn"}}"#, 0),
        ("W0 starting", 1),
        ("\"a\" b", 1),
        ("nul", 1),
        ("12 a", 1),
    ] {
        let entry = r#"{"log":"a\n","stream":"stderr"}"#;
        let out = unwrapped(
            Unwrap::new(Envelope::Docker, None),
            format!("{entry}\n{log}\n{entry}\n").as_bytes(),
            5,
        );
        assert!(
            out.text.starts_with("a\n") && out.text.ends_with("a\n"),
            "{log}"
        );
        assert_eq!(out.unread, unread, "{log}");
    }
}

#[test]
fn lines_with_heads() {
    check(
        Envelope::Containers,
        "2026-11-23T16:54:46.2Z stderr P LOG:  \n2026-11-23T16:54:46.2Z stdout F x\n2026-11-23T16:54:46.2Z stderr F a\n2026-11-23T16:54:46.2Z stderr F \tb\n2026-11-23T16:54:46.2Z stderr F \ntorn\n",
        "x\nLOG:  a\n\tb\n\n",
        1,
        0,
    );
    check(
        Envelope::CloudWatchLines,
        "2026-11-23T16:54:46.225000+00:00 shop.0 2026-11-23 16:54:46 UTC::@:[7]:LOG:  a\n\tb\nc\n2026-11-23T16:54:46 2026-11-23 16:54:46 UTC::@:[7]:LOG:  d\n",
        "2026-11-23 16:54:46 UTC::@:[7]:LOG:  a\n\tb\n\tc\n2026-11-23 16:54:46 UTC::@:[7]:LOG:  d\n",
        0,
        0,
    );
}

/// Envelopes that are found, the outermost first, and what comes out of them.
#[test]
fn envelopes_are_found_by_content() {
    use Envelope::{CloudLogging, CloudNativePg, CloudWatchLines, Containers, Syslog};
    let cnpg = r#"{"level":"info","logger":"postgres","record":{"log_time":"1","message":"a"}}"#;
    let cases: &[(String, &[Envelope], Inner, &str)] = &[
        (
            format!("2026-11-23T16:54:46.2Z stdout F {cnpg}\n").repeat(3),
            &[Containers, CloudNativePg],
            Inner::Jsonlog,
            "",
        ),
        (
            format!(r#"[{{"jsonPayload":{cnpg},"timestamp":"1"}}]"#),
            &[CloudLogging, CloudNativePg],
            Inner::Jsonlog,
            "",
        ),
        (
            "2026-11-23T16:54:46.2Z stderr F LOG:  a\n".to_owned(),
            &[Containers],
            Inner::Any,
            "",
        ),
        (
            "2026-11-23T16:54:46.225000+00:00 shop.0 2026-11-23 16:54:46 UTC::@:[7]:LOG:  a\n\tb\n"
                .to_owned(),
            &[CloudWatchLines],
            Inner::Any,
            "",
        ),
        (
            "Nov 23 16:54:46 h cron[7]: a\n".to_owned(),
            &[Syslog],
            Inner::Stderr,
            "%m [%p] ",
        ),
    ];
    for (log, envelopes, inner, prefix) in cases {
        let found = Unwrap::detect(log.as_bytes(), None).unwrap();
        assert_eq!(found.envelopes(), *envelopes, "{log}");
        assert_eq!(
            (found.inner(), found.added_prefix()),
            (*inner, *prefix),
            "{log}"
        );
    }
    for log in [
        "",
        "2026-11-23 16:54:46.225 UTC [7] LOG:  a\n",
        "2026-11-23 16:54:46 UTC:10.0.0.1(5432):me@shop:[7]:LOG:  a\n",
        "1795452886.225 7 LOG:  a\n",
        "2026-11-23 16:54:46.225 UTC,\"me\",\"shop\",7,\"10.0.0.1:5432\",6b.7,1,\"SELECT\"\n",
        r#"{"timestamp":"2026-11-23 16:54:46.225 UTC","pid":7,"error_severity":"LOG","message":"a"}"#,
        "[]\n{}\n{\"a\": 1}\n",
        "[1] LOG:  a\n",
    ] {
        assert_eq!(detect_envelope(log.as_bytes()), None, "{log}");
    }
}

/// Tables that consoles export: rows to entries, entries to lines.
#[test]
fn rows_of_csv_exports() {
    let cases = [
        (
            "timestamp,message\n1795452886225,\"b \"\"x\"\"\\\n\tc, d\"\n1795452880000,a\nshort\n",
            "a\nb \"x\"\\\n\tc, d\n",
            Envelope::CloudWatch,
            1,
        ),
        (
            "\u{feff}\"TimeGenerated [UTC]\",Message,errorLevel_s,processId_d\r\n2026-11-23T16:54:46.2Z,LOG:  a,LOG,7\r\n",
            "2026-11-23T16:54:46.2Z [7]  LOG:  a\n",
            Envelope::Azure,
            0,
        ),
    ];
    for (log, expected, within, unread) in cases {
        for piece in [1, 7, log.len()] {
            let unwrap = Unwrap::detect(log.as_bytes(), None).unwrap();
            assert_eq!(unwrap.envelopes(), [Envelope::Table, within]);
            let out = unwrapped(unwrap, log.as_bytes(), piece);
            assert_eq!((&*out.text, out.unread), (expected, unread), "{log}");
        }
    }
}

/// The server's own prefix can be found in what comes out.
#[test]
fn prefixes_are_found_in_envelopes() {
    let line = |text: &str| format!("Nov 23 16:54:46 h postgres[7]: [5-1] {text}\n").repeat(3);
    let rds = r#"{"events":[{"timestamp":1,"message":"2026-11-23 16:54:46 UTC:10.0.0.1(5432):me@shop:[7]:LOG:  a"}]}"#;
    let azure = r#"{"category":"PostgreSQLLogs","properties":{"errorLevel":"LOG","processId":7,"message":"2026-11-23 16:54:46 UTC-6b.7-LOG:  a"}}"#;
    for (log, expected) in [
        (line("LOG:  a"), ""),
        (
            line("user=me,db=shop,app=a,client=::1 LOG:  a"),
            "user=%u,db=%d,app=%a,client=%h ",
        ),
        (rds.to_owned(), "%m:%r:%u@%d:[%p]:"),
        (azure.to_owned(), "%m-%c-"),
    ] {
        let bare = Unwrap::bare(log.as_bytes()).unwrap();
        let Some((Format::Stderr(found), ..)) = detect(&bare, &mut Clock::default()) else {
            panic!("{log}");
        };
        let found: Vec<&str> = found.iter().map(Prefix::text).collect();
        assert_eq!(found, [expected], "{log}");
    }
    assert_eq!(Unwrap::bare(b"LOG:  a\n"), None);
}

/// What is held back is given away where nothing more comes; a line that is not whole waits.
#[test]
fn held_records_are_given_away() {
    let entry = |second: u32| {
        format!(r#"{{"log":"Nov 23 16:54:4{second} h postgres[7]: LOG:  a\n","stream":"stderr"}}"#)
    };
    let log = format!("{}\n{}\n", entry(6), entry(7));
    let mut unwrap = Unwrap::detect(log.as_bytes(), Some(END)).unwrap();
    assert_eq!(unwrap.envelopes(), [Envelope::Docker, Envelope::Syslog]);
    let (mut out, mut unread) = (Vec::new(), Unread::default());
    let (head, tail) = log.as_bytes().split_at(100);
    unwrap.feed(head, &mut out, &mut unread);
    assert!(out.is_empty());
    unwrap.flush(&mut out, &mut unread);
    assert_eq!(out, b"2026-11-23 16:54:46 [7] LOG:  a\n");
    unwrap.feed(tail, &mut out, &mut unread);
    unwrap.finish(&mut out, &mut unread);
    assert!(out.ends_with(b"2026-11-23 16:54:47 [7] LOG:  a\n"));
    assert_eq!(unread, Unread::default());
}

/// Many sessions at once, and many repetitions, cost a bounded number of bytes.
#[test]
fn what_waits_is_bounded() {
    let log: String = (0..1000)
        .map(|pid| format!("Nov 23 16:54:46 h postgres[{pid}]: [1-1] LOG:  a\n"))
        .collect();
    let mut unwrap = Unwrap::new(Envelope::Syslog, Some(END));
    let (mut out, mut unread) = (Vec::new(), Unread::default());
    unwrap.feed(log.as_bytes(), &mut out, &mut unread);
    let lines = out.split(|b| *b == b'\n').count() - 1;
    assert!(lines > 900 && lines < 1000, "{lines}");
    let repeated = "Nov 23 16:54:46 h postgres[7]: LOG:  a\nNov 23 16:54:46 h last message repeated 99999999 times\n";
    let out = unwrapped(
        Unwrap::new(Envelope::Syslog, Some(END)),
        repeated.as_bytes(),
        99,
    );
    let lines = out.text.lines().count() as u64;
    assert!(lines < 100_000);
    assert_eq!(lines + out.unread, 100_000_000);
}

/// A log that holds much of what is special in an envelope.
fn log_of(envelope: Envelope) -> Vec<u8> {
    let text: &[u8] = match envelope {
        Envelope::Syslog => b"Nov 23 16:54:46 h postgres[7]: [1-1] LOG:  a#011\n12 <13>Nov 23 1\nNov 23 16:54:46 h cron[7]: b\n \tc\n<134>1 2026-11-23T16:54:46.2Z h postgres 8 - [a b=\"\\\"]\"] [9-1] \xff\nNov 23 16:54:46 h last message repeated 3 times\nNov 23 16:54:46 h postgres[7]: [1-2] #011d\nNov 23 16:54:46 h postgres[7]: message repeated 2 times: [ e]\n",
        Envelope::Table => b"time,message\r\n1,\"a\"\"\\\n,b\"\n2,c\n3\n",
        Envelope::Containers => b"2026-11-23T16:54:46.2Z stderr P a\n2026-11-23T16:54:46.2Z stderr F b\n",
        Envelope::CloudWatchLines => b"2026-11-23T16:54:46.2+00:00 s 2026-11-23 16:54:46 UTC\n\tb\n",
        _ => b"{\"events\": [ {\"timestamp\":3,\"message\":\"a\\\\\\\"\\n{\\u00e9\",\"textPayload\":\"b\",\"log\":\"c\",\"record\":{\"log_time\":\"1\",\"message\":\"[\"},\"properties\":{\"message\":\"x LOG:  d\",\"detail\":\"e\"}}, true, 12.5\n{\"timestamp\":2,\"message\":\"b\",\n\"x\":[{}]},\"k\":\"v\"\njunk\n{\"timestamp\":\"to\nrn\"}\n{\"message\":\"last\"}] }",
    };
    text.to_vec()
}

const ALL: [Envelope; 9] = [
    Envelope::Table,
    Envelope::Syslog,
    Envelope::CloudNativePg,
    Envelope::CloudLogging,
    Envelope::Azure,
    Envelope::CloudWatch,
    Envelope::CloudWatchLines,
    Envelope::Docker,
    Envelope::Containers,
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Damaged anywhere and cut anywhere, the same comes out as in one piece.
    #[test]
    fn pieces_make_no_difference(
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"\"\\{}[],:\n <>[]-#0a\t\xff".to_vec())), 0..6),
        cut in any::<prop::sample::Index>(),
        piece in 1_usize..40,
    ) {
        for envelope in ALL {
            let mut log = log_of(envelope).repeat(2);
            for (at, byte) in &changes {
                let at = at.index(log.len());
                log[at] = *byte;
            }
            log.truncate(cut.index(log.len()) + 1);
            let new = || Unwrap::new(envelope, Some(END));
            let whole = unwrapped(new(), &log, log.len());
            let pieces = unwrapped(new(), &log, piece);
            prop_assert_eq!(whole.text, pieces.text, "{:?}", envelope);
            prop_assert_eq!((whole.unread, whole.others), (pieces.unread, pieces.others));
            detect_envelope(&log);
        }
    }
}

/// What is too long is passed over, and costs no more memory than that.
#[test]
fn the_longest_record_has_an_end() {
    let long = "x".repeat(11 << 20);
    let syslog = "Nov 23 16:54:46 h postgres[7]: LOG:  a";
    let docker = r#"{"log":"a\n","stream":"stderr"}"#;
    let cases = [
        (Envelope::Syslog, format!("{long}\n{syslog}\n")),
        (Envelope::Syslog, format!("{syslog}{long}\n{syslog}\n")),
        (
            Envelope::Docker,
            format!("{{\"log\":\"{long}\"}}\n{docker}\n"),
        ),
        (Envelope::Docker, format!("{long}\n{docker}\n")),
    ];
    for (envelope, log) in cases {
        for piece in [1 << 16, log.len()] {
            let out = unwrapped(Unwrap::new(envelope, Some(END)), log.as_bytes(), piece);
            assert!(out.text.ends_with("a\n") && out.text.len() < 50);
            assert_eq!(out.unread, 1);
        }
    }
}
