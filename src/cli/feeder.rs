//! Feeds the terminal UI: reads a server again and again and judges what it reads.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::bail;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::time::{Instant, sleep_until};

use super::advise;
use super::context::Rules;
use super::drafts;
use super::estimates::Estimates;
use super::readings::Readings;
use super::run::sentence;
use super::source::Target;
use crate::advise::timeouts::{self, HEADROOM, Limits};
use crate::collect::logs::LiveLogs;
use crate::collect::{BloatLimits, Collector, Progress};
use crate::engine::{Explanation, Selection};
use crate::facts::Store;
use crate::report::timeouts::Timeouts;
use crate::tui::{self, Data, DraftStatement, Given, Message, Request};

/// Answers the UI's requests with messages.
pub struct Feeder {
    base: Fed,
    /// Logs that are followed.
    logs: Option<LiveLogs>,
    rules: Arc<Rules>,
    pages: Arc<BTreeMap<String, Explanation>>,
    interval: Duration,
    paused: bool,
    /// How far timeouts stand above what is slow.
    headroom: f64,
    /// How much is read where bloat is sampled.
    bloat: BloatLimits,
    /// What the last sampling found.
    estimates: Estimates,
    requests: UnboundedReceiver<Request>,
    /// Who wants a copy of facts that stay.
    copies: UnboundedReceiver<Copier>,
    /// What was asked for while bloat was sampled.
    put_off: VecDeque<Request>,
    messages: UnboundedSender<Message>,
}

/// Facts that are wanted, and who takes them. They have the logs that are followed, with the literals of samples.
pub struct Copier {
    /// Facts to which the logs are added; `None`: a copy of facts that stay.
    pub facts: Option<Box<Store>>,
    /// Takes them.
    pub taker: std::sync::mpsc::Sender<anyhow::Result<Store>>,
}

/// What the UI asks, and who wants a copy of facts that stay.
pub type Ears = (UnboundedReceiver<Request>, UnboundedReceiver<Copier>);

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
    /// A sampling of bloat.
    Bloat,
    /// The UI has ended.
    End,
}

impl Feeder {
    /// Reads the server and the logs every `interval`.
    pub fn new(
        base: Fed,
        logs: Option<LiveLogs>,
        rules: Arc<Rules>,
        interval: Duration,
        bloat: BloatLimits,
        (requests, copies): Ears,
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
            headroom: HEADROOM,
            bloat,
            estimates: Estimates::default(),
            requests,
            copies,
            put_off: VecDeque::new(),
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
            if next == Next::Bloat {
                self.sample_bloat(collector, &mut readings).await;
                next = self.next(&mut readings).await;
                continue;
            }
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
                refresh(collector, readings, next, &self.messages, &self.estimates).await?
            }
        };
        if let Some(logs) = &mut self.logs {
            logs.poll(&mut |_, _| true)?;
            logs.write(store)?;
        }
        shown(&self.rules, &self.pages, self.headroom, store)
    }

    /// Samples bloat and shows what that gave; while it runs nothing else is read.
    async fn sample_bloat(
        &mut self,
        collector: &mut Option<Collector>,
        readings: &mut Option<Readings>,
    ) {
        let Fed::Server(_) = self.base else {
            let why = "bloat is sampled on a server, and these data are files";
            return self.tell(Message::Sampled(Err(why.to_owned())));
        };
        let (Some(there), Some(known)) = (collector.as_mut(), readings.as_mut()) else {
            let why = "the server cannot be read; sample when it can";
            return self.tell(Message::Sampled(Err(why.to_owned())));
        };
        let messages = &self.messages;
        let mut tell = |at: Progress<'_>| {
            // The UI may have ended; then so does this, soon.
            let _ = messages.send(Message::Sampling(told(at)));
        };
        let stop = AtomicBool::new(false);
        let sampled = {
            let sampling = there.bloat(known.store(), self.bloat, &stop, &mut tell);
            tokio::pin!(sampling);
            loop {
                tokio::select! {
                    sampled = &mut sampling => break sampled,
                    request = self.requests.recv(), if !stop.load(Ordering::Relaxed) => match request {
                        // The UI wants no more of it, or has ended.
                        Some(Request::StopBloat) | None => stop.store(true, Ordering::Relaxed),
                        Some(other) => self.put_off.push_back(other),
                    },
                }
            }
        };
        if let Err(error) = sampled {
            let why = sentence(&error.into());
            (*collector, *readings) = (None, None);
            self.tell(Message::Lost(why.clone()));
            return self.tell(Message::Sampled(Err(why)));
        }
        let shown = Estimates::of(known.store().connection())
            .map_err(anyhow::Error::from)
            .and_then(|estimates| {
                self.estimates = estimates;
                shown(&self.rules, &self.pages, self.headroom, known.store())
            });
        match shown {
            Ok(data) => {
                self.tell(Message::Sampled(Ok(stop.into_inner())));
                self.tell(Message::Data(Box::new(data)));
            }
            Err(error) => self.tell(Message::Sampled(Err(sentence(&error)))),
        }
    }

    /// Works out timeouts anew.
    fn timeouts(&mut self, readings: Option<&mut Readings>) -> anyhow::Result<Timeouts> {
        let store = match (&mut self.base, readings) {
            (Fed::Files(store) | Fed::Still(store), _) => &mut **store,
            (Fed::Server(_), Some(readings)) => readings.store(),
            (Fed::Server(_), None) => bail!("the server cannot be read; try again when it can"),
        };
        timeouts::write(store.connection(), &with(&self.rules, self.headroom))?;
        Ok(Timeouts::read(store)?)
    }

    /// Waits until the interval is over or the UI asks for something.
    async fn next(&mut self, readings: &mut Option<Readings>) -> Next {
        let start = Instant::now();
        let reads = !matches!(self.base, Fed::Still(_));
        loop {
            let (put_off, requests) = (&mut self.put_off, &mut self.requests);
            let request = async {
                match put_off.pop_front() {
                    Some(request) => Some(request),
                    None => requests.recv().await,
                }
            };
            tokio::select! {
                biased;
                request = request => match request {
                    None => return Next::End,
                    // The search has its own ear; the sampling is over already.
                    Some(Request::Advising(_) | Request::StopBloat) => {}
                    Some(Request::Refresh) => return Next::Whole,
                    Some(Request::Interval(interval)) => self.interval = interval,
                    Some(Request::Pause(paused)) => self.paused = paused,
                    Some(Request::Bloat) => return Next::Bloat,
                    Some(Request::Headroom(headroom)) => {
                        self.headroom = headroom;
                        let timeouts = self.timeouts(readings.as_mut());
                        let timeouts = timeouts.map_err(|error| sentence(&error));
                        self.tell(Message::Timeouts(headroom, timeouts));
                    }
                    Some(Request::Lint { key, database, sql }) => {
                        let result = self.lint(readings.as_mut(), database.as_deref(), &sql);
                        let result = result.map_err(|error| sentence(&error));
                        self.tell(Message::Linted { key, sql, result });
                    }
                    Some(Request::Write { folder, drafts }) => {
                        let known = store(&mut self.base, readings.as_mut());
                        let known = known.map(|store| (store, &*self.rules));
                        let written = drafts::write(Path::new(&folder), &drafts, known);
                        let written = written.map_err(|error| sentence(&error));
                        self.tell(Message::Written(written));
                    }
                },
                Some(copier) = self.copies.recv() => {
                    // Who asked may have ended.
                    let _ = copier.taker.send(self.copy(copier.facts));
                }
                () = sleep_until(start + self.interval), if reads && !self.paused => return Next::Reading,
            }
        }
    }

    /// Facts, or a copy of those that stay, with the logs.
    fn copy(&mut self, facts: Option<Box<Store>>) -> anyhow::Result<Store> {
        let store = match (facts, &mut self.base) {
            (Some(facts), _) => *facts,
            (None, Fed::Files(store) | Fed::Still(store)) => store.copy()?,
            (None, Fed::Server(_)) => bail!("a server is read anew"),
        };
        if let Some(logs) = &mut self.logs {
            logs.write_with_samples(&store)?;
        }
        Ok(store)
    }

    fn lint(
        &mut self,
        readings: Option<&mut Readings>,
        database: Option<&str>,
        sql: &str,
    ) -> anyhow::Result<Vec<DraftStatement>> {
        let Some(store) = store(&mut self.base, readings) else {
            bail!("the server cannot be read; edit it again when it can");
        };
        drafts::lint(store, &self.rules, database, sql)
    }

    fn tell(&self, message: Message) {
        // The UI may have ended; then so does this, soon.
        let _ = self.messages.send(message);
    }
}

/// What is known now; `None`: the server cannot be read.
fn store<'s>(base: &'s mut Fed, readings: Option<&'s mut Readings>) -> Option<&'s mut Store> {
    match (base, readings) {
        (Fed::Files(store) | Fed::Still(store), _) => Some(&mut **store),
        (Fed::Server(_), Some(readings)) => Some(readings.store()),
        (Fed::Server(_), None) => None,
    }
}

/// What the UI shows of facts: judged as `check` does, with timeouts by what the user asked for.
pub fn shown(
    rules: &Rules,
    pages: &Arc<BTreeMap<String, Explanation>>,
    headroom: f64,
    store: &mut Store,
) -> anyhow::Result<Data> {
    let outcome = rules.judge(store, Selection::default(), None)?;
    if (headroom - HEADROOM).abs() > f64::EPSILON {
        timeouts::write(store.connection(), &with(rules, headroom))?;
    }
    let given = Given {
        usual: advise::usual(&rules.plan),
        headroom,
        drops: advise::drops(rules),
    };
    Ok(tui::read(store, outcome, Arc::clone(pages), given)?)
}

/// What timeouts go by, with another headroom.
fn with(rules: &Rules, headroom: f64) -> Limits {
    Limits {
        headroom,
        ..advise::limits(&rules.plan)
    }
}

fn told(at: Progress<'_>) -> tui::Progress {
    tui::Progress {
        done: at.done,
        total: at.total,
        what: at.what.to_owned(),
    }
}

/// Reads a server: everything when that is due, else what changes.
async fn refresh<'r>(
    collector: &mut Collector,
    readings: &'r mut Option<Readings>,
    next: Next,
    messages: &UnboundedSender<Message>,
    estimates: &Estimates,
) -> anyhow::Result<&'r mut Store> {
    // After an error everything is read anew.
    let readings = match readings.take() {
        Some(mut known) if next == Next::Reading && !known.is_whole_due() => {
            known.sample(collector).await?;
            readings.insert(known)
        }
        _ => {
            let mut tell = |at: Progress<'_>| {
                // The UI may have ended; then so does this, soon.
                let _ = messages.send(Message::Progress(told(at)));
            };
            let mut whole = Readings::whole(collector, &mut tell).await?;
            estimates.put(whole.store().connection())?;
            readings.insert(whole)
        }
    };
    Ok(readings.store())
}
