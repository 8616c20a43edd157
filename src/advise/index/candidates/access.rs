//! What statements ask of a table, by roles of columns.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Result, Row};

use super::partial::{Constant, share};
use crate::advise::index::tables::Tables;
use crate::facts::quote;

/// How a query block looks for rows of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Access {
    /// `statements.id`.
    pub statement: i64,
    /// `relations.id`.
    pub relation: i64,
    /// Compared with `=` to values, or `IS NULL`.
    pub equal: Vec<String>,
    /// Compared with lists.
    pub within: Vec<String>,
    /// Compared with `=` to columns of other relations.
    pub join: Vec<String>,
    /// Compared with `<`, `>`, `BETWEEN`.
    pub range: Vec<String>,
    /// Compared under OR.
    pub either: Vec<String>,
    /// ORDER BY, descending or not, where all of it is of this table.
    pub order: Vec<(String, bool)>,
    /// GROUP BY or DISTINCT.
    pub group: Vec<String>,
    /// `LIKE`: a prefix, if the value begins with none of `%` and `_`.
    pub like: Vec<String>,
    /// Operators that other access methods serve, with the column or expression: `@>`, `ilike`, …
    pub special: Vec<(String, String)>,
    /// Expressions that are compared, with the operator.
    pub expressions: Vec<(String, String)>,
    /// Conditions of one column that its text always has: for partial indexes.
    pub constants: Vec<Constant>,
    /// All columns that the block reads; `None`: not known, or all of them.
    pub needed: Option<Vec<String>>,
}

impl Access {
    /// Columns that could lead an index for it.
    pub fn leading(&self) -> BTreeSet<&str> {
        let order = self.order.iter().map(|(column, _)| column);
        [
            &self.equal,
            &self.within,
            &self.join,
            &self.range,
            &self.either,
            &self.group,
            &self.like,
        ]
        .into_iter()
        .flatten()
        .chain(order)
        .map(String::as_str)
        .collect()
    }
}

/// The accesses of these statements to tables, in order. Texts that a statement is run with come with it: a
/// constant counts where all of them have it.
pub fn read(
    facts: &Connection,
    tables: &Tables,
    statements: &BTreeMap<i64, Vec<&str>>,
) -> Result<Vec<Access>> {
    let mut statement = facts.prepare(
        "SELECT p.statement_id, p.block, p.ordinal, p.relation_id, p.equality_columns, p.null_columns,
           p.in_columns, p.join_columns, p.range_columns, p.sort_columns, b.role
         FROM access_paths p
         JOIN query_blocks b ON b.statement_id = p.statement_id AND b.block = p.block
         ORDER BY p.statement_id, p.block, p.ordinal",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    let mut details = Details::new(facts)?;
    while let Some(row) = rows.next()? {
        let Some(texts) = statements.get(&row.get(0)?) else {
            continue;
        };
        let mut access = roles(row)?;
        details.add(
            &mut access,
            row.get(1)?,
            row.get(2)?,
            row.get::<_, String>(10)? == "exists",
        )?;
        let table = tables.get(access.relation);
        access.constants.retain_mut(|constant| {
            let value = constant.value.as_deref();
            constant.share =
                table.and_then(|table| share(table, &constant.column, &constant.operator));
            value.is_none_or(|value| texts.iter().all(|text| text.contains(value)))
        });
        all.push(access);
    }
    Ok(all)
}

fn roles(row: &Row<'_>) -> Result<Access> {
    let list = |place: usize| -> Result<Vec<String>> {
        Ok(serde_json::from_str(&row.get::<_, String>(place)?).unwrap_or_default())
    };
    let order = list(9)?
        .into_iter()
        .map(|column| match column.strip_prefix('-') {
            Some(column) => (column.to_owned(), true),
            None => (column, false),
        });
    Ok(Access {
        statement: row.get(0)?,
        relation: row.get(3)?,
        equal: [list(4)?, list(5)?].concat(),
        within: list(6)?,
        join: list(7)?,
        range: list(8)?,
        order: order.collect(),
        ..Access::default()
    })
}

/// What `access_paths` does not tell.
struct Details<'f> {
    predicates: rusqlite::Statement<'f>,
    joins: rusqlite::Statement<'f>,
    sorts: rusqlite::Statement<'f>,
    outputs: rusqlite::Statement<'f>,
    refs: Refs,
}

impl<'f> Details<'f> {
    fn new(facts: &'f Connection) -> Result<Self> {
        let mut refs = Refs::new();
        let mut statement = facts
            .prepare("SELECT statement_id, relation_id, column_name, usage FROM column_refs")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let place = refs.entry((row.get(0)?, row.get(1)?)).or_default();
            place.push((row.get(2)?, row.get(3)?));
        }
        Ok(Self {
            predicates: facts.prepare(
                "SELECT column_name, operator, comparand, or_group, wrapped_in, expression,
                   clause = 'having', value, (SELECT coalesce(r.alias, r.name) FROM query_relations r
                     WHERE r.statement_id = p.statement_id AND r.block = p.block AND r.ordinal = p.ordinal)
                 FROM query_predicates p WHERE statement_id = ?1 AND block = ?2 AND ordinal = ?3
                 ORDER BY position",
            )?,
            joins: facts.prepare(
                "SELECT left_column, left_ordinal, right_column, right_ordinal FROM query_joins
                 WHERE statement_id = ?1 AND (left_relation_id = ?2 OR right_relation_id = ?2)
                 AND block >= ?3",
            )?,
            sorts: facts.prepare(
                "SELECT clause, column_name FROM query_sorts
                 WHERE statement_id = ?1 AND block = ?2 AND ordinal = ?3 ORDER BY clause, position",
            )?,
            outputs: facts.prepare(
                "SELECT kind, relation_id, column_name FROM query_outputs
                 WHERE statement_id = ?1 AND block = ?2",
            )?,
            refs,
        })
    }

    fn add(
        &mut self,
        access: &mut Access,
        block: i64,
        ordinal: i64,
        is_exists: bool,
    ) -> Result<()> {
        let mut needed: BTreeSet<String> = BTreeSet::new();
        let place = (access.statement, block, ordinal);
        let mut rows = self.predicates.query(place)?;
        while let Some(row) = rows.next()? {
            let column: Option<String> = row.get(0)?;
            let expression: Option<String> = row.get(5)?;
            let is_wrapped = row.get::<_, Option<String>>(4)?.is_some();
            needed.extend(column.clone());
            if row.get(6)? {
                continue;
            }
            predicate(
                access,
                row,
                column,
                is_wrapped.then_some(expression).flatten(),
            )?;
        }
        let mut rows = self
            .joins
            .query((access.statement, access.relation, block))?;
        while let Some(row) = rows.next()? {
            // A condition of a block within this one compares with the row of this one as well.
            for at in [0, 2] {
                let here: Option<i64> = row.get(at + 1)?;
                if here.is_none_or(|here| here == ordinal) {
                    let column: String = row.get(at)?;
                    if access.join.contains(&column) {
                        needed.insert(column);
                    }
                }
            }
        }
        let mut rows = self.sorts.query(place)?;
        while let Some(row) = rows.next()? {
            let column: Option<String> = row.get(1)?;
            needed.extend(column.clone());
            if row.get::<_, String>(0)? != "order" {
                add(&mut access.group, column);
            }
        }
        needed.extend(access.join.iter().cloned());
        // Joins under OR are not among the paths.
        for (column, usage) in self
            .refs
            .get(&(access.statement, access.relation))
            .into_iter()
            .flatten()
        {
            if usage == "join" && !access.join.contains(column) {
                add(&mut access.either, Some(column.clone()));
            }
        }
        let (mut is_known, mut has_expression) = (true, false);
        if !is_exists {
            let mut rows = self.outputs.query((access.statement, block))?;
            while let Some(row) = rows.next()? {
                let kind: String = row.get(0)?;
                let relation: Option<i64> = row.get(1)?;
                if kind == "star" && relation.is_none_or(|relation| relation == access.relation) {
                    is_known = false;
                }
                if kind == "column" && relation == Some(access.relation) {
                    needed.extend(row.get::<_, Option<String>>(2)?);
                }
                has_expression |= matches!(kind.as_str(), "aggregate" | "expression" | "subquery");
            }
        }
        if has_expression {
            needed.extend(used(&self.refs, access));
        }
        access.needed = is_known.then(|| needed.into_iter().collect());
        Ok(())
    }
}

/// Columns by statement and relation, with how they are used.
type Refs = BTreeMap<(i64, i64), Vec<(String, String)>>;

/// Columns of the table that the statement reads other than to find rows, in any of its blocks.
fn used(refs: &Refs, access: &Access) -> Vec<String> {
    let refs = refs.get(&(access.statement, access.relation));
    let refs = refs.into_iter().flatten();
    refs.filter(|(_, usage)| matches!(usage.as_str(), "output" | "other" | "order" | "group"))
        .map(|(column, _)| column.clone())
        .collect()
}

fn predicate(
    access: &mut Access,
    row: &Row<'_>,
    column: Option<String>,
    expression: Option<String>,
) -> Result<()> {
    let operator: String = row.get(1)?;
    let is_either = row.get::<_, Option<i64>>(3)?.is_some();
    if let Some(expression) = expression {
        if !is_either {
            let alias: Option<String> = row.get(8)?;
            access
                .expressions
                .push((unqualified(&expression, alias.as_deref()), operator));
        }
        return Ok(());
    }
    let Some(column) = column else {
        return Ok(());
    };
    let is_plain = matches!(
        operator.as_str(),
        "=" | "<" | ">" | "<=" | ">=" | "in" | "between" | "is null"
    );
    match operator.as_str() {
        _ if is_either && is_plain => add(&mut access.either, Some(column)),
        _ if is_either => {}
        "like" => {
            access.special.push((column.clone(), operator));
            add(&mut access.like, Some(column));
        }
        "is null" | "is not null" => {
            let sql = format!("{} {}", quote::ident(&column), operator.to_uppercase());
            access
                .constants
                .push(Constant::new(column, sql, operator, None));
        }
        "=" => {
            if let Some(value) = row.get::<_, Option<String>>(7)? {
                let sql = format!("{} = {value}", quote::ident(&column));
                access
                    .constants
                    .push(Constant::new(column, sql, operator, Some(value)));
            }
        }
        _ if !is_plain => access.special.push((column, operator)),
        _ => {}
    }
    Ok(())
}

fn add(list: &mut Vec<String>, column: Option<String>) {
    if let Some(column) = column.filter(|column| !list.contains(column)) {
        list.push(column);
    }
}

/// An expression without the name that its table has in the statement.
fn unqualified(expression: &str, alias: Option<&str>) -> String {
    let Some(alias) = alias else {
        return expression.to_owned();
    };
    let qualifier = format!("{alias}.");
    let mut out = String::with_capacity(expression.len());
    let mut rest = expression;
    while let Some(at) = rest.find(&qualifier) {
        let before = rest[..at].chars().next_back();
        let is_name = before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
        out.push_str(&rest[..at]);
        if is_name {
            out.push_str(&qualifier);
        }
        rest = &rest[at + qualifier.len()..];
    }
    out.push_str(rest);
    out
}
