//! The server of `lint --trace`: a throwaway one, or one that the user says is scratch.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use tokio::runtime::Runtime;

use super::context::Context;
use super::interrupt;
use super::lint::Args;
use crate::cluster::{self, Cluster, Options, ServerBinaries};
use crate::collect::connect::{ConnInfo, Environment};
use crate::collect::trace::{Observations, Plan, Scratch, Script, Step, run_chain};
use crate::collect::{CollectOptions, Collector};
use crate::facts::Store;

/// Word in place of a connection string: a throwaway server.
const THROWAWAY: &str = "scratch";
/// Database of a throwaway server.
const DATABASE: &str = "postgres";
/// Most messages of a script that are shown.
const SHOWN: usize = 3;

/// A server in which migrations are run. Ended, it has no trace of them.
pub struct Ground {
    runtime: Runtime,
    scratch: Scratch,
    cluster: Option<Cluster>,
}

impl Ground {
    /// Starts or finds the server, and has the scripts of the arguments set up the database.
    pub fn start(server: &str, args: &Args, context: &Context) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("cannot start the network")?;
        let cluster = if server == THROWAWAY {
            let server = binaries(context)?;
            // A signal ends the process meanwhile, and the cluster with it.
            let options = Options::default().set("autovacuum", "off");
            Some(Cluster::start(&server, &options)?)
        } else {
            None
        };
        let info = match &cluster {
            // Nothing of the user's environment: it is meant for other servers.
            Some(cluster) => {
                let conninfo = cluster.conninfo(DATABASE);
                ConnInfo::resolve(Some(&conninfo), &Environment::empty())?
            }
            None if !args.trace.scratch => bail!(
                "--trace runs the migrations; say by --scratch that the database is there to try things on"
            ),
            None => ConnInfo::resolve(Some(server), &Environment::from_process())?,
        };
        let in_place = args.trace.in_place;
        let prepared =
            interrupt::unless_interrupted(async { Ok(Scratch::prepare(&info, in_place).await?) });
        let scratch = runtime.block_on(prepared)?;
        let mut ground = Self {
            runtime,
            scratch,
            cluster,
        };
        for path in scripts(args, ground.cluster.is_some()) {
            let loaded = ground.load(&path, context);
            if let Err(error) = loaded {
                ground.end(context);
                return Err(error);
            }
        }
        Ok(ground)
    }

    fn load(&mut self, path: &Path, context: &Context) -> anyhow::Result<()> {
        let script = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let scratch = &mut self.scratch;
        let loading = interrupt::unless_interrupted(async { Ok(scratch.set_up(&script).await?) });
        let failed = self.runtime.block_on(loading)?;
        for failed in failed.iter().take(SHOWN) {
            let (path, line) = (path.display(), failed.line);
            context
                .say
                .warn(&format!("{path}:{line}: {}", failed.message));
        }
        if failed.len() > SHOWN {
            let more = failed.len() - SHOWN;
            context.say.warn(&format!(
                "{}: {more} more statements failed",
                path.display()
            ));
        }
        Ok(())
    }

    /// Major version of the server.
    pub fn major(&self) -> u32 {
        self.scratch.major()
    }

    /// Where the migrations are run, in words.
    pub fn words(&self) -> String {
        let target = self.scratch.source().display_target();
        match &self.cluster {
            Some(cluster) => format!("a throwaway server ({})", cluster.server()),
            None if self.scratch.is_in_place() => format!("{target} itself"),
            None => format!("copies of {target}"),
        }
    }

    /// What is known of the database before the migrations.
    pub fn facts(&self) -> anyhow::Result<Store> {
        let mut store = Store::in_memory()?;
        let source = self.scratch.source();
        let reading = interrupt::unless_interrupted(async {
            let mut collector = Collector::connect(&[source], CollectOptions::default()).await?;
            collector.collect(&mut store, &mut |_| {}).await?;
            collector.close().await;
            Ok(())
        });
        self.runtime.block_on(reading)?;
        Ok(store)
    }

    /// Runs the migrations, each chain in a copy of its own.
    pub fn run(
        &mut self,
        plan: &Plan,
        mut told: impl FnMut(&Script, &Step),
    ) -> anyhow::Result<Observations> {
        let scratch = &mut self.scratch;
        let running = interrupt::unless_interrupted(async {
            let mut all = Observations::new();
            for chain in &plan.chains {
                let first = scratch.fresh().await?;
                all.extend(run_chain(&first, chain, &mut told).await?);
            }
            Ok(all)
        });
        self.runtime.block_on(running)
    }

    /// Drops copies; a throwaway server goes with all it has.
    pub fn end(mut self, context: &Context) {
        if self.cluster.is_some() {
            return;
        }
        let scratch = &mut self.scratch;
        let ending = interrupt::unless_interrupted(async { Ok(scratch.end().await?) });
        let Err(error) = self.runtime.block_on(ending) else {
            return;
        };
        for statement in self.scratch.drops() {
            context.say.warn(&format!(
                "a copy may be left ({error}); the next trace there drops it, or: {statement}"
            ));
        }
    }
}

/// Scripts that set the database up. A throwaway server has the schema only from the user.
fn scripts(args: &Args, is_throwaway: bool) -> Vec<PathBuf> {
    let schema = args.offline.schema.clone().filter(|_| is_throwaway);
    schema
        .into_iter()
        .chain(args.trace.scratch_setup.clone())
        .collect()
}

/// Server programs: of the version that was asked for, else the best there are.
fn binaries(context: &Context) -> anyhow::Result<ServerBinaries> {
    let Some(major) = context.settings.lint.pg_version else {
        return Ok(cluster::best(None)?);
    };
    let found = cluster::per_major(None)?;
    match found.into_iter().find(|server| server.major == major) {
        Some(server) => Ok(server),
        None => bail!(
            "there are no programs of PostgreSQL {major} on this machine; install them, or give --pg-version of one that is there"
        ),
    }
}
