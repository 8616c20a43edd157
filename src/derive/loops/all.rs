//! All pairs of statements that may be parent and child.

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::{Connection, Result, params};

use super::edges::{Edge, Giving, Key, Keys};
use super::growth::{Growth, Match};
use super::logged::{Logged, Pair};
use super::statements::{Child, children, parents};
use super::unknown;

/// Parents of one child that are written: the best by how well they fit.
const PARENTS: usize = 8;

/// Farthest that the rows of a parent may be from the calls of a child, as a share of the calls.
/// What is farther deviates by as much in the intervals together, and no page goes so far.
const FARTHEST: f64 = 0.5;

/// A parent of a child: the key between them, and how well they fit.
#[derive(Debug)]
struct Candidate {
    parent: i64,
    /// `None`: no key is known, they only follow each other in a log.
    edge: Option<Edge>,
    fit: Match,
    pair: Option<Pair>,
    is_best: bool,
}

/// Writes `loop_candidates`, in place of what was there.
pub fn all(facts: &Connection) -> Result<()> {
    facts.execute("DELETE FROM loop_candidates", [])?;
    let mut known = Known {
        keys: Keys::load(facts)?,
        growth: Growth::load(facts)?,
        logged: Logged::load(facts)?,
    };
    let tables = &mut known.keys.unknown;
    let mut parents = parents(facts)?;
    for (parent, columns) in unknown::parents(facts, tables)? {
        parents.entry(parent).or_insert(columns);
    }
    let mut all = children(facts)?;
    all.extend(unknown::children(facts, tables)?);
    let mut giving = Giving::default();
    for (parent, columns) in &parents {
        // Of one row a call there is nothing to loop over.
        let total = known.growth.total(*parent);
        if total.calls == 0 || total.rows > total.calls {
            for column in columns {
                giving.add(column, *parent);
            }
        }
    }
    for child in all {
        let calls = known.growth.total(child.id).calls;
        if calls == 0 && known.logged.calls(child.id).is_none() {
            continue;
        }
        let mut found = candidates(&known, &giving, &parents, &child);
        if found.iter().all(|candidate| candidate.edge.is_none()) {
            write(facts, &known, &child, None)?;
        }
        rank(&known, &child, &mut found);
        for candidate in &found {
            write(facts, &known, &child, Some(candidate))?;
        }
    }
    crate::derive::derived(facts, "loop_candidates")
}

/// What pairs are judged by.
struct Known {
    keys: Keys,
    growth: Growth,
    logged: Logged,
}

fn write(
    facts: &Connection,
    known: &Known,
    child: &Child,
    found: Option<&Candidate>,
) -> Result<()> {
    let edge = found.and_then(|found| found.edge.as_ref());
    let fit = found.map(|found| &found.fit);
    let pair = found.and_then(|found| found.pair);
    let logged = |id: i64| known.logged.calls(id);
    let part = |part: fn(Pair) -> i64| pair.map(part);
    facts
        .prepare_cached(
            "INSERT INTO loop_candidates (parent_id, child_id, database_id, edge, relation_id, column_name,
               parent_relation_id, parent_column, child_calls, parent_calls, parent_rows, intervals,
               all_intervals, deviation, ratio, correlation, is_best, log_child_calls, log_parent_calls,
               log_parents, log_in_transaction, log_in_trace, log_beside_queue, log_children, log_varied,
               log_longest, log_longest_at, log_longest_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
               ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)",
        )?
        .execute(params![
            found.map(|found| found.parent),
            child.id,
            child.database,
            edge.map(|edge| edge.kind),
            Some(child.relation).filter(|relation| *relation >= 0),
            edge.map(|edge| &edge.column).or(child.keys.first()),
            edge.map(|edge| edge.parent.0).filter(|relation| *relation >= 0),
            edge.map(|edge| &edge.parent.1),
            known.growth.total(child.id).calls,
            fit.map_or(0, |fit| fit.parent.calls),
            fit.map_or(0, |fit| fit.parent.rows),
            fit.map_or(0, |fit| fit.intervals),
            known.growth.intervals(),
            fit.and_then(|fit| fit.deviation),
            fit.and_then(|fit| fit.ratio),
            fit.and_then(|fit| fit.correlation),
            found.is_none_or(|found| found.is_best),
            logged(child.id),
            found.and_then(|found| logged(found.parent)),
            part(|pair| pair.parents),
            part(|pair| pair.in_transaction),
            part(|pair| pair.in_trace),
            part(|pair| pair.beside_queue),
            part(|pair| pair.children),
            part(|pair| pair.varied),
            part(|pair| pair.longest),
            pair.and_then(|pair| pair.longest_at),
            pair.and_then(|pair| pair.longest_ms),
        ])?;
    Ok(())
}

/// Parents of a child, each by its strongest edge.
fn candidates(
    known: &Known,
    giving: &Giving<'_>,
    parents: &HashMap<i64, HashSet<Key>>,
    child: &Child,
) -> Vec<Candidate> {
    let mut found: BTreeMap<i64, Candidate> = BTreeMap::new();
    let mut edges = known.keys.edges(child);
    edges.extend(known.keys.inferred(child, giving));
    edges.sort_by_key(|edge| strength(edge.kind));
    let calls = known.growth.total(child.id).calls as f64;
    let candidate = |parent: i64, edge: Option<Edge>| Candidate {
        parent,
        edge,
        fit: known.growth.compare(child.id, parent),
        pair: known.logged.pair(child.id, parent),
        is_best: false,
    };
    for edge in edges {
        for parent in giving.parents.get(&edge.parent).into_iter().flatten() {
            let rows = known.growth.total(*parent).rows as f64;
            let is_close = calls > 0.0 && (rows - calls).abs() <= FARTHEST * calls;
            if *parent != child.id && (is_close || known.logged.pair(child.id, *parent).is_some()) {
                found
                    .entry(*parent)
                    .or_insert_with(|| candidate(*parent, Some(edge.clone())));
            }
        }
    }
    // Where no key is known, one in a transaction or a trace with the other may still say enough.
    for parent in known.logged.parents(child.id) {
        let total = known.growth.total(parent);
        let may_be =
            parents.contains_key(&parent) && (total.calls == 0 || total.rows > total.calls);
        if may_be && parent != child.id {
            found
                .entry(parent)
                .or_insert_with(|| candidate(parent, None));
        }
    }
    found.into_values().collect()
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

/// Leaves the best parents: by how well their rows match, by intervals, else over all; and by how much
/// of both belongs together in logs.
fn rank(known: &Known, child: &Child, all: &mut Vec<Candidate>) {
    let distance = |fit: &Match| {
        let total = fit.ratio.map_or(f64::INFINITY, |ratio| (ratio.ln()).abs());
        (fit.deviation.unwrap_or(f64::INFINITY), total)
    };
    let kind = |candidate: &Candidate| {
        candidate
            .edge
            .as_ref()
            .map_or(usize::MAX, |edge| strength(edge.kind))
    };
    let share = |candidate: &Candidate| known.logged.share(child.id, candidate.parent);
    all.sort_by(|one, other| {
        let (a, b) = (distance(&one.fit), distance(&other.fit));
        one.edge
            .is_none()
            .cmp(&other.edge.is_none())
            .then(a.0.total_cmp(&b.0))
            .then(kind(one).cmp(&kind(other)))
            .then(a.1.total_cmp(&b.1))
            .then(share(other).total_cmp(&share(one)))
    });
    if let Some(best) = all.first_mut() {
        best.is_best = best.edge.is_some();
    }
    let mut shares: Vec<f64> = all.iter().map(share).collect();
    shares.sort_by(|a, b| b.total_cmp(a));
    let least = shares.get(PARENTS).copied().unwrap_or(0.0);
    let mut place = 0;
    all.retain(|candidate| {
        place += 1;
        place <= PARENTS || share(candidate) > least
    });
}
