//! Ctrl-C and SIGTERM.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::runtime::Handle;

use super::exit::{Exit, Interrupted};

/// Waits for the next signal that asks for the end. The first call takes the signals over for good.
pub async fn signal() -> Interrupted {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            return tokio::select! {
                _ = tokio::signal::ctrl_c() => Interrupted { signal: 2 },
                _ = terminate.recv() => Interrupted { signal: 15 },
            };
        }
    }
    let _ = tokio::signal::ctrl_c().await;
    Interrupted { signal: 2 }
}

/// Does the work unless a signal comes first; then the work is dropped, which cancels what runs at
/// the server.
pub async fn unless_interrupted<T>(
    work: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    tokio::select! {
        biased;
        interrupted = signal() => Err(interrupted.into()),
        result = work => result,
    }
}

/// From here on a signal ends the process at once, unless something is to be tidied up ([`Untidy`]): whoever
/// holds that hears of it too.
pub fn end_on_signal(runtime: &Handle) {
    runtime.spawn(async {
        loop {
            let interrupted = signal().await;
            if UNTIDY.load(Ordering::Relaxed) == 0 {
                exit(interrupted);
            }
        }
    });
}

/// How many hold something that is to be tidied up.
static UNTIDY: AtomicUsize = AtomicUsize::new(0);

/// Something is to be tidied up before the process ends: its holder waits for signals by itself.
#[derive(Debug)]
pub struct Untidy(());

impl Untidy {
    /// From here on.
    pub fn begin() -> Self {
        UNTIDY.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for Untidy {
    fn drop(&mut self) {
        UNTIDY.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whether the end was asked for, where no future waits for it. A second signal ends the process.
pub struct Stop {
    asked: mpsc::Receiver<()>,
    is_asked: Arc<AtomicBool>,
}

impl Stop {
    /// Listens on a thread of its own.
    pub fn listen() -> anyhow::Result<Self> {
        let (tell, asked) = mpsc::channel();
        let is_asked = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&is_asked);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot listen to signals")?;
        std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    signal().await;
                    flag.store(true, Ordering::Relaxed);
                    // Whoever listened may be done.
                    let _ = tell.send(());
                    let interrupted = signal().await;
                    exit(interrupted);
                });
            })
            .context("cannot listen to signals")?;
        Ok(Self { asked, is_asked })
    }

    /// Whether it was.
    pub fn is_asked(&self) -> bool {
        self.is_asked.load(Ordering::Relaxed)
    }

    /// Waits, unless it was or is.
    pub fn wait(&self, most: Duration) -> bool {
        self.is_asked() || self.asked.recv_timeout(most).is_ok()
    }
}

#[allow(clippy::exit, reason = "signals end a process wherever it is")]
fn exit(interrupted: Interrupted) -> ! {
    std::process::exit(i32::from(Exit::Signal(interrupted.signal).number()))
}
