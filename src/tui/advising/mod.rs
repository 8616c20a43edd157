//! The search for indexes, and what the user makes of what it finds.
//!
//! The search runs elsewhere: the UI sends a [`Wish`] and hears [`News`]. What was found and what is chosen of it is
//! part of the data that are shown, and goes over to newer ones.
//!
//! | file | holds |
//! |---|---|
//! | `wish`, `news` | what goes to and fro |
//! | `verdicts` | what the facts alone say of indexes that are there |
//! | `state` | the search as far as it is known, and what it was asked |
//! | `choice` | what is chosen: advice, and where the user wants it otherwise |
//! | `act` | what keys and news do |

pub mod act;
pub mod choice;
mod news;
mod state;
mod verdicts;
mod wish;

pub use choice::Choice;
pub use news::{Best, Found, News, Proposal, Subject, Takeover, Weighing, Worth};
pub use state::{Advising, Stage};
pub use verdicts::{Verdict, Verdicts};
pub use wish::{Planner, Search, Wish};
