//! Baselines: findings that were accepted once, so that only new ones fail.

use std::collections::HashMap;

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
