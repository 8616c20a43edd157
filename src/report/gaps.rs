//! What a run could not do, in sentences, the same in every format for people.

use std::collections::BTreeMap;

use super::server::plural;
use super::view::View;
use crate::engine::{Ignored, IgnoredBy, SkipKind, Stale, Status};

/// Objects that are named before the rest is counted.
const NAMED: usize = 5;

/// Reasons to skip rules that are told in full. Files hold little of what rules need: where there
/// are more, those that concern most rules are told.
const REASONS: usize = 10;

/// A heading and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `Could not judge`.
    pub heading: String,
    /// Sentences, each with the SQL or setting that helps.
    pub notes: Vec<Note>,
}

/// A sentence and what helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Without a full stop.
    pub text: String,
    /// Statements, one a line.
    pub remedy: Option<String>,
}

/// All that was left out, with reasons.
pub fn parts(view: &View<'_>) -> Vec<Part> {
    let parts = [
        ("Skipped rules", skipped(view)),
        ("Could not judge", unjudged(view)),
        ("Statements that could not be read", unread(view)),
        ("Ignored findings", ignored(view)),
        ("Entries of [[ignore]] that do nothing", stale(view)),
    ];
    parts
        .into_iter()
        .filter(|(_, notes)| !notes.is_empty())
        .map(|(heading, notes)| Part {
            heading: heading.to_owned(),
            notes,
        })
        .collect()
}

/// `3 findings: 1 error, 2 warnings` and what is not among them.
pub fn counts(view: &View<'_>) -> String {
    let listed = view.findings.len() + view.beyond;
    let mut text = if listed == 0 {
        let new = if view.known > 0 { "new " } else { "" };
        format!("Nothing {new}found")
    } else {
        let of = |severity| {
            let all = view.outcome.findings.iter();
            let counted = all.filter(|finding| {
                finding.severity == severity && (view.filter.known || finding.is_new)
            });
            counted.count()
        };
        let mut severities = crate::engine::Severity::ALL;
        severities.reverse();
        let each = severities
            .into_iter()
            .filter(|severity| *severity >= view.filter.min_severity)
            .map(|severity| match severity {
                crate::engine::Severity::Info => format!("{} info", of(severity)),
                _ => plural(of(severity), severity.as_str()),
            });
        let each: Vec<String> = each.collect();
        format!("{}: {}", plural(listed, "finding"), each.join(", "))
    };
    if view.beyond > 0 {
        text += &match view.findings.len() {
            0 => ", none of them listed".to_owned(),
            1 => ", of which the gravest is listed".to_owned(),
            several => format!(", of which the gravest {several} are listed"),
        };
    }
    text.push('.');
    if view.milder > 0 {
        let below = view.filter.min_severity;
        text += &format!(
            " {} below {below} not shown.",
            plural(view.milder, "finding")
        );
    }
    if view.known > 0 {
        text += &format!(
            " {} of the baseline not shown.",
            plural(view.known, "finding")
        );
    }
    let resolved = view.outcome.resolved.len();
    if resolved > 0 {
        let no_longer = plural(resolved, "finding");
        text += &format!(" {no_longer} of the baseline no longer found.");
    }
    text
}

/// `31 rules ran, 4 were skipped`.
pub fn rules(view: &View<'_>) -> String {
    let of = |status| view.outcome.rules_with(status);
    let mut text = format!("{} ran", plural(of(Status::Run), "rule"));
    let beside = [
        (of(Status::Skipped), "skipped"),
        (of(Status::Off), "switched off"),
        (not_fully_judged(view), "could not judge everything"),
    ];
    for (count, what) in beside {
        if count > 0 {
            text += &format!(", {count} {what}");
        }
    }
    text.push('.');
    let reading = &view.server.reading;
    if reading.statements > 0 {
        let all = plural(reading.statements, "statement");
        text += &format!(" {} of {all} read.", reading.read);
    }
    text
}

/// Statements whose shape is known by their tokens only.
fn unread(view: &View<'_>) -> Vec<Note> {
    let reading = &view.server.reading;
    let notes = reading.unread.iter().map(|unread| Note {
        text: format!(
            "{}: {}: rules on what statements say pass {} over",
            match unread.statements {
                1 => unread.fingerprint.clone(),
                several => format!(
                    "{several} statements (the costliest is {})",
                    unread.fingerprint
                ),
            },
            unread.because,
            if unread.statements == 1 { "it" } else { "them" },
        ),
        remedy: None,
    });
    notes.collect()
}

fn not_fully_judged(view: &View<'_>) -> usize {
    let mut rules: Vec<&str> = view
        .outcome
        .unjudged
        .iter()
        .map(|u| u.rule.as_str())
        .collect();
    rules.dedup();
    rules.len()
}

fn skipped(view: &View<'_>) -> Vec<Note> {
    let mut by_reason: BTreeMap<(&str, Option<&str>), Vec<&str>> = BTreeMap::new();
    for skipped in &view.outcome.skipped {
        let is_told = match skipped.kind {
            SkipKind::Failed => true,
            SkipKind::MissingFacts => view.missing,
            SkipKind::NotApplicable => view.filter.verbose,
        };
        if is_told {
            let reason = (skipped.because.as_str(), skipped.remedy.as_deref());
            by_reason.entry(reason).or_default().push(&skipped.rule);
        }
    }
    let mut reasons: Vec<_> = by_reason.into_iter().collect();
    let mut beyond = 0;
    if reasons.len() > REASONS && !view.filter.verbose {
        reasons.sort_by_key(|(_, rules)| std::cmp::Reverse(rules.len()));
        let rest = reasons.split_off(NAMED);
        beyond = rest.iter().map(|(_, rules)| rules.len()).sum();
    }
    let mut notes: Vec<Note> = reasons
        .into_iter()
        .map(|((because, remedy), rules)| Note {
            text: format!("{}: {because}", listed(&rules, view.filter.verbose)),
            remedy: remedy.map(str::to_owned),
        })
        .collect();
    if beyond > 0 {
        notes.push(Note {
            text: format!("{} more: --verbose tells why", plural(beyond, "rule")),
            remedy: None,
        });
    }
    notes
}

/// The rules, or how many there are and where they are named.
fn listed(rules: &[&str], all: bool) -> String {
    if all || rules.len() <= NAMED {
        return rules.join(", ");
    }
    let first = rules[..NAMED].join(", ");
    format!(
        "{} ({first}, …; --verbose names them)",
        plural(rules.len(), "rule")
    )
}

fn unjudged(view: &View<'_>) -> Vec<Note> {
    // By reason, remedy and objects: the rules.
    type Rules<'a> = BTreeMap<(&'a str, Option<&'a str>, &'a [String]), Vec<&'a str>>;
    let mut by_gap = Rules::new();
    for unjudged in &view.outcome.unjudged {
        let gap = &unjudged.gap;
        let key = (
            gap.because.as_str(),
            gap.remedy.as_deref(),
            unjudged.objects.as_slice(),
        );
        by_gap.entry(key).or_default().push(&unjudged.rule);
    }
    let notes = by_gap
        .into_iter()
        .map(|((because, remedy, objects), rules)| Note {
            text: format!("{}: {}: {because}", rules.join(", "), named(objects)),
            remedy: remedy.map(str::to_owned),
        });
    notes.collect()
}

/// The objects, or the first of them and how many there are.
fn named(objects: &[String]) -> String {
    if objects.len() <= NAMED {
        return objects.join(", ");
    }
    let first = objects[..NAMED].join(", ");
    format!("{} objects ({first}, …)", objects.len())
}

fn ignored(view: &View<'_>) -> Vec<Note> {
    let ignored = &view.outcome.ignored;
    if ignored.is_empty() {
        return Vec::new();
    }
    if !view.filter.verbose {
        let is_entry = |by: &&Ignored| matches!(by.by, IgnoredBy::Entry { .. });
        let entries = ignored.iter().filter(is_entry).count();
        let by = match (entries, ignored.len() - entries) {
            (_, 0) => "pgtriage.toml",
            (0, _) => "comments",
            _ => "pgtriage.toml and comments",
        };
        let count = plural(ignored.len(), "finding");
        return vec![Note {
            text: format!("{count} accepted by {by}; --verbose lists them"),
            remedy: None,
        }];
    }
    let notes = ignored.iter().map(|ignored| Note {
        text: format!(
            "{} on {}: {} ({})",
            ignored.finding.rule,
            view.object(&ignored.finding),
            ignored.reason.as_deref().unwrap_or("no reason given"),
            match &ignored.by {
                IgnoredBy::Entry { line } => format!("line {line}"),
                IgnoredBy::Comment { file, line, .. } => format!("{file}:{line}"),
            }
        ),
        remedy: None,
    });
    notes.collect()
}

fn stale(view: &View<'_>) -> Vec<Note> {
    let notes = view.outcome.stale_ignores.iter().map(|stale| {
        let entry = &stale.ignore;
        let mut object = entry.object.as_deref().unwrap_or("any object").to_owned();
        if let Some(path) = &entry.path {
            object += &format!(" in {}", path.text());
        }
        let why = match (stale.why, entry.until) {
            (Stale::Expired, Some(until)) => format!("its last day was {until}"),
            (Stale::Expired, None) => "it is over".to_owned(),
            (Stale::Unused, _) => "it matches no finding".to_owned(),
        };
        Note {
            text: format!(
                "line {}: {} on {object}: {why}; remove it",
                entry.line, entry.rule
            ),
            remedy: None,
        }
    });
    notes.collect()
}
