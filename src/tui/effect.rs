//! What the update function asks for.

use std::time::Duration;

use super::advising::Wish;
use super::drafts::Draft;

/// Something to be done outside the state.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send this text to the terminal's clipboard.
    Copy(String),
    /// Draw the whole screen anew.
    Redraw,
    /// End.
    Quit,
    /// Ask whoever collects.
    Ask(Request),
    /// Open a text in the user's editor; answered by [`super::Message::Edited`].
    Edit {
        /// Key of the draft.
        key: String,
        /// Its SQL.
        text: String,
    },
}

/// What the UI asks whoever collects; it answers with messages.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Collect now, paused or not.
    Refresh,
    /// Collect at this interval from now on.
    Interval(Duration),
    /// Stop collecting (true) or go on (false).
    Pause(bool),
    /// Sample bloat; answered by [`super::Message::Sampling`], new data and
    /// [`super::Message::Sampled`].
    Bloat,
    /// Sample no more than the table at hand; answered as [`Self::Bloat`] is, sooner.
    StopBloat,
    /// Work out timeouts that stand so many times above what is slow, from now on; answered by
    /// [`super::Message::Timeouts`].
    Headroom(f64),
    /// Lint a draft; answered by [`super::Message::Linted`].
    Lint {
        /// Its key.
        key: String,
        /// Database that it is for, where it is known.
        database: Option<String>,
        /// Its SQL.
        sql: String,
    },
    /// What the search for indexes is to do; answered by [`super::Message::Advising`].
    Advising(Wish),
    /// Write drafts as migrations; answered by [`super::Message::Written`].
    Write {
        /// The folder, as it was typed.
        folder: String,
        /// The drafts, in order.
        drafts: Vec<Draft>,
    },
}
