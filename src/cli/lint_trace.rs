//! `pgtriage lint --trace`: migrations are run on a scratch server, and what is seen is compared
//! with what was predicted.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use super::context::Context;
use super::exit::Exit;
use super::lint::Args as LintArgs;
use super::lint_facts;
use super::lint_files::Files;
use super::lint_scratch::Ground;
use super::progress::Progress;
use crate::collect::trace::{Observations, Plan, write};
use crate::derive::migrations::compare;
use crate::facts::Store;
use crate::report::{Format, Trace, plural};

/// Running migrations where nothing can come to harm.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Trace")]
pub struct Tracing {
    /// Run what migrates on a scratch server and compare the locks, scans, rewrites and errors that
    /// are seen with those predicted: a connection string, or `scratch` for a throwaway server of
    /// this machine's programs. Prints a table or JSON in place of findings
    #[arg(long, value_name = "CONNINFO")]
    pub trace: Option<String>,
    /// The database of --trace is there to try things on: a copy of it is made to run migrations in
    #[arg(long, requires = "trace")]
    pub scratch: bool,
    /// Script that is run there first, such as a dump with rows
    #[arg(long, value_name = "FILE", requires = "trace")]
    pub scratch_setup: Option<PathBuf>,
    /// Run them in the database itself, which keeps what they do, in place of a copy
    #[arg(long, requires = "scratch")]
    pub in_place: bool,
    /// Run earlier migrations too, which are read for what they make
    #[arg(long, requires = "trace")]
    pub earlier: bool,
}

/// Runs it.
pub fn run(args: &LintArgs, context: &Context, read: &Files) -> anyhow::Result<Exit> {
    if !matches!(args.format, Format::Text | Format::Table | Format::Json) {
        bail!("--trace prints a table (--format text) or JSON (--format json)");
    }
    let server = args.trace.trace.as_deref().unwrap_or_default();
    // Before there is anything to tidy up: reading facts may leave the process to end by signals.
    let known = lint_facts::known(args, context, false)?;
    let mut ground = Ground::start(server, args, context)?;
    let traced = traced(&mut ground, args, context, read, known);
    ground.end(context);
    let store = traced?;
    compare(store.connection())?;
    let trace = Trace::read(store.connection())?;
    let out = context.out(args.output.output.as_deref());
    out.write(&if args.format == Format::Json {
        trace.json()
    } else {
        trace.table(out.style, out.columns)
    })?;
    for file in &read.unreadable {
        context.say.error(file);
    }
    Ok(if !read.unreadable.is_empty() {
        Exit::Usage
    } else if trace.differing() > 0 {
        Exit::Findings
    } else {
        Exit::Done
    })
}

/// Facts with what was predicted and what was seen.
fn traced(
    ground: &mut Ground,
    args: &LintArgs,
    context: &Context,
    read: &Files,
    known: Option<Store>,
) -> anyhow::Result<Store> {
    let is_empty = known.is_none() && server_is_empty(args);
    let store = match known {
        Some(store) => store,
        None => ground.facts()?,
    };
    let facts = store.connection();
    lint_facts::follow(
        &store,
        args.for_database.as_deref(),
        &read.files,
        Some(ground.major()),
    )?;
    let mut plan = Plan::read(facts, args.trace.earlier || is_empty)?;
    for file in &read.files {
        plan.add_rows(&file.path, &file.text);
    }
    let files = plan.chains.iter().map(Vec::len).sum();
    context.say.note(&format!(
        "{} of {} are run in {}.",
        plural(plan.len(), "statement"),
        plural(files, "file"),
        ground.words()
    ));
    let observations = seen(ground, &plan, context)?;
    write(facts, &observations)?;
    Ok(store)
}

/// Nothing is in the database before the migrations, so that earlier ones are needed.
fn server_is_empty(args: &LintArgs) -> bool {
    args.trace.trace.as_deref() == Some("scratch") && args.trace.scratch_setup.is_none()
}

fn seen(ground: &mut Ground, plan: &Plan, context: &Context) -> anyhow::Result<Observations> {
    let mut progress = Progress::new(context.say);
    let mut done = 0;
    ground.run(plan, |script, _| {
        progress.set(done, plan.len(), &script.path);
        done += 1;
    })
}
