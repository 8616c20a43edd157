//! SQL in colours.

use super::theme::Role;

/// The text in coloured pieces; put together they are the text.
pub fn colour(sql: &str) -> Vec<(Role, String)> {
    vec![(Role::Text, sql.to_owned())]
}
