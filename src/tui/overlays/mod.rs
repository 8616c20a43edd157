//! What lies over a screen: help, pages, menus, the filter being typed.

mod ask;
mod help;
mod menu;
mod page;

pub use ask::{Answer, Ask};
pub use help::Help;
pub use menu::{Choice, Item, Menu};
pub use page::Page;

/// What lies over a screen.
#[derive(Debug)]
pub enum Overlay {
    /// All keys, searchable.
    Help(Help),
    /// A text over the whole screen.
    Page(Page),
    /// A choice.
    Menu(Menu),
    /// The filter is being typed, in the footer.
    Filter,
    /// A line is asked for, in the footer.
    Ask(Ask),
}
