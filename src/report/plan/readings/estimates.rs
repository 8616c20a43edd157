//! Where estimates of rows go wrong.

use super::reading::{Case, Reading};
use crate::facts::human;

/// Nodes that read all rows of what is below before they give one.
const GATHERING: [&str; 6] = [
    "Sort",
    "Aggregate",
    "Hash",
    "SetOp",
    "Bitmap Index Scan",
    "WindowAgg",
];
/// Nodes that give other rows than those that they are estimated for.
const OTHER_ROWS: [&str; 5] = ["BitmapAnd", "BitmapOr", "ModifyTable", "Hash", "Result"];

/// The lowest nodes that are wrong: those above them are wrong for their sake.
pub(super) fn read(case: &Case<'_>, found: &mut Vec<Reading>) {
    let factors: Vec<Option<f64>> = (0..case.plan.nodes.len())
        .map(|at| factor(case, at))
        .collect();
    let is_wrong = |at: usize| {
        factors[at].is_some_and(|factor| {
            let factor = if factor < 1.0 { 1.0 / factor } else { factor };
            factor >= case.limits.misestimate_factor
        })
    };
    // Rows that came or were to come, the more of both, where they are wrong.
    let most = |at: usize| {
        let node = &case.plan.nodes[at];
        let (actual, rows) = (node.actual?, node.rows?);
        is_wrong(at).then(|| actual.rows.max(rows) * actual.loops)
    };
    for (at, node) in case.nodes() {
        let (Some(actual), Some(rows)) = (node.actual, node.rows) else {
            continue;
        };
        if !is_wrong(at) || below_is_wrong(case, &factors, at, &is_wrong) {
            continue;
        }
        // A small error here may be a large one above.
        let above = case
            .plan
            .ancestors(at)
            .filter_map(|above| Some((above, most(above)?)));
        let worst = above.max_by(|a, b| a.1.total_cmp(&b.1));
        let here = most(at).unwrap_or_default();
        if here.max(worst.map_or(0.0, |worst| worst.1)) < case.limits.misestimate_rows {
            continue;
        }
        // What a parallel node tells is the mean of its processes, as is its estimate.
        let each = if actual.loops > 1.0 { " a run" } else { "" };
        let words = |factor: f64| {
            format!(
                "{} times",
                human::count(if factor >= 10.0 {
                    factor.round()
                } else {
                    factor
                })
            )
        };
        let how = match factors[at] {
            Some(factor) if factor < 1.0 => format!("{} fewer", words(1.0 / factor)),
            Some(factor) => format!("{} more", words(factor)),
            None => continue,
        };
        let mut text = format!(
            "{} gives {} rows{each} where {} were expected ({how}): the estimate goes wrong here.",
            case.name(at),
            human::count(actual.rows),
            human::count(rows)
        );
        if let Some((above, _)) = worst.filter(|worst| worst.1 > here) {
            let (node, name) = (&case.plan.nodes[above], case.name(above));
            if let (Some(actual), Some(rows)) = (node.actual, node.rows) {
                text.push_str(&format!(
                    " It grows on the way: {name} gives {} where {} were expected.",
                    human::count(actual.rows),
                    human::count(rows)
                ));
            }
        }
        if several_columns(case, at) {
            text.push_str(" Its conditions are several; where their columns go together, CREATE STATISTICS on them tells the planner so.");
        }
        found.push(
            Reading::new("misestimate", at, text)
                .with("expected_rows", rows)
                .with("actual_rows", actual.rows)
                .with("loops", actual.loops),
        );
    }
}

/// Rows that came for each that was expected; `None`: not to be compared.
fn factor(case: &Case<'_>, at: usize) -> Option<f64> {
    let node = &case.plan.nodes[at];
    let (actual, rows) = (node.actual?, node.rows?);
    if actual.loops == 0.0 || OTHER_ROWS.contains(&node.kind.as_str()) {
        return None;
    }
    // Rows of a run are rounded where there are several; one is the least that is planned for.
    let factor = actual.rows.max(1.0) / rows.max(1.0);
    if factor < 1.0 && may_stop_early(case, at) {
        return None;
    }
    // The inner side of a merge join is read again for equal keys, and its rows count again.
    let is_merged = node.parent.is_some_and(|above| {
        case.plan.nodes[above].kind == "Merge Join" && case.plan.children(above).last() == Some(at)
    });
    if factor > 1.0 && is_merged {
        return None;
    }
    Some(factor)
}

/// Does somebody above stop asking before all rows are there?
fn may_stop_early(case: &Case<'_>, at: usize) -> bool {
    let mut below = at;
    for above in case.plan.ancestors(at) {
        let node = &case.plan.nodes[above];
        let is_semi = matches!(node.text("Join Type").as_deref(), Some("Semi" | "Anti"));
        let stops = match node.kind.as_str() {
            "Limit" | "Merge Join" => true,
            "Nested Loop" => is_semi || node.has("Inner Unique"),
            kind if GATHERING.contains(&kind) => return false,
            _ => false,
        };
        if stops || case.plan.nodes[below].is_subplan() {
            return true;
        }
        below = above;
    }
    false
}

/// Is a node below wrong, right below or below nodes of which nothing can be said?
fn below_is_wrong(
    case: &Case<'_>,
    factors: &[Option<f64>],
    at: usize,
    is_wrong: &impl Fn(usize) -> bool,
) -> bool {
    let mut below: Vec<usize> = case.plan.children(at).collect();
    while let Some(child) = below.pop() {
        if case.plan.nodes[child].is_subplan() {
            continue;
        }
        if is_wrong(child) {
            return true;
        }
        if factors[child].is_none() {
            below.extend(case.plan.children(child));
        }
    }
    false
}

/// A scan whose conditions are joined by AND.
fn several_columns(case: &Case<'_>, at: usize) -> bool {
    let node = &case.plan.nodes[at];
    let conditions = ["Filter", "Index Cond", "Recheck Cond"];
    let texts: Vec<_> = conditions
        .iter()
        .filter_map(|name| node.text(name))
        .collect();
    node.relation.is_some()
        && (texts.len() > 1 || texts.iter().any(|text| text.contains(") AND (")))
}
