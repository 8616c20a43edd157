//! What happens to the UI.

use crossterm::event::Event;

use super::advising::News;
use super::data::Data;
use super::drafts::DraftStatement;
use crate::report::timeouts::Timeouts;

/// What happens to the UI.
#[derive(Debug, Clone)]
pub enum Message {
    /// The terminal: a key, the mouse, pasted text, a new size.
    Terminal(Event),
    /// Time passed.
    Tick,
    /// The first collection got on.
    Progress(Progress),
    /// A collection began.
    Refreshing,
    /// New data.
    Data(Box<Data>),
    /// The server cannot be read; one sentence saying why and what to do.
    Lost(String),
    /// Nobody sends data any more.
    Ended,
    /// The sampling of bloat got on.
    Sampling(Progress),
    /// It ended, or was stopped (true); or a sentence saying why it could not be done.
    Sampled(Result<bool, String>),
    /// Timeouts with this headroom, or a sentence saying why there are none.
    Timeouts(f64, Result<Timeouts, String>),
    /// What the search for indexes tells.
    Advising(News),
    /// What the linter says of a draft.
    Linted {
        /// Its key.
        key: String,
        /// The SQL that was linted.
        sql: String,
        /// Its statements, or a sentence saying why not.
        result: Result<Vec<DraftStatement>, String>,
    },
    /// The editor was closed.
    Edited {
        /// Key of the draft.
        key: String,
        /// The text as it is now, or a sentence saying what went wrong.
        result: Result<String, String>,
    },
    /// Migrations were written: their files, or a sentence saying why not.
    Written(Result<Vec<String>, String>),
    /// A background thread panicked with this text.
    Broken(String),
    /// Something outside asks to end.
    Quit,
}

/// How far a collection is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Steps done.
    pub done: usize,
    /// Steps in all; 0: not known yet.
    pub total: usize,
    /// What is being done, a short noun phrase.
    pub what: String,
}
