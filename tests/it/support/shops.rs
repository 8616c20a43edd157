//! The shop world for tests that begin after its traffic.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use pgtriage::cluster::world::{Variant, World};
use pgtriage::cluster::{Cluster, Options, ServerBinaries, StopMode};
use tokio::runtime::Runtime;

use super::clusters::{OnceMap, private};

/// A cluster with the shop after its rounds and further `settings`: a copy of one that is made once in
/// this process and was stopped in order, so counters, slots and prepared transactions are there. The
/// planted sessions are not, what waited for a restart has had it, and autovacuum is off.
pub fn shop(server: &ServerBinaries, variant: Variant, settings: &[(&str, &str)]) -> Cluster {
    let mut options = Options {
        copy_of: Some(made(server, variant)),
        ..variant.options()
    };
    for (name, value) in settings {
        options = options.set(name, value);
    }
    private(server, options)
}

/// The data directory of a shop that was loaded, had its rounds and was stopped.
fn made(server: &ServerBinaries, variant: Variant) -> PathBuf {
    static MADE: OnceMap<(PathBuf, bool), Cluster> = OnceMap::new();
    let key = (server.bin.clone(), variant == Variant::Planted);
    let cluster = MADE.get_or_init(key, || {
        let options = variant.options().set("autovacuum", "off");
        let mut cluster = private(server, options);
        let conninfo = cluster.conninfo("postgres");
        let make = async || {
            let world = World::load(&conninfo, variant, |_| ()).await?;
            world.run(Duration::ZERO, 1, |_| ()).await
        };
        // Not within the caller's runtime, which would wait for itself.
        let make = || Runtime::new().unwrap().block_on(make()).map(drop);
        let outcome = thread::scope(|scope| scope.spawn(make).join().unwrap());
        outcome.unwrap_or_else(|e| panic!("{e}"));
        cluster
            .stop(StopMode::Fast)
            .unwrap_or_else(|e| panic!("{e}"));
        cluster
    });
    cluster.data_dir()
}
