//! Moments of the log as people and programs read them.

use jiff::Timestamp;
use serde_json::{Value, json};

/// Microseconds since 1970 as `2026-01-01 00:00:00`, UTC.
pub fn moment(us: i64) -> String {
    match Timestamp::from_microsecond(us) {
        Ok(time) => time.strftime("%F %T").to_string(),
        Err(_) => us.to_string(),
    }
}

/// The same by RFC 3339, for programs.
pub(super) fn rfc3339(us: Option<i64>) -> Value {
    let time = us.and_then(|us| Timestamp::from_microsecond(us).ok());
    time.map_or(Value::Null, |time| json!(time.to_string()))
}
