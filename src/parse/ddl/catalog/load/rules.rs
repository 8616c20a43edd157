//! Constraints.

use rusqlite::{Result, Row};

use super::loader::Loader;
use super::text::{names, string, text, word};
use crate::parse::ddl::catalog::model::{Column, Constraint, Foreign, Relation, Rule};
use crate::parse::ddl::constraint::{ConstraintKind, TableConstraint, table_constraint};
use crate::parse::ddl::cursor::Cursor;

const DEEDS: [&str; 5] = [
    "no action",
    "restrict",
    "cascade",
    "set null",
    "set default",
];

impl Loader<'_> {
    pub fn constraints(&mut self) -> Result<()> {
        let query = "SELECT relation_id, oid, name, kind, columns, referenced_relation_id,
              referenced_columns, on_update, on_delete, index_oid, is_validated, is_enforced,
              is_deferrable, is_inherited, definition
            FROM constraints WHERE database_id = ?1 ORDER BY id";
        self.each(query, |loader, row| {
            let Some(place) = loader.relations.get(&row.get(0)?).copied() else {
                return Ok(());
            };
            let name = string(row, 2)?;
            let columns = names(text(row, 4)?);
            let definition = text(row, 14)?.unwrap_or_default();
            let kind = text(row, 3)?.unwrap_or_default();
            if kind == "not null" {
                let inherited = row.get(13)?;
                let valid: bool = row.get(10)?;
                loader.change_column(place, columns.first(), |column| {
                    column.not_null_name = Some(name);
                    column.not_null_inherited = inherited;
                    column.not_null_invalid = !valid;
                });
                return Ok(());
            }
            let rule = match kind {
                "check" => Rule::Check(expression(definition).to_owned()),
                "trigger" => Rule::Trigger,
                "foreign key" => match loader.foreign(place, row, &columns, definition)? {
                    Some(foreign) => Rule::Foreign(foreign),
                    None => return Ok(()),
                },
                _ => match loader.backing(place, row.get(9)?, &name) {
                    Some(index) => Rule::Index {
                        index,
                        without_overlaps: definition.contains(" WITHOUT OVERLAPS"),
                    },
                    None => return Ok(()),
                },
            };
            if let Rule::Index { index, .. } = rule
                && definition.starts_with("EXCLUDE")
            {
                loader.operators(index, definition);
            }
            let tail = definition.rfind(')').map_or("", |at| &definition[at..]);
            let deferred = tail.contains("INITIALLY DEFERRED");
            let constraint = Constraint {
                oid: loader.used(row.get(1)?),
                deferrable: row.get(12)?,
                deferred: deferred || (kind == "trigger" && loader.is_deferred(place, &name)?),
                not_valid: !row.get::<_, bool>(10)?,
                not_enforced: !row.get::<_, bool>(11)?,
                no_inherit: kind == "trigger" || tail.contains("NO INHERIT"),
                inherited: row.get(13)?,
                rule,
            };
            loader.enter_constraint(place, &name, constraint);
            Ok(())
        })
    }

    fn enter_constraint(&mut self, place: usize, name: &str, constraint: Constraint) {
        if let Rule::Foreign(foreign) = &constraint.rule {
            self.change(foreign.relation, |relation| {
                relation.referenced_by.insert(place);
            });
        }
        let mut schema = String::new();
        self.change(place, |relation| {
            relation.constraints.insert(name, constraint);
            schema.clone_from(&relation.schema);
        });
        self.catalog.count_constraint(&schema, name);
    }

    fn change_column(
        &mut self,
        place: usize,
        name: Option<&String>,
        change: impl FnOnce(&mut Column),
    ) {
        self.change(place, |relation| {
            if let Some(column) = name.and_then(|name| relation.columns.get_mut(name)) {
                change(column);
            }
        });
    }

    /// The index behind a constraint.
    fn backing(&self, place: usize, oid: Option<i64>, name: &str) -> Option<usize> {
        let by_oid = oid.and_then(|oid| self.indexes.get(&oid).copied());
        let own = |at: &usize| {
            let index = self.catalog.indexes.get(*at);
            index.is_some_and(|index| index.constraint.as_deref() == Some(name))
        };
        let of_table = || {
            let relation = self.catalog.rel(place).ok()?;
            relation.indexes.iter().copied().find(own)
        };
        by_oid.or_else(of_table)
    }

    fn foreign(
        &self,
        place: usize,
        row: &Row,
        columns: &[String],
        definition: &str,
    ) -> Result<Option<Foreign>> {
        let target = row.get::<_, Option<i64>>(5)?;
        let Some(target) = target.and_then(|id| self.relations.get(&id).copied()) else {
            return Ok(None);
        };
        let (Ok(relation), Ok(referenced)) = (self.catalog.rel(place), self.catalog.rel(target))
        else {
            return Ok(None);
        };
        let mut foreign = Foreign {
            columns: places(relation, columns),
            relation: target,
            referenced: places(referenced, &names(text(row, 6)?)),
            index: self.backing(target, row.get(9)?, ""),
            period: false,
            full: false,
            on_update: word(&DEEDS, text(row, 7)?.unwrap_or_default()),
            on_delete: word(&DEEDS, text(row, 8)?.unwrap_or_default()),
            delete_columns: Vec::new(),
        };
        // Few foreign keys say more than their columns do.
        let more = [" MATCH FULL", "PERIOD ", " SET NULL (", " SET DEFAULT ("];
        if more.iter().any(|words| definition.contains(words))
            && let Some(ConstraintKind::Foreign {
                period,
                full,
                delete_columns,
                ..
            }) = read(definition).map(|read| read.kind)
        {
            foreign.period = period;
            foreign.full = full;
            foreign.delete_columns = places(relation, &delete_columns);
        }
        Ok(Some(foreign))
    }

    /// Gives the keys of an index the operators of its exclusion constraint.
    fn operators(&mut self, at: usize, definition: &str) {
        let Some(ConstraintKind::Exclude { elements, .. }) = read(definition).map(|read| read.kind)
        else {
            return;
        };
        if let Ok(index) = self.catalog.index_mut(at) {
            for (key, element) in index.keys.iter_mut().zip(elements) {
                key.operator = element.operator;
            }
        }
    }

    /// Whether a constraint trigger waits for the end of the transaction.
    fn is_deferred(&self, place: usize, name: &str) -> Result<bool> {
        let id = self
            .catalog
            .rel(place)
            .ok()
            .and_then(|relation| relation.facts_id);
        let query = "SELECT count(*) FROM triggers WHERE relation_id = ?1 AND name = ?2
            AND definition LIKE '% INITIALLY DEFERRED %'";
        let mut statement = self.facts.prepare_cached(query)?;
        let found: i64 = statement.query_row((id, name), |row| row.get(0))?;
        Ok(found > 0)
    }
}

fn places(relation: &Relation, names: &[String]) -> Vec<usize> {
    let places = names.iter().map(|name| relation.columns.place(name));
    places.flatten().collect()
}

fn read(definition: &str) -> Option<TableConstraint> {
    table_constraint(&mut Cursor::new(definition)).ok()
}

/// The expression of a check: what stands between the outermost parentheses.
fn expression(definition: &str) -> &str {
    let mut text = definition.strip_prefix("CHECK (").unwrap_or("");
    for tail in [" NOT VALID", " NOT ENFORCED", " NO INHERIT"] {
        text = text.strip_suffix(tail).unwrap_or(text);
    }
    text.strip_suffix(')').unwrap_or(text)
}
