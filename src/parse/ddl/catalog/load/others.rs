//! Sequences, triggers and functions.

use rusqlite::Result;

use super::loader::Loader;
use super::text::{string, text, word};
use crate::facts::quote;
use crate::parse::ddl::catalog::catalog::Entity;
use crate::parse::ddl::catalog::model::{Function, Sequence, Trigger};
use crate::parse::ddl::cursor::Cursor;
use crate::parse::ddl::function::arguments;
use crate::parse::ddl::volatility::Volatility;

const INTEGERS: [&str; 3] = ["bigint", "integer", "smallint"];
const ENABLED: [&str; 4] = ["origin", "always", "replica", "disabled"];

impl Loader<'_> {
    pub fn sequences(&mut self) -> Result<()> {
        let query = "SELECT oid, schema, name, type, start_value, min_value, max_value, increment,
              cycles, owner_relation_id, owner_column
            FROM sequences WHERE database_id = ?1 ORDER BY id";
        self.each(query, |loader, row| {
            let (schema, name) = (string(row, 1)?, string(row, 2)?);
            let of = word(&INTEGERS, text(row, 3)?.unwrap_or_default());
            let owner = row.get::<_, Option<i64>>(9)?;
            let owner = owner.and_then(|id| loader.relations.get(&id).copied());
            let column = text(row, 10)?;
            let owner = owner.and_then(|relation| {
                let known = loader.catalog.rel(relation).ok()?;
                Some((relation, known.columns.place(column?)?))
            });
            let min = row.get::<_, Option<i64>>(5)?.unwrap_or(1);
            let sequence = Sequence {
                oid: loader.used(row.get(0)?),
                schema: schema.clone(),
                name: name.clone(),
                of,
                start: row.get::<_, Option<i64>>(4)?.unwrap_or(min),
                min,
                max: row.get::<_, Option<i64>>(6)?.unwrap_or(highest(of)),
                increment: row.get(7)?,
                cycles: row.get(8)?,
                owner,
            };
            let place = loader.catalog.sequences.push(sequence);
            loader.need_schema(&schema);
            let entered = loader
                .catalog
                .enter(&schema, &name, Entity::Sequence(place));
            drop(entered);
            if let Some((relation, _)) = owner {
                loader.change(relation, |relation| {
                    relation.sequences.insert(place);
                });
            }
            Ok(())
        })
    }

    pub fn triggers(&mut self) -> Result<()> {
        let query = "SELECT t.relation_id, t.name, t.enabled, t.definition
            FROM relations r JOIN triggers t ON t.relation_id = r.id
            WHERE r.database_id = ?1 ORDER BY t.id";
        self.each(query, |loader, row| {
            let Some(place) = loader.relations.get(&row.get(0)?).copied() else {
                return Ok(());
            };
            let Ok(relation) = loader.catalog.rel(place) else {
                return Ok(());
            };
            let definition = text(row, 3)?.unwrap_or_default();
            let on = format!(" ON {} ", quote::name(&relation.schema, &relation.name));
            let (before, after) = definition.split_once(&on).unwrap_or((definition, ""));
            let name = string(row, 1)?;
            let above = relation
                .partition_of
                .and_then(|at| loader.catalog.rel(at).ok());
            let above = above.and_then(|above| above.triggers.get(&name));
            let trigger = Trigger {
                enabled: word(&ENABLED, text(row, 2)?.unwrap_or_default()),
                before: before.strip_prefix("CREATE ").unwrap_or(before).to_owned(),
                after: after.to_owned(),
                for_each_row: after.contains("FOR EACH ROW "),
                inherited: above.is_some_and(|above| above.for_each_row),
            };
            loader.change(place, |relation| {
                relation.triggers.insert(&name, trigger);
            });
            Ok(())
        })
    }

    /// Facts know only those that run with their owner's rights.
    pub fn functions(&mut self) -> Result<()> {
        let query = "SELECT schema, name, kind, arguments, owner, search_path, public_execute
            FROM security_definer_functions WHERE database_id = ?1 ORDER BY id";
        self.each(query, |loader, row| {
            let (schema, name) = (string(row, 0)?, string(row, 1)?);
            let printed = string(row, 3)?;
            let mut cursor = Cursor::new(&printed);
            let all = cursor.until(|_| false);
            let inputs = arguments(&mut cursor, all, false).unwrap_or_default();
            let types = inputs.iter().map(|(_, of)| of.clone()).collect::<Vec<_>>();
            let types = loader.catalog.print_types(&types);
            let function = Function {
                schema: schema.clone(),
                name: name.clone(),
                kind: word(
                    &["function", "procedure"],
                    text(row, 2)?.unwrap_or_default(),
                ),
                arguments: printed.clone(),
                types,
                owner: row.get(4)?,
                security_definer: true,
                search_path: row.get(5)?,
                volatility: Volatility::Unknown,
                public_execute: row.get(6)?,
            };
            loader.need_schema(&schema);
            let place = loader.catalog.functions.push(function);
            let named = &mut loader.catalog.functions_by_name;
            let mut all = named.get(&schema, &name).cloned().unwrap_or_default();
            all.push(place);
            named.insert(&schema, &name, all);
            Ok(())
        })
    }
}

fn highest(of: &str) -> i64 {
    match of {
        "smallint" => i64::from(i16::MAX),
        "integer" => i64::from(i32::MAX),
        _ => i64::MAX,
    }
}
