//! The part of an outcome that a report shows.

use super::files::Files;
use super::server::Server;
use crate::engine::{Finding, Outcome, Pages, Scope, Severity};

/// What the user wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// Findings below are left out.
    pub min_severity: Severity,
    /// Most findings that are listed.
    pub limit: Option<usize>,
    /// List what the baseline names, too.
    pub known: bool,
    /// Say everything: rules that don't apply, ignored findings one by one.
    pub verbose: bool,
}

/// An outcome and what to show of it.
#[derive(Debug)]
pub struct View<'a> {
    /// All of it.
    pub outcome: &'a Outcome,
    /// Where the facts are from.
    pub server: &'a Server,
    /// What to show.
    pub filter: Filter,
    /// Findings to list, gravest first.
    pub findings: Vec<&'a Finding>,
    /// Findings that are too mild.
    pub milder: usize,
    /// Findings that the baseline names and that are not listed.
    pub known: usize,
    /// Findings beyond the limit.
    pub beyond: usize,
    /// The files that findings stand in.
    pub files: Option<Files<'a>>,
    /// Rule pages, for formats that tell what a rule says.
    pub pages: Option<&'a Pages>,
    /// Findings from here on fail; `None`: none do.
    pub fails_from: Option<Severity>,
    /// Tell of rules that need facts which are missing. JSON and SARIF always do.
    pub missing: bool,
}

impl<'a> View<'a> {
    /// Chooses what to show.
    pub fn new(outcome: &'a Outcome, server: &'a Server, filter: Filter) -> Self {
        let (grave, milder): (Vec<_>, Vec<_>) = outcome
            .findings
            .iter()
            .partition(|finding| finding.severity >= filter.min_severity);
        let (mut findings, known): (Vec<_>, Vec<_>) = grave
            .into_iter()
            .partition(|finding| filter.known || finding.is_new);
        let limit = filter.limit.unwrap_or(usize::MAX).min(findings.len());
        let beyond = findings.split_off(limit).len();
        Self {
            outcome,
            server,
            filter,
            findings,
            milder: milder.len(),
            known: known.len(),
            beyond,
            files: None,
            pages: None,
            fails_from: Some(Severity::Error),
            missing: true,
        }
    }

    /// With the files that findings stand in.
    #[must_use]
    pub fn in_files(mut self, files: Files<'a>) -> Self {
        self.files = Some(files);
        self
    }

    /// With the pages of rules.
    #[must_use]
    pub fn of_pages(mut self, pages: &'a Pages) -> Self {
        self.pages = Some(pages);
        self
    }

    /// With the severity from which on findings fail.
    #[must_use]
    pub fn failing_from(mut self, severity: Option<Severity>) -> Self {
        self.fails_from = severity;
        self
    }

    /// Where nobody meant to give the facts that some rules need: only a verbose report tells of them.
    #[must_use]
    pub fn without_missing(mut self) -> Self {
        self.missing = self.filter.verbose;
        self
    }

    /// Is a finding one that makes a check fail?
    pub fn fails(&self, finding: &Finding) -> bool {
        finding.is_new && self.fails_from.is_some_and(|from| finding.severity >= from)
    }

    /// The finding's object, with its database or server where there are several.
    pub fn object(&self, finding: &Finding) -> String {
        let several = match &finding.scope {
            Scope::Database(_) => self.server.databases.len() > 1,
            Scope::Node(_) => self.server.nodes.len() > 1,
        };
        if several {
            format!("{}: {}", finding.scope.name(), finding.object)
        } else {
            finding.object.clone()
        }
    }

    /// Title of the finding's rule.
    pub fn title(&self, finding: &Finding) -> &'a str {
        let mut rules = self.outcome.rules.iter();
        let rule = rules.find(|rule| rule.id == finding.rule);
        rule.map_or("", |rule| rule.title.as_str())
    }
}
