//! Ctrl-C and SIGTERM.

use std::future::Future;

use tokio::runtime::Runtime;

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

/// From here on a signal ends the process at once: for work that holds nothing to be tidied up.
#[allow(clippy::exit, reason = "signals end a process wherever it is")]
pub fn end_on_signal(runtime: &Runtime) {
    runtime.spawn(async {
        let interrupted = signal().await;
        std::process::exit(i32::from(Exit::Signal(interrupted.signal).number()));
    });
}
