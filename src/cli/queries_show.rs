//! `pgtriage queries show`: one statement.

use anyhow::bail;
use clap::{Args as ClapArgs, ValueEnum};

use super::args::{General, Output};
use super::context::Context;
use super::exit::Exit;
use super::windowed::Watched;
use crate::engine::Severity;
use crate::report::queries::{
    self, Queries, Query, Shown, history, line, shapes, show_json, show_markdown, show_text,
};
use crate::report::{Filter, Server, View};

/// Statements that are named where several are meant.
const NAMED: usize = 5;
/// Characters of each.
const BEGINNING: usize = 50;

/// Show a statement: its text laid out, its figures, its shape, the findings about it
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Fingerprint, with or without `f1:`, or as much of it as tells it from others; or a query id
    /// of `pg_stat_statements`
    #[arg(value_name = "FINGERPRINT", allow_negative_numbers = true)]
    which: String,
    #[command(flatten)]
    watched: Watched,
    /// How to print it
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    pub general: General,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    #[default]
    Table,
    /// For programs; docs/json.md describes it
    Json,
    /// For tickets
    Markdown,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let context = Context::new(&args.general, args.watched.settings())?;
    let (store, outcome) = args.watched.load(&context)?;
    let all = Queries::read(&store)?;
    let mut shown = Vec::new();
    for query in find(&all, &args.which)? {
        shown.push(Shown {
            query,
            shape: shapes(&store, Some(query.id))?.remove(&query.id),
            tables: queries::tables(&store, query.id)?,
            history: history(&store, query.id)?,
        });
    }
    let out = context.out(args.output.output.as_deref());
    out.write(&match args.format {
        Format::Table => show_text(&shown, &outcome, out.style, out.columns),
        Format::Markdown => show_markdown(&shown, &outcome),
        Format::Json => {
            let server = Server::read(&store)?;
            let filter = Filter {
                min_severity: Severity::Info,
                limit: None,
                known: true,
                verbose: false,
            };
            show_json(&shown, &View::new(&outcome, &server, filter))
        }
    })?;
    Ok(Exit::Done)
}

/// The statements of one fingerprint, one a database, that a word means.
pub(super) fn find<'a>(all: &'a Queries, which: &str) -> anyhow::Result<Vec<&'a Query>> {
    let id: Option<i64> = which.parse().ok();
    let of_id = |query: &&Query| {
        let ids = query.get("queryids").as_array();
        ids.is_some_and(|ids| id.is_some() && ids.iter().any(|known| known.as_i64() == id))
    };
    let mut found: Vec<&Query> = all.rows.iter().filter(of_id).collect();
    if found.is_empty() && !which.is_empty() {
        let lower = which.to_lowercase();
        let bare = |text: &str| text.rsplit(':').next().unwrap_or(text).to_owned();
        let begins = |query: &&Query| {
            let full = query.fingerprint();
            full.starts_with(&lower) || bare(full).starts_with(&lower)
        };
        found = all.rows.iter().filter(begins).collect();
    }
    let mut prints: Vec<&str> = found.iter().map(|query| query.fingerprint()).collect();
    prints.sort_unstable();
    prints.dedup();
    match prints.as_slice() {
        [_] => Ok(found),
        [] if all.rows.is_empty() => bail!("no statements are known; {}", reason(all)),
        [] => bail!(
            "no statement has `{which}` as query id or at the beginning of its fingerprint; \
             `pgtriage queries` lists them"
        ),
        several => {
            let name = |query: &&Query| {
                let text = line(query.text.as_deref(), BEGINNING);
                format!("{} ({text})", query.fingerprint())
            };
            let named: Vec<String> = found.iter().take(NAMED).map(name).collect();
            let more = match found.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            bail!(
                "`{which}` means {} statements: {}{more}",
                several.len(),
                named.join(", ")
            )
        }
    }
}

fn reason(all: &Queries) -> String {
    all.missing.first().map_or_else(
        || "pg_stat_statements has counted none".to_owned(),
        |missing| match &missing.remedy {
            Some(remedy) => format!("{}: {remedy}", missing.because),
            None => missing.because.clone(),
        },
    )
}
