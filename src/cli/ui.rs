//! `pgtriage` without a command: the terminal UI.

use clap::Args as ClapArgs;

use super::args::{General, Live, Positional, Saved};
use super::context::Context;
use super::exit::Exit;
use super::source::Source;
use crate::config::{Settings, SourceSettings};
use crate::engine::{Selection, Severity};
use crate::report::{Filter, Server, View, table};

/// Open the terminal UI
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    positional: Positional,
    #[command(flatten)]
    live: Live,
    #[command(flatten)]
    saved: Saved,
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
        ..Settings::default()
    };
    let context = Context::new(&args.general, settings)?;
    let rules = context.rules()?;
    let mut store = Source::new(&context.settings.source)?.load(&context)?;
    let outcome = rules.judge(&mut store, Selection::default(), None)?;
    let server = Server::read(&store)?;
    let filter = Filter {
        min_severity: Severity::Info,
        limit: None,
        known: true,
        verbose: context.say.is_verbose(),
    };
    let view = View::new(&outcome, &server, filter);
    let out = context.out(None);
    out.write(&table::render(&view, out.style, out.columns))?;
    Ok(Exit::Done)
}
