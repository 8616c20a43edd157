//! What a message tells, in the languages of the server.

mod form;
mod kind;

pub use form::{Forms, Message};
pub use kind::Kind;
