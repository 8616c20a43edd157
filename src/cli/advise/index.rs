//! `pgtriage advise index`: indexes to make and to drop.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Instant;

use clap::{Args as ClapArgs, ValueEnum};

use super::index_planner::Choice;
use super::index_search::{Search, database, drops, search};
use super::looks::Looks;
use super::prove::{Copy, Ground, Proving, prove};
use super::{index_write, params};
use crate::advise::index::WhatIf;
use crate::advise::index::search::{Limits, Objective};
use crate::cli::args::{General, Output};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::lint::layout;
use crate::cli::source::Source;
use crate::config::{Settings, Size, Time};
use crate::parse::migration::Layout;
use crate::report::index_advice::{Shown, json, sql, table};

/// Weigh indexes over the workload and choose those that gain most
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Every cost is the planner's own: it is asked what the statements would cost if indexes were there. Sizes are
those that the indexes would have on disk. Nothing is made in the database, and no statement is run.

By default a shadow is asked: an empty server on this machine that plans as the original. It goes by the values in
the planner's statistics, which stay in memory; a snapshot has them with --with-values. Where none can be made the
server itself is asked, if it has HypoPG; else costs are reckoned from statistics alone, and all confidence is low.

  pgtriage advise index -d service=prod --budget 2GB
  pgtriage advise index -d service=prod --workload queries.sql --format sql --output indexes.sql
  pgtriage advise index --snapshot prod.facts --objective balanced

With --prove the indexes are made for real, in a copy of the database with its rows, such as a restored backup,
and what does not pay there is taken out:

  pgtriage advise index -d service=prod --prove service=prodcopy --scratch --write migrations --layout flyway")]
pub struct Args {
    /// Bytes of all new indexes together; without it, as many as pay
    #[arg(long, value_name = "SIZE", value_parser = Size::from_str, help_heading = "Search")]
    budget: Option<Size>,
    /// Most key columns of an index
    #[arg(long, value_name = "N", default_value_t = 3, help_heading = "Search")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=8))]
    max_width: u32,
    /// Take about so long in all, half of it at least for the search; the best by then is advised
    #[arg(long, value_name = "TIME", value_parser = Time::from_str, default_value = "60s", help_heading = "Search")]
    time: Time,
    /// What is to be made small
    #[arg(long, value_enum, default_value_t, help_heading = "Search")]
    objective: Goal,
    #[command(flatten)]
    planner: Choice,
    #[command(flatten)]
    looks: Looks,
    #[command(flatten)]
    proving: Proving,
    /// Write what makes and drops the indexes as migrations into this folder
    #[arg(long, value_name = "DIR", help_heading = "Migrations")]
    write: Option<PathBuf>,
    /// Whose form the migrations get [default: sql]
    #[arg(long, value_name = "NAME", value_parser = layout(), requires = "write")]
    #[arg(help_heading = "Migrations")]
    layout: Option<Layout>,
    /// How to print the advice
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    pub general: General,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Goal {
    /// The cost of the whole workload: executions times cost
    #[default]
    Total,
    /// The mean over statements of cost as a share of what it is now
    Balanced,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Table,
    /// For programs; docs/json.md describes it
    Json,
    /// The statements, with what takes them back
    Sql,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let start = Instant::now();
    let mut source = args.looks.settings();
    if source.workload.is_some() {
        // Without its values a workload is none.
        source.keep_literals = Some(true);
    }
    let is_live = source.snapshot.is_none();
    if is_live && args.planner.wants_values() {
        source.with_values = Some(true);
    }
    let settings = Settings {
        source,
        ..Settings::default()
    };
    let context = Context::new(&args.general, settings)?;
    let rules = context.rules()?;
    let (least_gain, hurt) = params::gains(&rules.plan);
    let limits = Limits {
        budget: args.budget.map(|size| size.0 as f64),
        max_width: args.max_width as usize,
        objective: match args.objective {
            Goal::Total => Objective::Total,
            Goal::Balanced => Objective::Balanced,
        },
        least_gain,
        hurt,
    };
    let copy = match &args.proving.prove {
        Some(conninfo) => Some(Copy::open(conninfo, args.proving.scratch)?),
        None => None,
    };
    let source = Source::new(&context.settings.source)?.with_samples();
    let mut store = source.load(&context)?;
    let database = database(&store)?;
    let (mut planner, asked) = args.planner.start(&source, &store, database, &context)?;
    tell_notes(planner.as_mut(), &context);
    let mut found = search(
        &store,
        planner.as_mut(),
        &Search {
            database,
            limits: &limits,
            start,
            time: args.time.0,
            write_age: params::write_age(&rules.plan),
        },
        &context,
    )?;
    tell_notes(planner.as_mut(), &context);
    drop(planner);
    let (proof, drops) = match copy {
        Some(copy) => {
            let ground = Ground {
                options: &args.proving,
                context: &context,
                rules: &rules,
                database,
                objective: limits.objective,
                least_gain: least_gain.of(args.budget.is_some()),
            };
            let (proof, drops) = prove(copy, &ground, &mut store, &mut found)?;
            (Some(proof), drops)
        }
        None => (None, drops(&mut store, database, &rules, &found.advice)?),
    };
    let shown = Shown {
        advice: &found.advice,
        drops: &drops,
        tail: found.tail,
        store: &store,
        budget: args.budget.map(|size| size.0),
        planner: asked.words(),
        proof: proof.as_ref(),
    };
    let out = context.out(args.output.output.as_deref());
    let text = match args.format {
        Format::Table => table(&shown, out.style, out.columns)?,
        Format::Json => json(&shown)?,
        Format::Sql => sql(&shown)?,
    };
    let fixes = match &args.write {
        Some(_) => index_write::fixes(&shown)?,
        None => Vec::new(),
    };
    out.write(&text)?;
    if let Some(folder) = &args.write {
        let layout = args.layout.unwrap_or(Layout::Sql);
        index_write::write(
            &context, &rules, &mut store, database, &fixes, folder, layout,
        )?;
    }
    Ok(Exit::Done)
}

fn tell_notes(planner: &mut dyn WhatIf, context: &Context) {
    for note in planner.notes() {
        context.say.warn(&note);
    }
}
