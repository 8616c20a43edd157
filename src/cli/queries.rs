//! `pgtriage queries`: statements with their figures.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::args::{General, Output, Voice};
use super::context::Context;
use super::exit::Exit;
use super::queries_show;
use super::windowed::Watched;
use crate::report::queries::{self, MEASURES, Measure, Queries};

/// Statements that a table shows unless told otherwise.
const FEW: usize = 20;

/// List the statements with their figures, or show one of them
#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Figures run since the counters began; over a snapshot with several samples, or with --window, they
are those of the time between the samples. What is not known is empty, null or `-`, never 0.

  pgtriage queries -d service=prod --sort mean --limit 10
  pgtriage queries show f1:2cf47417 --snapshot prod.facts")]
pub struct Args {
    #[command(subcommand)]
    command: Option<QueriesCommand>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, Subcommand)]
enum QueriesCommand {
    Show(Box<queries_show::Args>),
}

#[derive(Debug, ClapArgs)]
struct List {
    /// Sort by this figure: the largest first, texts from A, what is not known last
    #[arg(long, value_name = "COLUMN", default_value = "total", value_parser = measure())]
    #[arg(help_heading = "Statements")]
    sort: Measure,
    /// Turn the order round
    #[arg(long, help_heading = "Statements")]
    reverse: bool,
    /// List at most so many [default: 20 as table or markdown, else all]
    #[arg(long, value_name = "N", help_heading = "Statements")]
    limit: Option<usize>,
    #[command(flatten)]
    watched: Watched,
    /// How to print the list
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    general: General,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal: as many figures as there is room for
    #[default]
    Table,
    /// For programs; docs/json.md describes it
    Json,
    /// With a head, as RFC 4180 has it
    Csv,
    /// For tickets
    Markdown,
}

impl Args {
    /// How the program speaks.
    pub fn voice(&self) -> &Voice {
        match &self.command {
            None => &self.list.general.voice,
            Some(QueriesCommand::Show(args)) => &args.general.voice,
        }
    }
}

/// Figures by their word; the names that JSON has for them hold too.
fn measure() -> impl TypedValueParser<Value = Measure> {
    let words = MEASURES.map(|measure| {
        let value = PossibleValue::new(measure.word);
        if measure.column == measure.word {
            value
        } else {
            value.alias(measure.column)
        }
    });
    PossibleValuesParser::new(words).map(|word| {
        Measure::find(&word).expect("the parser lets through what MEASURES and their columns name")
    })
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    match &args.command {
        None => list(&args.list),
        Some(QueriesCommand::Show(args)) => queries_show::run(args),
    }
}

fn list(args: &List) -> anyhow::Result<Exit> {
    let context = Context::new(&args.general, args.watched.settings())?;
    let (store, _) = args.watched.load(&context)?;
    let mut all = Queries::read(&store)?;
    all.sort(args.sort, args.reverse);
    let few = matches!(args.format, Format::Table | Format::Markdown).then_some(FEW);
    let list = queries::List {
        all: &all,
        by: args.sort,
        limit: args.limit.or(few).unwrap_or(usize::MAX),
    };
    let out = context.out(args.output.output.as_deref());
    out.write(&match args.format {
        Format::Table => queries::table(&list, out.style, out.columns),
        Format::Json => queries::json(&list),
        Format::Csv => queries::csv(&list),
        Format::Markdown => queries::markdown(&list),
    })?;
    Ok(Exit::Done)
}
