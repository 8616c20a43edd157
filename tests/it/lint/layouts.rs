//! Files of migrations: by which marks they are known, and what is run of them.

use pgtriage::parse::migration::layout::{Around, Found, files};
use pgtriage::parse::migration::{File, Layout, Mode, Part};

/// Takes files apart: those that end in `.sql` are migrations, all are neighbours.
fn take(given: &[(&str, &str)], change: impl Fn(Found) -> Found) -> Vec<File> {
    let mut around = Around::default();
    let mut found = Vec::new();
    for (path, text) in given {
        note(&mut around, path);
        if matches!(path.rsplit_once('.'), Some((_, "sql"))) {
            found.push(change(Found::new(*path, *text)));
        } else {
            around.texts.insert((*path).to_owned(), (*text).to_owned());
        }
    }
    for names in around.names.values_mut() {
        names.sort();
        names.dedup();
    }
    files(found, &around).files
}

/// Notes a path and the folders above it.
fn note(around: &mut Around, path: &str) {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let names = around.names.entry(folder.to_owned()).or_default();
    names.push(name.to_owned());
    if !folder.is_empty() {
        note(around, folder);
    }
}

/// A part in a line: direction, mode, and its text without comments, blanks closed up.
fn part(file: &File, part: &Part) -> String {
    let script = part.script(&file.text);
    let lines = script
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    let mode = match part.mode {
        Mode::Wrapped => "wrapped",
        Mode::Autocommit => "autocommit",
        Mode::Script => "script",
    };
    format!("{} {mode}: {}", part.direction.word(), words.join(" "))
}

/// A file in lines: what it is, its parts, what is wrong with it.
fn told(file: &File) -> String {
    let version = file.version.as_deref().unwrap_or("-");
    let mut told = format!(
        "{} {} {} {version}",
        file.chain,
        file.path,
        file.layout.word()
    );
    if file.kind != "versioned" {
        told += &format!(" {}", file.kind);
    }
    if file.expects_down {
        told += " expects-down";
    }
    if let Some(up) = &file.up_path {
        told += &format!(" takes back {up}");
    }
    for one in &file.parts {
        told += &format!("\n  {}", part(file, one));
    }
    if let Some(unread) = &file.unread {
        told += &format!("\n  ! {unread}");
    }
    told
}

#[track_caller]
fn check(given: &[(&str, &str)], expected: &str) {
    let told: Vec<String> = take(given, |found| found).iter().map(told).collect();
    assert_eq!(told.join("\n"), expected);
}

#[test]
fn liquibase_has_changesets_and_rollbacks() {
    check(
        &[(
            "db/changelog.sql",
            "--liquibase formatted sql\n\
             --changeset ann:1 context:all\nCREATE TABLE a (id int);\n--rollback DROP TABLE a;\n\
             --changeset ann:2 runInTransaction:false\nVACUUM a;\n--rollback empty\n\
             --changeset ann:3 dbms:mysql\nDROP TABLE b;\n\
             --changeset ann:4 dbms:postgresql,h2\nDROP TABLE c;\n/* liquibase rollback\nSELECT 1;\nSELECT 2;\n*/\n\
             -- changeset ann:5 splitStatements:false runInTransaction:false\nSELECT 3;\n-- rollback not required\n",
        )],
        "1 db/changelog.sql liquibase - expects-down
  up wrapped: CREATE TABLE a (id int);
  down wrapped: DROP TABLE a;
  up autocommit: VACUUM a;
  up wrapped: DROP TABLE c; /* liquibase rollback SELECT 1; SELECT 2; */
  down wrapped: SELECT 1; SELECT 2;
  up script: SELECT 3;",
    );
    check(
        &[("c.sql", "--liquibase formatted sql\nSELECT 1;\n")],
        "1 c.sql liquibase -
  ! it has no `--changeset author:id`, so Liquibase runs nothing of it",
    );
    check(
        &[(
            "c.sql",
            "-- liquibase formatted sql\n-- changeset a:x endDelimiter:/\nSELECT 1\n/\n",
        )],
        "1 c.sql liquibase x
  up wrapped: SELECT 1 /
  ! changeset x ends its statements with `/`, which is not followed: they are cut at semicolons",
    );
}

#[test]
fn goose_has_directions_and_blocks() {
    check(
        &[(
            "m/00001_a.sql",
            "-- +goose Up\nSELECT 1;\n-- +goose StatementBegin\nDO $$ BEGIN END $$;\n-- +goose StatementEnd\nSELECT 2;\n-- +goose Down\nSELECT 3;\n",
        )],
        "1 m/00001_a.sql goose 00001 expects-down
  up wrapped: SELECT 1; DO $$ BEGIN END $$; SELECT 2;
  down wrapped: SELECT 3;",
    );
    check(
        &[(
            "00002_b.sql",
            "-- +goose NO TRANSACTION\r\n-- +goose Up\r\nVACUUM;\r\n-- +goose StatementBegin\r\nSELECT 1; SELECT 2;\r\n-- +goose StatementEnd\r\n-- +goose Down\r\n-- nothing\r\n",
        )],
        "1 00002_b.sql goose 00002
  up autocommit: VACUUM;
  up script: SELECT 1; SELECT 2;",
    );
    check(
        &[
            ("m/1_a.sql", "-- +goose Up\nSELECT 1;\n"),
            ("m/2_b.sql", "SELECT 2;\n"),
            ("m/3_c.sql", "-- +goose Down\nSELECT 3;\n"),
            (
                "m/4_d.sql",
                "-- +goose Up\n-- +goose StatementBegin\nSELECT 4;\n",
            ),
            ("m/4_e.sql", "-- +goose Up\nSELECT 5;\n"),
            ("m/10_f.sql", "-- +goose Up\n-- +goose Upp\nSELECT 6;\n"),
        ],
        "1 m/1_a.sql goose 1 expects-down
  up wrapped: SELECT 1;
1 m/2_b.sql goose 2 expects-down
  ! it has no `-- +goose Up`, so goose refuses it
1 m/3_c.sql goose 3
  down wrapped: SELECT 3;
  ! `-- +goose Down` in line 1 comes before `-- +goose Up`
1 m/4_d.sql goose 4 expects-down
  up wrapped: SELECT 4;
  ! `-- +goose StatementBegin` in line 2 has no `-- +goose StatementEnd`
1 m/4_e.sql goose 4 expects-down
  up wrapped: SELECT 5;
  ! version 4 is that of m/4_d.sql too
1 m/10_f.sql goose 10 expects-down
  up wrapped: SELECT 6;
  ! line 2 has no word of goose: `Upp`",
    );
}

#[test]
fn dbmate_has_directions_with_options() {
    check(
        &[
            (
                "db/migrations/2026_a.sql",
                "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n",
            ),
            (
                "db/migrations/2027_b.sql",
                "-- why\n-- migrate:up transaction:false\nSELECT 1;\n\n-- migrate:down transaction:true\n\n",
            ),
            (
                "db/migrations/2028_c.sql",
                "SELECT 1;\n-- migrate:up\nSELECT 2;\n-- migrate:down\n",
            ),
            ("db/migrations/2029_d.sql", "SELECT 3;\n"),
            ("db/migrations/2030_e.sql", "--migrate:up\nSELECT 4;\n"),
        ],
        "1 db/migrations/2026_a.sql dbmate 2026 expects-down
  up wrapped: SELECT 1;
  down wrapped: SELECT 2;
1 db/migrations/2027_b.sql dbmate 2027 expects-down
  up script: SELECT 1;
1 db/migrations/2028_c.sql dbmate 2028 expects-down
  up wrapped: SELECT 2;
  ! statements stand before `-- migrate:up`, so dbmate refuses it
1 db/migrations/2029_d.sql dbmate 2029 expects-down
  ! it has no `-- migrate:up`, so dbmate refuses it
1 db/migrations/2030_e.sql dbmate 2030 expects-down
  up wrapped: SELECT 4;
  ! it has no `-- migrate:down`, so dbmate refuses it",
    );
}

#[test]
fn node_pg_migrate_has_directions() {
    check(
        &[
            ("migrations/1700000000000_a.sql", "-- Up Migration\nSELECT 1;\n\n-- Down Migration\nSELECT 2;\n"),
            ("migrations/1700000000001_b.sql", "SELECT 3;\n"),
            ("migrations/1700000000002_c.sql", "SELECT 4;\n---- down migration ----\nSELECT 5;\n"),
        ],
        "1 migrations/1700000000000_a.sql node-pg-migrate 1700000000000 expects-down
  up wrapped: SELECT 1;
  down wrapped: SELECT 2;
1 migrations/1700000000001_b.sql node-pg-migrate 1700000000001 expects-down
  up wrapped: SELECT 3;
1 migrations/1700000000002_c.sql node-pg-migrate 1700000000002 expects-down
  up wrapped: SELECT 4; SELECT 5;
  down wrapped: SELECT 5;
  ! it has `-- Down Migration` without `-- Up Migration`, so node-pg-migrate runs the whole file to migrate",
    );
    check(
        &[
            (
                "package.json",
                "{\"dependencies\": {\"node-pg-migrate\": \"8\"}}",
            ),
            ("migrations/1_a.sql", "SELECT 1;\n"),
        ],
        "1 migrations/1_a.sql node-pg-migrate 1
  up wrapped: SELECT 1;",
    );
}

#[test]
fn alembic_streams_are_ordered_by_their_revisions() {
    check(
        &[
            (
                "out/a.sql",
                "BEGIN;\n\n-- Running upgrade c2 -> c3\n\nSELECT 3;\nCOMMIT;\n",
            ),
            (
                "out/b.sql",
                "BEGIN;\n-- Running upgrade  -> c1\nSELECT 1;\n-- Running upgrade c1 -> c2\nSELECT 2;\nCOMMIT;\n",
            ),
            (
                "out/c.sql",
                "BEGIN;\n-- Running downgrade c3 -> c2\nSELECT 4;\nCOMMIT;\n",
            ),
        ],
        "1 out/b.sql alembic c2 expects-down
  up autocommit: BEGIN; SELECT 1; SELECT 2; COMMIT;
1 out/a.sql alembic c3 expects-down
  up autocommit: BEGIN; SELECT 3; COMMIT;
1 out/c.sql alembic c2 takes back out/a.sql
  down autocommit: BEGIN; SELECT 4; COMMIT;",
    );
}

#[test]
fn django_announces_operations() {
    check(
        &[
            (
                "sql/0002_b.sql",
                "BEGIN;\n--\n-- Add field x to a\n--\nSELECT 2;\nCOMMIT;\n",
            ),
            (
                "sql/0001_a.sql",
                "--\n-- Concurrently create index i on a\n--\nSELECT 1;\n",
            ),
            (
                "sql/0003_c.sql",
                "--\n-- Name: t; Type: TABLE\n--\nSELECT 3;\n",
            ),
        ],
        "1 sql/0003_c.sql sql 0003
  up autocommit: SELECT 3;
2 sql/0001_a.sql django 0001
  up autocommit: SELECT 1;
2 sql/0002_b.sql django 0002
  up autocommit: BEGIN; SELECT 2; COMMIT;",
    );
}

#[test]
fn dumps_are_schemas() {
    check(
        &[
            (
                "db/structure.sql",
                "SET x = 1;\n--\n-- PostgreSQL database dump complete\n--\nSET search_path TO public;\n\nINSERT INTO \"schema_migrations\" (version) VALUES\n('20260101000000');\n",
            ),
            ("db/schema.sql", "--\n-- PostgreSQL database dump\n--\nSET x = 2;\n"),
        ],
        "1 db/schema.sql sql - schema
  up autocommit: SET x = 2;
2 db/structure.sql rails - schema
  up autocommit: SET x = 1; SET search_path TO public; INSERT INTO \"schema_migrations\" (version) VALUES ('20260101000000');",
    );
}

#[test]
fn prisma_and_diesel_have_a_folder_a_migration() {
    check(
        &[
            (
                "prisma/migrations/migration_lock.toml",
                "provider = \"postgresql\"",
            ),
            (
                "prisma/migrations/20260102000000_b/migration.sql",
                "SELECT 2;",
            ),
            ("prisma/migrations/0_init/migration.sql", "SELECT 1;"),
            ("other/20260101000000_a/migration.sql", "SELECT 3;"),
        ],
        "1 other/20260101000000_a/migration.sql prisma 20260101000000_a
  up script: SELECT 3;
2 prisma/migrations/0_init/migration.sql prisma 0_init
  up script: SELECT 1;
2 prisma/migrations/20260102000000_b/migration.sql prisma 20260102000000_b
  up script: SELECT 2;",
    );
    check(
        &[
            ("migrations/2026-01-02-000000_b/down.sql", "SELECT -2;"),
            ("migrations/2026-01-02-000000_b/up.sql", "SELECT 2;"),
            ("migrations/2026-01-02-000000_b/metadata.toml", "run_in_transaction = false"),
            ("migrations/2026-01-01-000000_a/up.sql", "SELECT 1;"),
        ],
        "1 migrations/2026-01-01-000000_a/up.sql diesel 20260101000000 expects-down
  up wrapped: SELECT 1;
1 migrations/2026-01-02-000000_b/up.sql diesel 20260102000000 expects-down
  up script: SELECT 2;
1 migrations/2026-01-02-000000_b/down.sql diesel 20260102000000 takes back migrations/2026-01-02-000000_b/up.sql
  down script: SELECT -2;",
    );
}

#[test]
fn sqitch_runs_by_its_plan() {
    check(
        &[
            (
                "db/sqitch.plan",
                "%syntax-version=1.0.0\n%project=shop\n\nusers 2026-01-01T00:00:00Z A <a@b> # first\n@v1 2026 A <a@b>\norders [users] 2026 A <a@b>\n",
            ),
            ("db/deploy/orders.sql", "BEGIN; SELECT 2; COMMIT;"),
            ("db/deploy/users.sql", "SELECT 1;"),
            ("db/deploy/lost.sql", "SELECT 3;"),
            ("db/revert/users.sql", "SELECT -1;"),
            ("db/verify/users.sql", "SELECT 0;"),
        ],
        "1 db/deploy/users.sql sqitch users expects-down
  up autocommit: SELECT 1;
1 db/revert/users.sql sqitch users takes back db/deploy/users.sql
  down autocommit: SELECT -1;
1 db/deploy/orders.sql sqitch orders expects-down
  up autocommit: BEGIN; SELECT 2; COMMIT;
1 db/deploy/lost.sql sqitch lost expects-down
  up autocommit: SELECT 3;
  ! it is not in `sqitch.plan`, so Sqitch never runs it",
    );
    check(
        &[
            ("deploy/a.sql", "-- Deploy shop:a to pg\nSELECT 1;"),
            ("revert/a.sql", "SELECT 2;"),
        ],
        "1 deploy/a.sql sqitch a expects-down
  up autocommit: SELECT 1;
1 revert/a.sql sqitch a takes back deploy/a.sql
  down autocommit: SELECT 2;",
    );
    // A folder of that name alone says nothing.
    check(
        &[("deploy/a.sql", "SELECT 1;")],
        "1 deploy/a.sql sql -
  up autocommit: SELECT 1;",
    );
}

#[test]
fn flyway_versions_are_numbers_with_dots() {
    check(
        &[
            ("sql/V1_10__c.sql", "SELECT 3;"),
            ("sql/V1.2__b.sql", "SELECT 2;"),
            ("sql/sub/V1__a.sql", "SELECT 1;"),
            ("sql/U1.2__b.sql", "SELECT -2;"),
            ("sql/R__view.sql", "SELECT 4;"),
            ("sql/V2__d.sql", "CREATE INDEX CONCURRENTLY i ON t (a);"),
            ("sql/V3__e.sql", "SET lock_timeout = '1s';\nDROP INDEX concurrently i;"),
            ("sql/V4__f.sql", "SELECT 5;"),
            ("sql/V4__f.sql.conf", "# alone\nexecuteInTransaction = false\n"),
            ("sql/V4.0__g.sql", "SELECT 'concurrently';"),
            ("sql/afterMigrate.sql", "SELECT 6;"),
        ],
        "1 sql/sub/V1__a.sql flyway 1 expects-down
  up wrapped: SELECT 1;
1 sql/V1.2__b.sql flyway 1.2 expects-down
  up wrapped: SELECT 2;
1 sql/U1.2__b.sql flyway 1.2 takes back sql/V1.2__b.sql
  down wrapped: SELECT -2;
1 sql/V1_10__c.sql flyway 1.10 expects-down
  up wrapped: SELECT 3;
1 sql/V2__d.sql flyway 2 expects-down
  up autocommit: CREATE INDEX CONCURRENTLY i ON t (a);
1 sql/V3__e.sql flyway 3 expects-down
  up autocommit: SET lock_timeout = '1s'; DROP INDEX concurrently i;
  ! line 2 cannot be run in a transaction and others can: Flyway refuses such a file unless `mixed` is set
1 sql/V4.0__g.sql flyway 4.0 expects-down
  up wrapped: SELECT 'concurrently';
1 sql/V4__f.sql flyway 4 expects-down
  up autocommit: SELECT 5;
  ! version 4 is that of sql/V4.0__g.sql too
1 sql/R__view.sql flyway - repeatable
  up wrapped: SELECT 4;
1 sql/afterMigrate.sql flyway - repeatable
  up wrapped: SELECT 6;",
    );
}

#[test]
fn refinery_is_told_from_flyway() {
    check(
        &[
            ("migrations/V2__b.sql", "-- refinery:noTransaction\nVACUUM;"),
            ("migrations/U1__a.sql", "SELECT 1;"),
        ],
        "1 migrations/U1__a.sql refinery 1
  up wrapped: SELECT 1;
1 migrations/V2__b.sql refinery 2
  up script: VACUUM;",
    );
    check(
        &[
            ("Cargo.toml", "[dependencies]\nrefinery = \"0.9\""),
            ("src/sql/V1__a.sql", "CREATE INDEX CONCURRENTLY i ON t (a);"),
        ],
        "1 src/sql/V1__a.sql refinery 1
  up wrapped: CREATE INDEX CONCURRENTLY i ON t (a);",
    );
    check(
        &[("migrations/V1.1.1__a.sql", "SELECT 1;")],
        "1 migrations/V1.1.1__a.sql flyway 1.1.1
  up wrapped: SELECT 1;",
    );
}

#[test]
fn numbers_with_directions_are_golang_migrate_or_sqlx() {
    check(
        &[
            ("m/2_b.up.sql", "SELECT 2;"),
            ("m/2_b.down.sql", "SELECT -2;"),
            ("m/10_c.up.sql", "SELECT 3;"),
            ("m/10_c.down.sql", "-- nothing\n"),
        ],
        "1 m/2_b.up.sql golang-migrate 2 expects-down
  up script: SELECT 2;
1 m/2_b.down.sql golang-migrate 2 takes back m/2_b.up.sql
  down script: SELECT -2;
1 m/10_c.up.sql golang-migrate 10 expects-down
  up script: SELECT 3;
1 m/10_c.down.sql golang-migrate 10 takes back m/10_c.up.sql",
    );
    check(
        &[
            ("m/1_a.up.sql", "-- no-transaction\nVACUUM;"),
            ("m/1_a.down.sql", "SELECT -1;"),
            ("m/2_b.up.sql", "SELECT 2;"),
        ],
        "1 m/1_a.up.sql sqlx 1 expects-down
  up script: VACUUM;
1 m/1_a.down.sql sqlx 1 takes back m/1_a.up.sql
  down wrapped: SELECT -1;
1 m/2_b.up.sql sqlx 2 expects-down
  up wrapped: SELECT 2;",
    );
    check(
        &[
            (
                "app/Cargo.toml",
                "[dependencies]\nsqlx = { version = \"0.8\" }",
            ),
            ("app/migrations/1_a.sql", "SELECT 1;\n-- no-transaction\n"),
        ],
        "1 app/migrations/1_a.sql sqlx 1
  up wrapped: SELECT 1;",
    );
}

#[test]
fn atlas_has_comments_at_the_head() {
    check(
        &[
            ("migrations/atlas.sum", "h1:x"),
            ("migrations/20260101_a.sql", "SELECT 1;"),
            ("migrations/20260102_b.sql", "-- atlas:txmode none\n\nSELECT 2;"),
            ("migrations/20260103_c.sql", "-- atlas:txmode none\nSELECT 3;"),
            ("migrations/20260104_d.sql", "-- atlas:checkpoint v1\n\nSELECT 4;"),
            (
                "migrations/20260105_e.sql",
                "-- atlas:txtar\n\n-- checks.sql --\nSELECT 5;\n-- migration.sql --\nSELECT 6;\n-- down.sql --\nSELECT 7;\n",
            ),
        ],
        "1 migrations/20260101_a.sql atlas 20260101 expects-down
  up wrapped: SELECT 1;
1 migrations/20260102_b.sql atlas 20260102 expects-down
  up autocommit: SELECT 2;
1 migrations/20260103_c.sql atlas 20260103 expects-down
  up wrapped: SELECT 3;
  ! `-- atlas:txmode none` has no empty line behind it, so Atlas takes it for a comment of the statement
1 migrations/20260105_e.sql atlas 20260105 expects-down
  up wrapped: SELECT 6;
  down wrapped: SELECT 7;
2 migrations/20260104_d.sql atlas 20260104 schema
  up wrapped: SELECT 4;",
    );
}

#[test]
fn what_has_no_marks_is_sql() {
    check(
        &[
            ("sql/10-b.sql", "SELECT 2;"),
            ("sql/9-a.sql", "SELECT 1;"),
            ("sql/9-a.rollback.sql", "SELECT -1;"),
            ("sql/notes.sql", "SELECT 3;"),
            ("sql/x_up.sql", "SELECT 4;"),
            ("sql/x_down.sql", "SELECT 5;"),
            ("sql/y_down.sql", "SELECT 6;"),
        ],
        "1 sql/9-a.sql sql 9 expects-down
  up autocommit: SELECT 1;
1 sql/9-a.rollback.sql sql 9 takes back sql/9-a.sql
  down autocommit: SELECT -1;
1 sql/10-b.sql sql 10 expects-down
  up autocommit: SELECT 2;
2 sql/notes.sql sql -
  up autocommit: SELECT 3;
3 sql/x_up.sql sql - expects-down
  up autocommit: SELECT 4;
3 sql/x_down.sql sql - takes back sql/x_up.sql
  down autocommit: SELECT 5;
4 sql/y_down.sql sql -
  up autocommit: SELECT 6;",
    );
}

#[test]
fn a_layout_and_a_mode_can_be_said() {
    let given = [
        ("a.sql", "SELECT 1;\n-- migrate:down\nSELECT 2;"),
        ("b.sql", "SELECT 3;"),
    ];
    let said = take(&given, |mut found| {
        if found.path == "a.sql" {
            found.layout = Some(Layout::Dbmate);
        }
        found.transaction = Some(Mode::Script);
        found
    });
    let told: Vec<String> = said.iter().map(told).collect();
    assert_eq!(
        told,
        [
            "1 a.sql dbmate -\n  down script: SELECT 2;\n  ! it has no `-- migrate:up`, so dbmate refuses it",
            "2 b.sql sql -\n  up script: SELECT 3;",
        ]
    );
}

#[test]
fn what_is_not_judged_is_kept_only_before_what_is() {
    let given = [
        ("1_a.sql", ""),
        ("2_b.sql", ""),
        ("3_c.sql", ""),
        ("other/1_x.sql", ""),
    ];
    let said = take(&given, |mut found| {
        found.is_judged = found.path == "2_b.sql";
        found
    });
    let kept: Vec<_> = said
        .iter()
        .map(|file| (&*file.path, file.is_judged))
        .collect();
    assert_eq!(kept, [("1_a.sql", false), ("2_b.sql", true)]);
}

#[test]
fn bytes_become_text_and_what_is_lost_is_said() {
    let wide: Vec<u8> = "\u{feff}SELECT 'ü';"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let cases: [(&[u8], &str, Option<&str>); 5] = [
        (b"\xef\xbb\xbfSELECT 1;", "SELECT 1;", None),
        (&wide, "SELECT 'ü';", None),
        (b"", "", None),
        (
            b"SELECT 1;\nSELECT '\xfc';",
            "SELECT 1;\nSELECT '\u{fffd}';",
            Some(
                "line 2 holds bytes that are no UTF-8 text; they are read as replacement characters",
            ),
        ),
        (
            b"\xff\xfeS\x00E",
            "S",
            Some("it is damaged UTF-16 text, which is read with replacement characters"),
        ),
    ];
    for (bytes, text, unread) in cases {
        let taken = files(vec![Found::new("a.sql", bytes)], &Around::default());
        let file = &taken.files[0];
        assert_eq!((file.text.as_str(), file.unread.as_deref()), (text, unread));
    }
}

/// Whatever stands in a file, ranges stay within it and in order, so that masks can be made.
#[test]
fn no_text_breaks_a_layout() {
    let pieces = [
        "--liquibase formatted sql\n",
        "--changeset a:b\n",
        "--rollback x",
        "/* liquibase rollback",
        "*/",
        "-- +goose Up\n",
        "-- +goose Down\n",
        "-- +goose StatementBegin\n",
        "-- +goose StatementEnd\n",
        "-- migrate:up\n",
        "-- migrate:down\n",
        "-- Up Migration\n",
        "-- Down Migration\n",
        "-- Running upgrade a -> b\n",
        "-- Running downgrade b -> a\n",
        "-- atlas:txtar\n",
        "-- down.sql --\n",
        "ü\r\n",
        "\n",
        "SELECT 1;",
    ];
    let mut state = 7u64;
    for _ in 0..3000 {
        let mut text = String::new();
        for _ in 0..8 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text += pieces[(state >> 33) as usize % pieces.len()];
        }
        for (word, layout) in Layout::WORDS {
            let mut found = Found::new("1_a.sql", text.as_bytes());
            found.layout = Some(layout);
            for file in files(vec![found], &Around::default()).files {
                for part in &file.parts {
                    let script = part.script(&file.text);
                    assert_eq!(script.len(), text.len(), "{word}: {text:?}");
                }
            }
        }
    }
}
