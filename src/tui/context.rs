//! Where a key is pressed.

/// Where a key is pressed. Several hold at once; see [`STACKS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// Anywhere.
    Always,
    /// A screen, whichever pane has the focus.
    Screen,
    /// The table of a screen.
    Table,
    /// A text: the detail pane, a rule page.
    Text,
    /// A text that covers the screen.
    Page,
    /// The findings screen.
    Findings,
    /// The queries screen.
    Queries,
    /// The logs screen.
    Logs,
    /// The migrations screen.
    Migrations,
    /// The tables screen.
    Tables,
    /// Its views of indexes.
    Indexes,
    /// The settings screen.
    Settings,
    /// A menu.
    Menu,
    /// The filter is being typed.
    Typing,
    /// A line is asked for.
    Asking,
    /// The help, whose search is being typed.
    Help,
}

impl Context {
    /// All, in the order of the help.
    pub const ALL: [Self; 16] = [
        Self::Findings,
        Self::Queries,
        Self::Logs,
        Self::Migrations,
        Self::Tables,
        Self::Indexes,
        Self::Settings,
        Self::Table,
        Self::Text,
        Self::Screen,
        Self::Page,
        Self::Menu,
        Self::Typing,
        Self::Asking,
        Self::Help,
        Self::Always,
    ];

    /// Heading of its keys.
    pub fn title(self) -> &'static str {
        match self {
            Self::Always => "Everywhere",
            Self::Screen => "Every screen",
            Self::Table => "The table of a screen",
            Self::Text => "Texts: detail pane, rule page",
            Self::Page => "A page over the screen",
            Self::Findings => "Findings",
            Self::Queries => "Queries",
            Self::Logs => "Logs",
            Self::Migrations => "Migrations",
            Self::Tables => "Tables",
            Self::Indexes => "Indexes, and what the search for them changes",
            Self::Settings => "Settings",
            Self::Menu => "Menus",
            Self::Typing => "Typing a filter",
            Self::Asking => "A line that is asked for",
            Self::Help => "Help",
        }
    }
}

use Context as C;

/// The sets of contexts that can hold at once. No key is bound twice in one of them.
#[rustfmt::skip]
pub const STACKS: [&[Context]; 19] = [
    &[C::Table, C::Findings, C::Screen, C::Always],
    &[C::Text, C::Findings, C::Screen, C::Always],
    &[C::Table, C::Queries, C::Screen, C::Always],
    &[C::Text, C::Queries, C::Screen, C::Always],
    &[C::Table, C::Logs, C::Screen, C::Always],
    &[C::Text, C::Logs, C::Screen, C::Always],
    &[C::Table, C::Migrations, C::Screen, C::Always],
    &[C::Text, C::Migrations, C::Screen, C::Always],
    &[C::Table, C::Tables, C::Screen, C::Always],
    &[C::Text, C::Tables, C::Screen, C::Always],
    &[C::Table, C::Indexes, C::Screen, C::Always],
    &[C::Text, C::Indexes, C::Screen, C::Always],
    &[C::Table, C::Settings, C::Screen, C::Always],
    &[C::Text, C::Settings, C::Screen, C::Always],
    &[C::Text, C::Page, C::Always],
    &[C::Menu, C::Always],
    &[C::Typing, C::Always],
    &[C::Asking, C::Always],
    &[C::Help, C::Always],
];
