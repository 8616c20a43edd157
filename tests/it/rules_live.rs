//! Rules that read views of a live server, seen to fire on one: worlds in `rules_live/*.toml` say what is
//! done to a server and what must be found then. `exempt.toml` names the rules that no throwaway server can
//! show, each with the reason; every page is in one of these, in the shop world, or reads no live view.

mod coverage;
mod healthy;
mod held;
mod standby;
mod world;
pub mod written;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use pgtriage::cluster::Cluster;
use pgtriage::collect::connect::{ConnInfo, Environment};
use pgtriage::collect::{CollectOptions, Collector};
use pgtriage::engine::SkipKind;
use pgtriage::facts::Store;

use self::held::Sessions;
use self::world::World;
use crate::support::{ends, judge, loudly, private};

/// Counters reach the views within seconds; a slow machine takes longer.
const PATIENCE: Duration = Duration::from_mins(1);

/// What of a world's expectations does not show yet.
fn missing(world: &World, major: u32, found: &BTreeSet<String>) -> Vec<String> {
    let expected = world.expected(major);
    let lacks = |expected: &&String| {
        let start = expected.strip_suffix('…');
        match start {
            Some(start) => !found.iter().any(|f| f.starts_with(start)),
            None => !found.contains(*expected),
        }
    };
    expected.iter().filter(lacks).cloned().collect()
}

/// Facts in one sample, or in several between which the world goes on.
async fn look(world: &World, major: u32, cluster: &Cluster, targets: &[String]) -> Store {
    let infos: Vec<ConnInfo> = targets
        .iter()
        .map(|t| ConnInfo::resolve(Some(t), &Environment::empty()).unwrap())
        .collect();
    let mut collector = Collector::connect(&infos, CollectOptions::default())
        .await
        .unwrap_or_else(|e| panic!("{e}"));
    let mut store = Store::in_memory().unwrap();
    collector.collect(&mut store, &mut |_| {}).await.unwrap();
    for _ in 0..world.samples(major) {
        world.between(major, cluster).await;
        collector.sample(&mut store).await.unwrap();
    }
    collector.close().await;
    store
}

async fn check(name: &str) {
    let world = World::read(name);
    let mut wrong = Vec::new();
    for server in ends() {
        let start = Instant::now();
        let mut cluster = private(server, world.options(server.major));
        let mut standby = None;
        if world.standby {
            standby = Some(standby::of(&mut cluster, server).await);
        }
        let mut sessions = Sessions::default();
        world.make(&mut cluster, &mut sessions).await;
        let mut targets = vec![world.target(&cluster)];
        targets.extend(standby.as_ref().map(|s: &Cluster| s.conninfo("postgres")));
        if let Some(standby) = &standby {
            world.on_standby(&cluster, standby, &mut sessions).await;
        }
        // A look may disturb what the next one would find, so what was seen once counts.
        let mut found = BTreeSet::new();
        let outcome = loop {
            let mut store = look(&world, server.major, &cluster, &targets).await;
            let outcome = judge(&mut store, &world.config);
            found.extend(
                outcome
                    .findings
                    .iter()
                    .map(|f| format!("{} {}", f.rule, f.object)),
            );
            if missing(&world, server.major, &found).is_empty() || start.elapsed() > PATIENCE {
                break outcome;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        };
        let took = start.elapsed().as_secs_f64();
        let expected = world.expected(server.major).len();
        loudly(&format!(
            "rules live: {name} on {server}: {expected} findings in {took:.1} s"
        ));
        let failed = outcome
            .skipped
            .iter()
            .filter(|s| s.kind == SkipKind::Failed);
        wrong.extend(failed.map(|s| format!("{}: {s:?}", server.major)));
        for missing in missing(&world, server.major, &found) {
            let rule = missing.split(' ').next().unwrap();
            let same = outcome
                .findings
                .iter()
                .filter(|f| f.rule == rule)
                .map(|f| &f.object);
            let skipped = outcome
                .skipped
                .iter()
                .filter(|s| s.rule == rule)
                .map(|s| &s.because);
            wrong.push(format!(
                "{}: {missing}; found: {:?}; skipped: {:?}",
                server.major,
                same.collect::<Vec<_>>(),
                skipped.collect::<Vec<_>>()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

macro_rules! worlds {
    ($($name:ident),* $(,)?) => {
        /// Names of all worlds.
        const WORLDS: &[&str] = &[$(stringify!($name)),*];
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                check(stringify!($name)).await;
            }
        )*
    };
}

worlds![
    archive,
    blind,
    careless,
    checksums,
    loops,
    replicated,
    schema,
    slow_archive,
    statements,
    unfitted
];
