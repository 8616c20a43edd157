//! `lint --fix`: files of each layout with the safe forms in them, which are then found clean.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use insta::assert_snapshot;

use pgtriage::advise::migration::layouts::atlas_sum::atlas_sum;

use crate::support::Program;

/// A schema that migrations are linted against.
const SCHEMA: &str = "
    CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, code text NOT NULL, note text);
    CREATE INDEX orders_customer ON orders (customer_id);
    CREATE TABLE events (id bigint PRIMARY KEY, at timestamptz NOT NULL);";

const CONFIG: &str = r#"
[rules."migration/missing-down"]
enabled = false
reason = "new files take nothing back where nothing is to be taken back"
"#;

/// Files of a folder and those below it, by path.
fn read(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, files);
            continue;
        }
        let name = path.strip_prefix(root).unwrap().display().to_string();
        files.insert(name, std::fs::read_to_string(&path).unwrap());
    }
}

/// Mends files, given as path and text, and tells what they are then. `clean`: nothing is found in
/// them any more.
#[track_caller]
fn mended(files: &[(&str, &str)], clean: bool) -> String {
    let program = Program::new();
    program
        .write("schema.sql", SCHEMA)
        .write("pgtriage.toml", CONFIG);
    for (path, text) in files {
        program.write(&format!("db/{path}"), text);
    }
    let shown = program.run(&["lint", "db", "--schema", "schema.sql", "--fix", "--dry-run"]);
    let mut before = BTreeMap::new();
    read(&program.path("db"), &program.path("db"), &mut before);
    assert_eq!(
        before.len(),
        files.len(),
        "--dry-run writes nothing: {before:#?}"
    );
    let fixed = program.run(&["lint", "db", "--schema", "schema.sql", "--fix"]);
    assert_eq!(shown.stdout, fixed.stdout, "{}", fixed.all());
    let mut after = BTreeMap::new();
    read(&program.path("db"), &program.path("db"), &mut after);
    let mut told = String::new();
    for (path, text) in &after {
        if before.get(path) != Some(text) {
            writeln!(told, "## {path}\n{}", text.trim_end()).unwrap();
        }
    }
    for line in fixed.stderr.lines().filter(|line| line.contains("stays")) {
        writeln!(told, "{line}").unwrap();
    }
    let again = program.run(&[
        "lint",
        "db",
        "--schema",
        "schema.sql",
        "--format",
        "json",
        "--min-severity",
        "warning",
    ]);
    assert!(!clean || again.code == Some(0), "{}\n{told}", again.all());
    let found: serde_json::Value = serde_json::from_str(&again.stdout).unwrap();
    let found = found["findings"].as_array().unwrap();
    assert!(!clean || found.is_empty(), "{found:#?}\n{told}");
    told
}

/// A migration that harms in several ways.
const UP: &str = "-- Orders by note.
CREATE INDEX orders_note ON orders (note);
ALTER TABLE orders ADD CONSTRAINT orders_code_check CHECK (code <> '');
ALTER TABLE events ADD COLUMN kind text;
";
const DOWN: &str = "ALTER TABLE events DROP COLUMN kind;
ALTER TABLE orders DROP CONSTRAINT orders_code_check;
DROP INDEX orders_note;
";

/// Names and texts.
type Files<'a> = &'a [(&'a str, &'a str)];

#[test]
fn layouts_of_which_each_file_is_one_transaction() {
    let goose = format!("-- +goose Up\n{UP}\n-- +goose Down\n{DOWN}");
    let dbmate = format!("-- migrate:up\n{UP}\n-- migrate:down\n{DOWN}");
    let node = format!("-- Up Migration\n{UP}\n-- Down Migration\n{DOWN}");
    let files: [(&str, Files<'_>, bool); 10] = [
        ("goose", &[("00007_orders.sql", &goose)], true),
        ("dbmate", &[("20260131235959_orders.sql", &dbmate)], true),
        (
            "golang-migrate",
            &[
                ("000007_orders.up.sql", UP),
                ("000007_orders.down.sql", DOWN),
            ],
            true,
        ),
        (
            "flyway",
            &[
                ("V2__orders.sql", UP),
                ("V1__first.sql", "SELECT 1;\n"),
                ("flyway.conf", ""),
            ],
            true,
        ),
        (
            "diesel",
            &[
                ("2026-01-31-120000_orders/up.sql", UP),
                ("2026-01-31-120000_orders/down.sql", DOWN),
            ],
            true,
        ),
        (
            "prisma",
            &[
                ("20260131120000_orders/migration.sql", UP),
                ("migration_lock.toml", "provider = \"postgresql\"\n"),
            ],
            true,
        ),
        (
            "atlas",
            &[("20260131120000_orders.sql", UP), ("atlas.sum", "h1:x\n")],
            true,
        ),
        (
            "sqlx",
            &[
                ("20260131120000_orders.sql", UP),
                ("20260101000000_first.sql", "-- no-transaction\nSELECT 1;\n"),
            ],
            true,
        ),
        (
            "refinery",
            &[
                ("V1__orders.sql", UP),
                ("V2__two.sql", "-- refinery:noTransaction\nSELECT 1;\n"),
            ],
            true,
        ),
        (
            "node-pg-migrate",
            &[("1700000000000_orders.sql", &node)],
            false,
        ),
    ];
    let mut told = String::new();
    for (name, files, clean) in files {
        writeln!(told, "# {name}\n{}", mended(files, clean)).unwrap();
    }
    assert_snapshot!(told);
}

#[test]
fn files_that_are_run_statement_by_statement_stay_whole() {
    let mut told = String::new();
    for files in [
        &[("1_orders.sql", UP)][..],
        &[(
            "1_orders.sql",
            "BEGIN;\nALTER TABLE orders ADD CONSTRAINT c CHECK (code <> '');\nCREATE INDEX i ON events (at); -- by time\nALTER TABLE events ADD kind text;\nCOMMIT;\n",
        )],
        &[(
            "changelog.sql",
            "--liquibase formatted sql\n--changeset me:1\nCREATE INDEX i ON orders (note);\n--rollback DROP INDEX i;\n--changeset me:2\nALTER TABLE orders ADD CONSTRAINT c CHECK (code <> '');\nCREATE INDEX j ON orders (code);\n",
        )],
        &[
            (
                "sqitch.plan",
                "%project=a\n\norders 2026-01-01T00:00:00Z me <me@x>\n",
            ),
            (
                "deploy/orders.sql",
                "-- Deploy a:orders to pg\nBEGIN;\nCREATE INDEX i ON orders (note);\nCOMMIT;\n",
            ),
        ],
    ] {
        writeln!(told, "{}", mended(files, true)).unwrap();
    }
    assert_snapshot!(told);
}

#[test]
fn what_harms_has_its_safe_form() {
    let mut told = String::new();
    for statement in [
        "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;",
        "ALTER TABLE orders ADD UNIQUE (code), ADD COLUMN a int;",
        "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;",
        "ALTER TABLE events ADD COLUMN order_id bigint DEFAULT 1 REFERENCES orders, ADD b int CHECK (b > 0) DEFAULT 1;\nCREATE INDEX CONCURRENTLY events_order ON events (order_id);",
        "DROP INDEX orders_customer;\nCREATE INDEX orders_both ON orders (customer_id, note);",
        "REINDEX TABLE orders;",
    ] {
        writeln!(told, "{}", mended(&[("1_x.sql", statement)], true)).unwrap();
    }
    assert_snapshot!(told);
}

#[test]
fn what_cannot_be_mended_is_told() {
    let mut told = String::new();
    for files in [
        &[(
            "0001_x.sql",
            "BEGIN;\n\n-- Running upgrade a1 -> b2\n\nCREATE INDEX i ON orders (note);\n\nUPDATE alembic_version SET version_num='b2' WHERE alembic_version.version_num = 'a1';\n\nCOMMIT;\n",
        )][..],
        &[
            (
                "000001_x.up.sql",
                "CREATE INDEX i ON orders (note);\nCREATE INDEX j ON orders (code);\n",
            ),
            (
                "000002_y.up.sql",
                "ALTER INDEX j RENAME TO k;\nALTER TABLE orders DROP COLUMN note;\n",
            ),
        ],
        &[(
            "1_x.sql",
            "ALTER TABLE orders ALTER COLUMN note TYPE varchar(10);\nUPDATE orders SET note = '';\n",
        )],
        &[(
            "1_x.sql",
            "-- pgtriage: ignore migration/index-not-concurrent -- the table is empty\nCREATE INDEX i ON orders (note);\n",
        )],
    ] {
        writeln!(told, "{}", mended(files, false)).unwrap();
    }
    assert_snapshot!(told);
}

#[test]
fn the_sum_of_an_atlas_folder_is_made_of_names_and_contents() {
    let files: [(&str, &[u8]); 3] = [
        ("20260103_c.sql", b"CREATE INDEX a_id ON a (id);\r\n"),
        ("20260101_a.sql", b"CREATE TABLE a (id bigint);\n"),
        ("20260102_b.sql", b"-- atlas:sum ignore\n\nSELECT 1;\n"),
    ];
    let expected = "h1:+6geu5ARs///yWBenzPopkYMmPXzUiZR8Vd7gwW50VA=
20260101_a.sql h1:ykS6R9XdjVaVbGB+MBL5btUy2WnCxCkm73ru0ReHN+A=
20260103_c.sql h1:AXnf+YLeWY48f7WDRJ8vOEEXkbduzCh/OILmvEiXZyA=
";
    assert_eq!(atlas_sum(files.to_vec()), expected);
}

/// Mends a folder of Atlas with this sum; gives the sum then, that of the files, and what was said.
fn mended_atlas(sum: &str) -> (String, String, String) {
    let program = Program::new();
    program
        .write("schema.sql", SCHEMA)
        .write("pgtriage.toml", CONFIG)
        .write("db/20260131120000_orders.sql", UP)
        .write("db/atlas.sum", sum);
    let ran = program.run(&["lint", "db", "--schema", "schema.sql", "--fix"]);
    let mut files = BTreeMap::new();
    read(&program.path("db"), &program.path("db"), &mut files);
    assert!(files.len() > 2, "{}", ran.all());
    let after = files.remove("atlas.sum").unwrap();
    let files = files.iter();
    let files = files.map(|(name, text)| (name.as_str(), text.as_bytes()));
    (after, atlas_sum(files.collect()), ran.all())
}

#[test]
fn the_sum_of_an_atlas_folder_is_remade_where_it_fitted() {
    let fits = atlas_sum(vec![("20260131120000_orders.sql", UP.as_bytes())]);
    let (after, expected, told) = mended_atlas(&fits);
    assert_eq!(after, expected, "{told}");
    assert_ne!(after, fits, "{told}");
    assert!(told.contains("+++ db/atlas.sum"), "{told}");
    assert!(!told.contains("atlas migrate hash"), "{told}");
    let (after, expected, told) = mended_atlas("h1:x\n");
    assert_eq!(after, "h1:x\n", "{told}");
    assert_ne!(after, expected, "{told}");
    assert!(
        told.contains("next: atlas migrate hash --dir \"file://db\""),
        "{told}"
    );
}
