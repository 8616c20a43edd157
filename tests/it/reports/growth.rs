//! Points of snapshots, slopes over them, and older snapshots that are named.

use pgtriage::derive::growth;
use pgtriage::facts::Store;

use crate::support::{Clients, Program, collect, newest, private};

const DAY: i64 = 86_400_000_000;
/// Clock of the base world.
const NOW: i64 = 1_767_225_600_000_000;

/// A figure with its values day by day, up to now.
fn figure(store: &Store, name: (&str, &str, &str), values: &[f64]) {
    for (at, value) in values.iter().rev().enumerate() {
        let at = NOW - at as i64 * DAY;
        let row = (name.0, name.1, name.2, at, value);
        let sql = "INSERT OR REPLACE INTO history (metric, database_name, object, at, value) VALUES (?1, ?2, ?3, ?4, ?5)";
        store.connection().execute(sql, row).unwrap();
    }
}

fn world(sql: &str) -> Store {
    let store = Store::in_memory().unwrap();
    let world = include_str!("../../../src/engine/base_world.sql");
    store.connection().execute_batch(world).unwrap();
    store.connection().execute_batch(sql).unwrap();
    store
}

/// Checks slope, end and days left of one figure.
#[track_caller]
fn check(sql: &str, name: (&str, &str, &str), values: &[f64], expected: &str) {
    let store = world(sql);
    figure(&store, name, values);
    growth::all(store.connection()).unwrap();
    let sql = "SELECT printf('%d points, %.1f a day, end %s, %s days', points, per_day,
                 coalesce(CAST(limit_value AS INTEGER), '-'), CASE WHEN days_left IS NULL THEN '-' ELSE printf('%.1f', days_left) END)
               FROM growth WHERE metric = ?1 AND database_name = ?2 AND object = ?3";
    let found = store.connection().query_row(sql, name, |row| row.get(0));
    let found: String = match found {
        Err(rusqlite::Error::QueryReturnedNoRows) => "nothing".to_owned(),
        other => other.unwrap(),
    };
    assert_eq!(found, expected, "{name:?}");
}

const DAYS: [f64; 10] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];

#[test]
fn figures_end_where_their_limit_is() {
    let sequences = "
        INSERT INTO relations (id, name) VALUES (1, 'orders'), (2, 'logs');
        INSERT INTO columns (relation_id, position, name, type, default_expression) VALUES
          (1, 1, 'id', 'integer', NULL), (2, 1, 'id', 'integer', 'nextval(''wide''::regclass)');
        INSERT INTO sequences (id, name, type, start_value, min_value, max_value, increment, cycles, owner_relation_id, owner_column) VALUES
          (1, 'orders_id_seq', 'bigint', 1, 1, 9223372036854775807, 1, 0, 1, 'id'),
          (2, 'wide', 'bigint', 1, 1, 9223372036854775807, 1, 0, NULL, NULL),
          (3, 'ring', 'smallint', 1, 1, 1000, 1, 1, NULL, NULL),
          (4, 'down', 'smallint', -1, -32768, -1, -1, 0, NULL, NULL);";
    let up = DAYS.map(|day| 1e9 + 1e7 * day);
    let name = |object| ("sequence value", "app", object);
    // The column ends before its sequence does, whether it owns it or not.
    let integer = "10 points, 10000000.0 a day, end 2147483647, 105.7 days";
    check(sequences, name("public.orders_id_seq"), &up, integer);
    check(sequences, name("public.wide"), &up, integer);
    let ring = DAYS.map(|day| 1.0 + day * 100.0);
    check(
        sequences,
        name("public.ring"),
        &ring,
        "10 points, 100.0 a day, end -, - days",
    );
    let down = DAYS.map(|day| -1.0 - day * 100.0);
    check(
        sequences,
        name("public.down"),
        &down,
        "10 points, -100.0 a day, end -32768, 318.7 days",
    );
    let age = [
        10.0, 60.0, 110.0, 160.0, 5.0, 55.0, 105.0, 155.0, 20.0, 70.0,
    ]
    .map(|m| m * 1e6);
    check(
        "",
        ("xid age", "app", ""),
        &age,
        "10 points, 50000000.0 a day, end 2144483647, 41.5 days",
    );
    let disk = "INSERT INTO machines (node_id, disk_bytes, disk_free_bytes) VALUES (1, 1000, 100);";
    let used = DAYS.map(|day| 810.0 + day * 10.0);
    check(
        disk,
        ("disk used", "", ""),
        &used,
        "10 points, 10.0 a day, end 1000, 10.0 days",
    );
    let settings = "INSERT INTO settings (name, server_value_num) VALUES ('max_connections', 100), ('superuser_reserved_connections', 3);";
    let sessions = DAYS.map(|day| 20.0 + day);
    check(
        settings,
        ("connections", "", ""),
        &sessions,
        "10 points, 1.0 a day, end 97, 68.0 days",
    );
    // What shrinks has no end.
    let less = DAYS.map(|day| 900.0 - day);
    check(
        disk,
        ("disk used", "", ""),
        &less,
        "10 points, -1.0 a day, end 1000, - days",
    );
}

#[test]
fn too_few_points_tell_nothing() {
    check("", ("database size", "app", ""), &DAYS[..3], "nothing");
    // Many within an hour neither.
    let store = world("");
    for at in 0..50 {
        let sql = "INSERT INTO history (metric, at, value) VALUES ('connections', ?1, ?2)";
        let at = (NOW - i64::from(at) * 60_000_000, at);
        store.connection().execute(sql, at).unwrap();
    }
    growth::all(store.connection()).unwrap();
    growth::book_unknown(store.connection()).unwrap();
    let count = "SELECT (SELECT count(*) FROM growth) || ' ' || (SELECT group_concat(reason) FROM missing_facts WHERE table_name = 'growth')";
    let found: String = store
        .connection()
        .query_row(count, [], |row| row.get(0))
        .unwrap();
    assert_eq!(found, "0 one look does not tell how fast anything grows");
}

/// A snapshot of so many days before now, with half a sequence left, of which a tenth goes each day.
fn aged(program: &Program, name: &str, days: i64, more: &str) {
    let sql = format!(
        "UPDATE snapshot SET created_at = created_at - {days} * {DAY};
         UPDATE samples SET captured_at = captured_at - {days} * {DAY};
         INSERT INTO sequences (id, name, type, start_value, min_value, max_value, last_value)
         VALUES (1, 'tickets', 'bigint', 1, 1, 100000, 50000 - {days} * 5000);
         {more}"
    );
    program.snapshot(name, &sql);
}

#[test]
fn older_snapshots_tell_how_long_things_last() {
    let program = Program::new();
    std::fs::create_dir(program.path("days")).unwrap();
    for day in 0..9 {
        aged(&program, &format!("days/{day}.facts"), day, "");
    }
    let rule = [
        "--rule",
        "capacity/*",
        "--format",
        "json",
        "--fail-on",
        "never",
    ];
    let check = |since: &[&str]| {
        let mut arguments = vec!["check", "--snapshot", "days/0.facts"];
        arguments.extend(rule);
        arguments.extend(since);
        let ran = program.run(&arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.all());
        let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        json["findings"].as_array().unwrap().clone()
    };
    assert!(check(&[]).is_empty());
    for since in [&["--since", "days"][..], &["--since", "days/*.facts"]] {
        let found = check(since);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0]["object"], "public.tickets");
        assert_eq!(found[0]["severity"], "error");
        assert_eq!(found[0]["evidence"]["points"], 9);
        let left = found[0]["evidence"]["days_left"].as_f64().unwrap();
        assert!((left - 10.0).abs() < 1e-6, "{left}");
    }
    // Five days are fewer than seven points.
    assert!(
        check(&[
            "--since",
            "days/1.facts",
            "days/2.facts",
            "days/3.facts",
            "days/4.facts"
        ])
        .is_empty()
    );
}

#[test]
fn what_cannot_be_compared_is_said_in_a_sentence() {
    let program = Program::new();
    aged(&program, "now.facts", 0, "");
    aged(&program, "old.facts", 1, "");
    aged(
        &program,
        "other.facts",
        1,
        "UPDATE nodes SET system_identifier = '7300000000000000002';",
    );
    aged(
        &program,
        "unknown.facts",
        1,
        "UPDATE nodes SET system_identifier = NULL;",
    );
    aged(
        &program,
        "nameless.facts",
        0,
        "UPDATE nodes SET system_identifier = NULL;",
    );
    program.write("no.facts", "text");
    for (now, since, code, said) in [
        ("now.facts", "old.facts", 0, ""),
        (
            "now.facts",
            "other.facts",
            2,
            "other.facts is of another cluster",
        ),
        (
            "now.facts",
            "unknown.facts",
            2,
            "whether unknown.facts is of the same cluster",
        ),
        ("nameless.facts", "unknown.facts", 0, ""),
        ("old.facts", "now.facts", 0, "now.facts is not older"),
        ("now.facts", "no.facts", 2, "no.facts"),
        ("now.facts", "gone.facts", 2, "gone.facts"),
        ("now.facts", "x*.facts", 2, "no file is called x*.facts"),
    ] {
        let ran = program.run(&[
            "report",
            "--snapshot",
            now,
            "--since",
            since,
            "--markdown",
            "-",
        ]);
        assert_eq!(ran.code, Some(code), "{now} {since}: {}", ran.all());
        assert!(ran.stderr.contains(said), "{now} {since}: {}", ran.stderr);
        assert!(
            code == 0 || ran.stderr.trim().lines().count() == 1,
            "{}",
            ran.stderr
        );
        if said.is_empty() {
            assert!(
                ran.stderr.is_empty() && ran.stdout.contains(since),
                "{}",
                ran.all()
            );
        }
    }
}

#[test]
fn a_backup_leaves_its_trace() {
    let Some(server) = newest() else {
        return;
    };
    let settings = [
        ("archive_mode", "on"),
        ("archive_command", "false"),
        ("wal_level", "replica"),
    ];
    let options = pgtriage::cluster::Options {
        settings: settings
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        ..pgtriage::cluster::Options::default()
    };
    let cluster = private(server, options);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let store = runtime.block_on(async {
        let client = cluster.client("postgres").await;
        let backup = "SELECT pg_backup_start('test', true); SELECT pg_backup_stop(false);";
        client.batch_execute(backup).await.unwrap();
        collect(&cluster.conninfo("postgres")).await
    });
    let seen = "SELECT (SELECT count(*) FROM base_backups) || ' backup, waiting: ' || (SELECT ready_count > 0 FROM archive_status)
                  || ', ' || (SELECT group_concat(DISTINCT metric ORDER BY metric) FROM history WHERE value > 0 AND metric <> 'disk used')";
    let seen: String = store
        .connection()
        .query_row(seen, [], |row| row.get(0))
        .unwrap();
    assert_eq!(
        seen,
        "1 backup, waiting: 1, cluster size,connections,database size,files to archive,wal position,xid age"
    );
}
