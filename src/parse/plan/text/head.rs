//! The line that begins a node: `Hash Left Join  (cost=… rows=… width=…) (actual …)`.

use serde_json::{Map, Value, json};

/// Beginnings of operations, for plans without costs.
const OPERATIONS: [&str; 40] = [
    "Aggregate",
    "Append",
    "Async ",
    "Bitmap ",
    "CTE Scan",
    "Custom Scan",
    "Delete on",
    "Finalize ",
    "Foreign ",
    "Function Scan",
    "Gather",
    "GroupAggregate",
    "Group",
    "Hash",
    "Incremental Sort",
    "Index ",
    "Insert on",
    "Limit",
    "LockRows",
    "Materialize",
    "Memoize",
    "Merge ",
    "MixedAggregate",
    "Named Tuplestore Scan",
    "Nested Loop",
    "Parallel ",
    "Partial ",
    "ProjectSet",
    "Recursive Union",
    "Result",
    "Sample Scan",
    "Seq Scan",
    "SetOp",
    "Sort",
    "Subquery Scan",
    "Table Function Scan",
    "Tid ",
    "Unique",
    "Update on",
    "Values Scan",
];

/// Kinds of joins beside the inner one.
const JOINS: [&str; 7] = [
    "Right Semi",
    "Right Anti",
    "Left",
    "Right",
    "Full",
    "Semi",
    "Anti",
];

/// Where the figures of a node begin in its line; `None`: it has none.
pub(super) fn figures(line: &str) -> Option<usize> {
    let marks = [
        "  (cost=",
        "  (actual ",
        " (never executed)",
        "  (never executed)",
    ];
    marks.iter().filter_map(|mark| line.find(mark)).min()
}

/// Does the text begin with an operation? For lines without figures.
pub(super) fn is_operation(text: &str) -> bool {
    OPERATIONS.iter().any(|name| {
        text.strip_prefix(name).is_some_and(|rest| {
            name.ends_with(' ')
                || rest.is_empty()
                || !rest.starts_with(|c: char| c.is_lowercase() || c == ':')
        })
    })
}

/// What the line of a node tells, by the names of the JSON format. Without arrow and indentation.
pub(super) fn read(line: &str) -> Map<String, Value> {
    let (title, rest) = line.split_at(figures(line).unwrap_or(line.len()));
    let mut told = Map::new();
    name(title.trim(), &mut told);
    numbers(rest, &mut told);
    told
}

fn numbers(rest: &str, told: &mut Map<String, Value>) {
    let mut set = |name: &str, text: &str| {
        if let Some(number) = super::property::number(text) {
            told.insert(name.to_owned(), number);
        }
    };
    if rest.contains("(never executed)") {
        set("Actual Rows", "0");
        set("Actual Loops", "0");
    }
    let groups = rest.split('(').filter_map(|group| group.split(')').next());
    for group in groups {
        let is_actual = group.starts_with("actual ");
        for word in group.split(' ') {
            let Some((name, value)) = word.split_once('=') else {
                continue;
            };
            match (name, is_actual) {
                ("cost" | "time", _) => {
                    let Some((from, to)) = value.split_once("..") else {
                        continue;
                    };
                    let (first, last) = match name {
                        "cost" => ("Startup Cost", "Total Cost"),
                        _ => ("Actual Startup Time", "Actual Total Time"),
                    };
                    set(first, from);
                    set(last, to);
                }
                ("rows", false) => set("Plan Rows", value),
                ("width", false) => set("Plan Width", value),
                ("rows", true) => set("Actual Rows", value),
                ("loops", true) => set("Actual Loops", value),
                _ => {}
            }
        }
    }
}

fn name(title: &str, told: &mut Map<String, Value>) {
    let mut set = |name: &str, value: &str| {
        told.insert(name.to_owned(), json!(value));
    };
    let (title, head) = ["Parallel ", "Async "]
        .iter()
        .find_map(|head| Some((title.strip_prefix(head)?, Some(*head))))
        .unwrap_or((title, None));
    let (operation, target) = match title.find(" on ").or_else(|| title.find(" using ")) {
        Some(at) if title[..at].find('"').is_none() => {
            let at = title.find(" using ").map_or(at, |using| using.min(at));
            title.split_at(at)
        }
        _ => (title, ""),
    };
    let mut operation = operation;
    if let Some(forward) = operation.strip_suffix(" Backward") {
        operation = forward;
        set("Scan Direction", "Backward");
    }
    if let Some((kind, provider)) = operation.split_once(" (") {
        operation = kind;
        set("Custom Plan Provider", provider.trim_end_matches(')'));
    }
    for mode in ["Partial", "Finalize"] {
        if let Some(rest) = operation
            .strip_prefix(mode)
            .and_then(|rest| rest.strip_prefix(' '))
        {
            operation = rest;
            set("Partial Mode", mode);
        }
    }
    let kind = kind(operation, &mut set);
    set("Node Type", kind);
    if let Some(head) = head {
        let name = if head == "Async " {
            "Async Capable"
        } else {
            "Parallel Aware"
        };
        told.insert(name.to_owned(), json!(true));
    }
    objects(kind.to_owned().as_str(), target, told);
}

/// The `Node Type` of an operation, and what else its name says.
fn kind<'a>(operation: &'a str, set: &mut impl FnMut(&str, &str)) -> &'a str {
    match operation {
        "GroupAggregate" => set("Strategy", "Sorted"),
        "HashAggregate" => set("Strategy", "Hashed"),
        "MixedAggregate" => set("Strategy", "Mixed"),
        "Insert" | "Update" | "Delete" | "Merge" => {
            set("Operation", operation);
            return "ModifyTable";
        }
        _ => {}
    }
    if operation.ends_with("Aggregate") {
        return "Aggregate";
    }
    for (head, strategy) in [("HashSetOp ", "Hashed"), ("SetOp ", "Sorted")] {
        if let Some(command) = operation.strip_prefix(head) {
            set("Strategy", strategy);
            set("Command", command);
            return "SetOp";
        }
    }
    for (head, kind) in [
        ("Nested Loop", "Nested Loop"),
        ("Hash", "Hash Join"),
        ("Merge", "Merge Join"),
    ] {
        let Some(rest) = operation.strip_prefix(head).map(str::trim) else {
            continue;
        };
        let join = match rest {
            "Join" => "Inner",
            "" if head == "Nested Loop" => "Inner",
            rest => match JOINS
                .iter()
                .find(|join| rest.strip_suffix(" Join") == Some(**join))
            {
                Some(join) => join,
                None => continue,
            },
        };
        set("Join Type", join);
        return kind;
    }
    operation
}

/// ` using INDEX on SCHEMA.RELATION ALIAS`.
fn objects(kind: &str, target: &str, told: &mut Map<String, Value>) {
    let mut set = |name: &str, value: String| {
        told.insert(name.to_owned(), Value::String(value));
    };
    let mut rest = target.trim_start();
    if let Some(behind) = rest.strip_prefix("using ") {
        let (index, behind) = identifier(behind);
        set("Index Name", index);
        rest = behind.trim_start();
    }
    let Some(behind) = rest.strip_prefix("on ") else {
        return;
    };
    let (first, mut behind) = identifier(behind);
    let mut schema = None;
    let mut name = first;
    if let Some(dot) = behind.strip_prefix('.') {
        let (second, after) = identifier(dot);
        schema = Some(std::mem::replace(&mut name, second));
        behind = after;
    }
    let (alias, _) = identifier(behind.trim_start());
    if kind == "Bitmap Index Scan" {
        set("Index Name", name);
        return;
    }
    let alias = if alias.is_empty() {
        name.clone()
    } else {
        alias
    };
    match kind {
        "CTE Scan" | "WorkTable Scan" => set("CTE Name", name),
        "Function Scan" => set("Function Name", name),
        "Table Function Scan" => set("Table Function Name", name),
        "Named Tuplestore Scan" => set("Tuplestore Name", name),
        "Values Scan" | "Subquery Scan" => {}
        _ => set("Relation Name", name),
    }
    if let Some(schema) = schema {
        set("Schema", schema);
    }
    set("Alias", alias);
}

/// An identifier, without its quotes, and what stands behind it.
fn identifier(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '.', '"', '(']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut name = String::new();
    let mut rest = quoted;
    while let Some(at) = rest.find('"') {
        name.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(more) = rest.strip_prefix('"') else {
            return (name, rest);
        };
        name.push('"');
        rest = more;
    }
    (format!("{name}{rest}"), "")
}
