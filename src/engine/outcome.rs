//! What a run gives to reports and the UI.

use super::finding::Finding;
use super::needs::Gap;
use super::severity::Severity;
use super::suppress::{Ignored, StaleIgnore};

/// The result of a run.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Findings, gravest first.
    pub findings: Vec<Finding>,
    /// Rules that did not run, by id.
    pub skipped: Vec<Skipped>,
    /// Objects that a rule could not judge, by rule and reason.
    pub unjudged: Vec<Unjudged>,
    /// Findings that the settings accept.
    pub ignored: Vec<Ignored>,
    /// Entries of `[[ignore]]` that are expired or match nothing.
    pub stale_ignores: Vec<StaleIgnore>,
    /// All rules that were asked for, by id.
    pub rules: Vec<RuleRun>,
    /// Keys of the baseline that are no longer found, though their rule ran.
    pub resolved: Vec<String>,
}

/// A rule that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleRun {
    /// Its id.
    pub id: String,
    /// Title of its page.
    pub title: String,
    /// Severity that its findings have by default.
    pub severity: Severity,
    /// `builtin`, or the path of the user's page.
    pub source: String,
    /// What became of it.
    pub status: Status,
    /// Findings it gave, ignored ones left out.
    pub finding_count: usize,
    /// Time of its queries, ms; `None` without a clock.
    pub elapsed_ms: Option<f64>,
}

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Its query ran.
    Run,
    /// It could not run.
    Skipped,
    /// The settings switch it off.
    Off,
}

impl Status {
    /// The word in the facts table `rules`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Skipped => "skipped",
            Self::Off => "off",
        }
    }
}

/// A rule that did not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its id.
    pub rule: String,
    /// Sort of reason.
    pub kind: SkipKind,
    /// Reason, a sentence fragment.
    pub because: String,
    /// Statement or setting that would let it run.
    pub remedy: Option<String>,
}

/// Sorts of reason for which a rule does not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipKind {
    /// Facts that it needs are missing.
    MissingFacts,
    /// The servers' versions are not among those it applies to.
    NotApplicable,
    /// Its query failed.
    Failed,
}

/// Objects that a rule could not judge for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unjudged {
    /// Id of the rule.
    pub rule: String,
    /// Reason and remedy.
    pub gap: Gap,
    /// The objects, databases or servers, sorted.
    pub objects: Vec<String>,
}

impl Outcome {
    /// Number of findings of each severity: info, warning, error.
    pub fn counts(&self) -> [(Severity, usize); 3] {
        Severity::ALL.map(|severity| {
            let of = |finding: &&Finding| finding.severity == severity;
            (severity, self.findings.iter().filter(of).count())
        })
    }

    /// Number of rules with a status.
    pub fn rules_with(&self, status: Status) -> usize {
        self.rules
            .iter()
            .filter(|rule| rule.status == status)
            .count()
    }

    /// Is a finding new and at or above this severity? That is what `--fail-on` asks.
    pub fn fails(&self, at: Severity) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.is_new && finding.severity >= at)
    }
}
