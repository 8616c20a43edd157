//! Facts from files that people send: a schema as `pg_dump -s` writes it, rows of
//! `pg_stat_statements` and other catalog views, a workload as a script.
//!
//! | module | does |
//! |---|---|
//! | `load` | all files into a store, in an order that lets them refer to each other |
//! | `bytes` | a file as text, unpacked |
//! | `rows` | rows and samples out of JSON or CSV (`value`, `time`: their values) |
//! | `catalog`, `columns` | which facts table the rows of a view fill (`table` writes them, `hooks` completes them) |
//! | `pg_class`, `statements` (`book`, `resets`), `workload`, `schema` | kinds of files with rules of their own |
//! | `names`, `people`, `samples` | which object a row is about, which moment it belongs to |
//! | `ground`, `gaps` | the server and database that the files speak of, and what they lack |
//!
//! What is not understood is told in [`Note`]s; what is not there is a missing fact.

mod book;
mod bytes;
mod catalog;
mod columns;
mod error;
mod gaps;
mod ground;
mod hooks;
mod load;
mod names;
mod notes;
mod people;
mod pg_class;
mod resets;
mod rows;
mod samples;
mod schema;
mod statements;
mod table;
mod time;
mod value;
mod workload;

pub use error::FilesError;
pub use load::{FactsFile, Files, FilesOptions, load};
pub use notes::Note;
pub(super) use notes::Notes;
