//! Facts from files: what people send, alone or over a snapshot.

mod catalog;
mod damaged;
mod forms;
mod live;
mod program;
mod statements;
mod support;
mod workload;
