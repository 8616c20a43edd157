//! Filling a cluster with the world.

use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::future::try_join_all;
use tokio_postgres::Config;

use super::error::{WorldError, said};
use super::files::{DATABASE, Variant};
use super::link::{self, BACKSTAGE, Link};
use super::script::{Script, ScriptStep, Stage};

/// How far a long action is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step<'a> {
    /// What is being done.
    pub name: &'a str,
    /// The share of the whole that is done, from 0 to 1; it never falls.
    pub done: f64,
}

/// A world that was loaded.
#[derive(Debug, Clone)]
pub struct World {
    pub(super) config: Config,
    variant: Variant,
}

impl World {
    /// Creates the database [`DATABASE`] in a cluster with the options of the same variant
    /// ([`Variant::options`]) and fills it. `conninfo` names a superuser and any other database;
    /// the roles of the shop must be able to log in by the same way without a password.
    pub async fn load(
        conninfo: &str,
        variant: Variant,
        progress: impl FnMut(Step<'_>),
    ) -> Result<Self, WorldError> {
        let mut config: Config = conninfo.parse().map_err(|source| WorldError::Query {
            doing: "reading the connection string".to_owned(),
            source,
        })?;
        let scripts = variant.scripts();
        let stages = scripts.iter().map(Script::stages);
        let stages = stages.collect::<Result<Vec<_>, _>>()?;
        let steps = stages.iter().flatten().flatten().flatten();
        let progress = Mutex::new(Progress {
            total: steps.map(|step| f64::from(step.cost)).sum(),
            done: 0.0,
            tell: progress,
        });

        let maintenance = Link::backstage(&config).await?;
        let create = format!("CREATE DATABASE {DATABASE} TEMPLATE template0");
        let created = maintenance.client.batch_execute(&create).await;
        created.map_err(WorldError::at(create))?;
        config.dbname(DATABASE);
        for (script, stages) in scripts.iter().zip(&stages) {
            // A script's sessions are gone before the next one begins: settle.sql throws away the
            // counters of those before it.
            for stage in stages {
                run_stage(&config, script.file, stage, &progress).await?;
            }
            let left = link::processes(&maintenance, &[BACKSTAGE]).await?;
            link::ended(&maintenance, &left).await?;
        }
        maintenance.close().await;
        lock(&progress).tell("loaded");
        Ok(Self { config, variant })
    }

    /// Which of the two worlds it is.
    pub fn variant(&self) -> Variant {
        self.variant
    }
}

async fn run_stage<P: FnMut(Step<'_>)>(
    config: &Config,
    file: &'static str,
    stage: &Stage,
    progress: &Mutex<Progress<P>>,
) -> Result<(), WorldError> {
    let lanes = stage.iter().map(async |lane| {
        let link = Link::backstage(config).await?;
        for step in lane {
            lock(progress).tell(step.name);
            let result = link.client.batch_execute(step.sql).await;
            check(file, step, result)?;
            lock(progress).done += f64::from(step.cost);
        }
        link.close().await;
        Ok(())
    });
    try_join_all(lanes).await.map(drop)
}

/// Whether a step ended as it has to.
fn check(
    file: &'static str,
    step: &ScriptStep,
    result: Result<(), tokio_postgres::Error>,
) -> Result<(), WorldError> {
    let because = match (result, step.fails) {
        (Ok(()), None) => return Ok(()),
        (Ok(()), Some(state)) => format!("it did not fail with SQLSTATE {state}"),
        (Err(e), Some(state)) if e.code().is_some_and(|code| code.code() == state) => return Ok(()),
        (Err(e), _) => said(&e),
    };
    Err(WorldError::Step {
        file,
        step: step.name.to_owned(),
        because,
    })
}

/// The callback and the costs of what is done; lanes share it.
struct Progress<P> {
    total: f64,
    done: f64,
    tell: P,
}

impl<P: FnMut(Step<'_>)> Progress<P> {
    fn tell(&mut self, name: &str) {
        let done = (self.done / self.total).min(1.0);
        (self.tell)(Step { name, done });
    }
}

fn lock<P>(progress: &Mutex<Progress<P>>) -> MutexGuard<'_, Progress<P>> {
    progress.lock().unwrap_or_else(PoisonError::into_inner)
}
