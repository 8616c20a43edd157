//! `pgtriage` without a command: the terminal UI.

use clap::Args as ClapArgs;

use super::args::{General, Live as LiveArgs, Positional, Saved};
use super::check;
use super::context::Context;
use super::exit::Exit;
use super::live::Live;
use super::screen::{self, Feed, Look};
use super::source::Source;
use crate::config::{Settings, SourceSettings};
use crate::facts::Store;

/// Open the terminal UI
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    positional: Positional,
    #[command(flatten)]
    live: LiveArgs,
    #[command(flatten)]
    saved: Saved,
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    pub general: General,
}

/// Runs it. Without a terminal the findings are printed.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let source = SourceSettings {
        snapshot: args.saved.snapshot.clone(),
        ..args.live.settings(Some(&args.positional))
    };
    let settings = Settings {
        source,
        ui: args.look.settings(),
        ..Settings::default()
    };
    let context = Context::new(&args.general, settings)?;
    let rules = context.rules()?;
    let source = Source::new(&context.settings.source)?;
    if !screen::is_possible() {
        let mut store = source.load(&context)?;
        check::print(&context, &rules, &mut store)?;
        return Ok(Exit::Done);
    }
    let feed = match source {
        Source::Snapshot(path) => {
            let name = path.display().to_string();
            Feed::Snapshot(Box::new(Store::open(&path)?), name)
        }
        Source::Live(target) => {
            let live = Live::connect(&target, context.say)?;
            Feed::Live(Box::new(live), target)
        }
    };
    screen::open(&context, rules, feed)
}
