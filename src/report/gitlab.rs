//! Findings as a code quality report of GitLab.

use serde_json::{Value, json};

use super::json::text;
use super::place::fingerprint;
use super::view::View;
use crate::engine::{Finding, Severity};

/// The report.
pub fn render(view: &View<'_>) -> String {
    let findings = view.by_place();
    let issues = findings.iter().map(|finding| issue(view, finding));
    text(&Value::Array(issues.collect()))
}

fn issue(view: &View<'_>, finding: &Finding) -> Value {
    let place = view.place(finding);
    let line = place.as_ref().and_then(|place| place.line).unwrap_or(1);
    let end = place.as_ref().and_then(|place| place.end_line);
    // A report has no form for what stands in no file: the object takes the file's place.
    let path = place.map_or_else(
        || format!("{}/{}", finding.scope.name(), finding.object),
        |place| place.path,
    );
    json!({
        "description": format!("{}: {}", view.title(finding), view.message(finding)),
        "check_name": finding.rule,
        "fingerprint": fingerprint(&finding.key),
        "severity": match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "minor",
            Severity::Info => "info",
        },
        "location": {
            "path": path,
            "lines": { "begin": line, "end": end.unwrap_or(line) },
        },
    })
}
