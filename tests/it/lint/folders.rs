//! Fixes written into folders that are there: versions, names and habits are those of the folder.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use insta::assert_snapshot;
use jiff::Timestamp;
use pgtriage::advise::migration::fixes::{Fix, Linted, Place, migrations};
use pgtriage::parse::migration::Layout;

fn fix(sql: &str, undo: &str) -> Fix {
    Fix {
        rule: "index/missing".to_owned(),
        object: "public.orders".to_owned(),
        detail: "reads all rows".to_owned(),
        sql: sql.to_owned(),
        undo: (!undo.is_empty()).then(|| undo.to_owned()),
        needs: Vec::new(),
    }
}

fn index() -> Fix {
    fix(
        "CREATE INDEX CONCURRENTLY orders_a_idx ON app.orders (a);",
        "DROP INDEX CONCURRENTLY app.orders_a_idx;",
    )
}

/// A folder on the last day of January.
fn place(names: &[&str], texts: &[(&str, &str)]) -> Place {
    let now: Timestamp = "2026-01-31T12:34:56.789Z".parse().unwrap();
    let texts = texts.iter();
    let texts: BTreeMap<String, String> = texts
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    Place {
        names: names
            .iter()
            .map(|name| (*name).to_owned())
            .chain(texts.keys().cloned())
            .collect(),
        texts,
        ..Place::empty("db/app/migrations", now)
    }
}

/// Paths of what is written, or why nothing is.
fn paths(fixes: &[Fix], layout: Layout, place: &Place) -> Vec<String> {
    let written = migrations(fixes, layout, place, &Linted::default());
    let files = written.files().chain(&written.by_hand);
    let left = written.left.iter();
    files
        .map(|file| file.path.replacen("db/app/migrations/", "", 1))
        .chain(left.map(|(_, because)| because.clone()))
        .collect()
}

#[test]
fn versions_and_names_are_those_of_the_folder() {
    let rails = "class A < ActiveRecord::Migration[8.0]\nend\n";
    let django = |before: &str| {
        format!(
            "class Migration(migrations.Migration):\n    dependencies = [(\"store\", \"{before}\")]\n"
        )
    };
    let mut told = String::new();
    for (layout, names) in [
        (Layout::Sql, &["007_a.sql"][..]),
        (Layout::Sql, &["7-create-a.up.sql", "7-create-a.down.sql"]),
        (Layout::Sql, &["12_a.sql", "12_a_rollback.sql"]),
        (Layout::Sql, &["20260130_a.sql"]),
        (Layout::Sql, &[]),
        (Layout::Flyway, &["V1_9__a.sql", "V1_10__b.sql", "R__c.sql"]),
        (Layout::Flyway, &["V2__a.sql", "U2__a.sql"]),
        (Layout::Flyway, &[]),
        (
            Layout::GolangMigrate,
            &["000041_a.up.sql", "000041_a.down.sql"],
        ),
        (Layout::GolangMigrate, &["1700000000_a.up.sql"]),
        (Layout::Goose, &["00041_a.sql"]),
        (Layout::Goose, &["20260131123501_a.sql"]),
        (Layout::Goose, &["20251231235959_a.sql"]),
        (Layout::Sqlx, &["20250101000000_a.sql"]),
        (
            Layout::Sqlx,
            &["20250101000000_a.up.sql", "20250101000000_a.down.sql"],
        ),
        (Layout::Diesel, &["2025-01-01-000000_a"]),
        (Layout::Prisma, &["20250101000000_a", "migration_lock.toml"]),
        (Layout::Refinery, &["V9__a.sql"]),
        (
            Layout::NodePgMigrate,
            &["1700000000000_a.sql", "1700000000001_b.js"],
        ),
        (Layout::Atlas, &["20250101000000.sql", "atlas.sum"]),
        (Layout::Liquibase, &["db.changelog-master.xml", "014-a.sql"]),
        (
            Layout::Dbmate,
            &["20250101000000_orders_a_idx.sql", "by_hand.txt"],
        ),
    ] {
        let all = paths(&[index(), index()], layout, &place(names, &[])).join("\n    ");
        writeln!(told, "{} {names:?}\n    {all}", layout.word()).unwrap();
    }
    for (layout, texts) in [
        (
            Layout::Rails,
            vec![("20250101000000_a.rb", rails.to_owned())],
        ),
        (
            Layout::Django,
            vec![
                ("0001_a.py", django("0000_other")),
                ("0002_b.py", django("0001_a")),
                ("__init__.py", String::new()),
            ],
        ),
        (
            Layout::Django,
            vec![
                ("0001_a.py", django("0000_other")),
                ("0002_b.py", django("0001_a")),
                ("0002_c.py", django("0001_a")),
            ],
        ),
        (
            Layout::Alembic,
            vec![
                (
                    "aa_x.py",
                    "revision = 'aa'\ndown_revision = None\n".to_owned(),
                ),
                (
                    "bb_y.py",
                    "revision: str = 'bb'\ndown_revision: Union[str, None] = 'aa'\n".to_owned(),
                ),
            ],
        ),
        (
            Layout::Alembic,
            vec![
                (
                    "aa_x.py",
                    "revision = 'aa'\ndown_revision = None\n".to_owned(),
                ),
                (
                    "bb_y.py",
                    "revision = 'bb'\ndown_revision = None\n".to_owned(),
                ),
            ],
        ),
        (
            Layout::Sqitch,
            vec![(
                "sqitch.plan",
                "%project=shop\n\ncreate_index_orders_a_idx 2025-01-01T00:00:00Z A <a@b>"
                    .to_owned(),
            )],
        ),
        (Layout::Sqitch, Vec::new()),
    ] {
        let texts: Vec<(&str, &str)> = texts
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        let place = place(&[], &texts);
        let all = paths(&[index()], layout, &place).join("\n    ");
        writeln!(told, "{}\n    {all}", layout.word()).unwrap();
        let written = migrations(&[index()], layout, &place, &Linted::default());
        for file in written.files().chain(&written.changed) {
            let text = file.text.replace('\n', "\n    | ");
            writeln!(told, "    | {text}").unwrap();
        }
    }
    assert_snapshot!(told);
}

#[test]
fn what_is_no_matter_of_migrations_is_done_by_hand() {
    let mut told = String::new();
    for (sql, undo) in [
        (
            "ALTER SYSTEM SET fsync = on;\nSELECT pg_reload_conf();",
            "ALTER SYSTEM RESET fsync;",
        ),
        (
            "SET lock_timeout = '2s';\nVACUUM (FULL, ANALYZE) app.orders;",
            "",
        ),
        ("-- In the transaction:\nSET LOCAL work_mem = '64MB';", ""),
        ("REINDEX INDEX CONCURRENTLY app.orders_a_idx;", ""),
        (
            "GRANT pg_read_all_stats TO watcher;",
            "REVOKE pg_read_all_stats FROM watcher;",
        ),
        (
            "GRANT SELECT ON app.orders TO watcher;",
            "REVOKE SELECT ON app.orders FROM watcher;",
        ),
        ("\\password web", ""),
        ("-- Find out who calls nextval so often.", ""),
        ("ALTER TABLE app.orders ALTER COLUMN a TYPE …;", ""),
        (
            "ANALYZE app.orders;\nALTER TABLE app.orders RESET (autovacuum_enabled);",
            "ALTER TABLE app.orders SET (autovacuum_enabled = false);",
        ),
        (
            "DROP INDEX CONCURRENTLY app.\"A.b\";",
            "SET default_tablespace = 'Fast one';\nCREATE INDEX CONCURRENTLY \"A.b\" ON app.orders USING btree (a) WITH (fillfactor='80') WHERE (a > 0);\nRESET default_tablespace;",
        ),
        (
            "ALTER TABLE app.orders DROP CONSTRAINT k;",
            "SET default_tablespace = 'fast';\nALTER TABLE app.orders ADD CONSTRAINT k UNIQUE (a) DEFERRABLE;\nRESET default_tablespace;",
        ),
        (
            "ALTER TABLE app.orders ADD CONSTRAINT k PRIMARY KEY USING INDEX k;",
            "ALTER TABLE app.orders DROP CONSTRAINT k;\nCREATE UNIQUE INDEX CONCURRENTLY k ON app.orders USING btree (a);",
        ),
        (
            "CREATE INDEX CONCURRENTLY n ON app.orders (a) WHERE a > 0;\nDROP INDEX CONCURRENTLY app.o;",
            "CREATE INDEX CONCURRENTLY o ON app.orders (a);\nDROP INDEX CONCURRENTLY app.n;",
        ),
        (
            "ALTER TABLE app.a FORCE ROW LEVEL SECURITY;\nALTER TABLE app.b FORCE ROW LEVEL SECURITY;",
            "ALTER TABLE app.a NO FORCE ROW LEVEL SECURITY;\nALTER TABLE app.b NO FORCE ROW LEVEL SECURITY;",
        ),
    ] {
        writeln!(told, "# {}", sql.replace('\n', "\n# ")).unwrap();
        let linted = Linted {
            names_are_free: true,
            ..Linted::default()
        };
        for layout in [Layout::Goose, Layout::Dbmate] {
            let place = place(&["0001_a.sql"], &[]);
            let written = migrations(&[fix(sql, undo)], layout, &place, &linted);
            for file in written.files().chain(&written.by_hand) {
                let (_, name) = file.path.rsplit_once('/').unwrap();
                let text = file.text.trim_end().replace('\n', "\n    ");
                writeln!(told, "{}: {name}\n    {text}", layout.word()).unwrap();
            }
        }
        told.push('\n');
    }
    assert_snapshot!(told);
}

#[test]
fn statistics_of_an_expression_go_with_its_index() {
    let mut expression = fix(
        "CREATE INDEX CONCURRENTLY orders_lower_idx ON app.orders (lower(note)) WHERE id > 5;\nANALYZE app.orders;",
        "DROP INDEX CONCURRENTLY app.orders_lower_idx;",
    );
    // Statistics of a plain column are there already.
    let plain = fix(
        "CREATE INDEX CONCURRENTLY orders_note_idx ON app.orders (note);\nANALYZE app.orders;",
        "DROP INDEX CONCURRENTLY app.orders_note_idx;",
    );
    expression.rule = "query/non-sargable-predicate".to_owned();
    let plan = "%syntax-version=1.0.0\n%project=shop\n\n";
    let mut told = String::new();
    for (word, layout) in Layout::WORDS {
        let place = match layout {
            Layout::Sqitch => place(&[], &[("sqitch.plan", plan)]),
            _ => place(&[], &[]),
        };
        let fixes = [expression.clone(), plain.clone()];
        let written = migrations(&fixes, layout, &place, &Linted::default());
        assert_eq!(written.left, [], "{word}");
        let by_hand = &written.by_hand.as_ref().unwrap().text;
        assert_eq!(by_hand.matches("ANALYZE app.orders;").count(), 1, "{word}");
        for made in &written.made {
            let m = &made.migration;
            writeln!(told, "{word} {}: {:?} back {:?}", m.name, m.up, m.down).unwrap();
        }
    }
    assert_snapshot!(told);
}

#[test]
fn a_fix_that_needs_another_is_left_with_it() {
    let mut drop = fix(
        "DROP INDEX CONCURRENTLY app.orders_b_idx;",
        "CREATE INDEX CONCURRENTLY orders_b_idx ON app.orders (b);",
    );
    "app.orders_b_idx".clone_into(&mut drop.object);
    drop.needs = vec![0];
    let place = place(&[], &[]);
    let fixes = [index(), drop];
    // Linted, the first one is done by hand, and so is what needs it.
    let mut linted = Linted::default();
    linted.against.insert(0, vec!["it locks".to_owned()]);
    linted.against.insert(1, vec!["it goes by it".to_owned()]);
    let written = migrations(&fixes, Layout::Sql, &place, &linted);
    assert!(written.made.is_empty());
    let written = migrations(&fixes, Layout::Sql, &place, &Linted::default());
    let order: Vec<_> = written.made.iter().map(|made| made.key.0).collect();
    assert_eq!(order, [0, 1]);
}
