//! What is asked of the rows of a table, as SQL.

use std::fmt::Write as _;

use super::catalog::{Column, IndexEntry};
use super::tables::TableEntry;
use crate::derive::bloat::{Index, IndexColumn, Origin, Page, Table};
use crate::facts::quote;

/// Rows that a page can hold at most: a head of 24 bytes and a line pointer each.
const SHORTEST_ROW: i64 = 28;
/// Name of a row's place in the inner query; no column is called so.
const PLACE: &str = "\"place of pgtriage\"";
/// Text of a statement, about; more blocks go into another one.
const TEXT: usize = 48 << 10;
/// Blocks of a statement: past this planning takes longer than several statements (measured on 17).
const RANGES: usize = 64;

/// What is asked of each row, and the models that the answers go into.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fetch {
    /// Sizes, one column of the sample each; `None`: known without asking.
    pub sizes: Vec<Option<String>>,
    /// Predicates.
    pub conditions: Vec<String>,
    /// Hashes of keys.
    pub hashes: Vec<String>,
    /// The table's model.
    pub table: Table,
    /// Those of the indexes that can be estimated, by their place in the list.
    pub indexes: Vec<(usize, Index)>,
    columns: Vec<String>,
    from: String,
    alias: String,
}

impl Fetch {
    /// For a table of a server of that major version. With `computes` off, indexes that need something computed
    /// are left out.
    pub fn new(
        table: &TableEntry,
        columns: &[Column],
        indexes: &[IndexEntry],
        major: u32,
        computes: bool,
    ) -> Self {
        let mut sizes = Vec::new();
        let mut model = Vec::with_capacity(columns.len());
        for column in columns {
            let slot = column.is_stored.then(|| {
                let size = format!("pg_column_size({})", quote::ident(&column.name));
                sizes.push((!column.is_constant()).then_some(size));
                sizes.len() - 1
            });
            model.push((column.attribute(), slot));
        }
        let mut fetch = Self {
            sizes,
            conditions: Vec::new(),
            hashes: Vec::new(),
            table: Table {
                page: table.page,
                fillfactor: table.fillfactor,
                toast_target: table.toast_target,
                has_toast: table.toast_bytes.is_some(),
                columns: model,
            },
            indexes: Vec::new(),
            columns: columns
                .iter()
                .filter(|column| column.is_stored)
                .map(|column| quote::ident(&column.name))
                .collect(),
            from: format!("ONLY {}", table.quoted()),
            alias: quote::ident(&table.name),
        };
        for (at, index) in indexes.iter().enumerate() {
            if index.calls_foreign_code || (index.is_computed() && !computes) {
                continue;
            }
            let index = fetch.index(index, table.page, major);
            fetch.indexes.push((at, index));
        }
        fetch
    }

    /// The model of an index; adds what it needs to what is asked.
    fn index(&mut self, index: &IndexEntry, page: Page, major: u32) -> Index {
        let mut columns = Vec::with_capacity(index.columns.len());
        for column in &index.columns {
            let of_table = column.attnum.checked_sub(1);
            let of_table = of_table.and_then(|at| self.table.columns.get(at)?.1);
            let (slot, origin) = match of_table {
                Some(slot) if !column.is_c_string() => (slot, Origin::Column),
                _ => {
                    let value = &column.definition;
                    let (size, origin) = if column.is_c_string() {
                        let size = format!("octet_length(({value})::text) + 1");
                        (size, Origin::Column)
                    } else {
                        (format!("pg_column_size({value})"), Origin::Expression)
                    };
                    self.sizes.push(Some(size));
                    (self.sizes.len() - 1, origin)
                }
            };
            columns.push(IndexColumn {
                attribute: column.attribute(),
                slot,
                origin,
            });
        }
        let condition = index.predicate.as_ref().map(|predicate| {
            self.conditions
                .push(format!("coalesce(({predicate}), false)"));
            self.conditions.len() - 1
        });
        // Versions before 13 do not merge entries.
        let hashes = (index.merges && major >= 13).then(|| {
            let keys = index
                .columns
                .iter()
                .map(|column| column.definition.as_str());
            let keys = keys.collect::<Vec<_>>().join(", ");
            self.hashes
                .push(format!("hashtextextended((ROW({keys}))::text, 0)"));
            self.hashes.len() - 1
        });
        Index {
            page,
            fillfactor: index.fillfactor,
            columns,
            key_columns: index.keys,
            condition,
            hashes,
        }
    }

    /// The statement over what `inner` selects from the table.
    fn statement(&self, inner: &str) -> String {
        let mut asked = vec![PLACE.to_owned()];
        asked.extend(self.sizes.iter().flatten().cloned());
        asked.extend(self.conditions.iter().cloned());
        asked.extend(self.hashes.iter().cloned());
        format!(
            "SELECT /* pgtriage */ {} FROM ({inner}) AS {}",
            asked.join(", "),
            self.alias
        )
    }

    fn inner(&self) -> String {
        let mut inner = format!("SELECT ctid AS {PLACE}");
        for column in &self.columns {
            let _ = write!(inner, ", {column}");
        }
        let _ = write!(inner, " FROM {}", self.from);
        inner
    }

    /// One statement for all rows.
    pub fn whole(&self) -> String {
        self.statement(&self.inner())
    }

    /// Statements for the rows of some blocks, in their order: ranges of addresses from 14 on, addresses before.
    pub fn blocks(&self, blocks: &[u64], major: u32, page: Page) -> Vec<String> {
        let inner = self.inner();
        if major < 14 {
            let most = page.block() / SHORTEST_ROW;
            let of = |blocks: &[u64]| {
                let list: Vec<String> = blocks.iter().map(u64::to_string).collect();
                let places = format!(
                    "SELECT format('(%s,%s)', b, o)::tid FROM unnest('{{{}}}'::int8[]) AS b, generate_series(1, {most}) AS o",
                    list.join(",")
                );
                self.statement(&format!("{inner} WHERE ctid = ANY (ARRAY({places}))"))
            };
            return blocks.chunks(RANGES).map(of).collect();
        }
        let ranges = ranges(blocks);
        let each = (TEXT / (inner.len() + 64)).clamp(1, RANGES);
        let of = |ranges: &[(u64, u64)]| {
            let parts = ranges.iter().map(|(from, to)| {
                format!("{inner} WHERE ctid >= '({from},0)'::tid AND ctid < '({to},0)'::tid")
            });
            self.statement(&parts.collect::<Vec<_>>().join(" UNION ALL "))
        };
        ranges.chunks(each).map(of).collect()
    }
}

/// Neighbouring blocks as ranges, the end not included.
fn ranges(blocks: &[u64]) -> Vec<(u64, u64)> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for block in blocks {
        match ranges.last_mut() {
            Some((_, end)) if *end == *block => *end += 1,
            _ => ranges.push((*block, block + 1)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn neighbours_become_one_range() {
        assert_eq!(ranges(&[1, 2, 3, 7, 9, 10]), [(1, 4), (7, 8), (9, 11)]);
    }
}
