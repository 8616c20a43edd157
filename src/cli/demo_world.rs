//! The world of the demo: a cluster, its traffic, and sessions that are stuck.

use std::time::Duration;

use anyhow::Context as _;
use tokio::runtime::Runtime;

use super::interrupt;
use super::progress::Progress;
use super::source::Target;
use crate::cluster::world::{DATABASE, Step, Traffic, Variant, World};
use crate::cluster::{Cluster, ServerBinaries};
use crate::collect::CollectOptions;
use crate::collect::connect::{ConnInfo, Environment};

/// The traffic is the same in every demo.
const SEED: u64 = 1;
/// What starting and loading take, as a share of the whole with the usual length of traffic.
const STARTED: f64 = 0.1;
const LOADED: f64 = 0.7;

/// A world that runs. Dropped, or with the end of the process, it is gone.
pub struct Demo {
    traffic: Traffic,
    runtime: Runtime,
    cluster: Cluster,
}

impl Demo {
    /// Makes a cluster, fills it and runs its traffic for so long.
    pub fn start(
        server: &ServerBinaries,
        traffic: Duration,
        progress: &mut Progress,
    ) -> anyhow::Result<Self> {
        let mut tell = |what: &str, share: f64| {
            progress.set((share * 1000.0) as usize, 1000, what);
        };
        let variant = Variant::Planted;
        // A signal ends the process meanwhile, and the cluster with it.
        let cluster = Cluster::start(server, &variant.options())?;
        tell("loading", STARTED);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("cannot start the network")?;
        let conninfo = cluster.conninfo("postgres");
        let traffic = runtime.block_on(interrupt::unless_interrupted(async {
            let world = World::load(&conninfo, variant, |step: Step<'_>| {
                tell(step.name, STARTED + step.done * (LOADED - STARTED));
            });
            let world = world.await?;
            let running = world.run(traffic, SEED, |step: Step<'_>| {
                tell(step.name, LOADED + step.done * (1.0 - LOADED));
            });
            Ok(running.await?)
        }))?;
        Ok(Self {
            traffic,
            runtime,
            cluster,
        })
    }

    /// What to read.
    pub fn target(&self) -> anyhow::Result<Target> {
        let conninfo = self.cluster.conninfo(DATABASE);
        // Nothing of the user's environment: a PGSSLMODE or PGOPTIONS is meant for other servers.
        let nodes = vec![ConnInfo::resolve(Some(&conninfo), &Environment::empty())?];
        let options = CollectOptions::default();
        Ok(Target { nodes, options })
    }

    /// Lets the stuck sessions go and removes the cluster.
    pub fn end(self) {
        drop(self.traffic);
        drop(self.runtime);
        drop(self.cluster);
    }
}
