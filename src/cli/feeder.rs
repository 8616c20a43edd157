//! Feeds the terminal UI: reads a server again and again and judges what it reads.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::time::{Instant, sleep_until};

use super::context::Rules;
use super::drafts;
use super::readings::Readings;
use super::run::sentence;
use super::source::Target;
use crate::collect::logs::LiveLogs;
use crate::collect::{Collector, Progress};
use crate::engine::{Explanation, Selection};
use crate::facts::Store;
use crate::tui::{self, Data, DraftStatement, Message, Request};

/// Answers the UI's requests with messages.
pub struct Feeder {
    base: Fed,
    /// Logs that are followed.
    logs: Option<LiveLogs>,
    rules: Rules,
    pages: Arc<BTreeMap<String, Explanation>>,
    interval: Duration,
    paused: bool,
    requests: UnboundedReceiver<Request>,
    messages: UnboundedSender<Message>,
}

/// What is fed.
pub enum Fed {
    /// A server.
    Server(Target),
    /// Facts that stay, beside logs that grow.
    Files(Box<Store>),
    /// Facts that stay, and were shown already.
    Still(Box<Store>),
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A reading: of everything when that is due, else of counters and sessions.
    Reading,
    /// Everything anew.
    Whole,
    /// The UI has ended.
    End,
}

impl Feeder {
    /// Reads the server and the logs every `interval`.
    pub fn new(
        base: Fed,
        logs: Option<LiveLogs>,
        rules: Rules,
        interval: Duration,
        requests: UnboundedReceiver<Request>,
        messages: UnboundedSender<Message>,
    ) -> Self {
        let pages = tui::explanations(&rules.pages, &rules.plan);
        Self {
            base,
            logs,
            rules,
            pages,
            interval,
            paused: false,
            requests,
            messages,
        }
    }

    /// Feeds until the UI ends. A collector that loses its server is replaced by a new one.
    pub async fn feed(mut self, collector: &mut Option<Collector>) {
        let mut readings = None;
        let mut next = match self.base {
            Fed::Still(_) => self.next(&mut readings).await,
            Fed::Server(_) | Fed::Files(_) => Next::Whole,
        };
        while next != Next::End {
            self.tell(Message::Refreshing);
            match self.read(collector, &mut readings, next).await {
                Ok(data) => self.tell(Message::Data(Box::new(data))),
                Err(error) => {
                    (*collector, readings) = (None, None);
                    self.tell(Message::Lost(sentence(&error)));
                }
            }
            next = self.next(&mut readings).await;
        }
    }

    async fn read(
        &mut self,
        collector: &mut Option<Collector>,
        readings: &mut Option<Readings>,
        next: Next,
    ) -> anyhow::Result<Data> {
        let store = match &mut self.base {
            Fed::Files(store) | Fed::Still(store) => &mut **store,
            Fed::Server(target) => {
                let collector = if let Some(collector) = collector {
                    collector
                } else {
                    let options = target.options.clone();
                    collector.insert(Collector::connect(&target.nodes, options).await?)
                };
                refresh(collector, readings, next, &self.messages).await?
            }
        };
        if let Some(logs) = &mut self.logs {
            logs.poll(&mut |_, _| true)?;
            logs.write(store)?;
        }
        let outcome = self.rules.judge(store, Selection::default(), None)?;
        Ok(tui::read(store, outcome, Arc::clone(&self.pages))?)
    }

    /// Waits until the interval is over or the UI asks for something.
    async fn next(&mut self, readings: &mut Option<Readings>) -> Next {
        let start = Instant::now();
        let reads = !matches!(self.base, Fed::Still(_));
        loop {
            tokio::select! {
                biased;
                request = self.requests.recv() => match request {
                    None => return Next::End,
                    Some(Request::Refresh) => return Next::Whole,
                    Some(Request::Interval(interval)) => self.interval = interval,
                    Some(Request::Pause(paused)) => self.paused = paused,
                    Some(Request::Lint { key, database, sql }) => {
                        let result = self.lint(readings.as_mut(), database.as_deref(), &sql);
                        let result = result.map_err(|error| sentence(&error));
                        self.tell(Message::Linted { key, sql, result });
                    }
                    Some(Request::Write { folder, drafts }) => {
                        let written = drafts::write(Path::new(&folder), &drafts);
                        let written = written.map_err(|error| sentence(&error));
                        self.tell(Message::Written(written));
                    }
                },
                () = sleep_until(start + self.interval), if reads && !self.paused => return Next::Reading,
            }
        }
    }

    fn lint(
        &mut self,
        readings: Option<&mut Readings>,
        database: Option<&str>,
        sql: &str,
    ) -> anyhow::Result<Vec<DraftStatement>> {
        let store = match (&mut self.base, readings) {
            (Fed::Files(store) | Fed::Still(store), _) => &mut **store,
            (Fed::Server(_), Some(readings)) => readings.store(),
            (Fed::Server(_), None) => bail!("the server cannot be read; edit it again when it can"),
        };
        drafts::lint(store, &self.rules, database, sql)
    }

    fn tell(&self, message: Message) {
        // The UI may have ended; then so does this, soon.
        let _ = self.messages.send(message);
    }
}

/// Reads a server: everything when that is due, else what changes.
async fn refresh<'r>(
    collector: &mut Collector,
    readings: &'r mut Option<Readings>,
    next: Next,
    messages: &UnboundedSender<Message>,
) -> anyhow::Result<&'r mut Store> {
    // After an error everything is read anew.
    let readings = match readings.take() {
        Some(mut known) if next == Next::Reading && !known.is_whole_due() => {
            known.sample(collector).await?;
            readings.insert(known)
        }
        _ => {
            let mut tell = |at: Progress<'_>| {
                let progress = tui::Progress {
                    done: at.done,
                    total: at.total,
                    what: at.what.to_owned(),
                };
                // The UI may have ended; then so does this, soon.
                let _ = messages.send(Message::Progress(progress));
            };
            readings.insert(Readings::whole(collector, &mut tell).await?)
        }
    };
    Ok(readings.store())
}
