//! Files of migrations: whose form they have, what they do, what they say of findings.
//!
//! | module | does |
//! |---|---|
//! | [`file`](mod@file) | a file, taken apart |
//! | [`layout`] | files found, known by their marks, taken apart and put in order |

pub mod file;
pub mod layout;

pub use file::{Direction, File, Layout, Mode, Part};
