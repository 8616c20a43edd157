//! `pgtriage check`: findings once.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::Args as ClapArgs;
use jiff::Timestamp;

use super::args::{self, General, Live, Offline, Output, Positional, Saved};
use super::context::{Context, Rules};
use super::exit::{Exit, Partial};
use super::source::Source;
use super::verbose;
use crate::config::{CheckSettings, FailOn, Settings};
use crate::engine::{Baseline, Outcome, Selection, Severity, SkipKind};
use crate::facts::Store;
use crate::report::{Filter, Format, Server, View, table};

/// Judge a server or a snapshot once and print the findings
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Exit codes: 0 done, 1 findings at or above --fail-on, 2 usage, configuration or an unreadable file,
3 no connection or, with --strict, facts that are missing.")]
pub struct Args {
    #[command(flatten)]
    positional: Positional,
    #[command(flatten)]
    live: Live,
    #[command(flatten)]
    saved: Saved,
    #[command(flatten)]
    offline: Offline,
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    verdict: Verdict,
    /// How to print the findings
    #[arg(long, value_enum, default_value = "table", help_heading = "Output")]
    format: Format,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    pub general: General,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Findings")]
struct Choice {
    /// Run only this rule, an id or a pattern (`index/*`); may be given several times
    #[arg(long, value_name = "ID")]
    rule: Vec<String>,
    /// Run only the rules of this family; may be given several times
    #[arg(long, value_name = "NAME")]
    family: Vec<String>,
    /// Leave milder findings out [default: info]
    #[arg(long, value_name = "SEVERITY", value_parser = args::severity())]
    min_severity: Option<Severity>,
    /// List at most so many findings, the gravest
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Verdict")]
struct Verdict {
    /// Findings from this severity on make the exit code 1 [default: error]
    #[arg(long, value_name = "SEVERITY", value_parser = args::fail_on())]
    fail_on: Option<FailOn>,
    /// Findings that this file names are known: they are not listed and never fail
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings to this file, to be known from now on; the exit code is 0
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rule", "family"])]
    write_baseline: Option<PathBuf>,
    /// Facts that are missing make the exit code 3
    #[arg(long)]
    strict: bool,
}

impl Args {
    fn settings(&self) -> Settings {
        let source = self
            .live
            .settings(Some(&self.positional), Some(&self.saved), &self.offline);
        Settings {
            source,
            check: CheckSettings {
                min_severity: self.choice.min_severity,
                fail_on: self.verdict.fail_on,
                baseline: self.verdict.baseline.clone(),
                strict: self.verdict.strict.then_some(true),
            },
            ..Settings::default()
        }
    }
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let context = Context::new(&args.general, args.settings())?;
    let settings = &context.settings.check;
    let rules = context.rules()?;
    let selection = Selection {
        rules: args.choice.rule.clone(),
        families: args.choice.family.clone(),
    };
    rules
        .pages
        .check_selection(&selection)
        .map_err(|message| anyhow!(message))?;
    let baseline = settings
        .baseline
        .as_deref()
        .map(read_baseline)
        .transpose()?;
    let mut store = Source::new(&context.settings.source)?.load(&context)?;
    let outcome = rules.judge(&mut store, selection, baseline.as_ref())?;
    verbose::collections(&store, context.say)?;
    verbose::rules(&outcome, context.say);
    let server = Server::read(&store)?;
    let view = View::new(
        &outcome,
        &server,
        Filter {
            min_severity: settings.min_severity.unwrap_or(Severity::Info),
            limit: args.choice.limit,
            known: baseline.is_none() || args.format.marks_known(),
            verbose: context.say.is_verbose(),
        },
    );
    let view = view
        .of_pages(&rules.pages)
        .failing_from(fail_on(settings).severity());
    let out = context.out(args.output.output.as_deref());
    let text = args.format.render(&view, out.style, out.columns);
    // A baseline is written even if nobody reads the report to its end.
    if let Some(path) = &args.verdict.write_baseline {
        write_baseline(path, &outcome)?;
        context.say.note(&format!(
            "{} findings are known from now on: {}",
            outcome.findings.len(),
            path.display()
        ));
    }
    out.write(&text)?;
    verdict(args, &context, &outcome)
}

/// Prints all findings as a table, for commands that would show a screen if there were one.
pub fn print(context: &Context, rules: &Rules, store: &mut Store) -> anyhow::Result<()> {
    let outcome = rules.judge(store, Selection::default(), None)?;
    let server = Server::read(store)?;
    let filter = Filter {
        min_severity: Severity::Info,
        limit: None,
        known: true,
        verbose: context.say.is_verbose(),
    };
    let out = context.out(None);
    let view = View::new(&outcome, &server, filter);
    out.write(&table::render(&view, out.style, out.columns))
}

fn verdict(args: &Args, context: &Context, outcome: &Outcome) -> anyhow::Result<Exit> {
    let settings = &context.settings.check;
    let fails = fail_on(settings)
        .severity()
        .is_some_and(|severity| outcome.fails(severity));
    if fails && args.verdict.write_baseline.is_none() {
        return Ok(Exit::Findings);
    }
    if settings.strict == Some(true) && is_partial(outcome) {
        return Err(Partial.into());
    }
    Ok(Exit::Done)
}

fn fail_on(settings: &CheckSettings) -> FailOn {
    settings.fail_on.unwrap_or(FailOn::At(Severity::Error))
}

/// Could some rule not judge all that it applies to?
fn is_partial(outcome: &Outcome) -> bool {
    let skipped = |kind| kind != SkipKind::NotApplicable;
    !outcome.unjudged.is_empty() || outcome.skipped.iter().any(|rule| skipped(rule.kind))
}

fn read_baseline(path: &Path) -> anyhow::Result<Baseline> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        anyhow!(
            "cannot read baseline {}: {error}; write one with `pgtriage check --write-baseline FILE`",
            path.display()
        )
    })?;
    Ok(Baseline::parse(&path.display().to_string(), &text)?)
}

fn write_baseline(path: &Path, outcome: &Outcome) -> anyhow::Result<()> {
    let baseline = Baseline::of(&outcome.findings, Timestamp::now().to_string());
    std::fs::write(path, baseline.to_json())
        .with_context(|| format!("cannot write {}", path.display()))
}
