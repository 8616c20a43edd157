//! A plan before and after something changes.

use std::collections::BTreeMap;

use super::shown::Shown;
use crate::facts::human;
use crate::parse::plan::Plan;

/// A plan before and after something changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// As it is.
    pub before: Shown,
    /// As it would be.
    pub after: Shown,
    /// What is other in it.
    pub differences: Vec<String>,
}

impl Change {
    /// Compares two plans of one statement.
    pub fn new(before: Shown, after: Shown) -> Self {
        let differences = differences(&before.plan, &after.plan);
        Self {
            before,
            after,
            differences,
        }
    }

    /// Cost after over cost before; `None`: the costs are not known.
    pub fn factor(&self) -> Option<f64> {
        let (before, after) = (self.before.plan.cost()?, self.after.plan.cost()?);
        (before > 0.0).then(|| after / before)
    }

    /// Costs and factor, in words.
    pub fn summary(&self, same: f64) -> String {
        let cost = |shown: &Shown| {
            shown
                .plan
                .cost()
                .map_or_else(|| "unknown".to_owned(), human::count)
        };
        let factor = self
            .factor()
            .map_or_else(String::new, |factor| format!(" ({})", times(factor, same)));
        format!(
            "cost {} before, {} after{factor}",
            cost(&self.before),
            cost(&self.after)
        )
    }
}

/// A factor of costs in words: `12 times cheaper`, `the same`. `same`: the share up to which it is.
pub fn times(factor: f64, same: f64) -> String {
    if (factor - 1.0).abs() <= same {
        return "the same".to_owned();
    }
    let (by, how) = if factor < 1.0 {
        (1.0 / factor, "cheaper")
    } else {
        (factor, "dearer")
    };
    if by >= 2.0 {
        let by = if by >= 10.0 {
            by.round()
        } else {
            (by * 10.0).round() / 10.0
        };
        format!("{} times {how}", human::count(by))
    } else {
        format!("{} {how}", human::percent((factor - 1.0).abs()))
    }
}

/// What is other in a plan: how relations are read, then the operations between.
pub fn differences(before: &Plan, after: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    let (read_before, read_after) = (reads(before), reads(after));
    let names = read_before.keys().chain(
        read_after
            .keys()
            .filter(|name| !read_before.contains_key(*name)),
    );
    for name in names {
        let (before, after) = (read_before.get(name), read_after.get(name));
        if before != after {
            let words = |ways: Option<&Vec<String>>| {
                ways.map_or_else(|| "not read".to_owned(), |ways| ways.join(" and "))
            };
            found.push(format!(
                "{name}: {} in place of {}",
                words(after),
                words(before)
            ));
        }
    }
    let (mut gone, mut new) = (operations(before), operations(after));
    for (name, count) in &mut gone {
        if let Some(other) = new.get_mut(name) {
            let both = (*count).min(*other);
            *count -= both;
            *other -= both;
        }
    }
    let words = |of: BTreeMap<String, usize>| {
        let left = of.into_iter().filter(|(_, count)| *count > 0);
        left.map(|(name, count)| {
            if count > 1 {
                format!("{count} × {name}")
            } else {
                name
            }
        })
        .collect::<Vec<_>>()
        .join(", ")
    };
    match (words(gone), words(new)) {
        (gone, new) if gone.is_empty() && new.is_empty() => {
            if found.is_empty() && outline(before) != outline(after) {
                found.push("the order of joins".to_owned());
            }
        }
        (gone, new) if gone.is_empty() => found.push(format!("{new} more")),
        (gone, new) if new.is_empty() => found.push(format!("{gone} less")),
        (gone, new) => found.push(format!("{new} in place of {gone}")),
    }
    found
}

/// How each relation is read, by its name in the statement.
fn reads(plan: &Plan) -> BTreeMap<String, Vec<String>> {
    let mut reads: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (at, node) in plan.nodes.iter().enumerate() {
        let Some(target) = node.target() else {
            continue;
        };
        let way = match (&node.index, node.kind.as_str()) {
            (Some(index), _) => format!("{} using {index}", node.operation()),
            (None, "Bitmap Heap Scan") => {
                let below = plan
                    .children(at)
                    .filter_map(|child| plan.nodes[child].index.clone());
                let indexes: Vec<String> = below.collect();
                if indexes.is_empty() {
                    node.operation()
                } else {
                    format!("{} using {}", node.operation(), indexes.join(", "))
                }
            }
            (None, _) => node.operation(),
        };
        reads.entry(target).or_default().push(way);
    }
    reads
}

/// The operations that read no relation themselves, each with how often.
fn operations(plan: &Plan) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for node in &plan.nodes {
        if node.target().is_none() && node.kind != "Hash" && node.kind != "Bitmap Index Scan" {
            *counts.entry(node.operation()).or_default() += 1;
        }
    }
    counts
}

fn outline(plan: &Plan) -> Vec<(usize, String)> {
    plan.nodes
        .iter()
        .map(|node| (node.depth, node.words()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{differences, times};
    use crate::parse::plan::read;

    #[test]
    fn what_is_other_in_a_plan_is_named() {
        let check = |before: &str, after: &str, found: &[&str]| {
            let plan = |text: &str| read(text).unwrap().remove(0);
            assert_eq!(differences(&plan(before), &plan(after)), found);
        };
        let scan = "Seq Scan on orders o  (cost=0.00..10.00 rows=1 width=4)";
        check(scan, scan, &[]);
        check(
            scan,
            "Index Scan using i on orders o  (cost=0.00..10.00 rows=1 width=4)",
            &["orders o: Index Scan using i in place of Seq Scan"],
        );
        check(
            "Sort  (cost=0.00..10.00 rows=1 width=4)\n  ->  Seq Scan on orders o  (cost=0.00..9.00 rows=1 width=4)",
            "Seq Scan on orders o  (cost=0.00..9.00 rows=1 width=4)",
            &["Sort less"],
        );
        let join = |kind: &str, first: &str, second: &str| {
            let line = |name: &str| {
                format!("  ->  Seq Scan on {name}  (cost=0.00..9.00 rows=1 width=4)\n")
            };
            format!(
                "{kind}  (cost=0.00..10.00 rows=1 width=4)\n{}{}",
                line(first),
                line(second)
            )
        };
        check(
            &join("Nested Loop", "a", "b"),
            &join("Merge Join", "a", "b"),
            &["Merge Join in place of Nested Loop"],
        );
        check(
            &join("Nested Loop", "a", "b"),
            &join("Nested Loop", "b", "a"),
            &["the order of joins"],
        );
    }

    #[test]
    fn factors_read_as_words() {
        for (factor, words) in [
            (1.001, "the same"),
            (0.5, "2 times cheaper"),
            (12.34, "12 times dearer"),
            (1.1, "10.0% dearer"),
            (0.4, "2.5 times cheaper"),
        ] {
            assert_eq!(times(factor, 0.01), words);
        }
    }
}
