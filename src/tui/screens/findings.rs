//! The findings, gravest first.

use std::collections::HashSet;

use serde_json::Value;

use crate::engine::{Finding, Severity};
use crate::facts::human;
use crate::report::{gaps, plural};
use crate::tui::columns::Column;
use crate::tui::data::Data;
use crate::tui::doc::Doc;
use crate::tui::drafts::Draft;
use crate::tui::keymap::{Action, Context};
use crate::tui::list::{Cell, Row};
use crate::tui::overlays::{Choice, Item, Menu, Overlay, Page};
use crate::tui::theme::{Glyphs, Role};

use super::copies::copies;
use super::finding_text::finding_text;
use super::fix_kind::fix_kind;
use super::rule_text::rule_text;
use super::screen::{Copy, Jump, Screen};
use super::unjudged::unjudged;

/// The screen.
pub struct Findings;

#[rustfmt::skip]
const COLUMNS: [Column; 6] = [
    Column { name: "severity", min: 8, drop: 2, right: false },
    Column { name: "impact", min: 10, drop: 3, right: true },
    Column { name: "rule", min: 16, drop: 1, right: false },
    Column { name: "object", min: 16, drop: 0, right: false },
    Column { name: "fix", min: 10, drop: 4, right: false },
    Column { name: "detail", min: 30, drop: 5, right: false },
];

impl Screen for Findings {
    fn name(&self) -> &'static str {
        "Findings"
    }

    fn context(&self) -> Context {
        Context::Findings
    }

    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn natural_order(&self) -> &'static str {
        "rank"
    }

    fn rows(&self, data: &Data) -> Vec<Row> {
        let drafts = data.drafts.iter().map(|draft| draft.key.as_str());
        let collected: HashSet<&str> = drafts.collect();
        let findings = data.outcome.findings.iter();
        findings
            .map(|finding| row(data, finding, collected.contains(finding.key.as_str())))
            .collect()
    }

    fn detail_title(&self, data: &Data, row: usize) -> String {
        let Some(finding) = data.outcome.findings.get(row) else {
            return String::new();
        };
        let page = data.pages.get(&finding.rule);
        page.map_or_else(|| finding.rule.clone(), |page| page.title.clone())
    }

    fn detail(&self, data: &Data, row: usize, _: &Glyphs) -> Doc {
        let finding = data.outcome.findings.get(row);
        finding.map_or_else(Doc::new, finding_text)
    }

    fn empty(&self, data: &Data) -> Doc {
        let mut doc = Doc::new();
        doc.line(Role::Good, "No findings.");
        doc.line(Role::Text, &gaps::rules(&data.view()));
        doc.blank().append(&unjudged(data));
        doc
    }

    fn copy(&self, data: &Data, row: usize) -> Result<Copy, &'static str> {
        let all = self.copies(data, row);
        let fix = all.into_iter().find(|copy| copy.what == super::copies::FIX);
        fix.ok_or("no SQL mends this one; Y copies it in other forms, R shows its rule")
    }

    fn copies(&self, data: &Data, row: usize) -> Vec<Copy> {
        let finding = data.outcome.findings.get(row);
        finding.map_or_else(Vec::new, |finding| copies(data, finding))
    }

    fn open(&self, action: Action, data: &Data, row: Option<usize>) -> Option<Overlay> {
        match action {
            Action::RulePage => {
                let finding = data.outcome.findings.get(row?)?;
                let page = data.pages.get(&finding.rule)?;
                Some(Overlay::Page(Page::new(&finding.rule, rule_text(page))))
            }
            Action::Unjudged => {
                let doc = unjudged(data);
                Some(Overlay::Page(Page::new("What could not be judged", doc)))
            }
            Action::Severity => Some(Overlay::Menu(severities(data))),
            _ => None,
        }
    }

    fn jump(&self, data: &Data, row: usize) -> Result<Jump, &'static str> {
        let finding = data.outcome.findings.get(row);
        finding
            .and_then(|finding| subject(data, finding))
            .ok_or("this finding is about no statement, table, index or setting that is shown")
    }

    fn is_of_findings(&self) -> bool {
        true
    }

    fn collects(&self, data: &Data, row: usize) -> Result<Draft, &'static str> {
        Draft::of_row(data.outcome.findings.get(row))
    }

    fn summary(&self, data: &Data) -> Vec<(Role, String)> {
        let counts = data.outcome.counts().into_iter().rev();
        let counts = counts.filter(|(_, count)| *count > 0);
        let count = |(severity, count): (Severity, usize)| {
            let text = match severity {
                Severity::Info => format!("{count} info"),
                _ => plural(count, severity.as_str()),
            };
            (role(severity), text)
        };
        let mut parts: Vec<(Role, String)> = counts.map(count).collect();
        if parts.is_empty() {
            parts.push((Role::Good, "no findings".to_owned()));
        }
        let rules = gaps::rules(&data.view());
        let rules = rules.trim_end_matches('.').split(", ");
        parts.extend(rules.map(|part| (Role::Dim, part.to_owned())));
        parts
    }
}

/// Where the thing is shown that a finding is about.
fn subject(data: &Data, finding: &Finding) -> Option<Jump> {
    let fingerprint = finding.evidence.get("fingerprint").and_then(Value::as_str);
    if let Some(fingerprint) = fingerprint {
        return Some(Jump {
            screen: place_of(data, fingerprint),
            view: 0,
            filter: format!("fingerprint:{fingerprint}"),
        });
    }
    let relations = &data.relations;
    let to = |screen, view, field: &str, name: String| Jump {
        screen,
        view,
        filter: format!("{field}:\"{}\"", name.replace('"', "")),
    };
    let subject = finding.subject?;
    match subject.kind {
        "index" => {
            let index = relations.index(subject.id)?;
            Some(to(4, 1, "index", relations.name(&relations.indexes, index)))
        }
        "relation" => {
            let table = relations.table(subject.id)?;
            Some(to(4, 0, "table", relations.name(&relations.tables, table)))
        }
        "setting" => Some(to(5, 1, "setting", finding.object.clone())),
        _ => None,
    }
}

/// The screen that has a statement: queries, or else logs.
fn place_of(data: &Data, fingerprint: &str) -> usize {
    let mut queries = data.queries.rows.iter();
    if queries.any(|query| query.fingerprint() == fingerprint) {
        return 1;
    }
    let mut logged = data.logs.iter().flat_map(|logs| &logs.statements);
    if logged.any(|statement| statement.get("fingerprint") == fingerprint) {
        2
    } else {
        1
    }
}

fn row(data: &Data, finding: &Finding, is_collected: bool) -> Row {
    let fix = finding.fix.as_deref().map(fix_kind).map(|kind| {
        if is_collected {
            Cell::text(Role::Good, &format!("+ {kind}"))
        } else {
            Cell::text(Role::Text, &kind)
        }
    });
    let cells = vec![
        Cell::number(
            role(finding.severity),
            f64::from(finding.severity as u8),
            finding.severity.as_str(),
        ),
        impact(finding),
        Cell::text(Role::Text, &finding.rule),
        Cell::text(Role::Text, &finding.object),
        fix.unwrap_or_else(Cell::unknown),
        Cell::text(Role::Dim, &finding.detail),
    ];
    let confidence = finding.confidence.as_str();
    let yes_or_no = |is: bool| if is { "yes" } else { "no" };
    let new = yes_or_no(finding.is_new);
    // As the filter has it, without quotes.
    let relations = &data.relations;
    let table = relations.table_of_finding(finding);
    let table = table.map(|table| relations.name(&relations.tables, table).replace('"', ""));
    let table = table.unwrap_or_default();
    let more = [
        ("collected", yes_or_no(is_collected)),
        ("database", finding.scope.name()),
        ("confidence", confidence),
        ("table", table.as_str()),
        ("new", new),
        ("key", finding.key.as_str()),
    ];
    Row::new(finding.key.clone(), &COLUMNS, cells, &more)
}

/// Database time an hour, else space; ordered by the engine's score, which weighs both.
fn impact(finding: &Finding) -> Cell {
    let text = match (finding.impact_ms_per_hour, finding.reclaim_bytes) {
        (Some(ms), _) if ms > 0.0 => format!("{}/h", human::ms(ms)),
        (_, Some(bytes)) if bytes > 0 => human::bytes(bytes as f64),
        _ => return Cell::unknown(),
    };
    Cell::number(Role::Text, finding.score, &text)
}

/// Colour of a severity.
pub(super) fn role(severity: Severity) -> Role {
    match severity {
        Severity::Error => Role::Error,
        Severity::Warning => Role::Warning,
        Severity::Info => Role::Info,
    }
}

fn severities(data: &Data) -> Menu {
    let [info, warning, error] = data.outcome.counts().map(|(_, count)| count);
    let item = |label: &str, count: usize, terms: &str| Item {
        label: label.to_owned(),
        note: count.to_string(),
        choice: Choice::Filter {
            field: "severity",
            terms: terms.to_owned(),
        },
    };
    Menu::new(
        "Severity",
        vec![
            item("all", info + warning + error, ""),
            item("warning and above", warning + error, "!severity:info"),
            item("error", error, "severity:error"),
            item("warning only", warning, "severity:warning"),
            item("info only", info, "severity:info"),
        ],
        0,
    )
}
