//! Migrations run in thought: files in, rows out.

use pgtriage::facts::Store;
use pgtriage::parse::ddl::{Catalog, schema};
use pgtriage::parse::migration::{Direction, File, Layout, Mode, Part, SimulateOptions, simulate};

/// A file whose parts are marked by lines `--- up MODE` and `--- down MODE`; a file without marks
/// is one that migrates.
fn file(path: &str, mode: Mode, text: &str) -> File {
    let mut parts: Vec<Part> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let direction = match line.trim_end() {
            "--- up" => Direction::Up,
            "--- down" => Direction::Down,
            _ => continue,
        };
        if let Some(part) = parts.last_mut() {
            part.ranges[0].end = start;
        }
        parts.push(Part {
            direction,
            mode,
            ranges: std::iter::once(at..text.len()).collect(),
        });
    }
    if parts.is_empty() {
        parts.push(Part::whole(text, Direction::Up, mode));
    }
    File {
        path: path.to_owned(),
        text: text.to_owned(),
        layout: Layout::Sql,
        because: "the test says so".to_owned(),
        version: None,
        description: None,
        kind: "versioned",
        chain: 0,
        parts,
        expects_down: false,
        up_path: None,
        is_judged: true,
        change: None,
        unread: None,
    }
}

/// The rows that files give, on a schema or on nothing.
fn facts(base: Option<&str>, files: &[File]) -> Store {
    let store = Store::in_memory().unwrap();
    let catalog = match base {
        Some(script) => {
            let unread = schema(store.connection(), 1, script).unwrap();
            assert_eq!(unread, [], "{script}");
            Catalog::from_facts(store.connection(), 1).unwrap()
        }
        None => Catalog::lenient(14),
    };
    let options = SimulateOptions::default();
    simulate(store.connection(), &catalog, files, &options).unwrap();
    store
}

/// The rows of a query, their columns with blanks between; what is NULL is left out.
fn rows(store: &Store, query: &str) -> Vec<String> {
    let mut statement = store.connection().prepare(query).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells = (0..columns).filter_map(|at| match row.get_ref(at).unwrap() {
            rusqlite::types::ValueRef::Null => None,
            rusqlite::types::ValueRef::Integer(number) => Some(number.to_string()),
            rusqlite::types::ValueRef::Text(text) => {
                Some(String::from_utf8_lossy(text).into_owned())
            }
            other => panic!("{other:?}"),
        });
        Ok(cells.collect::<Vec<_>>().join(" "))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// Line, command and transaction of each statement.
const TRANSACTIONS: &str = "
    SELECT line, command, 'in ' || transaction_id || ' by ' || transaction_by,
      iif(is_rolled_back, 'rolled back by ' || (SELECT b.line FROM migration_statements b WHERE b.id = s.rolled_back_by), NULL),
      (SELECT group_concat(form, ', ') FROM migration_effects e
       WHERE e.statement_id = s.id AND e.part = 'transaction')
    FROM migration_statements s ORDER BY id";

fn transactions(mode: Mode, text: &str, expected: &[&str]) {
    let store = facts(None, &[file("a.sql", mode, text)]);
    assert_eq!(rows(&store, TRANSACTIONS), expected, "{text}");
}

#[test]
fn statements_of_a_part_share_the_transaction_of_the_tool() {
    let text = "CREATE TABLE a (x int);\nCREATE TABLE b (x int);";
    transactions(
        Mode::Wrapped,
        text,
        &[
            "1 CREATE TABLE in 1 by layout",
            "2 CREATE TABLE in 1 by layout",
        ],
    );
    transactions(
        Mode::Autocommit,
        text,
        &["1 CREATE TABLE", "2 CREATE TABLE"],
    );
    transactions(
        Mode::Script,
        text,
        &[
            "1 CREATE TABLE in 1 by script",
            "2 CREATE TABLE in 1 by script",
        ],
    );
    transactions(Mode::Script, "CREATE TABLE a (x int)", &["1 CREATE TABLE"]);
}

#[test]
fn commands_of_the_file_begin_and_end_transactions() {
    transactions(
        Mode::Autocommit,
        "DELETE FROM a;\nBEGIN;\nDELETE FROM a;\nCOMMIT;\nDELETE FROM a;\nSTART TRANSACTION;\n\
         DELETE FROM a;\nEND;",
        &[
            "1 DELETE",
            "2 BEGIN in 1 by file",
            "3 DELETE in 1 by file",
            "4 COMMIT in 1 by file",
            "5 DELETE",
            "6 START TRANSACTION in 2 by file",
            "7 DELETE in 2 by file",
            "8 COMMIT in 2 by file",
        ],
    );
    // What stands before BEGIN in one string is in its transaction.
    transactions(
        Mode::Script,
        "DELETE FROM a;\nBEGIN;\nDELETE FROM a;\nCOMMIT;\nDELETE FROM a;",
        &[
            "1 DELETE in 1 by script",
            "2 BEGIN in 1 by file",
            "3 DELETE in 1 by file",
            "4 COMMIT in 1 by file",
            "5 DELETE in 2 by script",
        ],
    );
    transactions(
        Mode::Autocommit,
        "BEGIN;\nDELETE FROM a;\nCOMMIT AND CHAIN;\nDELETE FROM a;\nCOMMIT;",
        &[
            "1 BEGIN in 1 by file",
            "2 DELETE in 1 by file",
            "3 COMMIT in 1 by file",
            "4 DELETE in 2 by file",
            "5 COMMIT in 2 by file",
        ],
    );
}

#[test]
fn what_is_wrong_with_transactions_is_told() {
    transactions(
        Mode::Wrapped,
        "DELETE FROM a;\nBEGIN;\nCOMMIT;\nDELETE FROM a;\nCOMMIT;",
        &[
            "1 DELETE in 1 by layout",
            "2 BEGIN in 1 by layout begin nested",
            "3 COMMIT in 1 by layout commit of tool",
            "4 DELETE",
            "5 COMMIT commit without begin",
        ],
    );
    transactions(
        Mode::Autocommit,
        "SAVEPOINT s;\nSET LOCAL lock_timeout = '1s';\nBEGIN;\nROLLBACK TO s;\nDELETE FROM a;",
        &[
            "1 SAVEPOINT savepoint missing",
            "2 SET set local outside",
            "3 BEGIN in 1 by file begin left open",
            "4 ROLLBACK in 1 by file savepoint missing",
            "5 DELETE in 1 by file",
        ],
    );
}

#[test]
fn what_is_taken_back_is_marked_and_did_not_happen() {
    let text = "BEGIN;\nDELETE FROM a;\nSAVEPOINT one;\nCREATE TABLE t (x int);\n\
                SAVEPOINT two;\nDELETE FROM b;\nROLLBACK TO one;\nDELETE FROM c;\nRELEASE one;\n\
                COMMIT;\nCREATE INDEX ON t (x);\nBEGIN;\nDELETE FROM a;\nROLLBACK;";
    transactions(
        Mode::Autocommit,
        text,
        &[
            "1 BEGIN in 1 by file",
            "2 DELETE in 1 by file",
            "3 SAVEPOINT in 1 by file",
            "4 CREATE TABLE in 1 by file rolled back by 7",
            "5 SAVEPOINT in 1 by file",
            "6 DELETE in 1 by file rolled back by 7",
            "7 ROLLBACK in 1 by file",
            "8 DELETE in 1 by file",
            "9 RELEASE in 1 by file",
            "10 COMMIT in 1 by file",
            "11 CREATE INDEX",
            "12 BEGIN in 2 by file",
            "13 DELETE in 2 by file rolled back by 14",
            "14 ROLLBACK in 2 by file",
        ],
    );
    let store = facts(None, &[file("a.sql", Mode::Autocommit, text)]);
    let old = "SELECT name, is_known, made_in FROM migration_effects
               WHERE form = 'create index' AND part = 'table'";
    assert_eq!(rows(&store, old), ["t 0"]);
}

/// Each effect on a table: line, form, table, who made it.
const MADE: &str = "
    SELECT s.line, e.form, e.name, e.made_in
    FROM migration_effects e JOIN migration_statements s ON s.id = e.statement_id
    WHERE e.part = 'table' ORDER BY e.id";

#[test]
fn tables_are_old_unless_the_file_made_them() {
    let text = "CREATE TABLE t (x int);\nBEGIN;\nCREATE TABLE u (x int);\nCREATE INDEX ON u (x);\n\
                CREATE INDEX ON public.t (x);\nCREATE INDEX ON o (x);\nCOMMIT;\n\
                CREATE INDEX ON u (x);\nALTER TABLE t RENAME TO v;\nCREATE INDEX ON v (x);";
    let store = facts(None, &[file("a.sql", Mode::Autocommit, text)]);
    let indexes: Vec<String> = (rows(&store, MADE).into_iter())
        .filter(|row| row.contains("create index"))
        .collect();
    assert_eq!(
        indexes,
        [
            "4 create index u transaction",
            "5 create index t file",
            "6 create index o",
            "8 create index u file",
            "10 create index v file",
        ]
    );
}

#[test]
fn tables_of_earlier_files_are_old_and_known() {
    let files = [
        file("1.sql", Mode::Wrapped, "CREATE TABLE t (x int, y text);"),
        file("2.sql", Mode::Wrapped, "ALTER TABLE t ALTER x TYPE bigint;"),
        file("3.sql", Mode::Wrapped, "ALTER TABLE t ALTER x TYPE bigint;"),
    ];
    let store = facts(None, &files);
    let query = "SELECT f.path, e.form, e.is_known, e.made_in FROM migration_effects e
        JOIN migration_statements s ON s.id = e.statement_id
        JOIN migration_files f ON f.id = s.file_id
        WHERE e.form LIKE 'alter type%' ORDER BY e.id";
    assert_eq!(
        rows(&store, query),
        // The third fits the state before all files better: nothing is known of the column there.
        ["2.sql alter type rewrite 1", "3.sql alter type unknown 0",]
    );
}

#[test]
fn a_file_is_judged_on_the_state_that_fits_it() {
    let base = "CREATE TABLE t (id int PRIMARY KEY, note varchar(10));";
    let files = [
        file(
            "1.sql",
            Mode::Wrapped,
            "ALTER TABLE t RENAME note TO remark;",
        ),
        // Was written for the schema as it is given.
        file(
            "2.sql",
            Mode::Wrapped,
            "ALTER TABLE t ALTER note TYPE varchar(20);",
        ),
        // Was written for what the first has made of it.
        file(
            "3.sql",
            Mode::Wrapped,
            "ALTER TABLE t ALTER remark TYPE varchar(30);",
        ),
    ];
    let store = facts(Some(base), &files);
    let query = "SELECT f.path, e.form, e.error FROM migration_effects e
        JOIN migration_statements s ON s.id = e.statement_id
        JOIN migration_files f ON f.id = s.file_id WHERE e.part = 'table' ORDER BY e.id";
    assert_eq!(
        rows(&store, query),
        [
            "1.sql rename column",
            "2.sql alter type same",
            "3.sql alter type same",
        ]
    );
}

#[test]
fn parts_that_take_back_are_judged_on_what_their_file_has_made() {
    let text = "--- down\nDROP TABLE t;\n--- up\nCREATE TABLE t (x int);\n";
    let mut down = file("1.down.sql", Mode::Wrapped, "--- down\nDROP TABLE u;\n");
    down.up_path = Some("1.up.sql".to_owned());
    let files = [
        file("0.sql", Mode::Wrapped, text),
        file("2.sql", Mode::Wrapped, "CREATE INDEX ON t (x);"),
        // It stands before the file that it takes back.
        down,
        file("1.up.sql", Mode::Wrapped, "CREATE TABLE u (x int);"),
    ];
    let store = facts(None, &files);
    let query = "SELECT f.path, s.direction, s.line, e.form, e.name, e.is_known, e.made_in
        FROM migration_effects e
        JOIN migration_statements s ON s.id = e.statement_id
        JOIN migration_files f ON f.id = s.file_id
        WHERE e.part = 'table' AND e.form != 'create table' ORDER BY e.id";
    assert_eq!(
        rows(&store, query),
        [
            "0.sql down 2 drop table t 1 file",
            "2.sql up 1 create index t 1",
            "1.down.sql down 2 drop table u 1 file",
        ]
    );
    let order = "SELECT path, ordinal FROM migration_files ORDER BY id";
    assert_eq!(
        rows(&store, order),
        ["0.sql 1", "2.sql 2", "1.up.sql 4", "1.down.sql 3"]
    );
}

#[test]
fn locks_are_held_to_the_end_of_the_transaction() {
    let text = "BEGIN;\nCREATE TABLE n (x int);\nLOCK n;\nALTER TABLE t ADD x int;\nSAVEPOINT s;\n\
                UPDATE u SET x = 1;\nLOCK u IN ACCESS EXCLUSIVE MODE;\nUPDATE t SET x = 1;\nCOMMIT;\n\
                UPDATE t SET x = 2;";
    let store = facts(None, &[file("a.sql", Mode::Autocommit, text)]);
    let query = "SELECT s.line, s.holds_lock_level, s.holds_lock_on, since.line
        FROM migration_statements s LEFT JOIN migration_statements since
          ON since.id = s.holds_lock_since ORDER BY s.id";
    assert_eq!(
        rows(&store, query),
        [
            "1", "2", "3", "4", "5 8 t 4", "6 8 t 4", "7 8 t 4", "8 8 t 4", "9 8 t 4", "10"
        ]
    );
}

#[test]
fn time_outs_in_force_are_known_at_each_statement() {
    let text = "SET lock_timeout = '2s';\nDELETE FROM a;\nBEGIN;\nSET LOCAL lock_timeout TO 500;\n\
                SET statement_timeout = '1min';\nDELETE FROM a;\nCOMMIT;\nDELETE FROM a;\n\
                BEGIN;\nSET lock_timeout = 0;\nROLLBACK;\nDELETE FROM a;\nRESET lock_timeout;\n\
                DELETE FROM a;";
    let store = facts(None, &[file("a.sql", Mode::Autocommit, text)]);
    let query = "SELECT line, lock_timeout_ms, statement_timeout_ms FROM migration_statements
        WHERE command = 'DELETE' ORDER BY id";
    assert_eq!(
        rows(&store, query),
        [
            "2 2000",
            "6 500 60000",
            "8 2000 60000",
            "12 2000 60000",
            "14 60000"
        ]
    );
}

#[test]
fn places_are_those_of_the_file() {
    let text = "--- up\n/* ü */ ALTER TABLE t\n  ADD COLUMN größe int,\n  ADD b int;\n\\echo x\n\
                SELECT 1\n\\echo y\n, 2;\n";
    let store = facts(None, &[file("a.sql", Mode::Autocommit, text)]);
    let statements = "SELECT command, line, \"column\", end_line, end_column
        FROM migration_statements ORDER BY id";
    assert_eq!(
        rows(&store, statements),
        ["ALTER TABLE 2 9 4 12", "SELECT 6 1 8 4"]
    );
    let columns = "SELECT change, table_name, name, type, line, \"column\", end_line, end_column
        FROM migration_columns ORDER BY rowid";
    assert_eq!(
        rows(&store, columns),
        [
            "add column t größe integer 3 3 3 23",
            "add column t b integer 4 3 4 12",
        ]
    );
}

#[test]
fn bodies_are_run() {
    let text = "DO $$\nBEGIN\n  IF true THEN\n    ALTER TABLE t ADD x int;\n  END IF;\n  \
                EXECUTE 'DROP TABLE u';\n  EXECUTE 'DROP TABLE ' || v;\nEND $$;\n\
                CREATE PROCEDURE p() LANGUAGE sql AS 'TRUNCATE u';\nCALL p();\nCALL q();";
    let store = facts(None, &[file("a.sql", Mode::Autocommit, text)]);
    let query = "SELECT s.id, s.command, s.line, s.parent_id,
        'in ' || s.transaction_id || ' by ' || s.transaction_by, s.opaque_because,
        (SELECT details FROM migration_effects e
         WHERE e.statement_id = s.id AND details LIKE '%conditional%')
        FROM migration_statements s ORDER BY s.id";
    let found = rows(&store, query);
    assert!(found[0].starts_with("1 DO 1 "), "{found:?}");
    assert!(
        found[1].starts_with("2 ALTER TABLE 4 1 in 1 by body {"),
        "{found:?}"
    );
    assert_eq!(found[2], "3 DROP TABLE 6 1 in 1 by body");
    assert_eq!(
        found[3..],
        [
            "4 CREATE PROCEDURE 9",
            "5 CALL 10",
            "6 TRUNCATE TABLE 10 5 in 2 by body",
            "7 CALL 11 what the procedure q does is not known",
        ]
    );
}

#[test]
fn what_is_not_understood_or_seen_is_told() {
    let text = "\\i other.sql\nALTER TABLE t FROBNICATE;\nSELECT 'x' \\gexec\n\\echo done\n";
    let store = facts(None, &[file("a.sql", Mode::Autocommit, text)]);
    let query = "SELECT line, command, unread_because IS NOT NULL, opaque_because
        FROM migration_statements ORDER BY id";
    assert_eq!(
        rows(&store, query),
        [
            "1 \\i 0 the file that it names is not read",
            "2 ALTER TABLE 1",
            "3 SELECT 0 psql runs its result as statements",
        ]
    );
}

#[test]
fn comments_that_accept_findings_are_kept() {
    let text = "-- pgtriage: ignore drop-table -- nobody reads it\nDROP TABLE a;\n\
                /* ü */ -- pgtriage: ignore-file x\nDROP TABLE b;";
    let store = facts(None, &[file("a.sql", Mode::Autocommit, text)]);
    let query = "SELECT i.line, i.\"column\", s.text, i.rules, i.reason
        FROM migration_ignores i LEFT JOIN migration_statements s ON s.id = i.statement_id
        ORDER BY i.id";
    assert_eq!(
        rows(&store, query),
        [
            "1 1 DROP TABLE a [\"migration/drop-table\"] nobody reads it",
            "3 9 [\"migration/x\"]",
        ]
    );
}

#[test]
fn an_index_that_comes_later_is_one() {
    let text = "CREATE TABLE t (u_id int, v_id int REFERENCES v, x int, z int);\n\
                ALTER TABLE t ADD FOREIGN KEY (u_id) REFERENCES u;\n\
                ALTER TABLE t ADD FOREIGN KEY (z) REFERENCES v;\nCREATE INDEX ON t (u_id, x);\n\
                ALTER TABLE old ADD FOREIGN KEY (z) REFERENCES v;";
    let store = facts(None, &[file("a.sql", Mode::Autocommit, text)]);
    let query = "SELECT s.line, json_extract(e.details, '$.fk_indexed') FROM migration_effects e
        JOIN migration_statements s ON s.id = e.statement_id
        WHERE json_extract(e.details, '$.fk_indexed') IS NOT NULL ORDER BY e.id";
    assert_eq!(rows(&store, query), ["1 0", "2 1", "3 0"]);
}

#[test]
fn what_has_been_applied_already_seems_so() {
    let base = "CREATE TABLE t (id int PRIMARY KEY, note text); CREATE INDEX t_note ON t (note);";
    for (text, expected) in [
        ("CREATE TABLE t (id int); CREATE INDEX ON t (id);", "1"),
        ("ALTER TABLE t ADD note text; UPDATE t SET note = '';", "1"),
        ("CREATE INDEX t_note ON t (note); DROP TABLE gone;", "1"),
        // Some of it is new.
        ("CREATE TABLE t (id int); CREATE TABLE u (id int);", "0"),
        (
            "ALTER TABLE t ADD note text, ADD more text; DROP TABLE t;",
            "0",
        ),
        // Nothing of it would show.
        ("UPDATE t SET note = '';", "0"),
        ("CREATE TEMP TABLE t (id int);", "0"),
    ] {
        let store = facts(Some(base), &[file("a.sql", Mode::Autocommit, text)]);
        let query = "SELECT seems_applied FROM migration_files";
        assert_eq!(rows(&store, query), [expected], "{text}");
    }
}

#[test]
fn a_table_that_files_make_anew_is_the_one_that_is_there() {
    let base = "CREATE TABLE t (id int PRIMARY KEY);";
    let mut first = file(
        "1.sql",
        Mode::Wrapped,
        "CREATE TABLE t (id int PRIMARY KEY);",
    );
    let second = file("2.sql", Mode::Wrapped, "CREATE INDEX ON t (id);");
    for is_judged in [true, false] {
        first.is_judged = is_judged;
        let store = facts(Some(base), &[first.clone(), second.clone()]);
        let query = "SELECT r.name, e.made_in FROM migration_effects e
            JOIN relations r ON r.id = e.relation_id WHERE e.form = 'create index'";
        assert_eq!(rows(&store, query), ["t"]);
    }
}

#[test]
fn files_of_other_chains_and_those_not_judged() {
    let mut files = [
        file("a/1.sql", Mode::Wrapped, "CREATE TABLE t (x int);"),
        file("a/2.sql", Mode::Wrapped, "CREATE INDEX ON t (x);"),
        file("b/1.sql", Mode::Wrapped, "CREATE INDEX ON t (x);"),
    ];
    files[0].is_judged = false;
    files[2].chain = 1;
    let store = facts(None, &files);
    let query = "SELECT f.path, f.ordinal, e.form, e.is_known
        FROM migration_files f JOIN migration_statements s ON s.file_id = f.id
        LEFT JOIN migration_effects e ON e.statement_id = s.id ORDER BY s.id";
    assert_eq!(
        rows(&store, query),
        [
            "a/1.sql 1",
            "a/2.sql 2 create index 1",
            "b/1.sql 1 create index 0"
        ]
    );
}
