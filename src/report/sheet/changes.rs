//! What became of findings since an earlier run.

use std::collections::HashMap;

use super::input::{Earlier, Input};
use crate::engine::{Finding, Outcome, Status};
use crate::facts::human;

/// A figure that differs by less is taken for the same: most wander so far from day to day.
pub(super) const NOTABLE: f64 = 1.25;

/// Findings of two runs, compared by their keys.
#[derive(Debug, Default)]
pub struct Changes<'a> {
    /// Found now and not before, though the rule ran then.
    pub new: Vec<&'a Finding>,
    /// Found now by a rule that could not run then.
    pub first_judged: Vec<&'a Finding>,
    /// Worse than before, and by what.
    pub worse: Vec<(&'a Finding, String)>,
    /// Better than before, and by what.
    pub better: Vec<(&'a Finding, String)>,
    /// Found before and not now, though the rule ran.
    pub resolved: Vec<&'a Finding>,
    /// Found before; now the settings or a comment accept it.
    pub accepted: Vec<&'a Finding>,
    /// Found before; now the rule could not run.
    pub unknown: Vec<&'a Finding>,
    /// As before.
    pub same: usize,
    marks: HashMap<&'a str, String>,
}

impl<'a> Changes<'a> {
    /// Compares.
    pub fn new(input: &Input<'a>, earlier: &Earlier<'a>) -> Self {
        let (now, then) = (input.outcome, earlier.outcome);
        let mut changes = Self::default();
        let before: HashMap<&str, &Finding> = by_key(then);
        let after: HashMap<&str, &Finding> = by_key(now);
        let ran = |outcome: &Outcome, rule: &str| {
            let mut rules = outcome.rules.iter();
            rules.any(|run| run.id == rule && run.status == Status::Run)
        };
        for finding in &now.findings {
            let mark = match before.get(finding.key.as_str()) {
                None if ran(then, &finding.rule) => {
                    changes.new.push(finding);
                    "new".to_owned()
                }
                None => {
                    changes.first_judged.push(finding);
                    "first judged".to_owned()
                }
                Some(then) => match compare(then, finding) {
                    None => {
                        changes.same += 1;
                        continue;
                    }
                    Some((true, why)) => {
                        changes.worse.push((finding, why.clone()));
                        format!("worse: {why}")
                    }
                    Some((false, why)) => {
                        changes.better.push((finding, why.clone()));
                        format!("better: {why}")
                    }
                },
            };
            changes.marks.insert(&finding.key, mark);
        }
        for finding in &then.findings {
            if after.contains_key(finding.key.as_str()) {
                continue;
            }
            let is_accepted = now.ignored.iter().any(|one| one.finding.key == finding.key);
            if is_accepted {
                changes.accepted.push(finding);
            } else if ran(now, &finding.rule) {
                changes.resolved.push(finding);
            } else {
                changes.unknown.push(finding);
            }
        }
        changes
    }

    /// What became of a finding; `None`: it is as before.
    pub fn mark(&self, finding: &Finding) -> Option<&str> {
        self.marks.get(finding.key.as_str()).map(String::as_str)
    }

    /// `3 new, 1 worse, 2 better, 4 resolved`.
    pub fn words(&self) -> String {
        let counts = [
            (self.new.len(), "new"),
            (self.first_judged.len(), "judged for the first time"),
            (self.worse.len(), "worse"),
            (self.better.len(), "better"),
            (self.resolved.len(), "resolved"),
            (self.accepted.len(), "accepted"),
            (self.unknown.len(), "no longer judged"),
            (self.same, "as before"),
        ];
        let some = counts.iter().filter(|(count, _)| *count > 0);
        let words: Vec<String> = some
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        if words.is_empty() {
            "nothing was found then or now".to_owned()
        } else {
            words.join(", ")
        }
    }
}

fn by_key(outcome: &Outcome) -> HashMap<&str, &Finding> {
    let findings = outcome.findings.iter();
    findings.map(|one| (one.key.as_str(), one)).collect()
}

/// Whether it is worse, and by what; `None`: as before.
fn compare(then: &Finding, now: &Finding) -> Option<(bool, String)> {
    if then.severity != now.severity {
        let words = format!("{} before, {} now", then.severity, now.severity);
        return Some((now.severity > then.severity, words));
    }
    let bytes = |finding: &Finding| finding.reclaim_bytes.map(|bytes| bytes as f64);
    let hour = |ms: f64| format!("{} an hour", human::ms(ms));
    let pairs: [(_, _, _, &dyn Fn(f64) -> String); 2] = [
        (
            then.impact_ms_per_hour,
            now.impact_ms_per_hour,
            "costs",
            &hour,
        ),
        (bytes(then), bytes(now), "would give back", &human::bytes),
    ];
    for (then, now, what, words) in pairs {
        if let (Some(then), Some(now)) = (then, now)
            && (now > then * NOTABLE || now * NOTABLE < then)
        {
            let (is_worse, then, now) = (now > then, words(then), words(now));
            return Some((is_worse, format!("{what} {now}, {then} before")));
        }
    }
    None
}
