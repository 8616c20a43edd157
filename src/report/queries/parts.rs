//! The parts of the text about one statement.

use super::figures::Query;
use super::measures::MEASURES;
use super::shape::Shape;
use crate::engine::Finding;
use crate::parse::format;

/// Columns that SQL is laid out for.
const COLUMNS: usize = 76;

/// A part under a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Part<'a> {
    /// The heading.
    pub title: String,
    /// What stands under it.
    pub body: Body<'a>,
}

/// What stands under a heading.
#[derive(Debug, Clone, PartialEq)]
pub enum Body<'a> {
    /// SQL, laid out.
    Sql(String),
    /// Names and texts; `None`: not known.
    Fields(Vec<(String, Option<String>)>),
    /// A sentence.
    Text(String),
    /// Findings.
    Findings(Vec<&'a Finding>),
}

/// All parts, the most important first.
pub fn parts<'a>(
    query: &Query,
    shape: Option<&Shape>,
    findings: impl Iterator<Item = &'a Finding>,
) -> Vec<Part<'a>> {
    let part = |title: &str, body| Part {
        title: title.to_owned(),
        body,
    };
    let mut parts = vec![match &query.text {
        Some(text) => part("Statement", Body::Sql(format(text, COLUMNS))),
        None => part(
            "Statement",
            Body::Text(
                "Hidden: the role that read it may not see the statements of other roles. \
                 `GRANT pg_read_all_stats` to it shows them."
                    .to_owned(),
            ),
        ),
    }];
    let about = |finding: &&Finding| {
        let subject = finding.subject;
        subject.is_some_and(|subject| subject.kind == "statement" && subject.id == query.id)
    };
    let findings: Vec<&Finding> = findings.filter(about).collect();
    if !findings.is_empty() {
        parts.push(part("Findings", Body::Findings(findings)));
    }
    parts.push(part("Statistics", Body::Fields(statistics(query))));
    let Some(shape) = shape else {
        return parts;
    };
    parts.push(part("How it was read", Body::Fields(known(&shape.reading))));
    let several = shape.blocks.len() > 1;
    for (number, block) in &shape.blocks {
        let title = match block.title.as_str() {
            "" if several => "Block 0: the statement".to_owned(),
            "" => "What it says".to_owned(),
            title => format!("Block {number}: {title}"),
        };
        if !block.fields.is_empty() {
            parts.push(part(&title, Body::Fields(known(&block.fields))));
        }
    }
    parts
}

fn known(fields: &[(String, String)]) -> Vec<(String, Option<String>)> {
    let fields = fields.iter();
    fields
        .map(|(name, text)| (name.clone(), Some(text.clone())))
        .collect()
}

fn statistics(query: &Query) -> Vec<(String, Option<String>)> {
    let source = query.figure("window_source");
    let window = match (source.as_deref(), query.figure("window_ms")) {
        (Some("samples"), Some(ms)) => Some(format!("{ms} between samples")),
        (Some("log"), Some(ms)) => Some(format!("{ms} of server logs")),
        (Some(_), Some(ms)) => Some(format!("{ms} since the counters began")),
        _ => None,
    };
    let mut fields = vec![("window".to_owned(), window)];
    let shown = MEASURES
        .iter()
        .filter(|measure| !matches!(measure.word, "findings" | "severity" | "kind"))
        // Where there are no logs, theirs are none of the statement's figures.
        .filter(|measure| {
            !matches!(measure.word, "p95" | "logged") || !query.get(measure.column).is_null()
        });
    fields.extend(shown.map(|measure| (measure.title.to_owned(), query.figure(measure.column))));
    fields.push(("query ids".to_owned(), query.figure("queryids")));
    fields.push((
        "fingerprint".to_owned(),
        Some(query.fingerprint().to_owned()),
    ));
    fields
}
