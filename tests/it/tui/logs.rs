//! The screen of logs: its views, following, and where its rows lead to.

use pgtriage::tui::{Data, Effect, Message, Missing, Options, Origin, ThemeName};

use super::screens::check;
use super::world::{Play, logged, options, shop};

const NARROW: (u16, u16) = (60, 12);
const WIDE: (u16, u16) = (150, 40);
const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

fn play(data: Data, size: (u16, u16), keys: &str) -> Play {
    let mut play = Play::new(options(ThemeName::Dark), size);
    play.send(Message::Data(Box::new(data)));
    play.keys(keys);
    play
}

fn after(size: (u16, u16), keys: &str) -> Play {
    play(logged(""), size, keys)
}

#[test]
fn views() {
    check("logs_statements_80x24", &after(SMALL, "3"));
    check("logs_statements", &after(LARGE, "3 j"));
    check("logs_statement", &after(LARGE, "3 Enter G"));
    check("logs_errors_80x24", &after(SMALL, "3 ]"));
    check("logs_errors", &after(LARGE, "3 ]"));
    check("logs_deadlock", &after(LARGE, "3 ] ]"));
    check("logs_wait", &after(LARGE, "3 ] ] j Enter"));
    check("logs_temp_files", &after(LARGE, "3 ] ] ]"));
    check("logs_server", &after(LARGE, "3 ] ] ] ] j j j"));
    check("logs_events", &after(LARGE, "3 [ [ / 'lock' Enter G"));
    check("logs_events_80x24", &after(SMALL, "3 [ [ F"));
    check("logs_timeline", &after(LARGE, "3 [ > > "));
    check(
        "logs_timeline_80x24",
        &after(SMALL, "3 [ / 'deadlocks>0' Enter"),
    );
    check("logs_narrow", &after(NARROW, "3 ] j"));
    check("logs_narrow_detail", &after(NARROW, "3 ] ] Enter"));
    check("logs_views", &after(SMALL, "3 v"));
    check("logs_read", &after(LARGE, "3 u"));
}

#[test]
fn ascii_only() {
    let ascii = Options {
        ascii: true,
        ..options(ThemeName::Mono)
    };
    for keys in ["3", "3 ] Enter", "3 ] ] Enter", "3 [ Enter", "3 u"] {
        let mut play = Play::new(ascii.clone(), LARGE);
        play.send(Message::Data(Box::new(logged(""))));
        play.keys(keys);
        // What the server sent is not ours to change.
        let ours = play.screen().replace(['é', '表', '…'], "");
        assert!(ours.is_ascii(), "{keys}: {ours}");
    }
}

#[test]
fn views_are_gone_through_and_each_keeps_its_place() {
    let title = |keys: &str| {
        after(SMALL, keys)
            .screen()
            .lines()
            .nth(2)
            .unwrap()
            .to_owned()
    };
    for (keys, view) in [
        ("3", "Logs: Statements"),
        ("3 ]", "Logs: Errors"),
        ("3 [", "Logs: Timeline"),
        ("3 [ ]", "Logs: Statements"),
        ("3 v j j Enter", "Logs: Locks"),
        ("3 ] 1 3", "Logs: Errors"),
    ] {
        assert!(title(keys).contains(view), "{keys}: {}", title(keys));
    }
    // Order, filter and place belong to the view.
    let errors = "3 ] s j Enter / 'error' Enter j";
    assert!(
        title(errors).contains("filter error ── 3 of 5 ── by count"),
        "{}",
        title(errors)
    );
    assert!(title(&format!("{errors} ]")).contains("Locks ── 3 of 3 ── by kind"));
    let back = after(SMALL, &format!("{errors} ] ["));
    assert!(
        back.selected().starts_with("ERROR 57014"),
        "{}",
        back.selected()
    );
}

/// The logs with one event more, the newest.
fn with_one_more(kind: &str) -> Data {
    logged(&format!(
        "INSERT INTO log_events (id, kind, at, pid) VALUES (99, '{kind}', 1772642600000000, 7)"
    ))
}

#[test]
fn the_selection_stays_when_the_log_grows_unless_it_follows() {
    let selected = |keys: &str, data: Data| {
        let mut play = after(SMALL, keys);
        play.send(Message::Data(Box::new(data)));
        let key = play.selected().to_owned();
        key.split(':').nth(1).unwrap_or_default().to_owned()
    };
    let cases = [
        ("3 [ [", "reload", "reload"),
        ("3 [ [ F", "reload", "ready"),
        ("3 [ [ F F", "reload", "reload"),
        // Whoever goes elsewhere stays there; at the newest it follows on.
        ("3 [ [ F j", "", "autovacuum_cancelled"),
        ("3 [ [ F k", "", "ready"),
        // A filter and an order of one's own keep what is newest.
        ("3 [ [ F / '!ready' Enter", "", "reload"),
        ("3 [ [ F s j j Enter", "", "ready"),
        ("3 [ [ F r", "", "ready"),
        // The other views do not follow.
        ("3 [ [ F [", "", "autovacuum_cancelled"),
    ];
    for (keys, before, expected) in cases {
        if !before.is_empty() {
            assert_eq!(selected(keys, logged("")), before, "{keys}");
        }
        assert_eq!(selected(keys, with_one_more("ready")), expected, "{keys}");
    }
    let statements = after(SMALL, "3 F").screen();
    assert!(statements.contains("not in order of time"), "{statements}");
    assert!(
        after(SMALL, "3 [ [ F")
            .screen()
            .contains("by newest ── following")
    );
}

#[test]
fn the_header_says_how_far_the_log_goes() {
    let mut live = after(WIDE, "3");
    let header = |play: &Play| play.screen().lines().nth(1).unwrap().to_owned();
    let line = header(&live);
    for text in [
        "42,000 records",
        "newest 8 s ago",
        "0.050% unread",
        "1.7 h to 2026-03-04 16:41:52 UTC",
    ] {
        assert!(line.contains(text), "{text}: {line}");
    }
    live.wait(200);
    assert!(header(&live).contains("newest 3 min ago"));
    // A file does not grow, so the age of its end says nothing.
    let file = Options {
        origin: Origin::Snapshot("postgresql.log".into()),
        ..options(ThemeName::Dark)
    };
    let mut play = Play::new(file, WIDE);
    play.send(Message::Data(Box::new(logged(""))));
    play.keys("3");
    assert!(!header(&play).contains("newest "), "{}", header(&play));
}

#[test]
fn rows_lead_to_queries_and_findings_and_back() {
    let title = |keys: &str| {
        after(SMALL, keys)
            .screen()
            .lines()
            .nth(2)
            .unwrap()
            .to_owned()
    };
    for (keys, place) in [
        (
            "3 f",
            "Queries ── filter fingerprint:f1:7f3a90c1aaaaaaaa ── 1 of 5",
        ),
        ("3 ] f", "Queries ── filter fingerprint:f1:2b5e0d7744444444"),
        (
            "3 ] ] f",
            "Queries ── filter fingerprint:f1:2b5e0d7744444444",
        ),
        (
            "3 ] ] ] f",
            "Queries ── filter fingerprint:f1:9c01ffee12345678",
        ),
        (
            "3 f f",
            "Findings ── filter key:f1:7f3a90c1aaaaaaaa ── 1 of 7",
        ),
    ] {
        assert!(title(keys).contains(place), "{keys}: {}", title(keys));
    }
    let says = |keys: &str| after(SMALL, keys).screen();
    assert!(
        says("3 G f").contains("nothing was found about it"),
        "{}",
        says("3 G f")
    );
    assert!(says("3 ] j f").contains("this row names no statement"));
    // Without counters the statement of a finding is found in the logs.
    let mut data = logged("");
    data.queries.rows.clear();
    let mut alone = play(data, SMALL, "j f");
    let screen = alone.screen();
    assert!(
        screen.contains("Logs: Statements ── filter fingerprint:f1:7f3a"),
        "{screen}"
    );
    assert_eq!(
        alone
            .keys("f")
            .screen()
            .lines()
            .nth(2)
            .map(|line| line.contains("Findings")),
        Some(true)
    );
}

#[test]
fn copying() {
    let copied = |keys: &str| match after(SMALL, "").keys(keys).effects.as_slice() {
        [Effect::Copy(text)] => text.clone(),
        other => panic!("{keys}: {other:?}"),
    };
    assert!(copied("3 y").starts_with("SELECT * FROM orders WHERE"));
    assert!(copied("3 ] y").starts_with("duplicate key value"));
    assert!(
        copied("3 [ y").starts_with("1.0 min from 2026-03-04 16:41:00 UTC"),
        "{}",
        copied("3 [ y")
    );
    let json: serde_json::Value = serde_json::from_str(&copied("3 Y G Enter")).unwrap();
    assert_eq!(json["calls"], 10_000);
}

#[test]
fn without_rows_the_screen_says_what_would_give_some() {
    let mut data = shop();
    let missing = |facts: &str| Missing {
        facts: facts.into(),
        place: "primary".into(),
        because: "the role may not list the log directory".into(),
        remedy: Some("GRANT EXECUTE ON FUNCTION pg_ls_logdir() TO pgtriage;".into()),
    };
    data.missing
        .extend([missing("log_totals"), missing("log_totals.records")]);
    check("logs_none", &play(data, SMALL, "3"));
    let none = "DELETE FROM log_events; DELETE FROM log_errors; DELETE FROM log_statements;
        DELETE FROM log_series; UPDATE log_totals SET temp_bytes = 0; DELETE FROM log_messages";
    for (keys, text) in [
        ("3", "log_min_duration_statement"),
        ("3 ]", "no errors"),
        ("3 ] ]", "log_lock_waits"),
        ("3 ] ] ]", "log_temp_files"),
        ("3 ] ] ] ]", "log_checkpoints"),
        ("3 [ [", "nothing but statements"),
        ("3 [", "log_line_prefix"),
    ] {
        let screen = play(logged(none), SMALL, keys).screen();
        assert!(screen.contains(text), "{keys}: {screen}");
        assert!(screen.contains("42,000 records were read"), "{screen}");
    }
    let filtered = format!("{none}; UPDATE log_totals SET records = 0");
    let screen = play(logged(&filtered), SMALL, "3 ]").screen();
    assert!(screen.contains("leave none of the 12 records"), "{screen}");
}

#[test]
fn control_characters_of_the_log_are_written_out() {
    let evil = "UPDATE statements SET text = 'SELECT ' || char(27) || '[31m' || char(0x202e) || char(10) || ' FROM x';
        UPDATE log_errors SET message = char(27) || ']0;x' || char(7) || char(10) || '# x', severity = char(27) || 'c';
        UPDATE log_events SET object = char(27) || '[2J', mode = char(27), message = char(155) || '|', user_name = char(27);
        UPDATE log_event_parties SET object = char(27), mode = char(155);
        UPDATE log_statement_groups SET user_name = char(27);
        UPDATE log_samples SET parameters = char(27) || '[0m', text = char(27), user_name = char(155);
        UPDATE log_plans SET plan = 'a' || char(10) || char(27);
        UPDATE log_sources SET name = char(27) || 'c', first_unread = char(13) || 'x', note = char(8)";
    for view in 0..7 {
        for keys in ["", "Enter", "Enter w", "Y", "u", "j"] {
            let keys = format!("3 {}{keys}", "] ".repeat(view));
            let screen = play(logged(evil), LARGE, &keys).screen();
            let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!screen.contains(bad), "{keys}: {screen}");
        }
    }
    let screen = play(logged(evil), LARGE, "3 Enter").screen();
    assert!(screen.contains("\\u{1b}[31m"), "{screen}");
}
