//! Waits for locks and deadlocks, with both sides.

use super::section::{Entry, Section, Shape};
use super::statements::STATEMENT;
use crate::facts::human;
use crate::report::logs::verdict::counted;
use crate::report::logs::{Event, Logs, Party, Wait, moment};
use crate::report::style::Role;

/// Waits, by who waited for whom.
pub fn waits(logs: &Logs, limit: usize) -> Section {
    let mut section = Section::new(
        "Lock waits",
        &[
            ("time", Shape::Number),
            ("waits", Shape::Number),
            ("longest", Shape::Number),
            ("who waited, for what, and who held it", Shape::Text),
        ],
    );
    let all = crate::report::logs::waits(logs);
    let (count, kept) = (
        logs.count("lock_waiting"),
        all.iter().map(|wait| wait.count).sum::<i64>(),
    );
    if count > kept {
        let kept = human::count(kept as f64);
        let waits = counted(count, "wait", "waits");
        section
            .sentences
            .push(format!("{waits} in all; below are the latest {kept}."));
    }
    section.take(limit, &all, |wait| {
        let more = if wait.unended > 0 { "≥ " } else { "" };
        vec![
            Entry::new(format!("{more}{}", human::ms(wait.total_ms))),
            Entry::new(human::count(wait.count as f64)),
            Entry::new(human::ms(wait.longest_ms)),
            parties(logs, wait),
        ]
    });
    section
}

fn parties(logs: &Logs, wait: &Wait) -> Entry {
    let lock = [wait.mode.as_deref(), wait.object.as_deref()];
    let lock: Vec<&str> = lock.into_iter().flatten().collect();
    let holder = match wait.blockers.len() {
        0 => "the log does not name what the holder ran",
        _ => "held by a session that had run:",
    };
    let lock = lock.join(" on ");
    let row = wait
        .relation
        .as_ref()
        .map(|name| format!(" (a row of {name})"));
    let what = format!("waited for {lock}{}, {holder}", row.unwrap_or_default());
    let mut entry = Entry::default()
        .and(Role::Code, logs.line(wait.statement_id, STATEMENT))
        .and(Role::Dim, Some(what));
    for blocker in &wait.blockers {
        entry = entry.and(Role::Code, logs.line(Some(*blocker), STATEMENT));
    }
    entry
}

/// Deadlocks, the latest first.
pub fn deadlocks(logs: &Logs, limit: usize) -> Section {
    let mut section = Section::new(
        "Deadlocks",
        &[("at", Shape::Fixed), ("who waited for whom", Shape::Text)],
    );
    section.take(limit, logs.of("deadlock").rev(), |event| {
        let at = event.at.map_or_else(|| "-".to_owned(), moment);
        vec![Entry::new(at), ring(logs, event)]
    });
    // Those that are not kept are beyond the limit as well.
    let known = section.rows.len() + section.beyond;
    let all = usize::try_from(logs.count("deadlock")).unwrap_or_default();
    section.beyond += all.saturating_sub(known);
    section
}

fn ring(logs: &Logs, event: &Event) -> Entry {
    let mut entry = Entry::default();
    for party in &event.parties {
        entry = entry
            .and(Role::Plain, Some(edge(party)))
            .and(Role::Code, logs.line(party.statement_id, STATEMENT));
    }
    if let Some(name) = &event.relation {
        entry = entry.and(Role::Dim, Some(format!("over a row of {name}")));
    }
    if event.parties.is_empty() {
        entry = entry.and(Role::Code, logs.line(event.statement_id, STATEMENT));
    }
    entry
}

fn edge(party: &Party) -> String {
    let mut words = format!("{} waited", party.pid);
    let lock = [party.mode.as_deref(), party.object.as_deref()];
    let lock: Vec<&str> = lock.into_iter().flatten().collect();
    if !lock.is_empty() {
        words += &format!(" for {}", lock.join(" on "));
    }
    if let Some(pid) = party.blocked_by {
        words += &format!(", blocked by {pid}");
    }
    words
}
