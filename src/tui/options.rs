//! What the UI is told when it starts.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::theme::Theme;

/// What the UI is told when it starts.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the data come from.
    pub origin: Origin,
    /// What is being read, for the screen before the first data: `shop@10.0.0.5`.
    pub target: String,
    /// Colours.
    pub theme: Theme,
    /// Draw with ASCII only.
    pub ascii: bool,
    /// Take the mouse; otherwise the terminal can mark text with it.
    pub mouse: bool,
    /// Runs inside tmux, which passes copied text on only when told to.
    pub in_tmux: bool,
    /// Zone that clock times are shown in.
    pub time_zone: TimeZone,
}

/// Where the data come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A server, read again at this interval.
    Live(Duration),
    /// A snapshot, by its file's path or what else it is called; it does not change.
    Snapshot(String),
}
