//! Findings as SARIF 2.1.0.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::json::text;
use super::place::{Place, advice, fingerprint};
use super::view::View;
use crate::engine::{Finding, Severity, SkipKind};
use crate::facts::escape;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// The folder that paths are told from, as SARIF has it.
const ROOT: &str = "%SRCROOT%";

/// The report.
pub fn render(view: &View<'_>) -> String {
    let findings = view.by_place();
    let ids: BTreeSet<&str> = findings
        .iter()
        .map(|finding| finding.rule.as_str())
        .collect();
    let index: BTreeMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut driver = json!({
        "name": "pgtriage",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": ids.iter().map(|id| rule(view, id)).collect::<Vec<_>>(),
    });
    if !HOME.is_empty() {
        driver["informationUri"] = json!(HOME);
    }
    let results = findings.iter().map(|finding| result(view, finding, &index));
    text(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications(view),
            }],
            "results": results.collect::<Vec<_>>(),
        }],
    }))
}

fn rule(view: &View<'_>, id: &str) -> Value {
    let known = view.outcome.rules.iter().find(|rule| rule.id == id);
    let mut rule = Map::new();
    rule.insert("id".to_owned(), json!(id));
    if let Some(known) = known {
        rule.insert(
            "shortDescription".to_owned(),
            json!({ "text": known.title }),
        );
        let level = level(known.severity);
        rule.insert("defaultConfiguration".to_owned(), json!({ "level": level }));
    }
    let page = view.pages.and_then(|pages| pages.get(id));
    let help = format!("Run `pgtriage explain {id}` for more.");
    if let Some(page) = page {
        let mut markdown = String::new();
        let mut plain = String::new();
        for section in &page.sections {
            let words: Vec<&str> = section
                .blocks
                .iter()
                .map(|block| {
                    page.source
                        .text
                        .get(block.span.clone())
                        .unwrap_or_default()
                        .trim()
                })
                .collect();
            let words = words.join("\n\n");
            if plain.is_empty() {
                let first = words.replace('\n', " ");
                rule.insert("fullDescription".to_owned(), json!({ "text": first }));
            }
            markdown += &format!("## {}\n{words}\n\n", section.title);
            plain += &format!("{}\n{words}\n\n", section.title);
        }
        let help = json!({ "text": plain + &help, "markdown": markdown + &help });
        rule.insert("help".to_owned(), help);
        if let Some(reference) = page.references.first() {
            rule.insert("helpUri".to_owned(), json!(reference));
        }
        rule.insert("properties".to_owned(), json!({ "tags": [page.family()] }));
    } else {
        rule.insert("help".to_owned(), json!({ "text": help }));
    }
    Value::Object(rule)
}

fn result(view: &View<'_>, finding: &Finding, index: &BTreeMap<&str, usize>) -> Value {
    let mut message = view.message(finding);
    let mut properties =
        json!({ "object": finding.object, "confidence": finding.confidence.as_str() });
    if let Some(advice) = advice(finding) {
        message += &format!("\n\nWrite:\n{advice}");
        properties["fix"] = json!(advice);
    }
    let mut location = json!({
        "logicalLocations": [{
            "fullyQualifiedName": format!("{}.{}", finding.scope.name(), finding.object),
        }],
    });
    if let Some(place) = view.place(finding) {
        location = json!({ "physicalLocation": physical(&place) });
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": index.get(finding.rule.as_str()),
        "level": level(finding.severity),
        "message": { "text": message },
        "locations": [location],
        "partialFingerprints": { "pgtriageKey/v1": fingerprint(&finding.key) },
        "properties": properties,
    });
    if !finding.is_new {
        result["baselineState"] = json!("unchanged");
    }
    result
}

fn physical(place: &Place) -> Value {
    let mut artifact = json!({ "uri": uri(&place.path) });
    if !place.path.starts_with('/') {
        artifact["uriBaseId"] = json!(ROOT);
    }
    let mut location = json!({ "artifactLocation": artifact });
    if let Some(line) = place.line.filter(|line| *line > 0) {
        let mut region = json!({ "startLine": line });
        let numbers = [
            ("startColumn", place.column),
            ("endLine", place.end_line),
            ("endColumn", place.end_column),
        ];
        for (name, number) in numbers {
            if let Some(number) = number.filter(|number| *number > 0) {
                region[name] = json!(number);
            }
        }
        location["region"] = region;
    }
    location
}

/// What rules could not judge.
fn notifications(view: &View<'_>) -> Vec<Value> {
    let note = |rule: &str, level: &str, because: &str| {
        json!({
            "level": level,
            "message": { "text": escape::line(because) },
            "associatedRule": { "id": rule },
        })
    };
    let skipped = view.outcome.skipped.iter().filter_map(|skipped| {
        let level = match skipped.kind {
            SkipKind::NotApplicable => return None,
            SkipKind::MissingFacts => "note",
            SkipKind::Failed => "error",
        };
        Some(note(&skipped.rule, level, &skipped.because))
    });
    let unjudged = view.outcome.unjudged.iter().map(|unjudged| {
        let objects = unjudged.objects.join(", ");
        let because = format!("{objects}: {}", unjudged.gap.because);
        note(&unjudged.rule, "note", &because)
    });
    skipped.chain(unjudged).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A path as a URI, relative or of a file.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}
