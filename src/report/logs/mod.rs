//! Server logs: what they hold, and the reports about it.
//!
//! | file | gives |
//! |---|---|
//! | `model` | all that the tables `log_*` hold, for command and screen alike |
//! | `totals`, `statements`, `errors`, `events`, `series` | its parts |
//! | `details` | who ran a statement, when, and its slowest executions |
//! | `waits` | waits for locks: how long in all, and who held the lock |
//! | `verdict` | what matters, in a few sentences |
//! | `sections` | the parts of the report below the statements |
//! | `report` | what a report shows |
//! | `pace` | a log that is followed, line by line |
//! | `text`, `json`, `markdown`, `csv` | the formats |
//! | `time` | moments |

mod csv;
mod details;
mod errors;
mod events;
mod json;
mod markdown;
mod model;
mod pace;
mod report;
mod sections;
mod series;
mod statements;
mod text;
mod time;
mod totals;
mod verdict;
mod waits;

pub use csv::{Kind, KindError, csv};
pub use details::{Detail, Group, Hour, Sample, details};
pub use errors::Cause;
pub use events::{Event, Party};
pub use json::{json, json_line};
pub use markdown::markdown;
pub use model::Logs;
pub use pace::{pace_json, pace_text};
pub use report::Report;
pub use sections::{Entry, Head, Section, Shape, sections};
pub use series::{Span, Step, spans, spark};
pub use statements::{MEASURES, Statement, measure};
pub use text::table;
pub use time::moment;
pub use totals::{Source, Totals};
pub use verdict::{Verdict, verdict};
pub use waits::{Wait, waits};
