//! The load by looks at sessions.

use std::collections::BTreeMap;

use rusqlite::{Connection, Result};

/// What looks at the sessions of a database showed, or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Seen {
    /// Looks.
    pub looks: f64,
    /// Sightings of sessions that were active or idle in a transaction.
    pub busy: f64,
    /// Of them, active ones that waited for nothing, so on a core or in line for one.
    pub on_cpu: f64,
    /// Most busy sessions at one look.
    pub most: f64,
}

impl Seen {
    /// Busy connections on average.
    pub fn mean(&self) -> f64 {
        self.busy / self.looks.max(1.0)
    }
}

/// The looks of a server, by database and over all (`None`). Empty where nobody looked.
pub fn read(facts: &Connection, node: i64) -> Result<BTreeMap<Option<i64>, Seen>> {
    let looks: i64 = facts.query_row(
        "SELECT count(DISTINCT at) FROM activity_samples WHERE node_id = ?1",
        [node],
        |row| row.get(0),
    )?;
    let mut all = BTreeMap::new();
    if looks == 0 {
        return Ok(all);
    }
    let mut statement = facts.prepare(
        "WITH seen AS (
           SELECT at, database_id,
                  sum(CASE WHEN state = 'active' OR state LIKE 'idle in transaction%' OR state = 'fastpath function call'
                           THEN sessions ELSE 0 END) AS busy,
                  sum(CASE WHEN state = 'active' AND wait_event_type IS NULL THEN sessions ELSE 0 END) AS on_cpu
           FROM activity_samples WHERE node_id = ?1 GROUP BY at, database_id
         )
         SELECT database_id, sum(busy), sum(on_cpu), max(busy) FROM seen WHERE database_id IS NOT NULL GROUP BY database_id
         UNION ALL
         SELECT NULL, sum(busy), sum(on_cpu), max(busy)
         FROM (SELECT at, sum(busy) AS busy, sum(on_cpu) AS on_cpu FROM seen GROUP BY at)",
    )?;
    let rows = statement.query_map([node], |row| {
        let seen = Seen {
            looks: looks as f64,
            busy: row.get::<_, Option<f64>>(1)?.unwrap_or(0.0),
            on_cpu: row.get::<_, Option<f64>>(2)?.unwrap_or(0.0),
            most: row.get::<_, Option<f64>>(3)?.unwrap_or(0.0),
        };
        Ok((row.get(0)?, seen))
    })?;
    for row in rows {
        let (database, seen) = row?;
        all.insert(database, seen);
    }
    Ok(all)
}
