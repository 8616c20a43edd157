//! `pgtriage advise settings`: what to set, by the rule pages that say so.

use clap::{Args as ClapArgs, ValueEnum};

use super::looks::{self, Looks};
use crate::cli::args::{General, Output};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::machine::Machine;
use crate::cli::verbose;
use crate::config::Settings;
use crate::engine::Selection;
use crate::report::Server;
use crate::report::settings::{Advice, conf, gives_advice, json, sql, text};

/// Settings that do not fit the machine or the load, with what to set
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Memory, cores and storage are seen where the server runs on this machine or lets our role read its
files (pg_read_server_files); else tell them. Only what differs is printed, and what could not be judged.

  pgtriage advise settings -d service=prod --cores 8 --memory 32GB --storage ssd
  pgtriage advise settings --snapshot prod.facts --format sql --output settings.sql")]
pub struct Args {
    #[command(flatten)]
    machine: Machine,
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
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs; docs/json.md describes it
    Json,
    /// The statements, with what takes them back, and one reload
    Sql,
    /// Lines for postgresql.conf
    Conf,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let settings = Settings {
        source: args.looks.settings(),
        machine: args.machine.settings(),
        ..Settings::default()
    };
    let context = Context::new(&args.general, settings)?;
    let rules = context.rules()?;
    let (mut store, exit) = looks::load(&context, None)?;
    let pages = rules.pages.iter().filter(|page| gives_advice(page));
    let selection = Selection {
        rules: pages.map(|page| page.id.clone()).collect(),
        families: Vec::new(),
    };
    let outcome = rules.judge(&mut store, selection, None)?;
    verbose::collections(&store, context.say)?;
    verbose::rules(&outcome, context.say);
    let server = Server::read(&store)?;
    let label = server.nodes.first().map_or("", |node| node.label.as_str());
    let advice = Advice::of(&outcome, &store, label)?;
    let out = context.out(args.output.output.as_deref());
    out.write(&match args.format {
        Format::Text => text(&advice, &server.describe(), out.style, out.columns),
        Format::Json => json(&advice),
        Format::Sql => sql(&advice),
        Format::Conf => conf(&advice),
    })?;
    Ok(exit)
}
