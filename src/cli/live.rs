//! A server that facts are read from.

use std::time::Duration;

use anyhow::Context as _;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::exit::Interrupted;
use super::feeder::Feeder;
use super::interrupt;
use super::progress::Progress;
use super::say::Say;
use super::source::Target;
use crate::collect::Collector;
use crate::facts::Store;

/// How long connections may take to close, and a cancelled query to end.
const CLOSING: Duration = Duration::from_secs(2);

/// A collector and what drives it.
pub struct Live {
    runtime: Runtime,
    collector: Collector,
}

/// How far sampling came.
pub enum Sampled {
    /// All samples were taken.
    All,
    /// The user ended it after so many.
    Stopped(u32, Interrupted),
    /// The server was lost after so many.
    Lost(u32, anyhow::Error),
}

impl Live {
    /// Connects.
    pub fn connect(target: &Target, say: Say) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .context("cannot start the network")?;
        let connect = async {
            let options = target.options.clone();
            Ok(Collector::connect(&target.nodes, options).await?)
        };
        let collector = runtime.block_on(interrupt::unless_interrupted(connect))?;
        for warning in collector.warnings() {
            say.warn(&warning);
        }
        Ok(Self { runtime, collector })
    }

    /// Database and server, without secrets.
    pub fn target(&self) -> String {
        self.collector.target()
    }

    /// Reads everything.
    pub fn collect(&mut self, progress: &mut Progress) -> anyhow::Result<Store> {
        let mut store = Store::in_memory()?;
        let collector = &mut self.collector;
        let result = self.runtime.block_on(interrupt::unless_interrupted(async {
            let mut told =
                |at: crate::collect::Progress<'_>| progress.set(at.done, at.total, at.what);
            Ok(collector.collect(&mut store, &mut told).await?)
        }));
        if result.is_err() {
            self.close();
        }
        result.map(|()| store)
    }

    /// Takes further samples, until there are `samples` in all. Nothing of a sample that could not
    /// be finished stays in the store.
    pub fn sample(
        &mut self,
        store: &mut Store,
        samples: u32,
        every: Duration,
        progress: &mut Progress,
    ) -> anyhow::Result<Sampled> {
        let collector = &mut self.collector;
        let total = samples as usize;
        self.runtime.block_on(async {
            for done in 1..samples {
                let what = format!("waiting for sample {} of {samples}", done + 1);
                let waited = wait(every, |share| {
                    progress.set(
                        ((f64::from(done) + share) * 100.0) as usize,
                        total * 100,
                        &what,
                    );
                });
                if let Err(interrupted) = waited.await {
                    return Ok(Sampled::Stopped(done, interrupted));
                }
                store.connection().execute_batch("BEGIN")?;
                let sample = async { Ok(collector.sample(store).await?) };
                let Err(error) = interrupt::unless_interrupted(sample).await else {
                    store.connection().execute_batch("COMMIT")?;
                    continue;
                };
                store.connection().execute_batch("ROLLBACK")?;
                return Ok(match error.downcast::<Interrupted>() {
                    Ok(interrupted) => Sampled::Stopped(done, interrupted),
                    Err(error) => Sampled::Lost(done, error),
                });
            }
            Ok(Sampled::All)
        })
    }

    /// Looks at sessions for a while; Ctrl-C ends it, and what was seen until then stays. Gives how
    /// long it was, and the signal.
    pub fn watch(
        &mut self,
        store: &Store,
        time: Duration,
        progress: &mut Progress,
    ) -> anyhow::Result<(Duration, Option<Interrupted>)> {
        let collector = &mut self.collector;
        let total = time.as_secs_f64();
        self.runtime.block_on(async {
            let mut interrupted = None;
            let stop = async { interrupted = Some(interrupt::signal().await) };
            let mut tell = |share: f64| {
                let left = (total * (1.0 - share)).ceil();
                let what = format!("looking at sessions, {left} s left");
                progress.set((share * 1e3) as usize, 1_000, &what);
            };
            let watched = collector.watch(store, time, stop, &mut tell).await?;
            Ok((watched, interrupted))
        })
    }

    /// Closes the connections; a query that was dropped is cancelled meanwhile. A signal ends the
    /// process from here on.
    pub fn end(self) {
        self.close();
        interrupt::end_on_signal(self.runtime.handle());
        // The runtime has to stay to hear of signals.
        std::mem::forget(self.runtime);
    }

    /// Feeds the UI until it ends or `quit` is dropped, then closes the connections; a query that
    /// runs is cancelled meanwhile.
    pub fn feed(self, feeder: Feeder, quit: oneshot::Receiver<()>) {
        let mut collector = Some(self.collector);
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                _ = quit => {}
                () = feeder.feed(&mut collector) => {}
            }
            if let Some(collector) = &collector {
                close(collector).await;
            }
        });
    }

    fn close(&self) {
        self.runtime.block_on(close(&self.collector));
    }
}

async fn close(collector: &Collector) {
    // What does not close in time is closed by the end of the process.
    let _ = tokio::time::timeout(CLOSING, collector.close()).await;
}

/// Waits, and says which share of the time is over; a signal ends it.
async fn wait(time: Duration, mut tell: impl FnMut(f64)) -> Result<(), Interrupted> {
    const STEP: Duration = Duration::from_millis(200);
    let mut step = tokio::time::interval(STEP);
    let start = tokio::time::Instant::now();
    let end = tokio::time::sleep(time);
    let stop = interrupt::signal();
    tokio::pin!(end, stop);
    loop {
        tokio::select! {
            () = &mut end => return Ok(()),
            interrupted = &mut stop => return Err(interrupted),
            _ = step.tick() => tell(start.elapsed().div_duration_f64(time)),
        }
    }
}
