//! `pgtriage logs --follow`: a line for each interval, and the whole report at the end.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::{Duration, Instant};

use clap::Args as ClapArgs;
use jiff::Timestamp;

use super::context::Context;
use super::interrupt::Stop;
use super::log_files;
use super::progress::Progress;
use crate::collect::files::Note;
use crate::collect::logs::follow::INTERVAL;
use crate::collect::logs::{LiveLogs, LogOptions};
use crate::config::Time;
use crate::facts::Store;
use crate::parse::log::tally::{Tally, Watch};
use crate::report::logs::{pace_json, pace_text};

/// Time between two lines.
const EVERY: Duration = Duration::from_secs(5);

/// How a log is followed.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Following")]
pub struct Watching {
    /// Go on reading while the log is written, through its rotations: a line for each interval, and
    /// the report at the end, which Ctrl-C or --for brings
    #[arg(long)]
    pub follow: bool,
    /// Time between two lines [default: 5s]
    #[arg(long, value_name = "TIME", value_parser = Time::from_str, requires = "follow")]
    every: Option<Time>,
    /// Follow for so long
    #[arg(long = "for", value_name = "TIME", value_parser = Time::from_str, requires = "follow")]
    duration: Option<Time>,
}

/// The form of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// For people.
    Text,
    /// A JSON document a line.
    Json,
    /// None.
    None,
}

/// A log that grows.
pub trait Growing {
    /// Time between two looks.
    const PAUSE: Duration;

    /// Reads what is new. `progress` gets bytes and the name of a file, and says whether to go on.
    fn poll(&mut self, progress: &mut dyn FnMut(u64, &str) -> bool) -> anyhow::Result<()>;

    /// The figures so far.
    fn tally(&mut self) -> &mut Tally;

    /// Reads what is held back too, and writes all figures; gives what has to be told.
    fn finish(&mut self, store: &Store) -> anyhow::Result<Vec<Note>>;

    /// Whether single texts are kept.
    fn keeps_literals(&self) -> bool;
}

/// Files that are followed.
pub struct Files {
    logs: LiveLogs,
    keep_literals: bool,
}

impl Files {
    /// Follows paths.
    pub fn begin(paths: &[PathBuf], options: &LogOptions) -> anyhow::Result<Self> {
        Ok(Self {
            logs: LiveLogs::new(paths, options)?,
            keep_literals: options.keep_literals,
        })
    }
}

impl Growing for Files {
    const PAUSE: Duration = INTERVAL;

    fn poll(&mut self, progress: &mut dyn FnMut(u64, &str) -> bool) -> anyhow::Result<()> {
        self.logs.poll(progress)?;
        Ok(())
    }

    fn tally(&mut self) -> &mut Tally {
        &mut self.logs.scan.tally
    }

    fn finish(&mut self, store: &Store) -> anyhow::Result<Vec<Note>> {
        self.logs.finish();
        Ok(self.logs.write(store)?)
    }

    fn keeps_literals(&self) -> bool {
        self.keep_literals
    }
}

/// Follows a log until a signal or the end of the time; gives the facts of all that was read.
pub fn follow<G: Growing>(
    context: &Context,
    log: &mut G,
    how: &Watching,
    lines: Lines,
) -> anyhow::Result<Store> {
    let stop = Stop::listen()?;
    let start = Instant::now();
    let out = context.out(None);
    let mut bar = Progress::new(context.say);
    let mut done = 0;
    log.poll(&mut |bytes, name| {
        done += bytes;
        bar.set_bytes(done, None, name);
        !stop.is_asked()
    })?;
    drop(bar);
    let every = how.every.map_or(EVERY, |time| time.0).max(INTERVAL);
    let limit = how.duration.map(|time| time.0);
    let mut watch = Watch::begin(log.tally());
    let statements = log.tally().totals.statements;
    context.say.note(&format!(
        "{statements} executions up to now are in the log; following it, Ctrl-C ends that and prints the report"
    ));
    let mut from = Timestamp::now().as_microsecond();
    let mut next = Instant::now() + every;
    loop {
        let now = Instant::now();
        let end = limit.map(|limit| start + limit);
        let until = next.min(end.unwrap_or(next));
        let pause = G::PAUSE.min(until.saturating_duration_since(now));
        let is_over = stop.wait(pause) || end.is_some_and(|end| Instant::now() >= end);
        log.poll(&mut |_, _| true)?;
        if is_over || Instant::now() >= next {
            let to = Timestamp::now().as_microsecond();
            let pace = watch.look(log.tally());
            match lines {
                Lines::Text => out.write(&pace_text(from, to, &pace))?,
                Lines::Json => out.write(&pace_json(from, to, &pace))?,
                Lines::None => {}
            }
            from = to;
            while next <= Instant::now() {
                next += every;
            }
        }
        if is_over {
            break;
        }
    }
    let store = log_files::ground(log.keeps_literals())?;
    for note in log.finish(&store)? {
        context.say.note_of(&note);
    }
    Ok(store)
}
