//! `pgtriage lint`: findings in files of migrations.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args as ClapArgs;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::args::{General, Live, Offline, Output, Saved};
use super::context::Context;
use super::exit::Exit;
use super::verdict::{Choice, Verdict, read_baseline};
use super::what_if::shadow::Programs;
use super::{lint_facts, lint_files, lint_fix, lint_trace, verbose};
use crate::config::{FailOn, LintSettings, MODES, Settings};
use crate::engine::{Accepted, Selection, Severity};
use crate::facts::Store;
use crate::parse::migration::{Layout, Mode};
use crate::report::{Files, Filter, Format, Server, View};

/// Family of the rules that judge migrations.
pub const FAMILY: &str = "migration";

/// Say what migrations would do to a database, before they do it
///
/// Files are read, nothing is run, unless --trace names a server for that. Without a path the
/// migrations of the current folder are linted. Of a single file the folder is read too: earlier
/// migrations say what is there when it runs.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Exit codes: 0 done, 1 findings at or above --fail-on or, with --trace, a difference, 2 usage,
configuration, an unreadable file or nothing to lint, 3 no connection. docs/lint.md describes layouts,
marks and rules of transactions.")]
pub struct Args {
    /// Files and folders; `-` is stdin
    #[arg(value_name = "PATH")]
    pub path: Vec<PathBuf>,
    /// Read stdin as a file of this name; its folder is read beside it
    #[arg(long, value_name = "PATH", help_heading = "Files")]
    pub stdin_name: Option<String>,
    /// Lint only what changed since the commit that this revision and HEAD have in common
    // What is gone with files that are deleted would stay in the baseline.
    #[arg(
        long,
        value_name = "REVISION",
        help_heading = "Files",
        conflicts_with = "write_baseline"
    )]
    pub changed_since: Option<String>,
    /// Whose form the files have [default: known by their marks]
    #[arg(long, value_name = "NAME", value_parser = layout(), help_heading = "Files")]
    pub layout: Option<Layout>,
    /// How files are run that do not say it themselves [default: as their layout does]
    #[arg(long, value_name = "HOW", value_parser = mode(), help_heading = "Files")]
    pub transaction: Option<Mode>,
    /// Major version of the server [default: that of snapshot or server, else what holds for all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(9..100))]
    #[arg(help_heading = "Facts")]
    pub pg_version: Option<u32>,
    /// Database that the migrations are for, where there are facts of several
    #[arg(long, value_name = "NAME", help_heading = "Facts")]
    pub for_database: Option<String>,
    #[command(flatten)]
    pub live: Live,
    #[command(flatten)]
    saved: Saved,
    #[command(flatten)]
    pub offline: Offline,
    #[command(flatten)]
    pub programs: Programs,
    #[command(flatten)]
    pub trace: lint_trace::Tracing,
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    pub verdict: Verdict,
    /// Write the safe form where it does the same; says what changes as a diff
    #[arg(long, help_heading = "Fixes", conflicts_with_all = ["stdin_name", "write_baseline"])]
    fix: bool,
    /// Only say what --fix would change
    #[arg(long, help_heading = "Fixes", requires = "fix")]
    pub dry_run: bool,
    /// How to print the findings
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub format: Format,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub general: General,
}

/// Words for layouts.
pub fn layout() -> impl TypedValueParser<Value = Layout> {
    let words = Layout::WORDS.map(|(word, _)| word);
    PossibleValuesParser::new(words).try_map(|word| named(&word, &Layout::WORDS))
}

fn mode() -> impl TypedValueParser<Value = Mode> {
    let words = MODES.map(|(word, _)| word);
    PossibleValuesParser::new(words).try_map(|word| named(&word, &MODES))
}

/// What a word of a list stands for.
fn named<T: Copy>(word: &str, words: &[(&str, T)]) -> Result<T, String> {
    let found = words.iter().find(|(known, _)| *known == word);
    found
        .map(|(_, value)| *value)
        .ok_or_else(|| "no such word".to_owned())
}

impl Args {
    fn settings(&self) -> Settings {
        Settings {
            source: self.live.settings(None, Some(&self.saved), &self.offline),
            lint: LintSettings {
                pg_version: self.pg_version,
                min_severity: self.choice.min_severity,
                fail_on: self.verdict.fail_on,
                baseline: self.verdict.baseline.clone(),
                ..LintSettings::default()
            },
            ..Settings::default()
        }
    }
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let context = Context::new(&args.general, args.settings())?;
    let settings = &context.settings.lint;
    let rules = context.rules()?;
    let selection = Selection {
        rules: args.choice.rule.clone(),
        families: vec![FAMILY.to_owned()],
    };
    rules
        .pages
        .check_selection(&selection)
        .map_err(|message| anyhow!(message))?;
    let baseline = read_baseline(settings.baseline.as_deref(), "lint")?;
    if args.fix {
        let severity = settings.min_severity.unwrap_or(Severity::Info);
        let judge = |store: &mut Store| rules.judge(store, selection.clone(), baseline.as_ref());
        return lint_fix::run(args, &context, severity, &judge);
    }
    let read = lint_files::read(args, &context)?;
    if args.trace.trace.is_some() {
        return lint_trace::run(args, &context, &read);
    }
    let mut store = lint_facts::filled(args, &context, &read.files)?;
    let outcome = rules.judge_once(&mut store, selection, baseline.as_ref())?;
    verbose::rules(&outcome, context.say);
    let server = Server::read(&store)?;
    let filter = Filter {
        min_severity: settings.min_severity.unwrap_or(Severity::Info),
        limit: args.choice.limit,
        known: baseline.is_none() || args.format.marks_known(),
        verbose: context.say.is_verbose(),
    };
    let mut files = Files::new(context.report_root()?);
    for file in &read.files {
        files.add(&file.path, &file.text, file.is_judged);
    }
    let fail_on = settings.fail_on.unwrap_or(FailOn::At(Severity::Error));
    let family = format!("{FAMILY}/");
    let mut view = View::new(&outcome, &server, filter)
        .in_files(files)
        .of_pages(&rules.pages)
        .failing_from(fail_on.severity());
    let has_server = args.live.dbname.is_some() || context.settings.source.snapshot.is_some();
    // That a run without a server knows no queries is no news, unless the rule was asked for.
    if !has_server && args.choice.rule.is_empty() {
        view = view.without_missing();
    }
    let out = context.out(args.output.output.as_deref());
    let text = args.format.render(&view, out.style, out.columns);
    let covered = lint_files::covered(args, &context, &read)?;
    let stays =
        |accepted: &Accepted| !accepted.rule().starts_with(&family) || !accepted.is_in(&covered);
    args.verdict.write(&outcome, stays, context.say)?;
    out.write(&text)?;
    for file in &read.unreadable {
        context.say.error(file);
    }
    if !read.unreadable.is_empty() {
        return Ok(Exit::Usage);
    }
    if args.verdict.fails(&outcome, fail_on) {
        return Ok(Exit::Findings);
    }
    Ok(Exit::Done)
}
