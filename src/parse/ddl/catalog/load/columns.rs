//! Columns.

use rusqlite::{Result, Row};

use super::loader::{ALIGNMENTS, Loader, STORAGES};
use super::text::{optional_word, string, text};
use crate::parse::ddl::catalog::model::{Column, Relation, Type};

const IDENTITIES: [&str; 2] = ["always", "by default"];
const GENERATED: [&str; 2] = ["stored", "virtual"];

/// The name of a column that is gone.
fn dropped(position: usize) -> String {
    format!("........pg.dropped.{position}........")
}

impl Loader<'_> {
    pub fn columns(&mut self) -> Result<()> {
        let query = "SELECT c.relation_id, c.position, c.name, c.type, c.type_oid, c.length,
              c.alignment, c.storage, c.not_null, c.default_expression, c.identity, c.generated,
              c.collation, c.statistics_target, c.is_dropped
            FROM relations r JOIN columns c ON c.relation_id = r.id
            WHERE r.database_id = ?1 ORDER BY c.relation_id, c.position";
        self.each(query, |loader, row| {
            let Some(place) = loader.relations.get(&row.get(0)?).copied() else {
                return Ok(());
            };
            let position: usize = row.get(1)?;
            let name = string(row, 2)?;
            let column = loader.column(row)?;
            loader.change(place, |relation| add(relation, position, &name, column));
            Ok(())
        })
    }

    fn column(&mut self, row: &Row) -> Result<Column> {
        let of = match text(row, 3)? {
            Some(printed) => self.named_type(printed),
            None => Type::default(),
        };
        let storage = optional_word(&STORAGES, text(row, 7)?);
        let alignment = optional_word(&ALIGNMENTS, text(row, 6)?);
        let of = Type {
            oid: row.get::<_, Option<i64>>(4)?.or(of.oid),
            length: row.get::<_, Option<i64>>(5)?.or(of.length),
            alignment: alignment.or(of.alignment),
            storage: of.storage.or(storage),
            ..of
        };
        let target = row.get::<_, Option<i64>>(13)?;
        Ok(Column {
            not_null: row.get(8)?,
            default: row.get(9)?,
            identity: optional_word(&IDENTITIES, text(row, 10)?),
            generated: optional_word(&GENERATED, text(row, 11)?),
            collation: row.get(12)?,
            storage: storage.filter(|own| of.storage != Some(own)),
            statistics_target: target,
            is_dropped: row.get(14)?,
            of,
            ..Column::default()
        })
    }
}

/// Adds a column at its place; where the facts leave places out, columns that are gone stood there.
fn add(relation: &mut Relation, position: usize, name: &str, column: Column) {
    while relation.columns.len() + 1 < position {
        let gone = Column {
            is_dropped: true,
            ..Column::default()
        };
        let at = relation.columns.len() + 1;
        relation.columns.insert(&dropped(at), gone);
    }
    relation.columns.insert(name, column);
}
