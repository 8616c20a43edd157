//! A plan before and after something changes, for terminals, tickets and programs.

use serde_json::{Value, json};

use super::change::Change;
use super::shown::Shown;
use super::{json as of_plan, text as of_text};
use crate::facts::escape;
use crate::report::markdown as mark;
use crate::report::style::{Role, Style};

/// Columns of trees in tickets.
const COLUMNS: usize = 110;

/// For a terminal. `same`: share of a cost up to which it counts as the same.
pub fn change_text(change: &Change, same: f64, style: Style, columns: usize) -> String {
    let mut out = format!(
        "{}\n",
        style.paint(Role::Strong, &escape::line(&change.before.title))
    );
    out += &format!("{}\n", change.summary(same));
    for difference in difference_lines(change) {
        out += &of_text::item("-", &difference, columns);
    }
    // What it tells is listed for the plan after only.
    let before = Shown {
        readings: Vec::new(),
        ..change.before.clone()
    };
    let trees: Vec<(&str, &Shown)> = if change.differences.is_empty() {
        vec![("Before and after, with the costs of after", &change.after)]
    } else {
        vec![("Before", &before), ("After", &change.after)]
    };
    for (title, shown) in &trees {
        out += &format!("\n{}\n", style.paint(Role::Strong, title));
        out += &of_text::tree(shown, style, columns);
    }
    if !change.after.readings.is_empty() {
        out += &format!("\n{}\n", style.paint(Role::Strong, "What it tells after"));
    }
    for (at, reading) in change.after.readings.iter().enumerate() {
        out += &of_text::item(&format!("{}.", at + 1), &reading.text, columns);
    }
    if !change.after.notes.is_empty() {
        out.push('\n');
    }
    for note in &change.after.notes {
        out += &of_text::item("*", note, columns);
    }
    out
}

fn difference_lines(change: &Change) -> Vec<String> {
    if change.differences.is_empty() {
        vec!["the plan is the same".to_owned()]
    } else {
        change.differences.clone()
    }
}

/// For tickets.
pub fn change_markdown(change: &Change, same: f64) -> String {
    let mut out = format!(
        "# {}\n\n{}\n",
        mark::prose(&change.before.title),
        mark::prose(&change.summary(same))
    );
    if let Some(statement) = &change.before.statement {
        out += &format!("\n{}", mark::fence("sql", statement));
    }
    out.push('\n');
    for difference in difference_lines(change) {
        out += &format!("- {}\n", mark::prose(&difference));
    }
    for (title, shown) in [("Before", &change.before), ("After", &change.after)] {
        let tree = of_text::tree(shown, Style::default(), COLUMNS);
        out += &format!("\n## {title}\n\n{}", mark::fence("", &tree));
    }
    for (at, note) in change.after.notes.iter().enumerate() {
        let gap = if at == 0 { "\n" } else { "" };
        out += &format!("{gap}- {}\n", mark::prose(note));
    }
    out
}

/// For programs; `docs/json.md` describes it.
pub fn change_json(change: &Change) -> Value {
    json!({
        "cost_before": change.before.plan.cost(),
        "cost_after": change.after.plan.cost(),
        "factor": change.factor(),
        "differences": change.differences,
        "before": of_plan::json(&change.before),
        "after": of_plan::json(&change.after),
    })
}
