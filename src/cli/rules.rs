//! `pgtriage rules`: what is checked.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use serde_json::json;

use super::args::{General, Live, Offline, Output, Saved, Voice};
use super::context::Context;
use super::exit::Exit;
use super::rules_check;
use super::source::Source;
use crate::config::Settings;
use crate::engine::{Outcome, Page, Selection, Status};
use crate::facts::{Store, escape};
use crate::report::grid::{Cell, Column, Grid, Look};
use crate::report::{Role, Style, json};

/// List the rules; with a server or snapshot also what became of each
#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<RulesCommand>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    Check(rules_check::Args),
}

#[derive(Debug, ClapArgs)]
struct List {
    #[command(flatten)]
    live: Live,
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
    general: General,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    #[default]
    Table,
    /// For programs
    Json,
}

impl Args {
    /// How the program speaks.
    pub fn voice(&self) -> &Voice {
        match &self.command {
            None => &self.list.general.voice,
            Some(RulesCommand::Check(args)) => &args.general.voice,
        }
    }
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    match &args.command {
        None => list(&args.list),
        Some(RulesCommand::Check(args)) => rules_check::run(args),
    }
}

fn list(args: &List) -> anyhow::Result<Exit> {
    let source = args.live.settings(None, Some(&args.saved), &args.offline);
    let settings = Settings {
        source,
        ..Settings::default()
    };
    let context = Context::new(&args.general, settings)?;
    let rules = context.rules()?;
    // Only a source that is named is read: a list must not surprise with a connection.
    let source = &context.settings.source;
    let mut store = if source.snapshot.is_some() || source.dbname.is_some() || source.has_files() {
        Some(Source::new(source)?.load(&context)?)
    } else {
        None
    };
    let with_facts = store.is_some();
    let outcome = match &mut store {
        Some(store) => rules.judge(store, Selection::default(), None)?,
        None => rules.judge(&mut Store::in_memory()?, Selection::default(), None)?,
    };
    let out = context.out(args.output.output.as_deref());
    let pages: Vec<&Page> = rules.pages.iter().collect();
    out.write(&match args.format {
        Format::Table => table(&outcome, with_facts, out.style, out.columns),
        Format::Json => as_json(&outcome, &pages, with_facts),
    })?;
    Ok(Exit::Done)
}

/// From this width on titles have a column of their own.
const WIDE: usize = 110;

fn table(outcome: &Outcome, with_facts: bool, style: Style, columns: usize) -> String {
    let wide = columns >= WIDE;
    let heads = [
        (true, Column::fixed("severity")),
        (wide, Column::fixed("rule")),
        (wide, Column::new("title")),
        (!wide, Column::new("rule and title")),
        (with_facts, Column::new("outcome")),
    ];
    let heads = heads.into_iter().filter(|(shown, _)| *shown);
    let mut grid = Grid::new(heads.map(|(_, column)| column).collect());
    for rule in &outcome.rules {
        let (id, title) = match rule.status {
            Status::Off => (Role::Dim, Role::Dim),
            _ => (Role::Strong, Role::Plain),
        };
        let mut cells = vec![Cell::new(rule.severity.into(), rule.severity.as_str())];
        let name = Cell::new(id, rule.id.clone());
        let heading = escape::line(&rule.title);
        if wide {
            cells.extend([name, Cell::new(title, heading)]);
        } else {
            cells.push(name.and(title, heading));
        }
        if with_facts {
            cells.push(became(outcome, rule));
        }
        grid.push(cells);
    }
    grid.draw(style, Look::Ruled, columns)
}

fn became(outcome: &Outcome, rule: &crate::engine::RuleRun) -> Cell {
    match rule.status {
        Status::Off => Cell::new(Role::Dim, "switched off"),
        Status::Skipped => {
            let because = because(outcome, &rule.id).unwrap_or_default();
            Cell::new(
                Role::Warning,
                format!("skipped, because {}", escape::line(because)),
            )
        }
        Status::Run => match rule.finding_count {
            0 => Cell::new(Role::Dim, "nothing found"),
            1 => Cell::new(Role::Strong, "1 finding"),
            many => Cell::new(Role::Strong, format!("{many} findings")),
        },
    }
}

fn because<'a>(outcome: &'a Outcome, rule: &str) -> Option<&'a str> {
    let skipped = outcome
        .skipped
        .iter()
        .find(|skipped| skipped.rule == rule)?;
    Some(&skipped.because)
}

fn as_json(outcome: &Outcome, pages: &[&Page], with_facts: bool) -> String {
    let rules = outcome.rules.iter().map(|rule| {
        let page = pages.iter().find(|page| page.id == rule.id);
        let mut object = json!({
            "id": rule.id,
            "severity": rule.severity.as_str(),
            "title": rule.title,
            "source": rule.source,
            "since": page.map(|page| page.since.as_str()),
            "off": rule.status == Status::Off,
        });
        if with_facts {
            let skipped = outcome
                .skipped
                .iter()
                .find(|skipped| skipped.rule == rule.id);
            object["status"] = json!(rule.status.as_str());
            object["because"] = json!(skipped.map(|skipped| skipped.because.as_str()));
            object["remedy"] = json!(skipped.and_then(|skipped| skipped.remedy.as_deref()));
            object["findings"] = json!(rule.finding_count);
        }
        object
    });
    json::text(&json!({
        "format": json::FORMAT,
        "tool": json::tool(),
        "rules": rules.collect::<Vec<_>>(),
    }))
}
