//! What is run for each row of another.

use super::reading::{Case, Reading};
use crate::facts::human;
use crate::parse::plan::Node;

pub(super) fn read(case: &Case<'_>, found: &mut Vec<Reading>) {
    for (at, node) in case.nodes() {
        if node
            .subplan
            .as_deref()
            .is_some_and(|name| name.starts_with("SubPlan"))
        {
            found.extend(subplan(case, at, node));
        }
        if node.kind == "Nested Loop" {
            found.extend(nested_loop(case, at, node));
        }
    }
}

/// A sub-query that runs for each row.
fn subplan(case: &Case<'_>, at: usize, node: &Node) -> Option<Reading> {
    let actual = node.actual?;
    if actual.loops < case.limits.runs {
        return None;
    }
    let name = node.subplan.as_deref()?;
    let above = case.name(node.parent?);
    let time = took(node);
    let text = format!(
        "{name} is run for each row of {above}: {} times{time}.",
        human::count(actual.loops)
    );
    Some(Reading::new("repeated", at, text).with("loops", actual.loops))
}

fn nested_loop(case: &Case<'_>, at: usize, node: &Node) -> Option<Reading> {
    let mut below = case
        .plan
        .children(at)
        .filter(|child| !case.plan.nodes[*child].is_subplan());
    let (outer, inner) = (below.next()?, below.next()?);
    let (outer_node, inner_node) = (&case.plan.nodes[outer], &case.plan.nodes[inner]);
    if let Some(pairs) = pairs(case, node, outer, inner).filter(|pairs| *pairs >= case.limits.runs)
    {
        let text = format!(
            "{} pairs every row of {} with every row of {}: {} pairs, no condition of the plan joins the two.",
            node.operation(),
            case.name(outer),
            case.name(inner),
            human::count(pairs)
        );
        return Some(Reading::new("cross-join", at, text).with("pairs", pairs));
    }
    if matches!(inner_node.kind.as_str(), "Materialize" | "Memoize") {
        return None;
    }
    let name = case.name(inner);
    let (runs, text) = if let Some(actual) = inner_node.actual {
        (
            actual.loops,
            format!(
                "{name} is run for each row of {}: {} times{}.",
                case.name(outer),
                human::count(actual.loops),
                took(inner_node)
            ),
        )
    } else {
        let runs = outer_node.rows?;
        (
            runs,
            format!(
                "{name} is expected to run for each row of {}: {} times.",
                case.name(outer),
                human::count(runs)
            ),
        )
    };
    (runs >= case.limits.runs).then(|| Reading::new("repeated", inner, text).with("loops", runs))
}

/// Time of all runs; empty: not measured.
fn took(node: &Node) -> String {
    let all = node
        .actual
        .and_then(|actual| Some(actual.ms? * actual.loops));
    all.map(|ms| format!(", {} in all", human::ms(ms)))
        .unwrap_or_default()
}

/// Pairs of an inner join in which nothing on one side names the other; `None`: something may.
fn pairs(case: &Case<'_>, node: &Node, outer: usize, inner: usize) -> Option<f64> {
    if !matches!(node.text("Join Type").as_deref(), None | Some("Inner"))
        || node.text("Join Filter").is_some()
    {
        return None;
    }
    let names: Vec<String> = below(case, outer)
        .filter_map(|at| case.plan.nodes[at].alias.as_ref())
        .map(|alias| format!("{alias}."))
        .collect();
    for at in below(case, inner) {
        let node = &case.plan.nodes[at];
        // Their arguments are shown with VERBOSE only.
        if node.kind.ends_with("Function Scan")
            || matches!(
                node.kind.as_str(),
                "Result" | "Values Scan" | "Subquery Scan" | "Memoize" | "ProjectSet"
            )
        {
            return None;
        }
        let mut texts = node.details.keys().filter_map(|name| node.text(name));
        if texts
            .any(|text| text.contains('$') || names.iter().any(|name| text.contains(name.as_str())))
        {
            return None;
        }
    }
    let rows = |at: usize| {
        let node = &case.plan.nodes[at];
        node.actual.map(|actual| actual.rows).or(node.rows)
    };
    let (outer, inner) = (rows(outer)?, rows(inner)?);
    (outer > 1.0 && inner > 1.0).then_some(outer * inner)
}

/// A node and all below it.
fn below<'a>(case: &'a Case<'_>, from: usize) -> impl Iterator<Item = usize> + 'a {
    let depth = case.plan.nodes[from].depth;
    let rest = case.nodes().skip(from + 1);
    let inside = rest
        .take_while(move |(_, node)| node.depth > depth)
        .map(|(at, _)| at);
    std::iter::once(from).chain(inside)
}
