//! The options of `pgtriage plan`, and what is done with them.

use anyhow::{Context as _, bail};
use clap::Args as ClapArgs;

use super::asked::{Asked, Text};
use super::changed::{changed, other_major};
use super::ground::{self, Ground};
use super::one::{Statements, as_it_is, compared};
use super::options::{Options, WhatIfOptions};
use super::print::{Format, Printed, print};
use super::{params, whole};
use crate::advise::workload::{self, Limits as Bounds};
use crate::cli::args::{General, Live, Offline, Output, Saved};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::queries_show::find;
use crate::cli::source::Source;
use crate::cli::what_if::shadow::{Lanes, Shadow};
use crate::cluster::Kept;
use crate::config::Settings;
use crate::facts::Store;
use crate::report::plan::{Known, Limits, Shown};
use crate::report::queries::Queries;

/// Statements of a workload that a table shows unless told otherwise.
const FEW: usize = 20;

/// Show the plan of a statement with what it tells, without running it
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Plans are made by a shadow: a throwaway server on this machine with the schema, the statistics and the
sizes of the database and no rows, which plans as the database does. It takes statistics from the
server, or from a snapshot that was taken with --with-values. A plan that is there already is read as
it is, in the text or JSON format of EXPLAIN. Without QUERY all statements of the workload are planned.

  pgtriage plan 'SELECT * FROM orders WHERE id = 7' -d service=prod
  pgtriage plan f1:2cf47417 --snapshot prod.facts --create 'CREATE INDEX ON orders (customer_id)'
  pgtriage plan --snapshot prod.facts --set random_page_cost=1.1
  pgtriage plan --snapshot prod.facts --major 18
  psql -XqAt -c 'EXPLAIN (ANALYZE, BUFFERS) SELECT …' | pgtriage plan -")]
pub struct Args {
    /// A statement; a fingerprint or as much of it as tells it from others; a query id; a file of
    /// statements or with a plan; `-` for stdin
    #[arg(value_name = "QUERY", allow_negative_numbers = true)]
    which: Option<String>,
    #[command(flatten)]
    what_if: WhatIfOptions,
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    live: Live,
    #[command(flatten)]
    saved: Saved,
    #[command(flatten)]
    offline: Offline,
    /// How to print the plans
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    /// List at most so many statements of a workload [default: 20 as text or markdown, else all]
    #[arg(long, value_name = "N", help_heading = "Output")]
    limit: Option<usize>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    pub general: General,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut source = args.live.settings(None, Some(&args.saved), &args.offline);
    if source.snapshot.is_none() {
        source.with_values = Some(true);
    }
    // Values stay in memory, and plans go by them.
    source.keep_literals = Some(true);
    let context = Context::new(
        &args.general,
        Settings {
            source,
            ..Settings::default()
        },
    )?;
    if args.options.forget_shadows {
        let count = Kept::of_user().map_or(Ok(0), |kept| kept.forget())?;
        context.say.note(&format!("{count} kept shadows removed"));
        if args.which.is_none() {
            return Ok(Exit::Done);
        }
    }
    let limits = params::limits(&context.rules()?.plan);
    let asked = args.which.as_deref().map(Asked::new).transpose()?;
    let printed = match asked {
        Some(Asked::Plans(name, plans)) => {
            if !args.what_if.is_empty() {
                bail!("{name} holds a plan, which cannot be made anew; give its statement");
            }
            of_file(args, &context, &limits, &name, plans)?
        }
        asked => {
            let store = Source::new(&context.settings.source)?.load(&context)?;
            planned(args, &context, &limits, &store, asked)?
        }
    };
    let out = context.out(args.output.output.as_deref());
    let limit = args.limit.unwrap_or(FEW);
    out.write(&print(
        &printed,
        args.format,
        limits.change_share,
        limit,
        &out,
    ))?;
    Ok(Exit::Done)
}

/// Plans that a file holds, read with the facts where some are named.
fn of_file(
    args: &Args,
    context: &Context,
    limits: &Limits,
    name: &str,
    plans: Vec<crate::parse::plan::Plan>,
) -> anyhow::Result<Printed> {
    let known = if args.saved.snapshot.is_some() || args.live.dbname.is_some() {
        let store = Source::new(&context.settings.source)?.load(context)?;
        Known::read(
            &store,
            ground::database(&store, args.options.r#in.as_deref())?,
        )?
    } else {
        Known::default()
    };
    let count = plans.len();
    let title = |at: usize| match count {
        1 => name.to_owned(),
        _ => format!("{name}, plan {} of {count}", at + 1),
    };
    let shown = plans
        .into_iter()
        .enumerate()
        .map(|(at, plan)| Shown::new(title(at), plan, &known, limits));
    Ok(Printed::Plans(shown.collect()))
}

fn planned(
    args: &Args,
    context: &Context,
    limits: &Limits,
    store: &Store,
    asked: Option<Asked>,
) -> anyhow::Result<Printed> {
    let ids = match &asked {
        Some(Asked::Known(which)) => ids(store, which, args.options.r#in.as_deref())?,
        _ => Vec::new(),
    };
    let database = match ids.first() {
        Some((id, _)) => store.connection().query_row(
            "SELECT database_id FROM statements WHERE id = ?1",
            [id],
            |row| row.get(0),
        )?,
        None => ground::database(store, args.options.r#in.as_deref())?,
    };
    let lanes = if asked.is_some() {
        Lanes(1)
    } else {
        Lanes::default()
    };
    let mut ground = Ground::start(store, database, limits, lanes, &args.options, context)?;
    let mut other = match other_major(store, &args.what_if)? {
        Some(major) => Some(ground::start(
            store,
            database,
            major,
            lanes,
            &args.options,
            context,
        )?),
        None => None,
    };
    let change = if args.what_if.is_empty() {
        None
    } else {
        let shadow = other.as_mut().unwrap_or(&mut ground.shadow);
        Some(changed(store, database, shadow, &args.what_if)?)
    };
    let Some(asked) = asked else {
        // Of a script all statements are meant.
        let bounds = if context.settings.source.workload.is_some() {
            everything()
        } else {
            Bounds::default()
        };
        let read = workload::read(store.connection(), database, &bounds)?;
        if read.queries.is_empty() && read.unplanned.is_empty() {
            bail!("no statements are known; give one, or a script by --workload");
        }
        let mut plans = whole::whole(
            &mut ground,
            other.as_mut(),
            read,
            change.as_ref().map(|(changed, _)| changed),
        )?;
        if let Some((_, notes)) = change {
            plans.changes = args.what_if.words();
            plans.notes.splice(0..0, notes);
        }
        return Ok(Printed::Workload(plans));
    };
    let statements = match &asked {
        Asked::Statements(texts) => Statements::given(&mut ground, texts)?,
        Asked::Known(_) => {
            let read = workload::read(store.connection(), database, &everything())?;
            Statements::known(&mut ground, &read, &ids)?
        }
        Asked::Plans(..) => bail!("a plan cannot be planned"),
    };
    each(
        args,
        context,
        &mut ground,
        other,
        statements,
        change.as_ref(),
    )
}

fn everything() -> Bounds {
    Bounds {
        statements: usize::MAX,
        share: f64::INFINITY,
        ..Bounds::default()
    }
}

/// Plans of single statements, each as it is or before and after.
fn each(
    args: &Args,
    context: &Context,
    ground: &mut Ground<'_>,
    mut other: Option<Shadow>,
    statements: Statements,
    change: Option<&(ground::Changed, Vec<String>)>,
) -> anyhow::Result<Printed> {
    let mut refused = statements.refused;
    let (mut plans, mut changes) = (Vec::new(), Vec::new());
    for (title, query) in &statements.all {
        let because = match change {
            None => match as_it_is(ground, title, query, &again(args, query))? {
                Ok(shown) => {
                    plans.push(shown);
                    continue;
                }
                Err(because) => because,
            },
            Some((changed, notes)) => {
                match compared(ground, other.as_mut(), title, query, changed)? {
                    Ok(mut compared) => {
                        compared.after.notes.splice(0..0, notes.iter().cloned());
                        changes.push(compared);
                        continue;
                    }
                    Err(because) => because,
                }
            }
        };
        refused.push((title.clone(), because));
    }
    if plans.is_empty() && changes.is_empty() {
        let (title, because) = refused.first().context("there is no statement")?;
        bail!("{title} cannot be planned: {because}");
    }
    for (title, because) in &refused {
        context
            .say
            .warn(&format!("{title} cannot be planned: {because}"));
    }
    Ok(if change.is_some() {
        Printed::Changes(changes)
    } else {
        Printed::Plans(plans)
    })
}

/// What names a statement and the source of the facts in a command.
fn again(args: &Args, query: &crate::advise::workload::Query) -> Vec<String> {
    let which = match (&args.which, query.variants.first()) {
        (Some(which), _) if args.which.as_deref() != Some("-") => which.clone(),
        (_, Some(variant)) => variant.text.clone(),
        _ => String::new(),
    };
    let mut words = vec![which];
    let mut add = |option: &str, value: String| words.extend([option.to_owned(), value]);
    if let Some(name) = &args.live.dbname {
        add("-d", crate::parse::redact_conninfo(name));
    }
    for (option, path) in args
        .saved
        .snapshot
        .iter()
        .map(|path| ("--snapshot", path))
        .chain(
            args.offline
                .workload
                .iter()
                .map(|path| ("--workload", path)),
        )
    {
        add(option, path.display().to_string());
    }
    words
}

/// Statements of the facts that a word means, with titles: all of one database.
fn ids(store: &Store, which: &str, named: Option<&str>) -> anyhow::Result<Vec<(i64, String)>> {
    let all = Queries::read(store)?;
    let mut found = find(&all, which)?;
    let database =
        |query: &crate::report::queries::Query| query.figure("database_name").unwrap_or_default();
    if let Some(named) = named {
        found.retain(|query| database(query) == named);
    }
    let mut databases: Vec<String> = found.iter().map(|query| database(query)).collect();
    databases.dedup();
    if databases.len() > 1 {
        bail!(
            "`{which}` ran in several databases; name one by --in: {}",
            databases.join(", ")
        );
    }
    if found.is_empty() {
        bail!(
            "`{which}` did not run in database {}",
            named.unwrap_or_default()
        );
    }
    let title = |query: &crate::report::queries::Query| {
        format!(
            "{} in the shadow of {}",
            query.fingerprint(),
            database(query)
        )
    };
    Ok(found.iter().map(|query| (query.id, title(query))).collect())
}

/// What a statement is called that was given by itself.
impl Text {
    /// Its place, else its beginning.
    pub fn title(&self) -> String {
        self.place
            .clone()
            .unwrap_or_else(|| crate::report::queries::line(Some(&self.sql), 60))
    }
}
