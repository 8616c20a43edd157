//! The options of `pgtriage plan`, and what is done with them.

use anyhow::bail;
use clap::{Args as ClapArgs, ValueEnum};
use serde_json::json;

use super::asked::Asked;
use super::params;
use crate::cli::args::{General, Live, Offline, Output, Saved};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::config::Settings;
use crate::report::json as document;
use crate::report::plan::{self, Known, Shown};

/// Show the plan of a statement with what it tells, without running it
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
A plan that is there already is read as it is, in the text or JSON format of EXPLAIN.

  pgtriage plan explain.txt
  psql -XqAt -c 'EXPLAIN (ANALYZE, BUFFERS) SELECT …' | pgtriage plan -")]
pub struct Args {
    /// A statement; a fingerprint or as much of it as tells it from others; a query id; a file of
    /// statements or with a plan; `-` for stdin
    #[arg(value_name = "QUERY", allow_negative_numbers = true)]
    which: Option<String>,
    #[command(flatten)]
    live: Live,
    #[command(flatten)]
    saved: Saved,
    #[command(flatten)]
    offline: Offline,
    /// How to print the plans
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
    Text,
    /// For programs; docs/json.md describes it
    Json,
    /// For tickets
    Markdown,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let settings = Settings {
        source: args.live.settings(None, Some(&args.saved), &args.offline),
        ..Settings::default()
    };
    let context = Context::new(&args.general, settings)?;
    let limits = params::limits(&context.rules()?.plan);
    let Some(which) = &args.which else {
        bail!("give a statement, the fingerprint of one, or a file")
    };
    let shown = match Asked::new(which)? {
        Asked::Plans(name, plans) => {
            let count = plans.len();
            let known = Known::default();
            let plans = plans.into_iter().enumerate().map(|(at, plan)| {
                let title = if count == 1 {
                    name.clone()
                } else {
                    format!("{name}, plan {} of {count}", at + 1)
                };
                Shown::new(title, plan, &known, &limits)
            });
            plans.collect::<Vec<_>>()
        }
        Asked::Statements(_) | Asked::Known(_) => bail!("later"),
    };
    let out = context.out(args.output.output.as_deref());
    let texts: Vec<String> = shown
        .iter()
        .map(|shown| match args.format {
            Format::Text => plan::text(shown, out.style, out.columns),
            Format::Markdown => plan::markdown(shown),
            Format::Json => String::new(),
        })
        .collect();
    out.write(&match args.format {
        Format::Json => document::text(&json!({
            "format": document::FORMAT,
            "tool": document::tool(),
            "plans": shown.iter().map(plan::json).collect::<Vec<_>>(),
        })),
        Format::Text | Format::Markdown => texts.join("\n"),
    })?;
    Ok(Exit::Done)
}
