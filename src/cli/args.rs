//! Options that several commands share.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::conninfo::ConnInfoParser;
use crate::config::{
    ColorChoice, FailOn, NamedFile, OutputSettings, Settings, Size, SourceSettings, Time,
};
use crate::engine::Severity;

/// Options of every command that reads settings.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "General")]
pub struct General {
    /// Settings file; by default pgtriage.toml of this folder or the nearest above it
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(flatten)]
    pub voice: Voice,
}

/// How the program speaks.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "General")]
pub struct Voice {
    /// When to colour: auto, always or never
    #[arg(long, value_name = "WHEN", value_parser = words::<ColorChoice>(&ColorChoice::WORDS))]
    #[arg(hide_possible_values = true)]
    pub color: Option<ColorChoice>,
    /// Tell what was done, and what it cost
    #[arg(long, short, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Say nothing but errors and results
    #[arg(long, short)]
    pub quiet: bool,
}

/// A server to read.
#[allow(clippy::struct_excessive_bools, reason = "switches of a command line")]
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Server")]
pub struct Live {
    /// Server and database as psql takes them: a URI, key=value pairs or a name; without it the
    /// PG* variables decide. A password in it is kept out of the process list, but not out of the
    /// shell's history: use ~/.pgpass
    #[arg(long, short, value_name = "CONNINFO")]
    pub dbname: Option<String>,
    /// A standby of the same cluster; may be given several times
    #[arg(long, value_name = "CONNINFO")]
    pub standby: Vec<String>,
    /// Look into all databases of the server
    #[arg(long, conflicts_with = "database")]
    pub all_databases: bool,
    /// Look into this database; may be given several times
    #[arg(long, value_name = "NAME")]
    pub database: Vec<String>,
    /// Limit for each of our queries on the server [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = Time::from_str)]
    pub statement_timeout: Option<Time>,
    /// Keep literals of statements and values of statistics, which may be user data
    #[arg(long)]
    pub keep_literals: bool,
    /// Keep all of the planner's statistics, the ends of columns and the queries of views, so that
    /// statements can be planned from the facts alone: user data
    #[arg(long)]
    pub with_values: bool,
    /// Leave the server's own log alone, which is read over SQL where that is allowed
    #[arg(long)]
    pub no_remote_logs: bool,
}

/// Bloat, estimated from a sample of the tables.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Server")]
pub struct BloatSample {
    /// Read at most so much of the tables to estimate bloat [default: 256MB]
    #[arg(long, value_name = "SIZE", value_parser = Size::from_str)]
    pub bloat_limit: Option<Size>,
    /// Read at most so many blocks of a table for that; fewer where the estimate is sure before
    /// [default: 300]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(10..=100_000))]
    pub bloat_blocks: Option<u32>,
}

/// The same for commands that do it by themselves.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Server")]
pub struct BloatChoice {
    /// Do not estimate bloat, for which some blocks of each table are read
    #[arg(long, overrides_with = "bloat")]
    pub no_bloat: bool,
    /// Estimate bloat, even if pgtriage.toml says not to
    #[arg(long)]
    pub bloat: bool,
    #[command(flatten)]
    pub sample: BloatSample,
}

/// A snapshot file in place of a server.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Snapshot")]
pub struct Saved {
    /// Read this snapshot in place of a server
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "dbname", "standby", "all_databases", "database", "statement_timeout", "keep_literals", "with_values",
    ])]
    pub snapshot: Option<PathBuf>,
}

/// Files of facts, beside a server or snapshot or by themselves.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Files of facts")]
pub struct Offline {
    /// Schema as `pg_dump -s` writes it. Files may be packed (gzip, bzip2, xz, zstd, lz4), `-` is stdin; with
    /// files alone no server is contacted
    #[arg(long, value_name = "FILE")]
    pub schema: Option<PathBuf>,
    /// Rows of `pg_stat_statements` as JSON or CSV; each file is a sample, in the order given or by
    /// its `captured_at`
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub statements: Vec<PathBuf>,
    /// Script of statements, with `-- calls: N` before those that run often, or a folder of them; may be given
    /// several times
    #[arg(long, value_name = "PATH")]
    pub workload: Vec<PathBuf>,
    /// Rows of a view such as `pg_class`, `pg_stats`, `pg_stat_user_tables` or `pg_settings`, or of
    /// a facts table, as JSON or CSV; may be given several times
    #[arg(long, value_name = "NAME=FILE", value_parser = NamedFile::from_str)]
    pub facts: Vec<NamedFile>,
    /// Server logs: files, folders, `-` for stdin, in any format
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub logs: Vec<PathBuf>,
    /// `log_line_prefix` of these logs; by default it is found by the content
    #[arg(long, value_name = "PREFIX", requires = "logs")]
    pub log_prefix: Option<String>,
    /// Time zone of these logs, where their times do not say it in full [default: UTC]
    #[arg(long, value_name = "ZONE", requires = "logs")]
    pub log_timezone: Option<String>,
}

/// The server as an argument without an option.
#[derive(Debug, Clone, Default, Args)]
pub struct Positional {
    /// Server and database, recognized by its `=` or `://`
    #[arg(value_name = "CONNINFO", value_parser = ConnInfoParser)]
    #[arg(conflicts_with = "dbname")]
    pub conninfo: Option<String>,
}

/// Where results go.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct Output {
    /// Write the result to this file
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

impl Voice {
    /// As a layer of settings.
    pub fn settings(&self) -> Settings {
        Settings {
            output: OutputSettings { color: self.color },
            ..Settings::default()
        }
    }
}

impl Live {
    /// As a layer of settings, with the argument that needs no option.
    pub fn settings(
        &self,
        positional: Option<&Positional>,
        saved: Option<&Saved>,
        offline: &Offline,
    ) -> SourceSettings {
        let given = positional.and_then(|positional| positional.conninfo.clone());
        SourceSettings {
            dbname: given.or_else(|| self.dbname.clone()),
            snapshot: saved.and_then(|saved| saved.snapshot.clone()),
            schema: offline.schema.clone(),
            statements: some(&offline.statements),
            workload: some(&offline.workload),
            facts: some(&offline.facts),
            logs: some(&offline.logs),
            log_prefix: offline.log_prefix.clone(),
            log_timezone: offline.log_timezone.clone(),
            remote_logs: self.no_remote_logs.then_some(false),
            standby: some(&self.standby),
            database: some(&self.database),
            all_databases: self.all_databases.then_some(true),
            statement_timeout: self.statement_timeout,
            keep_literals: self.keep_literals.then_some(true),
            with_values: self.with_values.then_some(true),
            ..SourceSettings::default()
        }
    }
}

impl BloatSample {
    /// Sets what was given.
    pub fn set(&self, settings: &mut SourceSettings) {
        settings.bloat_limit = self.bloat_limit;
        settings.bloat_blocks = self.bloat_blocks;
    }
}

impl BloatChoice {
    /// Sets what was given.
    pub fn set(&self, settings: &mut SourceSettings) {
        settings.bloat = match (self.bloat, self.no_bloat) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
        self.sample.set(settings);
    }
}

/// A list, where something is in it.
fn some<T: Clone>(list: &[T]) -> Option<Vec<T>> {
    (!list.is_empty()).then(|| list.to_vec())
}

/// A parser for one of some words, which are named in errors and completions.
pub fn words<T: FromStr + Clone + Send + Sync + 'static>(
    words: &'static [&'static str],
) -> impl TypedValueParser<Value = T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| word.parse::<T>())
}

/// A parser for a severity.
pub fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(["error", "warning", "info"]).try_map(|word| word.parse::<Severity>())
}

/// A parser for `--fail-on`.
pub fn fail_on() -> impl TypedValueParser<Value = FailOn> {
    words::<FailOn>(&FailOn::WORDS)
}
