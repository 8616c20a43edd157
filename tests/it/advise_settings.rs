//! `advise settings`: what pages say about settings, and that it can be run as it is printed.

use std::fmt::Write as _;

use pgtriage::cluster::Options;
use pgtriage::engine::{
    Finding, Options as Run, Origin, Pages, Plan, Selection, builtin_sources, page, run,
};
use pgtriage::facts::Store;
use pgtriage::report::settings::gives_advice;
use serde_json::{Map, Value};

use crate::support::{Clients, Program, on_each_server, on_the_ends, private};

/// A machine of 32 GB with the defaults of PostgreSQL 17, a large table, a role at work, a standby.
const WORLD: &str = r"
INSERT INTO settings (name, unit, vartype, context, source, server_value, server_value_num) VALUES
  ('shared_buffers', '8kB', 'integer', 'postmaster', 'default', '16384', 134217728),
  ('effective_cache_size', '8kB', 'integer', 'user', 'default', '524288', 4294967296),
  ('random_page_cost', NULL, 'real', 'user', 'default', '4', 4),
  ('max_connections', NULL, 'integer', 'postmaster', 'default', '100', 100),
  ('fsync', NULL, 'bool', 'sighup', 'configuration file', 'off', 0),
  ('log_lock_waits', NULL, 'bool', 'superuser', 'default', 'off', 0),
  ('autovacuum', NULL, 'bool', 'sighup', 'default', 'on', 1),
  ('autovacuum_vacuum_threshold', NULL, 'integer', 'sighup', 'default', '50', 50),
  ('autovacuum_vacuum_scale_factor', NULL, 'real', 'sighup', 'default', '0.2', 0.2),
  ('max_worker_processes', NULL, 'integer', 'postmaster', 'default', '8', 8),
  ('max_parallel_workers', NULL, 'integer', 'user', 'default', '8', 8),
  ('statement_timeout', 'ms', 'integer', 'user', 'default', '0', 0),
  ('idle_in_transaction_session_timeout', 'ms', 'integer', 'user', 'default', '0', 0),
  ('lock_timeout', 'ms', 'integer', 'user', 'default', '0', 0);
INSERT INTO relations (id, name, row_estimate, size_bytes) VALUES (1, 'orders', 50000000, 8589934592);
INSERT INTO relation_stats (relation_id, n_tup_upd, n_tup_del) VALUES (1, 9000000, 100000);
INSERT INTO roles (id, name) VALUES (1, 'shop');
INSERT INTO sessions (pid, role_id, database_id, application_name, state) VALUES (7, 1, 1, 'web', 'idle'), (8, 1, 1, 'web', 'active');
INSERT INTO nodes (id, label, role) VALUES (2, 'standby db2:5432', 'standby');
INSERT INTO settings (node_id, name, vartype, context, source, server_value, server_value_num)
VALUES (2, 'fsync', 'bool', 'sighup', 'command line', 'off', 0);
";

const MACHINE: [&str; 6] = ["--memory", "32GB", "--cores", "16", "--storage", "ssd"];

#[test]
fn advice_is_printed_in_every_format() {
    let program = Program::new();
    program.snapshot("a.facts", WORLD);
    for format in ["text", "sql", "conf"] {
        let mut arguments = vec![
            "advise",
            "settings",
            "--snapshot",
            "a.facts",
            "--format",
            format,
        ];
        arguments.extend(MACHINE);
        insta::assert_snapshot!(
            format!("advise_settings_{format}"),
            program.run(&arguments).all()
        );
    }
}

#[test]
fn a_service_is_told_its_place_and_its_units() {
    let program = Program::new();
    program.snapshot(
        "a.facts",
        &format!("{WORLD} UPDATE nodes SET provider = 'rds' WHERE id = 1;"),
    );
    let mut arguments = vec![
        "advise",
        "settings",
        "--snapshot",
        "a.facts",
        "--format",
        "sql",
    ];
    arguments.extend(MACHINE);
    let ran = program.run(&arguments);
    let line = "-- Set shared_buffers = '8GB', in the DB parameter group, there as a number of 8kB (the service does not allow ALTER SYSTEM), then restart.";
    assert!(ran.stdout.contains(line), "{}", ran.all());
    assert!(!ran.stdout.contains("ALTER SYSTEM SET"), "{}", ran.all());
    assert!(!ran.stdout.contains("pg_reload_conf"), "{}", ran.all());
}

#[test]
fn what_is_not_known_is_told_with_its_option() {
    let program = Program::new();
    program.snapshot("a.facts", WORLD);
    let json = |arguments: &[&str]| -> Value {
        let mut all = vec![
            "advise",
            "settings",
            "--snapshot",
            "a.facts",
            "--format",
            "json",
        ];
        all.extend(arguments);
        serde_json::from_str(&program.run(&all).stdout).unwrap()
    };
    let rules = |report: &Value, column: &str| -> Vec<String> {
        let unknown = report["not_judged"].as_array().unwrap();
        let of = unknown.iter().filter(|one| {
            one["remedy"]
                .as_str()
                .is_some_and(|remedy| remedy.starts_with(column))
        });
        of.flat_map(|one| one["rules"].as_array().unwrap())
            .map(|rule| rule.as_str().unwrap().to_owned())
            .collect()
    };
    let bare = json(&[]);
    assert!(
        rules(&bare, "--memory").contains(&"setting/shared-buffers".to_owned()),
        "{bare:#}"
    );
    assert!(
        rules(&bare, "--storage").contains(&"setting/random-page-cost-high".to_owned()),
        "{bare:#}"
    );
    assert_eq!(bare["machine"]["memory_bytes"], Value::Null);
    let told = json(&["--memory", "32GB"]);
    assert!(rules(&told, "--memory").is_empty(), "{told:#}");
    assert_eq!(told["machine"]["memory_bytes"], 34_359_738_368_i64);
    assert_eq!(told["machine"]["memory_source"], "option");
    let setting = |report: &Value, name: &str| {
        let all = report["settings"].as_array().unwrap();
        all.iter()
            .find(|one| one["setting"] == name && one["place"].is_null())
            .cloned()
    };
    let shared_buffers = setting(&told, "shared_buffers").unwrap();
    assert_eq!(shared_buffers["now"], "128MB");
    assert_eq!(shared_buffers["advised"], "8GB");
    assert_eq!(shared_buffers["applies"], "restart");
    assert_eq!(setting(&bare, "shared_buffers"), None);
}

#[test]
fn a_machine_is_told_by_options_before_the_file() {
    let program = Program::new();
    program.snapshot(
        "a.facts",
        "INSERT INTO machines (node_id, cores, cores_source) VALUES (1, 2, 'server files');",
    );
    program.write(
        "pgtriage.toml",
        "[machine]\ncores = 8\nmemory = \"16GB\"\nstorage = \"network\"\n",
    );
    let machine = |arguments: &[&str]| -> Value {
        let mut all = vec![
            "advise",
            "settings",
            "--snapshot",
            "a.facts",
            "--format",
            "json",
        ];
        all.extend(arguments);
        let report: Value = serde_json::from_str(&program.run(&all).stdout).unwrap();
        report["machine"].clone()
    };
    let by_file = machine(&[]);
    assert_eq!(
        (&by_file["cores"], &by_file["cores_source"]),
        (&8.0.into(), &"configuration".into())
    );
    assert_eq!(by_file["storage"], "network");
    let by_option = machine(&["--cores", "0.5", "--disk", "1TB"]);
    assert_eq!(
        (&by_option["cores"], &by_option["cores_source"]),
        (&0.5.into(), &"option".into())
    );
    assert_eq!(by_option["memory_source"], "configuration");
    assert_eq!(by_option["disk_bytes"], 1_099_511_627_776_i64);
    for wrong in [
        ["--cores", "0"],
        ["--cores", "many"],
        ["--memory", "16"],
        ["--storage", "floppy"],
    ] {
        let mut arguments = vec!["check", "--snapshot", "a.facts"];
        arguments.extend(wrong);
        let ran = program.run(&arguments);
        assert_eq!(ran.code, Some(2), "{}", ran.all());
        assert!(ran.stderr.contains(wrong[0]), "{}", ran.all());
    }
}

/// Every page's fix sets what its evidence calls advised, in each of its cases.
#[test]
fn fixes_set_what_is_advised() {
    let pages = Pages::load(Vec::new()).unwrap();
    let (mut seen, mut wrong) = (0, String::new());
    for source in builtin_sources() {
        let page = page::parse(source, Origin::Builtin).unwrap();
        if !gives_advice(&page) {
            continue;
        }
        for case in &page.cases {
            let mut store = Store::in_memory().unwrap();
            let world = include_str!("../../src/engine/base_world.sql");
            store.connection().execute_batch(world).unwrap();
            store.connection().execute_batch(&case.facts.text).unwrap();
            let options = Run {
                selection: Selection {
                    rules: vec![page.id.clone()],
                    families: Vec::new(),
                },
                ..Run::on(jiff::civil::date(2026, 11, 1))
            };
            let outcome = run(&mut store, &pages, &Plan::default(), &options).unwrap();
            for finding in &outcome.findings {
                for (setting, advised) in advised(finding) {
                    seen += 1;
                    if !sets(finding.fix.as_deref().unwrap_or(""), &setting, &advised) {
                        let _ = writeln!(
                            wrong,
                            "{} · {}: {setting} → {advised} by {:?}",
                            page.id, case.name, finding.fix
                        );
                    }
                }
            }
        }
    }
    assert_eq!(wrong, "");
    assert!(seen > 60, "only {seen} values were seen");
}

fn advised(finding: &Finding) -> Vec<(String, String)> {
    let one = |map: &Map<String, Value>| {
        let text = |key: &str| match map.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        Some((
            text("setting").unwrap_or_else(|| finding.object.clone()),
            text("advised")?,
        ))
    };
    match finding.evidence.get("changes").and_then(Value::as_array) {
        Some(list) => list
            .iter()
            .filter_map(|entry| one(entry.as_object()?))
            .collect(),
        None => one(&finding.evidence).into_iter().collect(),
    }
}

/// Does a statement, or the comment for a service, set it to that?
fn sets(fix: &str, setting: &str, advised: &str) -> bool {
    // What the kernel has to do stands beside the value.
    let advised = advised
        .split_once(", with vm.")
        .map_or(advised, |(value, _)| value);
    let plain = |text: &str| text.replace(['\'', ' ', '"'], "");
    fix.lines().any(|line| {
        let Some((before, after)) = line.split_once(setting) else {
            return false;
        };
        let value = after.trim_start().strip_prefix('=').map(plain);
        let ends = [";", ");", ",", "inthe"];
        before.trim_end().ends_with("SET")
            | before.trim_end().ends_with("SET (")
            | before.trim_end().ends_with("Set")
            | before.contains("-- In the parameters")
            && value.is_some_and(|value| {
                ends.iter()
                    .any(|end| value.starts_with(&format!("{}{end}", plain(advised))))
            })
    }) || fix.contains("vm.nr_hugepages")
        || fix.contains(&format!("to {setting}"))
        || fix.contains(&format!("RESET {setting};"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_advised_can_be_run_and_taken_back() {
    on_each_server(async |server| {
        let options = Options {
            preload: vec!["pg_stat_statements".to_owned()],
            ..Options::default()
        };
        let mut cluster = private(server, options);
        let program = Program::new();
        let conninfo = cluster.conninfo("postgres");
        let advise = |format: &str| {
            let mut arguments = vec![
                "advise", "settings", "-d", &conninfo, "--format", format, "--disk", "1TB",
            ];
            arguments.extend(MACHINE);
            let ran = program.run(&arguments);
            assert_eq!(ran.code, Some(0), "{}", ran.all());
            ran.stdout
        };
        let script = advise("sql");
        assert!(
            script.contains("ALTER SYSTEM SET random_page_cost = '1.1';"),
            "{script}"
        );
        let client = cluster.client("postgres").await;
        for statement in script
            .lines()
            .filter(|line| !line.starts_with("--") && !line.is_empty())
        {
            client
                .batch_execute(statement)
                .await
                .unwrap_or_else(|e| panic!("{statement}: {e:?}\n{script}"));
        }
        drop(client);
        cluster.restart().unwrap();
        let after: Value = serde_json::from_str(&advise("json")).unwrap();
        let left = after["settings"].as_array().unwrap();
        assert!(left.is_empty(), "{after:#}");
        let client = cluster.client("postgres").await;
        for undo in script
            .lines()
            .filter_map(|line| line.strip_prefix("-- undo: "))
        {
            client
                .batch_execute(undo)
                .await
                .unwrap_or_else(|e| panic!("{undo}: {e:?}"));
        }
        let own =
            "SELECT count(*) FROM pg_file_settings WHERE sourcefile LIKE '%postgresql.auto.conf'";
        let own: i64 = client.query_one(own, &[]).await.unwrap().get(0);
        assert_eq!(own, 0);
    })
    .await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_machine_is_seen_from_beside_and_from_within() {
    on_the_ends(async |server| {
        let options = Options {
            tcp: true,
            ..Options::default()
        };
        let cluster = private(server, options);
        cluster
            .client("postgres")
            .await
            .batch_execute("CREATE ROLE stranger LOGIN; CREATE ROLE reader LOGIN; GRANT pg_read_server_files TO reader; \
                            GRANT EXECUTE ON FUNCTION pg_read_file(text, bigint, bigint, boolean) TO reader")
            .await
            .unwrap();
        let program = Program::new();
        let machine = |conninfo: &str| -> Value {
            let ran = program.run(&["advise", "settings", "-d", conninfo, "--format", "json"]);
            let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.all()));
            report["machine"].clone()
        };
        let url = cluster.url("postgres").unwrap();
        let as_role = |role: &str| {
            let mut parts = url.splitn(2, "://");
            let (scheme, rest) = (parts.next().unwrap(), parts.next().unwrap());
            let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
            format!("{scheme}://{role}@{host}")
        };
        let beside = machine(&cluster.conninfo("postgres"));
        assert_eq!(beside["memory_source"], "same machine", "{beside:#}");
        assert!(beside["disk_bytes"].as_i64().unwrap() > 0, "{beside:#}");
        let within = machine(&as_role("reader"));
        assert_eq!(within["memory_source"], "server files", "{within:#}");
        assert_eq!(within["memory_bytes"], beside["memory_bytes"]);
        assert_eq!(within["cores"], beside["cores"]);
        assert_eq!(within["disk_bytes"], Value::Null);
        let outside = machine(&as_role("stranger"));
        assert_eq!(outside["memory_bytes"], Value::Null, "{outside:#}");
        assert_eq!(outside["cores"], Value::Null);
    })
    .await;
}
