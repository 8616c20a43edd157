//! Every page is seen on a server, or it is said why not.

use std::collections::{BTreeMap, BTreeSet};

use pgtriage::cluster::world::PLANTED;
use pgtriage::collect::{QUERIES, STATEMENTS};
use pgtriage::engine::{Origin, builtin_sources, page};
use serde::Deserialize;

use super::WORLDS;
use super::world::{World, file};

#[derive(Deserialize)]
struct Planted {
    planted: Vec<Of>,
}

#[derive(Deserialize)]
struct Of {
    rule: String,
}

/// Facts tables that a server fills.
fn live_tables() -> BTreeSet<&'static str> {
    let mut tables: BTreeSet<&str> = QUERIES.iter().map(|spec| spec.table).collect();
    tables.extend([
        STATEMENTS.table,
        "statements",
        "statement_counters",
        "samples",
        "activity_samples",
    ]);
    tables.remove("missing_facts");
    tables
}

/// Rules whose needs name what a server fills and nothing that only a log or a migration does.
fn of_live_views() -> BTreeSet<String> {
    let live = live_tables();
    let mut rules = BTreeSet::new();
    for source in builtin_sources() {
        let page = page::parse(source, Origin::Builtin).unwrap_or_else(|e| panic!("{e:?}"));
        let needs = page.needs.iter().map(|need| need.table.as_str());
        let needs: Vec<&str> = needs.collect();
        let elsewhere = needs
            .iter()
            .any(|n| n.starts_with("log_") || n.starts_with("migration_"));
        if !elsewhere && needs.iter().any(|n| live.contains(n)) {
            rules.insert(page.id);
        }
    }
    rules
}

#[test]
fn every_rule_is_seen_on_a_server_or_has_a_reason() {
    let exempt: BTreeMap<String, String> =
        toml::from_str(&file("exempt")).unwrap_or_else(|e| panic!("{e}"));
    let planted: Planted = toml::from_str(PLANTED).unwrap_or_else(|e| panic!("{e}"));
    let mut seen: BTreeSet<String> = planted.planted.into_iter().map(|p| p.rule).collect();
    for name in WORLDS {
        seen.extend(World::read(name).rules().map(str::to_owned));
    }
    let live = of_live_views();
    assert!(live.len() > 100, "{}", live.len());
    let bare: Vec<_> = live
        .iter()
        .filter(|r| !seen.contains(*r) && !exempt.contains_key(*r))
        .collect();
    assert!(
        bare.is_empty(),
        "neither seen on a server nor exempt with a reason: {bare:#?}"
    );
    let idle: Vec<_> = exempt
        .keys()
        .filter(|r| seen.contains(*r) || !live.contains(*r))
        .collect();
    assert!(idle.is_empty(), "exempt without need: {idle:#?}");
    let known: BTreeSet<String> = builtin_sources()
        .map(|s| {
            s.path
                .trim_start_matches("rules/")
                .trim_end_matches(".md")
                .to_owned()
        })
        .collect();
    let unknown: Vec<_> = seen.iter().filter(|r| !known.contains(*r)).collect();
    assert!(unknown.is_empty(), "no such rule: {unknown:#?}");
    for (rule, reason) in &exempt {
        assert!(reason.len() > 20, "{rule}: {reason}");
    }
}
