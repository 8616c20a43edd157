//! Whether expressions give the same value each time.

use std::sync::LazyLock;

use super::cursor::Cursor;
use super::query::query;
use super::statement::Name;
use crate::parse::tokens::TokenKind;

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

/// Functions of the server and of its extensions; the query that made it stands in
/// `volatility.sql`.
const FUNCTIONS: &str = include_str!("volatility.tsv");

/// The functions by name, sorted.
static KNOWN: LazyLock<Vec<(&str, Volatility)>> = LazyLock::new(|| {
    let lines = FUNCTIONS.lines().filter_map(|line| line.split_once('\t'));
    let mut known: Vec<_> = lines.map(|(name, word)| (name, of_word(word))).collect();
    known.sort_unstable();
    known
});

fn of_word(word: &str) -> Volatility {
    match word {
        "immutable" => Volatility::Immutable,
        "stable" => Volatility::Stable,
        "volatile" => Volatility::Volatile,
        _ => Volatility::Unknown,
    }
}

/// Words that are functions without parentheses: the time, and who one is.
const VALUES: [&str; 11] = [
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
    "user",
];

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

    /// Of an expression: the worst of the functions that it calls. `user` knows functions that
    /// users made. Operators and casts are taken to be no worse than stable.
    pub fn of(expression: &str, user: impl Fn(&Name) -> Option<Self>) -> Self {
        let mut c = Cursor::new(expression);
        let mut worst = Self::Immutable;
        let end = c.len();
        for call in query(&mut c, 0..end).calls {
            let own = match call.name.schema.as_deref() {
                None | Some("pg_catalog") => of_function(&call.name.name),
                Some(_) => None,
            };
            let known = own.or_else(|| user(&call.name));
            // Extensions may live in any schema.
            let known = known.or_else(|| of_function(&call.name.name));
            worst = worst.max(known.unwrap_or(Self::Unknown));
        }
        for at in 0..end {
            let qualified = at > 0 && c.kind_at(at - 1) == Some(TokenKind::Dot);
            if !qualified && VALUES.iter().any(|word| c.is_word(at, word)) {
                worst = worst.max(Self::Stable);
            }
        }
        worst
    }
}

/// Of a function of the server, or of an extension that comes with it, by its name.
pub fn of_function(name: &str) -> Option<Volatility> {
    let at = KNOWN.binary_search_by(|(known, _)| (*known).cmp(name));
    at.ok()
        .and_then(|at| KNOWN.get(at))
        .map(|(_, known)| *known)
}
