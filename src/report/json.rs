//! Findings as JSON: the contract is `docs/json.md`.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::reading::Reading;
use super::server::{Node, Server};
use super::view::View;
use crate::engine::{Finding, IgnoredBy, Scope, SkipKind, Stale};
use crate::facts::escape;

/// Number of the format. It changes when a reader of the old one would misread the new one; further
/// keys alone need no new number.
pub const FORMAT: u32 = 1;

/// The report.
pub fn render(view: &View<'_>) -> String {
    let outcome = view.outcome;
    let document = json!({
        "format": FORMAT,
        "tool": tool(),
        "server": server(view.server),
        "statements": statements(&view.server.reading),
        "findings": view.findings.iter().map(|f| finding(view, f)).collect::<Vec<_>>(),
        "skipped": outcome.skipped.iter().map(|skipped| json!({
            "rule": skipped.rule,
            "because": skipped.because,
            "remedy": skipped.remedy,
            "kind": match skipped.kind {
                SkipKind::MissingFacts => "missing facts",
                SkipKind::NotApplicable => "not applicable",
                SkipKind::Failed => "failed",
            },
        })).collect::<Vec<_>>(),
        "unjudged": outcome.unjudged.iter().map(|unjudged| json!({
            "rule": unjudged.rule,
            "because": unjudged.gap.because,
            "remedy": unjudged.gap.remedy,
            "objects": unjudged.objects,
        })).collect::<Vec<_>>(),
        "ignored": outcome.ignored.iter().map(|ignored| json!({
            "key": ignored.finding.key,
            "rule": ignored.finding.rule,
            "severity": ignored.finding.severity.as_str(),
            "object": ignored.finding.object,
            "reason": ignored.reason,
            "until": ignored.until.map(|until| until.to_string()),
            "file": ignored.finding.location.file,
            "line": ignored.finding.location.line,
            "by": match ignored.by {
                IgnoredBy::Entry { .. } => "settings",
                IgnoredBy::Comment { .. } => "comment",
            },
            "by_line": match ignored.by {
                IgnoredBy::Entry { line } => line as i64,
                IgnoredBy::Comment { line, .. } => line,
            },
        })).collect::<Vec<_>>(),
        "stale_ignores": outcome.stale_ignores.iter().map(|stale| json!({
            "line": stale.ignore.line,
            "rule": stale.ignore.rule,
            "object": stale.ignore.object,
            "why": match stale.why { Stale::Expired => "expired", Stale::Unused => "unused" },
        })).collect::<Vec<_>>(),
        "resolved": outcome.resolved,
        "omitted": { "below_min_severity": view.milder, "beyond_limit": view.beyond },
    });
    text(&document)
}

/// A document as text, for people to read too: what a terminal would act on is written in JSON's
/// own way, `\u202e`, which loses nothing.
pub fn text(document: &Value) -> String {
    let mut text = serde_json::to_string_pretty(document).expect("keys of JSON values are strings");
    text.push('\n');
    if text
        .bytes()
        .all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte))
    {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let mut utf8 = [0; 4];
        if c == '\n' || matches!(escape::line(c.encode_utf8(&mut utf8)), Cow::Borrowed(_)) {
            out.push(c);
        } else {
            let mut utf16 = [0; 2];
            let units = c.encode_utf16(&mut utf16).iter();
            out.extend(units.map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

/// Who wrote a document.
pub fn tool() -> Value {
    json!({ "name": "pgtriage", "version": env!("CARGO_PKG_VERSION") })
}

fn server(server: &Server) -> Value {
    let mut map = Map::new();
    map.insert("databases".to_owned(), json!(server.databases));
    let at = server.captured_at.map(|at| at.to_string());
    map.insert("captured_at".to_owned(), json!(at));
    // The main server's own figures, for whoever looks at one server only.
    let main = server.nodes.first().cloned().unwrap_or_default();
    if let Value::Object(main) = node(&main) {
        map.extend(main);
    }
    let nodes: Vec<Value> = server.nodes.iter().map(node).collect();
    map.insert("nodes".to_owned(), Value::Array(nodes));
    Value::Object(map)
}

fn statements(reading: &Reading) -> Value {
    json!({
        "count": reading.statements,
        "read": reading.read,
        "share_of_time_read": reading.share_of_time,
        "unread": reading.unread.iter().map(|unread| json!({
            "because": unread.because,
            "statements": unread.statements,
            "fingerprint": unread.fingerprint,
        })).collect::<Vec<_>>(),
    })
}

fn node(node: &Node) -> Value {
    json!({
        "label": node.label,
        "role": node.role,
        "address": node.address,
        "version": node.version,
        "version_num": node.version_num,
        "system_identifier": node.system_identifier,
    })
}

/// One finding, as it stands under `findings`.
pub fn finding(view: &View<'_>, finding: &Finding) -> Value {
    let (database, node) = match &finding.scope {
        Scope::Database(name) => (Some(name), None),
        Scope::Node(label) => (None, Some(label)),
    };
    let location = &finding.location;
    json!({
        "key": finding.key,
        "rule": finding.rule,
        "title": view.title(finding),
        "severity": finding.severity.as_str(),
        "confidence": finding.confidence.as_str(),
        "database": database,
        "node": node,
        "subject": finding.subject.map(|subject| subject.kind),
        "object": finding.object,
        "detail": finding.detail,
        "impact_ms_per_hour": finding.impact_ms_per_hour,
        "reclaim_bytes": finding.reclaim_bytes,
        "fix": finding.fix,
        "undo": finding.undo,
        "file": location.file,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
        "new": finding.is_new,
        "evidence": finding.evidence,
    })
}
