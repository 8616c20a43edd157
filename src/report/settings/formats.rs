//! Text and JSON.

use std::fmt::Write as _;

use serde_json::json as object;

use super::changes::{Advice, Change, Machine, Unknown, needing_restart};
use crate::facts::{escape, human};
use crate::report::json as document;
use crate::report::server::plural;
use crate::report::style::{Role, Style};
use crate::report::wrap::wrap;

/// For people. `server` is what was looked at.
pub fn text(advice: &Advice, server: &str, style: Style, columns: usize) -> String {
    let mut page = Page {
        out: String::new(),
        style,
        columns,
    };
    page.line(Role::Strong, 0, &format!("Settings for {server}"));
    page.line(Role::Plain, 0, &machine(&advice.machine));
    for changes in advice.changes.chunk_by(|a, b| a.group == b.group) {
        page.line(Role::Plain, 0, "");
        page.line(Role::Strong, 0, changes[0].group.title());
        for change in changes {
            page.change(change);
        }
    }
    page.line(Role::Plain, 0, "");
    if advice.changes.is_empty() {
        let none = "Nothing is to be changed, as far as it could be judged.";
        page.line(Role::Plain, 0, none);
    } else {
        page.line(Role::Plain, 0, &summary(&advice.changes));
    }
    page.unknown(&advice.unknown);
    page.out
}

struct Page {
    out: String,
    style: Style,
    columns: usize,
}

impl Page {
    fn line(&mut self, role: Role, indent: usize, text: &str) {
        for line in wrap(
            &escape::line(text),
            self.columns.saturating_sub(indent).max(20),
        ) {
            let line = self.style.paint(role, &line);
            let _ = writeln!(self.out, "{:indent$}{line}", "");
        }
    }

    fn change(&mut self, change: &Change) {
        let place = change
            .place
            .as_ref()
            .map_or_else(String::new, |place| format!(" of {place}"));
        let now = shown(change.now.as_deref());
        let head = format!(
            "{}{place}: {now} → {} ({})",
            change.setting,
            shown(Some(&change.advised)),
            change.applies
        );
        self.line(change.severity.into(), 2, &head);
        self.line(Role::Plain, 4, &format!("{}.", sentence(&change.reason)));
        self.line(Role::Dim, 4, &change.rule);
    }

    fn unknown(&mut self, unknown: &[Unknown]) {
        if unknown.is_empty() {
            return;
        }
        self.line(Role::Plain, 0, "");
        self.line(Role::Strong, 0, "Not judged");
        for unknown in unknown {
            self.line(Role::Plain, 2, &format!("{}.", sentence(&unknown.because)));
            self.line(Role::Dim, 4, &unknown.rules.join(", "));
            if let Some(remedy) = &unknown.remedy {
                self.line(Role::Code, 4, remedy);
            }
        }
    }
}

fn shown(value: Option<&str>) -> &str {
    match value {
        None => "not visible",
        Some("") => "''",
        Some(value) => value,
    }
}

fn sentence(text: &str) -> &str {
    text.trim_end_matches('.')
}

fn machine(machine: &Machine) -> String {
    let known = [
        machine
            .cores
            .as_ref()
            .map(|(cores, by)| (format!("{} cores", human::count(*cores)), by)),
        machine
            .memory
            .as_ref()
            .map(|(bytes, by)| (format!("{} of memory", human::bytes(*bytes as f64)), by)),
        machine
            .storage
            .as_ref()
            .map(|(kind, by)| (format!("{kind} storage"), by)),
        machine
            .disk
            .as_ref()
            .map(|(bytes, by)| (format!("a disk of {}", human::bytes(*bytes as f64)), by)),
    ];
    let known: Vec<(String, &String)> = known.into_iter().flatten().collect();
    let mut parts = Vec::new();
    for same in known.chunk_by(|a, b| a.1 == b.1) {
        let what: Vec<&str> = same.iter().map(|(what, _)| what.as_str()).collect();
        parts.push(format!("{} ({})", what.join(", "), source(same[0].1)));
    }
    if parts.is_empty() {
        "Nothing is known of the machine.".to_owned()
    } else {
        format!("Machine: {}.", parts.join(", "))
    }
}

fn source(word: &str) -> &str {
    match word {
        "option" => "as given",
        "configuration" => "by pgtriage.toml",
        "server files" => "by the server's files",
        "same machine" => "seen on this machine",
        other => other,
    }
}

fn summary(changes: &[Change]) -> String {
    let restart = needing_restart(changes);
    let mut text = format!("{} to change", plural(changes.len(), "value"));
    text += &match restart.as_slice() {
        [] => ", none of which needs a restart.".to_owned(),
        names => format!("; a restart is needed for {}.", names.join(", ")),
    };
    text += " --format sql prints the statements with what takes them back, --format conf lines for postgresql.conf.";
    text
}

/// JSON: the contract is `docs/json.md`.
pub fn json(advice: &Advice) -> String {
    let change = |change: &Change| {
        object!({
            "group": change.group.title(),
            "setting": change.setting,
            "place": change.place,
            "now": change.now,
            "advised": change.advised,
            "applies": change.applies,
            "reason": change.reason,
            "severity": change.severity.as_str(),
            "confidence": change.confidence,
            "rule": change.rule,
            "fix": change.fix,
            "undo": change.undo,
            "evidence": change.evidence,
        })
    };
    let unknown = |unknown: &Unknown| object!({"because": unknown.because, "remedy": unknown.remedy, "rules": unknown.rules});
    let machine = &advice.machine;
    let report = object!({
        "format": document::FORMAT,
        "tool": document::tool(),
        "machine": {
            "cores": machine.cores.as_ref().map(|known| known.0),
            "cores_source": machine.cores.as_ref().map(|known| &known.1),
            "memory_bytes": machine.memory.as_ref().map(|known| known.0),
            "memory_source": machine.memory.as_ref().map(|known| &known.1),
            "storage": machine.storage.as_ref().map(|known| &known.0),
            "storage_source": machine.storage.as_ref().map(|known| &known.1),
            "disk_bytes": machine.disk.as_ref().map(|known| known.0),
            "disk_source": machine.disk.as_ref().map(|known| &known.1),
        },
        "settings": advice.changes.iter().map(change).collect::<Vec<_>>(),
        "not_judged": advice.unknown.iter().map(unknown).collect::<Vec<_>>(),
    });
    document::text(&report)
}
