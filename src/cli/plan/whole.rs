//! Plans of a whole workload.

use std::collections::HashMap;

use super::ground::{Changed, Ground, ask, cost};
use crate::advise::index::Plan as Answer;
use crate::advise::workload::Workload;
use crate::cli::what_if::shadow::Shadow;
use crate::parse::plan;
use crate::report::plan::{Plans, Row, Unplanned, differences};

/// Plans all statements, before and after what is changed. `other`: the shadow of another version.
pub fn whole(
    ground: &mut Ground<'_>,
    other: Option<&mut Shadow>,
    mut workload: Workload,
    changed: Option<&Changed>,
) -> anyhow::Result<Plans> {
    ground.settle(&mut workload)?;
    let before = ground.ask(&workload.queries, &Changed::default())?;
    let after = match (changed, other) {
        (None, _) => None,
        (Some(changed), Some(other)) => Some(ask(other, &workload.queries, changed)?),
        (Some(changed), None) => Some(ground.ask(&workload.queries, changed)?),
    };
    let texts = texts(ground)?;
    let named = |id: i64| texts.get(&id).cloned().unwrap_or_default();
    let mut plans = Plans {
        tail: workload.tail.statements,
        ..Plans::default()
    };
    let mut unplanned = workload.unplanned;
    for (at, query) in workload.queries.iter().enumerate() {
        let (mean, spread) = match cost(query, &before[at]) {
            Ok(cost) => cost,
            Err(because) => {
                unplanned.push(crate::advise::workload::Unplanned {
                    statement: query.statement,
                    because,
                });
                continue;
            }
        };
        let after = after.as_ref().map(|after| &after[at]);
        let (fingerprint, text) = named(query.statement);
        plans.rows.push(Row {
            fingerprint,
            text: text
                .or_else(|| Some(query.variants.first()?.text.clone()))
                .unwrap_or_default(),
            weight: query.weight,
            before: mean,
            spread,
            after: after.map(|after| cost(query, after).map(|(mean, _)| mean)),
            differences: after.map_or_else(Vec::new, |after| other_in(&before[at], after)),
            left_out: ground.left_out(&relations(ground, &before[at])),
        });
    }
    plans.unplanned = unplanned
        .into_iter()
        .map(|one| {
            let (fingerprint, text) = named(one.statement);
            Unplanned {
                fingerprint,
                text,
                because: one.because,
            }
        })
        .collect();
    plans.notes = ground.left_out_everywhere();
    plans.sort();
    Ok(plans)
}

/// What is other in the plans of a statement's texts.
pub fn other_in(before: &[Answer], after: &[Answer]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (before, after) in before.iter().zip(after) {
        let (Some(before), Some(after)) = (read(before), read(after)) else {
            continue;
        };
        for difference in differences(&before, &after) {
            if !found.contains(&difference) {
                found.push(difference);
            }
        }
    }
    found
}

fn read(answer: &Answer) -> Option<plan::Plan> {
    plan::read(&answer.as_ref().ok()?.json)
        .ok()?
        .into_iter()
        .next()
}

fn relations(ground: &Ground<'_>, answers: &[Answer]) -> Vec<i64> {
    let plans = answers.iter().filter_map(read);
    let nodes = plans.flat_map(|plan| plan.nodes);
    nodes
        .filter_map(|node| Some(ground.known.table(&node)?.id))
        .collect()
}

/// Fingerprints and texts of statements by `statements.id`.
fn texts(ground: &Ground<'_>) -> anyhow::Result<HashMap<i64, (String, Option<String>)>> {
    let mut texts = ground
        .store
        .connection()
        .prepare("SELECT id, fingerprint, text FROM statements WHERE database_id = ?1")?;
    let rows = texts.query_map([ground.database], |row| {
        Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
