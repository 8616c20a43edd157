//! Whether a default gives each row a value of its own.

use crate::parse::ddl::catalog::Catalog;
use crate::parse::ddl::cursor::Cursor;
use crate::parse::ddl::volatility::Volatility;
use crate::parse::tokens::TokenKind;

/// Functions of the server that give another value each time.
const VOLATILE: [&str; 14] = [
    "clock_timestamp",
    "gen_random_uuid",
    "nextval",
    "random",
    "random_normal",
    "setval",
    "timeofday",
    "txid_current",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
    "pg_sleep",
];

/// What is known of an expression.
pub(super) fn of(catalog: &Catalog, text: &str) -> Volatility {
    let _ = catalog;
    let mut c = Cursor::new(text);
    let mut worst = Volatility::Immutable;
    while !c.is_at_end() {
        let called = c.kind_at(c.at() + 1) == Some(TokenKind::LeftParen);
        let word = c.take().to_ascii_lowercase();
        if called && VOLATILE.contains(&word.as_str()) {
            worst = Volatility::Volatile;
        }
    }
    worst
}
