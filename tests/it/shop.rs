//! The shop world on real servers: every planted problem can be seen by plain SQL, and nothing else
//! that the same SQL would call a problem; the healthy twin has none of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use pgtriage::cluster::world::{self, DATABASE, Traffic, Variant, World};
use pgtriage::cluster::{Cluster, ServerBinaries};
use pgtriage::engine::{Finding, Severity, SkipKind};
use regex::Regex;
use serde::Deserialize;

use crate::support::{
    Clients, collect, judge, loudly, on_each_server, on_the_ends, private, saved,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    planted: Vec<Planted>,
    /// SQL that lists the objects with a problem, by rule.
    probe: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Planted {
    rule: String,
    object: Option<String>,
    detail: Option<String>,
    statement: Option<String>,
    why: String,
}

impl Planted {
    fn is(&self, found: &str) -> bool {
        match (&self.object, &self.detail, &self.statement) {
            (Some(part), None, None) | (None, Some(part), None) => found.contains(part),
            (None, None, Some(pattern)) => {
                let folded: Vec<&str> = found.split_whitespace().collect();
                Regex::new(pattern).unwrap().is_match(&folded.join(" "))
            }
            _ => panic!("{}: one of object, detail and statement", self.rule),
        }
    }
}

fn fixture() -> Fixture {
    toml::from_str(world::PLANTED).unwrap_or_else(|e| panic!("{e}"))
}

async fn load(server: &ServerBinaries, variant: Variant) -> (Cluster, World) {
    let cluster = private(server, variant.options());
    let mut last = 0.0;
    let start = Instant::now();
    let conninfo = cluster.conninfo("postgres");
    let world = World::load(&conninfo, variant, |step| {
        assert!(step.done >= last && step.done <= 1.0, "{step:?}");
        last = step.done;
    });
    let world = world.await.unwrap_or_else(|e| panic!("{e}"));
    assert!((last - 1.0).abs() < 1e-9, "{last}");
    let client = cluster.client(DATABASE).await;
    let size = client.query_one(
        "SELECT pg_size_pretty(pg_database_size(current_database()))",
        &[],
    );
    let size: String = size.await.unwrap().get(0);
    let took = start.elapsed().as_secs_f64();
    loudly(&format!(
        "shop {variant:?} on {server}: {size} loaded in {took:.1} s"
    ));
    (cluster, world)
}

/// Runs the rounds that are always run, and gives how many calls `pg_stat_statements` counted for
/// the shop's programs.
async fn run(cluster: &Cluster, world: &World) -> (Traffic, i64) {
    let mut last = 0.0;
    let start = Instant::now();
    let traffic = world.run(Duration::ZERO, 1, |step| {
        assert!(step.done >= last && step.done <= 1.0, "{step:?}");
        last = step.done;
    });
    let traffic = traffic.await.unwrap_or_else(|e| panic!("{e}"));
    assert!((last - 1.0).abs() < 1e-9, "{last}");
    let took = start.elapsed().as_secs_f64();
    loudly(&format!("  {} requests in {took:.1} s", traffic.requests()));

    let query = "SELECT sum(calls)::bigint FROM pg_stat_statements
        WHERE userid IN ('shop_app'::regrole, 'shop_report'::regrole)";
    let row = cluster.client(DATABASE).await.query_one(query, &[]).await;
    (traffic, row.unwrap().get(0))
}

/// What the probes find, by rule.
async fn probe(cluster: &Cluster, fixture: &Fixture) -> BTreeMap<String, Vec<String>> {
    let client = cluster.client(DATABASE).await;
    let mut found = BTreeMap::new();
    for (rule, sql) in &fixture.probe {
        let rows = client.query(sql, &[]).await;
        let rows = rows.unwrap_or_else(|e| panic!("{rule}: {:?}", e.as_db_error()));
        let objects: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        found.insert(rule.clone(), objects);
    }
    found
}

#[test]
fn each_planted_problem_has_a_reason_and_a_probe() {
    let fixture = fixture();
    assert!(fixture.planted.len() >= 24);
    for planted in &fixture.planted {
        assert!(!planted.why.is_empty(), "{}", planted.rule);
        assert!(
            fixture.probe.contains_key(&planted.rule),
            "{}",
            planted.rule
        );
    }
    for rule in fixture.probe.keys() {
        assert!(fixture.planted.iter().any(|p| p.rule == *rule), "{rule}");
    }
}

#[tokio::test]
async fn planted_problems_and_only_they_can_be_seen() {
    let fixture = fixture();
    let counted = Mutex::new(BTreeSet::new());
    on_each_server(async |server| {
        let (cluster, world) = load(server, Variant::Planted).await;
        let (traffic, calls) = run(&cluster, &world).await;
        counted.lock().unwrap().insert((traffic.requests(), calls));
        let found = probe(&cluster, &fixture).await;
        let mut wrong = Vec::new();
        for planted in &fixture.planted {
            if !found[&planted.rule].iter().any(|object| planted.is(object)) {
                wrong.push(format!("not seen: {planted:?}"));
            }
        }
        for (rule, objects) in &found {
            let of_rule = || fixture.planted.iter().filter(|p| p.rule == *rule);
            if of_rule().all(|p| p.statement.is_some()) {
                continue;
            }
            for object in objects {
                if !of_rule().any(|p| p.is(object)) {
                    wrong.push(format!("{rule}: {object} was not planted"));
                }
            }
        }
        findings(&cluster, &fixture, &mut wrong).await;
        assert!(wrong.is_empty(), "{wrong:#?}");
        drop(traffic);
        sessions_end(&cluster).await;
    })
    .await;
    let counted = counted.into_inner().unwrap();
    assert!(
        counted.len() <= 1,
        "(requests, calls) differ between majors: {counted:?}"
    );
}

/// The planted sessions go when their owner does.
async fn sessions_end(cluster: &Cluster) {
    let client = cluster.client(DATABASE).await;
    let query = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'shop-%'";
    let start = Instant::now();
    while client.query_one(query, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        assert!(start.elapsed() < Duration::from_secs(10), "sessions stay");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn the_healthy_twin_shows_none_of_them() {
    let fixture = fixture();
    on_the_ends(async |server| {
        let (cluster, world) = load(server, Variant::Clean).await;
        let (_traffic, calls) = run(&cluster, &world).await;
        assert!(calls > 2000, "{calls}");
        let mut found = probe(&cluster, &fixture).await;
        found.retain(|_, objects| !objects.is_empty());
        assert!(found.is_empty(), "{found:#?}");
        let complaints = complaints(&cluster).await;
        assert!(complaints.is_empty(), "{complaints:#?}");
    })
    .await;
}

/// pgtriage's own findings: all that was planted, the same from a snapshot, and fixes that run.
async fn findings(cluster: &Cluster, fixture: &Fixture, wrong: &mut Vec<String>) {
    let mut store = collect(&cluster.conninfo(DATABASE)).await;
    let outcome = judge(&mut store, world::SETTINGS);
    for planted in &fixture.planted {
        let shows = |f: &Finding| {
            let statement = f.evidence.get("query").and_then(|text| text.as_str());
            let shown = match (&planted.object, &planted.detail) {
                (Some(_), _) => Some(f.object.as_str()),
                (_, Some(_)) => Some(f.detail.as_str()),
                _ => statement,
            };
            f.rule == planted.rule && shown.is_some_and(|shown| planted.is(shown))
        };
        if !outcome.findings.iter().any(shows) {
            wrong.push(format!("not found: {} {:?}", planted.rule, planted));
        }
    }
    let again = judge(&mut saved(&mut store), world::SETTINGS);
    assert_eq!(outcome.findings, again.findings);
    for skipped in &outcome.skipped {
        if skipped.kind == SkipKind::Failed {
            wrong.push(format!("{skipped:?}"));
        }
    }
}

/// Findings of the twin at warning or above, and rules that failed.
async fn complaints(cluster: &Cluster) -> Vec<String> {
    let mut store = collect(&cluster.conninfo(DATABASE)).await;
    // The twin is set up for a small machine, not for that of the test.
    let small = "UPDATE machines SET cores = 2, memory_bytes = 1610612736, storage = NULL";
    store.connection().execute(small, []).unwrap();
    let outcome = judge(&mut store, world::SETTINGS);
    let graver = outcome
        .findings
        .iter()
        .filter(|f| f.severity >= Severity::Warning);
    let failed = outcome
        .skipped
        .iter()
        .filter(|s| s.kind == SkipKind::Failed);
    graver
        .map(|f| format!("{} {}: {}", f.rule, f.object, f.detail))
        .chain(failed.map(|s| format!("{s:?}")))
        .collect()
}
