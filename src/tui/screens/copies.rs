//! The forms in which a finding can be copied.

use serde_json::{Value, json};

use crate::engine::Finding;

use super::finding_text::finding_text;
use super::screen::Copy;

/// Name of the form that the copy key takes.
pub const FIX: &str = "fix";

/// All forms that a finding has.
pub fn copies(finding: &Finding) -> Vec<Copy> {
    let query = finding.evidence.get("query").and_then(Value::as_str);
    let some = |what, text: Option<&str>| {
        text.map(|text| Copy {
            what,
            text: text.to_owned(),
        })
    };
    let forms = [
        some(FIX, finding.fix.as_deref()),
        some("undo", finding.undo.as_deref()),
        some("statement", query),
        some("text", Some(&finding_text(finding).plain())),
        some("JSON", Some(&format!("{:#}", as_json(finding)))),
        some("Markdown", Some(&markdown(finding))),
        some("key", Some(&finding.key)),
    ];
    forms.into_iter().flatten().collect()
}

/// The fields that `pgtriage check --format json` has for a finding.
fn as_json(finding: &Finding) -> Value {
    let place = &finding.location;
    json!({
        "key": finding.key,
        "rule": finding.rule,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "object": finding.object,
        "detail": finding.detail,
        "impact_ms_per_hour": finding.impact_ms_per_hour,
        "reclaim_bytes": finding.reclaim_bytes,
        "fix": finding.fix,
        "undo": finding.undo,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "evidence": finding.evidence,
    })
}

fn markdown(finding: &Finding) -> String {
    let mut out = format!(
        "**{}** `{}` {}: {}\n",
        finding.severity, finding.rule, finding.object, finding.detail
    );
    let sql = [("Fix", &finding.fix), ("Undo", &finding.undo)];
    for (title, sql) in sql {
        if let Some(sql) = sql {
            out.push_str(&format!("\n{title}:\n\n```sql\n{}\n```\n", sql.trim_end()));
        }
    }
    out
}
