//! The workload as it stands in the facts.

use crate::advise::workload::{Origin, Query, Variant, Workload};
use crate::facts::Store;

/// Statements of applications whose text is known.
pub fn read(store: &Store, database: i64) -> anyhow::Result<Workload> {
    let facts = store.connection();
    let mut statement = facts.prepare(
        "SELECT s.id, s.text, coalesce(t.calls, 1), t.total_exec_ms FROM statements s
         JOIN statement_shapes h ON h.statement_id = s.id AND h.purpose = 'application'
         LEFT JOIN statement_totals t ON t.statement_id = s.id
         WHERE s.database_id = ?1 AND s.text IS NOT NULL AND h.kind IN ('select', 'update', 'delete', 'insert')",
    )?;
    let queries = statement.query_map([database], |row| {
        let text: String = row.get(1)?;
        let is_generic = text.contains("$1");
        Ok(Query {
            statement: row.get(0)?,
            weight: row.get(2)?,
            total_ms: row.get(3)?,
            variants: vec![Variant {
                text,
                origin: if is_generic {
                    Origin::Generic
                } else {
                    Origin::Written
                },
                share: 1.0,
            }],
            settings: Vec::new(),
        })
    })?;
    Ok(Workload {
        database,
        queries: queries.collect::<Result<_, _>>()?,
        unplanned: Vec::new(),
    })
}
