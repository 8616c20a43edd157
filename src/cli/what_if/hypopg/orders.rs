//! Statements with another relation first.
//!
//! HypoPG considers a hypothetical partial or expression index only where its table is the first relation of a FROM
//! list (seen with 1.3.1 and 1.4.0): the variables in it keep number 1. So a statement is planned with that table
//! first, too. Two such indexes of different tables are never seen in one plan, and no list has tables of views, of
//! joined subqueries or partitions first: there such indexes gain less than they would, and never more.

use std::collections::HashMap;

use crate::advise::index::IndexSpec;
use crate::parse::sql::{Led, leading};

/// An order of a statement.
#[derive(Debug)]
pub struct Order {
    led: Led,
    /// It costs the same as the statement where there are no hypothetical indexes; `None`: not looked at yet.
    pub is_same: Option<bool>,
}

/// Orders of statements, by their texts.
#[derive(Debug, Default)]
pub struct Orders(HashMap<String, Vec<Order>>);

/// How far costs of two orders of a statement may be apart, as a share: the planner takes paths for equal whose costs
/// are within 1 % (`STD_FUZZ_FACTOR`), and keeps the one that it saw first.
const FUZZ: f64 = 0.01;

/// Whether two orders cost the same.
pub fn are_same(one: f64, other: f64) -> bool {
    (one - other).abs() <= FUZZ * one.max(other)
}

impl Order {
    /// The statement.
    pub fn text(&self) -> &str {
        &self.led.text
    }

    /// Whether it has the table of an index first.
    pub fn serves(&self, spec: &IndexSpec) -> bool {
        let is_schema = self.led.schema.as_ref().is_none_or(|it| *it == spec.schema);
        is_schema && self.led.relation == spec.table
    }
}

impl Orders {
    /// Those of a statement. They are to be given back.
    pub fn take(&mut self, text: &str) -> Vec<Order> {
        self.0.remove(text).unwrap_or_else(|| {
            let led = leading(text).unwrap_or_default().into_iter();
            led.map(|led| Order { led, is_same: None }).collect()
        })
    }

    /// Keeps those of a statement.
    pub fn keep(&mut self, text: &str, orders: Vec<Order>) {
        self.0.insert(text.to_owned(), orders);
    }
}
