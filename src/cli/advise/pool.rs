//! `pgtriage advise pool`.

use clap::Args as ClapArgs;

use crate::cli::args::{General, Live, Offline, Output, Saved};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::source::Source;
use crate::config::Settings;

/// Size connection pools by the load that is measured
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    live: Live,
    #[command(flatten)]
    saved: Saved,
    #[command(flatten)]
    offline: Offline,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    pub general: General,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let settings = Settings {
        source: args.live.settings(None, Some(&args.saved), &args.offline),
        ..Settings::default()
    };
    let context = Context::new(&args.general, settings)?;
    let _store = Source::new(&context.settings.source)?.load(&context)?;
    let out = context.out(args.output.output.as_deref());
    out.write("")?;
    Ok(Exit::Done)
}
