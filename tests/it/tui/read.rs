//! From a facts database to what the UI shows.

use jiff::civil::Date;
use pgtriage::engine::{Options, Pages, Plan, run};
use pgtriage::facts::Store;
use pgtriage::tui::{Activity, Counters, Data, Given, Message, ThemeName, explanations, read};

use super::indexes::limits;
use super::world::{Play, options};

/// The base world of rule cases with some rows more, judged by the built-in rules.
fn data(rows: &str) -> Data {
    let mut store = Store::in_memory().unwrap();
    let world = include_str!("../../../src/engine/base_world.sql");
    store.connection().execute_batch(world).unwrap();
    store.connection().execute_batch(rows).unwrap();
    let pages = Pages::load(Vec::new()).unwrap();
    let plan = Plan::default();
    let today = Date::constant(2026, 1, 2);
    let outcome = run(&mut store, &pages, &plan, &Options::on(today)).unwrap();
    let given = Given {
        usual: (10, 20),
        headroom: 3.0,
        drops: limits(),
    };
    read(&store, outcome, explanations(&pages, &plan), given).unwrap()
}

#[test]
fn the_header_knows_the_server() {
    let data = data(
        "INSERT INTO settings (name, value, value_num) VALUES ('max_connections', '200', 200);
         UPDATE database_stats SET numbackends = 12, xact_commit = 900, xact_rollback = 100,
           blks_hit = 50, blks_read = 50;",
    );
    assert_eq!(data.server.databases, ["app"]);
    assert_eq!(data.figures.connections, Some(12));
    assert_eq!(data.figures.max_connections, Some(200));
    // One sample says nothing about rates.
    assert_eq!(data.figures.activity, None);
    let counters = Counters {
        at_us: 1_767_225_600_000_000,
        transactions: 1000,
        blocks_hit: 50,
        blocks_read: 50,
    };
    assert_eq!(data.figures.counters, Some(counters));
}

#[test]
fn rates_come_from_two_samples_and_never_from_a_reset() {
    let second = "
        UPDATE database_stats SET xact_commit = 900, xact_rollback = 100, blks_hit = 50, blks_read = 50;
        INSERT INTO samples (id, node_id, captured_at, postmaster_started_at)
        VALUES (2, 1, 1767225610000000, 1764633600000000);
        INSERT INTO database_stats (sample_id, database_id, xact_commit, xact_rollback, blks_hit,
          blks_read, stats_reset_at)";
    let counted = data(&format!(
        "{second} VALUES (2, 1, 1850, 150, 149, 51, 1764633600000000)"
    ));
    let activity = Activity {
        transactions_per_second: 100.0,
        cache_hit_ratio: Some(0.99),
    };
    assert_eq!(counted.figures.activity, Some(activity));
    let reset = data(&format!(
        "{second} VALUES (2, 1, 5, 0, 3, 1, 1767225605000000)"
    ));
    assert_eq!(reset.figures.activity, None);
}

#[test]
fn rates_come_from_two_readings_too() {
    let at = |seconds: i64, transactions: i64| Counters {
        at_us: seconds * 1_000_000,
        transactions,
        blocks_hit: 0,
        blocks_read: 0,
    };
    let rate = |before, now: Counters| Some(now.since(&before)?.transactions_per_second);
    assert_eq!(rate(at(0, 10), at(5, 60)), Some(10.0));
    assert_eq!(rate(at(0, 60), at(5, 10)), None);
    assert_eq!(rate(at(5, 10), at(5, 60)), None);
    assert_eq!(rate(at(9, 10), at(5, 60)), None);

    let mut play = Play::new(options(ThemeName::Dark), (120, 40));
    let mut first = data("UPDATE database_stats SET numbackends = 1");
    first.figures.counters = Some(at(0, 1000));
    let mut second = first.clone();
    second.figures.counters = Some(at(10, 21_000));
    play.send(Message::Data(Box::new(first)));
    assert!(!play.screen().contains("tps"));
    play.send(Message::Data(Box::new(second)));
    assert!(play.screen().contains("2,000 tps"), "{}", play.screen());
}

#[test]
fn findings_and_pages_of_real_rules_are_shown() {
    let mut play = Play::new(options(ThemeName::Dark), (120, 40));
    play.send(Message::Data(Box::new(data(
        "INSERT INTO relations (id, name) VALUES (1, 'orders');
         INSERT INTO indexes (id, relation_id, oid, name, size_bytes, definition) VALUES
           (1, 1, 100, 'a', 8388608, 'CREATE INDEX a ON public.orders USING btree (x)'),
           (2, 1, 200, 'b', 8388608, 'CREATE INDEX b ON public.orders USING btree (x)');
         INSERT INTO index_columns (index_id, position, column_name) VALUES (1, 1, 'x'), (2, 1, 'x');
         INSERT INTO missing_facts (table_name, column_name, reason, remedy)
         VALUES ('settings', 'source_file', 'the role may not see it', 'GRANT pg_read_all_settings TO x;');",
    ))));
    play.keys("/ 'rule:index/duplicate' Enter");
    let screen = play.screen();
    assert!(
        screen.contains("DROP INDEX CONCURRENTLY public.b;"),
        "{screen}"
    );
    assert!(play.keys("R").screen().contains("What it finds"));
    let unjudged = play.keys("Esc u G").screen();
    assert!(
        unjudged.contains("settings.source_file of primary"),
        "{unjudged}"
    );
    assert!(
        unjudged.contains("GRANT pg_read_all_settings TO x;"),
        "{unjudged}"
    );
}
