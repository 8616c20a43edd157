//! The forms in which a finding can be copied.

use serde_json::Value;

use crate::engine::Finding;
use crate::report::{json, markdown};
use crate::tui::data::Data;

use super::finding_text::finding_text;
use super::screen::Copy;

/// Name of the form that the copy key takes.
pub const FIX: &str = "fix";

/// All forms that a finding has; JSON and Markdown are those of `pgtriage check`.
pub fn copies(data: &Data, finding: &Finding) -> Vec<Copy> {
    let query = finding.evidence.get("query").and_then(Value::as_str);
    let view = data.view();
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
        some("JSON", Some(&json::text(&json::finding(&view, finding)))),
        some(
            "Markdown",
            Some(&format!("## {}", markdown::one(&view, finding))),
        ),
        some("key", Some(&finding.key)),
    ];
    forms.into_iter().flatten().collect()
}
