//! The verdict, what changed, and the findings.

use std::collections::BTreeMap;

use serde_json::Value;

use super::changes::Changes;
use super::input::{Input, Limits};
use super::page::{Block, Card, Cell, Section, Table, Tone, cut};
use crate::engine::{Finding, Severity};
use crate::facts::{figure, human};
use crate::report::gaps;

/// Characters of a value of the evidence.
const VALUE: usize = 300;

/// What matters most, in a sentence, and what became of it since the earlier run.
pub fn verdict(input: &Input<'_>, changes: Option<&Changes<'_>>, limits: Limits) -> Section {
    let worst = input.outcome.findings.iter().map(|one| one.severity).max();
    let (tone, words) = match worst {
        Some(Severity::Error) => (Tone::Bad, "Something needs to be mended now."),
        Some(Severity::Warning) => (Tone::Warn, "There is something to mend, none of it urgent."),
        Some(Severity::Info) => (
            Tone::Good,
            "Nothing is wrong; some things are worth knowing.",
        ),
        None => (Tone::Good, "Nothing was found."),
    };
    let view = input.view;
    let mut blocks = vec![
        Block::Verdict(tone, format!("{words} {}", gaps::counts(view))),
        Block::Note(gaps::rules(view)),
    ];
    match (&input.earlier, changes) {
        (Some(earlier), Some(changes)) => {
            let since = format!(
                "Since {} ({}): {}.",
                earlier.when(),
                earlier.name,
                changes.words()
            );
            blocks.push(Block::Text(since));
            blocks.extend(tables(input, changes, limits));
        }
        _ => blocks.push(Block::Note(
            "No earlier snapshot was named (--since), so what is new is not known.".to_owned(),
        )),
    }
    Section {
        id: "verdict",
        title: "Verdict",
        blocks,
    }
}

fn tables(input: &Input<'_>, changes: &Changes<'_>, limits: Limits) -> Vec<Block> {
    let plain = |findings: &[&Finding]| -> Vec<(String, String, Severity, String)> {
        let rows = findings.iter();
        let rows = rows.map(|one| {
            let object = input.view.object(one);
            (one.rule.clone(), object, one.severity, one.detail.clone())
        });
        rows.collect()
    };
    let told = |pairs: &[(&Finding, String)]| {
        let rows = pairs.iter();
        let rows = rows.map(|(one, why)| {
            let object = input.view.object(one);
            (one.rule.clone(), object, one.severity, why.clone())
        });
        rows.collect::<Vec<_>>()
    };
    let kinds = [
        ("New", plain(&changes.new)),
        ("Worse", told(&changes.worse)),
        ("Better", told(&changes.better)),
        ("Resolved", plain(&changes.resolved)),
        (
            "Accepted by settings or comments since",
            plain(&changes.accepted),
        ),
        ("Judged for the first time", plain(&changes.first_judged)),
        (
            "Found before, no longer judged: the rule could not run",
            plain(&changes.unknown),
        ),
    ];
    let kinds = kinds.into_iter().filter(|(_, rows)| !rows.is_empty());
    kinds
        .map(|(title, rows)| {
            let mut table = Table::new(title, &["severity", "object", "what", "rule"]);
            table.take(limits.list, rows, |(rule, object, severity, what)| {
                vec![
                    Cell::new(severity.as_str()).toned(Tone::of(severity)),
                    Cell::code(cut(&object, VALUE)),
                    Cell::new(cut(&what, limits.text)),
                    Cell::new(rule),
                ]
            });
            Block::Table(table)
        })
        .collect()
}

/// The findings, the gravest first.
pub fn section(input: &Input<'_>, changes: Option<&Changes<'_>>, limits: Limits) -> Section {
    let view = input.view;
    let (full, rest) = view
        .findings
        .split_at(limits.cards.min(view.findings.len()));
    let (rows, beyond) = rest.split_at(limits.rows.min(rest.len()));
    let mut blocks = Vec::new();
    if full.is_empty() {
        blocks.push(Block::Text("Nothing was found.".to_owned()));
    }
    for finding in full {
        let mark = changes.and_then(|changes| changes.mark(finding));
        blocks.push(Block::Card(Box::new(card(
            input,
            finding,
            mark,
            limits.text,
        ))));
    }
    if !rows.is_empty() {
        let mut table = Table::new("Further findings", &["severity", "object", "what", "rule"]);
        table.take(rows.len(), rows, |finding| {
            vec![
                Cell::new(finding.severity.as_str()).toned(Tone::of(finding.severity)),
                Cell::code(cut(&view.object(finding), VALUE)),
                Cell::new(cut(&finding.detail, VALUE)),
                Cell::new(finding.rule.clone()),
            ]
        });
        blocks.push(Block::Table(table));
    }
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in beyond {
        *left_out.entry(&finding.rule).or_default() += 1;
    }
    if !left_out.is_empty() {
        let rules = left_out.iter();
        let rules: Vec<String> = rules
            .map(|(rule, count)| format!("{count} of {rule}"))
            .collect();
        blocks.push(Block::Note(format!(
            "{} more findings are left out, so that the report stays small: {}. `pgtriage check` lists them all.",
            beyond.len(),
            rules.join(", ")
        )));
    }
    Section {
        id: "findings",
        title: "Findings",
        blocks,
    }
}

fn card(input: &Input<'_>, finding: &Finding, mark: Option<&str>, most: usize) -> Card {
    let view = input.view;
    let mut fields = Vec::new();
    if let Some(ms) = finding.impact_ms_per_hour {
        fields.push((
            "expected gain".to_owned(),
            format!("{} of database time an hour", human::ms(ms)),
        ));
    }
    if let Some(bytes) = finding.reclaim_bytes {
        fields.push(("gives back".to_owned(), human::bytes(bytes as f64)));
    }
    let evidence = finding.evidence.iter();
    let evidence =
        evidence.filter(|(name, value)| *name != "query" && *name != "instead" && !value.is_null());
    let evidence =
        evidence.map(|(name, value)| (name.replace('_', " "), cut(&figure(name, value), VALUE)));
    fields.extend(evidence.filter(|(_, value)| !value.is_empty()));
    let query = finding.evidence.get("query").and_then(Value::as_str);
    let texts = [
        ("Statement", query),
        ("Fix", finding.fix.as_deref()),
        ("Instead", finding.instead()),
        ("Undo", finding.undo.as_deref()),
    ];
    let texts = texts.into_iter();
    let codes = texts.filter_map(|(title, text)| Some((title, cut(text?, most))));
    Card {
        severity: finding.severity,
        mark: mark.map(str::to_owned),
        title: view.title(finding).to_owned(),
        object: cut(&view.object(finding), VALUE),
        detail: cut(&finding.detail, most),
        fields,
        codes: codes.collect(),
        rule: finding.rule.clone(),
        confidence: finding.confidence.as_str(),
    }
}
