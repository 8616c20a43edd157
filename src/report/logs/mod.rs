//! Server logs: what they hold, and the reports about it.
//!
//! | file | gives |
//! |---|---|
//! | `model` | all that the tables `log_*` hold, for command and screen alike |
//! | `totals`, `statements`, `errors`, `events`, `series` | its parts |
//! | `details` | who ran a statement, when, and its slowest executions |
//! | `waits` | waits for locks: how long in all, and who held the lock |
//! | `time` | moments |
//! | `verdict` | what matters, in a few sentences |

mod details;
mod errors;
mod events;
mod model;
mod series;
mod statements;
mod time;
mod totals;
mod verdict;
mod waits;

pub use details::{Detail, Group, Hour, Sample, details};
pub use errors::Cause;
pub use events::{Event, Party};
pub use model::Logs;
pub use series::{Span, Step, spans, spark};
pub use statements::{MEASURES, Statement, measure};
pub use time::moment;
pub use totals::{Source, Totals};
pub use verdict::{Verdict, verdict};
pub use waits::{Wait, waits};
