//! `pgtriage advise pool`: sizes of connection pools.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::bail;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, ValueEnum};

use super::looks::{self, Looks, load};
use super::params;
use crate::advise::pool::{self, Inputs};
use crate::cli::args::{General, Output};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::machine::Machine;
use crate::cli::new_files;
use crate::config::{Settings, Time};
use crate::report::Server;
use crate::report::pool::{POOLS, Pool, Shown, Sizes, ini, json, text};

/// The word for every pool.
const ALL: &str = "all";

/// Size connection pools by the load that is measured
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
On a server it looks at sessions for a minute and reads the counters of its databases meanwhile, so
run it while the load is what it is to be sized for. A snapshot shows the load between its samples
(pgtriage snapshot --samples 7 --every 10s).

  pgtriage advise pool -d service=prod --cores 8 --instances 4 --pool hikari")]
pub struct Args {
    /// Application instances (processes with a pool) that share the connections
    #[arg(long, value_name = "N", help_heading = "Pool", value_parser = clap::value_parser!(u32).range(1..))]
    instances: Option<u32>,
    /// Multiples of the load to look at; pools are sized for the first
    #[arg(long, value_name = "TIMES", help_heading = "Pool", value_delimiter = ',', default_values = ["2", "3"], value_parser = peak)]
    peak: Vec<f64>,
    /// Print the settings of this pool too, or of all
    #[arg(long, value_name = "NAME", help_heading = "Pool", value_delimiter = ',', value_parser = words())]
    pool: Vec<String>,
    /// Write pgbouncer.ini into this folder
    #[arg(long, value_name = "DIR", help_heading = "Pool")]
    write: Option<PathBuf>,
    /// Look at sessions for so long; 0 takes the means since the counters began [default: 1min]
    #[arg(long = "for", value_name = "TIME", value_parser = looks::time, help_heading = "Server")]
    #[arg(conflicts_with = "snapshot")]
    time: Option<Time>,
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
}

fn peak(text: &str) -> Result<f64, String> {
    let text = text.trim_end_matches(['x', '×']);
    let peak: Option<f64> = text.parse().ok();
    peak.filter(|peak| (1.0..=1000.0).contains(peak))
        .ok_or_else(|| "give multiples of the load from 1 on, such as 2,3".to_owned())
}

fn words() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(POOLS.map(|pool| pool.word).into_iter().chain([ALL]))
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
    let is_file = context.settings.source.snapshot.is_some() || context.settings.source.has_files();
    let time = args
        .time
        .or_else(|| (!is_file).then_some(Time(Duration::from_mins(1))));
    let (store, exit) = load(&context, time)?;
    context.machine.write(&store)?;
    let inputs = Inputs {
        peaks: args.peak.clone(),
        instances: args.instances,
        cores: None,
    };
    pool::write(store.connection(), &inputs)?;
    let sizes = Sizes::read(&store)?;
    let usual = params::usual(&rules.plan);
    let numbers = sizes.settings(usual);
    if let Some(folder) = &args.write {
        let Some(numbers) = &numbers else {
            bail!("there is no advice to write: the load is not known");
        };
        let path = folder.join("pgbouncer.ini");
        write(&path, &ini(numbers))?;
        context.say.note(&format!("wrote {}", path.display()));
    }
    let server = Server::read(&store)?.describe();
    let pools = chosen(&args.pool);
    let shown = Shown {
        server: &server,
        pools: &pools,
        settings: numbers.as_ref(),
        usual,
    };
    let out = context.out(args.output.output.as_deref());
    out.write(&match args.format {
        Format::Text => text(&sizes, &shown, out.style, out.columns),
        Format::Json => json(&sizes, &shown),
    })?;
    Ok(exit)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if path.exists() {
        bail!(
            "{} exists; move it away or choose another folder",
            path.display()
        );
    }
    new_files::write(&path.display().to_string(), text, false)
}

fn chosen(words: &[String]) -> Vec<&'static Pool> {
    let is_all = words.iter().any(|word| word == ALL);
    let wanted = |pool: &&Pool| is_all || words.iter().any(|word| word == pool.word);
    POOLS.iter().filter(wanted).collect()
}
