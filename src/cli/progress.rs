//! Progress on stderr, for what takes more than a second.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::say::Say;

/// What takes less is not worth a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that shows itself when the work turns out to be long; only on a terminal. It goes away
/// when dropped.
#[derive(Debug)]
pub struct Progress {
    shown: bool,
    start: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// No bar yet.
    pub fn new(say: Say) -> Self {
        Self {
            shown: say.shows_progress(),
            start: Instant::now(),
            bar: None,
        }
    }

    /// The work got on.
    pub fn set(&mut self, done: usize, total: usize, what: &str) {
        if !self.shown || (self.bar.is_none() && self.start.elapsed() < PATIENCE) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let template = "{bar:24} {percent:>3}% {msg}";
            let style = ProgressStyle::with_template(template).expect("the template is constant");
            ProgressBar::no_length().with_style(style)
        });
        bar.set_length(total.max(1) as u64);
        bar.set_position(done as u64);
        bar.set_message(what.to_owned());
    }
}

impl Progress {
    /// Bytes were read; their number and the rate at which they come are shown.
    pub fn set_bytes(&mut self, done: u64, total: Option<u64>, what: &str) {
        if !self.shown || (self.bar.is_none() && self.start.elapsed() < PATIENCE) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let template = match total {
                Some(_) => "{bar:24} {percent:>3}% {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {msg}",
                None => "{spinner} {decimal_bytes} {decimal_bytes_per_sec} {msg}",
            };
            let style = ProgressStyle::with_template(template).expect("the template is constant");
            ProgressBar::no_length()
                .with_style(style)
                .with_elapsed(self.start.elapsed())
        });
        if let Some(total) = total {
            bar.set_length(total.max(1));
        }
        bar.set_position(done);
        bar.set_message(what.to_owned());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
