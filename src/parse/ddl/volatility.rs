//! Whether expressions give the same value each time.

use super::cursor::Cursor;

/// How a function or expression may change its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Volatility {
    /// The same for the same arguments, for ever.
    Immutable,
    /// The same within a statement.
    Stable,
    /// It calls what nothing is known of.
    Unknown,
    /// Another for each row.
    Volatile,
}

impl Volatility {
    /// Steps over the word that says it of a function.
    pub(super) fn accept(c: &mut Cursor) -> Option<Self> {
        let known = [
            ("immutable", Self::Immutable),
            ("stable", Self::Stable),
            ("volatile", Self::Volatile),
        ];
        let found = known.into_iter().find(|(word, _)| c.accept(word));
        found.map(|(_, volatility)| volatility)
    }
}
