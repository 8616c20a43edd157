//! All pairs of statements that may be parent and child.

use std::collections::BTreeMap;

use rusqlite::{Connection, Result, params};

use super::edges::{Edge, Giving, Keys};
use super::growth::{Growth, Match};
use super::statements::{Child, children, parents};

/// Parents of one child that are written: the best by how well they fit.
const PARENTS: usize = 8;

/// Farthest that the rows of a parent may be from the calls of a child, as a share of the calls.
/// What is farther deviates by as much in the intervals together, and no page goes so far.
const FARTHEST: f64 = 0.5;

/// Writes `loop_candidates`, in place of what was there.
pub fn all(facts: &Connection) -> Result<()> {
    facts.execute("DELETE FROM loop_candidates", [])?;
    let keys = Keys::load(facts)?;
    let growth = Growth::load(facts)?;
    let parents = parents(facts)?;
    let mut giving = Giving::default();
    for (parent, columns) in &parents {
        // Of one row a call there is nothing to loop over.
        let total = growth.total(*parent);
        if total.rows > total.calls {
            for column in columns {
                giving.add(column, *parent);
            }
        }
    }
    let mut insert = facts.prepare(
        "INSERT INTO loop_candidates (parent_id, child_id, database_id, edge, relation_id, column_name,
           parent_relation_id, parent_column, child_calls, parent_calls, parent_rows, intervals,
           all_intervals, deviation, ratio, correlation, is_best)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?;
    for child in children(facts)? {
        let calls = growth.total(child.id).calls;
        if calls == 0 {
            continue;
        }
        let found = ranked(candidates(&keys, &growth, &giving, &child));
        if found.is_empty() {
            insert.execute(params![
                None::<i64>,
                child.id,
                child.database,
                None::<&str>,
                child.relation,
                child.keys.first(),
                None::<i64>,
                None::<&str>,
                calls,
                0,
                0,
                0,
                growth.intervals(),
                None::<f64>,
                None::<f64>,
                None::<f64>,
                true,
            ])?;
        }
        for (place, (parent, (edge, fit))) in found.iter().take(PARENTS).enumerate() {
            insert.execute(params![
                parent,
                child.id,
                child.database,
                edge.kind,
                child.relation,
                edge.column,
                edge.parent.0,
                edge.parent.1,
                fit.child_calls,
                fit.parent.calls,
                fit.parent.rows,
                fit.intervals,
                growth.intervals(),
                fit.deviation,
                fit.ratio,
                fit.correlation,
                place == 0,
            ])?;
        }
    }
    crate::derive::derived(facts, "loop_candidates")
}

/// Parents of a child, each by its strongest edge.
fn candidates(
    keys: &Keys,
    growth: &Growth,
    giving: &Giving<'_>,
    child: &Child,
) -> BTreeMap<i64, (Edge, Match)> {
    let mut found: BTreeMap<i64, (Edge, Match)> = BTreeMap::new();
    let mut edges = keys.edges(child);
    edges.extend(keys.inferred(child, giving));
    edges.sort_by_key(|edge| strength(edge.kind));
    let calls = growth.total(child.id).calls as f64;
    for edge in edges {
        for parent in giving.parents.get(&edge.parent).into_iter().flatten() {
            let rows = growth.total(*parent).rows as f64;
            if *parent != child.id && (rows - calls).abs() <= FARTHEST * calls {
                found
                    .entry(*parent)
                    .or_insert_with(|| (edge.clone(), growth.compare(child.id, *parent)));
            }
        }
    }
    found
}

/// Strongest first.
fn strength(kind: &str) -> usize {
    const ORDER: [&str; 6] = [
        "foreign key",
        "referenced key",
        "own key",
        "shared key",
        "same name",
        "named",
    ];
    ORDER
        .iter()
        .position(|known| *known == kind)
        .unwrap_or(ORDER.len())
}

/// Parents by how well their rows match: by intervals, else over all.
fn ranked(found: BTreeMap<i64, (Edge, Match)>) -> Vec<(i64, (Edge, Match))> {
    let distance = |fit: &Match| {
        let total = fit.ratio.map_or(f64::INFINITY, |ratio| (ratio.ln()).abs());
        (fit.deviation.unwrap_or(f64::INFINITY), total)
    };
    let mut all: Vec<(i64, (Edge, Match))> = found.into_iter().collect();
    all.sort_by(|(_, (edge, fit)), (_, (other, than))| {
        let (a, b) = (distance(fit), distance(than));
        a.0.total_cmp(&b.0)
            .then(strength(edge.kind).cmp(&strength(other.kind)))
            .then(a.1.total_cmp(&b.1))
    });
    all
}
