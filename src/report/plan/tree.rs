//! The nodes as lines of a tree.

use super::shown::Shown;
use crate::facts::human;
use crate::parse::plan::{Node, Plan};

/// Details that say what a node does, in the order of the text format.
const DETAILS: [&str; 16] = [
    "Index Cond",
    "Order By",
    "TID Cond",
    "Recheck Cond",
    "Hash Cond",
    "Merge Cond",
    "Join Filter",
    "Filter",
    "One-Time Filter",
    "Presorted Key",
    "Sort Key",
    "Group Key",
    "Grouping Sets",
    "Cache Key",
    "Conflict Resolution",
    "Sampling Method",
];

/// A line: cells of figures, and the text behind them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Line {
    /// Figures, by the heads; empty on lines of details.
    pub cells: Vec<String>,
    /// What draws the tree.
    pub branch: String,
    /// The same for what the text goes on with.
    pub below: String,
    /// The node, or a detail of it.
    pub text: String,
    /// Numbers of the readings about it.
    pub marks: Vec<usize>,
    /// A detail.
    pub is_detail: bool,
    /// It costs most by itself.
    pub is_dearest: bool,
}

/// Heads of the figures.
pub(super) fn heads(plan: &Plan) -> Vec<&'static str> {
    let has_times = plan
        .nodes
        .iter()
        .any(|node| node.actual.is_some_and(|actual| actual.ms.is_some()));
    let mut heads = match (has_times, plan.cost().is_some()) {
        (true, _) => vec!["own time", "share"],
        (false, true) => vec!["own cost", "share"],
        (false, false) => Vec::new(),
    };
    if plan.is_analyzed() {
        heads.push("rows");
        heads.extend(plan.cost().map(|_| "expected"));
        heads.push("runs");
    } else {
        heads.extend(plan.cost().map(|_| "rows"));
    }
    heads
}

/// The tree, line by line.
pub(super) fn lines(shown: &Shown) -> Vec<Line> {
    let plan = &shown.plan;
    let heads = heads(plan);
    let whole: f64 = shown.own.iter().filter_map(|own| own.ms.or(own.cost)).sum();
    let mut lines = Vec::new();
    for (at, node) in plan.nodes.iter().enumerate() {
        let (branch, below) = branches(plan, at);
        let about = |(_, reading): &(usize, &super::Reading)| reading.node == Some(at);
        let readings = shown.readings.iter().enumerate();
        let marks = readings
            .filter(about)
            .map(|(number, _)| number + 1)
            .collect();
        lines.push(Line {
            cells: heads
                .iter()
                .map(|head| cell(head, shown, at, whole))
                .collect(),
            branch,
            below: below.clone(),
            text: match &node.subplan {
                Some(name) => format!("{name}: {}", node.words()),
                None => node.words(),
            },
            marks,
            is_dearest: shown
                .readings
                .first()
                .is_some_and(|first| first.kind == "dearest" && first.node == Some(at)),
            is_detail: false,
        });
        for text in details(plan, at, node) {
            let (branch, below) = (format!("{below}   "), format!("{below}     "));
            lines.push(Line {
                branch,
                below,
                text,
                is_detail: true,
                ..Line::default()
            });
        }
    }
    lines
}

fn cell(head: &str, shown: &Shown, at: usize, whole: f64) -> String {
    let (node, own) = (&shown.plan.nodes[at], shown.own[at]);
    let by = own.ms.or(own.cost);
    let text = match (head, node.actual) {
        ("own time", Some(actual)) if actual.loops == 0.0 => None,
        ("own time", _) => own.ms.map(human::ms),
        ("own cost", _) => own.cost.map(human::count),
        ("share", _) if whole > 0.0 => by.map(|by| format!("{:.0}%", by / whole * 100.0)),
        ("rows", Some(actual)) if actual.loops == 0.0 => None,
        ("rows", Some(actual)) => Some(human::count(actual.rows)),
        ("rows", None) | ("expected", _) => node.rows.map(human::count),
        ("runs", Some(actual)) => Some(human::count(actual.loops)),
        _ => None,
    };
    text.unwrap_or_else(|| "-".to_owned())
}

/// Deep trees are drawn to the left from this depth on: what is there to see is the end of it.
const DEEPEST: usize = 40;

/// What is drawn before a node, and before lines below its own.
fn branches(plan: &Plan, at: usize) -> (String, String) {
    let is_last = |at: usize| {
        let parent = plan.nodes[at].parent;
        let rest = plan.nodes.iter().skip(at + 1);
        !rest
            .take_while(|node| node.parent >= parent)
            .any(|node| node.parent == parent)
    };
    let above: Vec<usize> = plan.ancestors(at).take(DEEPEST).collect();
    let mut stem = String::new();
    for ancestor in above
        .iter()
        .rev()
        .filter(|ancestor| plan.nodes[**ancestor].parent.is_some())
    {
        stem.push_str(if is_last(*ancestor) { "   " } else { "│  " });
    }
    let has_children = plan.children(at).next().is_some();
    let down = if has_children { "│" } else { " " };
    if plan.nodes[at].parent.is_none() {
        return (String::new(), down.to_owned());
    }
    let (corner, under) = if is_last(at) {
        ("└─ ", "   ")
    } else {
        ("├─ ", "│  ")
    };
    (format!("{stem}{corner}"), format!("{stem}{under}{down}"))
}

/// What a node does, and how it did it.
fn details(plan: &Plan, at: usize, node: &Node) -> Vec<String> {
    let below = || plan.children(at).map(|child| &plan.nodes[child]);
    let mut lines = Vec::new();
    for name in DETAILS {
        let Some(text) = node.text(name) else {
            continue;
        };
        // A bitmap repeats the condition of its index.
        let is_repeated = name == "Recheck Cond"
            && below().any(|child| child.text("Index Cond").as_deref() == Some(&*text));
        if !is_repeated {
            lines.push(format!("{name}: {text}"));
        }
    }
    let number = |name: &str| node.number(name).filter(|number| *number > 0.0);
    let mut did = Vec::new();
    if let Some(method) = node.text("Sort Method") {
        let space = node
            .number("Sort Space Used")
            .map(|kilobytes| human::bytes(kilobytes * 1024.0));
        let place = node
            .text("Sort Space Type")
            .unwrap_or_default()
            .to_lowercase();
        did.push(format!(
            "{method}, {} of {place}",
            space.unwrap_or_default()
        ));
    }
    if let Some(batches) = number("Hash Batches")
        .or_else(|| number("HashAgg Batches"))
        .filter(|batches| *batches > 1.0)
    {
        did.push(format!("{} batches", human::count(batches)));
    }
    let counts = [
        ("Rows Removed by Filter", "rows removed by the filter"),
        (
            "Rows Removed by Join Filter",
            "rows removed by the join filter",
        ),
        (
            "Rows Removed by Index Recheck",
            "rows removed by the recheck",
        ),
        ("Heap Fetches", "heap fetches"),
        ("Lossy Heap Blocks", "lossy blocks"),
        ("Index Searches", "index searches"),
        ("Subplans Removed", "partitions ruled out"),
        ("Cache Evictions", "evictions from the cache"),
        ("Shared Read Blocks", "blocks read"),
        ("Temp Written Blocks", "temporary blocks written"),
    ];
    for (name, words) in counts {
        let runs = node.actual.map_or(1.0, |actual| actual.loops);
        let below: f64 = below().filter_map(|node| node.number(name)).sum();
        // Blocks are counted with those of the nodes below.
        let own = node.number(name).map(|value| {
            if name.ends_with(" Blocks") && !name.starts_with("Lossy") {
                value - below
            } else {
                value
            }
        });
        let value = own.filter(|value| *value > 0.0).map(|value| {
            if name.starts_with("Rows Removed") {
                value * runs
            } else {
                value
            }
        });
        // One search a run is what one expects.
        let is_plain = name == "Index Searches" && value.is_some_and(|value| value <= runs);
        did.extend(
            value
                .filter(|_| !is_plain)
                .map(|value| format!("{} {words}", human::count(value))),
        );
    }
    if let Some(planned) = number("Workers Planned") {
        did.push(match node.number("Workers Launched") {
            Some(launched) => format!("{launched} of {planned} workers"),
            None => format!("{planned} workers"),
        });
    }
    if node.actual.is_some_and(|actual| actual.loops == 0.0)
        && node.parent.is_some_and(|above| {
            plan.nodes[above]
                .actual
                .is_some_and(|actual| actual.loops > 0.0)
        })
    {
        did.push("never executed".to_owned());
    }
    if !did.is_empty() {
        lines.push(did.join(", "));
    }
    lines
}
