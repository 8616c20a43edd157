//! Layouts of migrations: which tool's form a file has, what is run of it, and in which order.
//!
//! A file is known by its own marks first (what its comments say), then by what its folder's files
//! say, then by its name and what stands beside it. [`files`] does all of it.
//!
//! | module | does |
//! |---|---|
//! | [`found`] | what is read: files, and what stands around them |
//! | [`decode`] | bytes to text |
//! | [`lines`] | lines with their places; what a text is worth |
//! | [`marks`] | the layout that comments of a file speak of |
//! | [`name`] | names taken apart: numbers, directions |
//! | [`seen`] | a file and its surroundings, as a layout looks at them |
//! | [`table`] | all layouts |
//! | [`chain`] | files one after the other |
//! | [`all`] | from files found to files taken apart |
//! | `alembic`, `atlas`, … | one layout each |

mod alembic;
mod all;
mod atlas;
mod chain;
mod dbmate;
mod decode;
mod diesel;
mod django;
mod flyway;
mod flyway_mode;
mod found;
mod golang_migrate;
mod goose;
mod lines;
mod liquibase;
mod marks;
mod name;
mod node_pg_migrate;
mod prisma;
mod rails;
mod refinery;
mod seen;
mod sqitch;
mod sql;
mod sqlx;
mod table;

pub use all::{Passed, Taken, files};
pub use found::{Around, Found};
pub use seen::MANIFESTS;
