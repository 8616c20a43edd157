//! Facts judged, over a window that the user asks for.

use std::str::FromStr;

use anyhow::bail;
use clap::Args;

use super::args::{Live as LiveArgs, Offline, Saved};
use super::context::Context;
use super::live::{Live, Sampled};
use super::progress::Progress;
use super::source::{Base, Source, Target};
use crate::config::{Settings, Time};
use crate::engine::{Outcome, Selection};
use crate::facts::Store;

/// Where facts come from, and how long counters are watched.
#[derive(Debug, Clone, Default, Args)]
pub struct Watched {
    #[command(flatten)]
    live: LiveArgs,
    #[command(flatten)]
    saved: Saved,
    #[command(flatten)]
    offline: Offline,
    /// Watch the server for so long and show what it did meanwhile, in place of all since the
    /// counters began
    #[arg(long, value_name = "TIME", value_parser = Time::from_str, help_heading = "Server")]
    #[arg(conflicts_with = "snapshot")]
    window: Option<Time>,
}

impl Watched {
    /// As settings.
    pub fn settings(&self) -> Settings {
        Settings {
            source: self.live.settings(None, Some(&self.saved), &self.offline),
            ..Settings::default()
        }
    }

    /// Facts and findings. The rules judge the first reading, as `check` does: what a window of
    /// seconds shows is no ground for them.
    pub fn load(&self, context: &Context) -> anyhow::Result<(Store, Outcome)> {
        let rules = context.rules()?;
        let source = Source::new(&context.settings.source)?;
        let judge = |store: &mut Store| rules.judge(store, Selection::default(), None);
        let Some(window) = self.window else {
            let mut store = source.load(context)?;
            let outcome = judge(&mut store)?;
            return Ok((store, outcome));
        };
        match &source.base {
            Base::Live(target) if !source.has_files() => watch(context, target, window, judge),
            _ => bail!("files have the samples they have; --window needs a server and no files"),
        }
    }
}

fn watch(
    context: &Context,
    target: &Target,
    window: Time,
    judge: impl Fn(&mut Store) -> anyhow::Result<Outcome>,
) -> anyhow::Result<(Store, Outcome)> {
    let mut live = Live::connect(target, context.say)?;
    let mut progress = Progress::new(context.say);
    let mut store = live.collect(&mut progress)?;
    let outcome = judge(&mut store)?;
    match live.sample(&mut store, 2, window.0, &mut progress)? {
        Sampled::All => {
            live.end();
            Ok((store, outcome))
        }
        Sampled::Stopped(_, interrupted) => Err(interrupted.into()),
        Sampled::Lost(_, error) => Err(error),
    }
}
