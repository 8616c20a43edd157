//! Where logs come from: packed files, folders, patterns, order.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pgtriage::collect::logs::{Input, Kind, inputs, native};
use pgtriage::collect::unpack::{Packing, Progress, Torn, Unpack};

mod follow;

/// Files packed by the programs themselves; each holds [`lines`].
const PACKED: [(Packing, &[u8]); 5] = [
    (Packing::Gzip, include_bytes!("packed/lines.log.gz")),
    (Packing::Bzip2, include_bytes!("packed/lines.log.bz2")),
    (Packing::Xz, include_bytes!("packed/lines.log.xz")),
    (Packing::Zstd, include_bytes!("packed/lines.log.zst")),
    (Packing::Lz4, include_bytes!("packed/lines.log.lz4")),
];

fn lines() -> String {
    (0..60)
        .map(|n| {
            format!(
                "2026-11-23 16:54:{n:02}.225 UTC [{}] LOG:  duration: {}.{n:03} ms  statement: SELECT {}\n",
                100 + n % 7,
                n * 37 % 101,
                n * 7919 % 1000
            )
        })
        .collect()
}

/// What comes out of packed bytes, and where they are torn.
fn unpack(packed: &[u8], is_ahead: bool) -> (Packing, Vec<u8>, Option<Torn>) {
    let progress = Arc::new(Progress::default());
    let stream = Box::new(Cursor::new(packed.to_vec()));
    let unpack = Unpack::new(stream, Arc::clone(&progress)).unwrap();
    let packing = unpack.packing();
    let mut bytes = Vec::new();
    if is_ahead {
        unpack.ahead().unwrap().read_to_end(&mut bytes).unwrap();
    } else {
        let mut unpack = unpack;
        unpack.read_to_end(&mut bytes).unwrap();
    }
    assert!(progress.taken() <= packed.len() as u64);
    (packing, bytes, progress.torn().cloned())
}

#[test]
fn packed_files_are_told_by_content() {
    let text = lines();
    for (packing, packed) in PACKED {
        for is_ahead in [false, true] {
            let found = unpack(packed, is_ahead);
            assert_eq!(found, (packing, text.clone().into_bytes(), None));
            let three = packed.repeat(3);
            let found = unpack(&three, is_ahead);
            assert_eq!(found, (packing, text.repeat(3).into_bytes(), None));
        }
    }
    for plain in ["", "a", "BZ", "no log at all\n"] {
        let found = unpack(plain.as_bytes(), true);
        assert_eq!(found, (Packing::Plain, plain.as_bytes().to_vec(), None));
    }
    // Frames to be skipped, as pzstd writes them.
    let skipped = b"\x50\x2a\x4d\x18\x04\0\0\0\x01\x02\x03\x04";
    let zstd = PACKED[3].1;
    let found = unpack(&[skipped, zstd, skipped, zstd].concat(), false);
    assert_eq!(found, (Packing::Zstd, text.repeat(2).into_bytes(), None));
}

#[test]
fn torn_files_give_what_there_is() {
    let text = lines().into_bytes();
    for (packing, packed) in PACKED {
        for end in (16..packed.len()).step_by(17) {
            let whole = [packed, &packed[..end]].concat();
            let (_, bytes, torn) = unpack(&whole, end % 2 == 0);
            let after = &bytes[text.len()..];
            assert!(bytes.starts_with(&text), "{packing:?} {end}");
            assert!(text.starts_with(after), "{packing:?} {end}");
            let torn = torn.unwrap_or_else(|| panic!("{packing:?} {end}: not told"));
            assert!(torn.is_cut, "{packing:?} {end}: {torn:?}");
            assert_eq!(torn.at, bytes.len() as u64, "{packing:?} {end}");
        }
        let garbage = [
            packed,
            b"garbage that is longer than a header of any format",
        ]
        .concat();
        let (_, bytes, torn) = unpack(&garbage, false);
        assert_eq!(bytes, text, "{packing:?}");
        assert!(torn.is_some_and(|torn| !torn.is_cut), "{packing:?}");
    }
}

#[test]
fn little_is_lost_of_large_torn_files() {
    let text = (0..40_000).map(|n| format!("line {n} of a long log, {}\n", n * 7919 % 100_003));
    let text: String = text.collect();
    let text = text.as_bytes();
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text).unwrap();
    let blocks = lz4_flex::frame::FrameInfo::new().block_size(lz4_flex::frame::BlockSize::Max64KB);
    let mut lz4 = lz4_flex::frame::FrameEncoder::with_frame_info(blocks, Vec::new());
    lz4.write_all(text).unwrap();
    for (name, packed) in [
        ("gzip", gzip.finish().unwrap()),
        ("zstd", ruzstd::encoding::compress_to_vec(text, level)),
        ("lz4", lz4.finish().unwrap()),
    ] {
        let (_, bytes, torn) = unpack(&packed[..packed.len() * 9 / 10], true);
        assert!(text.starts_with(&bytes), "{name}");
        let lost = text.len() - bytes.len();
        assert!(
            lost < text.len() / 3,
            "{name}: {lost} of {} lost",
            text.len()
        );
        assert!(torn.is_some_and(|torn| torn.is_cut), "{name}");
    }
}

/// A folder with files in it.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// A record of stderr at a second of a day.
fn stderr(second: u32) -> String {
    format!("2026-11-23 16:00:{second:02}.000 UTC [7] LOG:  a\n")
}

fn csvlog(second: u32) -> String {
    format!(
        "2026-11-23 16:00:{second:02}.000 UTC,,,7,,6a1b2c3d.7,1,,2026-11-23 16:00:00 UTC,,0,LOG,00000,\"a\",,,,,,,,,\"\",\"x\",,0\n"
    )
}

fn jsonlog(second: u32) -> String {
    format!(
        "{{\"timestamp\":\"2026-11-23 16:00:{second:02}.000 UTC\",\"pid\":7,\"error_severity\":\"LOG\",\"message\":\"a\"}}\n"
    )
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// The names of the inputs in order, and the notes, without the folder.
fn found(folder: &Folder, arguments: &[&str]) -> (String, String) {
    let paths: Vec<PathBuf> = arguments.iter().map(|name| folder.path(name)).collect();
    let root = format!("{}/", folder.0.path().display());
    let short = |text: &str| {
        text.replace(&root, "")
            .replace(root.trim_end_matches('/'), ".")
    };
    match inputs(&paths, &native) {
        Ok((inputs, notes)) => {
            let names: Vec<String> = inputs.iter().map(|input| short(&input.name)).collect();
            let notes: Vec<String> = notes
                .iter()
                .map(|note| short(&format!("{} {}", note.text, note.items.join(", "))))
                .collect();
            (names.join(" "), notes.join("\n"))
        }
        Err(error) => (String::new(), short(&error.to_string())),
    }
}

fn check(files: &[(&str, Vec<u8>)], arguments: &[&str], expected: &str, notes: &[&str]) {
    let folder = Folder::new();
    for (name, bytes) in files {
        folder.write(name, bytes);
    }
    let (names, told) = found(&folder, arguments);
    assert_eq!(names, expected, "{arguments:?}: {told}");
    assert_eq!(told, notes.join("\n"), "{arguments:?}");
}

#[test]
fn inputs_come_in_the_order_of_their_records() {
    let text = |second| stderr(second).into_bytes();
    let rotated = [
        ("postgresql.log", text(9)),
        ("postgresql.log.1", text(8)),
        ("postgresql.log.2.gz", gzip(&stderr(7))),
        ("postgresql.log.10.gz", gzip(&stderr(3))),
    ];
    let in_time = "postgresql.log.10.gz postgresql.log.2.gz postgresql.log.1 postgresql.log";
    check(&rotated, &[""], in_time, &[]);
    check(&rotated, &["postgresql*"], in_time, &[]);
    let all = ["postgresql.log.1", "", "postgresql.log"];
    let twice = "given twice, read once: postgresql.log.1, postgresql.log";
    check(&rotated, &all, in_time, &[twice]);
    // Without times in the records, the names tell.
    let timeless = || b"LOG:  a\n".to_vec();
    let rotated = [
        ("a.log", timeless()),
        ("a.log.1", timeless()),
        ("a.log.2", timeless()),
        ("a.log.10", timeless()),
        ("a.log-20261121", timeless()),
        ("a.log-20261122", timeless()),
    ];
    let by_name = "a.log-20261121 a.log-20261122 a.log.10 a.log.2 a.log.1 a.log";
    check(&rotated, &[""], by_name, &[]);
    let by_content = [
        ("b/postgresql-2026-11-23_000000.log", text(5)),
        ("a/postgresql-2026-11-24_000000.log", text(4)),
    ];
    let order = "a/postgresql-2026-11-24_000000.log b/postgresql-2026-11-23_000000.log";
    check(&by_content, &["b", "a"], order, &[]);
    check(&by_content, &[""], order, &[]);
}

#[test]
fn what_is_no_log_is_left_out_and_named() {
    let log = || stderr(1).into_bytes();
    let files = [
        (".hidden.log", log()),
        ("a.log", log()),
        ("b.log", Vec::new()),
        ("notes.txt", b"remember the milk\n".to_vec()),
        ("old.zip", b"PK\x03\x04rest".to_vec()),
        (
            "pgbouncer.log",
            b"2026-11-23 16:54:46.225 UTC [12] LOG C-0x5581: shop/app@10.0.0.1:5000 login attempt: db=shop user=app tls=no\n"
                .to_vec(),
        ),
        (
            "patroni.log",
            b"2026-11-23 16:54:46,225 INFO: no action. I am (a), the leader with the lock\n".to_vec(),
        ),
        ("inner/c.log", log()),
    ];
    let notes = [
        "empty: b.log",
        "left out, no log of the server by their content: notes.txt",
        "left out, it is a zip archive; unpack it first (`unzip`): old.zip",
        "left out, a log of Patroni, not of the server: patroni.log",
        "left out, a log of PgBouncer, not of the server: pgbouncer.log",
    ];
    check(&files, &[""], "a.log", &notes);
    check(&files, &["notes.txt"], "notes.txt", &[]);
    check(&files, &["b.log"], "", &["empty: b.log"]);
    for (name, expected) in [
        (
            "old.zip",
            "old.zip cannot be used: it is a zip archive; unpack it first (`unzip`)",
        ),
        (
            "none.log",
            "cannot read none.log: No such file or directory; check the name, and the server's log_directory",
        ),
        (
            "*.none",
            "no file fits *.none; check the folder and the pattern",
        ),
        (
            "patroni.log",
            "there is no log in patroni.log: left out, a log of Patroni, not of the server: patroni.log",
        ),
    ] {
        check(&files, &[name], "", &[expected]);
    }
    let data = [
        ("PG_VERSION", b"15\n".to_vec()),
        ("postgresql.conf", log()),
        ("base/1", log()),
        ("log/a.log", log()),
    ];
    check(&data, &[""], "log/a.log", &[]);
}

#[test]
fn a_log_in_several_formats_counts_once() {
    let all = |form: fn(u32) -> String, from: u32, to: u32| {
        (from..to).map(form).collect::<String>().into_bytes()
    };
    let left = |kind: &str, names: &str| {
        format!("left out, the same records are read from {kind}: {names}")
    };
    let files = [
        ("p-2026-11-23_160000.log", all(stderr, 0, 30)),
        ("p-2026-11-23_160030.log", all(stderr, 30, 59)),
        ("p-2026-11-23_160000.csv", all(csvlog, 0, 20)),
        ("p-2026-11-23_160020.csv", all(csvlog, 20, 59)),
        ("p-2026-11-23_160000.json", all(jsonlog, 0, 59)),
    ];
    let both = "p-2026-11-23_160000.csv, p-2026-11-23_160020.csv, p-2026-11-23_160000.log, p-2026-11-23_160030.log";
    check(
        &files,
        &[""],
        "p-2026-11-23_160000.json",
        &[&left("jsonlog", both)],
    );
    let logs = "p-2026-11-23_160000.log, p-2026-11-23_160030.log";
    let csv = "p-2026-11-23_160000.csv p-2026-11-23_160020.csv";
    check(&files, &["*.csv", "*.log"], csv, &[&left("csvlog", logs)]);
    // What the preferred format does not have stays.
    let files = [
        (
            "p-2026-11-23_160000.log",
            gzip(&String::from_utf8(all(stderr, 0, 20)).unwrap()),
        ),
        ("p-2026-11-23_160030.log", all(stderr, 40, 59)),
        ("p-2026-11-23_160030.csv", all(csvlog, 40, 59)),
    ];
    let order = "p-2026-11-23_160000.log p-2026-11-23_160030.csv";
    check(
        &files,
        &[""],
        order,
        &[&left("csvlog", "p-2026-11-23_160030.log")],
    );
    let half = "part of the same time is in csvlog too, so records may count twice: p.log";
    let files = [
        ("p.log", all(stderr, 0, 59)),
        ("p.csv", all(csvlog, 30, 59)),
    ];
    check(&files, &[""], "p.log p.csv", &[half]);
    // Two servers beside each other are two logs.
    let files = [
        ("postgresql-15-main.json", all(jsonlog, 0, 9)),
        ("postgresql-16-main.log", all(stderr, 0, 9)),
    ];
    check(
        &files,
        &[""],
        "postgresql-15-main.json postgresql-16-main.log",
        &[],
    );
    let files = [
        ("p.log.1", stderr(1).into_bytes()),
        ("p.log.1.gz", gzip(&stderr(1))),
        ("p.log.2.gz", gzip(&stderr(0))),
    ];
    let copy = "left out, packed copies: p.log.1.gz (of p.log.1)";
    check(&files, &[""], "p.log.2.gz p.log.1", &[copy]);
}

#[test]
fn an_input_can_be_looked_at_and_then_read() {
    let text = lines();
    let folder = Folder::new();
    for (packing, packed) in PACKED {
        folder.write("a.log", packed);
        let (files, _) = inputs(&[folder.path("a.log")], &native).unwrap();
        let stream = Input::stream("pipe", Box::new(Cursor::new(packed))).unwrap();
        for input in files.iter().chain([&stream]) {
            assert_eq!(input.packing, packing);
            assert_eq!(input.head(100).unwrap(), &text.as_bytes()[..100]);
            assert_eq!(input.head(10).unwrap(), &text.as_bytes()[..10]);
            let mut read = String::new();
            input.open().unwrap().read_to_string(&mut read).unwrap();
            assert_eq!(read, text);
            assert_eq!(input.progress().taken(), packed.len() as u64);
            assert_eq!(input.progress().torn(), None);
        }
        assert_eq!(files[0].kind, Some(Kind::Stderr));
        assert_eq!(files[0].first, Some(1_795_452_840_225_000));
        assert_eq!(files[0].size, Some(packed.len() as u64));
        let again = stream.open().err().unwrap().to_string();
        assert_eq!(
            again,
            "pipe cannot be used: it is a stream, which can be read once only"
        );
    }
    assert!(Path::new(&folder.path("a.log")).exists());
}
