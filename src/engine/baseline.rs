//! Baselines: findings that were accepted once, so that only new ones fail.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::severity::Severity;

/// Number of the baseline format that this program writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

/// Keys of accepted findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Number of the format.
    pub format: u32,
    /// When it was written, RFC 3339.
    pub created_at: String,
    /// The findings, sorted by key.
    pub keys: Vec<Accepted>,
}

/// One accepted finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Its key.
    pub key: String,
    /// How bad it was then.
    pub severity: Severity,
}

impl Accepted {
    /// The rule that found it.
    pub fn rule(&self) -> &str {
        self.key.split(':').next().unwrap_or_default()
    }

    /// Whether it stands in a file that is one of these, told from the root. What else stands before
    /// a colon is asked for as well, since paths may have colons.
    pub fn is_in(&self, is: impl Fn(&str) -> bool) -> bool {
        let (_, rest) = self.key.split_once(':').unwrap_or_default();
        rest.match_indices(':').any(|(end, _)| is(&rest[..end]))
    }
}

/// A text that is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// Not JSON, or not of the right shape.
    #[error("{path} is no baseline ({reason}); write one with `pgtriage check --write-baseline`")]
    Unreadable {
        /// Path as it was given.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Written by a newer pgtriage.
    #[error(
        "baseline {path} has format {found}, and this pgtriage reads formats up to {FORMAT}; use a newer pgtriage or write the baseline again"
    )]
    Newer {
        /// Path as it was given.
        path: String,
        /// Format number in the file.
        found: u64,
    },
}

impl Baseline {
    /// The baseline that accepts these findings. `created_at` is RFC 3339.
    pub fn of<'a>(
        findings: impl IntoIterator<Item = &'a Finding>,
        created_at: impl Into<String>,
    ) -> Self {
        let mut keys: Vec<Accepted> = findings
            .into_iter()
            .map(|finding| Accepted {
                key: finding.key.clone(),
                severity: finding.severity,
            })
            .collect();
        keys.sort_by(|a, b| a.key.cmp(&b.key));
        Self {
            format: FORMAT,
            created_at: created_at.into(),
            keys,
        }
    }

    /// Adds what an earlier baseline accepts and `keeps` says, in so far as it is not here.
    #[must_use]
    pub fn with(mut self, earlier: Self, keeps: impl Fn(&Accepted) -> bool) -> Self {
        let here: HashSet<String> = self.keys.iter().map(|known| known.key.clone()).collect();
        let kept = earlier.keys.into_iter().filter(keeps);
        let kept = kept.filter(|accepted| !here.contains(&accepted.key));
        self.keys.extend(kept);
        self.keys.sort_by(|a, b| a.key.cmp(&b.key));
        self
    }

    /// Reads a baseline. Fields that this program doesn't know are passed over.
    pub fn parse(path: &str, text: &str) -> Result<Self, BaselineError> {
        let unreadable = |reason: String| BaselineError::Unreadable {
            path: path.to_owned(),
            reason,
        };
        let json: serde_json::Value =
            serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
        // The number comes first: a newer file may have another shape.
        let format = json.get("format").and_then(serde_json::Value::as_u64);
        let Some(found) = format else {
            return Err(unreadable("it has no `format`".to_owned()));
        };
        if found > u64::from(FORMAT) {
            return Err(BaselineError::Newer {
                path: path.to_owned(),
                found,
            });
        }
        serde_json::from_value(json).map_err(|error| unreadable(error.to_string()))
    }

    /// The baseline as JSON, one key a line, so that changes read well in version control.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("a baseline has string keys only");
        json.push('\n');
        json
    }

    /// Marks the findings that are new: not named here, or named as milder than they are now.
    pub(super) fn mark(&self, findings: &mut [Finding]) {
        let accepted: HashMap<&str, Severity> = self
            .keys
            .iter()
            .map(|accepted| (accepted.key.as_str(), accepted.severity))
            .collect();
        for finding in findings {
            let known = accepted.get(finding.key.as_str());
            finding.is_new = known.is_none_or(|severity| *severity < finding.severity);
        }
    }
}
