//! Extended statistics, and what ANALYZE left of them.

use rusqlite::{Connection, Result};
use serde::Deserialize;

use super::catalog::{Catalog, list, rows};
use super::changes::Changes;
use super::script::{LeftOut, Script, Statement};
use super::statistics::{Signed, Slot};
use crate::facts::quote;

/// Types whose values go from binary form into the catalog, as they came out of it.
const TYPES: [&str; 3] = ["pg_ndistinct", "pg_dependencies", "pg_mcv_list"];

/// Oids from here on differ between clusters.
const FIRST_OWN_OID: i64 = 16_384;

struct Object {
    relation: i64,
    schema: String,
    name: String,
    columns: Vec<String>,
    definition: Option<String>,
    data: Vec<Data>,
}

/// What ANALYZE left, as `extended_statistics.data` has it.
#[derive(Debug, Deserialize)]
struct Data {
    inherited: Option<bool>,
    ndistinct: Option<String>,
    dependencies: Option<String>,
    mcv: Option<String>,
    expressions: Option<Vec<Expression>>,
}

#[derive(Debug, Deserialize)]
struct Expression {
    null_frac: f64,
    avg_width: i64,
    n_distinct: f64,
    slots: Vec<Slot>,
}

/// Adds extended statistics in the order of their oids, with what they hold.
pub(super) fn make(
    facts: &Connection,
    database: i64,
    catalog: &Catalog,
    changes: &Changes,
    script: &mut Script,
) -> Result<()> {
    let objects = rows(
        facts,
        "SELECT relation_id, schema, name, columns, definition, data FROM extended_statistics
         WHERE database_id = ?1 ORDER BY oid, id",
        database,
        |row| {
            let data: Option<String> = row.get(5)?;
            Ok(Object {
                relation: row.get(0)?,
                schema: row.get(1)?,
                name: row.get(2)?,
                columns: list(row.get(3)?),
                definition: row.get(4)?,
                data: data
                    .and_then(|json| serde_json::from_str(&json).ok())
                    .unwrap_or_default(),
            })
        },
    )?;
    let has_data = objects.iter().any(|object| !object.data.is_empty());
    if has_data {
        casts(script, "CREATE CAST (bytea AS {}) WITHOUT FUNCTION");
    }
    for object in &objects {
        // What they hold is of the old type.
        let definition = object.definition.as_deref().unwrap_or_default();
        let mut retyped = changes.retyped(object.relation);
        if retyped.any(|column| definition.contains(column)) {
            let object = quote::name(&object.schema, &object.name);
            script.left_out.push(LeftOut {
                object: format!("extended statistics {object}"),
                because: "a column of theirs has another type".to_owned(),
                relations: Vec::new(),
            });
            continue;
        }
        object.make(catalog, script);
    }
    if has_data {
        casts(script, "DROP CAST (bytea AS {})");
    }
    Ok(())
}

fn casts(script: &mut Script, template: &str) {
    for name in TYPES {
        script.statistics.push(Statement {
            sql: template.replace("{}", name),
            object: format!("cast from bytea to {name}"),
            relations: Vec::new(),
        });
    }
}

impl Object {
    fn make(&self, catalog: &Catalog, script: &mut Script) {
        let name = quote::name(&self.schema, &self.name);
        let object = format!("extended statistics {name}");
        let Some(definition) = &self.definition else {
            script.left_out.push(LeftOut {
                object,
                because: "their definition could not be read while the table was locked".to_owned(),
                relations: vec![self.relation],
            });
            return;
        };
        let statement = |sql: String| Statement {
            sql,
            object: object.clone(),
            relations: vec![self.relation],
        };
        script.statistics.push(statement(definition.clone()));
        let keeps_mcv = self.has_types_of_system_only(catalog);
        for data in &self.data {
            if data.mcv.is_some() && !keeps_mcv {
                script.left_out.push(LeftOut {
                    object: format!("most common values of {object}"),
                    because: "they are of a type that users made, whose values are written by number there".to_owned(),
                    relations: vec![self.relation],
                });
            }
            script
                .statistics
                .push(statement(self.insert(data, keeps_mcv, catalog.major)));
        }
    }

    fn has_types_of_system_only(&self, catalog: &Catalog) -> bool {
        let relation = catalog.relation(self.relation);
        let columns = relation.into_iter().flat_map(|relation| &relation.columns);
        !columns
            .filter(|column| self.columns.contains(&column.name))
            .any(|column| column.type_oid.is_none_or(|oid| oid >= FIRST_OWN_OID))
    }

    fn insert(&self, data: &Data, keeps_mcv: bool, major: i64) -> String {
        let cast = |hex: Option<&String>, kind: &str| {
            hex.map_or_else(
                || "NULL".to_owned(),
                |hex| format!("{}::bytea::{kind}", quote::literal(&format!("\\x{hex}"))),
            )
        };
        let mut columns = vec!["stxoid", "stxdndistinct", "stxddependencies", "stxdmcv"];
        let mut values = vec![
            "s.oid".to_owned(),
            cast(data.ndistinct.as_ref(), TYPES[0]),
            cast(data.dependencies.as_ref(), TYPES[1]),
            cast(data.mcv.as_ref().filter(|_| keeps_mcv), TYPES[2]),
        ];
        if major >= 14 {
            columns.push("stxdexpr");
            values.push(
                data.expressions
                    .as_deref()
                    .map_or_else(|| "NULL".to_owned(), expressions),
            );
        }
        let inherited = data.inherited.unwrap_or(false);
        let mut same = String::new();
        if major >= 15 {
            columns.push("stxdinherit");
            values.push(inherited.to_string());
            same = format!(" AND d.stxdinherit = {inherited}");
        }
        let place = format!(
            "n.oid = s.stxnamespace AND n.nspname = {} AND s.stxname = {}",
            quote::literal(&self.schema),
            quote::literal(&self.name)
        );
        format!(
            "DELETE FROM pg_statistic_ext_data d USING pg_statistic_ext s, pg_namespace n \
             WHERE d.stxoid = s.oid AND {place}{same}; \
             INSERT INTO pg_statistic_ext_data ({}) SELECT {} FROM pg_statistic_ext s, pg_namespace n WHERE {place}",
            columns.join(", "),
            values.join(", ")
        )
    }
}

/// Statistics of expressions, an array of rows of `pg_statistic`. Values are of the type that their operator compares;
/// operators of kinds of types do not tell it.
fn expressions(expressions: &[Expression]) -> String {
    let rows: Vec<String> = expressions.iter().map(expression).collect();
    format!("ARRAY[{}]::pg_statistic[]", rows.join(", "))
}

fn expression(expression: &Expression) -> String {
    let known = |slot: &&Slot| {
        slot.values.is_none()
            || slot
                .operator
                .as_deref()
                .is_some_and(|operator| !operator.contains("(any") && !operator.contains("(record"))
    };
    let slots: Vec<&Slot> = expression.slots.iter().filter(known).collect();
    let each = |made: &dyn Fn(&Slot) -> String, empty: &str| -> String {
        let parts = (0..super::statistics::SLOTS)
            .map(|place| slots.get(place).map_or(empty.to_owned(), |slot| made(slot)));
        parts.collect::<Vec<_>>().join(", ")
    };
    let text = |text: &Option<String>, kind: &str| {
        text.as_ref().map_or_else(
            || "NULL".to_owned(),
            |text| format!("{}::{kind}", quote::literal(text)),
        )
    };
    let oid = |text: &Option<String>, kind: &str| {
        text.as_ref().map_or_else(
            || "0".to_owned(),
            |text| format!("{}::{kind}::oid", quote::literal(text)),
        )
    };
    format!(
        "ROW(0, 0, false, {}, {}, {}, {}, {}, {}, {}, {})::pg_statistic",
        Signed(expression.null_frac),
        expression.avg_width,
        Signed(expression.n_distinct),
        each(&|slot| slot.kind.to_string(), "0"),
        each(&|slot| oid(&slot.operator, "regoperator"), "0"),
        each(&|slot| oid(&slot.collation, "regcollation"), "0"),
        each(&|slot| text(&slot.numbers, "float4[]"), "NULL"),
        each(
            &|slot| match (&slot.values, &slot.operator) {
                (Some(values), Some(operator)) => format!(
                    "array_in({}::cstring, (SELECT o.oprright FROM pg_operator o WHERE o.oid = {}::regoperator), -1)",
                    quote::literal(values),
                    quote::literal(operator)
                ),
                _ => "NULL".to_owned(),
            },
            "NULL"
        ),
    )
}
