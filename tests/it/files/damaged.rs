//! Files that are cut off or altered: an error or less facts, never a panic.

use pgtriage::collect::files::{Files, FilesOptions, load};
use pgtriage::facts::Store;

use super::support::{Folder, gzip, zstd};

const KINDS: [(&str, &str); 8] = [
    (
        "statements",
        r#"{"before": [{"queryid": 1, "query": "SELECT 1", "calls": 3, "dbid": 5}], "after": [{"queryid": 1, "calls": 4, "captured_at": 1700000000.5}]}"#,
    ),
    (
        "statements",
        "queryid,query,calls,stats_since\n1,\"SELECT \"\"a\"\"\",3,2026-01-01 00:00:00+00\n2,,4,\n",
    ),
    (
        "workload",
        "-- calls: 3\nSELECT 'a' FROM t;\n-- mean_ms: 4.5\nUPDATE t SET a = ARRAY[1, 2] WHERE b IN (1, (2), 3);",
    ),
    (
        "schema",
        "-- Dumped from database version 15.20\n\\connect shop\nCREATE TABLE t (a int PRIMARY KEY);",
    ),
    (
        "pg_class",
        r#"[{"oid": 5, "relname": "t", "relkind": "r", "reltuples": 1e3, "relpages": 5, "reloptions": ["fillfactor=70"]}, {"relname": "i", "relkind": "i", "on_table": "t", "indexdef": "CREATE INDEX i ON t USING btree (a)"}]"#,
    ),
    (
        "pg_stats",
        r#"[{"schemaname": "public", "tablename": "t", "attname": "a", "null_frac": 0.5, "most_common_freqs": "{0.5,0.25}"}]"#,
    ),
    (
        "pg_stat_activity",
        r#"[{"pid": 1, "datid": 5, "datname": "shop", "usesysid": 6, "query": "SELECT 1", "backend_start": "2026-01-01T00:00:00Z"}]"#,
    ),
    (
        "pg_settings",
        "name\tsetting\tunit\tvartype\nwork_mem\t4096\tkB\tinteger\nserver_version_num\t150004\t\tinteger\n",
    ),
];

/// A sequence of numbers that looks random and is always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }
}

/// Reads a file of a kind; whatever comes of it, the store stays whole.
fn read(folder: &Folder, kind: &str, bytes: &[u8]) {
    let path = folder.write("file", bytes);
    let mut files = folder.files(&[(kind, "")]);
    for place in files
        .statements
        .iter_mut()
        .chain(&mut files.workload)
        .chain(&mut files.schema)
    {
        place.clone_from(&path);
    }
    for file in &mut files.facts {
        file.path.clone_from(&path);
    }
    let store = Store::in_memory().unwrap();
    let options = FilesOptions {
        most_bytes: 1 << 20,
        ..FilesOptions::default()
    };
    match load(&files, &store, true, options) {
        Ok(_) => {}
        Err(error) => {
            let text = error.to_string();
            assert!(text.contains("cannot"), "{text}");
            assert_eq!(rows(&store), 0);
        }
    }
}

fn rows(store: &Store) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM nodes) + (SELECT count(*) FROM samples)";
    store
        .connection()
        .query_row(sql, [], |row| row.get(0))
        .unwrap()
}

#[test]
fn files_cut_off_anywhere() {
    let folder = Folder::new();
    for (kind, text) in KINDS {
        for end in (0..text.len()).step_by(7) {
            read(&folder, kind, &text.as_bytes()[..end]);
        }
        for packed in [gzip(text), zstd(text)] {
            for end in (0..packed.len()).step_by(11) {
                read(&folder, kind, &packed[..end]);
            }
        }
    }
}

#[test]
fn files_altered_anywhere() {
    const BYTES: &[u8] = b"\"',{}[]()-:;.0e9tn\\\n\t\xff\x00";
    let folder = Folder::new();
    let mut numbers = Numbers(7);
    for round in 0..60 {
        for (kind, text) in KINDS {
            let mut bytes = text.as_bytes().to_vec();
            for _ in 0..=numbers.below(3) {
                let at = numbers.below(bytes.len());
                match numbers.below(3) {
                    0 => bytes[at] = BYTES[numbers.below(BYTES.len())],
                    1 => drop(bytes.remove(at)),
                    _ => {
                        let end = at + numbers.below(bytes.len() - at).min(30);
                        let part = bytes[at..end].to_vec();
                        bytes.splice(at..at, part);
                    }
                }
            }
            read(&folder, kind, &bytes);
            if round % 10 == 0 {
                let mut packed = if round % 20 == 0 {
                    gzip(text)
                } else {
                    zstd(text)
                };
                let at = numbers.below(packed.len());
                packed[at] ^= 1 << numbers.below(8);
                read(&folder, kind, &packed);
            }
        }
    }
}

#[test]
fn numbers_beyond_all_bounds() {
    let folder = Folder::new();
    for number in [
        "1e308",
        "-1e400",
        "99999999999999999999",
        "\"NaN\"",
        "\"inf\"",
        "1e18",
        "null",
        "[]",
        "{}",
        "true",
    ] {
        for (kind, key) in [
            ("statements", "calls"),
            ("statements", "captured_at"),
            ("statements", "queryid"),
            ("statements", "dbid"),
            ("statements", "total_exec_time"),
            ("pg_class", "reltuples"),
            ("pg_class", "relpages"),
            ("pg_class", "reloptions"),
            ("pg_stats", "n_distinct"),
            ("pg_stat_activity", "xact_start"),
            ("pg_stat_database", "stats_reset"),
        ] {
            let text = format!(
                r#"[{{"relname": "t", "tablename": "t", "attname": "a", "pid": 1, "calls": 1, "{key}": {number}}}]"#
            );
            read(&folder, kind, text.as_bytes());
        }
    }
    assert!(Files::default().is_empty());
}
