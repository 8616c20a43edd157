//! What each node costs and takes by itself, without what is below.

use crate::parse::plan::{Node, Plan};

/// `cpu_operator_cost`, a row that a Materialize gives once more (`cost_rescan` of `costsize.c`).
const GIVEN_AGAIN: f64 = 0.0025;

/// What a node costs and takes by itself, over all its runs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Own {
    /// Estimated cost; `None`: the plan tells no costs.
    pub cost: Option<f64>,
    /// Time, ms; `None`: not measured.
    pub ms: Option<f64>,
}

/// What the nodes cost and take by themselves, in their order.
pub fn own(plan: &Plan) -> Vec<Own> {
    let costs = costs(plan);
    let times = times(plan);
    let both = costs.into_iter().zip(times);
    both.map(|(cost, ms)| Own { cost, ms }).collect()
}

/// A node counts the cost of one run of what is below it, except that a nested loop counts all runs
/// of its inner side, LIMIT a part of a run, and a filter each run of a SubPlan.
fn costs(plan: &Plan) -> Vec<Option<f64>> {
    let nodes = &plan.nodes;
    if nodes.iter().any(|node| node.total_cost.is_none()) {
        return vec![None; nodes.len()];
    }
    let total = |at: usize| nodes[at].total_cost.unwrap_or_default();
    let mut scale = vec![1.0; nodes.len()];
    let mut own = Vec::with_capacity(nodes.len());
    for at in 0..nodes.len() {
        let mut rest = total(at);
        let mut take = |child: usize, wanted: f64| {
            let part = wanted.clamp(0.0, rest.max(0.0));
            rest -= part;
            scale[child] = if total(child) > 0.0 {
                scale[at] * part / total(child)
            } else {
                0.0
            };
        };
        let (subplans, below): (Vec<usize>, Vec<usize>) = plan
            .children(at)
            .partition(|child| nodes[*child].is_subplan());
        for child in subplans
            .iter()
            .copied()
            .filter(|child| runs_once(plan, at, *child))
        {
            take(child, total(child));
        }
        match below.as_slice() {
            [outer, inner] if nodes[at].kind == "Nested Loop" => {
                let runs = nodes[*outer].rows.unwrap_or_default().max(1.0);
                take(*outer, total(*outer));
                let all = if nodes[*inner].kind == "Materialize" {
                    total(*inner)
                        + (runs - 1.0) * GIVEN_AGAIN * nodes[*inner].rows.unwrap_or_default()
                } else {
                    total(*inner) * runs
                };
                take(*inner, all);
            }
            below => {
                let sum: f64 = below.iter().map(|child| total(*child)).sum();
                let shrink = if sum > total(at) {
                    total(at) / sum
                } else {
                    1.0
                };
                for child in below {
                    take(*child, total(*child) * shrink);
                }
            }
        }
        let rows = nodes[at].rows.unwrap_or_default().max(1.0);
        for child in subplans
            .into_iter()
            .filter(|child| !runs_once(plan, at, *child))
        {
            take(child, total(child) * rows);
        }
        own.push(Some(rest.max(0.0) * scale[at]));
    }
    own
}

/// Does the statement run the sub-plan once at most: an InitPlan, a CTE, a hashed SubPlan?
fn runs_once(plan: &Plan, parent: usize, subplan: usize) -> bool {
    let name = plan.nodes[subplan].subplan.as_deref().unwrap_or_default();
    !name.starts_with("SubPlan") || mentions(&plan.nodes[parent], &format!("hashed {name}"))
}

/// A node tells the mean over its runs, those of all processes, of itself with what is below. A CTE
/// or an InitPlan runs when somebody asks for its rows, within the time of that node.
fn times(plan: &Plan) -> Vec<Option<f64>> {
    let nodes = &plan.nodes;
    let mut walls = Vec::with_capacity(nodes.len());
    let mut processes = vec![1.0; nodes.len()];
    for (at, node) in nodes.iter().enumerate() {
        if let Some(above) = node.parent {
            processes[at] = match nodes[above].kind.as_str() {
                "Gather" | "Gather Merge" if !node.is_subplan() => {
                    nodes[above].number("Workers Launched").unwrap_or_default() + 1.0
                }
                _ => processes[above],
            };
        }
        walls.push(
            node.actual
                .and_then(|actual| Some(actual.ms? * actual.loops / processes[at])),
        );
    }
    let mut own: Vec<Option<f64>> = walls.clone();
    for (at, node) in nodes.iter().enumerate() {
        let (Some(above), Some(wall)) = (node.parent, walls[at]) else {
            continue;
        };
        let name = node.subplan.as_deref().unwrap_or_default();
        let within = if name.is_empty() || name.starts_with("SubPlan") {
            above
        } else {
            users(plan, name)
                .filter(|user| *user != at)
                .max_by(|a, b| {
                    walls[*a]
                        .unwrap_or_default()
                        .total_cmp(&walls[*b].unwrap_or_default())
                })
                .unwrap_or(above)
        };
        if let Some(own) = &mut own[within] {
            *own -= wall;
        }
    }
    own.into_iter().map(|ms| ms.map(|ms| ms.max(0.0))).collect()
}

/// Nodes that ask a CTE or an InitPlan for its rows.
fn users<'a>(plan: &'a Plan, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let mark = match name.split_once(" (returns ") {
        Some((_, parameter)) => parameter.trim_end_matches(')').to_owned(),
        None => format!("({name})"),
    };
    let cte = name.strip_prefix("CTE ");
    let nodes = plan.nodes.iter().enumerate();
    let asks = move |node: &Node| match cte {
        Some(cte) => node.kind == "CTE Scan" && node.text("CTE Name").as_deref() == Some(cte),
        None => mark.split(',').any(|mark| mentions(node, mark)),
    };
    nodes.filter(move |(_, node)| asks(node)).map(|(at, _)| at)
}

/// Does a text of the node name a sub-plan or a parameter?
fn mentions(node: &Node, mark: &str) -> bool {
    let names = |text: &str| {
        text.match_indices(mark).any(|(at, _)| {
            let behind = text[at + mark.len()..].chars().next();
            !behind.is_some_and(|c| c.is_ascii_digit())
        })
    };
    node.details
        .keys()
        .any(|name| node.text(name).is_some_and(|text| names(&text)))
}
