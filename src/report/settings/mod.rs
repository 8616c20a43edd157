//! Settings that pages advise to change, in every format.
//!
//! | file | gives |
//! |---|---|
//! | `changes` | one row a setting, from the findings: for command and screen alike |
//! | `groups` | what a setting is about |
//! | `formats` | text and JSON |
//! | `scripts` | SQL and lines for `postgresql.conf` |

mod changes;
mod formats;
mod groups;
mod scripts;

pub use changes::{Advice, Change, Machine, Unknown, changes, gives_advice};
pub use formats::{json, text};
pub use groups::{Group, group};
pub use scripts::{conf, sql};
