//! The text about one statement.

use crate::engine::Severity;
use crate::facts::human;
use crate::parse::format;
use crate::report::logs::{Detail, Logs, MEASURES, Sample, Statement};
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::screens::findings::role;
use crate::tui::theme::{Glyphs, Role};

use super::clock::Clock;
use super::course;
use super::view::findings;

/// Columns that SQL is laid out for.
const COLUMNS: usize = 76;
/// Groups that are told one by one.
const GROUPS: usize = 12;

/// Everything about a statement.
pub fn statement_text(data: &Data, logs: &Logs, statement: &Statement, glyphs: &Glyphs) -> Doc {
    let mut doc = Doc::new();
    sql(&mut doc, logs, statement.id);
    about(&mut doc, data, statement.id);
    doc.heading("Figures").fields(&figures(statement));
    if let Some(detail) = data.log_details.get(&statement.id) {
        groups(&mut doc, detail);
        course::hours(&mut doc, logs, &detail.hours, glyphs);
        samples(&mut doc, logs, detail);
        if let Some((ms, plan)) = &detail.plan {
            let ms = human::ms(*ms);
            doc.heading(&format!("Slowest plan, of {ms}")).code(plan);
        }
    }
    doc
}

/// A statement, laid out.
pub fn sql(doc: &mut Doc, logs: &Logs, id: i64) {
    match logs.text(id) {
        Some(text) => doc.sql(&format(text, COLUMNS)),
        None => doc.line(Role::Dim, "Its text is not known."),
    };
}

/// Findings about a statement, where there are any.
pub fn about(doc: &mut Doc, data: &Data, id: i64) {
    let mut is_first = true;
    for finding in findings(data, id) {
        if is_first {
            doc.heading("Findings");
        }
        is_first = false;
        doc.pieces(&[
            (role(finding.severity), finding.severity.as_str()),
            (Role::Text, "  "),
            (Role::Strong, &finding.rule),
        ]);
        doc.line(Role::Text, &finding.detail);
    }
}

/// Colour of a statement: that of the gravest finding about it.
pub fn colour(data: &Data, id: i64) -> Role {
    let severities = findings(data, id).map(|finding| finding.severity);
    severities
        .max_by_key(|severity: &Severity| *severity as u8)
        .map_or(Role::Text, role)
}

fn figures(statement: &Statement) -> Vec<(String, Role, String)> {
    let measures = MEASURES
        .iter()
        .map(|measure| (measure.title, measure.column));
    let all = measures.chain([("query ids", "queryids"), ("fingerprint", "fingerprint")]);
    all.map(|(title, column)| {
        let (role, text) = match statement.figure(column) {
            Some(text) if !text.is_empty() => (Role::Text, text),
            _ => (Role::Dim, "unknown".to_owned()),
        };
        (title.to_owned(), role, text)
    })
    .collect()
}

fn groups(doc: &mut Doc, detail: &Detail) {
    if detail.groups.is_empty() {
        return;
    }
    doc.heading("Who ran it");
    let fields = detail.groups.iter().take(GROUPS).map(|group| {
        let (calls, ms) = (human::count(group.calls as f64), human::ms(group.total_ms));
        let who = who(group.user.as_deref(), group.application.as_deref());
        (who, Role::Text, format!("{calls} executions, {ms}"))
    });
    doc.fields(&fields.collect::<Vec<_>>());
    let others = detail.groups.len().saturating_sub(GROUPS);
    if others > 0 {
        doc.line(Role::Dim, &format!("and {others} more"));
    }
}

/// `shop_app, web`.
pub fn who(user: Option<&str>, application: Option<&str>) -> String {
    let known: Vec<&str> = [user, application].into_iter().flatten().collect();
    if known.is_empty() {
        "unknown".to_owned()
    } else {
        known.join(", ")
    }
}

fn samples(doc: &mut Doc, logs: &Logs, detail: &Detail) {
    if detail.samples.is_empty() {
        return;
    }
    doc.heading("Slowest executions");
    for sample in &detail.samples {
        doc.line(Role::Text, &sample_line(Clock::new(logs), sample));
        if let Some(parameters) = &sample.parameters {
            doc.pieces(&[(Role::Dim, "  parameters "), (Role::Literal, parameters)]);
        }
        if let Some(text) = &sample.text {
            doc.sql(text);
        }
    }
}

fn sample_line(clock: Clock, sample: &Sample) -> String {
    let mut line = human::ms(sample.duration_ms);
    if let Some(at) = sample.at {
        line += &format!("  until {}", clock.short(at));
    }
    if sample.user.is_some() || sample.application.is_some() {
        let who = who(sample.user.as_deref(), sample.application.as_deref());
        line += &format!("  {who}");
    }
    line
}
