//! Everything that can be set, in file, environment or flags.

use std::path::PathBuf;

use serde::Deserialize;

use super::lint::LintSettings;
use super::values::{ColorChoice, Cores, FailOn, NamedFile, Size, StorageWord, ThemeWord, Time};
use crate::engine::Severity;

/// One layer of settings, or several merged.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where facts come from.
    pub source: SourceSettings,
    /// What `check` reports.
    pub check: CheckSettings,
    /// How migrations are linted.
    pub lint: LintSettings,
    /// How output looks.
    pub output: OutputSettings,
    /// The terminal UI.
    pub ui: UiSettings,
    /// The machine of the server.
    pub machine: MachineSettings,
}

/// Where facts come from: `[source]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SourceSettings {
    /// Connection string of the server.
    pub dbname: Option<String>,
    /// Snapshot file, in place of a server.
    pub snapshot: Option<PathBuf>,
    /// Schema as SQL.
    pub schema: Option<PathBuf>,
    /// Files with rows of `pg_stat_statements`.
    pub statements: Option<Vec<PathBuf>>,
    /// Scripts of statements.
    pub workload: Option<Vec<PathBuf>>,
    /// Files with rows of other views.
    pub facts: Option<Vec<NamedFile>>,
    /// Server logs.
    pub logs: Option<Vec<PathBuf>>,
    /// Their `log_line_prefix`.
    pub log_prefix: Option<String>,
    /// Their time zone, where their times do not say it in full.
    pub log_timezone: Option<String>,
    /// Read the server's own log over SQL, where that is allowed.
    pub remote_logs: Option<bool>,
    /// Connection strings of further nodes of its cluster.
    pub standby: Option<Vec<String>>,
    /// Databases to look into.
    pub database: Option<Vec<String>>,
    /// Look into all databases.
    pub all_databases: Option<bool>,
    /// Limit for one query on the server.
    pub statement_timeout: Option<Time>,
    /// Keep literals of statements and values of statistics.
    pub keep_literals: Option<bool>,
    /// Read all statistics and the ends of columns, with their values.
    pub with_values: Option<bool>,
    /// Estimate bloat from a sample of the tables, where a command does that by itself.
    pub bloat: Option<bool>,
    /// Read at most so much for that.
    pub bloat_limit: Option<Size>,
    /// Read at most so many blocks of a table for that.
    pub bloat_blocks: Option<u32>,
}

/// The machine that the server runs on, where it does not show that itself: `[machine]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MachineSettings {
    /// Cores that the server may use.
    pub cores: Option<Cores>,
    /// Memory that it may use.
    pub memory: Option<Size>,
    /// What its data lie on.
    pub storage: Option<StorageWord>,
    /// Size of the file system of its data.
    pub disk: Option<Size>,
}

/// What `check` reports: `[check]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CheckSettings {
    /// Findings below are not shown.
    pub min_severity: Option<Severity>,
    /// Findings from here on make the exit code 1.
    pub fail_on: Option<FailOn>,
    /// File with accepted findings.
    pub baseline: Option<PathBuf>,
    /// Facts that are missing are a failure.
    pub strict: Option<bool>,
}

/// How output looks: `[output]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutputSettings {
    /// When to colour.
    pub color: Option<ColorChoice>,
}

/// The terminal UI: `[ui]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UiSettings {
    /// Time between two readings of the server.
    pub refresh: Option<Time>,
    /// Colours.
    pub theme: Option<ThemeWord>,
    /// Draw with ASCII only.
    pub ascii: Option<bool>,
    /// Take the mouse.
    pub mouse: Option<bool>,
}

impl Settings {
    /// These settings where they are given, else those of a lower layer.
    #[must_use]
    pub fn or(self, lower: Self) -> Self {
        Self {
            source: self.source.or(lower.source),
            check: CheckSettings {
                min_severity: self.check.min_severity.or(lower.check.min_severity),
                fail_on: self.check.fail_on.or(lower.check.fail_on),
                baseline: self.check.baseline.or(lower.check.baseline),
                strict: self.check.strict.or(lower.check.strict),
            },
            lint: self.lint.or(lower.lint),
            output: OutputSettings {
                color: self.output.color.or(lower.output.color),
            },
            ui: UiSettings {
                refresh: self.ui.refresh.or(lower.ui.refresh),
                theme: self.ui.theme.or(lower.ui.theme),
                ascii: self.ui.ascii.or(lower.ui.ascii),
                mouse: self.ui.mouse.or(lower.ui.mouse),
            },
            machine: MachineSettings {
                cores: self.machine.cores.or(lower.machine.cores),
                memory: self.machine.memory.or(lower.machine.memory),
                storage: self.machine.storage.or(lower.machine.storage),
                disk: self.machine.disk.or(lower.machine.disk),
            },
        }
    }
}

impl SourceSettings {
    /// Whether files of facts are given.
    pub fn has_files(&self) -> bool {
        let lists = [&self.statements, &self.workload, &self.logs];
        self.schema.is_some() || self.facts.is_some() || lists.into_iter().any(Option::is_some)
    }

    /// What belongs together is replaced together: a snapshot stands in place of a server, files
    /// by themselves in place of both, and named databases in place of all.
    fn or(self, lower: Self) -> Self {
        let alone = self.has_files();
        let (dbname, snapshot) = match (self.dbname, self.snapshot) {
            (None, None) if alone => (None, None),
            (None, None) => (lower.dbname, lower.snapshot),
            given => given,
        };
        let (database, all_databases) = match (self.database, self.all_databases) {
            (None, None) => (lower.database, lower.all_databases),
            given => given,
        };
        Self {
            dbname,
            snapshot,
            database,
            all_databases,
            schema: self.schema.or(lower.schema),
            statements: self.statements.or(lower.statements),
            workload: self.workload.or(lower.workload),
            facts: self.facts.or(lower.facts),
            logs: self.logs.or(lower.logs),
            log_prefix: self.log_prefix.or(lower.log_prefix),
            log_timezone: self.log_timezone.or(lower.log_timezone),
            remote_logs: self.remote_logs.or(lower.remote_logs),
            standby: self.standby.or(lower.standby),
            statement_timeout: self.statement_timeout.or(lower.statement_timeout),
            keep_literals: self.keep_literals.or(lower.keep_literals),
            with_values: self.with_values.or(lower.with_values),
            bloat: self.bloat.or(lower.bloat),
            bloat_limit: self.bloat_limit.or(lower.bloat_limit),
            bloat_blocks: self.bloat_blocks.or(lower.bloat_blocks),
        }
    }
}
