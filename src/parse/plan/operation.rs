//! What nodes are called in the text format.

use super::node::Node;

impl Node {
    /// The operation, as the text format names it: `Parallel Seq Scan`, `Hash Left Join`.
    pub fn operation(&self) -> String {
        let name = match self.kind.as_str() {
            "Aggregate" => self.aggregate(),
            "SetOp" => self.set_operation(),
            "ModifyTable" => self.text("Operation").unwrap_or_default().into_owned(),
            "Hash Join" | "Merge Join" | "Nested Loop" => self.join(),
            kind => kind.to_owned(),
        };
        let direction = match self.text("Scan Direction").as_deref() {
            Some("Backward") => " Backward",
            _ => "",
        };
        let head = match (self.has("Parallel Aware"), self.has("Async Capable")) {
            (true, _) => "Parallel ",
            (_, true) => "Async ",
            _ => "",
        };
        format!("{head}{name}{direction}")
    }

    fn aggregate(&self) -> String {
        let name = match self.text("Strategy").as_deref() {
            Some("Sorted") => "GroupAggregate",
            Some("Hashed") => "HashAggregate",
            Some("Mixed") => "MixedAggregate",
            _ => "Aggregate",
        };
        match self.text("Partial Mode").as_deref() {
            Some(mode @ ("Partial" | "Finalize")) => format!("{mode} {name}"),
            _ => name.to_owned(),
        }
    }

    fn set_operation(&self) -> String {
        let head = match self.text("Strategy").as_deref() {
            Some("Hashed") => "HashSetOp",
            _ => "SetOp",
        };
        let command = self.text("Command").unwrap_or_default();
        format!("{head} {command}").trim_end().to_owned()
    }

    fn join(&self) -> String {
        let (head, tail) = match self.kind.as_str() {
            "Nested Loop" => ("Nested Loop", ""),
            "Hash Join" => ("Hash", " Join"),
            _ => ("Merge", " Join"),
        };
        match self.text("Join Type").as_deref() {
            None | Some("Inner") => format!("{head}{tail}"),
            Some(kind) => format!("{head} {kind} Join"),
        }
    }

    /// What it reads or writes, by the name that tells it from others: `orders o`.
    pub fn target(&self) -> Option<String> {
        let named = |name: &str| self.text(name).map(std::borrow::Cow::into_owned);
        let name = self
            .relation
            .clone()
            .or_else(|| named("CTE Name"))
            .or_else(|| named("Function Name"))
            .or_else(|| named("Table Function Name"))
            .or_else(|| named("Tuplestore Name"));
        let name = match (name, &self.schema) {
            (Some(name), Some(schema)) if self.relation.is_some() && schema != "public" => {
                Some(format!("{schema}.{name}"))
            }
            (name, _) => name,
        };
        match (name, &self.alias) {
            (Some(name), Some(alias)) if !is_same(&name, alias) => Some(format!("{name} {alias}")),
            (None, alias) => alias.clone(),
            (name, _) => name,
        }
    }

    /// The operation with what it is done on, for sentences: `Seq Scan on orders o`.
    pub fn words(&self) -> String {
        let operation = self.operation();
        match (self.target(), &self.index) {
            (Some(target), Some(index)) => format!("{operation} on {target} using {index}"),
            (Some(target), None) => format!("{operation} on {target}"),
            (None, Some(index)) => format!("{operation} on {index}"),
            (None, None) => operation,
        }
    }
}

fn is_same(name: &str, alias: &str) -> bool {
    name == alias || name.rsplit('.').next() == Some(alias)
}
