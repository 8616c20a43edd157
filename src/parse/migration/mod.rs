//! Files of migrations: whose form they have, what they do, what they say of findings.
//!
//! | module | does |
//! |---|---|
//! | [`file`](mod@file) | a file, taken apart |
//! | [`ignore`] | comments that accept findings |
//! | [`layout`] | files found, known by their marks, taken apart and put in order |
//! | [`simulate`](mod@simulate) | what they do, statement by statement |

pub mod file;
pub mod ignore;
pub mod layout;
pub mod simulate;

pub use file::{Direction, File, Layout, Mode, Part};
pub use ignore::{Ignore, IgnoreScope, ignores};
pub use simulate::{SimulateOptions, simulate};
