//! `pgtriage` without a command: the terminal UI.

use clap::Args as ClapArgs;

use super::args::{General, Live as LiveArgs, Offline, Positional, Saved};
use super::check;
use super::context::Context;
use super::exit::Exit;
use super::live::Live;
use super::screen::{self, Feed, Look};
use super::source::{Base, Source};
use crate::config::Settings;

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
    offline: Offline,
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    pub general: General,
}

/// Runs it. Without a terminal the findings are printed.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let source = args
        .live
        .settings(Some(&args.positional), Some(&args.saved), &args.offline);
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
    let logs = source.follow_logs(&context)?;
    let is_followed = source.logs.is_empty() || logs.is_some();
    let feed = match (&source.base, logs) {
        (Base::Live(target), logs) if source.files.is_empty() && is_followed => {
            let live = Live::connect(target, context.say)?;
            Feed::Live(Box::new(live), target.clone(), logs)
        }
        // Files hold one moment: what is read with them is not read again.
        (_, Some(logs)) => {
            let store = source.load_beside_logs(&context)?;
            Feed::Logs(Box::new(store), source.name(), logs)
        }
        (_, None) => Feed::Snapshot(Box::new(source.load(&context)?), source.name()),
    };
    screen::open(&context, rules, feed)
}
