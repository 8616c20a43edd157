//! A live log.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use pgtriage::collect::logs::follow::{Follow, Piece, Start, State};

use super::{Folder, gzip};

/// Rotations of each kind.
const ROTATIONS: u32 = 50;

/// Numbers the lines that it writes.
struct Writer {
    folder: PathBuf,
    name: String,
    file: File,
    lines: u64,
}

impl Writer {
    fn new(folder: &Path, name: &str) -> Self {
        Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
            file: append(&folder.join(name)),
            lines: 0,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    fn older(&self, n: u32) -> PathBuf {
        self.folder.join(format!("{}.{n}", self.name))
    }

    /// Writes lines, the last one in two pieces.
    fn write(&mut self, count: u64) {
        for _ in 0..count {
            let line = format!("{} of the lines\n", self.lines);
            let (start, end) = line.split_at(line.len() / 2);
            self.file.write_all(start.as_bytes()).unwrap();
            self.file.write_all(end.as_bytes()).unwrap();
            self.lines += 1;
        }
    }

    /// Moves older files on, so that `.1` is free.
    fn shift(&self, most: u32) {
        for n in (1..most).rev() {
            if self.older(n).exists() {
                fs::rename(self.older(n), self.older(n + 1)).unwrap();
            }
        }
    }
}

fn append(path: &Path) -> File {
    let mut options = OpenOptions::new();
    options.create(true).append(true).open(path).unwrap()
}

/// What was followed: the numbers of the lines as they came.
#[derive(Default)]
struct Taken {
    numbers: Vec<u64>,
    files: u64,
}

impl Taken {
    fn poll(&mut self, follow: &mut Follow) -> u64 {
        let polled = follow.poll(&mut |piece| {
            assert!(piece.bytes.ends_with(b"\n"), "{piece:?}");
            self.files += u64::from(piece.is_new_file);
            for line in piece.bytes.split_inclusive(|b| *b == b'\n') {
                let line = std::str::from_utf8(line).unwrap();
                let number = line.strip_suffix(" of the lines\n");
                let number = number.unwrap_or_else(|| panic!("{line:?} in {}", piece.name));
                self.numbers.push(number.parse().unwrap());
            }
        });
        polled.unwrap().bytes
    }

    /// Each line came once; few were overtaken.
    fn check(mut self, lines: u64, what: &str) {
        self.numbers.sort_unstable();
        let expected: Vec<u64> = (0..lines).collect();
        let lost: Vec<&u64> = expected
            .iter()
            .filter(|n| self.numbers.binary_search(n).is_err())
            .collect();
        let count = self.numbers.len();
        let first = lost.first();
        let doubled = self.numbers.windows(2).find(|pair| pair[0] == pair[1]);
        assert!(
            self.numbers == expected,
            "{what}: {count} of {lines} lines came, {} lost from {first:?} to {:?}, doubled {doubled:?}",
            lost.len(),
            lost.last()
        );
    }
}

/// Follows a place while a thread writes and rotates as fast as it can.
fn through(what: &str, place: &str, name: &str, rotate: fn(&mut Writer, u32)) {
    let folder = Folder::new();
    let mut writer = Writer::new(&folder.path(""), name);
    let mut follow = Follow::new(&folder.path(place), Start::Newest).unwrap();
    let mut taken = Taken::default();
    let is_done = AtomicBool::new(false);
    let lines = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for n in 1..=ROTATIONS {
                writer.write(u64::from(n * 37 % 400));
                rotate(&mut writer, n);
            }
            writer.write(7);
            is_done.store(true, Ordering::Release);
            writer.lines
        });
        while !is_done.load(Ordering::Acquire) {
            taken.poll(&mut follow);
            std::thread::sleep(Duration::from_millis(1));
        }
        writing.join().unwrap()
    });
    // More polls than a file that was rotated away is kept open for.
    for _ in 0..100 {
        taken.poll(&mut follow);
    }
    assert_eq!(taken.poll(&mut follow), 0, "{what}");
    taken.check(lines, what);
}

/// Renames, and writes on for a while before the log is opened anew.
fn rename(writer: &mut Writer, n: u32) {
    writer.shift(ROTATIONS + 2);
    fs::rename(writer.path(), writer.older(1)).unwrap();
    writer.write(u64::from(n % 5));
    writer.file = append(&writer.path());
}

/// Copies, and truncates what was copied.
fn copy_truncate(writer: &mut Writer, _: u32) {
    writer.shift(ROTATIONS + 2);
    fs::copy(writer.path(), writer.older(1)).unwrap();
    writer.file.set_len(0).unwrap();
}

/// Copies, packs the copy, and truncates.
fn copy_pack_truncate(writer: &mut Writer, n: u32) {
    let text = fs::read_to_string(writer.path()).unwrap();
    let name = format!("{}-202611{n:02}.gz", writer.name);
    let hidden = writer.folder.join(".packing");
    fs::write(&hidden, gzip(&text)).unwrap();
    fs::rename(hidden, writer.folder.join(name)).unwrap();
    writer.file.set_len(0).unwrap();
}

/// Goes on in a file with another name.
fn new_name(writer: &mut Writer, n: u32) {
    writer.name = format!("postgresql-2026-11-23_{n:06}.log");
    writer.file = append(&writer.path());
}

/// Renames and packs what was renamed, a rotation later.
fn rename_and_pack(writer: &mut Writer, n: u32) {
    if writer.older(1).exists() {
        let text = fs::read_to_string(writer.older(1)).unwrap();
        let packed = writer
            .folder
            .join(format!("{}.{}.gz", writer.name, 1000 - n));
        fs::write(packed, gzip(&text)).unwrap();
        fs::remove_file(writer.older(1)).unwrap();
    }
    fs::rename(writer.path(), writer.older(1)).unwrap();
    writer.file = append(&writer.path());
}

fn all_kinds(writer: &mut Writer, n: u32) {
    match n % 3 {
        0 => rename(writer, n),
        1 => copy_truncate(writer, n),
        _ => copy_pack_truncate(writer, n),
    }
}

#[test]
fn nothing_is_lost_or_doubled_by_rotation() {
    through("rename", "a.log", "a.log", rename);
    through("rename in a folder", "", "a.log", rename);
    through("copytruncate", "a.log", "a.log", copy_truncate);
    through("copytruncate in a folder", "", "a.log", copy_truncate);
    through("packed copies", "a.log", "a.log", copy_pack_truncate);
    through("packed later", "a.log", "a.log", rename_and_pack);
    through("packed later in a folder", "", "a.log", rename_and_pack);
    let first = "postgresql-2026-11-23_000000.log";
    through("new names", "", first, new_name);
    through(
        "new names of a pattern",
        "postgresql-*.log",
        first,
        new_name,
    );
    through("all kinds", "a.log", "a.log", all_kinds);
    through("all kinds in a folder", "", "a.log", all_kinds);
}

/// What a poll gives, `*` before the first lines of a file.
fn poll(follow: &mut Follow) -> String {
    let mut text = String::new();
    let sink = &mut |piece: &Piece<'_>| {
        text.push_str(if piece.is_new_file { "*" } else { "" });
        text.push_str(std::str::from_utf8(piece.bytes).unwrap());
    };
    follow.poll(sink).unwrap();
    text.replace('\n', " ")
}

fn add(path: &Path, text: &str) {
    append(path).write_all(text.as_bytes()).unwrap();
}

/// Has a file been written to last at a second of a day.
fn written_at(path: &Path, second: usize) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_392_000 + second as u64);
    append(path).set_modified(time).unwrap();
}

#[test]
fn lines_are_waited_for() {
    let folder = Folder::new();
    let log = folder.path("log/a.log");
    let mut follow = Follow::new(&log, Start::End).unwrap();
    assert!(follow.poll(&mut |_| ()).unwrap().is_absent);
    fs::create_dir(folder.path("log")).unwrap();
    assert_eq!(poll(&mut follow), "");
    add(&log, "one\ntw");
    assert_eq!(poll(&mut follow), "*one ");
    assert_eq!(poll(&mut follow), "");
    add(&log, "o\nthree\n");
    assert_eq!(poll(&mut follow), "two three ");
    // Truncated, and longer than before when it is looked at again.
    fs::write(&log, "other lines that are more than before\n").unwrap();
    assert_eq!(poll(&mut follow), "*other lines that are more than before ");
    let long = format!("{}\n", "x".repeat(3 << 20));
    add(&log, &long);
    assert_eq!(poll(&mut follow), long.replace('\n', " "));
    // The last line of a file that is gone has no end.
    add(&log, "torn");
    assert_eq!(poll(&mut follow), "");
    fs::remove_file(&log).unwrap();
    fs::write(&log, "new\n").unwrap();
    assert_eq!(poll(&mut follow), "*new ");
    let rest: String = (0..100).map(|_| poll(&mut follow)).collect();
    assert_eq!(rest, "torn ");
}

#[test]
fn where_following_begins() {
    let cases: [(&str, &str, Start, &str); 5] = [
        ("End", "p-20261124.log", Start::End, ""),
        ("Newest of a file", "p-20261123.log", Start::Newest, "*one "),
        ("Newest of a folder", "", Start::Newest, "*two "),
        ("Oldest of a folder", "", Start::Oldest, "*one *two "),
        (
            "Oldest of a pattern",
            "p-*.log",
            Start::Oldest,
            "*one *two ",
        ),
    ];
    for (what, place, start, expected) in cases {
        let folder = Folder::new();
        let files = [
            ("q.log", "no\n"),
            ("p-20261123.log", "one\n"),
            ("p-20261124.log", "two\n"),
        ];
        for (n, (name, text)) in files.into_iter().enumerate() {
            add(&folder.path(name), text);
            written_at(&folder.path(name), n);
        }
        let mut follow = Follow::new(&folder.path(place), start).unwrap();
        assert_eq!(poll(&mut follow), expected, "{what}");
        add(&folder.path("q.log"), "no\n");
        add(&folder.path("p-20261124.log"), "more\n");
        let more = if place == "p-20261123.log" {
            ""
        } else {
            "more "
        };
        assert_eq!(poll(&mut follow), more, "{what}");
    }
}

#[test]
fn of_several_formats_one_is_followed() {
    for (names, expected) in [
        (["p.log", "p.csv", "p.json"], "*p.json "),
        (["p.log", "p.csv", "q.json"], "*q.json "),
        (["p.log", "p.log.1", "p.csv"], "*p.csv "),
    ] {
        let folder = Folder::new();
        for (n, name) in names.into_iter().enumerate() {
            add(&folder.path(name), &format!("{name}\n"));
            written_at(&folder.path(name), n);
        }
        let mut follow = Follow::new(&folder.path(""), Start::Newest).unwrap();
        assert_eq!(poll(&mut follow), expected, "{names:?}");
    }
}

/// What happens between two runs: its name, the deed, and what is new then.
type Step = (&'static str, fn(&Path), &'static str);

#[test]
fn another_run_goes_on() {
    let steps: [Step; 6] = [
        ("nothing", |_| (), ""),
        ("more", |log| add(log, "more\n"), "more "),
        (
            "renamed",
            |log| {
                add(log, "more\n");
                fs::rename(log, log.with_extension("log.1")).unwrap();
                add(log, "new\n");
            },
            "more *new ",
        ),
        (
            "packed",
            |log| {
                add(log, "more\n");
                let packed = gzip(&fs::read_to_string(log).unwrap());
                fs::write(log.with_extension("log.1.gz"), packed).unwrap();
                fs::remove_file(log).unwrap();
                add(log, "new\n");
            },
            "more *new ",
        ),
        (
            "copied and truncated",
            |log| {
                fs::copy(log, log.with_extension("log.1")).unwrap();
                fs::write(log, "new\n").unwrap();
            },
            "*new ",
        ),
        ("other", |log| fs::write(log, "other\n").unwrap(), "*other "),
    ];
    for (what, step, expected) in steps {
        let folder = Folder::new();
        let log = folder.path("a.log");
        add(&folder.path("a.log.9"), "old\n");
        add(&log, "one\nhalf");
        let mut follow = Follow::new(&log, Start::Newest).unwrap();
        assert_eq!(poll(&mut follow), "*one ", "{what}");
        let state = serde_json::to_string(&follow.state()).unwrap();
        drop(follow);
        // What was half a line is whole now.
        add(&log, " a line\n");
        step(&log);
        let state: State = serde_json::from_str(&state).unwrap();
        let mut follow = Follow::new(&log, Start::State(state)).unwrap();
        let found = poll(&mut follow) + &poll(&mut follow);
        let half = if what == "other" { "" } else { "half a line " };
        let mut found: Vec<&str> = found.split_inclusive(' ').collect();
        let mut wanted: Vec<&str> = half.split_inclusive(' ').collect();
        wanted.extend(expected.split_inclusive(' '));
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{what}");
    }
}
