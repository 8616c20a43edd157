//! A log that is followed, line by line.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::time::{moment, rfc3339};
use super::verdict::counted;
use crate::facts::{escape, human};
use crate::parse::log::message::Kind;
use crate::parse::log::tally::{Pace, Recent};

/// Causes of errors that are told with a line.
const CAUSES: usize = 5;

/// What is told of what happens beside statements: kind, one, several.
const KINDS: [(Kind, &str, &str); 6] = [
    (Kind::Deadlock, "deadlock", "deadlocks"),
    (Kind::LockWaiting, "lock wait", "lock waits"),
    (Kind::TempFile, "temporary file", "temporary files"),
    (Kind::CheckpointComplete, "checkpoint", "checkpoints"),
    (Kind::Autovacuum, "autovacuum", "autovacuums"),
    (Kind::ConnectionReceived, "connection", "connections"),
];

/// Figures of the time from one moment to another, microseconds since 1970 UTC, in a line; below it
/// errors by cause, new ones marked.
pub fn pace_text(from: i64, to: i64, pace: &Pace) -> String {
    let seconds = ((to - from) as f64 / 1e6).max(1e-3);
    let mut line = format!("{}  ", moment(to));
    if pace.statements == 0 {
        line += "no statements";
    } else {
        let rate = pace.statements as f64 / seconds;
        let mean = pace.duration_us as f64 / 1e3 / pace.statements as f64;
        let _ = write!(
            line,
            "{} statements/s, mean {}",
            human::count(rate),
            human::ms(mean)
        );
        if let (Some(p95), Some(max)) = (pace.p95_us, pace.max_us) {
            let (p95, max) = (human::ms(p95 as f64 / 1e3), human::ms(max as f64 / 1e3));
            let _ = write!(line, ", p95 {p95}, max {max}");
        }
    }
    let more = |count: u64, one: &str, several: &str| match count {
        0 => String::new(),
        _ => format!("; {}", counted(count as i64, one, several)),
    };
    line += &more(pace.errors, "error", "errors");
    line += &more(pace.cancels(), "cancel", "cancels");
    for (kind, one, several) in KINDS {
        line += &more(pace.of(kind), one, several);
    }
    line.push('\n');
    for cause in pace.causes.iter().take(CAUSES) {
        let new = if cause.is_new { "new: " } else { "" };
        let code = code(cause)
            .map(|code| format!("{code} "))
            .unwrap_or_default();
        let (severity, message) = (cause.key.severity.word(), escape::line(&cause.key.pattern));
        let _ = writeln!(line, "  {new}{} × {severity} {code}{message}", cause.count);
    }
    if let Some(more) = pace
        .causes
        .len()
        .checked_sub(CAUSES)
        .filter(|more| *more > 0)
    {
        let _ = writeln!(line, "  and {more} more causes");
    }
    line
}

/// The same for programs, on one line; `docs/json.md` describes it.
pub fn pace_json(from: i64, to: i64, pace: &Pace) -> String {
    let ms = |us: u64| us as f64 / 1e3;
    let mean = (pace.statements > 0).then(|| ms(pace.duration_us) / pace.statements as f64);
    let causes: Vec<Value> = pace.causes.iter().map(cause).collect();
    let value = json!({
        "interval": { "from": rfc3339(Some(from)), "to": rfc3339(Some(to)) },
        "statements": pace.statements,
        "duration_us": pace.duration_us,
        "mean_ms": mean,
        "p95_ms": pace.p95_us.map(ms),
        "max_ms": pace.max_us.map(ms),
        "error_records": pace.errors,
        "deadlocks": pace.of(Kind::Deadlock),
        "lock_waits": pace.of(Kind::LockWaiting),
        "temp_files": pace.of(Kind::TempFile),
        "checkpoints": pace.of(Kind::CheckpointComplete),
        "autovacuums": pace.of(Kind::Autovacuum),
        "connections": pace.of(Kind::ConnectionReceived),
        "cancels": pace.cancels(),
        "causes": causes,
    });
    format!("{value}\n")
}

fn cause(cause: &Recent) -> Value {
    json!({
        "severity": cause.key.severity.word(),
        "sqlstate": code(cause),
        "message": cause.key.pattern,
        "count": cause.count,
        "is_new": cause.is_new,
    })
}

fn code(cause: &Recent) -> Option<String> {
    let code = cause.key.sqlstate?;
    Some(String::from_utf8_lossy(&code).into_owned())
}
