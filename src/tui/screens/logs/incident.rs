//! What an event is, in words.

use crate::facts::human;
use crate::report::logs::{Event, Logs, moment};
use crate::tui::theme::Role;

use super::locks::lock;
use super::view::LINE;

/// Kinds that say that something broke.
const BROKEN: [&str; 4] = ["crash", "exit_code", "deadlock", "reinitializing"];
/// Kinds that say that something was stopped, or had to wait.
const TROUBLE: [&str; 13] = [
    "autovacuum_cancelled",
    "checkpoints_too_frequent",
    "deadlock_avoided",
    "deadlock_waiting",
    "idle_in_transaction_timeout",
    "idle_session_timeout",
    "lock_failed",
    "lock_timeout",
    "lock_waiting",
    "statement_timeout",
    "terminated_by_administrator",
    "transaction_timeout",
    "user_cancel",
];

/// The kind as people write it.
pub fn kind(event: &Event) -> String {
    event.kind.replace('_', " ")
}

/// Its colour.
pub fn colour(event: &Event) -> Role {
    let kind = event.kind.as_str();
    if BROKEN.contains(&kind) {
        Role::Error
    } else if TROUBLE.contains(&kind) {
        Role::Warning
    } else {
        Role::Text
    }
}

/// What it is about, in one line: lock, table, reason, message, statement.
pub fn about(logs: &Logs, event: &Event) -> String {
    let lock = lock(event.mode.as_deref(), event.object.as_deref());
    let statement = logs.line(event.statement_id, LINE);
    let parts = [Some(lock), event.message.clone(), statement];
    let parts = parts.into_iter().flatten();
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(": ")
}

/// What is known of it beside statement and message.
pub fn fields(event: &Event) -> Vec<(String, Role, String)> {
    let at = event.at.map(|at| format!("{} UTC", moment(at)));
    let fields = [
        ("at", at),
        ("process", event.pid.map(|pid| pid.to_string())),
        ("role", event.user.clone()),
        ("database", event.database.clone()),
        ("application", event.application.clone()),
        ("time", event.duration_ms.map(human::ms)),
        ("size", event.bytes.map(|bytes| human::bytes(bytes as f64))),
        ("lock mode", event.mode.clone()),
        ("about", event.object.clone()),
    ];
    let known = fields.into_iter();
    known
        .filter_map(|(name, text)| Some((name.to_owned(), Role::Text, text?)))
        .collect()
}
