//! Estimates of bloat that outlive the reading of a server that they were made on.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::facts::FactsError;

/// Columns of an estimate beside what it is of.
const FIGURES: &str =
    "kind, size_bytes, bloat_bytes, plus_minus_bytes, method, blocks_read, blocks,
    rows_read, padding_bytes, dropped_bytes, elapsed_ms, estimated_at";
/// How many they are.
const COUNT: usize = 12;

/// Estimates with what they are of, by the names and numbers that the server gives.
#[derive(Debug, Default)]
pub struct Estimates {
    rows: Vec<Vec<Value>>,
    missing: Vec<Vec<Value>>,
}

impl Estimates {
    /// Those of some facts.
    pub fn of(facts: &Connection) -> Result<Self, FactsError> {
        let figures = FIGURES.split(',').map(|name| format!("b.{}", name.trim()));
        let figures = figures.collect::<Vec<_>>().join(", ");
        let rows = format!(
            "SELECT d.name, r.oid, i.oid, {figures}
             FROM bloat_estimates b
             JOIN databases d ON d.id = b.database_id
             JOIN relations r ON r.id = b.relation_id
             LEFT JOIN indexes i ON i.id = b.index_id"
        );
        let missing = "SELECT d.name, m.object, m.reason, m.remedy FROM missing_facts m
             JOIN databases d ON d.id = m.database_id WHERE m.table_name = 'bloat_estimates'";
        Ok(Self {
            rows: all(facts, &rows, COUNT + 3)?,
            missing: all(facts, missing, 4)?,
        })
    }

    /// Puts them into facts that were read later. Those of tables and indexes that are gone are left
    /// out, and of those that have shrunk since: they were written anew.
    pub fn put(&self, facts: &Connection) -> Result<(), FactsError> {
        if self.rows.is_empty() && self.missing.is_empty() {
            return Ok(());
        }
        let transaction = facts.unchecked_transaction()?;
        let places: Vec<String> = (4..4 + COUNT).map(|at| format!("?{at}")).collect();
        let insert = format!(
            "INSERT INTO bloat_estimates (database_id, relation_id, index_id, {FIGURES})
             SELECT d.id, r.id, i.id, {}
             FROM databases d
             JOIN relations r ON r.database_id = d.id AND r.oid = ?2
             LEFT JOIN indexes i ON i.relation_id = r.id AND i.oid = ?3
             WHERE d.name = ?1 AND (?3 IS NULL OR i.id IS NOT NULL)
               AND ?5 <= CASE ?4 WHEN 'index' THEN i.size_bytes WHEN 'toast' THEN r.toast_size_bytes
                         ELSE r.size_bytes END",
            places.join(", ")
        );
        let mut insert = facts.prepare(&insert)?;
        for row in &self.rows {
            insert.execute(params_from_iter(row))?;
        }
        let mut missing = facts.prepare(
            "INSERT INTO missing_facts (table_name, database_id, object, reason, remedy)
             SELECT 'bloat_estimates', id, ?2, ?3, ?4 FROM databases WHERE name = ?1",
        )?;
        for row in &self.missing {
            missing.execute(params_from_iter(row))?;
        }
        drop((insert, missing));
        transaction.commit()?;
        Ok(())
    }
}

fn all(facts: &Connection, sql: &str, columns: usize) -> Result<Vec<Vec<Value>>, FactsError> {
    let mut query = facts.prepare(sql)?;
    let rows = query.query_map([], |row| (0..columns).map(|at| row.get(at)).collect())?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::Estimates;
    use crate::facts::Store;

    fn facts(rows: &str) -> Store {
        let store = Store::in_memory().unwrap();
        store.connection().execute_batch(rows).unwrap();
        store
    }

    #[test]
    fn estimates_go_to_what_is_still_there_and_was_not_written_anew() {
        let before = facts(
            "INSERT INTO databases (id, name) VALUES (1, 'shop');
             INSERT INTO relations (id, oid, name, size_bytes) VALUES (1, 10, 'kept', 800), (2, 20, 'gone', 800), (3, 30, 'rewritten', 800);
             INSERT INTO indexes (id, relation_id, oid, name, size_bytes) VALUES (1, 1, 11, 'kept_pkey', 100), (2, 1, 12, 'kept_gone', 100);
             INSERT INTO bloat_estimates (relation_id, index_id, kind, size_bytes, bloat_bytes, plus_minus_bytes) VALUES
               (1, NULL, 'table', 800, 400, 20), (2, NULL, 'table', 800, 400, 20), (3, NULL, 'table', 800, 400, 20),
               (1, 1, 'index', 100, 50, 5), (1, 2, 'index', 100, 50, 5);
             INSERT INTO missing_facts (table_name, database_id, object, reason) VALUES ('bloat_estimates', 1, 'public.kept', 'locked');",
        );
        // The numbers of ours are others in the next reading.
        let after = facts(
            "INSERT INTO databases (id, name) VALUES (7, 'shop');
             INSERT INTO relations (id, database_id, oid, name, size_bytes) VALUES (8, 7, 10, 'kept', 900), (9, 7, 30, 'rewritten', 400);
             INSERT INTO indexes (id, database_id, relation_id, oid, name, size_bytes) VALUES (6, 7, 8, 11, 'kept_pkey', 100);",
        );
        let estimates = Estimates::of(before.connection()).unwrap();
        estimates.put(after.connection()).unwrap();
        let put: String = after
            .connection()
            .query_row(
                "SELECT group_concat(relation_id || ':' || coalesce(index_id, '-') || ':' || bloat_bytes, ' ')
                 FROM (SELECT * FROM bloat_estimates ORDER BY index_id IS NOT NULL)",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(put, "8:-:400 8:6:50");
        let missing = "SELECT database_id || object || reason FROM missing_facts";
        let missing: String = after
            .connection()
            .query_row(missing, [], |row| row.get(0))
            .unwrap();
        assert_eq!(missing, "7public.keptlocked");
    }
}
