//! Every rule page under `rules/`: complete, listed, and held to its cases.

use std::path::Path;

use jiff::civil::date;
use pgtriage::cli::migration_cases::LINTER;
use pgtriage::engine::{
    Options, Origin, Outcome, Pages, Plan, SkipKind, Source, World, builtin_sources, check_page,
    page, run,
};
use pgtriage::facts::{Limit, Store};

/// Paths of the pages below `rules/`, relative to the package, sorted.
fn files() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for family in std::fs::read_dir(root.join("rules")).unwrap() {
        for file in std::fs::read_dir(family.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "md") {
                continue;
            }
            let relative = path.strip_prefix(root).unwrap().to_str().unwrap();
            files.push(relative.replace('\\', "/"));
        }
    }
    files.sort();
    files
}

#[test]
fn the_list_of_built_in_pages_is_the_folder() {
    let listed: Vec<String> = builtin_sources().map(|source| source.path).collect();
    let files = files();
    let line = |path: &String| {
        let id = path.trim_start_matches("rules/").trim_end_matches(".md");
        format!("    page!(\"{id}\"),")
    };
    let add: Vec<String> = files
        .iter()
        .filter(|f| !listed.contains(f))
        .map(line)
        .collect();
    let remove: Vec<String> = listed
        .iter()
        .filter(|l| !files.contains(l))
        .map(line)
        .collect();
    assert!(
        add.is_empty() && remove.is_empty(),
        "in src/engine/builtin.rs add\n{}\nand remove\n{}",
        add.join("\n"),
        remove.join("\n")
    );
    assert_eq!(listed, files, "sort the lines of src/engine/builtin.rs");
}

#[test]
fn every_page_is_complete_and_its_cases_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut world = World::new().unwrap().linting(LINTER);
    let mut errors = Vec::new();
    let mut cases = 0;
    for path in files() {
        let text = std::fs::read_to_string(root.join(&path)).unwrap();
        match page::parse(Source::new(path, text), Origin::Builtin) {
            Ok(page) => {
                cases += page.cases.len();
                errors.extend(check_page(&page, &mut world).unwrap());
            }
            Err(found) => errors.extend(found),
        }
    }
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert!(cases > 0, "no case was run");
}

#[test]
fn the_pages_stand_together() {
    let errors = Pages::load(Vec::new()).err().unwrap_or_default();
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

/// A cluster of 5,000 tables, 15,000 indexes and 2,500 statements, twice as wide as it is deep.
fn large_world() -> Store {
    let store = Store::in_memory().unwrap();
    store
        .connection()
        .execute_batch(include_str!("rules_scale.sql"))
        .unwrap();
    store
}

fn run_all(store: &mut Store, steps: u64) -> Outcome {
    let pages = Pages::load(Vec::new()).unwrap();
    let options = Options {
        limit: Limit { steps },
        ..Options::on(date(2026, 1, 1))
    };
    run(store, &pages, &Plan::default(), &options).unwrap()
}

/// Steps of `SQLite`'s machine, not seconds: the same on every machine. A query that compares
/// each index with each other one takes 225 million steps and more.
#[test]
fn no_page_is_quadratic() {
    let outcome = run_all(&mut large_world(), 60_000_000);
    let slow: Vec<String> = outcome
        .skipped
        .iter()
        .filter(|skipped| skipped.kind == SkipKind::Failed)
        .map(|skipped| format!("{}: {}", skipped.rule, skipped.because))
        .collect();
    assert!(slow.is_empty(), "{}", slow.join("\n"));
    assert!(!outcome.findings.is_empty());
}

/// A new rule has to be placed: what kind of hazard it is, or none.
#[test]
fn the_map_of_hazards_names_the_rules_over_migrations() {
    let map = include_str!("../maps/lint.json");
    let map: serde_json::Map<String, serde_json::Value> = serde_json::from_str(map).unwrap();
    let pages = Pages::load(Vec::new()).unwrap();
    let of_family = pages.ids().filter(|id| id.starts_with("migration/"));
    assert_eq!(
        map.keys().map(String::as_str).collect::<Vec<_>>(),
        of_family.collect::<Vec<_>>()
    );
}
