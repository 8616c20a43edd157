//! One statement, or those that share a fingerprint, with all that is known of them.

use serde_json::{Value, json};

use super::figures::Query;
use super::history::Interval;
use super::parts::{Body, Part, parts};
use super::shape::Shape;
use crate::engine::{Finding, Outcome};
use crate::facts::escape;
use crate::parse::highlight::{Class, highlight};
use crate::report::json as document;
use crate::report::markdown;
use crate::report::style::{Role, Style};
use crate::report::view::View;
use crate::report::wrap::{width, wrap};

/// Intervals that a text shows; programs get all.
const LATEST: usize = 20;

/// A statement with what is known of it.
#[derive(Debug, Clone)]
pub struct Shown<'a> {
    /// The statement.
    pub query: &'a Query,
    /// What it says; `None`: not read.
    pub shape: Option<Shape>,
    /// The same as rows of facts, by table.
    pub tables: Value,
    /// What it did between samples.
    pub history: Vec<Interval>,
}

impl Shown<'_> {
    fn parts<'a>(&self, outcome: &'a Outcome) -> Vec<Part<'a>> {
        let mut parts = parts(self.query, self.shape.as_ref(), outcome.findings.iter());
        let skipped = self.history.len().saturating_sub(LATEST);
        if !self.history.is_empty() {
            let latest = self.history[skipped..].iter().map(Interval::words);
            let fields = latest.map(|(at, did)| (at, Some(did)));
            parts.push(Part {
                title: match skipped {
                    0 => "Between samples".to_owned(),
                    _ => format!(
                        "Between samples, the last {LATEST} of {}",
                        self.history.len()
                    ),
                },
                body: Body::Fields(fields.collect()),
            });
        }
        parts
    }

    fn title(&self) -> String {
        let database = self.query.figure("database_name").unwrap_or_default();
        format!("{} in database {database}", self.query.fingerprint())
    }
}

/// For a terminal of so many columns.
pub fn show_text(shown: &[Shown<'_>], outcome: &Outcome, style: Style, columns: usize) -> String {
    let mut out = String::new();
    for one in shown {
        if !out.is_empty() {
            out.push('\n');
        }
        out += &style.paint(Role::Strong, &escape::line(&one.title()));
        out.push('\n');
        for part in one.parts(outcome) {
            out += &format!(
                "\n{}\n",
                style.paint(Role::Strong, &escape::line(&part.title))
            );
            match part.body {
                Body::Sql(sql) => out += &sql_lines(&sql, style),
                Body::Text(text) => {
                    let lines = wrap(&escape::line(&text), columns.saturating_sub(2));
                    out.extend(lines.iter().map(|line| format!("  {line}\n")));
                }
                Body::Fields(fields) => out += &field_lines(&fields, style, columns),
                Body::Findings(findings) => {
                    for finding in findings {
                        out += &finding_lines(finding, style, columns);
                    }
                }
            }
        }
    }
    out
}

fn sql_lines(sql: &str, style: Style) -> String {
    let sql = escape::lines(sql);
    let mut out = String::from("  ");
    for (class, text) in highlight(&sql) {
        let role = match class {
            Class::Plain => Role::Plain,
            Class::Keyword => Role::Strong,
            Class::Literal => Role::Code,
            Class::Comment => Role::Dim,
        };
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                out += "\n  ";
            }
            out += &style.paint(role, line);
        }
    }
    out.push('\n');
    out
}

fn field_lines(fields: &[(String, Option<String>)], style: Style, columns: usize) -> String {
    let names = fields.iter().map(|(name, _)| width(&escape::line(name)));
    let column = names.max().unwrap_or(0) + 2;
    let mut out = String::new();
    for (name, value) in fields {
        let name = escape::line(name);
        let (role, text) = match value {
            Some(text) => (Role::Plain, text.as_str()),
            None => (Role::Dim, "unknown"),
        };
        let room = columns.saturating_sub(column + 2).max(16);
        for (index, line) in wrap(&escape::line(text), room).iter().enumerate() {
            let shown = if index == 0 { name.as_ref() } else { "" };
            let pad = " ".repeat(column - width(shown));
            let label = style.paint(Role::Dim, shown);
            out += &format!("  {label}{pad}{}\n", style.paint(role, line));
        }
    }
    out
}

fn finding_lines(finding: &Finding, style: Style, columns: usize) -> String {
    let severity = style.paint(finding.severity.into(), finding.severity.as_str());
    let mut out = format!("  {severity}  {}\n", escape::line(&finding.rule));
    for line in wrap(&escape::line(&finding.detail), columns.saturating_sub(4)) {
        out += &format!("    {line}\n");
    }
    out
}

/// For tickets.
pub fn show_markdown(shown: &[Shown<'_>], outcome: &Outcome) -> String {
    let mut out = String::new();
    for one in shown {
        if !out.is_empty() {
            out.push('\n');
        }
        out += &format!("# {}\n", markdown::prose(&one.title()));
        for part in one.parts(outcome) {
            out += &format!("\n## {}\n\n", markdown::prose(&part.title));
            match part.body {
                Body::Sql(sql) => out += &markdown::fence("sql", &sql),
                Body::Text(text) => out += &format!("{}\n", markdown::prose(&text)),
                Body::Fields(fields) => {
                    for (name, value) in fields {
                        let value = value.unwrap_or_else(|| "unknown".to_owned());
                        out +=
                            &format!("- {}: {}\n", markdown::prose(&name), markdown::code(&value));
                    }
                }
                Body::Findings(findings) => {
                    for finding in findings {
                        let (rule, detail) = (&finding.rule, &finding.detail);
                        out += &format!(
                            "- {} {}: {}\n",
                            finding.severity,
                            markdown::code(rule),
                            markdown::prose(detail)
                        );
                    }
                }
            }
        }
    }
    out
}

/// For programs; `docs/json.md` describes it.
pub fn show_json(shown: &[Shown<'_>], view: &View<'_>) -> String {
    let queries = shown.iter().map(|one| {
        let mut query = one.query.json();
        let parts = one.parts(view.outcome);
        let findings: Vec<Value> = parts
            .iter()
            .filter_map(|part| match &part.body {
                Body::Findings(findings) => Some(findings),
                _ => None,
            })
            .flatten()
            .map(|finding| json!(document::finding(view, finding)))
            .collect();
        let formatted = parts.iter().find_map(|part| match &part.body {
            Body::Sql(sql) => Some(sql.clone()),
            _ => None,
        });
        query["formatted"] = json!(formatted);
        query["shape"] = one.tables.clone();
        query["history"] = one.history.iter().map(Interval::json).collect();
        query["findings"] = Value::Array(findings);
        query
    });
    document::text(&json!({
        "format": document::FORMAT,
        "tool": document::tool(),
        "queries": queries.collect::<Vec<_>>(),
    }))
}
