//! Server logs over SQL, where no file can be reached: `pg_current_logfile`, `pg_ls_logdir` and
//! `pg_read_binary_file`, in bounded steps, each in a transaction of its own.
//!
//! | module | does |
//! |---|---|
//! | `access` | what the server allows, and how it logs |
//! | `refusal` | why nothing can be read, and what would change that |
//! | `listing` | which files there are, and which of them are read from where |
//! | `reader` | reads what is new, and remembers how far it came |
//! | `book` | what was read, or why not, as facts |

mod access;
mod book;
mod listing;
mod reader;
mod refusal;

pub use book::{book, keep_notes, keep_settings};
pub use reader::{RemoteError, RemoteLimits, RemoteLogs};
pub use refusal::Refusal;
