//! The screens of settings, pool sizes and timeouts.

use pgtriage::advise::pool;
use pgtriage::advise::timeouts::{self, HEADROOM, Limits};
use pgtriage::engine::{Finding, Scope, Severity, Subject};
use pgtriage::facts::Store;
use pgtriage::report::in_force::InForce;
use pgtriage::report::pool::Sizes;
use pgtriage::report::timeouts::Timeouts;
use pgtriage::tui::{Calculator, Data, Effect, Message, Request, ThemeName};
use serde_json::json;

use super::screens::check;
use super::world::{Play, finding, options, shop, statements};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn limits(headroom: f64) -> Limits {
    Limits {
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
        headroom,
    }
}

fn facts() -> Store {
    let store = statements();
    for batch in [include_str!("tables.sql"), include_str!("load.sql")] {
        store.connection().execute_batch(batch).unwrap();
    }
    store
}

fn advised(store: &Store, headroom: f64) -> Timeouts {
    timeouts::write(store.connection(), &limits(headroom)).unwrap();
    Timeouts::read(store).unwrap()
}

fn setting(
    rule: &str,
    name: &str,
    (now, advised, applies): (&str, &str, &str),
    fix: &str,
) -> Finding {
    let evidence = json!({"now": now, "advised": advised, "applies": applies});
    Finding {
        scope: Scope::Node("primary".into()),
        key: format!("{rule}:primary:{name}"),
        subject: Some(Subject {
            kind: "setting",
            id: 8,
        }),
        fix: Some(fix.into()),
        evidence: evidence.as_object().unwrap().clone(),
        ..finding(
            rule,
            Severity::Warning,
            name,
            "fits neither the memory nor the load",
        )
    }
}

/// The shop with a load, settings and what is advised of them.
fn tuned() -> Data {
    let store = facts();
    let known = pool::read(store.connection()).unwrap();
    let mut data = shop();
    let said = json!({"now": "off", "advised": "on", "applies": "reload"});
    let of_settings = |finding: &&mut Finding| finding.rule.starts_with("setting/");
    for finding in data.outcome.findings.iter_mut().filter(of_settings) {
        finding.evidence.clone_from(said.as_object().unwrap());
        finding.subject = Some(Subject {
            kind: "setting",
            id: 7,
        });
    }
    data.settings = InForce::read(&store).unwrap();
    data.calculator = Calculator::new(known, Sizes::read(&store).unwrap(), (10, 20));
    data.timeouts = advised(&store, HEADROOM);
    let table = json!({"setting": "autovacuum_vacuum_scale_factor", "now": 0.2, "advised": 0.01, "applies": "reload"});
    data.outcome.findings.extend([
        setting(
            "setting/log-lock-waits-off",
            "log_lock_waits",
            ("off", "on", "reload"),
            "ALTER SYSTEM SET log_lock_waits = on;\nSELECT pg_reload_conf();",
        ),
        setting(
            "setting/shared-buffers",
            "shared_buffers",
            ("128MB", "4GB", "restart"),
            "ALTER SYSTEM SET shared_buffers = '4GB';\n-- Takes effect after a restart.",
        ),
        Finding {
            fix: Some(
                "ALTER TABLE public.orders SET (autovacuum_vacuum_scale_factor = 0.01);".into(),
            ),
            evidence: table.as_object().unwrap().clone(),
            ..finding(
                "table/scale-factor-on-large",
                Severity::Info,
                "public.orders",
                "gets 9.6 million dead rows before autovacuum looks at it",
            )
        },
    ]);
    data
}

fn play(size: (u16, u16), data: Data, keys: &str) -> Play {
    let mut play = Play::new(options(ThemeName::Dark), size);
    play.send(Message::Data(Box::new(data)));
    play.keys(keys);
    play
}

#[test]
fn views() {
    for (name, keys) in [
        ("settings_advice", "6"),
        ("settings_in_force", "6 ]"),
        ("settings_pool", "6 ] ] c c i i i"),
        ("settings_timeouts", "6 [ j"),
    ] {
        for size in SIZES {
            let play = play(size, tuned(), keys);
            check(&format!("{name}_{}x{}", size.0, size.1), &play);
        }
    }
}

#[test]
fn details() {
    for (name, keys) in [
        ("pool", "6 ] ] c c i i i Enter"),
        ("pool_cores_unknown", "6 ] ] Enter"),
        ("timeout", "6 [ Enter"),
        ("in_force", "6 ] / 'max_conn' Enter Enter"),
    ] {
        let play = play((110, 60), tuned(), keys);
        check(&format!("settings_detail_{name}"), &play);
    }
}

#[test]
fn without_settings_and_load_the_views_say_so() {
    for (name, keys) in [
        ("advice", "6"),
        ("in_force", "6 ]"),
        ("pool", "6 ] ]"),
        ("timeouts", "6 ["),
    ] {
        check(
            &format!("settings_none_{name}"),
            &play((80, 24), shop(), keys),
        );
    }
}

fn shown(play: &Play, column: &str) -> Vec<String> {
    let columns = play.app.screen().columns();
    let at = columns.iter().position(|one| one.name == column).unwrap();
    let list = &play.app.pane().list;
    list.shown().map(|row| row.cells[at].text.clone()).collect()
}

#[test]
fn advice_is_grouped_and_what_differs_stands_first() {
    let advice = play((120, 40), tuned(), "6");
    assert_eq!(
        shown(&advice, "setting"),
        [
            "shared_buffers",
            "fsync",
            "autovacuum_vacuum_scale_factor",
            "track_io_timing",
            "log_lock_waits"
        ]
    );
    let restarts = play((120, 40), tuned(), "6 / 'applies:restart' Enter");
    assert_eq!(shown(&restarts, "setting"), ["shared_buffers"]);
    let differs = play((120, 40), tuned(), "6 ] / '!differs:no' Enter");
    assert_eq!(
        shown(&differs, "setting"),
        ["max_connections", "work_mem", "ssl_key_file"]
    );
}

#[test]
fn a_finding_may_advise_several_settings() {
    let changes = json!({"changes": [
        {"setting": "max_parallel_workers", "now": "8", "advised": "4", "applies": "reload", "because": "there are 4 cores"},
        {"setting": "max_worker_processes", "now": "8", "advised": "12", "applies": "restart"},
    ]});
    let mut data = tuned();
    data.outcome.findings.push(Finding {
        scope: Scope::Node("primary".into()),
        subject: Some(Subject {
            kind: "node",
            id: 1,
        }),
        evidence: changes.as_object().unwrap().clone(),
        ..finding(
            "setting/parallel-workers",
            Severity::Info,
            "parallel workers",
            "do not fit the cores",
        )
    });
    let play = play((120, 40), data, "6 / 'group:planner' Enter");
    assert_eq!(
        shown(&play, "setting"),
        ["max_parallel_workers", "max_worker_processes"]
    );
    assert_eq!(shown(&play, "advised"), ["4", "12"]);
    assert_eq!(shown(&play, "for"), ["-", "-"]);
    assert_eq!(
        shown(&play, "reason"),
        ["there are 4 cores", "do not fit the cores"]
    );
}

#[test]
fn only_what_changes_the_schema_is_collected() {
    let mut play = play((120, 40), tuned(), "6 m");
    assert!(play.app.data().unwrap().drafts.is_empty());
    assert!(
        play.screen().contains("no migration of a schema"),
        "{}",
        play.screen()
    );
    play.keys("y");
    assert!(
        matches!(&play.effects[..], [Effect::Copy(sql)] if sql.starts_with("ALTER SYSTEM SET shared_buffers"))
    );
    play.keys("j j m");
    assert_eq!(
        play.app.data().unwrap().drafts[0].rule,
        "table/scale-factor-on-large"
    );
    assert!(
        play.screen().contains("+ autovacuum_vacuum"),
        "{}",
        play.screen()
    );
    play.keys("f");
    assert_eq!(play.app.at, 0);
    assert!(play.screen().contains("public.orders"));
}

#[test]
fn inputs_change_the_sizes_at_once() {
    let mut play = play((120, 40), tuned(), "6 ] ]");
    assert_eq!(shown(&play, "cores-used"), ["-", "-", "-"]);
    let demand = shown(&play, "needed");
    play.keys("c c c c c c c c");
    assert_eq!(
        shown(&play, "needed"),
        demand,
        "demand needs no cores while they are not busy"
    );
    assert_ne!(shown(&play, "cores-used")[0], "-");
    let busy = shown(&play, "cores-used");
    play.keys("C");
    assert_ne!(shown(&play, "cores-used"), busy);
    play.keys("C C C C C C C");
    assert_eq!(shown(&play, "cores-used")[0], "-");
    // Typed, with a mistake first.
    play.keys("e Enter 'many' Enter");
    assert!(
        play.screen().contains("`many` does not do for the cores"),
        "{}",
        play.screen()
    );
    play.keys("e Enter '16' Enter");
    assert!(play.screen().contains("cores 16"), "{}", play.screen());
    play.keys("e j j Enter Ctrl-u '4' Enter");
    assert_eq!(shown(&play, "load"), ["now", "4×"]);
    play.keys("e j Enter '5' Enter");
    assert_eq!(
        play.app.data().unwrap().calculator.inputs().instances,
        Some(5)
    );
    assert!(shown(&play, "each").iter().all(|each| each != "-"));
    // Newer data keep what was given.
    play.send(Message::Data(Box::new(tuned())));
    let inputs = play.app.data().unwrap().calculator.inputs();
    assert_eq!((inputs.cores, inputs.instances), (Some(16.0), Some(5)));
    assert_eq!(shown(&play, "load"), ["now", "4×"]);
    // The advice of the command for the same inputs.
    let store = facts();
    pool::write(store.connection(), inputs).unwrap();
    let sizes = Sizes::read(&store).unwrap();
    assert_eq!(play.app.data().unwrap().calculator.sizes.rows, sizes.rows);
}

#[test]
fn settings_of_a_pool_are_copied_for_the_row() {
    let play = play((120, 40), tuned(), "6 ] ] c c j Y j Enter");
    let Some(Effect::Copy(text)) = play.effects.last() else {
        panic!("{:?}", play.effects);
    };
    let advised = &shown(&play, "advised")[1];
    assert!(
        text.starts_with(&format!("maximumPoolSize={advised}\n")),
        "{text}"
    );
}

#[test]
fn inputs_belong_to_calculators() {
    let mut play = play((120, 40), tuned(), "6 c");
    assert_eq!(play.app.data().unwrap().calculator.inputs().cores, None);
    assert!(
        play.screen().contains("inputs of the view Pool"),
        "{}",
        play.screen()
    );
    play.keys("e");
    assert!(play.app.overlays.is_empty());
}

#[test]
fn headroom_is_asked_for_and_answered() {
    let mut play = play((120, 40), tuned(), "6 [ e Ctrl-u '6' Enter");
    assert_eq!(play.effects, [Effect::Ask(Request::Headroom(6.0))]);
    let before = shown(&play, "advised");
    let store = facts();
    play.send(Message::Timeouts(6.0, Ok(advised(&store, 6.0))));
    assert!(play.screen().contains("headroom 6×"), "{}", play.screen());
    assert_ne!(shown(&play, "advised"), before);
    play.keys("e Ctrl-u '0.5' Enter");
    assert!(play.effects.is_empty());
    assert!(
        play.screen().contains("does not do for the headroom"),
        "{}",
        play.screen()
    );
}
