//! Files of migrations: whose form they have, what they do, what they say of findings.
//!
//! | module | does |
//! |---|---|
//! | [`file`](mod@file) | a file, taken apart |

pub mod file;

pub use file::{Direction, File, Layout, Mode, Part};
