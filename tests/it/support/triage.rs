//! The main job as a library: facts of a server, judged.

use std::path::Path;

use pgtriage::collect::connect::{ConnInfo, Environment};
use pgtriage::collect::{CollectOptions, Collector};
use pgtriage::config::ConfigFile;
use pgtriage::engine::{Options, Outcome, Pages, Plan, Source, run};
use pgtriage::facts::Store;

/// Reads the facts of one database.
pub async fn collect(conninfo: &str) -> Store {
    let info = ConnInfo::resolve(Some(conninfo), &Environment::empty()).unwrap();
    let options = CollectOptions::default();
    let mut collector = Collector::connect(&[info], options).await.unwrap();
    let mut store = Store::in_memory().unwrap();
    collector.collect(&mut store, &mut |_| {}).await.unwrap();
    collector.close().await;
    store
}

/// Judges facts by the built-in pages, under a configuration.
pub fn judge(store: &mut Store, config: &str) -> Outcome {
    let config = ConfigFile::parse(Source::new("pgtriage.toml", config), Path::new("."))
        .unwrap_or_else(|e| panic!("{e}"));
    let pages = Pages::load(Vec::new()).unwrap();
    let plan = Plan::new(&pages, &config.rules, &config.ignore, &config.source)
        .unwrap_or_else(|e| panic!("{e:?}"));
    run(
        store,
        &pages,
        &plan,
        &Options::on(jiff::civil::date(2026, 11, 1)),
    )
    .unwrap()
}

/// Saves facts and reads them back, as `snapshot` and `check --snapshot` do.
pub fn saved(store: &mut Store) -> Store {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("saved.facts");
    store.save(&path, false).unwrap();
    Store::open(&path).unwrap()
}
