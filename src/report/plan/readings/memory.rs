//! What goes to disk for want of memory.

use serde_json::Value;

use super::reading::{Case, Reading};
use crate::facts::{human, setting_bytes};
use crate::parse::plan::Node;

/// Bytes of a block, as servers are built.
const BLOCK: f64 = 8192.0;
/// Head of a row in memory: `MAXALIGN(SizeofHeapTupleHeader)` (`relation_byte_size` of `costsize.c`).
const ROW_HEAD: f64 = 24.0;
/// Heads of a row in a hash table (`ExecChooseHashTableSize` of `nodeHash.c`).
const HASHED_ROW_HEAD: f64 = 32.0;

pub(super) fn read(case: &Case<'_>, found: &mut Vec<Reading>) {
    for (at, node) in case.nodes() {
        if case.ran(at) {
            found.extend(spilled(case, at, node));
            found.extend(lossy(case, at, node));
        } else if !case.plan.is_analyzed() {
            found.extend(expected(case, at, node));
        }
    }
}

/// What went to disk.
fn spilled(case: &Case<'_>, at: usize, node: &Node) -> Option<Reading> {
    let name = case.name(at);
    let memory = match case.known.work_mem(case.plan) {
        Some(bytes) => format!("work_mem of {}", setting_bytes(bytes)),
        None => "work_mem".to_owned(),
    };
    let reading =
        |text: String, bytes: f64| Some(Reading::new("spill", at, text).with("bytes", bytes));
    if let Some(bytes) = sorted_on_disk(node) {
        return reading(
            format!(
                "{name} sorts on disk, with {} of temporary files: its rows do not fit into {memory}.",
                human::bytes(bytes)
            ),
            bytes,
        );
    }
    if let Some(batches) = node.number("Hash Batches").filter(|batches| *batches > 1.0) {
        let held = node.number("Peak Memory Usage").unwrap_or_default() * 1024.0;
        let grew = match node.number("Original Hash Batches") {
            Some(first) if first < batches => format!(", {} were planned", human::count(first)),
            _ => String::new(),
        };
        let text = format!(
            "{name} does not fit into memory and is split into {} batches{grew}; one takes {}, so all of it needs about {}. \
             hash_mem_multiplier × work_mem is what it may take.",
            human::count(batches),
            human::bytes(held),
            human::bytes(held * batches)
        );
        return Some(
            Reading::new("spill", at, text)
                .with("batches", batches)
                .with("memory_bytes", held * batches),
        );
    }
    if let Some(kilobytes) = node.number("Disk Usage").filter(|size| *size > 0.0) {
        let bytes = kilobytes * 1024.0;
        return reading(
            format!(
                "{name} does not fit into memory and writes {} of its groups to disk. hash_mem_multiplier × work_mem is what it may take.",
                human::bytes(bytes)
            ),
            bytes,
        );
    }
    if node.text("Storage").as_deref() == Some("Disk") {
        let bytes = node.number("Maximum Storage").unwrap_or_default() * 1024.0;
        return reading(
            format!(
                "{name} keeps {} of rows on disk: they do not fit into {memory}.",
                human::bytes(bytes)
            ),
            bytes,
        );
    }
    let keeps = [
        "Materialize",
        "CTE Scan",
        "Function Scan",
        "Recursive Union",
        "WindowAgg",
    ];
    let written = own_blocks(case, at, "Temp Written Blocks") * BLOCK;
    if keeps.contains(&node.kind.as_str()) && written > 0.0 {
        return reading(
            format!(
                "{name} writes {} of rows to disk: they do not fit into {memory}.",
                human::bytes(written)
            ),
            written,
        );
    }
    None
}

/// Bytes that a sort has on disk, in all processes.
fn sorted_on_disk(node: &Node) -> Option<f64> {
    let disk = |told: &serde_json::Map<String, Value>| {
        let is_disk = told.get("Sort Space Type").and_then(Value::as_str) == Some("Disk");
        let used = told.get("Sort Space Used").and_then(Value::as_f64);
        used.filter(|_| is_disk).unwrap_or_default()
    };
    let groups = ["Full-sort Groups", "Pre-sorted Groups"];
    let incremental = groups
        .iter()
        .filter_map(|name| node.details.get(*name))
        .filter_map(group_disk);
    let kilobytes: f64 =
        disk(&node.details) + node.workers().map(disk).sum::<f64>() + incremental.sum::<f64>();
    (kilobytes > 0.0).then_some(kilobytes * 1024.0)
}

/// kB on disk of the largest group of an incremental sort.
fn group_disk(told: &Value) -> Option<f64> {
    match told {
        Value::String(text) => {
            let (_, rest) = text.split_once("Peak Disk: ")?;
            rest.trim_end_matches(|c: char| !c.is_ascii_digit())
                .parse()
                .ok()
        }
        told => told
            .get("Sort Space Disk")?
            .get("Peak Sort Space Used")?
            .as_f64(),
    }
}

/// Blocks that a node counts beyond those below it.
fn own_blocks(case: &Case<'_>, at: usize, name: &str) -> f64 {
    let below: f64 = case
        .plan
        .children(at)
        .filter_map(|child| case.plan.nodes[child].number(name))
        .sum();
    case.plan.nodes[at].number(name).unwrap_or_default() - below
}

/// A bitmap that forgot which rows of blocks are meant.
fn lossy(case: &Case<'_>, at: usize, node: &Node) -> Option<Reading> {
    let lossy = node
        .number("Lossy Heap Blocks")
        .filter(|blocks| *blocks > 0.0)?;
    let all = lossy + node.number("Exact Heap Blocks").unwrap_or_default();
    let checked = node
        .number("Rows Removed by Index Recheck")
        .unwrap_or_default()
        * node.actual.map_or(1.0, |actual| actual.loops);
    let text = format!(
        "{} knows of {} of {} blocks only that rows are in them, not which: the bitmap does not fit into work_mem, and all their rows are checked again ({} of them for nothing).",
        case.name(at),
        human::count(lossy),
        human::count(all),
        human::count(checked)
    );
    Some(
        Reading::new("lossy-bitmap", at, text)
            .with("lossy_blocks", lossy)
            .with("blocks", all)
            .with("rows_removed", checked),
    )
}

/// What the planner itself expects to go to disk, by its own reckoning.
fn expected(case: &Case<'_>, at: usize, node: &Node) -> Option<Reading> {
    let aligned = |width: f64| (width / 8.0).ceil() * 8.0;
    let (rows, width) = (node.rows?, node.width?);
    let is_limited = node
        .parent
        .is_some_and(|above| case.plan.nodes[above].kind == "Limit");
    let told = |what: &str, needs: f64, has: f64| {
        let text = format!(
            "{} is expected to go to disk: {what} take about {}, and it may take {}.",
            case.name(at),
            human::bytes(needs),
            setting_bytes(has)
        );
        Reading::new("expected-spill", at, text)
            .with("needs_bytes", needs)
            .with("memory_bytes", has)
    };
    match node.kind.as_str() {
        "Sort" if !is_limited => {
            let has = case.known.work_mem(case.plan)?;
            let needs = rows * (aligned(width) + ROW_HEAD);
            (needs > has).then(|| told(&format!("{} rows", human::count(rows)), needs, has))
        }
        "Hash" if !node.has("Parallel Aware") => {
            let has = case.known.hash_mem(case.plan)?;
            let needs = rows * (aligned(width) + HASHED_ROW_HEAD);
            (needs > has).then(|| told(&format!("{} rows", human::count(rows)), needs, has))
        }
        "Aggregate" => {
            let parts = node
                .number("Planned Partitions")
                .filter(|parts| *parts > 0.0)?;
            let text = format!(
                "{} is expected to go to disk: its {} groups are planned in {} parts, for they do not fit into memory together.",
                case.name(at),
                human::count(rows),
                human::count(parts)
            );
            Some(Reading::new("expected-spill", at, text).with("partitions", parts))
        }
        _ => None,
    }
}
