//! Findings as a comment on a pull request.

use serde_json::Value;

use super::gaps;
use super::markdown::{code, fence, prose};
use super::place::advice;
use super::server::plural;
use super::view::View;
use crate::engine::{Confidence, Finding};

/// What tells our comment from others, so that it can be found again and written anew.
pub const MARK: &str = "<!-- pgtriage lint -->";

/// Longest comment that GitHub takes, in bytes to be on the safe side.
const LONGEST: usize = 65_536;

/// Room for the lines at the end.
const RESERVE: usize = 2_048;

/// The report.
pub fn render(view: &View<'_>) -> String {
    let files = view.files.as_ref().map_or(0, |files| files.judged().len());
    let mut out = format!(
        "{MARK}\n### pgtriage: migrations\n\n**{}** {} linted.\n",
        quiet(&gaps::counts(view)),
        plural(files, "file")
    );
    let findings = view.by_place();
    let mut left = findings.len();
    for finding in findings {
        let text = one(view, finding);
        if out.len() + text.len() + RESERVE > LONGEST {
            break;
        }
        out += &text;
        left -= 1;
    }
    if left > 0 {
        out += &format!(
            "\n{}: a comment holds {LONGEST} characters at most. The other formats list all of them.\n",
            plural(left, "more finding")
        );
    }
    let mut notes = String::new();
    for part in gaps::parts(view) {
        notes += &format!("\n**{}**\n\n", quiet(&part.heading));
        for note in part.notes {
            notes += &format!("- {}\n", quiet(&note.text));
        }
    }
    if !notes.is_empty() && out.len() + notes.len() + 128 < LONGEST {
        out += &format!("\n<details><summary>What was left out</summary>\n{notes}\n</details>\n");
    }
    out
}

fn one(view: &View<'_>, finding: &Finding) -> String {
    let place = view.place(finding).map(|place| match place.line {
        Some(line) => format!("{}:{line}", place.path),
        None => place.path,
    });
    let place = place.unwrap_or_else(|| finding.scope.name().to_owned());
    let mut out = format!(
        "\n<details><summary><b>{}</b> {}: {}</summary>\n\n",
        finding.severity,
        quiet(&place),
        quiet(&format!(
            "{}: {}",
            view.title(finding),
            view.object(finding)
        )),
    );
    let unsure = match finding.confidence {
        Confidence::Certain => String::new(),
        unsure => format!(" ({unsure})"),
    };
    out += &format!("{}{unsure}\n", quiet(&finding.detail));
    if let Some(statement) = finding.evidence.get("query").and_then(Value::as_str) {
        out += &format!("\n{}", fence("sql", statement));
    }
    if let Some(advice) = advice(finding) {
        out += &format!("\nWrite:\n\n{}", fence("sql", &advice));
    }
    out += &format!(
        "\n{}\n\n</details>\n",
        code(&format!("pgtriage explain {}", finding.rule))
    );
    out
}

/// A text as prose that calls nobody: a name after `@` would be told of the comment.
fn quiet(text: &str) -> String {
    prose(text).replace('@', "@<!-- -->")
}
