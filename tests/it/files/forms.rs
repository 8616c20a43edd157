//! One content in every form that a file may have.

use pgtriage::collect::files::{Files, FilesOptions, load};
use pgtriage::facts::Store;

use super::support::{Folder, bzip2, check, gzip, lz4, read, try_read, zstd};

const ROWS: &str = r#"[{"queryid": -7, "query": "SELECT 1", "calls": 3, "total_exec_time": 1.5},
 {"queryid": "8", "query": "SELECT a FROM t WHERE b = $1", "calls": "4", "total_exec_time": "2"}]"#;

const TOTALS: &str = "SELECT text, calls, total_exec_ms FROM statement_totals ORDER BY calls";
const EXPECTED: &str = "SELECT $1|3|1.5 SELECT a FROM t WHERE b = $1|4|2";

#[test]
fn rows_come_as_json_lines_objects_or_csv() {
    let lines = ROWS.trim_matches(['[', ']']).replace("},\n", "}\n");
    let csv = "queryid,query,calls,total_exec_time\r\n-7,SELECT 1,3,1.5\r\n8,\"SELECT a FROM t WHERE b = $1\",4,2\r\n";
    for text in [
        ROWS.to_owned(),
        format!("\u{feff}  {ROWS}\n"),
        lines,
        format!("{{\"rows\": {ROWS}}}"),
        format!("{{\"format\": 1, \"columns\": [\"queryid\"], \"rows\": {ROWS}}}"),
        format!("{{\"after\": {ROWS}}}"),
        format!("[{ROWS}]"),
        csv.to_owned(),
        csv.replace(',', "\t"),
        csv.replace(',', ";"),
    ] {
        check(&read(&[("statements", &text)]), TOTALS, EXPECTED);
    }
}

#[test]
fn files_may_be_packed_or_wide() {
    let folder = Folder::new();
    let wide: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(ROWS.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for (name, bytes) in [
        ("a.gz", gzip(ROWS)),
        ("a.zst", zstd(ROWS)),
        ("a.bz2", bzip2(ROWS)),
        ("a.lz4", lz4(ROWS)),
        ("a.json", wide),
    ] {
        let files = Files {
            statements: vec![folder.write(name, bytes)],
            ..Files::default()
        };
        let store = Store::in_memory().unwrap();
        load(&files, &store, true, FilesOptions::default()).unwrap();
        check(&store, TOTALS, EXPECTED);
        check(&store, "SELECT name FROM databases", "a");
    }
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let folder = Folder::new();
    let zeros = " ".repeat(1 << 20);
    for bytes in [gzip(&zeros), zstd(&zeros), zeros.clone().into_bytes()] {
        let files = Files {
            statements: vec![folder.write("a", bytes)],
            ..Files::default()
        };
        let options = FilesOptions {
            most_bytes: 100_000,
            ..FilesOptions::default()
        };
        let error = load(&files, &Store::in_memory().unwrap(), true, options).unwrap_err();
        assert!(
            error.to_string().contains("it holds more than 9"),
            "{error}"
        );
    }
}

#[test]
fn mistakes_are_told_in_a_sentence() {
    for (kind, text, said) in [
        ("statements", "", "shop.0 cannot be used: it is empty"),
        (
            "statements",
            "[1, 2]",
            "row 1 is 1, not an object with column names",
        ),
        (
            "statements",
            "[{\"a\": 1}, ",
            "EOF while parsing a value at line 1 column 11; it has to be JSON or CSV",
        ),
        (
            "statements",
            "[{\"a\": 1}]",
            "row 1: it has no column calls; it has to hold rows of pg_stat_statements",
        ),
        (
            "statements",
            "[{\"calls\": \"many\"}]",
            "row 1: calls: \"many\" is no whole number",
        ),
        (
            "statements",
            "[{\"calls\": 1, \"captured_at\": \"noon\"}]",
            "captured_at of row 1: `noon` is no timestamp",
        ),
        (
            "statements",
            " calls | rows\n-------+-----\n 1 | 2",
            "it is a table as psql draws it; write it with `psql --csv`",
        ),
        ("statements", "a,b\n1\n", "CSV error: record 1 (line: 2"),
        (
            "statements",
            "PGDMP\x01",
            "it is a dump in pg_dump's own format",
        ),
        (
            "pg_settings",
            "[{\"setting\": \"on\"}]",
            "row 1: it has no name; it has to hold rows of pg_settings",
        ),
        (
            "pg_class",
            "[{\"oid\": 1}]",
            "row 1: it has no relname; it has to hold rows of pg_class",
        ),
        (
            "pg_class",
            "[{\"relname\": \"t\", \"relpages\": \"x\"}]",
            "row 1: relpages: \"x\" is no whole number",
        ),
        (
            "pg_stat_user_table",
            "[]",
            "no view or facts table pg_stat_user_table that could take its rows; did you mean pg_stat_user_tables?",
        ),
        ("findings", "[]", "there is no view or facts table findings"),
        ("workload", "-- nothing\n", "it holds no statement"),
        (
            "workload",
            "-- calls: many\n\nSELECT 1;",
            "line 1: `many` is no number that calls could be",
        ),
    ] {
        let error = try_read(&[(kind, text)]).map(|_| ()).unwrap_err();
        assert!(
            error.starts_with("shop.0 cannot be used: "),
            "{text}: {error}"
        );
        assert!(error.contains(said), "{text}: {error}");
    }
    let folder = Folder::new();
    folder.write("latin.csv", b"query,calls\nSELECT 'a\nb\xe9',1\n");
    for (name, said) in [
        ("latin.csv", "line 3 is no UTF-8 text"),
        ("none.csv", "No such file"),
        (".", "it is a folder"),
    ] {
        let files = Files {
            statements: vec![folder.write("x", "").with_file_name(name)],
            ..Files::default()
        };
        let error = load(
            &files,
            &Store::in_memory().unwrap(),
            true,
            FilesOptions::default(),
        );
        let error = error.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}
