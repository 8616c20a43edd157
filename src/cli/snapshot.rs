//! `pgtriage snapshot`: facts to a file.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args as ClapArgs;

use super::args::{BloatChoice, General, Live as LiveArgs, Offline, Positional};
use super::context::Context;
use super::exit::Exit;
use super::holdings;
use super::live::{Live, Sampled};
use super::machine::Machine;
use super::progress::Progress;
use super::source::{Base, Source};
use super::verbose;
use crate::config::{Settings, Time};
use crate::facts::{FactsError, Store};

/// Save the facts of a server to a file, to be looked at elsewhere
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Ctrl-C while it waits for a further sample ends the sampling: the samples that are there are
written. The file holds no literals of statements unless --keep-literals is given.")]
pub struct Args {
    #[command(flatten)]
    positional: Positional,
    /// The file
    #[arg(long, short, value_name = "FILE", help_heading = "Snapshot")]
    output: PathBuf,
    /// Overwrite the file if it exists
    #[arg(long, help_heading = "Snapshot")]
    force: bool,
    /// Read counters and sessions so many times
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Snapshot")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    samples: u32,
    /// Time between two samples [default: 10s]
    #[arg(
        long,
        value_name = "TIME",
        requires = "samples",
        help_heading = "Snapshot"
    )]
    every: Option<Time>,
    #[command(flatten)]
    live: LiveArgs,
    #[command(flatten)]
    bloat: BloatChoice,
    #[command(flatten)]
    machine: Machine,
    #[command(flatten)]
    offline: Offline,
    #[command(flatten)]
    pub general: General,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut source = args
        .live
        .settings(Some(&args.positional), None, &args.offline);
    args.bloat.set(&mut source);
    let settings = Settings {
        source,
        machine: args.machine.settings(),
        ..Settings::default()
    };
    let mut context = Context::new(&args.general, settings)?;
    // A snapshot is taken of a server, whatever else reads a snapshot in its place.
    context.settings.source.snapshot = None;
    if args.output.exists() && !args.force {
        let path = args.output.clone();
        return Err(FactsError::Exists { path }.into());
    }
    if args
        .output
        .parent()
        .is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())
    {
        bail!(
            "cannot write {}: its folder does not exist",
            args.output.display()
        );
    }
    let every = args
        .every
        .map_or(std::time::Duration::from_secs(10), |time| time.0);
    let sources = &context.settings.source;
    let source = Source::new(sources)?.with_bloat_unless_told(sources);
    let Base::Live(target) = &source.base else {
        if args.samples > 1 {
            bail!("files hold the samples that they hold; --samples is for a server (-d CONNINFO)");
        }
        let mut store = source.load(&context)?;
        save(args, &context, &mut store)?;
        return Ok(Exit::Done);
    };
    let mut live = Live::connect(target, context.say)?;
    let mut progress = Progress::new(context.say);
    let mut store = live.collect(&mut progress)?;
    let sampled = live.sample(&mut store, args.samples, every, &mut progress)?;
    drop(progress);
    source.add_files(&store, &context)?;
    save(args, &context, &mut store)?;
    match sampled {
        Sampled::All => {
            live.end();
            Ok(Exit::Done)
        }
        Sampled::Stopped(done, interrupted) => {
            let samples = args.samples;
            context.say.warn(&format!(
                "stopped after {done} of {samples} samples; the file holds those that were taken"
            ));
            Ok(Exit::Signal(interrupted.signal))
        }
        Sampled::Lost(done, error) => {
            let samples = args.samples;
            context.say.error(&format!(
                "{error:#}; the file holds the {done} of {samples} samples that were taken"
            ));
            Ok(Exit::of(&error))
        }
    }
}

/// Writes the file and says what it holds.
fn save(args: &Args, context: &Context, store: &mut Store) -> anyhow::Result<()> {
    context.machine.write(store)?;
    store.save(&args.output, args.force)?;
    verbose::collections(store, context.say)?;
    let out = context.out(None);
    let text = holdings::describe(store, &args.output, out.style, out.columns)?;
    out.write(&text)
}
