//! Figures of tables and indexes as cells.

use jiff::Timestamp;
use serde_json::Value;

use crate::engine::Severity;
use crate::report::listing::{Object, Objects};
use crate::tui::data::Data;
use crate::tui::header::age;
use crate::tui::list::Cell;
use crate::tui::screens::figures;
use crate::tui::screens::findings::role;
use crate::tui::theme::Role;

/// A figure by the name of its column.
pub fn figure(objects: &Objects, object: &Object, column: &str) -> Cell {
    let value = objects.get(object, column);
    match (value.as_f64(), objects.figure(object, column)) {
        (Some(share), Some(text)) if column == "bloat_share" => {
            Cell::number(Role::Text, share * 100.0, &text)
        }
        _ => figures::cell(column, value),
    }
}

/// How long ago a moment was, when the server was read; `never` where counters know of none.
pub fn ago(data: &Data, at: &Value, is_counted: bool) -> Cell {
    let Some(us) = at.as_i64() else {
        return if is_counted {
            Cell::number(Role::Text, f64::INFINITY, "never")
        } else {
            Cell::unknown()
        };
    };
    let moment = Timestamp::from_microsecond(us).ok();
    match moment.zip(data.server.captured_at) {
        Some((at, now)) => {
            let past = now.duration_since(at);
            Cell::number(Role::Text, past.as_secs_f64().max(0.0) * 1e3, &age(past))
        }
        None => Cell::unknown(),
    }
}

/// Colour of a name: that of the gravest finding.
pub fn colour(objects: &Objects, object: &Object) -> Role {
    let severity = objects.get(object, "severity").as_str();
    severity.map_or(Role::Text, |word| {
        word.parse::<Severity>().map_or(Role::Text, role)
    })
}
