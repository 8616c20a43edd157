//! `pgtriage advise alerts`: alerting rules with the thresholds of the rule pages.

use std::str::FromStr;

use clap::{Args as ClapArgs, ValueEnum};

use crate::cli::args::{General, Output};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::config::{MachineSettings, Settings, Size};
use crate::report::alerts::{Values, prometheus};

/// Write alerting rules with the thresholds of the rule pages
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
The rules are for metrics of postgres_exporter; no server is contacted. Thresholds are those of the rule
pages, as [rules] in pgtriage.toml sets them.

  pgtriage advise alerts --format prometheus --output postgres.rules.yml")]
pub struct Args {
    /// For which program
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    /// Size of the disk of the data: an alert foretells when the databases outgrow it
    #[arg(long, value_name = "SIZE", value_parser = Size::from_str, help_heading = "Machine")]
    disk: Option<Size>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    pub general: General,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Prometheus, as a file of rules
    #[default]
    Prometheus,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let settings = Settings {
        machine: MachineSettings {
            disk: args.disk,
            ..MachineSettings::default()
        },
        ..Settings::default()
    };
    let context = Context::new(&args.general, settings)?;
    let rules = context.rules()?;
    let values = Values {
        pages: &rules.pages,
        plan: &rules.plan,
        disk: context.settings.machine.disk.map(|size| size.0),
    };
    let Format::Prometheus = args.format;
    let out = context.out(args.output.output.as_deref());
    out.write(&prometheus(&values))?;
    Ok(Exit::Done)
}
