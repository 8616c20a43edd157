//! Keepalives and checks of the client: settings of the server.

use rusqlite::{Connection, OptionalExtension, Result, params};

use super::values::{Limits, written};

/// Advises what tells a server that a client is gone.
pub(super) fn write(facts: &Connection, limits: &Limits) -> Result<()> {
    let major: Option<i64> = facts
        .query_row("SELECT major FROM server", [], |row| row.get(0))
        .optional()?;
    let Some(major) = major else { return Ok(()) };
    let listens: bool = facts.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM server_settings WHERE name = 'listen_addresses' AND coalesce(server_value, value) = '')",
        [],
        |row| row.get(0),
    )?;
    // The kernel has to tell of a closed connection, which Windows does not.
    let checks: bool = facts.query_row(
        "SELECT coalesce(max(platform LIKE '%linux%' OR platform LIKE '%darwin%' OR platform LIKE '%bsd%' OR platform LIKE '%apple%'), 0)
         FROM server",
        [],
        |row| row.get(0),
    )?;
    let gone = "a client that is gone without a word keeps its locks and its connection until the operating system asks after two hours";
    let keepalives = [
        ("tcp_keepalives_idle", limits.keepalive_idle, gone),
        ("tcp_keepalives_interval", limits.keepalive_interval, gone),
        ("tcp_keepalives_count", limits.keepalive_count, gone),
        (
            "tcp_user_timeout",
            limits.user_timeout,
            "data that a client does not acknowledge is sent again for a quarter of an hour, while the session waits",
        ),
    ];
    for (name, value, reason) in keepalives.into_iter().filter(|_| listens) {
        row(facts, name, value, reason)?;
    }
    if major >= 14 && checks {
        row(
            facts,
            "client_connection_check_interval",
            limits.client_check,
            "a statement whose client is gone runs on to its end",
        )?;
    }
    Ok(())
}

fn row(facts: &Connection, name: &str, value: f64, reason: &str) -> Result<()> {
    let literal = if name.ends_with("_count") {
        format!("'{value}'")
    } else {
        format!("'{}'", written(value))
    };
    facts.execute(
        "INSERT INTO timeout_advice (setting, now_ms, advised_ms, basis, reason, fix, undo)
         SELECT s.name, s.server_value_num, ?2, 'what works on most networks', ?3,
                CASE WHEN s.server_value_num = 0 THEN c.set_begin || ?4 || c.set_end END,
                CASE WHEN s.server_value_num = 0 THEN c.undo END
         FROM server_settings s JOIN setting_changes c ON c.setting_id = s.id
         WHERE s.name = ?1",
        params![name, value, reason, literal],
    )?;
    Ok(())
}
