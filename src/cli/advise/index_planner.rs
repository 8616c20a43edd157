//! Which planner `advise index` asks.

use anyhow::{Context as _, bail};
use clap::{Args as ClapArgs, ValueEnum};

use crate::advise::index::{Reckoner, Tables, WhatIf};
use crate::advise::workload;
use crate::cli::context::Context;
use crate::cli::exit::Interrupted;
use crate::cli::plan::has_statistics;
use crate::cli::source::{Base, Source};
use crate::cli::what_if::HypoPg;
use crate::cli::what_if::shadow::{Options, Original, Programs, Shadow};
use crate::facts::Store;

/// Options of the planner.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Planner")]
pub struct Choice {
    /// Who says what a plan would cost
    #[arg(long, value_enum, default_value_t)]
    planner: Planner,
    #[command(flatten)]
    programs: Programs,
}

/// Who says what a plan would cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Planner {
    /// The first of the others that there is
    #[default]
    Auto,
    /// An empty server on this machine that plans as the original
    Shadow,
    /// The server itself, by its extension hypopg
    Hypopg,
    /// None: costs are reckoned from statistics alone
    Estimate,
}

impl Planner {
    /// What it is called in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Auto => "a planner",
            Self::Shadow => "a shadow of the server",
            Self::Hypopg => "the server, by HypoPG",
            Self::Estimate => "nobody: costs are estimates from statistics alone",
        }
    }
}

impl Choice {
    /// A shadow may be made, which needs the planner's statistics.
    pub fn wants_values(&self) -> bool {
        matches!(self.planner, Planner::Auto | Planner::Shadow)
    }

    /// Connects to it, or makes it; tells which one it is.
    pub fn start(
        &self,
        source: &Source,
        store: &Store,
        database: i64,
        context: &Context,
    ) -> anyhow::Result<(Box<dyn WhatIf>, Planner)> {
        let made: Box<dyn WhatIf> = match self.planner {
            Planner::Auto => return self.any(source, store, database, context),
            Planner::Shadow => Box::new(self.shadow(store, database, context)?),
            Planner::Hypopg => Box::new(hypopg(source, store, database)?),
            Planner::Estimate => Box::new(reckoner(store, database)?),
        };
        Ok((made, self.planner))
    }

    fn any(
        &self,
        source: &Source,
        store: &Store,
        database: i64,
        context: &Context,
    ) -> anyhow::Result<(Box<dyn WhatIf>, Planner)> {
        let lacking = match self.shadow(store, database, context) {
            Ok(shadow) => return Ok((Box::new(shadow), Planner::Shadow)),
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => error,
        };
        match hypopg(source, store, database) {
            Ok(hypopg) => {
                let text = format!("no shadow of the server, so its HypoPG is asked: {lacking:#}");
                context.say.warn(&text);
                return Ok((Box::new(hypopg), Planner::Hypopg));
            }
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(_) => {}
        }
        let text = format!(
            "no planner can be asked, so costs are estimates from statistics alone: {lacking:#}"
        );
        context.say.warn(&text);
        Ok((Box::new(reckoner(store, database)?), Planner::Estimate))
    }

    fn shadow(&self, store: &Store, database: i64, context: &Context) -> anyhow::Result<Shadow> {
        let facts = store.connection();
        has_statistics(store, database)?;
        let original = Original::read(facts, database)?;
        let server = self.programs.need(original.major, context.say)?;
        let shadow = Shadow::start(facts, database, &server, &Options::default())?;
        for left in shadow.left_out() {
            let text = format!("the shadow lacks {}: {}", left.object, left.because);
            context.say.note(&text);
        }
        Ok(shadow)
    }
}

fn hypopg(source: &Source, store: &Store, database: i64) -> anyhow::Result<HypoPg> {
    let Base::Live(target) = &source.base else {
        bail!("HypoPG is in a server; give one by -d, or use --planner shadow");
    };
    let info = target.nodes.first().context("no server is named")?;
    HypoPg::connect(info, store.connection(), database)
}

fn reckoner(store: &Store, database: i64) -> anyhow::Result<Reckoner> {
    let facts = store.connection();
    let tables = Tables::read(facts, database)?;
    let workload = workload::read(facts, database, &workload::Limits::default())?;
    Ok(Reckoner::new(facts, tables, &workload)?)
}
