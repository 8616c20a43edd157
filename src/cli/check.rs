//! `pgtriage check`: findings once.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args as ClapArgs;

use super::args::{BloatChoice, General, Live, Offline, Output, Positional, Saved};
use super::context::{Context, Rules};
use super::exit::{Exit, Partial};
use super::lint::{FAMILY, layout};
use super::machine::Machine;
use super::since::Since;
use super::source::Source;
use super::verdict::{Choice, Verdict, read_baseline};
use super::{check_write, verbose};
use crate::config::{CheckSettings, FailOn, Settings};
use crate::engine::{Accepted, Outcome, Selection, Severity, SkipKind};
use crate::facts::Store;
use crate::parse::migration::Layout;
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
    bloat: BloatChoice,
    #[command(flatten)]
    machine: Machine,
    #[command(flatten)]
    saved: Saved,
    #[command(flatten)]
    offline: Offline,
    #[command(flatten)]
    since: Since,
    #[command(flatten)]
    choice: Choice,
    /// Run only the rules of this family; may be given several times
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Findings",
        conflicts_with = "write_baseline"
    )]
    family: Vec<String>,
    #[command(flatten)]
    verdict: Verdict,
    /// Facts that are missing make the exit code 3
    #[arg(long, help_heading = "Verdict")]
    strict: bool,
    /// Write what mends the findings as migrations into this folder
    #[arg(long, value_name = "DIR", help_heading = "Fixes")]
    write: Option<PathBuf>,
    /// Whose form the migrations get [default: sql]
    #[arg(long, value_name = "NAME", value_parser = layout(), requires = "write")]
    #[arg(help_heading = "Fixes")]
    layout: Option<Layout>,
    /// How to print the findings
    #[arg(long, value_enum, default_value = "table", help_heading = "Output")]
    format: Format,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    pub general: General,
}

impl Args {
    fn settings(&self) -> Settings {
        let mut source =
            self.live
                .settings(Some(&self.positional), Some(&self.saved), &self.offline);
        self.bloat.set(&mut source);
        Settings {
            source,
            check: CheckSettings {
                min_severity: self.choice.min_severity,
                fail_on: self.verdict.fail_on,
                baseline: self.verdict.baseline.clone(),
                strict: self.strict.then_some(true),
            },
            machine: self.machine.settings(),
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
        families: args.family.clone(),
    };
    rules
        .pages
        .check_selection(&selection)
        .map_err(|message| anyhow!(message))?;
    let baseline = read_baseline(settings.baseline.as_deref(), "check")?;
    let sources = &context.settings.source;
    let source = Source::new(sources)?.with_bloat_unless_told(sources);
    let mut store = source.load(&context)?;
    // Growth is reckoned against the disk.
    context.machine.write(&store)?;
    args.since.read(&store, context.say)?;
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
    let stays = |accepted: &Accepted| {
        let family = accepted.rule().split('/').next().unwrap_or_default();
        family == FAMILY || !(args.family.is_empty() || args.family.iter().any(|of| of == family))
    };
    args.verdict.write(&outcome, stays, context.say)?;
    out.write(&text)?;
    if let Some(folder) = &args.write {
        let layout = args.layout.unwrap_or(Layout::Sql);
        check_write::run(&context, &rules, &mut store, &outcome, folder, layout)?;
    }
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
    if args.verdict.fails(outcome, fail_on(settings)) {
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
