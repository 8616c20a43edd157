//! Connections that the server leaves for applications.

use rusqlite::{Connection, OptionalExtension, Result};

/// Connections kept for people who look what is wrong.
const ADMINISTRATORS: i64 = 5;
/// What Azure keeps for itself.
const AZURE_RESERVED: i64 = 15;

/// Connections of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    pub max_connections: i64,
    pub reserved: i64,
    /// `None`: sessions were not looked at.
    pub others: Option<i64>,
}

impl Room {
    /// What is left; `None` where it is not known what others hold.
    pub fn usable(self) -> Option<i64> {
        self.others.map(|others| (self.most() - others).max(0))
    }

    /// What is left where others hold none.
    pub fn most(self) -> i64 {
        (self.max_connections - self.reserved).max(0)
    }
}

/// The connections of a server, as an application in `database` finds them; `None` where
/// `max_connections` is not known.
pub(super) fn read(facts: &Connection, node: i64, database: Option<i64>) -> Result<Option<Room>> {
    let setting = |name: &str| {
        facts
            .query_row(
                "SELECT coalesce(server_value_num, value_num) FROM settings WHERE node_id = ?1 AND name = ?2",
                (node, name),
                |row| row.get::<_, Option<f64>>(0),
            )
            .optional()
            .map(|value| value.flatten().map(|value| value as i64))
    };
    let Some(max_connections) = setting("max_connections")? else {
        return Ok(None);
    };
    let kept = setting("superuser_reserved_connections")?.unwrap_or(3)
        + setting("reserved_connections")?.unwrap_or(0);
    let provider: Option<String> = facts
        .query_row("SELECT provider FROM nodes WHERE id = ?1", [node], |row| {
            row.get(0)
        })
        .optional()?
        .flatten();
    let kept = match provider.as_deref() {
        Some("azure") => kept.max(AZURE_RESERVED),
        _ => kept,
    };
    Ok(Some(Room {
        max_connections,
        reserved: kept + ADMINISTRATORS,
        others: others(facts, node, database)?,
    }))
}

/// Sessions of superusers and of other databases: the 99th percentile of looks, else the most of the
/// samples. Where the load itself is mostly a superuser's, superusers are no others. A look that saw no
/// session leaves no row; `None`: nobody looked.
fn others(facts: &Connection, node: i64, database: Option<i64>) -> Result<Option<i64>> {
    const OTHERS: &str = "
        WITH seen AS (
          SELECT a.at AS look, a.database_id, a.role_id, a.state, a.sessions
          FROM activity_samples a WHERE a.node_id = ?1
          UNION ALL
          SELECT x.sample_id, x.database_id, x.role_id, x.state, 1
          FROM sessions x JOIN samples s ON s.id = x.sample_id
          WHERE s.node_id = ?1 AND x.backend_type = 'client backend'
            AND NOT EXISTS (SELECT 1 FROM activity_samples a WHERE a.node_id = ?1)
        ), told AS (
          SELECT seen.*, coalesce(r.is_superuser, 0) AS is_superuser,
                 seen.state = 'active' OR seen.state LIKE 'idle in transaction%' AS is_busy
          FROM seen LEFT JOIN roles r ON r.id = seen.role_id
        ), load AS (
          SELECT coalesce(total(sessions) FILTER (WHERE is_busy AND is_superuser) > total(sessions) FILTER (WHERE is_busy) / 2, 0) AS by_superusers
          FROM told
        ), looks AS (
          SELECT look, total(sessions) FILTER (
                   WHERE is_superuser AND NOT load.by_superusers
                      OR ?2 IS NOT NULL AND database_id IS NOT ?2) AS others
          FROM told CROSS JOIN load GROUP BY look
        ), ranked AS (
          SELECT others, row_number() OVER (ORDER BY others) AS place, count(*) OVER () AS looks FROM looks
        )
        SELECT min(others) FROM ranked WHERE place >= 0.99 * looks";
    const LOOKED: &str = "
        SELECT EXISTS (SELECT 1 FROM collections
                       WHERE table_name IN ('sessions', 'activity_samples') AND node_id = ?1)";
    let most: Option<f64> = facts.query_row(OTHERS, (node, database), |row| row.get(0))?;
    let looked: bool = facts.query_row(LOOKED, [node], |row| row.get(0))?;
    Ok(most.or(looked.then_some(0.0)).map(|most| most as i64))
}
