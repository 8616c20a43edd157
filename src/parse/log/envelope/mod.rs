//! Logs that come wrapped: what wraps them is taken off, and what comes out has one of the formats
//! of the server.
//!
//! | module | does |
//! |---|---|
//! | [`kind`] | what a log can be wrapped in, and by what it is known |
//! | [`unwrap`] | takes it off, from bytes as they come |
//! | [`syslog`] | syslog, BSD and RFC 5424, and journalctl |
//! | [`json`], [`members`] | JSON: entries, and what they have |
//! | [`entries`] | JSON of hosted services and of containers; [`azure`] and [`cnpg`] have fields of their own |
//! | [`order`] | entries that come newest first |
//! | [`table`] | rows of CSV with a head, as entries |
//! | [`lines`] | lines with a head of their own |
//! | [`text`] | a message as lines of stderr |
//!
//! Exports of Cloud Logging, `CloudWatch` and Log Analytics are newest first unless they were asked
//! for in order. They are turned round, if they are of at most 64 MB; a longer one stays as it is.

mod azure;
mod cnpg;
mod entries;
mod json;
mod kind;
mod lines;
mod members;
mod order;
mod syslog;
mod table;
mod text;
mod unwrap;

pub use kind::{Envelope, Inner, detect_envelope};
pub use unwrap::Unwrap;
