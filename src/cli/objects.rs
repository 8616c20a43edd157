//! What `tables` and `indexes` share.

use anyhow::bail;
use clap::{Args as ClapArgs, ValueEnum};

use super::args::{BloatSample, General, Live, Offline, Output, Positional, Saved};
use super::context::Context;
use super::exit::Exit;
use super::source::Source;
use super::verbose;
use crate::config::Settings;
use crate::engine::Selection;
use crate::facts::Store;
use crate::report::bloat::{self, BloatOrder, Estimates};
use crate::report::listing::{self, List, Objects, Sort};

/// Where facts come from, and which of them are listed.
#[derive(Debug, ClapArgs)]
pub struct Choice {
    #[command(flatten)]
    positional: Positional,
    /// List what a rewrite would give back, estimated from a sample of the tables
    #[arg(long, help_heading = "List")]
    bloat: bool,
    /// Sort by this figure: the largest first, texts from A, what is not known last; a word that is none
    /// has all of them listed
    #[arg(long, value_name = "COLUMN", help_heading = "List")]
    sort: Option<String>,
    /// Turn the order round
    #[arg(long, help_heading = "List")]
    reverse: bool,
    /// List at most so many
    #[arg(long, value_name = "N", help_heading = "List")]
    limit: Option<usize>,
    #[command(flatten)]
    live: Live,
    #[command(flatten)]
    sample: BloatSample,
    #[command(flatten)]
    saved: Saved,
    #[command(flatten)]
    offline: Offline,
    /// How to print the list
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    pub general: General,
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

/// Runs it.
pub fn run(choice: &Choice, sort: &'static Sort, of_indexes: bool) -> anyhow::Result<Exit> {
    let mut source = choice.live.settings(
        Some(&choice.positional),
        Some(&choice.saved),
        &choice.offline,
    );
    choice.sample.set(&mut source);
    let settings = Settings {
        source,
        ..Settings::default()
    };
    let context = Context::new(&choice.general, settings)?;
    let sources = &context.settings.source;
    let mut source = Source::new(sources)?;
    if choice.bloat {
        source = source.with_bloat(sources);
        let order = order(choice)?;
        let store = source.load(&context)?;
        verbose::collections(&store, context.say)?;
        return estimates(choice, &context, &store, order, of_indexes);
    }
    let word = choice.sort.as_deref().unwrap_or(sort.measures[0].word);
    let Some(by) = sort.find(word) else {
        let words: Vec<&str> = sort.measures.iter().map(|measure| measure.word).collect();
        bail!(
            "{} cannot be sorted by `{word}`, but by {}",
            sort.plural,
            words.join(", ")
        );
    };
    let rules = context.rules()?;
    let mut store = source.load(&context)?;
    rules.judge(&mut store, Selection::default(), None)?;
    let mut all = Objects::read(&store, sort)?;
    all.order(by, choice.reverse);
    let list = List {
        all: &all,
        by,
        limit: choice.limit.unwrap_or(usize::MAX),
    };
    let out = context.out(choice.output.output.as_deref());
    out.write(&match choice.format {
        Format::Table => listing::table(&list, out.style, out.columns),
        Format::Json => listing::json(&list),
        Format::Csv => listing::csv(&list),
        Format::Markdown => listing::markdown(&list),
    })?;
    Ok(Exit::Done)
}

/// The order of estimates.
fn order(choice: &Choice) -> anyhow::Result<BloatOrder> {
    let Some(word) = &choice.sort else {
        return Ok(BloatOrder::default());
    };
    match BloatOrder::from_str(word, false) {
        Ok(order) => Ok(order),
        Err(_) => bail!("with --bloat sort by bloat, share, size or name, not by `{word}`"),
    }
}

fn estimates(
    choice: &Choice,
    context: &Context,
    store: &Store,
    order: BloatOrder,
    of_indexes: bool,
) -> anyhow::Result<Exit> {
    let mut all = Estimates::read(store, of_indexes, order)?;
    if choice.reverse {
        all.known.reverse();
    }
    let limit = choice.limit.unwrap_or(usize::MAX);
    let out = context.out(choice.output.output.as_deref());
    out.write(&match choice.format {
        Format::Table => bloat::table(&all, limit, out.style, out.columns),
        Format::Json => bloat::json(&all, limit),
        Format::Csv => bloat::csv(&all, limit),
        Format::Markdown => bloat::markdown(&all, limit),
    })?;
    Ok(Exit::Done)
}
