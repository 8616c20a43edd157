//! What stands before the label of a line.

use crate::parse::log::labels::label;

/// A line, cut at its label.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head<'a> {
    pub text: &'a [u8],
    pub message: &'a [u8],
}

/// Longest head that is looked at.
const LONGEST: usize = 400;

impl<'a> Head<'a> {
    /// The part of a line before its first label; none where it has no label.
    pub fn of(line: &'a [u8]) -> Option<Self> {
        (0..line.len().min(LONGEST)).find_map(|at| {
            let (_, length) = label(&line[at..])?;
            let before = at.checked_sub(1).and_then(|before| line.get(before));
            let is_within_word = before.is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
            (!is_within_word).then(|| Self {
                text: &line[..at],
                message: &line[at + length..],
            })
        })
    }
}
