//! One look at the sessions of a server.

use std::time::Duration;

use super::super::connect::{ReadError, Server, TextRow};

/// Limit for one look.
const LIMIT: Duration = Duration::from_secs(2);

/// Who does what. The function under `pg_stat_activity` is asked, since its joins cost more than
/// all the rest; idle sessions, which are many, are only counted. The row of a look without sessions
/// has no pid.
const LOOK: &str = "
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
       (extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000000)::bigint,
       s.*
FROM (SELECT) AS always
LEFT JOIN (
  SELECT a.busy_pid, a.datid, a.usesysid, a.state, a.wait_event_type, a.wait_event,
         (extract(epoch FROM a.xact) * 1000000)::bigint, (extract(epoch FROM a.query) * 1000000)::bigint,
         (extract(epoch FROM a.change) * 1000000)::bigint, count(*)
  FROM (
    SELECT CASE WHEN is_busy THEN pid END AS busy_pid, datid, usesysid, state,
           CASE WHEN is_busy THEN wait_event_type END AS wait_event_type,
           CASE WHEN is_busy THEN wait_event END AS wait_event,
           CASE WHEN is_busy THEN xact_start END AS xact, CASE WHEN is_busy THEN query_start END AS query,
           CASE WHEN is_busy THEN state_change END AS change
    FROM (SELECT g.*, coalesce(g.state, 'idle') <> 'idle' AS is_busy FROM pg_stat_get_activity(NULL) g) g
    WHERE coalesce(backend_type, CASE WHEN datid > 0 AND usesysid > 0 THEN 'client backend' END) = 'client backend'
      AND pid <> pg_backend_pid() AND coalesce(application_name, '') <> 'pgtriage'
  ) a
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
) s ON true";

/// What was seen at one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Look {
    /// Clock of the server, microseconds.
    pub at: i64,
    /// Time that the look itself took on the server, microseconds.
    pub own_us: i64,
    /// Sessions.
    pub groups: Vec<Group>,
}

/// One busy session, or several idle ones.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Group {
    /// Process; `None`: idle ones.
    pub pid: Option<i64>,
    pub database: Option<i64>,
    pub role: Option<i64>,
    pub state: Option<String>,
    pub wait_event_type: Option<String>,
    pub wait_event: Option<String>,
    /// Beginnings, microseconds.
    pub transaction_at: Option<i64>,
    pub statement_at: Option<i64>,
    pub state_at: Option<i64>,
    pub sessions: i64,
}

/// Looks once.
pub(super) async fn look(server: &Server) -> Result<Look, ReadError> {
    let rows = server.read_at_once(LOOK, LIMIT, LIMIT).await?;
    Ok(read(&rows))
}

fn read(rows: &[TextRow]) -> Look {
    let number = |row: &TextRow, at: usize| -> Option<i64> { row.get(at)?.as_ref()?.parse().ok() };
    let text = |row: &TextRow, at: usize| row.get(at).cloned().flatten();
    let first = |at| rows.first().and_then(|row| number(row, at)).unwrap_or(0);
    let groups = rows.iter().filter_map(|row| {
        Some(Group {
            pid: number(row, 2),
            database: number(row, 3),
            role: number(row, 4),
            state: text(row, 5),
            wait_event_type: text(row, 6),
            wait_event: text(row, 7),
            transaction_at: number(row, 8),
            statement_at: number(row, 9),
            state_at: number(row, 10),
            sessions: number(row, 11)?,
        })
    });
    Look {
        at: first(0),
        own_us: first(1),
        groups: groups.collect(),
    }
}
