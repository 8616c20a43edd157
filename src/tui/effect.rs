//! What the update function asks for.

use std::time::Duration;

/// Something to be done outside the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send this text to the terminal's clipboard.
    Copy(String),
    /// Draw the whole screen anew.
    Redraw,
    /// End.
    Quit,
    /// Ask whoever collects.
    Ask(Request),
}

/// What the UI asks whoever collects; it answers with messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Collect now, paused or not.
    Refresh,
    /// Collect at this interval from now on.
    Interval(Duration),
    /// Stop collecting (true) or go on (false).
    Pause(bool),
}
