//! Runs the UI in a real terminal: events in, effects out.
#![allow(
    clippy::disallowed_methods,
    reason = "the home of the UI's clock: state and view get the time handed in"
)]

use std::io::{self, Stdout, stdout};
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::EventStream;
use crossterm::execute;
use futures_util::{FutureExt, StreamExt};
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{MissedTickBehavior, interval};

use super::data::Data;
use super::effect::{Effect, Request};
use super::guard::Guard;
use super::message::Message;
use super::options::Options;
use super::state::App;
use super::update::update;
use super::view;

/// How often the age of the data is drawn anew.
const TICK: Duration = Duration::from_millis(500);

/// Events that are taken in one go before the screen is drawn.
const BATCH: usize = 64;

/// Opens a text in the user's editor, waits, and gives what it is then; else a sentence saying what
/// went wrong.
pub type Editor<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// The terminal failed.
#[derive(Debug, thiserror::Error)]
#[error(
    "the terminal cannot be used: {0}; try a command without the terminal UI, such as `pgtriage check`"
)]
pub struct TuiError(#[from] io::Error);

/// How the UI ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exit {
    /// A signal asked for it (SIGTERM, SIGHUP, SIGINT), not the user.
    pub by_signal: Option<i32>,
    /// Why the last collection failed, if it did.
    pub lost: Option<String>,
    /// Data were shown at some time.
    pub had_data: bool,
    /// Panics of background threads, which could not be printed while the UI had the screen.
    pub broken: Vec<String>,
}

/// Runs the UI until the user or a signal ends it. Whoever collects sends [`Message::Progress`],
/// [`Message::Refreshing`], [`Message::Data`] and [`Message::Lost`] to `incoming` and answers
/// `requests`; for a snapshot pass the data as `initial`. While `editor` runs, the terminal is its.
///
/// The future draws, so it must stay on one thread: drive it with `Runtime::block_on`, with
/// everything slow on other threads. The terminal is given back before it returns.
///
/// # Errors
/// The terminal can't be set up, read or drawn on.
pub async fn run(
    options: Options,
    initial: Option<Box<Data>>,
    incoming: UnboundedReceiver<Message>,
    requests: UnboundedSender<Request>,
    editor: Editor<'_>,
) -> Result<Exit, TuiError> {
    let (broken, panics) = unbounded_channel();
    let mut signals = Signals::new()?;
    let guard = Guard::enter(options.mouse, broken.clone())?;
    let mut runtime = Runtime {
        terminal: Terminal::new(CrosstermBackend::new(stdout()))?,
        events: Some(EventStream::new()),
        guard: Some(guard),
        incoming: Some(incoming),
        broken,
        panics,
        requests,
        editor,
        exit: Exit::default(),
    };
    let size = crossterm::terminal::size()?;
    let mut app = App::new(options, size, Timestamp::now());
    let result = runtime.cycle(&mut app, initial, &mut signals).await;
    drop(runtime.guard.take());
    result?;
    let mut exit = runtime.exit;
    exit.had_data = app.feed.data.is_some();
    exit.lost = match app.feed.state {
        super::feed::State::Lost(reason, _) => Some(reason),
        _ => None,
    };
    Ok(exit)
}

struct Runtime<'a> {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    /// `None` while the terminal is another's.
    events: Option<EventStream>,
    guard: Option<Guard>,
    /// `None` once nobody sends any more.
    incoming: Option<UnboundedReceiver<Message>>,
    broken: UnboundedSender<Message>,
    panics: UnboundedReceiver<Message>,
    requests: UnboundedSender<Request>,
    editor: Editor<'a>,
    exit: Exit,
}

impl Runtime<'_> {
    async fn cycle(
        &mut self,
        app: &mut App,
        initial: Option<Box<Data>>,
        signals: &mut Signals,
    ) -> io::Result<()> {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let first = initial.map_or(Message::Tick, Message::Data);
        let mut go_on = self.handle(app, first)?;
        while go_on {
            self.terminal.draw(|frame| view::draw(app, frame))?;
            let message = self.next(signals, &mut ticks).await?;
            go_on = self.handle(app, message)?;
            // Whatever else is there already is handled before the screen is drawn, so that a key
            // held down does not lag behind.
            for _ in 0..BATCH {
                match self.ready()? {
                    Some(message) if go_on => go_on = self.handle(app, message)?,
                    _ => break,
                }
            }
        }
        Ok(())
    }

    /// Waits for what happens next.
    async fn next(
        &mut self,
        signals: &mut Signals,
        ticks: &mut tokio::time::Interval,
    ) -> io::Result<Message> {
        let events = self.events.get_or_insert_with(EventStream::new);
        let incoming = async {
            match &mut self.incoming {
                Some(incoming) => incoming.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            signal = signals.next() => {
                self.exit.by_signal = Some(signal);
                Ok(Message::Quit)
            }
            event = events.next() => terminal_event(event),
            Some(message) = self.panics.recv() => Ok(message),
            message = incoming => Ok(message.unwrap_or_else(|| {
                self.incoming = None;
                Message::Ended
            })),
            _ = ticks.tick() => Ok(Message::Tick),
        }
    }

    /// What has happened already, if anything.
    fn ready(&mut self) -> io::Result<Option<Message>> {
        let events = self.events.get_or_insert_with(EventStream::new);
        if let Some(event) = events.next().now_or_never() {
            return terminal_event(event).map(Some);
        }
        Ok(self
            .incoming
            .as_mut()
            .and_then(|incoming| incoming.try_recv().ok()))
    }

    /// Updates the state and does what that asks for; returns whether to go on.
    fn handle(&mut self, app: &mut App, message: Message) -> io::Result<bool> {
        if let Message::Broken(text) = &message {
            self.exit.broken.push(text.clone());
        }
        for effect in update(app, message, Timestamp::now()) {
            match effect {
                Effect::Copy(text) => execute!(stdout(), CopyToClipboard::to_clipboard_from(text))?,
                Effect::Redraw => self.terminal.clear()?,
                Effect::Quit => return Ok(false),
                Effect::Edit { key, text } => {
                    let result = self.edit(app, &text)?;
                    return self.handle(app, Message::Edited { key, result });
                }
                Effect::Ask(request) => {
                    if self.requests.send(request).is_err() {
                        app.complain("nobody collects any more; quit and start again");
                    }
                }
            }
        }
        Ok(true)
    }
}

impl Runtime<'_> {
    /// Gives the terminal to the editor and takes it back.
    fn edit(&mut self, app: &mut App, text: &str) -> io::Result<Result<String, String>> {
        // Who reads the terminal's input must be gone before another does.
        self.events = None;
        self.guard = None;
        let edited = (self.editor)(text);
        self.guard = Some(Guard::enter(app.options.mouse, self.broken.clone())?);
        app.size = crossterm::terminal::size()?;
        // A new one draws everything. To clear the old one would ask the terminal where its cursor
        // is, and wait for an answer that nobody reads.
        self.terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        Ok(edited)
    }
}

fn terminal_event(event: Option<io::Result<crossterm::event::Event>>) -> io::Result<Message> {
    let gone = || io::Error::new(io::ErrorKind::UnexpectedEof, "its input ended");
    event.unwrap_or_else(|| Err(gone())).map(Message::Terminal)
}

/// Signals that end the UI as the quit key does.
struct Signals {
    #[cfg(unix)]
    all: [(i32, tokio::signal::unix::Signal); 3],
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind: SignalKind| Ok::<_, io::Error>((kind.as_raw_value(), signal(kind)?));
        Ok(Self {
            all: [
                listen(SignalKind::terminate())?,
                listen(SignalKind::hangup())?,
                listen(SignalKind::interrupt())?,
            ],
        })
    }

    /// Waits for a signal; returns its number.
    async fn next(&mut self) -> i32 {
        let [a, b, c] = &mut self.all;
        tokio::select! {
            _ = a.1.recv() => a.0,
            _ = b.1.recv() => b.0,
            _ = c.1.recv() => c.0,
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    async fn next(&mut self) -> i32 {
        std::future::pending().await
    }
}
