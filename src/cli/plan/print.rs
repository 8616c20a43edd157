//! Formats of plans.

use clap::ValueEnum;
use serde_json::json;

use crate::cli::out::Out;
use crate::report::json as document;
use crate::report::plan::{self, Change, Plans, Shown};

/// How plans are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal
    #[default]
    Text,
    /// For programs; docs/json.md describes it
    Json,
    /// For tickets
    Markdown,
}

/// What is printed.
pub enum Printed {
    /// Plans as they are.
    Plans(Vec<Shown>),
    /// Plans before and after a change.
    Changes(Vec<Change>),
    /// Those of a workload.
    Workload(Plans),
}

/// The text of a format. `same`: share of a cost up to which it counts as the same.
pub fn print(printed: &Printed, format: Format, same: f64, limit: usize, out: &Out) -> String {
    let (style, columns) = (out.style, out.columns);
    match (printed, format) {
        (Printed::Plans(all), Format::Text) => joined(all, |one| plan::text(one, style, columns)),
        (Printed::Plans(all), Format::Markdown) => joined(all, plan::markdown),
        (Printed::Changes(all), Format::Text) => {
            joined(all, |one| plan::change_text(one, same, style, columns))
        }
        (Printed::Changes(all), Format::Markdown) => {
            joined(all, |one| plan::change_markdown(one, same))
        }
        (Printed::Workload(plans), Format::Text) => {
            plan::workload_text(plans, same, limit, style, columns)
        }
        (Printed::Workload(plans), Format::Markdown) => plan::workload_markdown(plans, same, limit),
        (_, Format::Json) => {
            let (name, content) = match printed {
                Printed::Plans(all) => ("plans", all.iter().map(plan::json).collect()),
                Printed::Changes(all) => ("changes", all.iter().map(plan::change_json).collect()),
                Printed::Workload(plans) => ("workload", plan::workload_json(plans)),
            };
            let mut all = json!({ "format": document::FORMAT, "tool": document::tool() });
            all[name] = content;
            document::text(&all)
        }
    }
}

fn joined<T>(all: &[T], text: impl Fn(&T) -> String) -> String {
    all.iter().map(text).collect::<Vec<_>>().join("\n")
}
