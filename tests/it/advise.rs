//! Sizes of pools and timeouts of roles, worked out from facts.

use insta::assert_snapshot;
use pgtriage::advise::{pool, timeouts};
use pgtriage::facts::Store;

use crate::support::{Program, Ran};

/// An hour of samples, one a minute: 100 transactions a second, each holding a connection for 20 ms,
/// of which 12 are active, 2 of these waiting for blocks and 4 for WAL. The tenth minute is four
/// times as busy.
const HOUR: &str = "
INSERT INTO settings (name, vartype, context, source, server_value, server_value_num) VALUES
  ('max_connections', 'integer', 'postmaster', 'default', '100', 100),
  ('superuser_reserved_connections', 'integer', 'postmaster', 'default', '3', 3),
  ('track_io_timing', 'bool', 'superuser', 'configuration file', 'on', 1),
  ('track_wal_io_timing', 'bool', 'superuser', 'configuration file', 'on', 1),
  ('synchronous_commit', 'enum', 'user', 'default', 'on', NULL);
INSERT INTO roles (id, name) VALUES (1, 'web');
UPDATE database_stats SET xact_commit = 5000, xact_rollback = 0, active_time_ms = 60000, idle_in_transaction_time_ms = 40000,
  blk_read_time_ms = 0, blk_write_time_ms = 0, blks_read = 0, tup_inserted = 0, tup_updated = 0, tup_deleted = 0;
INSERT INTO wal_stats (sample_id, wal_write, wal_sync, wal_write_ms, wal_sync_ms) VALUES (1, 0, 0, 0, 0);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO samples (id, node_id, captured_at, postmaster_started_at)
SELECT 1 + i, 1, 1767225600000000 + i * 60000000, 1764633600000000 FROM n;
CREATE TEMP TABLE done AS
  SELECT id, 6000 * (id - 1) + CASE WHEN id > 10 THEN 18000 ELSE 0 END AS transactions FROM samples WHERE id > 1;
INSERT INTO database_stats (sample_id, database_id, stats_reset_at, xact_commit, xact_rollback, active_time_ms,
  idle_in_transaction_time_ms, blk_read_time_ms, blk_write_time_ms, blks_read, tup_inserted, tup_updated, tup_deleted)
SELECT id, 1, 1764633600000000, 5000 + transactions, 0, 60000 + 12 * transactions, 40000 + 8 * transactions,
  1.5 * transactions, 0.5 * transactions, 3 * transactions, transactions, 0, 0 FROM done;
INSERT INTO wal_stats (sample_id, wal_write, wal_sync, wal_write_ms, wal_sync_ms)
SELECT id, transactions, transactions, transactions, 3 * transactions FROM done;
DELETE FROM collections WHERE sample_id IS NOT NULL;
INSERT INTO machines (node_id, cores, cores_source) VALUES (1, 4, 'option');
";

fn store(sql: &str) -> Store {
    let store = Store::in_memory().unwrap();
    let world = include_str!("../../src/engine/base_world.sql");
    store.connection().execute_batch(world).unwrap();
    store.connection().execute_batch(sql).unwrap();
    store
}

fn row(store: &Store, sql: &str) -> String {
    let mut statement = store.connection().prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement
        .query_map([], |row| {
            let values = (0..columns).map(|at| {
                Ok(match row.get::<_, rusqlite::types::Value>(at)? {
                    rusqlite::types::Value::Null => "-".to_owned(),
                    rusqlite::types::Value::Integer(n) => n.to_string(),
                    rusqlite::types::Value::Real(n) => format!("{}", (n * 100.0).round() / 100.0),
                    rusqlite::types::Value::Text(text) => text,
                    rusqlite::types::Value::Blob(_) => "blob".to_owned(),
                })
            });
            values.collect::<rusqlite::Result<Vec<_>>>()
        })
        .unwrap();
    let rows: Vec<String> = rows.map(|row| row.unwrap().join(" ")).collect();
    rows.join("; ")
}

/// Works sizes out after a change of the facts, and compares what a question gives.
#[track_caller]
fn check_pool(change: &str, question: &str, expected: &str) {
    let store = store(&format!("{HOUR}{change}"));
    let inputs = pool::Inputs {
        instances: Some(3),
        ..pool::Inputs::default()
    };
    pool::write(store.connection(), &inputs).unwrap();
    assert_eq!(row(&store, question), expected, "{change}\n{question}");
}

const SIZES: &str = "SELECT peak, transactions_per_s, hold_ms, cpu_ms, busy_connections, utilization, needed, capacity,
  advised_low, advised_high, per_instance FROM pool_advice WHERE database_id IS NULL ORDER BY peak";

#[test]
fn demand_and_capacity_come_from_counters() {
    // The busiest minute has 400/s, so 8 busy; A = 12 - 2 - 4 = 6 ms; N_cap = 2·4·20/6 = 26.7.
    check_pool(
        "",
        SIZES,
        "1 400 20 6 8 0.6 13 27 13 13 4; 2 800 20 6 16 1.2 - 27 27 27 9; 3 1200 20 6 24 1.8 - 27 27 27 9",
    );
    check_pool(
        "UPDATE machines SET cores = 16",
        SIZES,
        "1 400 20 6 8 0.15 13 107 13 13 4; 2 800 20 6 16 0.3 22 107 22 22 7; 3 1200 20 6 24 0.45 30 107 30 30 10",
    );
}

#[test]
fn what_is_not_known_is_said() {
    check_pool(
        "DELETE FROM machines",
        "SELECT utilization, needed, capacity, advised_high, reason FROM pool_advice WHERE database_id IS NULL AND peak = 2",
        "- 22 - 22 the load decides; the cores are not known",
    );
    // Times that are not taken count as CPU time: the capacity is a least one and bounds nothing.
    check_pool(
        "UPDATE settings SET server_value = 'off', server_value_num = 0 WHERE name LIKE 'track_%';
         UPDATE database_stats SET blk_read_time_ms = NULL, blk_write_time_ms = NULL;
         UPDATE wal_stats SET wal_write_ms = 0, wal_sync_ms = 0",
        "SELECT cpu_ms, capacity, capacity_is_least, json_array_length(notes) FROM pool_advice WHERE database_id IS NULL AND peak = 1",
        "12 13 1 2",
    );
    // Where nothing is read or written, they do not matter.
    check_pool(
        "UPDATE settings SET server_value = 'off', server_value_num = 0 WHERE name LIKE 'track_%';
         UPDATE database_stats SET blk_read_time_ms = NULL, blk_write_time_ms = NULL, blks_read = 0, tup_inserted = 0;
         UPDATE wal_stats SET wal_write_ms = 0, wal_sync_ms = 0, wal_write = 0, wal_sync = 0",
        "SELECT cpu_ms, capacity_is_least, notes FROM pool_advice WHERE database_id IS NULL AND peak = 1",
        "12 0 []",
    );
    // One sample: means since the counters began.
    check_pool(
        "DELETE FROM database_stats WHERE sample_id > 1; DELETE FROM samples WHERE id > 1",
        "SELECT is_lifetime, hold_ms, busy_connections < 0.01, window_ms > 2e9, json_array_length(notes)
         FROM pool_advice WHERE database_id IS NULL AND peak = 1",
        "1 20 1 1 1",
    );
    // Before 14 there are no times of sessions.
    check_pool(
        "UPDATE database_stats SET active_time_ms = NULL, idle_in_transaction_time_ms = NULL",
        "SELECT count(*), (SELECT count(*) FROM missing_facts WHERE table_name = 'pool_advice') FROM pool_advice",
        "0 1",
    );
}

/// A minute of looks before 14: 2 of 4 busy sessions on a core, at 100 transactions a second.
const LOOKS: &str = "
UPDATE database_stats SET active_time_ms = NULL, idle_in_transaction_time_ms = NULL;
DELETE FROM database_stats WHERE sample_id > 2; DELETE FROM samples WHERE id > 2;
UPDATE machines SET cores = 4;
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {LOOKS})
INSERT INTO activity_samples (at, database_id, role_id, state, wait_event_type, wait_event, sessions)
SELECT 1767225600000000 + i * 50000, 1, 1, v.column1, v.column2, v.column3, v.column4 FROM n
CROSS JOIN (VALUES ('active', NULL, NULL, 2), ('active', 'IO', 'DataFileRead', 1),
                   ('idle in transaction', 'Client', 'ClientRead', 1), ('idle', NULL, NULL, 9)) v;
";

#[test]
fn before_14_looks_at_sessions_tell() {
    check_pool(
        &LOOKS.replace("{LOOKS}", "1199"),
        "SELECT method, transactions_per_s, hold_ms, cpu_ms, busy_connections, capacity, needed, advised_low, advised_high
         FROM pool_advice WHERE database_id IS NULL AND peak = 1",
        "activity samples 100 40 20 4 8 9 8 8",
    );
    // Few sightings: a range.
    check_pool(
        &LOOKS.replace("{LOOKS}", "9"),
        "SELECT capacity, needed, advised_low < 8, advised_high > 8, busy_samples
         FROM pool_advice WHERE database_id IS NULL AND peak = 1",
        "8 9 1 1 40",
    );
}

#[test]
fn connections_of_others_and_reserved_ones_are_left_out() {
    let usable = "SELECT max_connections, reserved, others, usable FROM pool_advice WHERE database_id IS NULL AND peak = 1";
    check_pool("", usable, "100 8 0 92");
    check_pool(
        "INSERT INTO roles (id, name, is_superuser) VALUES (2, 'postgres', 1);
         INSERT INTO sessions (sample_id, pid, database_id, role_id, state)
         VALUES (61, 1, 1, 2, 'idle'), (61, 2, 1, 2, 'idle'), (61, 3, 1, 1, 'active'), (61, 4, 1, 1, 'idle')",
        usable,
        "100 8 2 90",
    );
    check_pool("UPDATE nodes SET provider = 'azure'", usable, "100 20 0 80");
    // Nobody looked at sessions.
    check_pool(
        "DELETE FROM collections WHERE table_name IN ('sessions', 'activity_samples')",
        usable,
        "100 8 - -",
    );
    // As many instances as there are connections: two each do not fit.
    let store = store(HOUR);
    let inputs = pool::Inputs {
        instances: Some(60),
        ..pool::Inputs::default()
    };
    pool::write(store.connection(), &inputs).unwrap();
    let each = "SELECT DISTINCT per_instance FROM pool_advice";
    assert_eq!(row(&store, each), "-");
}

#[test]
fn our_own_looks_are_no_load() {
    check_pool(
        "DELETE FROM database_stats WHERE sample_id > 2; DELETE FROM samples WHERE id > 2;
         UPDATE samples SET own_database_id = 1, own_transactions = 3000, own_busy_ms = 12000 WHERE id = 2",
        "SELECT transactions, transactions_per_s, hold_ms FROM pool_advice WHERE database_id IS NULL AND peak = 1",
        "3000 50 36",
    );
}

#[test]
fn a_reset_of_one_database_leaves_its_time_out_of_all() {
    check_pool(
        "INSERT INTO databases (id, name) VALUES (2, 'idle');
         INSERT INTO database_stats (sample_id, database_id, stats_reset_at, xact_commit, xact_rollback, active_time_ms,
           idle_in_transaction_time_ms, blk_read_time_ms, blk_write_time_ms, blks_read, tup_inserted, tup_updated, tup_deleted)
         SELECT id, 2, 1764633600000000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM samples WHERE id <= 61;
         UPDATE database_stats SET stats_reset_at = 1764633600000001 WHERE database_id = 1 AND sample_id > 30;",
        "SELECT window_ms, transactions FROM pool_advice WHERE database_id IS NULL AND peak = 1",
        "3540000 372000",
    );
}

#[test]
fn databases_share_the_capacity() {
    check_pool(
        "INSERT INTO databases (id, oid, name, is_collected) VALUES (2, 16385, 'other', 0);
         INSERT INTO database_stats (sample_id, database_id, stats_reset_at, xact_commit, xact_rollback, active_time_ms,
           idle_in_transaction_time_ms, blk_read_time_ms, blk_write_time_ms, blks_read, tup_inserted, tup_updated, tup_deleted)
         SELECT sample_id, 2, stats_reset_at, xact_commit, xact_rollback, active_time_ms, idle_in_transaction_time_ms,
           blk_read_time_ms, blk_write_time_ms, blks_read, tup_inserted, tup_updated, tup_deleted FROM database_stats",
        "SELECT coalesce(database_id, 0), transactions_per_s, hold_ms, cpu_ms, capacity FROM pool_advice WHERE peak = 1 ORDER BY 1",
        // WAL time is the server's, half of it each one's.
        "0 800 20 8 20; 1 400 20 8 10; 2 400 20 8 10",
    );
}

/// Roles with counters of statements.
const ROLES: &str = "
INSERT INTO settings (name, unit, vartype, context, source, server_value, server_value_num) VALUES
  ('statement_timeout', 'ms', 'integer', 'user', 'default', '0', 0),
  ('lock_timeout', 'ms', 'integer', 'user', 'default', '0', 0),
  ('idle_in_transaction_session_timeout', 'ms', 'integer', 'user', 'default', '0', 0),
  ('idle_session_timeout', 'ms', 'integer', 'user', 'default', '0', 0),
  ('transaction_timeout', 'ms', 'integer', 'user', 'default', '0', 0),
  ('deadlock_timeout', 'ms', 'integer', 'superuser', 'default', '1000', 1000);
DELETE FROM log_totals; DELETE FROM log_sources;
INSERT INTO roles (id, name) VALUES (1, 'web'), (2, 'bi'), (3, 'flyway'), (4, 'nightly'), (5, 'shop');
INSERT INTO sessions (pid, database_id, role_id, application_name, state) VALUES
  (11, 1, 1, 'puma', 'idle'), (12, 1, 1, 'puma', 'idle'), (13, 1, 4, 'pg_dump', 'active');
INSERT INTO statements (id, fingerprint, text) VALUES
  (1, 'f1:1', 'SELECT * FROM orders WHERE id = $1'), (2, 'f1:2', 'UPDATE orders SET total = $1 WHERE id = $2'),
  (3, 'f1:3', 'SELECT sum(total) FROM orders'), (4, 'f1:4', 'CREATE INDEX ON orders (total)'),
  (5, 'f1:5', 'SELECT count(*) FROM orders GROUP BY day');
INSERT INTO statement_counters (statement_id, role_id, calls, total_exec_ms, mean_exec_ms, stddev_exec_ms, max_exec_ms) VALUES
  (1, 1, 200000, 400000, 2, 1, 2100), (2, 1, 900, 9000, 10, 20, 9000),
  (3, 2, 600, 1800000, 3000, 9000, 150000), (4, 3, 600, 6000, 10, 1, 20),
  (1, 5, 50000, 100000, 2, 1, 300), (5, 5, 700, 2800000, 4000, 1000, 8000);
";

fn limits() -> timeouts::Limits {
    timeouts::Limits {
        headroom: timeouts::HEADROOM,
        statement_least: 5e3,
        statement_most: 1e4,
        statement_unmeasured: 6e4,
        report_least: 3e5,
        report_most: 9e5,
        lock_least: 1e3,
        lock_migrations: 5e3,
        idle_least: 1e4,
        idle_most: 6e4,
        idle_unmeasured: 3e5,
        keepalive_idle: 6e4,
        keepalive_interval: 1e4,
        keepalive_count: 6.0,
        user_timeout: 9e4,
        client_check: 1e4,
        roles: timeouts::RoleLimits {
            at_work_calls: 500.0,
            migrates: 0.2,
            dumps: 0.5,
            report_ms: 1e3,
            reports: 0.5,
        },
    }
}

#[track_caller]
fn check_timeouts(change: &str, question: &str, expected: &str) {
    let store = store(&format!("{ROLES}{change}"));
    timeouts::write(store.connection(), &limits()).unwrap();
    assert_eq!(row(&store, question), expected, "{change}\n{question}");
}

const VALUES: &str =
    "SELECT r.name, t.kind, t.advised_ms FROM timeout_advice t JOIN roles r ON r.id = t.role_id
  WHERE t.setting = 'statement_timeout' ORDER BY r.id";

#[test]
fn roles_get_timeouts_by_what_they_do() {
    // web: 3 × 2.1 s; bi: 3 × 30.9 s is below what reports get; shop mixes both.
    check_timeouts(
        "",
        VALUES,
        "web application 7000; bi reports 300000; flyway migrations 0; nightly backup 0; shop application 300000",
    );
    check_timeouts(
        "",
        "SELECT reason, ended FROM timeout_advice WHERE role_id = 5 AND setting = 'statement_timeout'",
        "it mixes reports with requests: split the role first, then 5s to 10s will do for the requests; above the line of 3.3 s: SELECT count(*) FROM orders GROUP BY day [{\"fingerprint\":\"f1:5\",\"line\":\"SELECT count(*) FROM orders GROUP BY day\",\"calls\":0.0}]",
    );
    // The order: locks end before statements, migrations wait 5 s.
    check_timeouts(
        "",
        "SELECT r.name, t.advised_ms FROM timeout_advice t JOIN roles r ON r.id = t.role_id WHERE t.setting = 'lock_timeout' ORDER BY r.id",
        "web 4000; bi 5000; flyway 5000; shop 5000",
    );
}

#[test]
fn only_what_differs_is_changed_and_can_be_taken_back() {
    let fix = "SELECT now_ms, fix, undo FROM timeout_advice WHERE role_id = 1 AND setting = 'statement_timeout'";
    check_timeouts(
        "",
        fix,
        "0 ALTER ROLE web IN DATABASE app SET statement_timeout = '7s'; ALTER ROLE web IN DATABASE app RESET statement_timeout;",
    );
    check_timeouts(
        "INSERT INTO role_settings (role_id, database_id, name, value, value_num) VALUES (1, 1, 'statement_timeout', '2min', 120000)",
        fix,
        "120000 ALTER ROLE web IN DATABASE app SET statement_timeout = '7s'; ALTER ROLE web IN DATABASE app SET statement_timeout = '2min';",
    );
    for right in ["3000", "7000", "10000"] {
        check_timeouts(
            &format!(
                "INSERT INTO role_settings (role_id, name, value, value_num) VALUES (1, 'statement_timeout', 'x', {right})"
            ),
            fix,
            &format!("{right} - -"),
        );
    }
    // Shorter than what is slow every day.
    check_timeouts(
        "INSERT INTO role_settings (role_id, name, value, value_num) VALUES (1, 'statement_timeout', '1s', 1000)",
        "SELECT now_ms, fix FROM timeout_advice WHERE role_id = 1 AND setting = 'statement_timeout'",
        "1000 ALTER ROLE web IN DATABASE app SET statement_timeout = '7s';",
    );
    // Before the log names who held the lock.
    check_timeouts(
        "INSERT INTO role_settings (role_id, name, value, value_num) VALUES (1, 'lock_timeout', '700ms', 700)",
        "SELECT now_ms, advised_ms, fix IS NOT NULL FROM timeout_advice WHERE role_id = 1 AND setting = 'lock_timeout'",
        "700 4000 1",
    );
    check_timeouts(
        "UPDATE settings SET server_value_num = 600000 WHERE name = 'idle_session_timeout'",
        "SELECT role_id, advised_ms, fix FROM timeout_advice WHERE setting = 'idle_session_timeout'",
        "1 0 ALTER ROLE web IN DATABASE app SET idle_session_timeout = '0';",
    );
}

#[test]
fn pauses_and_transactions_come_from_looks() {
    let spells = "INSERT INTO activity_spells (database_id, role_id, kind, started_at, duration_ms, spells) VALUES
      (1, 1, 'idle in transaction', 0, 8, 9990), (1, 1, 'idle in transaction', 0, 2500, 20),
      (1, 1, 'transaction', 0, 30, 9990), (1, 1, 'transaction', 0, 9000, 20);";
    check_timeouts(
        spells,
        "SELECT setting, basis_ms, advised_ms, calls_cancelled FROM timeout_advice
         WHERE role_id = 1 AND setting IN ('idle_in_transaction_session_timeout', 'transaction_timeout')",
        "idle_in_transaction_session_timeout 2500 25000 0; transaction_timeout 9000 27000 0",
    );
    check_timeouts(
        "",
        "SELECT setting, advised_ms FROM timeout_advice
         WHERE role_id = 1 AND setting IN ('idle_in_transaction_session_timeout', 'transaction_timeout')",
        "idle_in_transaction_session_timeout 300000",
    );
}

/// 2,000 calls of a role in a log: short ones, three of 3, 7 and 20 s, and one of another role.
fn log() -> String {
    let mut log = String::new();
    let mut line = |n: u32, user: &str, ms: f64, sql: &str| {
        let (minute, second) = (n / 60, n % 60);
        log += &format!(
            "2026-11-23 10:{minute:02}:{second:02}.000 UTC [77] {user}@shop LOG:  duration: {ms:.3} ms  statement: {sql}\n"
        );
    };
    for n in 0..1_997 {
        line(
            n,
            "web",
            1.0 + f64::from(n % 7),
            "SELECT * FROM orders WHERE id = 7",
        );
    }
    line(1_997, "web", 3_000.0, "SELECT * FROM orders WHERE id = 7");
    line(
        1_998,
        "web",
        7_000.0,
        "SELECT * FROM orders WHERE note LIKE 'x%'",
    );
    line(
        1_999,
        "web",
        20_000.0,
        "SELECT * FROM orders WHERE note LIKE 'x%'",
    );
    line(2_000, "bi", 60_000.0, "SELECT sum(total) FROM orders");
    log
}

fn run(program: &Program, arguments: &[&str]) -> Ran {
    program.run(&[&["advise"], arguments].concat())
}

#[test]
fn calls_that_a_timeout_would_have_ended_are_counted() {
    let program = Program::new();
    program.write("pg.log", &log());
    program.write(
        "settings.csv",
        "name,setting,unit,vartype,context,source,reset_val,boot_val\n\
         log_min_duration_statement,0,ms,integer,superuser,configuration file,0,-1\n",
    );
    let ran = run(
        &program,
        &[
            "timeouts",
            "--logs",
            "pg.log",
            "--facts",
            "pg_settings=settings.csv",
            "--format",
            "json",
        ],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let rows = json["timeouts"].as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["role"] == "web" && row["setting"] == "statement_timeout")
        .unwrap_or_else(|| panic!("{}", ran.stdout));
    // Of 2,000 calls two may be slower: the third slowest took 3 s.
    assert_eq!(row["calls_seen"], 2000.0);
    assert_eq!(row["advised_ms"], 9000.0, "{row:#}");
    assert_eq!(row["calls_cancelled"], 1.0);
    assert_eq!(row["ended"][0]["calls"], 1.0);
    assert!(
        row["fix"]
            .as_str()
            .unwrap()
            .contains("SET statement_timeout = '9s'")
    );
}

fn masked(text: &str) -> String {
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    text.replace(&version, "\"version\": \"[version]\"")
}

#[test]
fn pool_advice_in_every_format() {
    let program = Program::new();
    let blocked = "
        INSERT INTO statements (id, fingerprint, text) VALUES (1, 'f1:1', 'SELECT pg_advisory_lock($1)'), (2, 'f1:2', 'LISTEN jobs');
        INSERT INTO statement_counters (statement_id, role_id, calls) VALUES (1, 1, 1200), (2, 1, 3);";
    let hour = HOUR
        .replace("TEMP TABLE done", "TABLE temporary_done")
        .replace("FROM done", "FROM temporary_done")
        + "DROP TABLE temporary_done;";
    program
        .snapshot("busy.facts", &format!("{hour}{blocked}"))
        .snapshot("calm.facts", &format!("{hour}DELETE FROM machines"))
        .snapshot("once.facts", "UPDATE nodes SET version_num = 130000");
    let mut all = String::new();
    for arguments in [
        &["pool", "--snapshot", "busy.facts", "--instances", "3"][..],
        &[
            "pool",
            "--snapshot",
            "busy.facts",
            "--cores",
            "16",
            "--instances",
            "3",
            "--pool",
            "all",
        ],
        &[
            "pool",
            "--snapshot",
            "busy.facts",
            "--cores",
            "16",
            "--instances",
            "3",
            "--pool",
            "prisma",
            "--format",
            "json",
        ],
        &["pool", "--snapshot", "calm.facts", "--peak", "1.5,5"],
        &["pool", "--snapshot", "once.facts"],
        &["pool", "--snapshot", "busy.facts", "--cores", "none"],
    ] {
        all += &format!(
            "$ advise {}\n{}\n",
            arguments.join(" "),
            run(&program, arguments).all()
        );
    }
    assert_snapshot!("pool", masked(&all));
    let ran = run(
        &program,
        &[
            "pool",
            "--snapshot",
            "busy.facts",
            "--cores",
            "16",
            "--write",
            "made",
        ],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let ini = std::fs::read_to_string(program.path("made/pgbouncer.ini")).unwrap();
    assert_snapshot!("pgbouncer", ini);
    let again = run(
        &program,
        &["pool", "--snapshot", "busy.facts", "--write", "made"],
    );
    assert_eq!(again.code, Some(2), "{}", again.stderr);
}

#[test]
fn timeouts_in_every_format() {
    let program = Program::new();
    let listens = "
        UPDATE nodes SET platform = 'PostgreSQL 17.2 on x86_64-pc-linux-gnu';
        INSERT INTO settings (name, unit, vartype, context, source, server_value, server_value_num) VALUES
          ('tcp_keepalives_idle', 's', 'integer', 'user', 'default', '0', 0),
          ('tcp_keepalives_count', NULL, 'integer', 'user', 'default', '0', 0),
          ('client_connection_check_interval', 'ms', 'integer', 'user', 'default', '0', 0);";
    program
        .snapshot("shop.facts", &format!("{ROLES}{listens}"))
        .snapshot("empty.facts", "");
    let mut all = String::new();
    for arguments in [
        &["timeouts", "--snapshot", "shop.facts"][..],
        &["timeouts", "--snapshot", "shop.facts", "--format", "sql"],
        &["timeouts", "--snapshot", "empty.facts"],
    ] {
        all += &format!(
            "$ advise {}\n{}\n",
            arguments.join(" "),
            run(&program, arguments).all()
        );
    }
    assert_snapshot!("timeouts", masked(&all));
}
