//! What stands behind a number in the header.

use super::screen::Screen;

/// A screen, or several that are views of one thing.
pub struct Tab {
    /// Its name.
    pub name: &'static str,
    /// Its name where there is little room.
    pub short: &'static str,
    /// The views; at least one.
    pub views: &'static [&'static dyn Screen],
}

impl Tab {
    /// Whether there is more than one view.
    pub fn has_views(&self) -> bool {
        self.views.len() > 1
    }
}
