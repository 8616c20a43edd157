//! The JSON format.

use serde_json::{Map, Value};

use super::node::Node;
use super::plan::{Plan, Trigger};

/// The plans of a document: a list of them as the server prints it, or one.
pub(super) fn plans(document: Value) -> Vec<Plan> {
    match document {
        Value::Array(items) => items.into_iter().flat_map(plans).collect(),
        Value::Object(map) if map.contains_key("Plan") => vec![plan(map)],
        // A node without what the server puts around it.
        Value::Object(map) if map.contains_key("Node Type") => {
            let mut around = Map::new();
            around.insert("Plan".to_owned(), Value::Object(map));
            vec![plan(around)]
        }
        // A row of a program that shows `QUERY PLAN` as a column of that name.
        Value::Object(mut map) => match map.shift_remove("QUERY PLAN") {
            Some(inner @ (Value::Array(_) | Value::Object(_))) => plans(inner),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn plan(mut told: Map<String, Value>) -> Plan {
    let mut plan = Plan::default();
    if let Some(Value::Object(root)) = told.shift_remove("Plan") {
        plan.nodes = nodes(root);
    }
    if let Some(Value::Object(settings)) = told.shift_remove("Settings") {
        let settings = settings.into_iter();
        plan.settings = settings
            .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
            .collect();
    }
    if let Some(Value::Array(triggers)) = told.shift_remove("Triggers") {
        plan.triggers = triggers.iter().filter_map(trigger).collect();
    }
    if let Some(Value::String(text)) = told.shift_remove("Query Text") {
        plan.query_text = Some(text);
    }
    let mut number = |name: &str| told.shift_remove(name).as_ref().and_then(Value::as_f64);
    plan.planning_ms = number("Planning Time");
    plan.execution_ms = number("Execution Time");
    plan.details = told;
    plan
}

fn trigger(told: &Value) -> Option<Trigger> {
    let text = |name: &str| told.get(name).and_then(Value::as_str);
    let name = match (text("Trigger Name"), text("Constraint Name")) {
        (Some(name), _) => name.to_owned(),
        (None, Some(name)) => format!("for constraint {name}"),
        (None, None) => return None,
    };
    Some(Trigger {
        name,
        ms: told.get("Time").and_then(Value::as_f64),
        calls: told.get("Calls").and_then(Value::as_f64)?,
    })
}

/// The nodes of a tree, each behind its parent.
fn nodes(root: Map<String, Value>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut open = vec![(None, 0, root)];
    while let Some((parent, depth, mut told)) = open.pop() {
        let children = told.shift_remove("Plans");
        let place = nodes.len();
        nodes.push(Node::new(parent, depth, told));
        if let Some(Value::Array(children)) = children {
            let maps = children.into_iter().rev().filter_map(|child| match child {
                Value::Object(map) => Some((Some(place), depth + 1, map)),
                _ => None,
            });
            open.extend(maps);
        }
    }
    nodes
}
