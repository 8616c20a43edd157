//! How a query block looks for rows of a table.

use std::collections::HashMap;

use super::predicates::{Comparison, Join};
use super::resolve::Resolver;
use crate::parse::sql::shape::{Bound, SortKey};

/// What an index could serve for one table of a block.
#[derive(Debug, Default)]
pub(super) struct Path {
    pub block: usize,
    pub ordinal: usize,
    pub relation: i64,
    pub equality: Vec<String>,
    pub within: Vec<String>,
    pub null: Vec<String>,
    pub join: Vec<String>,
    pub range: Vec<String>,
    pub other: Vec<String>,
    pub sort: Vec<String>,
    pub has_limit: bool,
    pub has_unknown: bool,
}

/// The paths of a statement to tables of its own blocks.
pub(super) fn read(
    resolver: &Resolver<'_>,
    comparisons: &[Comparison],
    joins: &[Join],
) -> Vec<Path> {
    let mut paths = Vec::new();
    for (number, block) in resolver.shape.blocks.iter().enumerate() {
        for (ordinal, source) in block.sources.iter().enumerate() {
            let Some(relation) = resolver
                .relation(source)
                .filter(|relation| relation.is_stored())
            else {
                continue;
            };
            if source.is_written && resolver.shape.kind == crate::parse::sql::shape::Kind::Insert {
                continue;
            }
            let mut path = Path {
                block: number,
                ordinal,
                relation: relation.id,
                sort: sort(resolver, number, ordinal),
                has_limit: block.limit != Bound::None,
                ..Path::default()
            };
            let here: Vec<&Comparison> = comparisons
                .iter()
                .filter(|c| {
                    c.block == number && c.clause != crate::parse::sql::shape::Clause::Having
                })
                .collect();
            path.conditions(&here);
            path.joins(number, joins);
            paths.push(path);
        }
    }
    paths
}

impl Path {
    fn conditions(&mut self, here: &[&Comparison]) {
        let mut ors: HashMap<usize, Vec<&Comparison>> = HashMap::new();
        for comparison in here {
            match comparison.or {
                Some((group, _)) => ors.entry(group).or_default().push(comparison),
                None => self.condition(comparison),
            }
        }
        for arms in ors.into_values() {
            // `a = 1 OR a = 2` is `a IN (1, 2)`.
            let first = arms[0];
            let is_list = arms.iter().all(|arm| {
                arm.operator == "="
                    && arm.is_sargable == Some(true)
                    && !arm.is_join
                    && arm.ordinal == Some(self.ordinal)
                    && arm.column == first.column
            });
            if is_list {
                add(&mut self.within, first.column.as_deref());
            } else {
                self.has_unknown = true;
            }
        }
    }

    fn condition(&mut self, comparison: &Comparison) {
        if comparison.ordinal != Some(self.ordinal) {
            self.has_unknown |= comparison.column.is_none() && comparison.comparand != "subquery";
            return;
        }
        let column = comparison.column.as_deref();
        if comparison.is_sargable != Some(true) {
            add(&mut self.other, column);
            return;
        }
        let list = match comparison.operator.as_str() {
            "=" if comparison.is_join => &mut self.join,
            "=" | "is true" | "is false" if comparison.comparand != "subquery" => {
                &mut self.equality
            }
            "in" if comparison.list_length == Some(1) => &mut self.equality,
            "in" | "=" => &mut self.within,
            "is null" => &mut self.null,
            "<" | ">" | "<=" | ">=" | "between" => &mut self.range,
            _ => &mut self.other,
        };
        add(list, column);
    }

    fn joins(&mut self, block: usize, joins: &[Join]) {
        for join in joins.iter().filter(|join| join.block == block) {
            for side in [&join.left, &join.right] {
                if side.ordinal == Some(self.ordinal) && side.relation == Some(self.relation) {
                    add(&mut self.join, Some(&side.column));
                }
            }
        }
    }
}

fn add(list: &mut Vec<String>, column: Option<&str>) {
    if let Some(column) = column
        && !list.iter().any(|known| known == column)
    {
        list.push(column.to_owned());
    }
}

/// ORDER BY, where all of it is columns of one table.
fn sort(resolver: &Resolver<'_>, block: usize, ordinal: usize) -> Vec<String> {
    let mut columns = Vec::new();
    for sort in resolver.shape.blocks[block]
        .sorts
        .iter()
        .filter(|sort| sort.clause == "order")
    {
        let SortKey::Column(column) = &sort.by else {
            return Vec::new();
        };
        match resolver.column(block, column) {
            Some(found) if found.block == block && found.ordinal == ordinal => match found.base {
                Some((_, name)) if sort.is_descending => columns.push(format!("-{name}")),
                Some((_, name)) => columns.push(name),
                None => return Vec::new(),
            },
            _ => return Vec::new(),
        }
    }
    columns
}
