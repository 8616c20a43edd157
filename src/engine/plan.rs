//! What the settings mean for the pages at hand: every id, parameter and value checked.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use toml::Spanned;

use super::glob;
use super::page::Page;
use super::pages::Pages;
use super::params::Value;
use super::path_pattern::PathPattern;
use super::query::Values;
use super::row::Found;
use super::settings::{Ignore, ObjectSettings, RuleSettings, RulesSettings};
use super::severity::Severity;
use super::shared::of_family as shared_params;
use super::source::{Source, SourceError, suggest};

/// How each rule is to run, and which findings are accepted.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    rules: HashMap<String, RulePlan>,
    /// Parameters that pages of a family share, where the settings give them.
    families: HashMap<String, Values>,
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
    /// Pattern for the finding's object or fingerprint; `None`: any.
    pub object: Option<String>,
    /// Pattern for its database or server.
    pub scope: Option<String>,
    /// Pattern for its file.
    pub path: Option<PathPattern>,
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
    /// Pattern for its file; `None`: any, or none.
    pub path: Option<PathPattern>,
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
            off: page.off.clone(),
            values: values.collect::<BTreeMap<_, _>>(),
            ..Self::default()
        }
    }

    /// With what the settings give for the page's family.
    fn of_family(page: &Page, families: &HashMap<String, Values>) -> Self {
        let mut plan = Self::defaults(page);
        let given = families.get(page.family()).into_iter().flatten();
        for (name, value) in given {
            let shared = page.param(name).is_some_and(|param| param.is_shared);
            if shared {
                plan.values.insert(name.clone(), value.clone());
            }
        }
        plan
    }

    /// What holds for an object: the first entry that matches it.
    pub(super) fn object(&self, found: &Found) -> Option<&ObjectPlan> {
        self.objects.iter().find(|entry| {
            concerns(
                entry.object.as_deref(),
                entry.scope.as_deref(),
                entry.path.as_ref(),
                found,
            )
        })
    }
}

/// Do patterns fit a finding: its object or the name that its key ends with, its database or
/// server, its file?
pub(super) fn concerns(
    object: Option<&str>,
    scope: Option<&str>,
    path: Option<&PathPattern>,
    found: &Found,
) -> bool {
    let finding = &found.finding;
    let named =
        |pattern| glob::matches(pattern, &finding.object) || glob::matches(pattern, &found.name);
    let file = found.path.as_deref();
    object.is_none_or(named)
        && scope.is_none_or(|pattern| glob::matches(pattern, finding.scope.name()))
        && path.is_none_or(|pattern| file.is_some_and(|file| pattern.matches(file)))
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
            families: HashMap::new(),
            errors: Vec::new(),
        };
        let mut plan = Self::default();
        for (id, settings) in &rules.rules {
            if shared_params(id.get_ref()).is_empty() {
                continue;
            }
            let values = reader.family(id, settings);
            plan.families.insert(id.get_ref().clone(), values);
        }
        reader.families.clone_from(&plan.families);
        let of_rules = rules.rules.iter();
        for (id, settings) in of_rules.filter(|(id, _)| shared_params(id.get_ref()).is_empty()) {
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
        set.unwrap_or_else(|| RulePlan::of_family(page, &self.families))
    }

    /// A parameter that the pages of a family share, for what is worked out before they run.
    pub fn shared(&self, family: &str, name: &str) -> Option<Value> {
        let set = self.families.get(family).and_then(|set| set.get(name));
        let known = shared_params(family).iter();
        let default = || known.clone().find(|param| param.name == name);
        set.cloned()
            .or_else(|| default().map(|param| param.value.clone()))
    }
}

struct Reader<'a> {
    pages: &'a Pages,
    source: &'a Source,
    families: HashMap<String, Values>,
    errors: Vec<SourceError>,
}

impl Reader<'_> {
    fn rule(&mut self, id: &Spanned<String>, settings: &RuleSettings) -> Option<RulePlan> {
        let Some(page) = self.pages.get(id.get_ref()) else {
            let help = self.pages.suggest(id.get_ref());
            self.fail(id, format!("no rule `{}`", id.get_ref()), help);
            return None;
        };
        let mut plan = RulePlan::of_family(page, &self.families);
        plan.severity = settings.severity;
        plan.off = self.off(settings, page);
        self.params(page, &settings.params, &mut plan.values);
        for entry in &settings.overrides {
            let object = self.object(page, entry, &plan);
            plan.objects.push(object);
        }
        Some(plan)
    }

    /// `[rules.family]`: parameters that its pages share.
    fn family(&mut self, id: &Spanned<String>, settings: &RuleSettings) -> Values {
        let shared = shared_params(id.get_ref());
        if settings.enabled.is_some()
            || settings.severity.is_some()
            || !settings.overrides.is_empty()
        {
            let message = format!(
                "`{}` is a family of rules: it takes parameters only",
                id.get_ref()
            );
            self.fail(id, message, "set anything else for each rule");
        }
        let mut values = Values::new();
        for (name, value) in &settings.params {
            let Some(param) = shared.iter().find(|param| param.name == *name.get_ref()) else {
                let message = format!(
                    "rules of family `{}` share no parameter `{}`",
                    id.get_ref(),
                    name.get_ref()
                );
                let known = shared.iter().map(|param| param.name.as_str());
                self.fail(name, message, suggest(name.get_ref(), known));
                continue;
            };
            match Value::read(param.value.kind(), value.get_ref()) {
                Ok(value) => {
                    values.insert(param.name.clone(), value);
                }
                Err(error) => {
                    let message = format!("`{}` of family `{}`: {error}", param.name, id.get_ref());
                    self.fail(value, message, format!("the default is {}", param.value));
                }
            }
        }
        values
    }

    fn off(&mut self, settings: &RuleSettings, page: &Page) -> Option<String> {
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
            (Some(_), _) => None,
            (None, _) => page.off.clone(),
        }
    }

    fn object(&mut self, page: &Page, entry: &ObjectSettings, rule: &RulePlan) -> ObjectPlan {
        let mut values = rule.values.clone();
        self.params(page, &entry.params, &mut values);
        ObjectPlan {
            object: entry.object.as_ref().map(|object| object.get_ref().clone()),
            scope: entry.scope.clone(),
            path: entry.path.clone(),
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
            path: ignore.path.clone(),
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
