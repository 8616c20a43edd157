//! What the server did by itself.

use std::collections::BTreeMap;

use super::section::{Entry, Section, Shape};
use crate::facts::human;
use crate::report::logs::verdict::counted;
use crate::report::logs::{Event, Logs, moment};
use crate::report::style::Role;

/// Checkpoints and restartpoints, in sentences.
pub fn checkpoints(logs: &Logs) -> Section {
    let mut section = Section::new("Checkpoints", &[]);
    for (noun, nouns, starting, complete) in [
        (
            "checkpoint",
            "checkpoints",
            "checkpoint_starting",
            "checkpoint_complete",
        ),
        (
            "restartpoint",
            "restartpoints",
            "restartpoint_starting",
            "restartpoint_complete",
        ),
    ] {
        let (began, ended) = (logs.count(starting), logs.count(complete));
        if began + ended == 0 {
            continue;
        }
        let mut sentence = format!("{} ended", counted(ended, noun, nouns));
        let times: Vec<f64> = logs.of(complete).filter_map(|e| e.duration_ms).collect();
        if !times.is_empty() {
            let longest = times.iter().copied().fold(0.0, f64::max);
            let mean = times.iter().sum::<f64>() / times.len() as f64;
            let (mean, longest) = (human::ms(mean), human::ms(longest));
            sentence += &format!("; they took {mean} in the mean, at most {longest}");
        }
        let mut reasons: BTreeMap<&str, i64> = BTreeMap::new();
        for event in logs.of(starting) {
            *reasons
                .entry(event.object.as_deref().unwrap_or("unknown"))
                .or_default() += 1;
        }
        if !reasons.is_empty() {
            let of = reasons
                .iter()
                .map(|(reason, count)| format!("{} by {reason}", human::count(*count as f64)));
            let of = of.collect::<Vec<_>>().join(", ");
            sentence += &format!(". Begun: {of}");
        }
        section.sentences.push(format!("{sentence}."));
    }
    let often = logs.count("checkpoints_too_frequent");
    if often > 0 {
        section.sentences.push(format!(
            "The server warned {} that WAL asks for them too often: a larger max_wal_size helps.",
            counted(often, "time", "times")
        ));
    }
    section
}

/// Vacuum and analyze by table.
pub fn vacuum(logs: &Logs, limit: usize) -> Section {
    let mut section = Section::new(
        "Autovacuum",
        &[
            ("time", Shape::Number),
            ("longest", Shape::Number),
            ("vacuums", Shape::Number),
            ("analyzes", Shape::Number),
            ("table", Shape::Text),
        ],
    );
    let counts = [
        (logs.count("autovacuum"), "vacuum", "vacuums"),
        (logs.count("autoanalyze"), "analyze", "analyzes"),
        (
            logs.count("autovacuum_cancelled"),
            "cancelled for a lock",
            "cancelled for locks",
        ),
    ];
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, several)| counted(*count, one, several))
        .collect();
    if parts.is_empty() {
        return section;
    }
    section.sentences.push(format!("{}.", parts.join(", ")));
    let mut tables: BTreeMap<&str, [f64; 4]> = BTreeMap::new();
    for (column, kind) in [(2, "autovacuum"), (3, "autoanalyze")] {
        for event in logs.of(kind) {
            let sums = tables
                .entry(event.object.as_deref().unwrap_or("unknown"))
                .or_default();
            let ms = event.duration_ms.unwrap_or_default();
            sums[0] += ms;
            sums[1] = sums[1].max(ms);
            sums[column] += 1.0;
        }
    }
    let mut tables: Vec<_> = tables.into_iter().collect();
    tables.sort_by(|a, b| b.1[0].total_cmp(&a.1[0]));
    section.take(
        limit,
        tables,
        |(table, [total, longest, vacuums, analyzes])| {
            vec![
                Entry::new(human::ms(total)),
                Entry::new(human::ms(longest)),
                Entry::new(human::count(vacuums)),
                Entry::new(human::count(analyzes)),
                Entry::new(table),
            ]
        },
    );
    section
}

/// Starts, crashes, reloads, replication and archiving, the latest first.
pub fn server(logs: &Logs, limit: usize) -> Section {
    const KINDS: [(&str, &str); 17] = [
        ("crash", "a process was ended by a signal"),
        ("exit_code", "a process ended with an error"),
        ("reinitializing", "all sessions are ended after a crash"),
        ("reinitialized", "the server begins anew"),
        ("ready", "the server takes connections"),
        ("reload", "the configuration is read anew"),
        ("recovery", "the server recovers"),
        ("shutdown", "the server was told to stop"),
        ("promoted", "a standby becomes the primary"),
        ("archive_failed", "WAL was not archived"),
        ("replication_started", "a standby gets WAL"),
        ("replication_ended", "the primary ended the replication"),
        ("slot_invalidated", "a replication slot lost its WAL"),
        (
            "standby_conflict",
            "a statement or session gave way to recovery",
        ),
        (
            "wal_receiver_timeout",
            "a standby did not hear of its primary",
        ),
        ("wal_removed", "WAL that a standby asks for is gone"),
        ("wal_sender_timeout", "a standby was not heard of"),
    ];
    let mut section = Section::new("Server", &[("at", Shape::Fixed), ("what", Shape::Text)]);
    let words = |event: &Event| {
        let mut kinds = KINDS.iter();
        let known = kinds.find(|(kind, _)| *kind == event.kind);
        known.map(|(_, words)| *words)
    };
    let known = logs.events.iter().rev();
    let known = known.filter_map(|event| Some((event, words(event)?)));
    section.take(limit, known, |(event, words)| {
        let role = match event.kind.as_str() {
            "crash" | "exit_code" | "archive_failed" | "slot_invalidated" | "wal_removed" => {
                Role::Error
            }
            _ => Role::Plain,
        };
        vec![
            Entry::new(event.at.map_or_else(|| "-".to_owned(), moment)),
            Entry(vec![(role, words.to_owned())]).and(Role::Dim, event.message.clone()),
        ]
    });
    section
}
