//! Whether a default gives each row a value of its own.

use crate::parse::ddl::catalog::Catalog;
use crate::parse::ddl::volatility::Volatility;

/// What is known of an expression.
pub(super) fn of(catalog: &Catalog, text: &str) -> Volatility {
    Volatility::of(text, |name| catalog.volatility_of(name))
}
