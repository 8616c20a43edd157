//! A line that is asked for, typed in the footer.

use tui_input::Input as Line;

use crate::tui::inputs::Input;

/// A line that is asked for.
#[derive(Debug)]
pub struct Ask {
    /// What stands before it.
    pub prompt: &'static str,
    /// What stands there while it is empty.
    pub empty: &'static str,
    /// The line as it is typed.
    pub input: Line,
    /// What it is for.
    pub answer: Answer,
}

/// What a line that is asked for is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The folder that migrations are written to.
    Folder,
    /// An input of a calculator.
    Input(Input),
}

impl Ask {
    /// With an answer that can be taken as it stands.
    pub fn new(prompt: &'static str, empty: &'static str, proposal: &str, answer: Answer) -> Self {
        Self {
            prompt,
            empty,
            input: Line::new(proposal.to_owned()),
            answer,
        }
    }
}
