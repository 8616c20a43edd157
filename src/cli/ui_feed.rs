//! Reads a server again and again for the terminal UI, on a thread of its own.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::time::{Instant, sleep_until};

use super::context::Rules;
use super::live::Live;
use crate::engine::Selection;
use crate::facts::Store;
use crate::tui::{self, Data, Message, Progress, Request};

/// The server rests for at least this many times as long as a reading took.
const REST: u32 = 4;

/// Reads until the UI no longer listens. Every reading is whole: findings are the same as those of
/// `pgtriage check` at that moment, and a fixed problem goes away.
pub fn run(
    live: Live,
    rules: &Rules,
    every: Duration,
    messages: &UnboundedSender<Message>,
    mut requests: UnboundedReceiver<Request>,
) {
    let pages = tui::explanations(&rules.pages, &rules.plan);
    let judge = |mut store: Store| -> anyhow::Result<Data> {
        let outcome = rules.judge(&mut store, Selection::default(), None)?;
        Ok(tui::read(&store, outcome, pages.clone())?)
    };
    let mut pace = Pace {
        every,
        is_paused: false,
    };
    live.drive(async |collector| {
        loop {
            let started = Instant::now();
            let _ = messages.send(Message::Refreshing);
            let mut store = match Store::in_memory() {
                Ok(store) => store,
                Err(error) => return drop(messages.send(Message::Lost(error.to_string()))),
            };
            let mut told = |at: crate::collect::Progress<'_>| {
                let _ = messages.send(Message::Progress(Progress {
                    done: at.done,
                    total: at.total,
                    what: at.what.to_owned(),
                }));
            };
            let collected = tokio::select! {
                () = messages.closed() => return,
                collected = collector.collect(&mut store, &mut told) => collected,
            };
            let data = collected
                .map_err(anyhow::Error::from)
                .and_then(|()| judge(store));
            let message = match data {
                Ok(data) => Message::Data(Box::new(data)),
                Err(error) => Message::Lost(format!("{error:#}")),
            };
            if messages.send(message).is_err() {
                return;
            }
            if !pace.wait(started, &mut requests).await {
                return;
            }
        }
    });
}

/// How often the server is read.
struct Pace {
    every: Duration,
    is_paused: bool,
}

impl Pace {
    /// Waits until the next reading is due; `false` if nobody wants one any more.
    async fn wait(&mut self, started: Instant, requests: &mut UnboundedReceiver<Request>) -> bool {
        let rested = Instant::now() + started.elapsed() * REST;
        loop {
            let due = rested.max(started + self.every);
            tokio::select! {
                () = sleep_until(due), if !self.is_paused => return true,
                request = requests.recv() => match request {
                    Some(Request::Refresh) => return true,
                    Some(Request::Interval(every)) => self.every = every,
                    Some(Request::Pause(pause)) => self.is_paused = pause,
                    None => return false,
                },
            }
        }
    }
}
