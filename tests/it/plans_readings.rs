//! What we make of plans: the tree, and what it tells.

use insta::assert_snapshot;
use pgtriage::facts::Store;
use pgtriage::parse::plan;
use pgtriage::report::plan::{Known, Limits, Reading, Shown};

use crate::support::Program;

/// The pages' own numbers, which tests must not hang on.
const LIMITS: Limits = Limits {
    misestimate_factor: 10.0,
    misestimate_rows: 1000.0,
    discarded_share: 0.9,
    discarded_rows: 1000.0,
    runs: 1000.0,
    heap_fetches_share: 0.1,
    partitions: 3.0,
    jit_share: 0.1,
    trigger_share: 0.1,
    planning_share: 0.5,
    planning_ms: 10.0,
    change_share: 0.01,
};

fn file(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/plans");
    std::fs::read_to_string(format!("{folder}/{name}")).unwrap()
}

fn readings(text: &str, known: &Known) -> Vec<Reading> {
    let plan = plan::read(text).unwrap().remove(0);
    Shown::new("a plan".to_owned(), plan, known, &LIMITS).readings
}

#[test]
fn plans_tell_what_is_in_them() {
    let check = |name: &str, kinds: &[&str]| {
        for major in ["13", "18"] {
            let text = file(&format!("{major}/{name}.txt"));
            let found = readings(&text, &Known::default());
            let mut found: Vec<&str> = found.iter().map(|reading| reading.kind).collect();
            // Planning took long on the busy machine where some of them were made.
            found.retain(|kind| !matches!(*kind, "planning" | "dearest"));
            found.sort_unstable();
            assert_eq!(found, kinds, "{name} on {major}");
        }
    };
    check("sort_spill", &["spill"]);
    check("hash_batches", &["spill"]);
    check("hash_aggregate", &["spill"]);
    check("filter", &["discarded-rows"]);
    check("nested_loop", &["repeated"]);
    check("lossy", &["lossy-bitmap"]);
    check("index_only", &["heap-fetches"]);
    check("parallel", &["missing-workers"]);
    check("cte", &["discarded-rows", "misestimate"]);
    check("costs_off", &[]);
    check("recursive", &[]);
    check("window", &[]);
    check("update", &[]);
}

#[test]
fn json_and_text_tell_the_same() {
    for name in [
        "sort_spill",
        "hash_batches",
        "lossy",
        "parallel",
        "subplan",
        "cte",
        "memoize",
    ] {
        let kinds = |ending: &str| {
            let found = readings(&file(&format!("18/{name}.{ending}")), &Known::default());
            let kinds = found.iter().map(|reading| (reading.kind, reading.node));
            let mut kinds: Vec<_> = kinds.filter(|(kind, _)| *kind != "dearest").collect();
            kinds.sort_unstable();
            kinds
        };
        assert_eq!(kinds("json"), kinds("txt"), "{name}");
    }
}

#[test]
fn an_estimate_is_wrong_where_it_begins_to_be() {
    let found = readings(&file("18/misestimate.txt"), &Known::default());
    let wrong: Vec<&Reading> = found
        .iter()
        .filter(|reading| reading.kind == "misestimate")
        .collect();
    assert!(!wrong.is_empty());
    for reading in wrong {
        assert!(reading.text.contains("skewed"), "{}", reading.text);
        assert!(
            reading.text.contains("CREATE STATISTICS"),
            "{}",
            reading.text
        );
    }
    // LIMIT stops before all rows are there, which is no error.
    let limited = "Limit  (cost=0.00..1.00 rows=10 width=4) (actual time=0.01..0.02 rows=10 loops=1)
      ->  Seq Scan on t  (cost=0.00..9.00 rows=100000 width=4) (actual time=0.01..0.02 rows=10 loops=1)";
    assert!(
        readings(limited, &Known::default())
            .iter()
            .all(|reading| reading.kind != "misestimate")
    );
    let more = limited
        .replace("rows=100000 width", "rows=5 width")
        .replace("rows=10 loops", "rows=90000 loops");
    assert!(
        readings(&more, &Known::default())
            .iter()
            .any(|reading| reading.kind == "misestimate")
    );
}

/// Facts of the tables and settings that plans are read by.
fn known(sql: &str) -> Known {
    let store = Store::in_memory().unwrap();
    store.connection().execute_batch(sql).unwrap();
    Known::read(&store, 1).unwrap()
}

#[test]
fn facts_tell_more_of_a_plan() {
    let none = Known::default();
    let facts = known(
        "INSERT INTO nodes (id, version_num) VALUES (1, 180004);
         INSERT INTO settings (node_id, name, value, server_value_num) VALUES (1, 'work_mem', '4096', 4194304), (1, 'hash_mem_multiplier', '2', 2);
         INSERT INTO relations (id, name, kind, partition_key) VALUES (1, 'events', 'partitioned table', 'RANGE (at)');
         INSERT INTO relations (id, name, parent_id, is_partition) VALUES (2, 'events_2024_q1', 1, 1), (3, 'events_2024_q2', 1, 1), (4, 'events_2024_q3', 1, 1);
         INSERT INTO relations (id, name, row_estimate) VALUES (5, 'orders', 60000);",
    );
    let told = |text: &str, known: &Known, kind: &str| {
        let found = readings(text, known)
            .into_iter()
            .find(|reading| reading.kind == kind);
        found.map(|reading| reading.text)
    };
    let partitions = file("18/partitions.txt");
    assert_eq!(told(&partitions, &none, "all-partitions"), None);
    assert_snapshot!(told(&partitions, &facts, "all-partitions").unwrap(), @"All 3 partitions of events are read: no condition that the planner can use names its key, RANGE (at).");
    let estimated = file("18/estimated.txt");
    assert_eq!(told(&estimated, &none, "discarded-rows"), None);
    assert_snapshot!(told(&estimated, &facts, "discarded-rows").unwrap(), @"Seq Scan on orders o reads all 60,000 rows to give 293: 99.5% are thrown away by `status = 'open'::text`.");
    let sort = |rows: u32| {
        format!(
            "Sort  (cost=0.00..1.00 rows={rows} width=76)\n  ->  Seq Scan on t  (cost=0.00..1.00 rows={rows} width=76)"
        )
    };
    // A row of 76 bytes takes 104: 40,329 of them are 4 MB.
    assert_eq!(told(&sort(40_329), &facts, "expected-spill"), None);
    assert_snapshot!(told(&sort(40_330), &facts, "expected-spill").unwrap(), @"Sort is expected to go to disk: 40,330 rows take about 4.0 MB, and it may take 4MB.");
    assert_eq!(told(&sort(40_330), &none, "expected-spill"), None);
    let set = format!("{}\nSettings: work_mem = '8MB'", sort(40_330));
    assert_eq!(told(&set, &facts, "expected-spill"), None);
}

#[test]
fn readings_that_no_fixture_has() {
    let told = |text: &str, kind: &str| {
        let found = readings(text, &Known::default())
            .into_iter()
            .find(|reading| reading.kind == kind);
        found.map(|reading| reading.text)
    };
    let head = "Seq Scan on t  (cost=0.00..1.00 rows=1 width=4) (actual time=0.01..10.00 rows=1 loops=1)\n";
    let jit = format!(
        "{head}JIT:\n  Functions: 3\n  Timing: Generation 1.0 ms (Deform 0.2 ms), Inlining 0.0 ms, Optimization 1.0 ms, Emission 3.0 ms, Total 5.0 ms\nExecution Time: 20.0 ms"
    );
    assert_snapshot!(told(&jit, "jit").unwrap(), @"Compiling (JIT) takes 5.0 ms of 20.0 ms (25.0%).");
    let trigger =
        format!("{head}Trigger for constraint a on b: time=9.0 calls=500\nExecution Time: 20.0 ms");
    assert_snapshot!(told(&trigger, "trigger").unwrap(), @"Trigger for constraint a on b takes 9.0 ms of 20.0 ms (45.0%) in 500 calls.");
    let off = "Seq Scan on t  (cost=10000000000.00..10000000001.00 rows=1 width=4)";
    assert!(told(off, "switched-off").is_some());
    assert!(told(&format!("{head}  Disabled: true"), "switched-off").is_some());
    let subplan = "Seq Scan on a  (cost=0.00..1.00 rows=1 width=4) (actual time=0.01..900.00 rows=5000 loops=1)
  SubPlan 1
    ->  Seq Scan on b  (cost=0.00..1.00 rows=1 width=4) (actual time=0.01..0.10 rows=1 loops=5000)";
    assert_snapshot!(told(subplan, "repeated").unwrap(), @"SubPlan 1 is run for each row of Seq Scan on a: 5,000 times, 500 ms in all.");
    let cross = "Nested Loop  (cost=0.00..1.00 rows=9 width=4)
  ->  Seq Scan on a  (cost=0.00..1.00 rows=50 width=4)
  ->  Materialize  (cost=0.00..1.00 rows=40 width=4)
        ->  Seq Scan on b  (cost=0.00..1.00 rows=40 width=4)";
    assert!(told(cross, "cross-join").unwrap().contains("2,000 pairs"));
    assert_eq!(
        told(
            &format!("{cross}\n              Filter: (x = a.x)"),
            "cross-join"
        ),
        None
    );
}

#[test]
fn own_figures_add_up() {
    for name in [
        "sort_spill",
        "hash_batches",
        "nested_loop",
        "parallel",
        "subplan",
        "cte",
        "memoize",
        "partitions",
    ] {
        let plan = plan::read(&file(&format!("18/{name}.txt")))
            .unwrap()
            .remove(0);
        let own = pgtriage::report::plan::own(&plan);
        let costs: f64 = own.iter().map(|own| own.cost.unwrap()).sum();
        assert!(
            (costs - plan.cost().unwrap()).abs() < 1.0,
            "{name}: {costs}"
        );
        let ms: f64 = own.iter().map(|own| own.ms.unwrap()).sum();
        let whole = plan.execution_ms.unwrap();
        assert!(
            ms <= whole * 1.05 && ms > whole * 0.5,
            "{name}: {ms} of {whole}"
        );
    }
}

#[test]
fn a_file_with_a_plan_is_shown() {
    let program = Program::new();
    program
        .write("cte.txt", &file("18/cte.txt"))
        .write("subplan.json", &file("13/subplan.json"))
        .write("auto.log", &file("18/auto_server.log"))
        .write("plan.yml", "- Plan:\n    Node Type: \"Result\"\n");
    assert_snapshot!(program.run(&["plan", "cte.txt"]).all());
    assert_snapshot!(program.run(&["plan", "subplan.json"]).all());
    assert_snapshot!(
        program
            .run(&["plan", "auto.log", "--format", "markdown"])
            .all()
    );
    assert_snapshot!(program.run(&["plan", "cte.txt", "--set", "work_mem=1MB"]).all(), @r"
    exit 2
    --- stderr
    pgtriage: cte.txt holds a plan, which cannot be made anew; give its statement
    ");
    assert_snapshot!(program.run(&["plan", "plan.yml"]).all(), @r"
    exit 2
    --- stderr
    pgtriage: plan.yml: this is a plan in YAML; take it with EXPLAIN (FORMAT JSON) or FORMAT TEXT
    ");
    assert_snapshot!(program.run(&["plan", "missing.sql"]).all(), @r"
    exit 2
    --- stderr
    pgtriage: there is no file missing.sql
    ");
    let ran = program.run(&["plan", "subplan.json", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["format"], 1);
    let plan = &document["plans"][0];
    assert_eq!(plan["nodes"].as_array().unwrap().len(), 7);
    assert_eq!(plan["readings"][0]["reading"], "dearest");
}
