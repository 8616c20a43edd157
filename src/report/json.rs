//! Findings as JSON: the contract is `docs/json.md`.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
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
    text(&Document {
        format: FORMAT,
        tool: tool(),
        server: server(view.server),
        statements: statements(&view.server.reading),
        findings: Findings(view),
        skipped: outcome.skipped.iter().map(|skipped| json!({
            "rule": skipped.rule,
            "because": skipped.because,
            "remedy": skipped.remedy,
            "kind": match skipped.kind {
                SkipKind::MissingFacts => "missing facts",
                SkipKind::NotApplicable => "not applicable",
                SkipKind::Failed => "failed",
            },
        })).collect::<Vec<_>>(),
        unjudged: outcome.unjudged.iter().map(|unjudged| json!({
            "rule": unjudged.rule,
            "because": unjudged.gap.because,
            "remedy": unjudged.gap.remedy,
            "objects": unjudged.objects,
        })).collect::<Vec<_>>(),
        ignored: outcome.ignored.iter().map(|ignored| json!({
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
        stale_ignores: outcome.stale_ignores.iter().map(|stale| json!({
            "line": stale.ignore.line,
            "rule": stale.ignore.rule,
            "object": stale.ignore.object,
            "why": match stale.why { Stale::Expired => "expired", Stale::Unused => "unused" },
        })).collect::<Vec<_>>(),
        resolved: &outcome.resolved,
        omitted: json!({ "below_min_severity": view.milder, "beyond_limit": view.beyond }),
    })
}

/// The report. What there may be very many of is written without being built first.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    tool: Value,
    server: Value,
    statements: Value,
    findings: Findings<'a>,
    skipped: Vec<Value>,
    unjudged: Vec<Value>,
    ignored: Vec<Value>,
    stale_ignores: Vec<Value>,
    resolved: &'a [String],
    omitted: Value,
}

/// The findings that are listed.
struct Findings<'a>(&'a View<'a>);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let findings = self.0.findings.iter();
        serializer.collect_seq(findings.map(|listed| finding(self.0, listed)))
    }
}

/// A document as text, for people to read too: what a terminal would act on is written in JSON's
/// own way, `\u202e`, which loses nothing.
pub fn text(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).expect("keys of JSON values are strings");
    text.push('\n');
    let Some(mut found) = next_acting(&text, 0) else {
        return text;
    };
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut from = 0;
    loop {
        let (at, c) = found;
        out.push_str(&text[from..at]);
        let mut utf16 = [0; 2];
        for unit in c.encode_utf16(&mut utf16) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
        from = at + c.len_utf8();
        match next_acting(&text, from) {
            Some(next) => found = next,
            None => break,
        }
    }
    out.push_str(&text[from..]);
    out
}

/// The next character that a terminal would act on, and its place.
fn next_acting(text: &str, from: usize) -> Option<(usize, char)> {
    let mut from = from;
    loop {
        let rest = text.get(from..)?;
        let is_plain = |byte: u8| byte == b'\n' || (b' '..=b'~').contains(&byte);
        let at = from + rest.bytes().position(|byte| !is_plain(byte))?;
        let c = text.get(at..)?.chars().next()?;
        if matches!(escape::line(c.encode_utf8(&mut [0; 4])), Cow::Owned(_)) {
            return Some((at, c));
        }
        from = at + c.len_utf8();
    }
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
pub fn finding<'a>(view: &View<'a>, finding: &'a Finding) -> impl Serialize + use<'a> {
    let (database, node) = match &finding.scope {
        Scope::Database(name) => (Some(name.as_str()), None),
        Scope::Node(label) => (None, Some(label.as_str())),
    };
    let location = &finding.location;
    One {
        key: &finding.key,
        rule: &finding.rule,
        title: view.title(finding),
        severity: finding.severity.as_str(),
        confidence: finding.confidence.as_str(),
        database,
        node,
        subject: finding.subject.map(|subject| subject.kind),
        object: &finding.object,
        detail: &finding.detail,
        impact_ms_per_hour: finding.impact_ms_per_hour,
        reclaim_bytes: finding.reclaim_bytes,
        fix: finding.fix.as_deref(),
        undo: finding.undo.as_deref(),
        file: location.file.as_deref(),
        line: location.line,
        column: location.column,
        end_line: location.end_line,
        end_column: location.end_column,
        new: finding.is_new,
        evidence: &finding.evidence,
    }
}

/// One finding, in the order of its keys.
#[derive(Serialize)]
struct One<'a> {
    key: &'a str,
    rule: &'a str,
    title: &'a str,
    severity: &'a str,
    confidence: &'a str,
    database: Option<&'a str>,
    node: Option<&'a str>,
    subject: Option<&'a str>,
    object: &'a str,
    detail: &'a str,
    impact_ms_per_hour: Option<f64>,
    reclaim_bytes: Option<i64>,
    fix: Option<&'a str>,
    undo: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<i64>,
    column: Option<i64>,
    end_line: Option<i64>,
    end_column: Option<i64>,
    new: bool,
    evidence: &'a Map<String, Value>,
}
