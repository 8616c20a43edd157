//! Findings as annotations: commands in the log of a GitHub Actions run.

use super::gaps;
use super::place::advice;
use super::server::plural;
use super::view::View;
use crate::engine::{Finding, Severity};

/// GitHub shows so many annotations of each kind of one step, and drops the rest.
const SHOWN: usize = 10;

/// The report: the gravest findings as annotations, all others as lines of the log.
pub fn render(view: &View<'_>) -> String {
    let mut shown = [0; 3];
    let mut beyond = 0;
    let mut out = String::new();
    // In the order of their rank: the gravest of a kind are shown.
    for finding in &view.findings {
        let (kind, count) = match finding.severity {
            Severity::Error => ("error", &mut shown[0]),
            Severity::Warning => ("warning", &mut shown[1]),
            Severity::Info => ("notice", &mut shown[2]),
        };
        *count += 1;
        if *count <= SHOWN {
            out += &annotation(view, finding, kind);
        } else {
            beyond += 1;
            out += &line(view, finding);
        }
        out.push('\n');
    }
    let mut summary = gaps::counts(view);
    if beyond > 0 {
        summary += &format!(
            " {} in the log only: GitHub shows {SHOWN} annotations of each kind.",
            plural(beyond, "finding")
        );
    }
    out += &plain(&summary);
    out.push('\n');
    out
}

fn annotation(view: &View<'_>, finding: &Finding, kind: &str) -> String {
    let mut properties = Vec::new();
    if let Some(place) = view.place(finding) {
        properties.push(format!("file={}", property(&place.path)));
        // Columns count only where an annotation is of one line.
        let is_line = place.end_line.is_none() || place.end_line == place.line;
        let numbers = [
            ("line", place.line),
            ("endLine", place.end_line),
            ("col", place.column.filter(|_| is_line)),
            ("endColumn", place.end_column.filter(|_| is_line)),
        ];
        for (name, number) in numbers {
            if let Some(number) = number {
                properties.push(format!("{name}={number}"));
            }
        }
    }
    let title = format!("{}: {}", finding.rule, view.title(finding));
    properties.push(format!("title={}", property(&title)));
    let mut text = view.message(finding);
    if let Some(advice) = advice(finding) {
        text += &format!("\n\nWrite:\n{advice}");
    }
    text += &format!("\n\npgtriage explain {}", finding.rule);
    format!("::{kind} {}::{}", properties.join(","), data(&text))
}

/// A finding as a line that is no command.
fn line(view: &View<'_>, finding: &Finding) -> String {
    let place = view.place(finding);
    let place = place.map_or_else(String::new, |place| {
        let line = place
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        format!("{}{line}: ", place.path)
    });
    let severity = finding.severity;
    plain(&format!(
        "- {place}{severity}: {}: {}",
        finding.rule,
        view.message(finding)
    ))
}

/// A text in which the runner finds no command: those begin a line, or with `##[` stand anywhere.
fn plain(text: &str) -> String {
    crate::facts::escape::line(text).replace("##[", "## [")
}

fn data(text: &str) -> String {
    text.replace("##[", "## [")
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&crate::facts::escape::line(text))
        .replace(':', "%3A")
        .replace(',', "%2C")
}
