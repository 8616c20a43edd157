//! The lines of a plan, by how far they are indented.

use serde_json::{Map, Value};

use super::{beside, head, property};
use crate::parse::plan::node::Node;
use crate::parse::plan::plan::Plan;

/// What begins a node below another.
const ARROW: &str = "->  ";
/// Head of the statement that `auto_explain` puts before a plan.
const QUERY: &str = "Query Text: ";
/// Head of its values, between the two.
const PARAMETERS: &str = "Query Parameters";

/// Does a text hold a plan in the text format?
pub(in crate::parse::plan) fn is_plan(source: &str) -> bool {
    let mut lines = source.lines().map(str::trim);
    source.contains("  (cost=")
        || source.contains("  (actual ")
        || source.contains(ARROW)
        || source.contains("QUERY PLAN")
        || lines
            .find(|line| !line.is_empty())
            .is_some_and(head::is_operation)
}

/// A node whose lines still come.
struct Open {
    /// Column in which its name begins.
    column: usize,
    place: usize,
}

/// Reads lines as they come.
#[derive(Default)]
struct Reader {
    plan: Plan,
    told: Vec<(Option<usize>, usize, Map<String, Value>)>,
    open: Vec<Open>,
    /// `InitPlan 1`, until its node comes.
    label: Option<String>,
    /// Name of the detail that further lines belong to.
    last: Option<(usize, String)>,
    /// Workers of a node are listed.
    worker: Option<usize>,
    block: Option<String>,
    is_beside: bool,
}

/// The plans of lines: one, or several that follow each other.
pub(in crate::parse::plan) fn plan(lines: &[&str]) -> Vec<Plan> {
    let mut plans = Vec::new();
    let mut reader = Reader::default();
    let mut query: Option<String> = None;
    let mut parameters: Option<Value> = None;
    for line in lines {
        let trimmed = line.trim_start();
        let is_root = !trimmed.starts_with(ARROW)
            && (head::figures(line).is_some()
                || (reader.told.is_empty() && query.is_none() && head::is_operation(trimmed)));
        if is_root && !trimmed.starts_with("Worker ") {
            let before = std::mem::take(&mut reader);
            plans.push(before.end());
            reader.plan.query_text = query.take().map(|text| text.trim_end().to_owned());
            if let Some(parameters) = parameters.take() {
                reader
                    .plan
                    .details
                    .insert(PARAMETERS.to_owned(), parameters);
            }
            reader.node(line);
        } else if let Some(text) = trimmed.strip_prefix(QUERY) {
            query = Some(text.to_owned());
        } else if let Some(text) = trimmed.strip_prefix(PARAMETERS)
            && query.is_some()
        {
            parameters = Some(Value::String(
                text.trim_start_matches([':', ' ']).to_owned(),
            ));
        } else if let Some(text) = &mut query
            && !beside::is_beside(trimmed)
        {
            text.push('\n');
            text.push_str(line);
        } else if !reader.told.is_empty() {
            reader.line(line);
        }
    }
    plans.push(reader.end());
    plans
}

impl Reader {
    fn line(&mut self, line: &str) {
        let trimmed = line.trim_start();
        let column = line.len() - trimmed.len();
        let root = self.open.first().map_or(0, |root| root.column);
        if self.is_beside || (column <= root && beside::is_beside(line)) {
            self.is_beside = true;
            beside::read(line, &mut self.block, &mut self.plan);
        } else if trimmed.starts_with(ARROW) {
            self.node(line);
        } else if let Some(label) = label(trimmed) {
            self.label = Some(label.to_owned());
        } else {
            self.property(trimmed, column);
        }
    }

    /// A line that begins a node.
    fn node(&mut self, line: &str) {
        let trimmed = line.trim_start();
        let arrow = line.len() - trimmed.len();
        let text = trimmed.strip_prefix(ARROW);
        let column = if text.is_some() {
            arrow + ARROW.len()
        } else {
            arrow
        };
        while self.open.len() > 1 && self.open.last().is_some_and(|open| open.column >= arrow) {
            self.open.pop();
        }
        let parent = self.open.last().map(|open| open.place);
        let depth = parent.map_or(0, |parent| self.told[parent].1 + 1);
        let mut told = head::read(text.unwrap_or(trimmed));
        if let Some(label) = self.label.take() {
            told.insert("Subplan Name".to_owned(), Value::String(label));
        }
        let place = self.told.len();
        self.told.push((parent, depth, told));
        self.open.push(Open { column, place });
        self.last = None;
        self.worker = None;
    }

    fn property(&mut self, line: &str, column: usize) {
        let worker = property::worker(line);
        let mut read = Map::new();
        if worker.is_none() && !property::read(line, &mut read) {
            self.more(line.trim());
            return;
        }
        while self.open.len() > 1 && self.open.last().is_some_and(|open| open.column >= column) {
            self.open.pop();
            self.worker = None;
        }
        let Some(place) = self.open.last().map(|open| open.place) else {
            return;
        };
        let told = &mut self.told[place].2;
        let is_of_worker = self.worker.is_some_and(|of| column > of);
        if let Some((number, rest)) = worker {
            self.worker = Some(column);
            let mut worker = Map::new();
            worker.insert("Worker Number".to_owned(), number);
            if !rest.is_empty() && !rest.starts_with("actual ") {
                property::read(rest, &mut worker);
            }
            let workers = told
                .entry("Workers")
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Some(workers) = workers.as_array_mut() {
                workers.push(Value::Object(worker));
            }
        } else if is_of_worker {
            let workers = told.get_mut("Workers").and_then(Value::as_array_mut);
            if let Some(worker) = workers.and_then(|workers| workers.last_mut()?.as_object_mut()) {
                worker.extend(read);
            }
        } else {
            self.worker = None;
            self.last = read.keys().next_back().map(|name| (place, name.clone()));
            told.extend(read);
        }
    }

    /// A line that goes on with a text that holds a line feed, or was broken on the way.
    fn more(&mut self, line: &str) {
        if let Some((place, name)) = &self.last
            && let Some(Value::String(text)) = self.told[*place].2.get_mut(name)
        {
            text.push(' ');
            text.push_str(line);
        } else {
            self.plan.unread.push(line.to_owned());
        }
    }

    fn end(mut self) -> Plan {
        let nodes = self.told.into_iter();
        self.plan.nodes = nodes
            .map(|(parent, depth, told)| Node::new(parent, depth, told))
            .collect();
        self.plan
    }
}

/// `InitPlan 1 (returns $0)`, `SubPlan 1`, `CTE big`: what the next node is.
fn label(line: &str) -> Option<&str> {
    let name = line.trim_end();
    let is_label =
        name.starts_with("InitPlan ") || name.starts_with("SubPlan ") || name.starts_with("CTE ");
    (is_label && !name.contains(": ")).then_some(name)
}
