//! What writes pay for an index.

use std::fmt::Write as _;

use crate::advise::index::Chosen;
use crate::facts::human;

/// What writes pay for an index, a sentence.
pub fn write_cost(chosen: &Chosen) -> String {
    let Some(writes) = chosen.writes else {
        return "What writes pay for it is not known: the counters of its table are not known or too young."
            .to_owned();
    };
    let mut text = format!(
        "Writes: {} entries an hour, {} of WAL a day",
        human::count(writes.writes_per_hour),
        human::bytes(writes.wal_bytes_per_day)
    );
    match writes.lost_hot_per_hour {
        Some(lost) if lost > 0.0 => {
            let _ = write!(text, ", {} HOT updates an hour lost", human::count(lost));
        }
        Some(_) => {}
        None => text.push_str(", lost HOT updates not known"),
    }
    match writes.predicted_throughput_loss {
        Some(loss) => {
            let _ = write!(
                text,
                "; throughput of writers falls by {} at most",
                human::percent(loss)
            );
        }
        None => text.push_str("; what throughput they cost is not known"),
    }
    format!("{text}.")
}
