//! pgtriage finds what is wrong with a `PostgreSQL` database, proves it with evidence, and writes
//! the fix.
//!
//! # Code map
//!
//! Facts go in at the top, findings come out at the bottom; everything between is a table of one
//! `SQLite` database.
//!
//! | module | does | may import |
//! |---|---|---|
//! | [`facts`] | the facts database: `schema.sql`, the store, SQL functions for rules | nothing here |
//! | [`parse`] | bytes to facts: statement splitter, tokens, fingerprint, layout | `facts` |
//! | [`collect`] | `PostgreSQL` to facts: connection, queries in `collect/sql/`; files of facts in `collect/files/` | `facts`, `parse`, `derive` |
//! | [`cluster`] | throwaway `PostgreSQL` clusters | nothing here |
//! | [`derive`] | facts to facts, pure | `facts`, `parse` |
//! | [`advise`] | facts to advice, pure | `facts`, `parse`, `derive` |
//! | [`engine`] | loads rule pages, runs them, ranks, suppresses, compares with a baseline | `facts` |
//! | [`report`] | one file per output format | `facts`, `parse`, `advise`, `engine` |
//! | [`tui`] | the terminal UI: state, pure update, screens | `facts`, `parse`, `advise`, `engine`, `report` |
//! | [`config`] | `pgtriage.toml`, environment and flags | `parse`, `engine` |
//! | [`cli`] | one file per subcommand; wires the parts together | all |
//!
//! `parse`, `derive`, `advise` and `engine` do no I/O and read no clock: bytes and time come in.
//! `report` and `tui` never touch the network. `tests/it/architecture.rs` keeps these directions.

pub mod advise;
pub mod cli;
pub mod cluster;
pub mod collect;
pub mod config;
pub mod derive;
pub mod engine;
pub mod facts;
pub mod parse;
pub mod report;
pub mod tui;
