//! Facts with the planner's statistics: read from a server, or copied; with the logs that are followed beside them.

use std::sync::mpsc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::mpsc::UnboundedSender;

use super::desk::Desk;
use crate::cli::feeder::Copier;
use crate::cli::source::Target;
use crate::collect::{CollectOptions, Collector, Progress};
use crate::facts::Store;

/// How often it is looked whether to stop.
const LOOK: Duration = Duration::from_millis(100);
/// How long connections may take to close, and a cancelled query to end.
const CLOSING: Duration = Duration::from_secs(2);

/// Where facts come from.
pub enum Ground {
    /// A server; beside it logs that whoever feeds the UI follows.
    Server(Box<Target>, Option<UnboundedSender<Copier>>),
    /// Whoever feeds the UI has facts that stay.
    Copy(UnboundedSender<Copier>),
}

impl Ground {
    /// The facts; `None`: it was to stop.
    pub fn store(&self, desk: &Desk) -> anyhow::Result<Option<Store>> {
        match self {
            Self::Server(target, copiers) => match (read(target, desk)?, copiers) {
                (Some(store), Some(copiers)) => copy(copiers, Some(Box::new(store)), desk),
                (store, _) => Ok(store),
            },
            Self::Copy(copiers) => copy(copiers, None, desk),
        }
    }
}

/// Reads a server with the values that its planner goes by. They stay in memory.
fn read(target: &Target, desk: &Desk) -> anyhow::Result<Option<Store>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .context("cannot start the network")?;
    runtime.block_on(async {
        let options = CollectOptions {
            with_values: true,
            keep_samples: true,
            bloat: None,
            ..target.options.clone()
        };
        let connect = Collector::connect(&target.nodes, options);
        let Some(collector) = Box::pin(unless_stopped(desk, connect)).await else {
            return Ok(None);
        };
        let mut collector = collector?;
        let mut store = Store::in_memory()?;
        let mut tell = |at: Progress<'_>| {
            desk.doing(&format!("reading statistics {} of {}", at.done, at.total));
        };
        let collect = collector.collect(&mut store, &mut tell);
        let collected = Box::pin(unless_stopped(desk, collect)).await;
        // What does not close in time is closed by the end of the process.
        let _ = tokio::time::timeout(CLOSING, collector.close()).await;
        match collected {
            Some(collected) => Ok(collected.map(|()| Some(store))?),
            None => Ok(None),
        }
    })
}

async fn unless_stopped<T>(desk: &Desk, work: impl Future<Output = T>) -> Option<T> {
    let stopped = async {
        while !desk.is_stopped() {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        done = work => Some(done),
        () = stopped => None,
    }
}

fn copy(
    copiers: &UnboundedSender<Copier>,
    facts: Option<Box<Store>>,
    desk: &Desk,
) -> anyhow::Result<Option<Store>> {
    let (taker, copies) = mpsc::channel();
    let gone = "the facts cannot be copied: the part that holds them has ended";
    copiers.send(Copier { facts, taker }).ok().context(gone)?;
    loop {
        match copies.recv_timeout(LOOK) {
            Ok(copied) => return copied.map(Some),
            Err(mpsc::RecvTimeoutError::Timeout) if desk.is_stopped() => return Ok(None),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => anyhow::bail!(gone),
        }
    }
}
