//! Connects, and looks at what this HypoPG can do.

use std::collections::BTreeMap;

use anyhow::bail;
use rusqlite::Connection;

use super::lane::Lane;
use super::server::{Server, first, opening, run};
use crate::cli::interrupt;
use crate::cli::what_if::background::Background;
use crate::cli::what_if::shadow::Original;
use crate::collect::connect::{ConnInfo, ReadError, Session};
use crate::facts::quote::ident;

/// Sessions that plan at the same time. Two planned 1.6 to 1.8 times what one did, on a server of two cores; more would
/// take cores from those whose server it is, and connections from the few that we allow ourselves.
const SESSIONS: usize = 2;

/// Connections that stay free for others when all of ours are open; a server with fewer gets one of ours. A pool of an
/// application seldom grows by more at once.
const SPARE: i64 = 8;

/// Where the extension is, its version, and whether it can hide indexes.
const EXTENSION: &str = "SELECT n.nspname, e.extversion, EXISTS (
        SELECT 1 FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid AND p.proname = 'hypopg_hide_index')
    FROM pg_catalog.pg_extension e
    JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'hypopg'";

/// Connections that are free: of the server, of the role and of the database. Sessions of the own role are seen by
/// anybody, and how many a database has, too.
const FREE: &str = "SELECT least(
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
          - coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::int
          - (SELECT sum(numbackends) FROM pg_catalog.pg_stat_database),
        (SELECT CASE WHEN r.rolconnlimit >= 0 THEN r.rolconnlimit
          - (SELECT count(*) FROM pg_catalog.pg_stat_activity a WHERE a.usename = r.rolname) END
         FROM pg_catalog.pg_roles r WHERE r.rolname = current_user),
        (SELECT CASE WHEN d.datconnlimit >= 0 THEN d.datconnlimit
          - (SELECT sum(s.numbackends) FROM pg_catalog.pg_stat_database s WHERE s.datid = d.oid) END
         FROM pg_catalog.pg_database d WHERE d.datname = current_database()))";

/// Whether a partial index is considered where its table is not the first relation: the catalog's own tables tell.
/// Nothing else has this column as its key.
fn trial(schema: &str) -> String {
    format!(
        "SET enable_seqscan = off;
         SELECT {schema}.hypopg_create_index(
           'CREATE INDEX ON pg_catalog.pg_class (reltoastrelid) WHERE relhasrules');
         EXPLAIN SELECT FROM pg_catalog.pg_am a, pg_catalog.pg_class c WHERE c.relhasrules AND c.reltoastrelid = 5;
         SELECT {schema}.hypopg_reset(); RESET enable_seqscan"
    )
}

/// What of a plan shows that the index of the trial is used.
const TRIED: &str = "btree_pg_catalog_pg_class";

/// What was opened.
pub struct Opened {
    /// The server.
    pub server: Server,
    /// Its sessions, one at least.
    pub lanes: Vec<Lane>,
    /// What is to be told.
    pub notes: Vec<String>,
}

/// Connects; an error where the extension is not installed. The facts name the indexes of the database
/// (`databases.id`).
pub fn open(
    runtime: &Background,
    info: &ConnInfo,
    facts: &Connection,
    database: i64,
) -> anyhow::Result<Opened> {
    let existing = Original::read(facts, database)?.indexes;
    let opened = async {
        let session = Session::open(info).await?;
        run(&session, &opening()).await?;
        let rows = run(&session, EXTENSION).await?;
        let Some([Some(schema), Some(version), Some(hides)]) = rows.first().map(Vec::as_slice)
        else {
            bail!(
                "{} has no HypoPG; install it (CREATE EXTENSION hypopg), or use --planner shadow",
                session.display_target()
            );
        };
        let schema = ident(schema);
        let server = Server {
            sees_all: sees_all(&session, &schema).await?,
            schema,
            version: version.clone(),
            hides: hides == "t",
            existing,
            specs: BTreeMap::new(),
        };
        let mut notes = Vec::new();
        if !server.hides {
            notes.push(format!(
                "{}: drops go by the facts and are not weighed by plans",
                server.no_hiding()
            ));
        }
        let mut lanes = Vec::new();
        match another(&session).await {
            Ok(mut others) => lanes.append(&mut others),
            Err(because) => notes.push(format!("one connection plans, not {SESSIONS}: {because}")),
        }
        lanes.insert(0, Lane::new(session));
        Ok(Opened {
            server,
            lanes,
            notes,
        })
    };
    runtime.block_on(interrupt::unless_interrupted(opened))
}

/// The further sessions, or why there is none.
async fn another(session: &Session) -> Result<Vec<Lane>, String> {
    let free = run(session, FREE)
        .await
        .map_err(|error| error.to_string())?;
    let free = first(&free).and_then(|free| free.parse::<i64>().ok());
    let further = SESSIONS as i64 - 1;
    match free {
        Some(free) if free - further < SPARE => {
            return Err(format!(
                "the server has {} connections free for us",
                free.max(0)
            ));
        }
        Some(_) => {}
        None => return Err("the server does not say how many connections are free".to_owned()),
    }
    let mut lanes = Vec::new();
    for _ in 1..SESSIONS {
        let other = session.another().await.map_err(|error| error.to_string())?;
        let opened = run(&other, &opening()).await;
        opened.map_err(|error| error.to_string())?;
        lanes.push(Lane::new(other));
    }
    Ok(lanes)
}

async fn sees_all(session: &Session, schema: &str) -> Result<bool, ReadError> {
    match run(session, &trial(schema)).await {
        Ok(rows) => {
            let mut plan = rows.iter().filter(|row| row.len() == 1).flatten().flatten();
            Ok(plan.any(|line| line.contains(TRIED) && line.contains(" on ")))
        }
        // Not told: then every order is looked at.
        Err(error) if error.code().is_some() && !error.is_connection_lost() => {
            run(session, &format!("SELECT {schema}.hypopg_reset()")).await?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}
