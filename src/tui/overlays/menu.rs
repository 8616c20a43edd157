//! A choice among a few things.

use crate::tui::inputs::Input;
use crate::tui::keymap::Action;
use crate::tui::screens::Copy;

/// A choice among a few things.
#[derive(Debug)]
pub struct Menu {
    /// What is chosen.
    pub title: &'static str,
    /// What there is.
    pub items: Vec<Item>,
    /// The item that the cursor is on.
    pub selected: usize,
}

/// One thing to choose.
#[derive(Debug)]
pub struct Item {
    /// Its name.
    pub label: String,
    /// What stands right of it.
    pub note: String,
    /// What choosing it does.
    pub choice: Choice,
}

/// What choosing does.
#[derive(Debug, Clone)]
pub enum Choice {
    /// Sort by a column, or as the screen gives the rows.
    Sort(Option<usize>),
    /// Go to a view of the tab.
    View(usize),
    /// Put these terms into the filter in place of those about a field.
    Filter {
        /// The field.
        field: &'static str,
        /// The terms; empty: none.
        terms: String,
    },
    /// Copy a text.
    Copy(Copy),
    /// Ask for an input of a calculator.
    Input(Input),
}

impl Menu {
    /// A menu with the cursor on an item.
    pub fn new(title: &'static str, items: Vec<Item>, selected: usize) -> Self {
        Self {
            title,
            items,
            selected,
        }
    }

    /// Moves the cursor, if that is what a key asks for.
    pub fn act(&mut self, action: Action) {
        let last = self.items.len().saturating_sub(1);
        self.selected = match action {
            Action::Down => (self.selected + 1).min(last),
            Action::Up => self.selected.saturating_sub(1),
            Action::Top => 0,
            Action::Bottom => last,
            _ => self.selected,
        };
    }
}
