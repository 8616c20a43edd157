//! What findings mean for the exit code: options and steps that `check` and `lint` share.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::Args;
use jiff::Timestamp;

use super::args;
use super::say::Say;
use crate::config::FailOn;
use crate::engine::{Baseline, Outcome, Severity};

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
    /// Writes the baseline that was asked for.
    pub fn write(&self, outcome: &Outcome, say: Say) -> anyhow::Result<()> {
        let Some(path) = &self.write_baseline else {
            return Ok(());
        };
        let baseline = Baseline::of(&outcome.findings, Timestamp::now().to_string());
        std::fs::write(path, baseline.to_json())
            .with_context(|| format!("cannot write {}", path.display()))?;
        say.note(&format!(
            "{} findings are known from now on: {}",
            outcome.findings.len(),
            path.display()
        ));
        Ok(())
    }

    /// Do the findings fail? Those that become known do not.
    pub fn fails(&self, outcome: &Outcome, fail_on: FailOn) -> bool {
        let severity = fail_on.severity();
        self.write_baseline.is_none() && severity.is_some_and(|severity| outcome.fails(severity))
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
