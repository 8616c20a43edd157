//! Text, JSON and SQL.

use std::fmt::Write as _;

use serde_json::json as object;

use super::rows::{Advice, Ended, Timeouts};
use crate::facts::{escape, human};
use crate::report::json as document;
use crate::report::style::{Role, Style};
use crate::report::wrap::wrap;

/// Columns that what belongs to a setting stands in from.
const INDENT: usize = 2;

/// For people: what is to change, with its reason. `server` is what was looked at.
pub fn text(timeouts: &Timeouts, server: &str, style: Style, columns: usize) -> String {
    let mut out = String::new();
    let mut line = |role: Role, indent: usize, text: &str| {
        for line in wrap(&escape::line(text), columns.saturating_sub(indent).max(20)) {
            let _ = writeln!(out, "{:indent$}{}", "", style.paint(role, &line));
        }
    };
    line(Role::Strong, 0, &format!("Timeouts for {server}"));
    let changes = timeouts
        .rows
        .iter()
        .any(|row| row.fix.is_some() || row.is_stuck());
    for place in timeouts.places() {
        let shown: Vec<&Advice> = place
            .iter()
            .filter(|row| row.fix.is_some() || row.is_stuck())
            .collect();
        let Some(first) = shown.first() else { continue };
        line(Role::Plain, 0, "");
        line(Role::Strong, 0, &first.place());
        for row in shown {
            for (role, text) in about(row) {
                line(role, INDENT, &text);
            }
        }
    }
    if !changes {
        let none = if timeouts.rows.is_empty() {
            "No role was seen at work: neither sessions nor counters nor logs show one."
        } else {
            "Nothing is to be changed: the timeouts in force are right for what was measured."
        };
        line(Role::Plain, 0, none);
    }
    if !timeouts.has_counters {
        line(
            Role::Plain,
            0,
            "How long statements take is not known: neither pg_stat_statements nor a log with all statements was read.",
        );
    }
    line(Role::Plain, 0, "");
    line(
        Role::Dim,
        0,
        "Keep the order: deadlock_timeout < lock_timeout < statement_timeout < transaction_timeout (17 and newer), statement_timeout below the application's own limit for a request, and 2 to 5 s for the wait in a pool. New sessions take values of roles up.",
    );
    out
}

fn about(row: &Advice) -> Vec<(Role, String)> {
    let mut out = Vec::new();
    let advised = match row.advised_ms {
        Some(_) => format!("{} → {}", row.value(row.now_ms), row.value(row.advised_ms)),
        None => format!("{} → no value will do", row.value(row.now_ms)),
    };
    let reason = row.reason.as_deref().unwrap_or("");
    out.push((
        Role::Plain,
        format!("{}: {advised}: {reason}.", row.setting),
    ));
    out.extend(row.measured().map(|text| (Role::Dim, text)));
    for ended in row.ended.iter().filter(|ended| ended.calls > 0.0) {
        out.push((
            Role::Dim,
            format!(
                "{} × {} ({})",
                human::count(ended.calls),
                ended.line,
                ended.fingerprint
            ),
        ));
    }
    for sql in row.fix.iter().flat_map(|fix| fix.lines()) {
        out.push((Role::Code, sql.to_owned()));
    }
    out
}

/// JSON: the contract is `docs/json.md`.
pub fn json(timeouts: &Timeouts) -> String {
    let ended = |ended: &Ended| object!({"fingerprint": ended.fingerprint, "line": ended.line, "calls": ended.calls});
    let row = |row: &Advice| {
        object!({
            "role": row.role,
            "database": row.database,
            "kind": row.kind,
            "kind_because": row.kind_because,
            "setting": row.setting,
            "now_ms": row.now_ms,
            "advised_ms": row.advised_ms,
            "basis_ms": row.basis_ms,
            "basis": row.basis,
            "calls_seen": row.calls_seen,
            "calls_cancelled": row.calls_cancelled,
            "ended": row.ended.iter().map(ended).collect::<Vec<_>>(),
            "reason": row.reason,
            "fix": row.fix,
            "undo": row.undo,
        })
    };
    let report = object!({
        "format": document::FORMAT,
        "tool": document::tool(),
        "timeouts": timeouts.rows.iter().map(row).collect::<Vec<_>>(),
    });
    format!("{report:#}\n")
}

/// The statements that set what differs, each with what takes it back as a comment.
pub fn sql(timeouts: &Timeouts) -> String {
    let mut out = String::new();
    for row in &timeouts.rows {
        let Some(fix) = &row.fix else { continue };
        let reason = row.reason.as_deref().unwrap_or("");
        let _ = writeln!(out, "-- {}: {}", row.setting, comment(reason));
        out += fix;
        out.push('\n');
        for line in row.undo.iter().flat_map(|undo| undo.lines()) {
            let _ = writeln!(out, "-- undo: {line}");
        }
        out.push('\n');
    }
    out
}

/// A text that cannot leave its comment.
fn comment(text: &str) -> String {
    escape::line(text).replace(['\n', '\r'], " ")
}
