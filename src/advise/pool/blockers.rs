//! What keeps a workload from transaction pooling: sessions that hold more than a transaction.

use std::collections::BTreeSet;

use rusqlite::{Connection, Result, params};

use crate::parse::tokens::{Token, TokenKind, tokenize};

/// Settings that `PgBouncer` itself sets again for each client.
const TRACKED: [&str; 5] = [
    "client_encoding",
    "datestyle",
    "timezone",
    "standard_conforming_strings",
    "application_name",
];
/// Programs that connect to the server itself, not through a pool.
const TOOLS: [&str; 7] = [
    "pg_dump%",
    "pg_restore%",
    "psql%",
    "vacuumdb%",
    "reindexdb%",
    "pg_repack%",
    "pgAdmin%",
];
/// Bytes of a statement that are shown.
const SHOWN: usize = 80;

/// A reason against transaction pooling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Blocker {
    pub kind: &'static str,
    pub remedy: &'static str,
}

const ADVISORY: Blocker = Blocker {
    kind: "advisory lock",
    remedy: "pg_advisory_xact_lock, which ends with the transaction",
};

/// Finds blockers in the statements and sessions and writes them down.
pub(super) fn write(facts: &Connection) -> Result<()> {
    facts.execute("DELETE FROM pooling_blockers", [])?;
    statements(facts)?;
    sessions(facts)
}

fn statements(facts: &Connection) -> Result<()> {
    let mut read = facts.prepare(
        "SELECT st.id, st.database_id, st.text, c.role_id, c.calls, coalesce(r.is_superuser, 0)
         FROM statements st
         LEFT JOIN (SELECT statement_id, role_id, sum(calls) AS calls FROM statement_counters_latest GROUP BY 1, 2) c
           ON c.statement_id = st.id
         LEFT JOIN roles r ON r.id = c.role_id
         WHERE st.text IS NOT NULL
         ORDER BY st.id, c.role_id",
    )?;
    let mut insert = facts.prepare(
        "INSERT INTO pooling_blockers (database_id, kind, statement_id, role_id, calls, evidence, remedy)
         VALUES (?1, ?2, ?3, ?4, coalesce(?5, (SELECT calls FROM log_statements WHERE statement_id = ?3)), ?6, ?7)",
    )?;
    let only_tools = tool_roles(facts)?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let text: String = row.get(2)?;
        let Some(blocker) = of(&text) else { continue };
        let role: Option<i64> = row.get(3)?;
        // Dumps and people come by connections of their own; superusers are no applications.
        let is_tool = role.is_some_and(|role| only_tools.contains(&role));
        if is_tool || row.get::<_, bool>(5)? {
            continue;
        }
        insert.execute(params![
            row.get::<_, i64>(1)?,
            blocker.kind,
            row.get::<_, i64>(0)?,
            role,
            row.get::<_, Option<i64>>(4)?,
            shown(&text),
            blocker.remedy
        ])?;
    }
    Ok(())
}

/// Roles whose sessions all come from tools.
fn tool_roles(facts: &Connection) -> Result<BTreeSet<i64>> {
    let tools = TOOLS.map(|tool| format!("application_name LIKE '{tool}'"));
    let sql = format!(
        "SELECT role_id FROM sessions WHERE role_id IS NOT NULL AND backend_type = 'client backend'
         GROUP BY role_id HAVING min({}) = 1",
        tools.join(" OR ")
    );
    let mut read = facts.prepare(&sql)?;
    let rows = read.query_map([], |row| row.get(0))?;
    rows.collect()
}

/// Sessions that hold an advisory lock outside of a transaction.
fn sessions(facts: &Connection) -> Result<()> {
    facts.execute(
        "INSERT INTO pooling_blockers (database_id, kind, role_id, evidence, remedy)
         SELECT x.database_id, ?1, x.role_id,
                count(DISTINCT x.pid) || CASE count(DISTINCT x.pid) WHEN 1 THEN ' idle session holds one' ELSE ' idle sessions hold one' END
                  || coalesce(' (' || max(nullif(x.application_name, '')) || ')', ''), ?2
         FROM sessions_latest x
         JOIN locks l ON l.sample_id = x.sample_id AND l.pid = x.pid AND l.locktype = 'advisory' AND l.is_granted
         WHERE x.state = 'idle' AND x.backend_type = 'client backend'
         GROUP BY x.database_id, x.role_id",
        params![ADVISORY.kind, ADVISORY.remedy],
    )?;
    Ok(())
}

fn shown(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN {
        return line;
    }
    line.chars().take(SHOWN).chain(['…']).collect()
}

/// What a statement holds beyond its transaction.
pub(super) fn of(text: &str) -> Option<Blocker> {
    let tokens: Vec<Token> = tokenize(text)
        .into_iter()
        .filter(|token| !token.is_trivia())
        .collect();
    let words: Vec<String> = tokens
        .iter()
        .map(|token| token.text(text).to_lowercase())
        .collect();
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    let made = |kind, remedy| Some(Blocker { kind, remedy });
    match (word(0), word(1)) {
        ("listen", _) => {
            return made(
                "listen",
                "a connection of its own to the server, beside the pool",
            );
        }
        ("declare", _) if has("hold") && !has("without") => {
            return made(
                "cursor with hold",
                "fetch within the transaction, or page by key",
            );
        }
        ("prepare", "transaction") => {}
        ("prepare" | "execute", _) => {
            return made(
                "prepare",
                "prepared statements of the protocol, which PgBouncer 1.21 and newer follow (max_prepared_statements)",
            );
        }
        ("load", _) => return made("load", "session_preload_libraries"),
        ("set", _) if sets_session(&words) => {
            return made("set", "SET LOCAL in the transaction, or ALTER ROLE … SET");
        }
        ("create", _) if makes_temporary(&words) => {
            return made(
                "temporary table",
                "ON COMMIT DROP in the transaction that uses it, or a CTE",
            );
        }
        _ => {}
    }
    let calls = tokens.windows(2).enumerate().filter(|(_, pair)| {
        matches!(pair[0].kind, TokenKind::Word) && pair[1].kind == TokenKind::LeftParen
    });
    for (at, _) in calls {
        match word(at) {
            "pg_advisory_lock"
            | "pg_advisory_lock_shared"
            | "pg_try_advisory_lock"
            | "pg_try_advisory_lock_shared" => return Some(ADVISORY),
            "set_config" if ends_with_false(&words, at + 1) => {
                return made("set", "SET LOCAL in the transaction, or ALTER ROLE … SET");
            }
            _ => {}
        }
    }
    let into = words.iter().position(|word| word == "into")?;
    let follows = matches!(word(into + 1), "temp" | "temporary");
    if follows {
        return made(
            "temporary table",
            "ON COMMIT DROP in the transaction that uses it, or a CTE",
        );
    }
    None
}

/// SET of the session, of what a pooler does not follow.
fn sets_session(words: &[String]) -> bool {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let name = match word(1) {
        "local" | "constraints" | "transaction" => return false,
        "session" if word(2) == "characteristics" => return true,
        "session" => word(2),
        name => name,
    };
    let zone = name == "time" && (word(2) == "zone" || word(3) == "zone");
    !zone && !TRACKED.contains(&name)
}

/// CREATE TEMPORARY of what outlives the transaction.
fn makes_temporary(words: &[String]) -> bool {
    let object = |word: &String| matches!(word.as_str(), "table" | "view" | "sequence");
    let mut head = words
        .iter()
        .take(words.iter().position(object).unwrap_or(0));
    let is_temporary = head.any(|word| matches!(word.as_str(), "temp" | "temporary"));
    let drops = words
        .windows(3)
        .any(|three| three[0] == "on" && three[1] == "commit" && three[2] == "drop");
    is_temporary && !drops
}

/// Whether the call whose parenthesis opens at `at` has false as its last argument.
fn ends_with_false(words: &[String], at: usize) -> bool {
    let mut depth = 0_usize;
    for (place, word) in words.iter().enumerate().skip(at) {
        match word.as_str() {
            "(" => depth += 1,
            ")" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return words.get(place.saturating_sub(1)).map(String::as_str) == Some("false");
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn statements_that_outlive_their_transaction_are_found() {
        for (text, kind) in [
            ("SELECT pg_advisory_lock($1)", Some("advisory lock")),
            (
                "select pg_catalog.pg_try_advisory_lock($1, $2)",
                Some("advisory lock"),
            ),
            ("SELECT pg_advisory_xact_lock($1)", None),
            ("SELECT pg_advisory_unlock($1)", None),
            ("SELECT 'pg_advisory_lock(1)'", None),
            ("LISTEN jobs", Some("listen")),
            ("UNLISTEN *", None),
            ("NOTIFY jobs", None),
            (
                "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
                Some("cursor with hold"),
            ),
            ("DECLARE c CURSOR WITHOUT HOLD FOR SELECT 1", None),
            ("DECLARE c CURSOR FOR SELECT 1", None),
            (
                "/* app */ CREATE TEMP TABLE t (a int)",
                Some("temporary table"),
            ),
            ("CREATE TEMPORARY TABLE t ON COMMIT DROP AS SELECT 1", None),
            ("CREATE TABLE temp (a int)", None),
            ("CREATE INDEX temp ON a (b)", None),
            ("SELECT * INTO TEMP t FROM orders", Some("temporary table")),
            ("SELECT * INTO t FROM orders", None),
            ("SET search_path = tenant_7", Some("set")),
            ("SET SESSION search_path TO x", Some("set")),
            ("SET LOCAL search_path = x", None),
            ("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", None),
            (
                "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
                Some("set"),
            ),
            ("SET ROLE tenant", Some("set")),
            ("SET TIME ZONE 'UTC'", None),
            ("SET timezone = 'UTC'", None),
            ("SET application_name = $1", None),
            ("SELECT set_config($1, $2, false)", Some("set")),
            ("SELECT set_config($1, $2, true)", None),
            ("PREPARE q AS SELECT 1", Some("prepare")),
            ("EXECUTE q(1)", Some("prepare")),
            ("PREPARE TRANSACTION 'x'", None),
            ("SELECT 1", None),
        ] {
            assert_eq!(of(text).map(|blocker| blocker.kind), kind, "{text}");
        }
    }
}
