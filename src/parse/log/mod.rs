//! Server logs: bytes to records.
//!
//! | module | does |
//! |---|---|
//! | [`record`] | a record, whatever format it came in |
//! | [`csvlog`], [`jsonlog`] | the formats that the server itself structures |
//! | [`stderr`] | plain text, by [`prefix`] |
//! | [`block`] | pieces of a log that are read by themselves |
//! | [`detect`] | which of them a log has, by its content |
//! | [`envelope`] | takes off what a log is wrapped in: syslog, JSON of hosted services |
//! | [`labels`] | severities and the words before the parts of a message |
//! | [`message`] | what a message tells, in the languages of the server |
//! | [`events`] | what records mean |
//! | [`tally`] | events to figures |
//! | [`time`] | time stamps |

pub mod block;
pub mod csvlog;
pub mod detect;
pub mod envelope;
pub mod events;
pub mod jsonlog;
pub mod labels;
pub mod message;
pub mod prefix;
pub mod record;
pub mod stderr;
pub mod tally;
pub mod time;
