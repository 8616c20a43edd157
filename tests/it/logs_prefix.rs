//! `log_line_prefix`: settings that nobody gave, found by their lines; time zones.

#[path = "logs_prefix/render.rs"]
mod render;
#[path = "logs_prefix/settings.rs"]
mod settings;

use pgtriage::collect::zone::time_zone;
use pgtriage::parse::log::detect::{Format, survey};
use pgtriage::parse::log::prefix::{Line, Prefix};
use pgtriage::parse::log::time::Clock;

use render::{Chance, World, log};
use settings::setting;

/// How the fields of a log that are read by a found prefix differ from those by the given one.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Same,
    /// All the same but for which name is whose.
    Named,
    Other(String),
}

fn read<'a>(prefixes: &[Prefix], line: &'a str, clock: &mut Clock) -> Option<Line<'a>> {
    let mut found = prefixes
        .iter()
        .find_map(|prefix| prefix.read(line.as_bytes(), clock))?;
    // 0 is none: a server without query ids writes it in all lines, as it does transaction ids.
    found.query_id = found.query_id.filter(|id| *id != 0);
    Some(found)
}

fn names<'a>(line: &Line<'a>) -> [Option<&'a [u8]>; 4] {
    let mut names = [line.user, line.database, line.application, line.host];
    names.sort_unstable();
    names
}

fn compare(given: &str, log: &str) -> (Outcome, String) {
    let mut clock = Clock::default();
    let found = survey(log.as_bytes(), &mut clock);
    let Some(Format::Stderr(prefixes)) = found.format else {
        return (Outcome::Other("nothing found".to_owned()), String::new());
    };
    let texts: Vec<&str> = prefixes.iter().map(Prefix::text).collect();
    let shown = texts.join("⏎");
    let given = [Prefix::compile(given).unwrap()];
    let mut outcome = Outcome::Same;
    for line in log.lines().filter(|line| !line.starts_with('\t')) {
        let expected = read(&given, line, &mut clock).unwrap();
        let Some(found) = read(&prefixes, line, &mut clock) else {
            return (Outcome::Other(format!("unread: {line}")), shown);
        };
        if found == expected {
            continue;
        }
        let rest = Line {
            user: expected.user,
            database: expected.database,
            application: expected.application,
            host: expected.host,
            ..found
        };
        if rest == expected && names(&found) == names(&expected) {
            outcome = Outcome::Named;
            continue;
        }
        return (
            Outcome::Other(format!("{line}\n  {found:?}\n  {expected:?}")),
            shown,
        );
    }
    (outcome, shown)
}

/// How many of so many logs by chance are read as by their own prefix, and how many but for names.
fn rate(count: u64) -> (u64, u64) {
    let (mut same, mut named) = (0, 0);
    for seed in 1..=count {
        let mut chance = Chance::new(seed);
        let given = setting(&mut chance);
        let world = World::any(&mut chance);
        let log = log(&given, world, 120, &mut chance);
        match compare(&given, &log) {
            (Outcome::Same, _) => same += 1,
            (Outcome::Named, found) => {
                named += 1;
                println!("{seed} named {given:?} {found:?} {world:?}");
            }
            (Outcome::Other(why), found) => {
                println!("{seed} other {given:?} {found:?} {world:?}\n  {why}");
            }
        }
    }
    println!("{same} same, {named} but for names, of {count}");
    (same, named)
}

/// Records written by prefixes of all kinds are read back by what their lines alone tell.
#[test]
fn prefixes_are_found_by_their_lines() {
    let (same, named) = rate(8);
    assert_eq!(same + named, 8, "{same} and {named}");
}

#[test]
#[ignore = "minutes without optimization"]
fn three_hundred_prefixes_are_found_by_their_lines() {
    let (same, named) = rate(300);
    assert!(same + named >= 270, "{same} and {named} of 300");
}

/// What was tried is told, also where little or nothing fits.
#[test]
fn a_survey_tells_what_was_tried() {
    let ours = "[7] me-shop LOG:  a\n[8] you-shop LOG:  b\n".repeat(9);
    let cases = [
        (
            format!("{ours}sh: not found\n"),
            "18 of 19",
            Some("sh: not found"),
            true,
        ),
        ("a\nb\n".to_owned(), "0 of 2", Some("a"), false),
        (ours, "18 of 18", None, true),
    ];
    for (log, read, unread, is_known) in cases {
        let found = survey(log.as_bytes(), &mut Clock::default());
        assert_eq!(format!("{} of {}", found.read, found.lines), read, "{log}");
        assert_eq!(found.unread.as_deref(), unread.map(str::as_bytes), "{log}");
        assert_eq!(found.format.is_some(), is_known, "{log}");
        let most = found.tried.first().map_or(0, |(_, count)| *count);
        assert_eq!(most, found.read, "{log}");
        assert!(found.tried.len() <= 3);
    }
}

/// Names with separators in them, padding, nothing: user, database, application, command tag.
#[test]
fn names_end_where_the_rest_fits() {
    let cases: &[(&str, &str, &str)] = &[
        ("[%p] %u@%d ", "[7] a@b@c LOG:  x", "a|b@c|-|-"),
        ("[%p] %q[%a] ", "[7] [x [1] y] LOG:  x", "-|-|x [1] y|-"),
        ("[%p] %q[%a] ", "[7] LOG:  x] LOG:  y", "-|-|-|-"),
        ("[%p] %a%q %u ", "[7] LOG:  x", "-|-|-|-"),
        (
            "%-10u %12d|",
            "me                 shop|LOG:  x",
            "me|shop|-|-",
        ),
        (
            "%-10u %12d|",
            "ab cd ef ghi         shop|LOG:  x",
            "ab cd ef ghi|shop|-|-",
        ),
        ("%-10u %12d|", "                       |LOG:  x", "-|-|-|-"),
        ("%u,%d,%a,%i ", ",,, LOG:  x", "-|-|-|-"),
        ("%u,%d,%a,%i ", "[unknown],[unknown],, LOG:  x", "-|-|-|-"),
        (
            "%u,%d,%a,%i ",
            "a ,b,c,idle in transaction LOG:  x",
            "a |b|c|idle in transaction",
        ),
        ("%u %P [%v] ", "a  [] LOG:  x", "a|-|-|-"),
    ];
    for (setting, line, expected) in cases {
        let prefix = Prefix::compile(setting).unwrap();
        let found = prefix.read(line.as_bytes(), &mut Clock::default());
        let shown = found.map(|line| {
            let names = [line.user, line.database, line.application, line.command_tag];
            names
                .map(|name| name.map_or("-".into(), String::from_utf8_lossy))
                .join("|")
        });
        assert_eq!(shown.as_deref(), Some(*expected), "{setting} {line}");
    }
    // What every process writes is never empty.
    for (setting, line) in [
        ("%m [%p] ", " [7] LOG:  x"),
        ("[%p] ", "[] LOG:  x"),
        ("%e %l ", "0000 1 LOG:  x"),
    ] {
        let prefix = Prefix::compile(setting).unwrap();
        assert_eq!(
            prefix.read(line.as_bytes(), &mut Clock::default()),
            None,
            "{line}"
        );
    }
}

/// Time stamps in zones whose names are not unique, in summer and winter, and in hours that come
/// twice; the last figure says how many names were guessed.
#[test]
fn zones_by_name_and_by_offset() {
    let cases = [
        ("", "2026-07-01 12:00:00 UTC", "2026-07-01T12:00:00Z", 0),
        ("", "2026-07-01 12:00:00 CEST", "2026-07-01T10:00:00Z", 0),
        ("", "2026-07-01 12:00:00 IST", "2026-07-01T10:00:00Z", 1),
        ("", "2026-07-01 12:00:00 ABC", "2026-07-01T12:00:00Z", 1),
        (
            "",
            "2026-07-01 12:00:00 -03:10.0.0.1",
            "2026-07-01T15:00:00Z",
            0,
        ),
        ("", "2026-07-01T12:00:00+05:30", "2026-07-01T06:30:00Z", 0),
        (
            "Asia/Kolkata",
            "2026-07-01 12:00:00 IST",
            "2026-07-01T06:30:00Z",
            0,
        ),
        (
            "+05:30",
            "2026-07-01 12:00:00 IST",
            "2026-07-01T06:30:00Z",
            0,
        ),
        (
            "+0530",
            "2026-07-01 12:00:00 -03",
            "2026-07-01T15:00:00Z",
            0,
        ),
        ("-03", "2026-07-01 12:00:00", "2026-07-01T15:00:00Z", 0),
        (
            "Europe/Berlin",
            "2026-07-01 12:00:00",
            "2026-07-01T10:00:00Z",
            0,
        ),
        (
            "Europe/Berlin",
            "2026-01-01 12:00:00",
            "2026-01-01T11:00:00Z",
            0,
        ),
        (
            "Europe/Berlin",
            "2026-07-01 12:00:00 UTC",
            "2026-07-01T12:00:00Z",
            0,
        ),
        (
            "Europe/London",
            "2026-07-01 12:00:00 BST",
            "2026-07-01T11:00:00Z",
            0,
        ),
        (
            "Asia/Shanghai",
            "2026-07-01 12:00:00 CST",
            "2026-07-01T04:00:00Z",
            0,
        ),
        (
            "America/Chicago",
            "2026-01-01 12:00:00 CST",
            "2026-01-01T18:00:00Z",
            0,
        ),
        ("EST", "2026-07-01 12:00:00 EST", "2026-07-01T17:00:00Z", 0),
        ("CEST", "2026-01-01 12:00:00", "2026-01-01T10:00:00Z", 0),
        (
            "Europe/Berlin",
            "2026-10-25 02:30:00 CEST",
            "2026-10-25T00:30:00Z",
            0,
        ),
        (
            "Europe/Berlin",
            "2026-10-25 02:30:00 CET",
            "2026-10-25T01:30:00Z",
            0,
        ),
        (
            "Europe/Berlin",
            "2026-10-25 02:30:00",
            "2026-10-25T00:30:00Z",
            0,
        ),
        (
            "America/New_York",
            "2026-11-01 01:30:00 EST",
            "2026-11-01T06:30:00Z",
            0,
        ),
    ];
    for (zone, text, expected, guessed) in cases {
        let zone = (!zone.is_empty()).then(|| time_zone(zone).unwrap());
        let mut clock = Clock::new(zone);
        let (micros, _) = clock.read(text.as_bytes()).unwrap();
        let shown = jiff::Timestamp::from_microsecond(micros)
            .unwrap()
            .to_string();
        assert_eq!(
            (shown.as_str(), clock.guessed().len()),
            (expected, guessed),
            "{text}"
        );
    }
    // One clock through the end of summer.
    let mut clock = Clock::new(Some(time_zone("Europe/Berlin").unwrap()));
    for (text, hour) in [
        ("01:59:59 CEST", 23),
        ("02:59:59 CEST", 0),
        ("02:00:00 CET", 1),
        ("03:00:00 CET", 2),
    ] {
        let (micros, length) = clock
            .read(format!("2026-10-25 {text} [7]").as_bytes())
            .unwrap();
        assert_eq!(
            (micros / 3_600_000_000 % 24, length),
            (hour, 11 + text.len()),
            "{text}"
        );
    }
    for unknown in ["IST", "Mars/Olympus", "+5", ""] {
        assert!(time_zone(unknown).is_err(), "{unknown}");
    }
}
