//! A database in which migrations may be run.

use super::error::TraceError;
use super::load::{Failed, load};
use crate::collect::connect::{ConnInfo, Session};

/// Oldest version that is traced: DROP DATABASE WITH (FORCE), and what the project is tested with.
const OLDEST: i32 = 130_000;
/// Databases to be in while others are copied.
const LOBBIES: [&str; 2] = ["postgres", "template1"];

/// How the names of copies begin; a process and a number follow.
const PREFIX: &str = "pgtriage_trace_";

/// What speaks against a server or a database, each with the words that follow "because". Nothing
/// of it is so on a server that was set up to try things on.
const OBJECTIONS: [(&str, &str); 7] = [
    ("pg_catalog.pg_is_in_recovery()", "the server is a standby"),
    (
        "EXISTS (SELECT FROM pg_catalog.pg_stat_replication)",
        "the server has standbys or subscribers",
    ),
    (
        "EXISTS (SELECT FROM pg_catalog.pg_replication_slots)",
        "the server has replication slots",
    ),
    (
        "pg_catalog.current_setting('archive_mode') <> 'off'",
        "the server archives its WAL (archive_mode)",
    ),
    (
        "pg_catalog.current_setting('synchronous_standby_names') <> ''",
        "the server waits for standbys (synchronous_standby_names)",
    ),
    (
        "EXISTS (SELECT FROM pg_catalog.pg_stat_activity
           WHERE backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid()
             AND datname = pg_catalog.current_database())",
        "others are connected to it; have them leave",
    ),
    (
        "EXISTS (SELECT FROM pg_catalog.pg_stat_activity
           WHERE backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid()
             AND (xact_start IS NOT NULL OR state = 'active') AND datname !~ '^pgtriage_trace_[0-9]+_[0-9]+$')
         OR EXISTS (SELECT FROM pg_catalog.pg_prepared_xacts)",
        "others work on the server",
    ),
];

/// A database in which migrations may be run: copies of it, or itself.
pub struct Scratch {
    info: ConnInfo,
    version: i32,
    /// A session in another database; none: migrations are run in the database itself.
    lobby: Option<Session>,
    /// The database that is copied.
    source: String,
    /// Copies that are to go.
    copies: Vec<String>,
}

impl Scratch {
    /// Looks whether migrations may be run there. Whoever calls has been told that the database is
    /// scratch; what is plainly none is refused all the same.
    pub async fn prepare(info: &ConnInfo, in_place: bool) -> Result<Self, TraceError> {
        let session = Session::open(info).await?;
        let version = session.server().version;
        let refused = |because: &str| TraceError::Refused {
            target: session.display_target(),
            because: because.to_owned(),
        };
        if version < OLDEST {
            return Err(refused("it runs a version before 13"));
        }
        let questions: Vec<&str> = OBJECTIONS.iter().map(|(question, _)| *question).collect();
        let sql = format!("SELECT /* pgtriage */ {}", questions.join(",\n"));
        let rows = session.run(&sql).await?;
        let answers = rows.first().into_iter().flatten();
        let mut speaking = answers
            .zip(OBJECTIONS)
            .filter(|(answer, _)| answer.as_deref() == Some("t"));
        if let Some((_, (_, because))) = speaking.next() {
            return Err(refused(because));
        }
        let source = session.database().to_owned();
        let lobby = if in_place {
            None
        } else {
            let lobby = lobby(&session, &source).await?;
            sweep(&lobby).await?;
            Some(lobby)
        };
        Ok(Self {
            info: info.clone(),
            version,
            lobby,
            source,
            copies: Vec::new(),
        })
    }

    /// Major version of the server.
    pub fn major(&self) -> u32 {
        u32::try_from(self.version / 10_000).unwrap_or_default()
    }

    /// Where the database that is copied can be read.
    pub fn source(&self) -> ConnInfo {
        self.info.with_database(&self.source)
    }

    /// Migrations are run in the database itself.
    pub fn is_in_place(&self) -> bool {
        self.lobby.is_none()
    }

    /// Runs a script in a copy, from which the others are made then; in the database itself where
    /// there are no copies.
    pub async fn set_up(&mut self, script: &str) -> Result<Vec<Failed>, TraceError> {
        let session = self.fresh().await?;
        let failed = load(&session, script).await?;
        session.database().clone_into(&mut self.source);
        Ok(failed)
    }

    /// A session in a new copy; in the database itself where there are no copies.
    pub async fn fresh(&mut self) -> Result<Session, TraceError> {
        let Some(lobby) = &self.lobby else {
            return Ok(Session::open(&self.info).await?);
        };
        let rows = lobby.run("SELECT pg_catalog.pg_backend_pid()").await?;
        let pid = rows.first().and_then(|row| row.first()?.as_deref());
        let name = format!(
            "pgtriage_trace_{}_{}",
            pid.unwrap_or("0"),
            self.copies.len() + 1
        );
        let strategy = if self.version >= 150_000 {
            " STRATEGY file_copy"
        } else {
            ""
        };
        let create = format!(
            "CREATE /* pgtriage */ DATABASE \"{name}\" TEMPLATE {}{strategy}",
            quoted(&self.source)
        );
        // Before it is there: who is interrupted meanwhile has it dropped all the same.
        self.copies.push(name.clone());
        // A session that has just been closed may still be there.
        let mut tries = 0;
        while let Err(error) = lobby.run(&create).await {
            tries += 1;
            let is_in_use = error.code() == Some("55006");
            if !is_in_use || tries > 100 {
                return Err(TraceError::NoCopy {
                    target: self.source.clone(),
                    because: error.to_string(),
                });
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        Ok(lobby.at(&name).await?)
    }

    /// Drops all copies.
    pub async fn end(&mut self) -> Result<(), TraceError> {
        if let Some(lobby) = &self.lobby {
            while let Some(name) = self.copies.last() {
                lobby.run(&drop_of(name)).await?;
                self.copies.pop();
            }
        }
        Ok(())
    }

    /// Statements that drop the copies that are left.
    pub fn drops(&self) -> Vec<String> {
        self.copies.iter().map(|name| drop_of(name)).collect()
    }
}

fn drop_of(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name))
}

/// A session in a database that is not to be copied.
async fn lobby(session: &Session, source: &str) -> Result<Session, TraceError> {
    let mut last = None;
    for name in LOBBIES.iter().filter(|name| **name != source) {
        match session.at(name).await {
            Ok(session) => return Ok(session),
            Err(error) => last = Some(error.to_string()),
        }
    }
    Err(TraceError::NoCopy {
        target: source.to_owned(),
        because: last.unwrap_or_default(),
    })
}

/// Drops copies whose makers were killed. The name of a copy has the process that made it.
async fn sweep(lobby: &Session) -> Result<(), TraceError> {
    let orphans = format!(
        "SELECT /* pgtriage */ datname FROM pg_catalog.pg_database
         WHERE datname ~ '^{PREFIX}[0-9]+_[0-9]+$' AND pg_catalog.split_part(datname, '_', 3)::pg_catalog.int4
           NOT IN (SELECT pid FROM pg_catalog.pg_stat_activity WHERE pid IS NOT NULL)"
    );
    for row in lobby.run(&orphans).await? {
        if let Some(Some(name)) = row.first() {
            lobby.run(&drop_of(name)).await?;
        }
    }
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
