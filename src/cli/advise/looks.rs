//! Facts for advice: as elsewhere, and on a server with looks at its sessions.

use std::str::FromStr as _;
use std::time::Duration;

use clap::Args;

use crate::cli::args::{Live as LiveArgs, Offline, Saved};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::live::Live;
use crate::cli::progress::Progress;
use crate::cli::source::{Base, Source};
use crate::config::{SourceSettings, Time};
use crate::facts::{Store, human};

/// Below this counters show when sessions sent them, not the load.
const LEAST: Duration = Duration::from_secs(10);

/// Where facts come from.
#[derive(Debug, Clone, Default, Args)]
pub struct Looks {
    #[command(flatten)]
    live: LiveArgs,
    #[command(flatten)]
    saved: Saved,
    #[command(flatten)]
    offline: Offline,
}

/// A time to look for; 0 is none.
pub fn time(text: &str) -> Result<Time, String> {
    if matches!(text.trim(), "0" | "0s") {
        return Ok(Time(Duration::ZERO));
    }
    Time::from_str(text).map_err(|error| error.to_string())
}

impl Looks {
    /// As settings.
    pub fn settings(&self) -> SourceSettings {
        self.live.settings(None, Some(&self.saved), &self.offline)
    }
}

/// A filled facts database, and how the command ends: a signal ends the looking only.
pub fn load(context: &Context, time: Option<Time>) -> anyhow::Result<(Store, Exit)> {
    let source = Source::new(&context.settings.source)?;
    let Base::Live(target) = &source.base else {
        if time.is_some() {
            anyhow::bail!("files hold what they hold; --for looks at a server (-d CONNINFO)");
        }
        return Ok((source.load(context)?, Exit::Done));
    };
    let time = time.map_or(Duration::ZERO, |time| time.0);
    let say = context.say;
    let mut live = Live::connect(target, say)?;
    let mut progress = Progress::new(say);
    let store = live.collect(&mut progress)?;
    let mut exit = Exit::Done;
    if !time.is_zero() {
        let ms = |time: Duration| human::ms(time.as_secs_f64() * 1e3);
        say.note(&format!(
            "looking at the sessions of {} for {}; Ctrl-C takes what is there by then",
            live.target(),
            ms(time)
        ));
        let (watched, interrupted) = live.watch(&store, time, &mut progress)?;
        if let Some(interrupted) = interrupted {
            say.warn(&format!("stopped after {} of {}", ms(watched), ms(time)));
            exit = Exit::Signal(interrupted.signal);
        }
        if watched < LEAST {
            say.warn(
                "so short a look shows when sessions sent their counters rather than the load",
            );
        }
    }
    drop(progress);
    source.add_files(&store, context)?;
    live.end();
    Ok((store, exit))
}
