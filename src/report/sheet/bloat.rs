//! What rewrites would give back, and how that changed.

use std::collections::HashMap;

use super::input::{Input, Limits};
use super::page::{Block, Cell, Section, Table, Tone};
use crate::facts::{FactsError, Store, human};
use crate::report::bloat::{BloatOrder, Estimate, Estimates, bounded, is_least, points};
use crate::report::listing::Missing;

/// The part.
pub fn section(input: &Input<'_>, limits: Limits) -> Result<Section, FactsError> {
    let now = known(input.store)?;
    let then = match &input.earlier {
        Some(earlier) => known(earlier.store)?.0,
        None => Vec::new(),
    };
    let then: HashMap<_, _> = then.iter().map(|one| (key(one), one)).collect();
    let (mut known, missing) = now;
    known.sort_by_key(|one| std::cmp::Reverse(one.bloat_bytes));
    let mut blocks = Vec::new();
    if known.is_empty() {
        blocks.push(Block::Text("Bloat was not estimated.".to_owned()));
    } else {
        let all: i64 = known.iter().filter_map(|one| one.bloat_bytes).sum();
        blocks.push(Block::Text(format!(
            "Rewrites would give back {}{} in all, of {} tables, TOAST tables and indexes that were looked at.",
            if known.iter().any(|one| is_least(&one.method)) { "at least " } else { "" },
            human::bytes(all as f64),
            known.len()
        )));
        let heads = [
            "kind",
            "name",
            "#size",
            "#gives back",
            "#bloat",
            "#before",
            "#change",
        ];
        let caption = "The most bloat, with its 95 % interval";
        let mut table = Table::new(caption, &heads);
        let rows = known.iter().filter(|one| one.bloat_bytes > Some(0));
        table.take(limits.list, rows, |one| {
            row(one, then.get(&key(one)).copied())
        });
        blocks.push(Block::Table(table));
    }
    blocks.extend(missing.into_iter().map(Block::Note));
    Ok(Section {
        id: "bloat",
        title: "Bloat",
        blocks,
    })
}

fn known(store: &Store) -> Result<(Vec<Estimate>, Vec<String>), FactsError> {
    let mut known = Vec::new();
    let mut missing: Vec<String> = Vec::new();
    for of_indexes in [false, true] {
        let estimates = Estimates::read(store, of_indexes, BloatOrder::Bloat)?;
        known.extend(estimates.known);
        let sentences = estimates.missing.iter().map(Missing::sentence);
        missing.extend(
            sentences
                .filter(|sentence| !missing.contains(sentence))
                .collect::<Vec<_>>(),
        );
    }
    Ok((known, missing))
}

fn key(one: &Estimate) -> (&str, &str, &str) {
    (&one.database, &one.relation, &one.kind)
}

fn row(one: &Estimate, then: Option<&Estimate>) -> Vec<Cell> {
    let share = |one: &Estimate| {
        let share = one.share()?;
        Some(bounded(points(share, one.plus_minus_share()), &one.method))
    };
    let change = match then.and_then(|then| Some((then, then.bloat_bytes?))) {
        Some((then, before)) => change(one, then, one.bloat_bytes.unwrap_or(0) - before),
        None => Cell::default(),
    };
    vec![
        Cell::new(one.kind.clone()),
        Cell::code(one.relation.clone()),
        Cell::new(human::bytes(one.size_bytes as f64)),
        Cell::known(
            one.bloat_bytes
                .map(|bytes| bounded(human::bytes(bytes as f64), &one.method)),
        ),
        Cell::known(share(one)),
        Cell::new(then.and_then(share).unwrap_or_default()),
        change,
    ]
}

/// Within the two intervals nothing is known to have changed.
fn change(now: &Estimate, then: &Estimate, bytes: i64) -> Cell {
    let error = |one: &Estimate| one.plus_minus_bytes.unwrap_or(0);
    if bytes.abs() <= error(now) + error(then) {
        return Cell::new("within the error").toned(Tone::Dim);
    }
    let size = human::bytes(bytes.abs() as f64);
    if bytes > 0 {
        Cell::new(format!("{size} more")).toned(Tone::Bad)
    } else {
        Cell::new(format!("{size} less")).toned(Tone::Good)
    }
}
