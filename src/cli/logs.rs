//! `pgtriage logs`: what server logs hold.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::args::{General, Output, words};
use super::context::Context;
use super::exit::Exit;
use super::logs_follow::{Lines, Watching};
use super::logs_remote::RemoteArgs;
use super::moment::Moment;
use super::{log_files, logs_empty, logs_follow, logs_remote};
use crate::collect::logs::LogOptions;
use crate::config::{Settings, SourceSettings};
use crate::facts::Store;
use crate::parse::log::events::Filter;
use crate::report::logs::{self, Kind, Logs, MEASURES, Report, measure};
use crate::report::queries::Measure;

/// Rows that tables show unless told otherwise.
const FEW: usize = 10;

/// Read server logs: the statements that take the time, errors, locks, temporary files
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
The formats are found by the content: stderr with any log_line_prefix, csvlog, jsonlog. Times are
shown in UTC. Exit codes: 0 done, 2 a log that cannot be read, or in which nothing is understood.

  pgtriage logs /var/log/postgresql/
  pgtriage logs postgresql.log --since '2026-11-23 16:00' --sort p95
  pgtriage logs /var/log/postgresql/ --follow --for 10min
  pgtriage logs --remote -d 'host=db user=triage' --since 2h
  pgtriage logs *.log --format csv --rows errors --output errors.csv")]
pub struct Args {
    /// Logs: files, folders, patterns, `-` for stdin
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// `log_line_prefix` of the server (`SHOW log_line_prefix`), for logs in the format stderr; by
    /// default it is found by the content
    #[arg(long, value_name = "PREFIX", help_heading = "Logs")]
    prefix: Option<String>,
    /// Time zone of the log where its times do not say it in full, and of --since and --until
    /// [default: UTC]
    #[arg(long, value_name = "ZONE", help_heading = "Logs")]
    timezone: Option<String>,
    /// Keep literals of statements, parameters and plans, which may be user data
    #[arg(long, help_heading = "Logs")]
    keep_literals: bool,
    /// Read with so many threads [default: as many as there are cores]
    #[arg(long, value_name = "N", help_heading = "Logs")]
    jobs: Option<NonZeroUsize>,
    #[command(flatten)]
    watching: Watching,
    #[command(flatten)]
    remote: RemoteArgs,
    #[command(flatten)]
    choice: Choice,
    /// Sort statements by this figure: the largest first, what is not known last
    #[arg(long, value_name = "COLUMN", default_value = "total", value_parser = by())]
    #[arg(help_heading = "Output")]
    sort: Measure,
    /// List at most so many statements, and rows of other tables [default: 10 as table or markdown,
    /// else all]
    #[arg(long, value_name = "N", help_heading = "Output")]
    limit: Option<usize>,
    /// How to print the report
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    /// Rows of --format csv: statements, errors, events, series or sources [default: statements]
    #[arg(long, value_name = "KIND", value_parser = words::<Kind>(&Kind::WORDS))]
    #[arg(hide_possible_values = true, help_heading = "Output")]
    rows: Option<Kind>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    pub general: General,
}

/// Which records count.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Records")]
struct Choice {
    /// From this time on: 2026-11-23 16:00, 2026-11-23T16:00:00Z, today, yesterday, or how long ago,
    /// as 2h
    #[arg(long, value_name = "TIME")]
    since: Option<Moment>,
    /// Before this time
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,
    /// Of this database; may be given several times
    #[arg(long, value_name = "NAME")]
    database: Vec<String>,
    /// Of this role; may be given several times
    #[arg(long, value_name = "NAME")]
    user: Vec<String>,
    /// Of sessions with this `application_name`; may be given several times
    #[arg(long, value_name = "NAME")]
    application: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal: the verdict first
    #[default]
    Table,
    /// For programs; docs/json.md describes it
    Json,
    /// For tickets
    Markdown,
    /// Rows of one kind with a head, as RFC 4180 has it
    Csv,
}

/// Figures by their word; the names that JSON has for them hold too.
fn by() -> impl TypedValueParser<Value = Measure> {
    let words = MEASURES.map(|measure| {
        let value = PossibleValue::new(measure.word);
        if measure.column == measure.word {
            value
        } else {
            value.alias(measure.column)
        }
    });
    PossibleValuesParser::new(words).map(|word| {
        measure(&word).expect("the parser lets through what MEASURES and their columns name")
    })
}

impl Args {
    fn settings(&self) -> Settings {
        let paths = Some(self.paths.clone());
        Settings {
            source: SourceSettings {
                dbname: self.remote.dbname(),
                logs: paths.filter(|paths| !paths.is_empty()),
                log_prefix: self.prefix.clone(),
                log_timezone: self.timezone.clone(),
                keep_literals: self.keep_literals.then_some(true),
                ..SourceSettings::default()
            },
            ..Settings::default()
        }
    }
}

impl Args {
    /// In which form figures are told while a log is followed.
    fn lines(&self) -> Lines {
        match (&self.output.output, self.format) {
            (_, Format::Json) => Lines::Json,
            (Some(_), _) | (_, Format::Table) => Lines::Text,
            (None, Format::Markdown | Format::Csv) => Lines::None,
        }
    }
}

impl Choice {
    /// As the reader of logs wants it.
    fn filter(&self, zone: &TimeZone) -> anyhow::Result<Filter> {
        let now = Timestamp::now();
        let at = |moment: &Option<Moment>, option: &str| {
            let at = moment.as_ref().map(|moment| moment.at(now, zone));
            at.transpose()
                .with_context(|| format!("{option} cannot be used"))
        };
        let filter = Filter {
            since: at(&self.since, "--since")?,
            until: at(&self.until, "--until")?,
            databases: self.database.clone(),
            users: self.user.clone(),
            applications: self.application.clone(),
        };
        if let (Some(since), Some(until)) = (filter.since, filter.until)
            && since >= until
        {
            bail!("no time lies between --since and --until: --since is not the earlier one");
        }
        Ok(filter)
    }
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    if args.rows.is_some() && args.format != Format::Csv {
        bail!("--rows chooses the rows of --format csv; the other formats hold all of them");
    }
    let context = Context::new(&args.general, args.settings())?;
    let source = &context.settings.source;
    let paths = source.logs.clone().filter(|_| !args.remote.remote);
    let mut options = log_files::options(source)?;
    options.workers = args.jobs;
    let zone = options.timezone.clone().unwrap_or(TimeZone::UTC);
    options.filter = args.choice.filter(&zone)?;
    let store = if args.remote.remote {
        let mut log = logs_remote::Log::begin(&context, &args.remote, &options, &args.watching)?;
        let store = if args.watching.follow {
            logs_follow::follow(&context, &mut log, &args.watching, args.lines())?
        } else {
            log.read(context.say)?
        };
        log.end();
        store
    } else {
        let Some(paths) = paths else {
            bail!(
                "no log is named; SHOW log_directory tells where the server writes them, and --remote \
                 reads them over SQL"
            );
        };
        if args.watching.follow {
            let mut log = logs_follow::Files::begin(&paths, &options)?;
            logs_follow::follow(&context, &mut log, &args.watching, args.lines())?
        } else {
            load(&context, &paths, &options)?
        }
    };
    print(args, &context, &store)?;
    Ok(Exit::Done)
}

fn print(args: &Args, context: &Context, store: &Store) -> anyhow::Result<()> {
    let mut logs = Logs::read(store)?.unwrap_or_default();
    logs.sort(args.sort, false);
    let few = matches!(args.format, Format::Table | Format::Markdown).then_some(FEW);
    let needs_details = matches!(args.format, Format::Json);
    let report = Report {
        logs: &logs,
        details: &if needs_details {
            logs::details(store, None)?
        } else {
            BTreeMap::default()
        },
        by: args.sort,
        limit: args.limit.or(few).unwrap_or(usize::MAX),
    };
    let out = context.out(args.output.output.as_deref());
    let is_last_line = args.watching.follow && args.output.output.is_none();
    out.write(&match args.format {
        Format::Table => logs::table(&report, out.style, out.columns),
        Format::Json if is_last_line => logs::json_line(&report),
        Format::Json => logs::json(&report),
        Format::Markdown => logs::markdown(&report),
        Format::Csv => logs::csv(&report, args.rows.unwrap_or_default()),
    })
}

/// The facts of logs; an error where there are none.
fn load(context: &Context, paths: &[PathBuf], options: &LogOptions) -> anyhow::Result<Store> {
    let store = log_files::ground(options.keep_literals)?;
    let notes = log_files::read(paths, &store, options, context.say)?;
    if let Some(why) = logs_empty::why(&store, &notes, options.prefix.as_deref(), "--prefix")? {
        bail!(why);
    }
    for note in notes {
        context.say.note_of(&note);
    }
    Ok(store)
}
