//! A finding as a text to read.

use serde_json::Value;

use crate::engine::{Finding, Scope};
use crate::facts::{figure, human};
use crate::tui::doc::Doc;
use crate::tui::theme::Role;

use super::findings::role;

/// Evidence whose value is SQL.
const SQL_FIELDS: [&str; 6] = [
    "query",
    "parent_query",
    "definition",
    "statement",
    "blocked_query",
    "blocking_query",
];

/// Everything about a finding, most important first.
pub fn finding_text(finding: &Finding) -> Doc {
    let mut doc = Doc::new();
    let severity = finding.severity;
    doc.pieces(&[
        (role(severity), severity.as_str()),
        (Role::Text, "  "),
        (Role::Strong, &finding.object),
    ]);
    doc.line(Role::Text, &finding.detail);
    doc.line(Role::Dim, &grade(finding));
    if let Some(query) = finding.evidence.get("query").and_then(Value::as_str) {
        doc.heading("Statement").sql(query);
    }
    match (&finding.fix, finding.instead()) {
        (Some(fix), _) => doc.heading("Fix").sql(fix),
        (None, Some(instead)) => doc.heading("Instead").sql(instead),
        (None, None) => doc.blank().line(
            Role::Dim,
            "No SQL mends this; the rule page (R) says what does.",
        ),
    };
    if let Some(undo) = &finding.undo {
        doc.heading("Undo").sql(undo);
    }
    evidence(&mut doc, finding);
    doc.blank()
        .pieces(&[(Role::Label, "key  "), (Role::Dim, &finding.key)]);
    doc
}

/// Confidence, impact and place in one line.
fn grade(finding: &Finding) -> String {
    let mut parts = vec![format!("confidence {}", finding.confidence)];
    if let Some(ms) = finding.impact_ms_per_hour {
        parts.push(format!("costs {} of database time an hour", human::ms(ms)));
    }
    if let Some(bytes) = finding.reclaim_bytes {
        parts.push(format!("gives back {}", human::bytes(bytes as f64)));
    }
    parts.push(match &finding.scope {
        Scope::Database(name) => format!("database {name}"),
        Scope::Node(label) => format!("server {label}"),
    });
    let location = &finding.location;
    if let Some(file) = &location.file {
        let line = location
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        parts.push(format!("{file}{line}"));
    }
    if !finding.is_new {
        parts.push("in the baseline".to_owned());
    }
    parts.join(", ")
}

fn evidence(doc: &mut Doc, finding: &Finding) {
    let is_sql = |name: &str| SQL_FIELDS.contains(&name);
    let fields: Vec<(String, Role, String)> = finding
        .evidence
        .iter()
        .filter(|(name, _)| !is_sql(name))
        .map(|(name, value)| {
            let shown = name.replace('_', " ");
            // Not known, or there is none: the rule's text says which.
            if value.is_null() {
                (shown, Role::Dim, "-".to_owned())
            } else {
                (shown, Role::Text, figure(name, value))
            }
        })
        .collect();
    if !fields.is_empty() {
        doc.heading("Evidence").fields(&fields);
    }
    for (name, value) in finding.evidence.iter().filter(|(name, _)| is_sql(name)) {
        if let (Value::String(text), true) = (value, name != "query") {
            let name = name.replace('_', " ");
            doc.blank().line(Role::Label, &name).sql(text);
        }
    }
}
