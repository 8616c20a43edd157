//! `pgtriage tables` and `pgtriage indexes`: lists, and estimates of bloat, from a snapshot.

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::Program;

const FACTS: &str = "
INSERT INTO relations (id, schema, name, size_bytes, toast_size_bytes, row_estimate, frozen_xid_age) VALUES
  (1, 'shop', 'orders', 1073741824, 0, 9000000, 150000000), (2, 'shop', 'Odd name', 8192, 0, 3, 12),
  (3, 'shop', 'docs', 83886080, 943718400, 40000, 900000), (4, 'shop', 'locked', NULL, NULL, NULL, NULL);
INSERT INTO relations (id, name, kind) VALUES (5, 'parts', 'partitioned table'), (6, 'seen', 'view');
INSERT INTO relation_stats (relation_id, seq_scan, idx_scan, n_tup_ins, n_tup_upd, n_tup_del, n_tup_hot_upd, n_live_tup, n_dead_tup, last_autovacuum_at)
VALUES (1, 12, 480000, 100, 60, 40, 45, 9000000, 1000000, 1767220000000000), (3, 0, NULL, 5, 0, 0, 0, 40000, 0, NULL);
INSERT INTO indexes (id, relation_id, schema, name, is_unique, is_primary, size_bytes, definition) VALUES
  (1, 1, 'shop', 'orders_pkey', 1, 1, 201326592, 'CREATE UNIQUE INDEX orders_pkey ON shop.orders USING btree (id)'),
  (2, 1, 'shop', 'orders_note', 0, 0, 536870912, 'CREATE INDEX orders_note ON shop.orders USING gin (note)'),
  (3, 3, 'shop', 'docs_at', 0, 0, 10485760, 'CREATE INDEX docs_at ON shop.docs USING btree (at)');
UPDATE indexes SET method = 'gin' WHERE id = 2;
INSERT INTO index_stats (index_id, idx_scan) VALUES (1, 480000), (2, 0);
INSERT INTO bloat_estimates (relation_id, index_id, kind, size_bytes, bloat_bytes, plus_minus_bytes, method, blocks_read, blocks, rows_read) VALUES
  (1, NULL, 'table', 1073741824, 440234147, 16106127, 'sample', 300, 131072, 20000),
  (1, 1, 'index', 201326592, 60397977, 1006632, 'sample', 300, 131072, 20000),
  (2, NULL, 'table', 8192, 0, 8192, 'all blocks', 1, 1, 3),
  (3, NULL, 'table', 83886080, NULL, NULL, 'none', NULL, NULL, NULL),
  (3, NULL, 'toast', 943718400, 471859200, 28311552, 'sample', 300, 10240, 900),
  (3, 3, 'index', 10485760, NULL, NULL, 'none', NULL, NULL, NULL);
INSERT INTO missing_facts (database_id, table_name, object, reason, remedy) VALUES
  (1, 'bloat_estimates', 'shop.docs', 'role triage may not read the table', 'GRANT pg_read_all_data TO triage;'),
  (1, 'bloat_estimates', 'shop.locked', 'another session holds a lock on it', 'run again when that lock is gone');
";

fn program() -> Program {
    let program = Program::new();
    program
        .write(
            "pgtriage.toml",
            "[[ignore]]\nrule = \"*/*\"\nreason = \"a test\"\n",
        )
        .snapshot("a.facts", FACTS)
        .snapshot(
            "old.facts",
            "DELETE FROM collections WHERE table_name = 'bloat_estimates'",
        );
    program
}

fn without_version(text: &str) -> String {
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    text.replace(&version, "\"version\": \"[version]\"")
}

#[test]
fn lists_and_estimates_in_every_format() {
    let program = program();
    let mut all = String::new();
    for line in [
        "tables",
        "tables --sort dead --limit 1",
        "tables --format markdown",
        "tables --format csv",
        "indexes",
        "indexes --sort scans --reverse --format json --limit 1",
        "tables --bloat",
        "tables --bloat --sort name --format markdown",
        "tables --bloat --format csv",
        "indexes --bloat --format json",
        "indexes --bloat --limit 0",
        "indexes --sort colour",
        "tables --bloat --sort dead",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let ran = program.run(&[&words[..], &["--snapshot", "a.facts"]].concat());
        all += &format!("$ {line}\n{}\n", ran.all());
    }
    let ran = program.run(&["tables", "--bloat", "--snapshot", "old.facts"]);
    all += &format!(
        "$ tables --bloat, of a snapshot without estimates\n{}\n",
        ran.all()
    );
    assert_snapshot!("objects", without_version(&all));
}

#[test]
fn estimates_keep_the_contract() {
    let ran = program().run(&[
        "tables",
        "--bloat",
        "--format",
        "json",
        "--snapshot",
        "a.facts",
    ]);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["format"], 1);
    let relations = json["relations"].as_array().unwrap();
    let names: Vec<_> = relations
        .iter()
        .map(|one| (&one["relation"], &one["kind"]))
        .collect();
    assert_eq!(
        format!("{names:?}"),
        r#"[(String("shop.docs"), String("toast")), (String("shop.orders"), String("table")), (String("shop.Odd name"), String("table"))]"#
    );
    for one in relations {
        assert!(one["bloat_bytes"].as_i64() <= one["size_bytes"].as_i64());
        assert!(one["plus_minus_bytes"].is_i64() && one["method"].is_string());
    }
}
