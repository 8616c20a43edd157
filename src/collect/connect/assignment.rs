//! What the two forms of connection string have in common.

use super::error::ConnectError;

/// One `name = value` of a connection string.
pub(super) struct Assignment {
    pub(super) name: String,
    /// Byte offset of the name in the string.
    pub(super) at: usize,
    pub(super) value: Vec<u8>,
}

/// A syntax error at byte offset `at` of `text`. `problem` must hold nothing of the string itself:
/// any part of a string that is not understood may be a part of a password.
pub(super) fn syntax(text: &str, at: usize, problem: &'static str) -> ConnectError {
    let before = text.get(..at).unwrap_or(text);
    ConnectError::Syntax {
        position: before.chars().count() + 1,
        problem,
    }
}
