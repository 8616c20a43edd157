//! `pgtriage` without a command: the terminal UI.

use std::io::IsTerminal;
use std::path::Path;
use std::str::FromStr;

<<<<<<< HEAD
use anyhow::Context as _;
use clap::Args as ClapArgs;
use jiff::tz::TimeZone;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::args::{General, Live as LiveArgs, Positional, Saved, words};
use super::context::Context;
use super::exit::{Exit, NeverRead};
use super::live::Live;
use super::out::colour;
use super::source::{Source, Target};
use super::ui_feed;
use crate::config::{Settings, SourceSettings, Time};
use crate::engine::Selection;
use crate::facts::Store;
use crate::report::{Server, table};
use crate::tui::{self, Data, Message, Options, Origin, Request, Theme, ThemeName};
=======
use super::args::{General, Live as LiveArgs, Positional, Saved};
use super::check;
use super::context::Context;
use super::exit::Exit;
use super::live::Live;
use super::screen::{self, Feed, Look};
use super::source::Source;
use crate::config::{Settings, SourceSettings};
use crate::facts::Store;
>>>>>>> cli

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
<<<<<<< HEAD
    screen: Screen,
=======
    look: Look,
>>>>>>> cli
    #[command(flatten)]
    pub general: General,
}

/// How the terminal UI looks and behaves.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Terminal UI")]
struct Screen {
    /// Read the server anew at this interval
    #[arg(long, value_name = "TIME", value_parser = Time::from_str, default_value = "10s")]
    #[arg(conflicts_with = "snapshot")]
    every: Time,
    /// Colours: auto, light, dark, mono or high-contrast
    #[arg(long, value_name = "NAME", value_parser = words::<ThemeName>(&ThemeName::WORDS))]
    #[arg(hide_possible_values = true, default_value = "auto")]
    theme: ThemeName,
    /// Draw with ASCII characters only
    #[arg(long)]
    ascii: bool,
    /// Leave the mouse to the terminal, to mark text with
    #[arg(long)]
    no_mouse: bool,
}

/// Runs it. Without a terminal that can draw, the findings are printed.
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
    let source = Source::new(&context.settings.source)?;
    if !can_draw() {
        return print(&context, &source);
    }
    match source {
        Source::Snapshot(path) => open_snapshot(args, &context, &path),
        Source::Live(target) => open_live(args, &context, &target),
    }
}

fn can_draw() -> bool {
    std::io::stdout().is_terminal()
        && std::io::stdin().is_terminal()
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn print(context: &Context, source: &Source) -> anyhow::Result<Exit> {
    let rules = context.rules()?;
<<<<<<< HEAD
    let mut store = source.load(context)?;
    let outcome = rules.judge(&mut store, Selection::default(), None)?;
    let data = Data {
        server: Server::read(&store)?,
        outcome,
        ..Data::default()
    };
    let mut view = data.view();
    view.filter.verbose = context.say.is_verbose();
    let out = context.out(None);
    out.write(&table::render(&view, out.style, out.columns))?;
    Ok(Exit::Done)
=======
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
>>>>>>> cli
}

fn open_snapshot(args: &Args, context: &Context, path: &Path) -> anyhow::Result<Exit> {
    let rules = context.rules()?;
    let mut store = Store::open(path)?;
    let outcome = rules.judge(&mut store, Selection::default(), None)?;
    let pages = tui::explanations(&rules.pages, &rules.plan);
    let data = tui::read(&store, outcome, pages)?;
    drop(store);
    let name = path.file_name().unwrap_or(path.as_os_str());
    let options = Options {
        origin: Origin::Snapshot(name.to_string_lossy().into_owned()),
        target: path.display().to_string(),
        ..options(args, context)
    };
    let (_, incoming) = unbounded_channel();
    let (requests, _) = unbounded_channel();
    show(context, options, Some(Box::new(data)), incoming, requests)
}

fn open_live(args: &Args, context: &Context, target: &Target) -> anyhow::Result<Exit> {
    let rules = context.rules()?;
    // What is wrong with the connection is said before the screen is taken.
    let live = Live::connect(target, context.say)?;
    let options = Options {
        target: live.target(),
        ..options(args, context)
    };
    let (messages, incoming) = unbounded_channel();
    let (requests, asked) = unbounded_channel();
    let every = args.screen.every.0;
    let reader = std::thread::Builder::new()
        .name("reader".to_owned())
        .spawn(move || ui_feed::run(live, &rules, every, &messages, asked))
        .context("cannot start the thread that reads the server")?;
    let result = show(context, options, None, incoming, requests);
    // It ends with the UI, which no longer listens; a panic of it was told already.
    let _ = reader.join();
    result
}

fn options(args: &Args, context: &Context) -> Options {
    let choice = context.settings.output.color.unwrap_or_default();
    let colorfgbg = std::env::var("COLORFGBG").ok();
    Options {
        origin: Origin::Live(args.screen.every.0),
        target: String::new(),
        theme: Theme::choose(
            args.screen.theme,
            !colour(choice, true),
            colorfgbg.as_deref(),
        ),
        ascii: args.screen.ascii,
        mouse: !args.screen.no_mouse,
        in_tmux: std::env::var_os("TMUX").is_some(),
        time_zone: TimeZone::system(),
    }
}

fn show(
    context: &Context,
    options: Options,
    initial: Option<Box<Data>>,
    incoming: UnboundedReceiver<Message>,
    requests: UnboundedSender<Request>,
) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the terminal UI")?;
    let exit = runtime.block_on(tui::run(options, initial, incoming, requests))?;
    for text in &exit.broken {
        context.say.warn(&format!(
            "a background task failed, please report it: {text}"
        ));
    }
    match exit {
        tui::Exit {
            by_signal: Some(number),
            ..
        } => Ok(Exit::Signal(u8::try_from(number).unwrap_or_default())),
        tui::Exit {
            had_data: false,
            lost: Some(reason),
            ..
        } => Err(NeverRead(reason).into()),
        _ => Ok(Exit::Done),
    }
}
