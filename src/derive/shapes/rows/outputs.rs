//! Rows of what a query gives and of what it sorts and groups by.

use rusqlite::{Result, params};

use super::Writer;
use crate::derive::shapes::resolve::Resolver;
use crate::parse::sql::shape::{SortKey, What};

impl Writer<'_> {
    pub(super) fn write_outputs(
        &mut self,
        id: i64,
        resolver: &Resolver<'_>,
        number: usize,
    ) -> Result<()> {
        let block = &resolver.shape.blocks[number];
        for (position, output) in block.outputs.iter().enumerate() {
            let (kind, relation, column, function) = match &output.what {
                What::Column(column) => {
                    let base = resolver.column(number, column).and_then(|found| found.base);
                    let (relation, name) = base.unzip();
                    (
                        "column",
                        relation,
                        name.or_else(|| Some(column.name.clone())),
                        None,
                    )
                }
                What::Star(table) => {
                    let mut relations: Vec<i64> = resolver
                        .star(number, table.as_deref())
                        .into_iter()
                        .map(|(id, _)| id)
                        .collect();
                    relations.dedup();
                    let only = if let [only] = relations.as_slice() {
                        Some(*only)
                    } else {
                        None
                    };
                    ("star", only, None, None)
                }
                What::Aggregate { function, .. } => ("aggregate", None, None, Some(function)),
                What::Constant => ("constant", None, None, None),
                What::Subquery(_) => ("subquery", None, None, None),
                What::Expression(_) => ("expression", None, None, None),
            };
            self.output.execute(params![
                id,
                number,
                position + 1,
                kind,
                relation,
                column,
                function,
                output.name
            ])?;
        }
        Ok(())
    }

    pub(super) fn write_sorts(
        &mut self,
        id: i64,
        resolver: &Resolver<'_>,
        number: usize,
    ) -> Result<()> {
        let block = &resolver.shape.blocks[number];
        for clause in ["group", "order", "distinct"] {
            for (position, sort) in block
                .sorts
                .iter()
                .filter(|sort| sort.clause == clause)
                .enumerate()
            {
                let (place, column, sql) = match &sort.by {
                    SortKey::Column(column) => {
                        (resolver.column(number, column), Some(&column.name), None)
                    }
                    SortKey::Position(place) => {
                        let output = place
                            .checked_sub(1)
                            .and_then(|place| block.outputs.get(place));
                        match output.map(|output| &output.what) {
                            Some(What::Column(column)) => {
                                (resolver.column(number, column), Some(&column.name), None)
                            }
                            _ => (None, None, Some(place.to_string())),
                        }
                    }
                    SortKey::Random => (None, None, Some("random()".to_owned())),
                    SortKey::Expression { sql, .. } => (None, None, sql.clone()),
                };
                let ordinal = place
                    .as_ref()
                    .filter(|found| found.block == number)
                    .map(|found| found.ordinal);
                let (relation, name) = place.and_then(|found| found.base).unzip();
                self.sort.execute(params![
                    id,
                    number,
                    clause,
                    position + 1,
                    ordinal,
                    relation,
                    name.as_ref().or(column),
                    sql,
                    sort.is_descending,
                    sort.nulls_first,
                ])?;
            }
        }
        Ok(())
    }
}
