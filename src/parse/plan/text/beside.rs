//! Lines about a plan as a whole.

use serde_json::{Map, Value, json};

use super::property::{self, number};
use crate::parse::plan::plan::{Plan, Trigger};

/// Blocks of several lines.
const BLOCKS: [&str; 3] = ["Planning:", "JIT:", "Serialization:"];

/// Does a line tell of the plan rather than of a node?
pub(super) fn is_beside(line: &str) -> bool {
    let line = line.trim_start();
    BLOCKS.contains(&line)
        || [
            "Planning Time: ",
            "Execution Time: ",
            "Planning time: ",
            "Execution time: ",
            "Settings: ",
            "Query Identifier: ",
            "Query Parameters: ",
            "Trigger ",
            "Total runtime: ",
            "Serialization: ",
        ]
        .iter()
        .any(|head| line.starts_with(head))
}

/// Takes a line over into the plan. `block` is the block that goes on.
pub(super) fn read(line: &str, block: &mut Option<String>, plan: &mut Plan) {
    let trimmed = line.trim();
    if let Some(name) = BLOCKS.iter().find(|name| **name == trimmed) {
        *block = Some(name.trim_end_matches(':').to_owned());
        return;
    }
    if !is_beside(trimmed) {
        let Some(block) = block else {
            plan.unread.push(trimmed.to_owned());
            return;
        };
        let inside = plan
            .details
            .entry(block.clone())
            .or_insert_with(|| Value::Object(Map::new()));
        if let Some(told) = inside.as_object_mut()
            && !timing(trimmed, told)
            && !property::read(trimmed, told)
        {
            plan.unread.push(trimmed.to_owned());
        }
        return;
    }
    *block = None;
    let (name, value) = trimmed.split_once(": ").unwrap_or((trimmed, ""));
    let as_number = || number(value).and_then(|number| number.as_f64());
    match name {
        "Planning Time" | "Planning time" => plan.planning_ms = as_number(),
        "Execution Time" | "Execution time" | "Total runtime" => plan.execution_ms = as_number(),
        "Settings" => plan.settings = settings(value),
        name if name.starts_with("Trigger ") => {
            if let Some(trigger) = trigger(trimmed) {
                plan.triggers.push(trigger);
            }
        }
        "Query Identifier" => {
            plan.details
                .insert(name.to_owned(), number(value).unwrap_or(json!(value)));
        }
        name => {
            plan.details.insert(name.to_owned(), json!(value));
        }
    }
}

/// `Timing: Generation 0.5 ms (Deform 0.1 ms), Inlining 0.0 ms, …, Total 3.0 ms` of JIT.
fn timing(line: &str, told: &mut Map<String, Value>) -> bool {
    let Some(rest) = line.strip_prefix("Timing: ") else {
        return false;
    };
    let mut times = Map::new();
    for part in rest.split([',', '(']) {
        let mut words = part.trim().splitn(2, ' ');
        if let (Some(name), Some(time)) = (words.next(), words.next())
            && let Some(time) = number(time)
        {
            times.insert(name.to_owned(), time);
        }
    }
    told.insert("Timing".to_owned(), Value::Object(times));
    true
}

/// `work_mem = '256kB', enable_nestloop = 'off'`.
fn settings(value: &str) -> Vec<(String, String)> {
    let mut settings = Vec::new();
    let mut rest = value;
    while let Some((name, behind)) = rest.split_once(" = '") {
        let mut text = String::new();
        let mut chars = behind.char_indices().peekable();
        let mut end = behind.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '\'' if chars.peek().is_some_and(|(_, next)| *next == '\'') => {
                    text.push('\'');
                    chars.next();
                }
                '\'' => {
                    end = at + 1;
                    break;
                }
                c => text.push(c),
            }
        }
        settings.push((name.trim().to_owned(), text));
        rest = behind[end..].trim_start_matches([',', ' ']);
    }
    settings
}

/// `Trigger orders_touched: time=0.703 calls=500`, also `Trigger for constraint x on y: …`.
fn trigger(line: &str) -> Option<Trigger> {
    let (name, figures) = line.strip_prefix("Trigger ")?.rsplit_once(": ")?;
    let figure = |wanted: &str| {
        let mut pairs = figures.split(' ').filter_map(|word| word.split_once('='));
        pairs
            .find(|(name, _)| *name == wanted)
            .and_then(|(_, value)| number(value)?.as_f64())
    };
    Some(Trigger {
        name: name.to_owned(),
        ms: figure("time"),
        calls: figure("calls")?,
    })
}
