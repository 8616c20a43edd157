//! Rows that are read and thrown away.

use super::reading::{Case, Reading};
use crate::facts::human;
use crate::parse::plan::Node;

pub(super) fn read(case: &Case<'_>, found: &mut Vec<Reading>) {
    for (at, node) in case.nodes() {
        if case.ran(at) {
            found.extend(discarded(
                case,
                at,
                node,
                "Filter",
                "Rows Removed by Filter",
            ));
            found.extend(discarded(
                case,
                at,
                node,
                "Join Filter",
                "Rows Removed by Join Filter",
            ));
            found.extend(heap_fetches(case, at, node));
        } else if !case.plan.is_analyzed() {
            found.extend(expected(case, at, node));
        }
        found.extend(partitions(case, at, node));
    }
}

/// Rows that a filter threw away.
fn discarded(
    case: &Case<'_>,
    at: usize,
    node: &Node,
    filter: &str,
    removed: &str,
) -> Option<Reading> {
    let actual = node.actual?;
    let removed = node.number(removed)? * actual.loops;
    let read = removed + actual.rows * actual.loops;
    let share = if read > 0.0 { removed / read } else { 0.0 };
    if read < case.limits.discarded_rows || share < case.limits.discarded_share {
        return None;
    }
    let what = match (node.kind.as_str(), filter) {
        ("Seq Scan", _) => "reads the whole table and",
        (_, "Join Filter") => "compares pairs and",
        _ => "reads rows and",
    };
    let text = format!(
        "{} {what} throws {} of {} away ({}) by {}.",
        case.name(at),
        human::count(removed),
        human::count(read),
        part(share),
        node.text(filter)
            .map_or_else(|| "its filter".to_owned(), |text| short(&text)),
    );
    Some(
        Reading::new("discarded-rows", at, text)
            .with("removed_rows", removed)
            .with("read_rows", read),
    )
}

/// A scan of a whole table that is to give few of its rows.
fn expected(case: &Case<'_>, at: usize, node: &Node) -> Option<Reading> {
    let filter = node.text("Filter")?;
    if node.kind != "Seq Scan" {
        return None;
    }
    let all = case.known.table(node)?.rows?;
    let rows = (node.rows? * processes(case, at)).round();
    let share = 1.0 - rows / all.max(1.0);
    if all < case.limits.discarded_rows || share < case.limits.discarded_share {
        return None;
    }
    let text = format!(
        "{} reads all {} rows to give {}: {} are thrown away by {}.",
        case.name(at),
        human::count(all),
        human::count(rows),
        part(share),
        short(&filter)
    );
    Some(
        Reading::new("discarded-rows", at, text)
            .with("removed_rows", (all - rows).max(0.0))
            .with("read_rows", all),
    )
}

/// What estimates of one process are multiplied by: `get_parallel_divisor` of `costsize.c`.
fn processes(case: &Case<'_>, at: usize) -> f64 {
    let mut above = case.plan.ancestors(at);
    let workers = above.find_map(|above| case.plan.nodes[above].number("Workers Planned"));
    match workers {
        Some(workers) if case.plan.nodes[at].has("Parallel Aware") => {
            workers + (1.0 - 0.3 * workers).max(0.0)
        }
        _ => 1.0,
    }
}

/// A share in words: what is not all is not called all.
fn part(share: f64) -> String {
    if (0.9995..1.0).contains(&share) {
        "more than 99.9%".to_owned()
    } else {
        human::percent(share)
    }
}

/// A condition, cut where it is long.
fn short(text: &str) -> String {
    const LONGEST: usize = 80;
    // Backticks are ours, around it.
    let text = &text.replace('`', "'");
    let text = text
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .filter(|inner| is_whole(inner))
        .unwrap_or(text);
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("`{}…`", &text[..at]),
        None => format!("`{text}`"),
    }
}

/// Do parentheses match within the text, so that those around it belong together?
fn is_whole(text: &str) -> bool {
    let mut open = 0_i64;
    for c in text.chars() {
        match c {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        if open < 0 {
            return false;
        }
    }
    open == 0
}

/// Rows of an index-only scan that are looked up in the table all the same.
fn heap_fetches(case: &Case<'_>, at: usize, node: &Node) -> Option<Reading> {
    let fetched = node.number("Heap Fetches").filter(|rows| *rows > 0.0)?;
    let rows = node.all_rows()?.max(1.0);
    let share = fetched / rows;
    if fetched < case.limits.discarded_rows || share < case.limits.heap_fetches_share {
        return None;
    }
    let text = format!(
        "{} looks {} rows up in the table, of {} that it gives: their pages are not marked as visible to all, which VACUUM does.",
        case.name(at),
        human::count(fetched),
        human::count(rows)
    );
    Some(
        Reading::new("heap-fetches", at, text)
            .with("heap_fetches", fetched)
            .with("rows", rows),
    )
}

/// All partitions are read.
fn partitions(case: &Case<'_>, at: usize, node: &Node) -> Option<Reading> {
    if !matches!(node.kind.as_str(), "Append" | "Merge Append")
        || node.number("Subplans Removed").unwrap_or_default() > 0.0
    {
        return None;
    }
    let mut parent = None;
    let mut read = 0;
    for child in case
        .plan
        .children(at)
        .filter(|child| !case.plan.nodes[*child].is_subplan())
    {
        let scan = first_relation(case, child)?;
        let of = case.known.table(&case.plan.nodes[scan])?.parent.as_ref()?;
        if parent.is_some_and(|parent: &super::super::known::Parent| parent.name != of.name) {
            return None;
        }
        parent = Some(of);
        read += 1;
    }
    let parent = parent?;
    if read < parent.partitions || (read as f64) < case.limits.partitions {
        return None;
    }
    let text = format!(
        "All {read} partitions of {} are read: no condition that the planner can use names its key, {}.",
        parent.name, parent.key
    );
    Some(Reading::new("all-partitions", at, text).with("partitions", read as f64))
}

/// The relation that a branch reads, where it reads one.
fn first_relation(case: &Case<'_>, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        if case.plan.nodes[at].relation.is_some() {
            return Some(at);
        }
        let mut below = case.plan.children(at);
        let (only, more) = (below.next()?, below.next());
        if more.is_some() {
            return None;
        }
        at = only;
    }
}
