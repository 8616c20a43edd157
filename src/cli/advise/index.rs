//! `pgtriage advise index`: indexes to make and to drop.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::{Args as ClapArgs, ValueEnum};
use rusqlite::OptionalExtension as _;

use super::looks::Looks;
use super::{index_workload, params};
use crate::advise::index::search::{Better, Limits, Objective};
use crate::advise::index::{
    Advice, Estimates, IndexSpec, Part, Request, Sized, Tables, WhatIf, advise,
};
use crate::derive::sizes;
use crate::cli::args::{General, Output};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::progress::Progress;
use crate::cli::source::{Base, Source};
use crate::cli::what_if::HypoPg;
use crate::cli::what_if::shadow::{Options, Original, Shadow, programs};
use crate::config::{Settings, Size, Time};
use crate::facts::{Store, human};
use crate::report::index_advice::{Shown, json, sql, table};

/// Weigh indexes over the workload and choose those that gain most
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Every figure of cost is the planner's own: it is asked what the statements would cost if indexes were
there. Sizes are those that the indexes would have on disk. Nothing is made, and no statement is run.

  pgtriage advise index -d service=prod --budget 2GB
  pgtriage advise index -d service=prod --workload queries.sql --format sql --output indexes.sql")]
pub struct Args {
    /// Bytes of all new indexes together; without it, as many as pay
    #[arg(long, value_name = "SIZE", value_parser = Size::from_str, help_heading = "Search")]
    budget: Option<Size>,
    /// Most key columns of an index
    #[arg(long, value_name = "N", default_value_t = 3, help_heading = "Search")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=8))]
    max_width: u32,
    /// Search at most so long
    #[arg(long, value_name = "TIME", value_parser = Time::from_str, default_value = "60s", help_heading = "Search")]
    time: Time,
    /// What is to be made small
    #[arg(long, value_enum, default_value_t, help_heading = "Search")]
    objective: Goal,
    /// Who says what a plan would cost
    #[arg(long, value_enum, help_heading = "Search")]
    planner: Option<Planner>,
    /// Folder of server programs, for the shadow
    #[arg(long, value_name = "DIR", help_heading = "Search")]
    server_bin: Option<PathBuf>,
    /// Fetch server programs where this machine has none
    #[arg(long, help_heading = "Search")]
    fetch: bool,
    #[command(flatten)]
    looks: Looks,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Planner {
    /// An empty server of our own that plans as the original does
    Shadow,
    /// The server's own planner, by its extension HypoPG
    Hypopg,
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
    let settings = Settings {
        source: args.looks.settings(),
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
    let source = Source::new(&context.settings.source)?;
    let store = source.load(&context)?;
    let database = database(&store)?;
    let mut planner = planner(args, &source, &store, database, &context)?;
    let advice = search(&store, database, planner.as_mut(), &limits, args.time.0, &context)?;
    let shown = Shown {
        advice: &advice,
        store: &store,
        budget: args.budget.map(|size| size.0),
    };
    let out = context.out(args.output.output.as_deref());
    out.write(&match args.format {
        Format::Table => table(&shown, out.style, out.columns)?,
        Format::Json => json(&shown)?,
        Format::Sql => sql(&shown)?,
    })?;
    Ok(Exit::Done)
}

fn database(store: &Store) -> anyhow::Result<i64> {
    let sql = "SELECT id FROM databases WHERE is_collected ORDER BY id LIMIT 1";
    let id = store.connection().query_row(sql, [], |row| row.get(0)).optional()?;
    id.context("the facts hold no database; give a server (-d), a snapshot or a schema")
}

fn planner(
    args: &Args,
    source: &Source,
    store: &Store,
    database: i64,
    context: &Context,
) -> anyhow::Result<Box<dyn WhatIf>> {
    match args.planner.unwrap_or(Planner::Shadow) {
        Planner::Hypopg => {
            let Base::Live(target) = &source.base else {
                bail!("HypoPG is in a server; give one by -d, or use --planner shadow");
            };
            let info = target.nodes.first().context("no server is named")?;
            Ok(Box::new(HypoPg::connect(info)?))
        }
        Planner::Shadow => {
            let facts = store.connection();
            let original = Original::read(facts, database)?;
            let server = programs(original.major, args.server_bin.as_deref(), args.fetch, context.say)?;
            let shadow = Shadow::start(facts, database, &server, &Options::default())?;
            Ok(Box::new(shadow))
        }
    }
}

fn search(
    store: &Store,
    database: i64,
    planner: &mut dyn WhatIf,
    limits: &Limits,
    time: Duration,
    context: &Context,
) -> anyhow::Result<Advice> {
    let facts = store.connection();
    let tables = Tables::read(facts, database)?;
    let workload = index_workload::read(store, database)?;
    let start = Instant::now();
    let is_over = || start.elapsed() >= time;
    let say = context.say;
    let mut progress = Progress::new(say);
    let mut tell = |better: &Better| {
        let what = format!(
            "{} indexes, {}, cost {:.1} % of now",
            better.indexes,
            human::bytes(better.bytes),
            better.relative * 100.0
        );
        progress.set(start.elapsed().as_millis() as usize, time.as_millis() as usize, &what);
        if say.is_verbose() {
            say.note(&format!("{:.1} s, {} questions: {what}", start.elapsed().as_secs_f64(), better.asked));
        }
    };
    let request = Request {
        facts,
        tables: &tables,
        workload: &workload,
        estimates: &Own {
            sizes: sizes::Tables::read(facts, database)?,
        },
        limits,
        is_over: &is_over,
    };
    Ok(advise(&request, planner, &mut tell)?)
}

struct Own {
    sizes: sizes::Tables,
}

impl Estimates for Own {
    fn size(&self, spec: &IndexSpec, share: f64) -> Option<Sized> {
        let keys: Vec<sizes::WantedKey<'_>> = spec
            .keys
            .iter()
            .map(|key| sizes::WantedKey {
                column: key.name(),
                expression: match &key.part {
                    Part::Expression(text) => text,
                    Part::Column(_) => "",
                },
                opclass: key.opclass.as_deref(),
            })
            .collect();
        let size = self.sizes.size(&sizes::Wanted {
            method: &spec.method,
            include: &spec.include,
            share,
            ..sizes::Wanted::btree(spec.relation, &keys)
        })?;
        Some(Sized {
            spec: spec.clone(),
            pages: size.pages,
            rows: size.rows,
            height: size.height,
        })
    }

    fn write_cost(&self, _: &Sized, _: f64) -> f64 {
        0.0
    }
}
