//! What a server says of a text.

/// Why a server takes no statement, as its error says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanError {
    /// SQLSTATE.
    pub code: String,
    /// Its words, in the server's language.
    pub message: String,
    /// Where, in characters of the text, from 1; `None`: it does not say.
    pub position: Option<usize>,
}
