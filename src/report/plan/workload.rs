//! The plans of a whole workload, and what changes them.

use serde_json::{Value, json};

use super::change::times;
use crate::facts::{escape, human};
use crate::report::grid::{Cell, Column, Grid, Look};
use crate::report::markdown as mark;
use crate::report::plural;
use crate::report::queries::line;
use crate::report::style::{Role, Style};
use crate::report::wrap::cut;

/// Columns of a statement in tickets.
const TEXT: usize = 80;

/// The plans of a workload.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plans {
    /// What is changed, in words; empty: nothing is, and costs are shown as they are.
    pub changes: Vec<String>,
    /// Statements.
    pub rows: Vec<Row>,
    /// Statements that are not planned, and why.
    pub unplanned: Vec<Unplanned>,
    /// Statements that were left out, having so little time each.
    pub tail: usize,
    /// What the figures are to be taken with.
    pub notes: Vec<String>,
}

/// A statement of a workload.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its fingerprint.
    pub fingerprint: String,
    /// Its text.
    pub text: String,
    /// Executions that it is weighed by.
    pub weight: f64,
    /// Cost of an execution as things are.
    pub before: f64,
    /// Least and greatest cost over values, where several were tried.
    pub spread: Option<(f64, f64)>,
    /// Cost of an execution after the change; the refusal where there is none.
    pub after: Option<Result<f64, String>>,
    /// What is other in its plan.
    pub differences: Vec<String>,
    /// What is not imitated of the tables it reads.
    pub left_out: Vec<String>,
}

/// A statement that is not planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplanned {
    /// Its fingerprint.
    pub fingerprint: String,
    /// Its text; `None`: not known.
    pub text: Option<String>,
    /// Why.
    pub because: String,
}

impl Row {
    fn changed(&self) -> Option<f64> {
        self.after.as_ref()?.as_ref().ok().copied()
    }

    /// Cost after over cost before.
    fn factor(&self) -> Option<f64> {
        self.changed()
            .filter(|_| self.before > 0.0)
            .map(|after| after / self.before)
    }

    /// What decides the order: what the change makes of all executions, else what they cost.
    fn matter(&self) -> f64 {
        match self.changed() {
            Some(after) => self.weight * (after - self.before).abs(),
            None => self.weight * self.before,
        }
    }

    /// Something is other after the change.
    fn is_other(&self, same: f64) -> bool {
        let is_moved = self
            .factor()
            .is_some_and(|factor| (factor - 1.0).abs() > same);
        is_moved || !self.differences.is_empty() || matches!(self.after, Some(Err(_)))
    }
}

impl Plans {
    /// Orders the statements: those that matter most first.
    pub fn sort(&mut self) {
        self.rows.sort_by(|a, b| {
            b.matter()
                .total_cmp(&a.matter())
                .then(a.fingerprint.cmp(&b.fingerprint))
        });
    }

    /// Cost of all executions before, and after; those that have no cost after are in neither.
    fn sums(&self) -> (f64, Option<f64>) {
        if self.changes.is_empty() {
            return (
                self.rows.iter().map(|row| row.weight * row.before).sum(),
                None,
            );
        }
        let both = self
            .rows
            .iter()
            .filter_map(|row| Some((row.weight * row.before, row.weight * row.changed()?)));
        let (before, after) = both.fold((0.0, 0.0), |(a, b), (before, after)| {
            (a + before, b + after)
        });
        (before, Some(after))
    }

    /// The whole in sentences.
    fn summary(&self, same: f64) -> Vec<String> {
        let planned = plural(self.rows.len(), "statement");
        let (before, after) = self.sums();
        let mut lines = Vec::new();
        match after {
            None => lines.push(format!(
                "{planned} planned; all executions together cost {}.",
                human::count(before)
            )),
            Some(after) => {
                lines.push(format!("With {}:", self.changes.join(", ")));
                let factor = if before > 0.0 {
                    times(after / before, same)
                } else {
                    "the same".to_owned()
                };
                let count = |is: &dyn Fn(f64) -> bool| {
                    self.rows
                        .iter()
                        .filter(|row| row.factor().is_some_and(is))
                        .count()
                };
                let other = self
                    .rows
                    .iter()
                    .filter(|row| !row.differences.is_empty())
                    .count();
                lines.push(format!(
                    "{planned} planned; all executions together cost {} before and {} after ({factor}). {} cheaper, {} dearer, {} with another plan.",
                    human::count(before),
                    human::count(after),
                    count(&|factor| factor < 1.0 - same),
                    count(&|factor| factor > 1.0 + same),
                    other,
                ));
            }
        }
        if self.tail > 0 {
            lines.push(format!(
                "{} with little time each left out.",
                plural(self.tail, "more statement")
            ));
        }
        lines
    }
}

/// For a terminal: `limit` statements at most. `same`: share of a cost up to which it counts as the same.
pub fn workload_text(
    plans: &Plans,
    same: f64,
    limit: usize,
    style: Style,
    columns: usize,
) -> String {
    let mut out = String::new();
    for line in plans.summary(same) {
        out += &format!("{}\n", escape::line(&line));
    }
    let is_change = !plans.changes.is_empty();
    let shown: Vec<&Row> = plans
        .rows
        .iter()
        .filter(|row| !is_change || row.is_other(same))
        .collect();
    if !shown.is_empty() {
        out.push('\n');
        out += &grid(
            &shown[..shown.len().min(limit)],
            is_change,
            same,
            style,
            columns,
        );
    }
    if shown.len() > limit {
        out += &format!("{} more; --limit shows them\n", shown.len() - limit);
    }
    if is_change && shown.len() < plans.rows.len() {
        out += &format!(
            "{} as before\n",
            plural(plans.rows.len() - shown.len(), "statement")
        );
    }
    if !plans.unplanned.is_empty() {
        out += &format!("\n{}\n", style.paint(Role::Strong, "Not planned"));
    }
    for one in &plans.unplanned {
        let text = line(one.text.as_deref(), TEXT);
        out += &format!(
            "- {} {}\n",
            one.fingerprint,
            cut(&escape::line(&text), columns.saturating_sub(26))
        );
        out += &format!("  {}\n", escape::line(&one.because));
    }
    if !plans.notes.is_empty() {
        out.push('\n');
    }
    for note in &plans.notes {
        out += &super::text::item("*", note, columns);
    }
    out
}

fn grid(rows: &[&Row], is_change: bool, same: f64, style: Style, columns: usize) -> String {
    let mut heads = vec![Column::number("runs")];
    heads.push(Column::number(if is_change { "before" } else { "cost" }));
    if is_change {
        heads.push(Column::number("after"));
        heads.push(Column::fixed("change"));
    }
    heads.push(Column::new("statement"));
    let mut grid = Grid::new(heads);
    for row in rows {
        let mut cells = vec![
            Cell::new(Role::Plain, human::count(row.weight)),
            Cell::new(Role::Plain, human::count(row.before)),
        ];
        let mut statement = Cell::new(
            Role::Plain,
            cut(&escape::line(&line(Some(&row.text), TEXT)), TEXT),
        )
        .and(Role::Dim, row.fingerprint.clone());
        if is_change {
            let (after, change) = match &row.after {
                Some(Ok(after)) => (
                    human::count(*after),
                    row.factor()
                        .map_or_else(String::new, |factor| times(factor, same)),
                ),
                Some(Err(_)) => ("-".to_owned(), "refused".to_owned()),
                None => ("-".to_owned(), String::new()),
            };
            cells.push(Cell::new(Role::Plain, after));
            cells.push(Cell::new(Role::Strong, change));
            if let Some(Err(because)) = &row.after {
                statement = statement.and(Role::Dim, escape::line(because).into_owned());
            }
            for difference in &row.differences {
                statement = statement.and(Role::Dim, escape::line(difference).into_owned());
            }
        }
        if let Some((least, greatest)) = row.spread {
            statement = statement.and(
                Role::Dim,
                format!(
                    "by its values: from {} to {}",
                    human::count(least),
                    human::count(greatest)
                ),
            );
        }
        for note in &row.left_out {
            statement = statement.and(Role::Dim, escape::line(note).into_owned());
        }
        cells.push(statement);
        grid.push(cells);
    }
    grid.draw(style, Look::Spaced, columns)
}

/// For tickets.
pub fn workload_markdown(plans: &Plans, same: f64, limit: usize) -> String {
    let mut out = String::from("# Plans of the workload\n\n");
    for line in plans.summary(same) {
        out += &format!("{}\n", mark::prose(&line));
    }
    out += "\n| runs | before | after | change | statement |\n|---:|---:|---:|---|---|\n";
    let is_change = !plans.changes.is_empty();
    for row in plans
        .rows
        .iter()
        .filter(|row| !is_change || row.is_other(same))
        .take(limit)
    {
        let after = row.changed().map_or_else(|| "-".to_owned(), human::count);
        let factor = row
            .factor()
            .map_or_else(String::new, |factor| times(factor, same));
        let text = mark::code(&cut(&line(Some(&row.text), TEXT), TEXT)).replace('|', "\\|");
        out += &format!(
            "| {} | {} | {after} | {factor} | {text} |\n",
            human::count(row.weight),
            human::count(row.before)
        );
    }
    if !plans.unplanned.is_empty() {
        out += "\nNot planned:\n\n";
    }
    for one in &plans.unplanned {
        out += &format!(
            "- {}: {}\n",
            mark::code(&one.fingerprint),
            mark::prose(&one.because)
        );
    }
    out
}

/// For programs; `docs/json.md` describes it.
pub fn workload_json(plans: &Plans) -> Value {
    let (before, after) = plans.sums();
    let statements = plans.rows.iter().map(|row| {
        json!({
            "fingerprint": row.fingerprint,
            "statement": row.text,
            "weight": row.weight,
            "cost_before": row.before,
            "cost_least": row.spread.map(|spread| spread.0),
            "cost_greatest": row.spread.map(|spread| spread.1),
            "cost_after": row.changed(),
            "factor": row.factor(),
            "refused": match &row.after { Some(Err(because)) => Some(because), _ => None },
            "differences": row.differences,
            "left_out": row.left_out,
        })
    });
    json!({
        "changes": plans.changes,
        "workload_cost_before": before,
        "workload_cost_after": after,
        "statements": statements.collect::<Vec<_>>(),
        "unplanned": plans.unplanned.iter().map(|one| json!({
            "fingerprint": one.fingerprint, "statement": one.text, "because": one.because,
        })).collect::<Vec<_>>(),
        "left_out_statements": plans.tail,
        "notes": plans.notes,
    })
}
