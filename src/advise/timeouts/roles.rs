//! Which roles work where, and at what.

use rusqlite::{Connection, Result, Row};

use crate::facts::human;

/// Numbers by which roles are told apart: those of `rules/setting/params.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RoleLimits {
    /// Calls from which on a role without two sessions is at work.
    pub at_work_calls: f64,
    /// Share of calls that define objects, from which on a role migrates.
    pub migrates: f64,
    /// Share of calls that copy tables, from which on a role dumps.
    pub dumps: f64,
    /// Mean time of a call from which on a statement is a report, ms.
    pub report_ms: f64,
    /// Share of calls of such statements, from which on a role reports.
    pub reports: f64,
}

/// What a role does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Answers requests.
    Application,
    /// Runs reports.
    Reports,
    /// Changes the schema.
    Migrations,
    /// Dumps.
    Backup,
}

impl Kind {
    /// As in `timeout_advice.kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Reports => "reports",
            Self::Migrations => "migrations",
            Self::Backup => "backup",
        }
    }
}

/// A role at work in a database.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Worker {
    pub role: i64,
    pub role_name: String,
    pub database: i64,
    pub database_name: String,
    pub kind: Kind,
    pub because: Option<String>,
    pub sessions: i64,
}

/// Words in names of roles and applications that tell what they do.
const WORDS: [(Kind, &[&str]); 3] = [
    (
        Kind::Backup,
        &[
            "pg_dump",
            "pg_dumpall",
            "pg_basebackup",
            "pgbackrest",
            "barman",
            "backup",
            "dump",
        ],
    ),
    (
        Kind::Migrations,
        &[
            "flyway",
            "liquibase",
            "alembic",
            "sqitch",
            "dbmate",
            "goose",
            "migrate",
            "migrator",
            "migration",
            "migrations",
            "schemachange",
            "atlas",
        ],
    ),
    (
        Kind::Reports,
        &[
            "report",
            "reports",
            "reporting",
            "analytics",
            "analyst",
            "analysts",
            "bi",
            "metabase",
            "tableau",
            "looker",
            "superset",
            "redash",
            "powerbi",
            "dbt",
            "airflow",
            "etl",
            "olap",
        ],
    ),
];
/// Programs of people and of maintenance.
const TOOLS: [&str; 13] = [
    "psql",
    "pgcli",
    "pgadmin",
    "dbeaver",
    "datagrip",
    "intellij",
    "tableplus",
    "navicat",
    "postico",
    "heidisql",
    "vacuumdb",
    "reindexdb",
    "pg_repack",
];

/// Login roles that statement counters, logs, sessions or looks show at work, people left out.
pub(super) fn read(facts: &Connection, limits: RoleLimits) -> Result<Vec<Worker>> {
    const ROLES: &str = "
        WITH logged AS (
          SELECT r.id AS role_id, st.database_id, sum(g.calls) AS calls,
                 json_group_array(DISTINCT g.application_name) FILTER (WHERE g.application_name IS NOT NULL) AS applications
          FROM log_statement_groups g
          JOIN roles r ON r.name = g.user_name
          JOIN statements st ON st.id = g.statement_id
          GROUP BY 1, 2
        ), seen AS (
          SELECT role_id, database_id, max(n) AS sessions
          FROM (SELECT role_id, database_id, at, sum(sessions) AS n FROM activity_samples
                WHERE role_id IS NOT NULL GROUP BY 1, 2, 3)
          GROUP BY 1, 2
        ), pairs AS (
          SELECT role_id, database_id FROM role_activity UNION SELECT role_id, database_id FROM logged
          UNION SELECT role_id, database_id FROM seen
        ), kinds AS (
          SELECT c.role_id, st.database_id, sum(c.calls) AS calls,
                 sum(c.calls) FILTER (WHERE upper(substr(ltrim(st.text), 1, 5)) = 'COPY ') AS copies,
                 sum(c.calls) FILTER (WHERE upper(substr(ltrim(st.text), 1, 5)) IN ('CREAT', 'ALTER', 'DROP ')
                                        AND upper(st.text) NOT LIKE 'CREATE TEMP%') AS changes,
                 sum(c.calls) FILTER (WHERE c.mean_exec_ms >= ?1) AS reports
          FROM statement_counters_latest c JOIN statements st ON st.id = c.statement_id
          WHERE st.text IS NOT NULL
          GROUP BY 1, 2
        )
        SELECT r.id, r.name, d.id, d.name, max(coalesce(a.sessions, 0), coalesce(s.sessions, 0)) AS sessions,
               coalesce(a.calls, l.calls, 0) AS calls,
               CASE WHEN coalesce(a.applications, '[]') <> '[]' THEN a.applications ELSE coalesce(l.applications, '[]') END AS applications,
               k.copies * 1.0 / k.calls, k.changes * 1.0 / k.calls, k.reports * 1.0 / k.calls
        FROM pairs p
        JOIN roles r ON r.id = p.role_id
        JOIN databases d ON d.id = p.database_id AND d.is_collected
        LEFT JOIN role_activity a ON a.role_id = r.id AND a.database_id = d.id
        LEFT JOIN logged l ON l.role_id = r.id AND l.database_id = d.id
        LEFT JOIN seen s ON s.role_id = r.id AND s.database_id = d.id
        LEFT JOIN kinds k ON k.role_id = r.id AND k.database_id = d.id
        WHERE r.can_login AND NOT r.is_superuser AND NOT r.can_replicate
          AND r.name NOT IN (SELECT connected_as FROM nodes WHERE connected_as IS NOT NULL)
        ORDER BY d.name, r.name";
    let mut statement = facts.prepare(ROLES)?;
    let rows = statement.query_map([limits.report_ms], |row| worker(row, limits))?;
    Ok(rows
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect())
}

fn worker(row: &Row<'_>, limits: RoleLimits) -> Result<Option<Worker>> {
    let sessions: i64 = row.get(4)?;
    let calls: f64 = row.get(5)?;
    let applications: String = row.get(6)?;
    let applications: Vec<Option<String>> = serde_json::from_str(&applications).unwrap_or_default();
    let applications: Vec<String> = applications.into_iter().flatten().collect();
    let role_name: String = row.get(1)?;
    let share = |at| {
        row.get::<_, Option<f64>>(at)
            .map(|share| share.unwrap_or(0.0))
    };
    let shares = (share(7)?, share(8)?, share(9)?);
    let (kind, because) = kind(&role_name, &applications, shares, limits);
    let only_tools = !applications.is_empty()
        && applications.iter().all(|name| {
            let name = name.to_lowercase();
            TOOLS.iter().any(|tool| name.starts_with(tool))
        });
    let is_at_work = kind != Kind::Application || calls >= limits.at_work_calls || sessions >= 2;
    if !is_at_work || (only_tools && kind != Kind::Backup) {
        return Ok(None);
    }
    Ok(Some(Worker {
        role: row.get(0)?,
        role_name,
        database: row.get(2)?,
        database_name: row.get(3)?,
        kind,
        because,
        sessions,
    }))
}

/// What a role does: by its programs, by its name, by its statements.
fn kind(
    role: &str,
    programs: &[String],
    shares: (f64, f64, f64),
    limits: RoleLimits,
) -> (Kind, Option<String>) {
    for (kind, words) in WORDS {
        let is_so = |text: &String| has_word(text, words);
        if let Some(program) = programs.first().filter(|_| programs.iter().all(is_so)) {
            return (kind, Some(format!("its program is {program}")));
        }
        if has_word(role, words) {
            return (kind, Some("its name says so".to_owned()));
        }
    }
    let (copies, changes, reports) = shares;
    if copies >= limits.dumps {
        (
            Kind::Backup,
            Some("most of its statements copy tables".to_owned()),
        )
    } else if changes >= limits.migrates {
        (
            Kind::Migrations,
            Some("many of its statements change the schema".to_owned()),
        )
    } else if reports >= limits.reports {
        (
            Kind::Reports,
            Some(format!(
                "many of its calls take {} or more",
                human::ms(limits.report_ms)
            )),
        )
    } else {
        (Kind::Application, None)
    }
}

/// Whether a name has one of the words as a part between signs.
fn has_word(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + word.len()..].chars().next();
            !before.is_some_and(char::is_alphabetic) && !after.is_some_and(char::is_alphabetic)
        })
    })
}

/// Gives roles that only logs name a row, where nothing else told of roles.
///
/// # Errors
/// When the facts cannot be written.
pub fn name_by_logs(facts: &Connection) -> Result<()> {
    facts.execute(
        "INSERT INTO roles (name) SELECT DISTINCT user_name FROM log_statement_groups
         WHERE user_name IS NOT NULL AND NOT EXISTS (SELECT 1 FROM roles) ORDER BY user_name",
        [],
    )?;
    facts.execute(
        "UPDATE databases SET is_collected = 1 WHERE NOT EXISTS (SELECT 1 FROM databases WHERE is_collected)",
        [],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Kind, RoleLimits, kind};

    #[test]
    fn roles_are_told_apart() {
        let limits = RoleLimits {
            migrates: 0.2,
            dumps: 0.5,
            reports: 0.5,
            ..RoleLimits::default()
        };
        for (role, programs, shares, expected) in [
            ("web", vec!["puma"], (0.0, 0.01, 0.0), Kind::Application),
            ("web", vec![], (0.0, 0.3, 0.0), Kind::Migrations),
            (
                "web",
                vec!["Flyway by Redgate"],
                (0.0, 0.0, 0.0),
                Kind::Migrations,
            ),
            (
                "web",
                vec!["puma", "Flyway"],
                (0.0, 0.0, 0.0),
                Kind::Application,
            ),
            ("bi", vec![], (0.0, 0.0, 0.0), Kind::Reports),
            ("app_bi", vec![], (0.0, 0.0, 0.0), Kind::Reports),
            ("mobile", vec![], (0.0, 0.0, 0.0), Kind::Application),
            ("reporter", vec![], (0.0, 0.0, 0.0), Kind::Application),
            ("nightly", vec!["pg_dump"], (0.0, 0.0, 0.0), Kind::Backup),
            ("x", vec![], (0.8, 0.0, 0.0), Kind::Backup),
            ("x", vec![], (0.0, 0.0, 0.9), Kind::Reports),
        ] {
            let programs: Vec<String> = programs.into_iter().map(str::to_owned).collect();
            assert_eq!(
                kind(role, &programs, shares, limits).0,
                expected,
                "{role} {programs:?}"
            );
        }
    }
}
