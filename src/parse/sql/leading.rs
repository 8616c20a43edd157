//! Statements with another relation first in a FROM list, which mean the same.
//!
//! `a, b` is `b, a`; `a JOIN b` is `b JOIN a`, and `a LEFT JOIN b` is `b RIGHT JOIN a`: where an entry of a list refers
//! to no other one (LATERAL, functions), any relation can be brought to the front.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Join, JoinOperator, OrderByKind, Query, Select, SelectItem, SetExpr, Statement,
    TableFactor, TableWithJoins, Value, VisitMut, VisitorMut,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use super::names;
use super::read::{DEPTH, on_stack};

/// Longest text that is rearranged, in bytes: each order is a text of its own.
const MAX_BYTES: usize = 64 * 1024;

/// Orders that are made of a statement at most.
const MOST: usize = 32;

/// A statement with another relation first in one of its FROM lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Led {
    /// Schema of the relation that is first there; `None`: it is not named.
    pub schema: Option<String>,
    /// Its name.
    pub relation: String,
    /// The statement.
    pub text: String,
}

/// All orders of a statement that have another relation first in one of its FROM lists. There is none of what the
/// parser does not read as it is written.
///
/// # Errors
/// When the system has no thread to give.
pub fn leading(text: &str) -> std::io::Result<Vec<Led>> {
    if text.len() > MAX_BYTES {
        return Ok(Vec::new());
    }
    on_stack(|| {
        let trees = Parser::new(&PostgreSqlDialect {})
            .with_recursion_limit(DEPTH)
            .try_with_sql(text)
            .and_then(|mut parser| parser.parse_statements());
        match trees.as_deref() {
            Ok([statement]) => orders(statement),
            _ => Vec::new(),
        }
    })
}

fn orders(statement: &Statement) -> Vec<Led> {
    let mut finder = Finder {
        stars: has_free_stars(statement),
        ..Finder::default()
    };
    let mut copy = statement.clone();
    let _ = copy.visit(&mut finder);
    finder.found.truncate(MOST);
    let led = finder.found.into_iter().filter_map(|leaf| {
        let mut copy = statement.clone();
        let mut mover = Mover {
            leaf: &leaf,
            block: 0,
            is_done: false,
        };
        let _ = copy.visit(&mut mover);
        let is_done = mover.is_done;
        is_done.then(|| Led {
            text: copy.to_string(),
            schema: leaf.schema.clone(),
            relation: leaf.relation.clone(),
        })
    });
    led.collect()
}

/// A relation in a FROM list.
struct Leaf {
    /// Which block of the statement, in the order of the visitor.
    block: usize,
    /// Which entry of its list.
    entry: usize,
    /// The way to it through joins: 0 the first of a join, n its n-th further one.
    way: Vec<usize>,
    schema: Option<String>,
    relation: String,
}

/// The order of columns of `*` in the first block does not matter: nothing is said by number, and nobody reads them by
/// place.
fn has_free_stars(statement: &Statement) -> bool {
    let Statement::Query(query) = statement else {
        return false;
    };
    let Query {
        with: None,
        body,
        order_by,
        ..
    } = query.as_ref()
    else {
        return false;
    };
    let SetExpr::Select(select) = body.as_ref() else {
        return false;
    };
    let by_number = order_by.as_ref().is_some_and(|by| match &by.kind {
        OrderByKind::Expressions(all) => all.iter().any(|by| {
            let Expr::Value(value) = &by.expr else {
                return false;
            };
            matches!(value.value, Value::Number(..))
        }),
        OrderByKind::All(_) => true,
    });
    select.distinct.is_none() && select.into.is_none() && !by_number
}

#[derive(Default)]
struct Finder {
    block: usize,
    stars: bool,
    found: Vec<Leaf>,
}

impl VisitorMut for Finder {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        let block = self.block;
        self.block += 1;
        let star = |item: &SelectItem| matches!(item, SelectItem::Wildcard(_));
        let is_bound = select.projection.iter().any(star) && !(block == 0 && self.stars);
        if is_bound {
            return ControlFlow::Continue(());
        }
        for (entry, table) in select.from.iter().enumerate() {
            let mut way = Vec::new();
            let mut leaves = Vec::new();
            walk(table, &mut way, &mut leaves);
            let is_movable = refers_to_none(table);
            for (way, schema, relation) in leaves {
                let is_first = way.iter().all(|at| *at == 0);
                if entry == 0 && is_first || !is_movable {
                    continue;
                }
                self.found.push(Leaf {
                    block,
                    entry,
                    way,
                    schema,
                    relation,
                });
            }
        }
        ControlFlow::Continue(())
    }
}

type Found = (Vec<usize>, Option<String>, String);

/// Relations of an entry, in the order of the text.
fn walk(table: &TableWithJoins, way: &mut Vec<usize>, found: &mut Vec<Found>) {
    let joined = table.joins.iter().map(|join| &join.relation);
    for (at, factor) in std::iter::once(&table.relation).chain(joined).enumerate() {
        way.push(at);
        match factor {
            TableFactor::Table {
                name, args: None, ..
            } => {
                let (schema, relation) = names::relation(name);
                found.push((way.clone(), schema, relation));
            }
            TableFactor::NestedJoin {
                table_with_joins,
                alias: None,
            } => walk(table_with_joins, way, found),
            _ => {}
        }
        way.pop();
    }
}

/// Nothing in an entry can refer to another part of it.
fn refers_to_none(table: &TableWithJoins) -> bool {
    let joined = table.joins.iter().map(|join| &join.relation);
    std::iter::once(&table.relation)
        .chain(joined)
        .all(|factor| match factor {
            TableFactor::Table { args: None, .. } => true,
            TableFactor::Derived { lateral, .. } => !lateral,
            TableFactor::NestedJoin {
                table_with_joins, ..
            } => refers_to_none(table_with_joins),
            _ => false,
        })
}

struct Mover<'l> {
    leaf: &'l Leaf,
    block: usize,
    is_done: bool,
}

impl VisitorMut for Mover<'_> {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        let block = self.block;
        self.block += 1;
        if block != self.leaf.block || self.leaf.entry >= select.from.len() {
            return ControlFlow::Continue(());
        }
        let entry = select.from.remove(self.leaf.entry);
        if let Some(entry) = led(entry, &self.leaf.way) {
            select.from.insert(0, entry);
            self.is_done = true;
        }
        ControlFlow::Break(())
    }
}

/// A join with one of its relations first.
fn led(table: TableWithJoins, way: &[usize]) -> Option<TableWithJoins> {
    let (&at, rest) = way.split_first()?;
    let TableWithJoins {
        relation,
        mut joins,
    } = table;
    let Some(place) = at.checked_sub(1) else {
        return Some(TableWithJoins {
            relation: inner(relation, rest)?,
            joins,
        });
    };
    if place >= joins.len() {
        return None;
    }
    let later = joins.split_off(at);
    let join = joins.pop()?;
    let before = if joins.is_empty() {
        relation
    } else {
        TableFactor::NestedJoin {
            table_with_joins: Box::new(TableWithJoins { relation, joins }),
            alias: None,
        }
    };
    let mut joins = vec![Join {
        relation: before,
        global: false,
        join_operator: mirrored(join.join_operator)?,
    }];
    joins.extend(later);
    Some(TableWithJoins {
        relation: inner(join.relation, rest)?,
        joins,
    })
}

fn inner(factor: TableFactor, way: &[usize]) -> Option<TableFactor> {
    match factor {
        factor if way.is_empty() => Some(factor),
        TableFactor::NestedJoin {
            table_with_joins,
            alias: None,
        } => Some(TableFactor::NestedJoin {
            table_with_joins: Box::new(led(*table_with_joins, way)?),
            alias: None,
        }),
        _ => None,
    }
}

/// The same join with its sides exchanged.
fn mirrored(operator: JoinOperator) -> Option<JoinOperator> {
    use JoinOperator as J;
    Some(match operator {
        J::Join(_) | J::Inner(_) | J::FullOuter(_) | J::CrossJoin(_) => operator,
        J::Left(on) | J::LeftOuter(on) => J::RightOuter(on),
        J::Right(on) | J::RightOuter(on) => J::LeftOuter(on),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::leading;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let led = leading(text).unwrap();
        let led: Vec<(&str, &str)> = led
            .iter()
            .map(|led| (led.relation.as_str(), led.text.as_str()))
            .collect();
        assert_eq!(led, expected);
    }

    #[test]
    fn relations_come_to_the_front() {
        check("SELECT a.x FROM a WHERE a.x = $1", &[]);
        check(
            "SELECT 1 FROM a, s.b AS x, c",
            &[
                ("b", "SELECT 1 FROM s.b AS x, a, c"),
                ("c", "SELECT 1 FROM c, a, s.b AS x"),
            ],
        );
        check(
            "SELECT 1 FROM a JOIN b ON p LEFT JOIN c USING (k)",
            &[
                ("b", "SELECT 1 FROM b JOIN a ON p LEFT JOIN c USING(k)"),
                (
                    "c",
                    "SELECT 1 FROM c RIGHT OUTER JOIN (a JOIN b ON p) USING(k)",
                ),
            ],
        );
        check(
            "SELECT 1 FROM a RIGHT JOIN (b CROSS JOIN \"C\") ON p",
            &[
                (
                    "b",
                    "SELECT 1 FROM (b CROSS JOIN \"C\") LEFT OUTER JOIN a ON p",
                ),
                (
                    "C",
                    "SELECT 1 FROM (\"C\" CROSS JOIN b) LEFT OUTER JOIN a ON p",
                ),
            ],
        );
        check(
            "UPDATE t SET x = 1 WHERE y = (SELECT max(z) FROM a, b)",
            &[(
                "b",
                "UPDATE t SET x = 1 WHERE y = (SELECT max(z) FROM b, a)",
            )],
        );
    }

    #[test]
    fn what_refers_to_its_neighbours_stays() {
        check("SELECT 1 FROM a, LATERAL (SELECT a.x) y", &[]);
        check("SELECT 1 FROM a CROSS JOIN LATERAL f(a.x)", &[]);
        check("SELECT 1 FROM f(1) x JOIN b ON p", &[]);
        check(
            "SELECT 1 FROM a, b, f(a.x)",
            &[("b", "SELECT 1 FROM b, a, f(a.x)")],
        );
    }

    #[test]
    fn columns_that_count_by_place_stay() {
        check(
            "SELECT * FROM a, b ORDER BY a.x",
            &[("b", "SELECT * FROM b, a ORDER BY a.x")],
        );
        check("SELECT * FROM a, b ORDER BY 1", &[]);
        check("INSERT INTO t SELECT * FROM a, b", &[]);
        check("SELECT * FROM a, b UNION SELECT 1", &[]);
    }

    #[test]
    fn what_cannot_be_read_has_no_orders() {
        check("SELECT 1 FROM a, b FOR NO KEY UPDATE", &[]);
        check("SELECT 1; SELECT 2 FROM a, b", &[]);
        check("", &[]);
    }
}
