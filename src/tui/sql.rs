//! SQL in colours.

use crate::parse::highlight::{Class, highlight};

use super::theme::Role;

/// The text in coloured pieces; put together they are the text.
pub fn colour(sql: &str) -> Vec<(Role, String)> {
    let pieces = highlight(sql).into_iter();
    pieces
        .map(|(class, text)| (role(class), text.to_owned()))
        .collect()
}

fn role(class: Class) -> Role {
    match class {
        Class::Plain => Role::Text,
        Class::Keyword => Role::Keyword,
        Class::Literal => Role::Literal,
        Class::Comment => Role::Comment,
    }
}
