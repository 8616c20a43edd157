//! All parts, in their order.

use super::section::Section;
use super::{locks, over_time, server, sources, statements};
use crate::report::logs::Logs;

/// The parts that have something to say. Tables have at most `limit` rows, and courses over time at
/// most `bars` bars.
pub fn sections(logs: &Logs, limit: usize, bars: usize) -> Vec<Section> {
    let all = [
        statements::errors(logs, limit),
        locks::waits(logs, limit),
        locks::deadlocks(logs, limit),
        statements::temp_files(logs, limit),
        statements::cancels(logs, limit),
        server::checkpoints(logs),
        server::vacuum(logs, limit),
        over_time::courses(logs, bars),
        server::server(logs, limit),
        sources::sources(logs),
    ];
    all.into_iter()
        .filter(|section| !section.is_empty())
        .collect()
}
