//! One row a setting that is to change.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::OptionalExtension;
use serde_json::{Map, Value};

use super::groups::{Group, group};
use crate::engine::{Finding, Outcome, Page, Scope, Severity, SkipKind};
use crate::facts::{FactsError, Store};

/// A setting that is to change.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What it is about.
    pub group: Group,
    /// Its name.
    pub setting: String,
    /// Where, if not for the whole server that findings are about: a table, a role in a database, a
    /// standby.
    pub place: Option<String>,
    /// Value in force, as SHOW gives it; `None`: not visible.
    pub now: Option<String>,
    /// Value advised.
    pub advised: String,
    /// What brings it into force: restart, reload or new sessions.
    pub applies: String,
    /// Why, a sentence with numbers.
    pub reason: String,
    /// How much it matters.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: &'static str,
    /// Rule that says so.
    pub rule: String,
    /// Key of its finding.
    pub key: String,
    /// Statements that set it, together with others of the same finding.
    pub fix: Option<String>,
    /// Statements that take that back.
    pub undo: Option<String>,
    /// What the rule went by.
    pub evidence: Map<String, Value>,
}

/// What could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Why.
    pub because: String,
    /// What would change that.
    pub remedy: Option<String>,
    /// Rules that would judge then.
    pub rules: Vec<String>,
}

/// The machine that the advice is for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Machine {
    /// Cores, and who says so.
    pub cores: Option<(f64, String)>,
    /// Bytes of memory.
    pub memory: Option<(i64, String)>,
    /// Kind of storage.
    pub storage: Option<(String, String)>,
    /// Bytes of the disk.
    pub disk: Option<(i64, String)>,
}

/// All that is advised.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Advice {
    /// By group, gravest first; a setting once for each place.
    pub changes: Vec<Change>,
    /// What could not be judged.
    pub unknown: Vec<Unknown>,
    /// The machine.
    pub machine: Machine,
}

/// Does a page advise values of settings? It gives evidence that is called so.
pub fn gives_advice(page: &Page) -> bool {
    ["AS advised", "AS changes"]
        .iter()
        .any(|column| page.query.text.contains(column))
}

impl Advice {
    /// Reads it out of what the pages found. `server` is the label of the server that findings are
    /// about.
    pub fn of(outcome: &Outcome, store: &Store, server: &str) -> Result<Self, FactsError> {
        Ok(Self {
            changes: changes(&outcome.findings, server),
            unknown: unknown(outcome),
            machine: machine(store)?,
        })
    }
}

/// What findings advise to set: by group, gravest first, a setting once for each place. `server` is
/// the label of the server that findings are about.
pub fn changes<'f>(findings: impl IntoIterator<Item = &'f Finding>, server: &str) -> Vec<Change> {
    let findings = findings.into_iter();
    let mut changes: Vec<Change> = findings
        .flat_map(|finding| of_finding(finding, server))
        .collect();
    // Findings come gravest first; the sort keeps that.
    changes.sort_by_key(|change| (change.group, change.place.is_some()));
    let mut seen = BTreeSet::new();
    changes.retain(|change| seen.insert((change.setting.clone(), change.place.clone())));
    changes
}

/// Settings of the server itself that need a restart, each once.
pub(super) fn needing_restart(changes: &[Change]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    let own = |change: &&Change| change.applies == "restart" && change.place.is_none();
    for change in changes.iter().filter(own) {
        if !names.contains(&change.setting.as_str()) {
            names.push(&change.setting);
        }
    }
    names
}

fn of_finding(finding: &Finding, server: &str) -> Vec<Change> {
    let text = |map: &Map<String, Value>, key: &str| match map.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let evidence = &finding.evidence;
    let whole = evidence.get("changes").and_then(Value::as_array);
    let entries: Vec<&Map<String, Value>> = match whole {
        Some(list) => list.iter().filter_map(Value::as_object).collect(),
        None => vec![evidence],
    };
    let change = |entry: &&Map<String, Value>| {
        let setting = text(entry, "setting").unwrap_or_else(|| finding.object.clone());
        let kind = finding.subject.map(|subject| subject.kind);
        let elsewhere = match &finding.scope {
            Scope::Node(label) if label != server => Some(label.clone()),
            _ => None,
        };
        let own = matches!(kind, Some("setting" | "node"))
            && setting_is_of_server(finding, &setting, whole.is_some());
        Some(Change {
            group: group(&setting),
            place: elsewhere.or_else(|| (!own).then(|| finding.object.clone())),
            now: text(entry, "now"),
            advised: text(entry, "advised")?,
            applies: text(entry, "applies").unwrap_or_else(|| "reload".to_owned()),
            reason: text(entry, "because").unwrap_or_else(|| finding.detail.clone()),
            severity: finding.severity,
            confidence: finding.confidence.as_str(),
            rule: finding.rule.clone(),
            key: finding.key.clone(),
            fix: finding.fix.clone(),
            undo: finding.undo.clone(),
            evidence: evidence.clone(),
            setting,
        })
    };
    entries.iter().filter_map(change).collect()
}

/// Is it the value of the server, and not one for a role or a database? Then the finding is called
/// as the setting is, or stands for several settings, or for the server itself.
fn setting_is_of_server(finding: &Finding, setting: &str, several: bool) -> bool {
    let kind = finding.subject.map(|subject| subject.kind);
    several || kind == Some("node") || finding.object == setting
}

fn unknown(outcome: &Outcome) -> Vec<Unknown> {
    let mut reasons: BTreeMap<(String, Option<String>), BTreeSet<String>> = BTreeMap::new();
    let missing = outcome
        .skipped
        .iter()
        .filter(|rule| rule.kind == SkipKind::MissingFacts);
    let skipped = missing.map(|rule| (rule.because.clone(), rule.remedy.clone(), &rule.rule));
    let partly = outcome.unjudged.iter();
    let partly = partly.map(|rule| {
        (
            rule.gap.because.clone(),
            rule.gap.remedy.clone(),
            &rule.rule,
        )
    });
    for (because, remedy, rule) in skipped.chain(partly) {
        reasons
            .entry((because, remedy))
            .or_default()
            .insert(rule.clone());
    }
    let mut all: Vec<Unknown> = reasons
        .into_iter()
        .map(|((because, remedy), rules)| Unknown {
            because,
            remedy,
            rules: rules.into_iter().collect(),
        })
        .collect();
    // What an option tells comes first: it is the easiest to mend.
    all.sort_by_key(|unknown| {
        !unknown
            .remedy
            .as_ref()
            .is_some_and(|remedy| remedy.starts_with("--"))
    });
    all
}

fn machine(store: &Store) -> Result<Machine, FactsError> {
    let sql = "SELECT cores, cores_source, memory_bytes, memory_source, storage, storage_source, disk_bytes, disk_source FROM machine";
    let row = store.connection().query_row(sql, [], |row| {
        let source = |at: usize| {
            Ok::<String, rusqlite::Error>(row.get::<_, Option<String>>(at)?.unwrap_or_default())
        };
        Ok(Machine {
            cores: row.get::<_, Option<f64>>(0)?.zip(Some(source(1)?)),
            memory: row.get::<_, Option<i64>>(2)?.zip(Some(source(3)?)),
            storage: row.get::<_, Option<String>>(4)?.zip(Some(source(5)?)),
            disk: row.get::<_, Option<i64>>(6)?.zip(Some(source(7)?)),
        })
    });
    Ok(row.optional()?.unwrap_or_default())
}
