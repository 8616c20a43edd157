//! `pgtriage demo`: a throwaway server with planted problems.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args as ClapArgs;

use super::args::Voice;
use super::check;
use super::context::{Context, Rules};
use super::demo_world::Demo;
use super::exit::Exit;
use super::live::Live;
use super::progress::Progress;
use super::screen::{self, Feed, Look};
use crate::cluster::world::SETTINGS;
use crate::cluster::{self, ClusterError, ServerBinaries};
use crate::config::{ConfigFile, Settings};
use crate::derive;
use crate::engine::Source as Text;
use crate::facts::Store;

/// Facts of the same world, recorded for machines without a server.
const RECORDED: &[u8] = include_bytes!("../../fixtures/shop/snapshot.facts");
/// Majors to fetch a server of: the newest that is supported.
const FETCHED: &[u32] = &[*cluster::SUPPORTED_MAJORS.end()];

/// Look at a throwaway PostgreSQL with planted problems
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
The server is made in a folder of its own, reached by a unix socket only, and gone when pgtriage
ends, however it ends. Where no server programs are found, a recorded snapshot of the same world is
shown.")]
pub struct Args {
    /// Print the findings in place of opening the terminal UI; also done without a terminal
    #[arg(long, help_heading = "Demo")]
    report: bool,
    /// Folder with the programs of the PostgreSQL server to use
    #[arg(long, value_name = "FOLDER", help_heading = "Demo")]
    server_bin: Option<PathBuf>,
    /// Fetch server programs if none are found
    #[arg(long, help_heading = "Demo", conflicts_with = "server_bin")]
    fetch: bool,
    /// How long the traffic of the shop runs
    #[arg(long, value_name = "N", default_value_t = 8, help_heading = "Demo")]
    seconds: u64,
    /// Show the recorded snapshot, without a server
    #[arg(long, help_heading = "Demo", conflicts_with_all = ["server_bin", "fetch", "seconds"])]
    offline: bool,
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    pub voice: Voice,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let settings = Settings {
        ui: args.look.settings(),
        ..Settings::default()
    };
    // The settings of the world stand in place of the user's: it is seconds old.
    let file = Text::new("fixtures/shop/pgtriage.toml", SETTINGS);
    let file = ConfigFile::parse(file, Path::new(""))?;
    let context = Context::with(file, &args.voice, settings)?;
    let rules = context.rules()?;
    let server = if args.offline {
        None
    } else {
        server(args, &context)?
    };
    match server {
        Some(server) => live(args, &context, rules, &server),
        None => recorded(args, &context, rules),
    }
}

/// A server to make the world with; none: there is none on this machine.
fn server(args: &Args, context: &Context) -> anyhow::Result<Option<ServerBinaries>> {
    let missing = match cluster::best(args.server_bin.as_deref()) {
        Ok(server) => return Ok(Some(server)),
        Err(error @ ClusterError::NoServer { .. }) => error,
        Err(error) => return Err(error.into()),
    };
    if args.fetch {
        context.say.note("Fetching PostgreSQL server programs …");
        cluster::fetch(FETCHED, |line| context.say.note(line))?;
        return Ok(Some(cluster::best(None)?));
    }
    if context.say.is_verbose() {
        context.say.note(&missing.to_string());
    }
    context.say.warn(
        "no PostgreSQL server programs were found, so this is a recorded snapshot of the demo; --server-bin names a folder with them, --fetch gets them",
    );
    Ok(None)
}

fn live(
    args: &Args,
    context: &Context,
    rules: Rules,
    server: &ServerBinaries,
) -> anyhow::Result<Exit> {
    let shows_screen = !args.report && screen::is_possible();
    context.say.note(&format!(
        "A throwaway server ({server}) and the traffic of a small shop; this takes a minute."
    ));
    let mut progress = Progress::new(context.say);
    let demo = Demo::start(server, Duration::from_secs(args.seconds), &mut progress)?;
    let target = demo.target()?;
    let mut live = Live::connect(&target, context.say)?;
    if shows_screen {
        drop(progress);
        let exit = screen::open(
            context,
            rules,
            Feed::Live(Box::new(live), Box::new(target), None),
        );
        demo.end();
        return exit;
    }
    let mut store = live.collect(&mut progress)?;
    drop(progress);
    live.end();
    demo.end();
    check::print(context, &rules, &mut store)?;
    Ok(Exit::Done)
}

fn recorded(args: &Args, context: &Context, rules: Rules) -> anyhow::Result<Exit> {
    let mut store = open_recorded()?;
    if args.report || !screen::is_possible() {
        check::print(context, &rules, &mut store)?;
        return Ok(Exit::Done);
    }
    let feed = Feed::Snapshot(Box::new(store), "recorded demo".to_owned());
    screen::open(context, rules, feed)
}

fn open_recorded() -> anyhow::Result<Store> {
    if RECORDED.is_empty() {
        bail!(
            "this build of pgtriage has no recorded demo; install a PostgreSQL server or use --fetch"
        );
    }
    let mut file = tempfile::NamedTempFile::new().context("no temporary file can be made")?;
    file.write_all(RECORDED)
        .context("cannot write the recorded demo to a temporary file")?;
    let store = Store::open(file.path())?;
    derive::all(store.connection())?;
    Ok(store)
}
