//! Owns the terminal's modes: raw input, alternate screen, mouse, bracketed paste. They are given
//! back exactly once, whichever comes first: the end of the UI, an error, a panic.

use std::cell::Cell;
use std::io::{self, Write, stdout};
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once};

use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use tokio::sync::mpsc::UnboundedSender;

use super::message::Message;

/// The terminal is ours.
static ACTIVE: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();
/// Where panics of other threads are told.
static BROKEN: Mutex<Option<UnboundedSender<Message>>> = Mutex::new(None);

thread_local! {
    /// This thread draws.
    static DRAWS: Cell<bool> = const { Cell::new(false) };
}

/// While it lives, the terminal is ours.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal. Must be called on the thread that draws. Panics of that thread give the
    /// terminal back before they are printed; panics of other threads are sent to `broken` as
    /// messages instead of being printed over the screen.
    pub fn enter(mouse: bool, broken: UnboundedSender<Message>) -> io::Result<Self> {
        HOOK.call_once(|| {
            let previous = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                if !told(info) {
                    previous(info);
                }
            }));
        });
        DRAWS.set(true);
        if let Ok(mut slot) = BROKEN.lock() {
            *slot = Some(broken);
        }
        ACTIVE.store(true, Ordering::SeqCst);
        // From here on a failure drops the guard, which gives back what was taken.
        let guard = Self(());
        enable_raw_mode()?;
        let mut out = stdout();
        queue!(out, EnterAlternateScreen, EnableBracketedPaste)?;
        if mouse {
            queue!(out, EnableMouseCapture)?;
        }
        out.flush()?;
        Ok(guard)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
        DRAWS.set(false);
        if let Ok(mut slot) = BROKEN.lock() {
            *slot = None;
        }
    }
}

/// Gives the terminal back, once. Errors are dropped: there is nobody left to show them to.
fn restore() {
    if ACTIVE.swap(false, Ordering::SeqCst) {
        let _ = execute!(
            stdout(),
            DisableMouseCapture,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            Show
        );
        let _ = disable_raw_mode();
    }
}

/// Runs inside the panic hook: takes no lock that it would have to wait for and cannot panic.
/// Returns whether the panic was told to the UI and so need not be printed.
fn told(info: &PanicHookInfo<'_>) -> bool {
    if !ACTIVE.load(Ordering::SeqCst) {
        return false;
    }
    if DRAWS.try_with(Cell::get).unwrap_or(false) {
        restore();
        return false;
    }
    let what = info.payload_as_str().unwrap_or("panic");
    let text = match info.location() {
        Some(place) => format!("{what} ({}:{})", place.file(), place.line()),
        None => what.to_owned(),
    };
    let Ok(slot) = BROKEN.try_lock() else {
        return false;
    };
    slot.as_ref()
        .is_some_and(|sender| sender.send(Message::Broken(text)).is_ok())
}
