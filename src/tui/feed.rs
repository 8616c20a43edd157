//! The data on the screen: how they came, how old they are, and what waits to be shown.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::data::Data;
use super::drafts::Draft;
use super::message::Progress;
use super::options::Origin;

/// Intervals that the keys go through, seconds.
const INTERVALS: [u64; 9] = [1, 2, 5, 10, 30, 60, 120, 300, 600];

/// The data on the screen and how they came there.
#[derive(Debug)]
pub struct Feed {
    /// Where they come from.
    pub origin: Origin,
    /// What is shown; `None` before the first collection ended.
    pub data: Option<Arc<Data>>,
    /// When that came.
    pub received_at: Timestamp,
    /// How the collection is going.
    pub state: State,
    /// Since when the data are kept as they are.
    pub paused_at: Option<Timestamp>,
    /// Newer data, kept back while something lies over the list or the data are paused.
    held: Option<Box<Data>>,
    /// A refresh was asked for by hand: it is shown even when paused.
    wanted: bool,
    /// How far the sampling of bloat is, while there is one.
    pub sampling: Option<Progress>,
}

/// How the collection is going.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Before the first data.
    Loading(Progress),
    /// The last collection succeeded.
    Fresh,
    /// One is under way.
    Refreshing,
    /// The last one failed, at this time.
    Lost(String, Timestamp),
}

impl Feed {
    /// Nothing has come yet.
    pub fn new(origin: Origin, now: Timestamp) -> Self {
        Self {
            origin,
            data: None,
            received_at: now,
            state: State::Loading(Progress::default()),
            paused_at: None,
            held: None,
            wanted: false,
            sampling: None,
        }
    }

    /// Is it a server, that is: can the data change?
    pub fn is_live(&self) -> bool {
        matches!(self.origin, Origin::Live(_))
    }

    /// Age of what is shown.
    pub fn age(&self, now: Timestamp) -> SignedDuration {
        now.duration_since(self.received_at)
            .max(SignedDuration::ZERO)
    }

    /// Takes new data; whether they may be shown at once is for [`Feed::show`] to say.
    pub fn receive(&mut self, data: Box<Data>) {
        self.state = State::Fresh;
        self.held = Some(data);
    }

    /// A collection began.
    pub fn refreshing(&mut self) {
        match self.state {
            State::Fresh => self.state = State::Refreshing,
            State::Lost(..) if self.data.is_none() => {
                self.state = State::Loading(Progress::default());
            }
            _ => {}
        }
    }

    /// The collection failed. The time of the first failure in a row stays.
    pub fn lost(&mut self, reason: String, now: Timestamp) {
        let since = match self.state {
            State::Lost(_, since) => since,
            _ => now,
        };
        self.state = State::Lost(reason, since);
        self.wanted = false;
    }

    /// Shows the data kept back, if there are any and nothing speaks against it. Returns whether
    /// there is something new to show.
    pub fn show(&mut self, frozen: bool, now: Timestamp) -> bool {
        if frozen || (self.paused_at.is_some() && !self.wanted && self.data.is_some()) {
            return false;
        }
        let Some(mut data) = self.held.take() else {
            return false;
        };
        self.wanted = false;
        self.received_at = now;
        self.rate(&mut data);
        data.drafts = self.drafts().to_vec();
        if let Some(before) = &self.data {
            data.calculator.set(before.calculator.inputs().clone());
            data.advising = before.advising.clone();
        }
        self.data = Some(Arc::from(data));
        true
    }

    /// Fixes that are collected.
    pub fn drafts(&self) -> &[Draft] {
        self.data.as_ref().map_or(&[], |data| &data.drafts)
    }

    /// What is shown, to be changed by the user; none before there are data.
    pub fn data_mut(&mut self) -> Option<&mut Data> {
        self.data.as_mut().map(Arc::make_mut)
    }

    /// Says how busy the server was since the data shown before, where the data do not say it.
    fn rate(&self, data: &mut Data) {
        let before = self.data.as_ref().and_then(|data| data.figures.counters);
        if let (None, Some(before), Some(counters)) =
            (data.figures.activity, before, data.figures.counters)
        {
            data.figures.activity = counters.since(&before);
        }
    }

    /// Do newer data wait?
    pub fn holds_newer(&self) -> bool {
        self.held.is_some()
    }

    /// Lets the next data through though paused.
    pub fn want(&mut self) {
        self.wanted = true;
    }

    /// Goes to the next longer or shorter interval and returns it; `None` for a snapshot.
    pub fn step_interval(&mut self, longer: bool) -> Option<Duration> {
        let Origin::Live(interval) = &mut self.origin else {
            return None;
        };
        let mut steps = INTERVALS.into_iter().map(Duration::from_secs);
        let next = if longer {
            steps.find(|step| step > interval)
        } else {
            steps.rfind(|step| step < interval)
        };
        *interval = next.unwrap_or(*interval);
        Some(*interval)
    }
}
