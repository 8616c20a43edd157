//! Plans before and after a file.

use super::blame::{of_column, of_plan};
use super::ground::Ground;
use super::refused::{Verdict, text, tried};
use super::rows::Change;
use super::steps::{Step, What};
use crate::advise::workload::{Origin, Query, Variant};
use crate::cli::plan::{Changed, ask, cost, other_in};
use crate::cli::what_if::shadow::Shadow;

/// `EXPLAIN` rounds costs to hundredths.
const ROUNDING: f64 = 0.005;

/// What stays known of columns with another type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// All statistics.
    All,
    /// Values without their order.
    Values,
    /// Nothing.
    Nothing,
}

/// A file's actions, with what is known of columns after them.
pub struct Asked<'s> {
    /// Actions that statements may get dearer by.
    pub wanted: Vec<&'s Step>,
    /// Of each of them that changes a type.
    pub carried: Vec<Carried>,
}

impl Asked<'_> {
    fn carried(&self, step: &Step) -> Carried {
        let mut pairs = self.wanted.iter().zip(&self.carried);
        let found = pairs.find(|(wanted, _)| wanted.effect == step.effect);
        found.map_or(Carried::All, |(_, carried)| *carried)
    }
}

/// Compares the plans of all statements, and gives those that change with how many could be compared.
/// `before` is none where that is the shadow of what is there now.
pub fn compare(
    ground: &mut Ground<'_>,
    mut before: Option<&mut Shadow>,
    after: &mut Shadow,
    asked: &Asked<'_>,
) -> anyhow::Result<(Vec<Change>, usize)> {
    let queries = std::mem::take(&mut ground.workload.queries);
    let nothing = Changed::default();
    let old = match before.as_deref_mut() {
        Some(before) => ask(before, &queries, &nothing)?,
        None => ask(&mut ground.shadow, &queries, &nothing)?,
    };
    let new = ask(after, &queries, &nothing)?;
    let mut changes = Vec::new();
    let mut compared = 0;
    for (at, query) in queries.iter().enumerate() {
        let Ok((mut cost_before, _)) = cost(query, &old[at]) else {
            continue;
        };
        compared += 1;
        let (mut old, mut new) = (old[at].clone(), new[at].clone());
        let mut shares = query.clone();
        if let Some(step) = of_column(ground, &asked.wanted, query.statement) {
            match tried(ground, before.as_deref_mut(), after, query)? {
                Verdict::Fails(change) => {
                    changes.push(Change {
                        effect: step.effect,
                        statement: query.statement,
                        ..change
                    });
                    continue;
                }
                Verdict::Taken | Verdict::Unknown => {}
            }
            if asked.carried(step) == Carried::Nothing {
                changes.push(unknown(
                    step,
                    query,
                    "the values of the column under its new type are not known",
                ));
                continue;
            }
            // Values that were drawn for the old type may not be of the new one.
            if new.iter().any(Result::is_err) {
                let Some(general) = general(ground, query) else {
                    continue;
                };
                let one = std::slice::from_ref(&general);
                let before = before.as_deref_mut().unwrap_or(&mut ground.shadow);
                old = ask(before, one, &nothing)?.remove(0);
                new = ask(after, one, &nothing)?.remove(0);
                if let Ok((cost, _)) = cost(&general, &old) {
                    (cost_before, shares) = (cost, general);
                } else {
                    let because = "the values that it was planned with are not of the new type";
                    changes.push(unknown(step, query, because));
                    continue;
                }
            }
        }
        let Some(step) = of_plan(ground, &asked.wanted, query.statement, &old) else {
            continue;
        };
        let cost_after = match cost(&shares, &new) {
            Ok((cost, _)) => cost,
            // What makes it fail is told by other rules: a column that is gone, say.
            Err(_) if matches!(step.what, What::Drop { .. }) => continue,
            Err(because) => {
                changes.push(unknown(step, query, &because));
                continue;
            }
        };
        if (cost_after - cost_before).abs() <= ROUNDING {
            continue;
        }
        changes.push(Change {
            effect: step.effect,
            statement: query.statement,
            outcome: "changed",
            before: Some(cost_before),
            after: Some(cost_after),
            is_rough: asked.carried(step) == Carried::Values,
            differences: other_in(&old, &new),
            ..Change::default()
        });
    }
    ground.workload.queries = queries;
    Ok((changes, compared))
}

/// The statement as it was counted, planned for any values.
fn general(ground: &mut Ground<'_>, query: &Query) -> Option<Query> {
    Some(Query {
        variants: vec![Variant {
            text: text(ground, query)?,
            origin: Origin::Generic,
            share: 1.0,
        }],
        ..query.clone()
    })
}

fn unknown(step: &Step, query: &Query, because: &str) -> Change {
    Change {
        effect: step.effect,
        statement: query.statement,
        outcome: "unknown",
        because: Some(because.to_owned()),
        ..Change::default()
    }
}
