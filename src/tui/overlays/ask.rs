//! A line that is asked for, typed in the footer.

use tui_input::Input;

/// A line that is asked for.
#[derive(Debug)]
pub struct Ask {
    /// What stands before it.
    pub prompt: &'static str,
    /// The line as it is typed.
    pub input: Input,
}

impl Ask {
    /// With an answer that can be taken as it stands.
    pub fn new(prompt: &'static str, proposal: &str) -> Self {
        Self {
            prompt,
            input: Input::new(proposal.to_owned()),
        }
    }
}
