//! Opens the terminal UI over facts.

use std::io::IsTerminal;
use std::str::FromStr;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args as ClapArgs;
use jiff::tz::TimeZone;
use tokio::sync::{mpsc::unbounded_channel, oneshot};

use super::adviser::{self, Ground};
use super::args::words;
use super::context::{Context, Rules};
use super::exit::Exit;
use super::feeder::{Fed, Feeder, shown};
use super::live::Live;
use super::source::{Target, bloat_limits};
use crate::advise::timeouts::HEADROOM;
use crate::collect::logs::LiveLogs;
use crate::config::{ColorChoice, ThemeWord, Time, UiSettings};
use crate::facts::Store;
use crate::tui::{self, Options, Origin, Theme, ThemeName};

/// Time between two readings of a server.
const REFRESH: Duration = Duration::from_secs(5);
/// How long the collecting thread may take to end.
const ENDING: Duration = Duration::from_secs(3);

/// What the screen looks like.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Screen")]
pub struct Look {
    /// Time between two readings of the server [default: 5s]
    #[arg(long, value_name = "TIME", value_parser = Time::from_str)]
    refresh: Option<Time>,
    /// Colours: auto, light, dark, mono or high-contrast
    #[arg(long, value_name = "NAME", value_parser = words::<ThemeWord>(&ThemeWord::WORDS))]
    #[arg(hide_possible_values = true)]
    theme: Option<ThemeWord>,
    /// Draw with ASCII only
    #[arg(long)]
    ascii: bool,
    /// Leave the mouse to the terminal
    #[arg(long)]
    no_mouse: bool,
}

/// Where the UI's data come from.
pub enum Feed {
    /// Facts that do not change, and what they are called.
    Snapshot(Box<Store>, String),
    /// A server that is connected, and how to connect again; beside it logs that are followed.
    Live(Box<Live>, Box<Target>, Option<LiveLogs>),
    /// Facts that do not change, what they are called, and logs that are followed.
    Logs(Box<Store>, String, LiveLogs),
}

impl Look {
    /// As a layer of settings.
    pub fn settings(&self) -> UiSettings {
        UiSettings {
            refresh: self.refresh,
            theme: self.theme,
            ascii: self.ascii.then_some(true),
            mouse: self.no_mouse.then_some(false),
        }
    }
}

/// Is there a terminal that can show it?
pub fn is_possible() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal() && !dumb
}

/// Shows the UI until the user or a signal ends it.
pub fn open(context: &Context, rules: Rules, feed: Feed) -> anyhow::Result<Exit> {
    let (messages, incoming) = unbounded_channel();
    let (requests, all) = unbounded_channel();
    let (others, asked) = unbounded_channel();
    let (copiers, copies) = unbounded_channel();
    let rules = Arc::new(rules);
    let (ended, end) = mpsc::channel::<()>();
    let bloat = bloat_limits(&context.settings.source);
    let interval = context.settings.ui.refresh.map_or(REFRESH, |time| time.0);
    let mut initial = None;
    let ground = match &feed {
        Feed::Live(_, target, logs) => {
            let copiers = logs.is_some().then(|| copiers.clone());
            Ground::Server(target.clone(), copiers)
        }
        Feed::Snapshot(..) | Feed::Logs(..) => Ground::Copy(copiers.clone()),
    };
    adviser::open(
        all,
        others,
        messages.clone(),
        ground,
        Arc::clone(&rules),
        ended.clone(),
    )?;
    let (origin, target, quit) = match feed {
        Feed::Snapshot(mut store, name) => {
            let pages = tui::explanations(&rules.pages, &rules.plan);
            initial = Some(Box::new(shown(&rules, &pages, HEADROOM, &mut store)?));
            let fed = Fed::Still(store);
            let feeder = Feeder::new(fed, None, rules, interval, bloat, (asked, copies), messages);
            let quit = collect(move |quit| feed_alone(feeder, quit), ended)?;
            (Origin::Snapshot(name.clone()), name, Some(quit))
        }
        Feed::Live(live, target, logs) => {
            let name = live.target();
            let fed = Fed::Server(*target);
            let feeder = Feeder::new(fed, logs, rules, interval, bloat, (asked, copies), messages);
            let quit = collect(move |quit| live.feed(feeder, quit), ended)?;
            (Origin::Live(interval), name, Some(quit))
        }
        Feed::Logs(store, name, logs) => {
            let fed = Fed::Files(store);
            let feeder = Feeder::new(
                fed,
                Some(logs),
                rules,
                interval,
                bloat,
                (asked, copies),
                messages,
            );
            let quit = collect(move |quit| feed_alone(feeder, quit), ended)?;
            (Origin::Live(interval), name, Some(quit))
        }
    };
    let options = options(context, origin, target);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the terminal UI")?;
    let exit = runtime.block_on(tui::run(
        options,
        initial,
        incoming,
        requests,
        &super::editor::edit,
    ));
    drop(quit);
    // Nothing is sent: the channel closes when the thread ends.
    let _ = end.recv_timeout(ENDING);
    conclude(exit?)
}

/// Feeds the UI where no server is read.
fn feed_alone(feeder: Feeder, quit: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    // Without it the channel of messages closes, and the UI says that nobody collects.
    let Ok(runtime) = runtime else { return };
    let mut nobody = None;
    runtime.block_on(async {
        tokio::select! {
            biased;
            _ = quit => {}
            () = feeder.feed(&mut nobody) => {}
        }
    });
}

/// Feeds the UI on a thread of its own, which ends when what is given is dropped.
fn collect(
    feed: impl FnOnce(oneshot::Receiver<()>) + Send + 'static,
    ended: mpsc::Sender<()>,
) -> anyhow::Result<oneshot::Sender<()>> {
    let (quit, quits) = oneshot::channel::<()>();
    std::thread::Builder::new()
        .name("collector".to_owned())
        .spawn(move || {
            feed(quits);
            drop(ended);
        })
        .context("cannot start the thread that collects")?;
    Ok(quit)
}

fn conclude(exit: tui::Exit) -> anyhow::Result<Exit> {
    if !exit.broken.is_empty() {
        bail!(
            "a thread of pgtriage failed, please report this: {}",
            exit.broken.join("; ")
        );
    }
    if let Some(signal) = exit.by_signal {
        return Ok(Exit::Signal(u8::try_from(signal).unwrap_or(2)));
    }
    match exit.lost {
        Some(reason) if !exit.had_data => Err(Lost(reason).into()),
        _ => Ok(Exit::Done),
    }
}

/// The server was lost before facts were had.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Lost(String);

fn options(context: &Context, origin: Origin, target: String) -> Options {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let settings = &context.settings.ui;
    let no_color = match context.settings.output.color {
        Some(ColorChoice::Never) => true,
        _ => variable("NO_COLOR").is_some(),
    };
    let name = settings.theme.map_or("auto", |theme| theme.0);
    let name = name.parse::<ThemeName>().unwrap_or_default();
    Options {
        origin,
        target,
        theme: Theme::choose(name, no_color, variable("COLORFGBG").as_deref()),
        ascii: settings.ascii.unwrap_or(false),
        mouse: settings.mouse.unwrap_or(true),
        in_tmux: variable("TMUX").is_some(),
        time_zone: TimeZone::system(),
    }
}
