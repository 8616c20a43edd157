//! What findings mean for the exit code: options and steps that `check` and `lint` share.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::Args;
use jiff::Timestamp;

use super::args;
use super::say::Say;
use crate::config::FailOn;
use crate::engine::{Accepted, Baseline, BaselineError, Outcome, Severity};

/// Which findings are told.
#[derive(Debug, Args)]
#[command(next_help_heading = "Findings")]
pub struct Choice {
    /// Run only this rule, an id or a pattern (`index/*`); may be given several times
    #[arg(long, value_name = "ID")]
    pub rule: Vec<String>,
    /// Leave milder findings out [default: info]
    #[arg(long, value_name = "SEVERITY", value_parser = args::severity())]
    pub min_severity: Option<Severity>,
    /// List at most so many findings, the gravest
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

/// Which findings fail.
#[derive(Debug, Args)]
#[command(next_help_heading = "Verdict")]
pub struct Verdict {
    /// Findings from this severity on make the exit code 1 [default: error]
    #[arg(long, value_name = "SEVERITY", value_parser = args::fail_on())]
    pub fail_on: Option<FailOn>,
    /// Findings that this file names are known: they are not listed and never fail
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write all findings to this file, to be known from now on; the exit code is 0
    #[arg(long, value_name = "FILE", conflicts_with = "rule")]
    pub write_baseline: Option<PathBuf>,
}

impl Verdict {
    /// Writes the baseline that was asked for. Of what the file accepted before, that stays which
    /// this run says nothing of.
    pub fn write(
        &self,
        outcome: &Outcome,
        stays: impl Fn(&Accepted) -> bool,
        say: Say,
    ) -> anyhow::Result<()> {
        let Some(path) = &self.write_baseline else {
            return Ok(());
        };
        let mut baseline = Baseline::of(&outcome.findings, Timestamp::now().to_string());
        if let Some(earlier) = earlier(path)? {
            baseline = baseline.with(earlier, stays);
        }
        std::fs::write(path, baseline.to_json())
            .with_context(|| format!("cannot write {}", path.display()))?;
        let found = outcome.findings.len();
        let kept = match baseline.keys.len().saturating_sub(found) {
            0 => String::new(),
            kept => format!(", and {kept} of before that this run says nothing of"),
        };
        let path = path.display();
        say.note(&format!(
            "{found} findings are known from now on{kept}: {path}"
        ));
        Ok(())
    }

    /// Do the findings fail? Those that become known do not.
    pub fn fails(&self, outcome: &Outcome, fail_on: FailOn) -> bool {
        let severity = fail_on.severity();
        self.write_baseline.is_none() && severity.is_some_and(|severity| outcome.fails(severity))
    }
}

/// The baseline that a file holds before it is written; none: there is no file.
fn earlier(path: &Path) -> anyhow::Result<Option<Baseline>> {
    let shown = path.display();
    let text = match std::fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => return Ok(None),
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(anyhow!("cannot read {shown}: {error}")),
    };
    match Baseline::parse(&shown.to_string(), &text) {
        Ok(baseline) => Ok(Some(baseline)),
        Err(BaselineError::Unreadable { reason, .. }) => Err(anyhow!(
            "{shown} is no baseline ({reason}), so nothing is written over it; name another file, or delete it"
        )),
        Err(error) => Err(error.into()),
    }
}

/// Reads a baseline; `command` is the one that would write it.
pub fn read_baseline(path: Option<&Path>, command: &str) -> anyhow::Result<Option<Baseline>> {
    let Some(path) = path else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        anyhow!(
            "cannot read baseline {}: {error}; write one with `pgtriage {command} --write-baseline FILE`",
            path.display()
        )
    })?;
    Ok(Some(Baseline::parse(&path.display().to_string(), &text)?))
}
