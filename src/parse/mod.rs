//! Bytes to facts; never fails.
//!
//! | module | does |
//! |---|---|
//! | [`tokens`] | lossless tokens of SQL (`lexer` reads them) |
//! | [`keywords`] | the key words and how far each is reserved |
//! | [`split`](mod@split) | statements of a script, by psql's rules ([`item`]: what it is made of, `meta`: psql's own commands) |
//! | [`fingerprint`](mod@fingerprint) | which texts are the same statement; `outline` says what in a statement is a value (with `numbers` and `names`), `fold` folds (with `types`) |
//! | `lists` | how long the lists of constants in a statement are |
//! | `skim` | which texts are surely the same statement, fast |
//! | `mix` | a fast hash, for values that are compared within a run |
//! | [`normalize`](mod@normalize) | readable text of a fingerprint |
//! | [`mod@format`] | statements laid out for reading (`nesting`: what stands in what, `clauses`: where clauses begin) |
//! | [`mod@highlight`] | what a reader tells apart by colour |
//! | [`array`] | arrays as the server writes them |
//! | [`redact`] | statements without their values |
//! | [`secrets`] | connection strings, settings and commands without their secrets |
//! | [`sql`] | statements as syntax trees |
//! | [`log`] | server logs as records |
//! | [`ddl`] | statements that change the catalog, and the facts of a schema file |
//! | [`migration`] | files of migrations |
//! | [`plan`] | plans as EXPLAIN prints them |
//!
//! All of it takes text that may come from anybody: time is linear in the length, and nothing
//! recurses with the depth of the input but [`sql`], which has a stack of its own for that.

pub mod array;
mod clauses;
pub mod ddl;
pub mod fingerprint;
mod fold;
pub mod format;
pub mod highlight;
pub mod item;
pub mod keywords;
mod lexer;
mod lists;
mod literals;
pub mod log;
mod meta;
pub mod migration;
mod mix;
mod names;
mod nesting;
pub mod normalize;
mod numbers;
mod outline;
pub mod plan;
pub mod redact;
pub mod secrets;
mod skim;
pub mod split;
pub mod sql;
pub mod tokens;
mod types;
mod write;

pub use fingerprint::{FINGERPRINT_VERSION, Fingerprint, fingerprint};
pub use format::format;
pub use highlight::highlight;
pub use item::{Ending, Item, ItemKind, Position};
pub use keywords::Keyword;
pub use lexer::Lexer;
pub use lists::longest_list;
pub use literals::{Literals, literals};
pub use normalize::normalize;
pub use redact::redact_statement;
pub use secrets::{is_secret_setting, redact_command, redact_conninfo, redact_setting};
pub use skim::skim;
pub use split::split;
pub use tokens::{Options, Token, TokenKind, tokenize};
