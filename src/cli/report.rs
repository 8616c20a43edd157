//! `pgtriage report`: one file for people who look once a day.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args as ClapArgs;

use super::args::{self, BloatChoice, General, Live, Offline, Positional, Saved};
use super::context::{Context, Rules};
use super::exit::Exit;
use super::machine::Machine;
use super::since::{Earlier, Since};
use super::source::Source;
use super::verbose;
use crate::config::{FailOn, Settings};
use crate::engine::{Outcome, Selection, Severity};
use crate::facts::Store;
use crate::report::sheet::{self, Input};
use crate::report::{Filter, Server, View};

/// Write a report: verdict, what changed, findings with their fixes, statements, bloat, capacity
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
The HTML is one file without scripts that loads nothing. docs/reports.md has recipes for cron,
systemd, Kubernetes and GitHub Actions.

  pgtriage snapshot -d service=prod -o snapshots/2026-03-01.facts
  pgtriage report --snapshot snapshots/2026-03-01.facts --since snapshots --html report.html

Exit codes: 0 done, 1 findings at or above --fail-on, 2 usage, configuration or an unreadable file,
3 no connection.")]
pub struct Args {
    #[command(flatten)]
    positional: Positional,
    /// Write the report as HTML to this file; - is stdout
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Output",
        required_unless_present = "markdown"
    )]
    html: Option<PathBuf>,
    /// Write it as Markdown to this file; - is stdout
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    markdown: Option<PathBuf>,
    #[command(flatten)]
    since: Since,
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
    /// Leave milder findings out [default: info]
    #[arg(long, value_name = "SEVERITY", value_parser = args::severity(), help_heading = "Findings")]
    min_severity: Option<Severity>,
    /// Findings from this severity on make the exit code 1 [default: never]
    #[arg(long, value_name = "SEVERITY", value_parser = args::fail_on(), help_heading = "Verdict")]
    fail_on: Option<FailOn>,
    #[command(flatten)]
    pub general: General,
}

/// Facts, what the rules found, and where they are from.
struct Judged {
    store: Store,
    outcome: Outcome,
    server: Server,
}

impl Judged {
    fn new(rules: &Rules, mut store: Store) -> anyhow::Result<Self> {
        let outcome = rules.judge(&mut store, Selection::default(), None)?;
        let server = Server::read(&store)?;
        Ok(Self {
            store,
            outcome,
            server,
        })
    }
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    if is_stdout(args.html.as_deref()) && is_stdout(args.markdown.as_deref()) {
        bail!("only one of --html and --markdown can go to stdout; name a file for the other");
    }
    let mut source = args
        .live
        .settings(Some(&args.positional), Some(&args.saved), &args.offline);
    args.bloat.set(&mut source);
    let flags = Settings {
        source,
        machine: args.machine.settings(),
        ..Settings::default()
    };
    let context = Context::new(&args.general, flags)?;
    let rules = context.rules()?;
    let sources = &context.settings.source;
    let source = Source::new(sources)?.with_bloat_unless_told(sources);
    let store = source.load(&context)?;
    // Growth is reckoned against the disk.
    context.machine.write(&store)?;
    let earlier = args.since.read(&store, context.say)?;
    let now = Judged::new(&rules, store)?;
    verbose::collections(&now.store, context.say)?;
    verbose::rules(&now.outcome, context.say);
    let filter = Filter {
        min_severity: args.min_severity.unwrap_or(Severity::Info),
        limit: None,
        known: true,
        verbose: context.say.is_verbose(),
    };
    let view = View::new(&now.outcome, &now.server, filter).of_pages(&rules.pages);
    let before = before(&rules, &earlier)?;
    let input = Input {
        store: &now.store,
        outcome: &now.outcome,
        view: &view,
        earlier: before.as_ref().map(|(name, judged)| sheet::Earlier {
            store: &judged.store,
            outcome: &judged.outcome,
            name: name.clone(),
            at: judged
                .server
                .captured_at
                .map(jiff::Timestamp::as_microsecond),
            count: earlier.count(),
        }),
    };
    if let Some(path) = &args.html {
        write(&context, path, &sheet::as_html(&input)?)?;
    }
    if let Some(path) = &args.markdown {
        write(&context, path, &sheet::as_markdown(&input)?)?;
    }
    let fails = args.fail_on.and_then(FailOn::severity);
    if fails.is_some_and(|severity| now.outcome.fails(severity)) {
        return Ok(Exit::Findings);
    }
    Ok(Exit::Done)
}

/// The last of the earlier snapshots, judged by the rules of now, so that a rule that is new is not taken for a
/// change of the server.
fn before(rules: &Rules, earlier: &Earlier) -> anyhow::Result<Option<(String, Judged)>> {
    let Some((path, store)) = earlier.last()? else {
        return Ok(None);
    };
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = name.to_string_lossy().into_owned();
    Ok(Some((name, Judged::new(rules, store)?)))
}

fn is_stdout(path: Option<&Path>) -> bool {
    path.is_some_and(|path| path.as_os_str() == "-")
}

fn write(context: &Context, path: &Path, text: &str) -> anyhow::Result<()> {
    let file = (!is_stdout(Some(path))).then_some(path);
    context.out(file).write(text)
}
