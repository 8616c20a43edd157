//! The search for indexes, on a planner of few rules whose best choice can be found by trying all.

mod bench;
mod live;
mod proof;
mod prove;
pub mod toy;
pub mod weighed;

use std::collections::BTreeMap;

use pgtriage::advise::index::search::{LeastGain, Limits, Objective};
use pgtriage::advise::index::{
    Advice, AdviseError, Drops, Estimates, IndexSpec, Key, Names, Request, Sized, Tables,
    WriteCost, advise, candidates,
};
use pgtriage::advise::workload::{Origin, Query, Tail, Variant, Workload};
use pgtriage::derive;
use pgtriage::facts::Store;
use pgtriage::report::Style;
use pgtriage::report::index_advice::{Shown, json, sql, table};
use toy::Toy;

/// Orders and their customers, with statistics.
pub const WORLD: &str = "
INSERT INTO nodes (id, version_num) VALUES (1, 170002);
INSERT INTO databases (id, name, is_collected, collation) VALUES (1, 'shop', 1, 'en_US.UTF-8');
INSERT INTO relations (id, name, row_estimate, pages, pages_all_visible) VALUES
  (1, 'orders', 1000000, 20000, 20000), (2, 'customers', 50000, 1000, 1000);
INSERT INTO columns (relation_id, position, name, type) VALUES
  (1, 1, 'id', 'bigint'), (1, 2, 'customer_id', 'bigint'), (1, 3, 'state', 'text'), (1, 4, 'day', 'date'),
  (1, 5, 'total', 'numeric'), (1, 6, 'deleted_at', 'timestamp with time zone'), (1, 7, 'note', 'text'),
  (2, 1, 'id', 'bigint'), (2, 2, 'mail', 'text'), (2, 3, 'city', 'text');
INSERT INTO column_statistics (relation_id, column_name, n_distinct, null_frac, avg_width, correlation) VALUES
  (1, 'id', -1, 0, 8, 1), (1, 'customer_id', 50000, 0, 8, 0), (1, 'state', 5, 0, 8, 0.2), (1, 'day', 1000, 0, 4, 0.1),
  (1, 'total', 20000, 0, 6, 0), (1, 'deleted_at', -0.01, 0.02, 8, 0), (1, 'note', -0.5, 0, 40, 0),
  (2, 'id', -1, 0, 8, 1), (2, 'mail', -1, 0, 24, 0), (2, 'city', 500, 0, 10, 0);
";

/// A workload: executions and texts.
pub const QUERIES: [(f64, &str); 6] = [
    (100.0, "SELECT total FROM orders WHERE customer_id = 7"),
    (
        20.0,
        "SELECT total FROM orders WHERE day = '2025-01-01' AND state = 'open'",
    ),
    (5.0, "SELECT id FROM orders WHERE state = 'lost'"),
    (40.0, "SELECT city FROM customers WHERE mail = 'a@b'"),
    (2.0, "SELECT mail FROM customers WHERE city = 'Ulm'"),
    (10.0, "SELECT total FROM orders WHERE day = '2025-01-02'"),
];

pub fn world(texts: &[(f64, &str)]) -> (Store, Workload) {
    let store = Store::in_memory().unwrap();
    let facts = store.connection();
    facts.execute_batch(WORLD).unwrap();
    let mut workload = Workload {
        database: 1,
        ..Workload::default()
    };
    for (place, (weight, text)) in texts.iter().enumerate() {
        let statement = place as i64 + 1;
        let sql = "INSERT INTO statements (id, fingerprint, text) VALUES (?1, ?1, ?2)";
        facts
            .execute(sql, rusqlite::params![statement, text])
            .unwrap();
        workload.queries.push(Query {
            statement,
            weight: *weight,
            variants: vec![Variant {
                text: (*text).to_owned(),
                origin: Origin::Written,
                share: 1.0,
            }],
            ..Query::default()
        });
    }
    derive::all(facts).unwrap();
    (store, workload)
}

/// Ten pages a key column, and writes as they are told.
pub struct Plain {
    pub writes: f64,
}

impl Estimates for Plain {
    fn size(&self, spec: &IndexSpec, share: f64) -> Option<Sized> {
        let columns = spec.keys.len() + spec.include.len();
        let rows = if spec.relation == 1 { 1e6 } else { 5e4 };
        Some(Sized {
            spec: spec.clone(),
            pages: (rows * share * columns as f64 / 500.0).ceil() as u64,
            rows: rows * share,
            height: 2,
        })
    }

    fn bounds(&self, index: &Sized, _: f64) -> Option<(u64, u64)> {
        Some((index.pages, index.pages))
    }

    fn writes(&self, _: &Sized, _: f64) -> Option<WriteCost> {
        Some(WriteCost {
            writes_per_hour: 1000.0,
            share_of_table_writes: 0.5,
            wal_bytes_per_day: 1e6,
            lost_hot_per_hour: Some(0.0),
            planner_cost_per_hour: self.writes,
            added_ms_per_hour: None,
            added_share_of_writers: None,
            predicted_throughput_loss: None,
        })
    }

    fn hours(&self) -> Option<f64> {
        Some(1.0)
    }
}

pub fn limits(megabytes: f64) -> Limits {
    Limits {
        budget: Some(megabytes * 1e6),
        max_width: 3,
        objective: Objective::Total,
        least_gain: LeastGain {
            usual: 0.001,
            tight: 0.001,
        },
        hurt: 1.1,
    }
}

fn run(
    texts: &[(f64, &str)],
    limits: &Limits,
    toy: &mut Toy,
    writes: f64,
    is_over: &dyn Fn() -> bool,
) -> (Store, Result<Advice, AdviseError>) {
    let (store, workload) = world(texts);
    let tables = Tables::read(store.connection(), 1).unwrap();
    let advice = advise(
        &Request {
            facts: store.connection(),
            tables: &tables,
            workload: &workload,
            estimates: &Plain { writes },
            limits,
            is_over,
        },
        toy,
        &mut |_| (),
    );
    (store, advice)
}

fn advised(limits: &Limits) -> Advice {
    let mut toy = Toy::new();
    run(&QUERIES, limits, &mut toy, 1.0, &|| false).1.unwrap()
}

fn targets(advice: &Advice) -> Vec<String> {
    advice
        .create
        .iter()
        .map(|chosen| chosen.sized.spec.target())
        .collect()
}

#[test]
fn the_search_comes_near_the_best_of_all_choices() {
    for megabytes in [5.0, 20.0, 40.0, 60.0, 200.0] {
        // Whatever gains, however little.
        let limits = Limits {
            least_gain: LeastGain {
                usual: 0.0,
                tight: 0.0,
            },
            ..limits(megabytes)
        };
        let advice = advised(&limits);
        let size: f64 = advice
            .create
            .iter()
            .map(|chosen| chosen.sized.pages as f64 * 8192.0)
            .sum();
        assert!(size <= megabytes * 1e6, "{megabytes} MB: {size}");
        assert!(advice.is_complete);
        // Keys of one and two columns, plain and covering: what any sensible choice is made of.
        let best = toy::best(&QUERIES, megabytes * 1e6, &|spec| {
            Plain { writes: 1.0 }.size(spec, 1.0).unwrap().pages as f64 * 8192.0
        });
        let found = advice.after + advice.write_cost.unwrap();
        assert!(
            found <= best * 1.02,
            "{megabytes} MB: {found} where {best} can be had: {:?}",
            targets(&advice)
        );
    }
}

#[test]
fn the_same_question_has_the_same_answer() {
    let (one, other) = (advised(&limits(40.0)), advised(&limits(40.0)));
    assert_eq!(one, other);
}

#[test]
fn each_index_is_in_a_plan_and_gains() {
    for chosen in advised(&limits(200.0)).create {
        assert!(
            !chosen.effects.is_empty() && chosen.gain > 0.0,
            "{chosen:?}"
        );
        assert!(
            chosen.effects.iter().all(|effect| effect.factor() > 1.0),
            "{chosen:?}"
        );
    }
}

#[test]
fn writes_that_cost_more_than_is_gained_keep_an_index_out() {
    let mut toy = Toy::new();
    let (_, advice) = run(&QUERIES, &limits(200.0), &mut toy, 1e9, &|| false);
    assert_eq!(targets(&advice.unwrap()), Vec::<String>::new());
}

#[test]
fn time_that_is_over_leaves_what_was_found() {
    let mut toy = Toy::new();
    let (_, advice) = run(&QUERIES, &limits(200.0), &mut toy, 1.0, &|| true);
    let advice = advice.unwrap();
    assert!(!advice.is_complete && advice.create.is_empty());
    assert!((advice.before - advice.after).abs() < 1e-9);
    // A little later there is something.
    let asked = std::cell::Cell::new(0);
    let soon = || {
        asked.set(asked.get() + 1);
        asked.get() > 120
    };
    let mut toy = Toy::new();
    let advice = run(&QUERIES, &limits(200.0), &mut toy, 1.0, &soon)
        .1
        .unwrap();
    assert!(
        !advice.create.is_empty() && advice.after < advice.before,
        "{:?}",
        targets(&advice)
    );
}

#[test]
fn what_is_chosen_pays_whenever_time_is_over() {
    let limits = Limits {
        least_gain: LeastGain {
            usual: 0.25,
            tight: 0.001,
        },
        ..limits(1000.0)
    };
    let mut advised = 0;
    for enough in 0..100 {
        let asked = std::cell::Cell::new(0);
        let soon = || {
            asked.set(asked.get() + 1);
            asked.get() > enough
        };
        let advice = run(&QUERIES, &limits, &mut Toy::new(), 1.0, &soon).1;
        let advice = advice.unwrap();
        advised += advice.create.len();
        for chosen in &advice.create {
            let gain = chosen.gain - 1.0;
            assert!(
                gain >= advice.before * 0.25,
                "{enough}: {} gains {gain} of {}",
                chosen.sized.spec.target(),
                advice.before
            );
        }
    }
    assert!(advised > 0);
}

#[test]
fn a_planner_that_is_gone_is_told() {
    let mut toy = Toy::new();
    toy.answers = Some(30);
    let (_, advice) = run(&QUERIES, &limits(200.0), &mut toy, 1.0, &|| false);
    assert_eq!(advice.unwrap_err().to_string(), "the toy is broken");
}

#[test]
fn statements_without_a_plan_are_told() {
    let mut toy = Toy::new();
    let texts = [QUERIES[0], (1.0, "SELECT broken FROM orders")];
    let advice = run(&texts, &limits(200.0), &mut toy, 1.0, &|| false)
        .1
        .unwrap();
    assert_eq!(advice.unplanned.len(), 1);
    assert_eq!(
        (
            advice.unplanned[0].statement,
            advice.unplanned[0].because.as_str()
        ),
        (2, "it is broken")
    );
    assert_eq!(advice.statements.len(), 1);
}

#[test]
fn names_are_new_and_short() {
    let (store, _) = world(&[]);
    let sql = "INSERT INTO indexes (relation_id, name) VALUES (1, 'orders_day_idx')";
    store.connection().execute(sql, []).unwrap();
    let mut names = Names::read(store.connection(), 1).unwrap();
    let spec = |table: &str, column: &str| IndexSpec {
        relation: 1,
        schema: "public".into(),
        table: table.into(),
        method: "btree".into(),
        keys: vec![Key::column(column)],
        include: Vec::new(),
        predicate: None,
    };
    assert_eq!(names.name(&spec("orders", "day")), "orders_day_idx1");
    assert_eq!(names.name(&spec("orders", "day")), "orders_day_idx2");
    let long = names.name(&spec(&"ä".repeat(40), "c"));
    assert!(long.len() <= 63 && long.ends_with("_idx"), "{long}");
}

/// Candidates of a statement, as SQL.
fn candidates_of(text: &str) -> Vec<String> {
    let (store, _) = world(&[(1.0, text)]);
    let tables = Tables::read(store.connection(), 1).unwrap();
    let texts = BTreeMap::from([(1, vec![text])]);
    let accesses = candidates::read(store.connection(), &tables, &texts).unwrap();
    let mut found = Vec::new();
    for access in &accesses {
        let table = tables.get(access.relation).unwrap();
        let plain = candidates::of(access, table, 3);
        for spec in &plain {
            found.extend(candidates::partial(spec, access).map(|(spec, _)| spec));
            found.extend(candidates::covering(spec, access, table));
        }
        found.extend(plain);
        found.extend(candidates::expressions(access, table));
        found.extend(candidates::methods(
            access,
            table,
            Some("public.gin_trgm_ops"),
        ));
    }
    found.iter().map(IndexSpec::target).collect()
}

#[test]
fn candidates_go_by_the_roles_of_columns() {
    for (text, wanted) in [
        (
            "SELECT 1 FROM orders WHERE state = 'x' AND customer_id = 1 AND day > '2025-01-01'",
            "public.orders (customer_id, state, day)",
        ),
        (
            "SELECT 1 FROM orders WHERE state = 'x' ORDER BY day DESC, id DESC",
            "public.orders (state, day, id)",
        ),
        (
            "SELECT 1 FROM orders ORDER BY day DESC, id",
            "public.orders (day DESC, id)",
        ),
        (
            "SELECT 1 FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.state = 'x'",
            "public.orders (customer_id, state)",
        ),
        (
            "SELECT 1 FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.state = 'x'",
            "public.orders (state, customer_id)",
        ),
        (
            "SELECT customer_id, sum(total) FROM orders GROUP BY customer_id",
            "public.orders (customer_id) INCLUDE (total)",
        ),
        (
            "SELECT total FROM orders WHERE customer_id = 1",
            "public.orders (customer_id) INCLUDE (total)",
        ),
        (
            "SELECT 1 FROM orders WHERE deleted_at IS NULL AND customer_id = 5",
            "public.orders (customer_id) WHERE deleted_at IS NULL",
        ),
        (
            "SELECT 1 FROM orders WHERE state = 'lost' AND customer_id = 5",
            "public.orders (customer_id) WHERE state = 'lost'",
        ),
        (
            "SELECT 1 FROM customers c WHERE lower(c.mail) = 'a'",
            "public.customers ((lower(mail)))",
        ),
        (
            "SELECT 1 FROM customers WHERE mail LIKE 'a%'",
            "public.customers (mail text_pattern_ops)",
        ),
        (
            "SELECT 1 FROM customers WHERE mail ILIKE '%a%'",
            "public.customers USING gin (mail public.gin_trgm_ops)",
        ),
        (
            "SELECT 1 FROM orders WHERE id > 5",
            "public.orders USING brin (id)",
        ),
        (
            "SELECT 1 FROM orders WHERE (day = '2025-01-01' OR customer_id = 4)",
            "public.orders (customer_id)",
        ),
    ] {
        let found = candidates_of(text);
        assert!(
            found.iter().any(|one| one == wanted),
            "{text}: no {wanted} in {found:#?}"
        );
    }
    // A parameter is no constant: other executions have other values.
    for text in [
        "SELECT 1 FROM orders WHERE state = $1 AND customer_id = $2",
        "SELECT 1 FROM orders WHERE state = 'x' OR day = '2025-01-01'",
    ] {
        let found = candidates_of(text);
        assert!(
            !found.iter().any(|one| one.contains("WHERE")),
            "{text}: {found:#?}"
        );
    }
}

#[test]
fn advice_is_shown() {
    let mut toy = Toy::new();
    let (store, advice) = run(&QUERIES, &limits(40.0), &mut toy, 1.0, &|| false);
    let advice = advice.unwrap();
    let shown = Shown {
        advice: &advice,
        drops: &Drops::default(),
        tail: Tail::default(),
        store: &store,
        budget: Some(40_000_000),
        proof: None,
        planner: "a toy",
    };
    insta::assert_snapshot!(
        "index_advice_text",
        table(&shown, Style { colour: false }, 100).unwrap()
    );
    insta::assert_snapshot!("index_advice_sql", sql(&shown).unwrap());
    let document: serde_json::Value = serde_json::from_str(&json(&shown).unwrap()).unwrap();
    let first = &document["create"][0];
    for key in [
        "sql",
        "table",
        "size_bytes",
        "helped",
        "hurt",
        "write_cost",
        "confidence",
    ] {
        assert!(!first[key].is_null(), "{key}: {first:#}");
    }
    assert!(document["workload_cost_after"].as_f64() < document["workload_cost_before"].as_f64());
}
