//! Findings as Markdown, for tickets and merge requests.

use serde_json::Value;

use super::gaps;
use super::view::View;
use crate::engine::Finding;
use crate::facts::{escape, figure, human};

/// The report.
pub fn render(view: &View<'_>) -> String {
    let mut out = format!("# pgtriage: {}\n\n", prose(&view.server.describe()));
    out += &format!(
        "**{}** {}\n",
        prose(&gaps::counts(view)),
        prose(&gaps::rules(view))
    );
    for (index, finding) in view.findings.iter().enumerate() {
        out += &format!("\n## {}. {}", index + 1, one(view, finding));
    }
    for part in gaps::parts(view) {
        out += &format!("\n## {}\n\n", prose(&part.heading));
        for note in part.notes {
            out += &format!("- {}\n", prose(&note.text));
            if let Some(remedy) = note.remedy {
                out += &indented(&fence("", &remedy), "  ");
            }
        }
    }
    out
}

/// One finding, beginning with the text of its heading.
pub fn one(view: &View<'_>, finding: &Finding) -> String {
    let mut out = format!(
        "{}: {} on {}\n\n",
        finding.severity,
        prose(view.title(finding)),
        code(&view.object(finding)),
    );
    out += &format!("{}\n\n", prose(&finding.detail));
    out += &format!("- rule {}, {}\n", code(&finding.rule), finding.confidence);
    if let Some(place) = view.place(finding) {
        let line = place
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        out += &format!("- in {}\n", code(&format!("{}{line}", place.path)));
    }
    if let Some(ms) = finding.impact_ms_per_hour {
        out += &format!("- costs {} of database time an hour\n", human::ms(ms));
    }
    if let Some(bytes) = finding.reclaim_bytes {
        out += &format!("- the fix gives back {}\n", human::bytes(bytes as f64));
    }
    for (name, value) in finding
        .evidence
        .iter()
        .filter(|(name, _)| *name != "query" && (finding.fix.is_some() || *name != "instead"))
    {
        let value = figure(name, value);
        if !value.is_empty() {
            out += &format!("- {}: {}\n", prose(name), code(&value));
        }
    }
    let texts = [
        (
            "Statement",
            finding.evidence.get("query").and_then(Value::as_str),
        ),
        ("Fix", finding.fix.as_deref()),
        ("Instead", finding.instead()),
        ("Undo", finding.undo.as_deref()),
    ];
    for (title, text) in texts {
        if let Some(text) = text {
            out += &format!("\n{title}:\n\n{}", fence("sql", text));
        }
    }
    out
}

/// A text as prose: nothing in it is markup, and it stays on its line.
pub fn prose(text: &str) -> String {
    let text = escape::line(text);
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '$' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

/// A text as code within a line.
pub fn code(text: &str) -> String {
    let text = escape::line(text);
    let ticks = "`".repeat(longest_run(&text) + 1);
    if text.is_empty() {
        return String::new();
    }
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// A text as a block of code.
pub fn fence(language: &str, text: &str) -> String {
    let text = escape::lines(text.trim_end());
    let ticks = "`".repeat((longest_run(&text) + 1).max(3));
    format!("{ticks}{language}\n{text}\n{ticks}\n")
}

/// Length of the longest run of backquotes.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}

fn indented(block: &str, indent: &str) -> String {
    block
        .lines()
        .map(|line| format!("{indent}{line}\n"))
        .collect()
}
