//! What ANALYZE left, into `pg_statistic`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rusqlite::{Connection, Result};
use serde::Deserialize;

use super::catalog::{Catalog, rows};
use super::changes::{self, Changes, Keeps};
use super::script::{Script, Statement};
use crate::facts::quote;

/// Slots of a row of `pg_statistic` (`STATISTIC_NUM_SLOTS`).
pub(super) const SLOTS: usize = 5;

/// Of the types of columns: the type of their elements and of their ranges, and their default operators, as
/// `get_sort_group_operators` finds them. Types without an operator class of their own take that of their kind
/// (arrays, enums, ranges, rows) or of the type that they are stored as.
const TYPES: &str = include_str!("types.sql");

/// Statistics of one column or expression.
#[derive(Debug)]
struct Row {
    relation: Option<i64>,
    index: Option<i64>,
    position: i64,
    inherited: bool,
    null_frac: f64,
    width: i64,
    distinct: f64,
    slots: Vec<Slot>,
}

/// A slot of `pg_statistic`, as `planner_statistics.slots` has it.
#[derive(Debug, Default, Clone, Deserialize)]
pub(super) struct Slot {
    pub kind: i64,
    pub operator: Option<String>,
    pub collation: Option<String>,
    pub numbers: Option<String>,
    pub values: Option<String>,
}

/// Adds the statistics of columns and of expressions of indexes, one statement a relation.
pub(super) fn make(
    facts: &Connection,
    database: i64,
    catalog: &Catalog,
    changes: &Changes,
    script: &mut Script,
) -> Result<()> {
    let retyped = changes::positions(facts, changes)?;
    script.statistics.push(Statement {
        sql: TYPES.replace("/* 14+ */", if catalog.major >= 14 { "" } else { "--" }),
        object: "operators of types".to_owned(),
        relations: Vec::new(),
    });
    let all = rows(
        facts,
        "SELECT relation_id, index_id, position, inherited, null_frac, avg_width, n_distinct, slots
         FROM planner_statistics WHERE database_id = ?1 ORDER BY relation_id, index_id, position, inherited",
        database,
        |row| {
            let slots: String = row.get(7)?;
            Ok(Row {
                relation: row.get(0)?,
                index: row.get(1)?,
                position: row.get(2)?,
                inherited: row.get(3)?,
                null_frac: row.get(4)?,
                width: row.get(5)?,
                distinct: row.get(6)?,
                slots: serde_json::from_str(&slots).unwrap_or_default(),
            })
        },
    )?;
    let mut owners: BTreeMap<(Option<i64>, Option<i64>), Vec<Row>> = BTreeMap::new();
    for row in all {
        owners
            .entry((row.relation, row.index))
            .or_default()
            .push(row);
    }
    for ((relation, index), rows) in owners {
        let index = index.and_then(|id| catalog.index(id));
        if index.is_some_and(|index| {
            changes
                .gone
                .contains(&(index.schema.clone(), index.name.clone()))
        }) {
            continue;
        }
        let relation = relation.or(index.map(|index| index.relation));
        let Some(relation) = relation.and_then(|id| catalog.relation(id)) else {
            continue;
        };
        let object = index.map_or_else(|| relation.sql(), super::objects::Index::sql);
        let of = |row: &Row| retyped.get(&(relation.id, row.position)).copied();
        let (others, rows): (Vec<Row>, Vec<Row>) =
            (rows.into_iter()).partition(|row| index.is_none() && of(row).is_some());
        let mut sql = clear(&object);
        if !rows.is_empty() {
            sql.push_str(&insert(&object, &rows, catalog.major));
        }
        script.statistics.push(Statement {
            sql,
            object: format!("statistics of {object}"),
            relations: vec![relation.id],
        });
        // By themselves, since values may not be what their new type takes.
        for row in others {
            let keeps = of(&row).unwrap_or(Keeps::Nothing);
            let row = Row {
                slots: changes::kept(row.slots, keeps),
                ..row
            };
            script.statistics.push(Statement {
                sql: insert(&object, &[row], catalog.major),
                object: format!("statistics of {object} under a new type"),
                relations: vec![relation.id],
            });
        }
    }
    Ok(())
}

/// Takes away the rows of one relation.
fn clear(object: &str) -> String {
    let name = quote::literal(object);
    format!("DELETE FROM pg_statistic WHERE starelid = {name}::regclass; ")
}

/// The rows of one relation.
fn insert(object: &str, rows: &[Row], major: i64) -> String {
    let name = quote::literal(object);
    let used = rows.iter().map(|row| row.slots.len()).max().unwrap_or(0);
    let used = used.min(SLOTS);
    let mut names = String::from("attnum, inherited, null_frac, width, n_distinct");
    for slot in 1..=used {
        let _ = write!(names, ", k{slot}, o{slot}, c{slot}, n{slot}, v{slot}");
    }
    let mut values = String::new();
    for (place, row) in rows.iter().enumerate() {
        if place > 0 {
            values.push_str(", ");
        }
        let _ = write!(
            values,
            "({}::int2, {}, {}::float4, {}, {}::float4",
            row.position,
            row.inherited,
            row.null_frac,
            row.width,
            Signed(row.distinct)
        );
        for slot in 0..used {
            values.push_str(", ");
            match row.slots.get(slot) {
                Some(slot) => put(slot, major, &mut values),
                None => values
                    .push_str("0::int2, NULL::regoperator, NULL::oid, NULL::float4[], NULL::text"),
            }
        }
        values.push(')');
    }
    let each = |made: &dyn Fn(usize) -> String| -> String {
        (1..=SLOTS).fold(String::new(), |mut sql, slot| {
            sql.push_str(", ");
            sql.push_str(&made(slot));
            sql
        })
    };
    let or = |slot: usize, used_sql: String, empty: &str| {
        if slot <= used {
            used_sql
        } else {
            empty.to_owned()
        }
    };
    let kinds = each(&|slot| or(slot, format!("v.k{slot}"), "0"));
    let operators = each(&|slot| or(slot, operator(slot), "0"));
    let collations = each(&|slot| or(slot, collation(slot), "0"));
    let numbers = each(&|slot| or(slot, format!("v.n{slot}"), "NULL"));
    let arrays = each(&|slot| or(slot, array(slot), "NULL"));
    format!(
        "INSERT INTO pg_statistic SELECT a.attrelid, a.attnum, v.inherited, v.null_frac, v.width, v.n_distinct\
         {kinds}{operators}{collations}{numbers}{arrays} \
         FROM (VALUES {values}) AS v({names}) \
         JOIN pg_attribute a ON a.attrelid = {name}::regclass AND a.attnum = v.attnum \
         JOIN pgtriage_types y ON y.oid = a.atttypid"
    )
}

/// A number that may be negative, such that a cast takes the sign along.
pub(super) struct Signed(pub f64);

impl std::fmt::Display for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({})", self.0)
    }
}

fn put(slot: &Slot, major: i64, sql: &mut String) {
    let cast = |text: &Option<String>, kind: &str| match text {
        Some(text) => format!("{}::{kind}", quote::literal(text)),
        None => format!("NULL::{kind}"),
    };
    let collation = if major >= 13 {
        slot.collation
            .as_ref()
            .map(|name| format!("{}::regcollation::oid", quote::literal(name)))
    } else {
        None
    };
    let _ = write!(
        sql,
        "{}::int2, {}, {}, {}, {}",
        slot.kind,
        cast(&slot.operator, "regoperator"),
        collation.as_deref().unwrap_or("NULL::oid"),
        cast(&slot.numbers, "float4[]"),
        cast(&slot.values, "text"),
    );
}

/// The operator that is known, else the one that ANALYZE takes for this kind of slot (`analyze.c`,
/// `array_typanalyze.c`, `rangetypes_typanalyze.c`). 672 is `<` of `float8`.
fn operator(slot: usize) -> String {
    format!(
        "coalesce(v.o{slot}, CASE v.k{slot} WHEN 1 THEN y.equal WHEN 2 THEN y.less WHEN 3 THEN y.less \
         WHEN 4 THEN coalesce(y.item_equal, y.equal) WHEN 5 THEN coalesce(y.item_equal, y.equal) WHEN 6 THEN 672 END, 0)"
    )
}

/// The collation that is known. Where the operator is not either, that of the column; of words in a `tsvector` the
/// default one.
fn collation(slot: usize) -> String {
    format!(
        "coalesce(v.c{slot}, CASE WHEN v.o{slot} IS NULL AND v.k{slot} BETWEEN 1 AND 5 \
         THEN CASE WHEN v.k{slot} = 4 AND y.item = 25 AND a.attcollation = 0 THEN 100 ELSE a.attcollation END END, 0)"
    )
}

/// The values, of the type that they have in this kind of slot. 701 is `float8`. A GIN index on an expression has the
/// type of the elements for its own.
fn array(slot: usize) -> String {
    format!(
        "array_in(v.v{slot}::cstring, CASE v.k{slot} WHEN 4 THEN coalesce(nullif(y.item, 0), a.atttypid) WHEN 6 THEN 701 WHEN 7 THEN y.bounds \
         ELSE a.atttypid END, -1)"
    )
}
