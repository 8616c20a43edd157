//! What server logs hold, in seven views.
//!
//! | file | gives |
//! |---|---|
//! | `view` | what the views share as screens |
//! | `statements`, `errors`, `locks`, `temp_files`, `events`, `timeline` | the views |
//! | `incident` | what an event is, in words |
//! | `statement_text` | the text about one statement |
//! | `course` | figures over time as bars |
//! | `clock` | moments |
//! | `read_text` | which logs were read, and what of them was not |

mod clock;
mod course;
mod errors;
mod events;
mod incident;
mod locks;
mod read_text;
mod statement_text;
mod statements;
mod temp_files;
mod timeline;
mod view;

use super::screen::Screen;

/// The views, in the order of their keys.
pub const VIEWS: [&dyn Screen; 7] = [
    &statements::Statements,
    &errors::Errors,
    &locks::Locks,
    &temp_files::TempFiles,
    &events::SERVER,
    &events::ALL,
    &timeline::Timeline,
];
