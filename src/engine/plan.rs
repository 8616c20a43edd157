//! What the settings mean for the pages at hand: every id, parameter and value checked.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use toml::Spanned;

use super::finding::Scope;
use super::glob;
use super::page::Page;
use super::pages::Pages;
use super::params::Value;
use super::query::Values;
use super::settings::{Ignore, ObjectSettings, RuleSettings, RulesSettings};
use super::severity::Severity;
use super::source::{Source, SourceError, suggest};

/// How each rule is to run, and which findings are accepted.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    rules: HashMap<String, RulePlan>,
    /// Entries of `[[ignore]]`, in the file's order.
    pub(super) ignores: Vec<IgnoreRule>,
}

/// How one rule is to run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RulePlan {
    /// Why it is switched off; `None`: it runs.
    pub off: Option<String>,
    /// Severity of all its findings, where the settings give one.
    pub severity: Option<Severity>,
    /// Parameters in force.
    pub values: Values,
    /// Other values for some objects; the first that matches decides.
    pub objects: Vec<ObjectPlan>,
}

/// What is different for some objects of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectPlan {
    /// Pattern for the finding's object or fingerprint.
    pub object: String,
    /// Pattern for its database or server.
    pub scope: Option<String>,
    /// Severity of these findings.
    pub severity: Option<Severity>,
    /// Parameters in force for them.
    pub values: Values,
}

/// One entry of `[[ignore]]`, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreRule {
    /// Id of a rule, or a pattern.
    pub rule: String,
    /// Pattern for the finding's object or fingerprint; `None`: any.
    pub object: Option<String>,
    /// Pattern for its database or server; `None`: any.
    pub scope: Option<String>,
    /// Why.
    pub reason: String,
    /// Last day on which it holds.
    pub until: Option<Date>,
    /// Line in the settings file, 1-based.
    pub line: usize,
}

impl RulePlan {
    /// The page's own values.
    pub fn defaults(page: &Page) -> Self {
        let values = page
            .params
            .iter()
            .map(|param| (param.name.clone(), param.value.clone()));
        Self {
            values: values.collect::<BTreeMap<_, _>>(),
            ..Self::default()
        }
    }

    /// What holds for an object: the first entry that matches it.
    pub(super) fn object(&self, object: &str, name: &str, scope: &Scope) -> Option<&ObjectPlan> {
        self.objects.iter().find(|entry| {
            named(&entry.object, object, name)
                && entry
                    .scope
                    .as_ref()
                    .is_none_or(|pattern| glob::matches(pattern, scope.name()))
        })
    }
}

/// Does a pattern match a finding's object or the name that its key ends with?
pub(super) fn named(pattern: &str, object: &str, name: &str) -> bool {
    glob::matches(pattern, object) || glob::matches(pattern, name)
}

impl Plan {
    /// Checks settings against the pages; spans of the settings count in `source`.
    pub fn new(
        pages: &Pages,
        rules: &RulesSettings,
        ignores: &[Ignore],
        source: &Source,
    ) -> Result<Self, Vec<SourceError>> {
        let mut reader = Reader {
            pages,
            source,
            errors: Vec::new(),
        };
        let mut plan = Self::default();
        for (id, settings) in &rules.rules {
            if let Some(rule) = reader.rule(id, settings) {
                plan.rules.insert(id.get_ref().clone(), rule);
            }
        }
        plan.ignores = ignores.iter().map(|ignore| reader.ignore(ignore)).collect();
        reader.errors.sort_by_key(|error| error.span.start);
        if reader.errors.is_empty() {
            Ok(plan)
        } else {
            Err(reader.errors)
        }
    }

    /// How a page is to run.
    pub fn rule(&self, page: &Page) -> RulePlan {
        let set = self.rules.get(&page.id).cloned();
        set.unwrap_or_else(|| RulePlan::defaults(page))
    }
}

struct Reader<'a> {
    pages: &'a Pages,
    source: &'a Source,
    errors: Vec<SourceError>,
}

impl Reader<'_> {
    fn rule(&mut self, id: &Spanned<String>, settings: &RuleSettings) -> Option<RulePlan> {
        let Some(page) = self.pages.get(id.get_ref()) else {
            let help = self.pages.suggest(id.get_ref());
            self.fail(id, format!("no rule `{}`", id.get_ref()), help);
            return None;
        };
        let mut plan = RulePlan::defaults(page);
        plan.severity = settings.severity;
        plan.off = self.off(settings);
        self.params(page, &settings.params, &mut plan.values);
        for entry in &settings.overrides {
            let object = self.object(page, entry, &plan);
            plan.objects.push(object);
        }
        Some(plan)
    }

    fn off(&mut self, settings: &RuleSettings) -> Option<String> {
        let reason = settings
            .reason
            .as_ref()
            .filter(|reason| !reason.get_ref().trim().is_empty());
        match (&settings.enabled, reason) {
            (Some(enabled), None) if !enabled.get_ref() => {
                self.fail(
                    enabled,
                    "a rule that is off needs a reason",
                    "add `reason = \"…\"` beside it",
                );
                None
            }
            (Some(enabled), Some(reason)) if !enabled.get_ref() => Some(reason.get_ref().clone()),
            _ => None,
        }
    }

    fn object(&mut self, page: &Page, entry: &ObjectSettings, rule: &RulePlan) -> ObjectPlan {
        let mut values = rule.values.clone();
        self.params(page, &entry.params, &mut values);
        ObjectPlan {
            object: entry.object.get_ref().clone(),
            scope: entry.scope.clone(),
            severity: entry.severity.or(rule.severity),
            values,
        }
    }

    fn params(
        &mut self,
        page: &Page,
        given: &[(Spanned<String>, Spanned<toml::Value>)],
        values: &mut Values,
    ) {
        for (name, value) in given {
            let Some(param) = page.param(name.get_ref()) else {
                let known = page.params.iter().map(|param| param.name.as_str());
                let known = known.chain(["severity", "enabled", "reason", "for"]);
                let message = format!("rule `{}` has no parameter `{}`", page.id, name.get_ref());
                self.fail(name, message, suggest(name.get_ref(), known));
                continue;
            };
            match Value::read(param.value.kind(), value.get_ref()) {
                Ok(value) => {
                    values.insert(param.name.clone(), value);
                }
                Err(error) => {
                    let message = format!("`{}` of rule `{}`: {error}", param.name, page.id);
                    self.fail(value, message, format!("the default is {}", param.value));
                }
            }
        }
    }

    fn ignore(&mut self, ignore: &Ignore) -> IgnoreRule {
        let rule = ignore.rule.get_ref();
        if !self.pages.ids().any(|id| glob::matches(rule, id)) {
            let help = self.pages.suggest(rule);
            self.fail(&ignore.rule, format!("no rule `{rule}`"), help);
        }
        if ignore.reason.get_ref().trim().is_empty() {
            self.fail(
                &ignore.reason,
                "an ignored finding needs a reason",
                "say why it is accepted",
            );
        }
        IgnoreRule {
            rule: rule.clone(),
            object: ignore
                .object
                .as_ref()
                .map(|object| object.get_ref().clone()),
            scope: ignore.scope.clone(),
            reason: ignore.reason.get_ref().clone(),
            until: ignore.until,
            line: self.source.position(ignore.rule.span().start).0,
        }
    }

    fn fail<T>(&mut self, at: &Spanned<T>, message: impl Into<String>, help: impl Into<String>) {
        let error = self.source.error(at.span(), message);
        self.errors.push(error.help(help));
    }
}
