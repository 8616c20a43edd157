//! Findings as `JUnit` XML: a test for each finding, and one for each file or rule that has none.

use std::collections::BTreeMap;

use super::place::{advice, xml};
use super::view::View;
use crate::engine::{Finding, RuleRun, Status};
use crate::facts::escape;

/// The report.
pub fn render(view: &View<'_>) -> String {
    let mut suites: Vec<(String, Vec<&Finding>)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut suite = |name: String, suites: &mut Vec<(String, Vec<&Finding>)>| {
        *places.entry(name).or_insert_with_key(|name| {
            suites.push((name.clone(), Vec::new()));
            suites.len() - 1
        })
    };
    if let Some(files) = &view.files {
        for path in files.judged() {
            suite(files.name(path), &mut suites);
        }
    } else {
        let idle = |rule: &&RuleRun| rule.status == Status::Run && rule.finding_count == 0;
        for rule in view.outcome.rules.iter().filter(idle) {
            suite(rule.id.clone(), &mut suites);
        }
    }
    let findings = view.by_place();
    for finding in &findings {
        let name = view
            .place(finding)
            .map_or_else(|| finding.scope.name().to_owned(), |place| place.path);
        let at = suite(name, &mut suites);
        if let Some((_, found)) = suites.get_mut(at) {
            found.push(finding);
        }
    }
    let mut body = String::new();
    let mut tests = 0;
    for (name, found) in &suites {
        tests += found.len().max(1);
        body += &one(view, name, found);
    }
    let failures = findings
        .iter()
        .filter(|finding| view.fails(finding))
        .count();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"pgtriage\" tests=\"{tests}\" failures=\"{failures}\">\n{body}</testsuites>\n"
    )
}

fn one(view: &View<'_>, name: &str, found: &[&Finding]) -> String {
    let name = xml(&escape::line(name));
    let failures = found.iter().filter(|finding| view.fails(finding)).count();
    let mut out = format!(
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\">\n",
        found.len().max(1)
    );
    if found.is_empty() {
        out += &format!("    <testcase classname=\"pgtriage\" name=\"{name}\"/>\n");
    }
    for finding in found {
        out += &case(view, finding);
    }
    out += "  </testsuite>\n";
    out
}

fn case(view: &View<'_>, finding: &Finding) -> String {
    let place = view.place(finding);
    let line = place.as_ref().and_then(|place| place.line);
    let at = line.map_or_else(String::new, |line| format!(" (line {line})"));
    let name = format!("{}: {}{at}", view.title(finding), view.object(finding));
    let mut attributes = format!(
        "classname=\"pgtriage.{}\" name=\"{}\"",
        xml(&finding.rule),
        xml(&escape::line(&name))
    );
    if let Some(place) = &place {
        attributes += &format!(" file=\"{}\"", xml(&escape::line(&place.path)));
    }
    if let Some(line) = line {
        attributes += &format!(" line=\"{line}\"");
    }
    let mut text = format!("{}: {}", finding.severity, view.message(finding));
    if let Some(advice) = advice(finding) {
        text += &format!("\n\nWrite:\n{advice}");
    }
    text += &format!("\n\npgtriage explain {}", finding.rule);
    let text = xml(&text).replace("&#10;", "\n");
    let inner = if view.fails(finding) {
        let message = xml(&escape::line(&finding.detail));
        format!(
            "<failure type=\"{}\" message=\"{message}\">{text}</failure>",
            finding.severity
        )
    } else {
        format!("<system-out>{text}</system-out>")
    };
    format!("    <testcase {attributes}>{inner}</testcase>\n")
}
