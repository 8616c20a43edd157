//! Which statements are run after which, and again and again, in sessions and traces: what a loop of
//! an application looks like from the server. Nothing is known of tables here, so all pairs are
//! counted, in bounded memory; `derive::loops` looks for those with a key between them.
//!
//! | module | does |
//! |---|---|
//! | `track` | a session or a trace until its transaction ends or it rests |
//! | `tracks` | those of them that are open |
//! | `figures` | what they leave behind |
//! | `polls` | statements that come at regular times |
//! | `executions` | takes executions in the order of the log |

mod executions;
mod figures;
mod polls;
mod track;
mod tracks;

pub use executions::{Execution, Runs};
pub use figures::{Figures, Followed, LENGTHS, Length, Longest, Repeated};
pub use polls::{Poll, Polls};
