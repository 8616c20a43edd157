//! Who may read the files, and reads them.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use tokio_postgres::types::Type;

use super::disk::disk as disk_of;
use super::figures::{MEMORY, ONLINE, Texts, figures, quota_files};
use super::write::{Seen, write};
use crate::collect::connect::{ReadError, Server};
use crate::collect::error::CollectError;

/// Lock waits are not met here.
const LOCK_TIMEOUT: Duration = Duration::from_millis(100);
/// More than any of the files has.
const MOST: i64 = 1 << 20;

/// Whether files may be read over SQL, and who we are talking to. Asked first: a refusal would be an
/// error in the server's log.
const ACCESS: &str = "SELECT pg_backend_pid(), current_user::text, current_database()::text,
  has_function_privilege(to_regprocedure('pg_catalog.pg_read_file(text, bigint, bigint, boolean)'), 'EXECUTE')
    AND ((SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
         OR pg_has_role('pg_read_server_files', 'USAGE')),
  (SELECT setting FROM pg_settings WHERE name = 'data_directory'),
  EXISTS (SELECT 1 FROM pg_settings
          WHERE name LIKE ANY (ARRAY['alloydb.%', 'aurora%', 'rds.%', 'cloudsql.%', 'azure.%', 'neon.%', 'supautils.%']))";

struct Access {
    pid: i32,
    user: String,
    database: String,
    may_read: bool,
    folder: Option<String>,
    is_managed: bool,
}

/// Reads what can be seen of a server's machine into the facts.
pub async fn look(
    server: &Server,
    facts: &Connection,
    node: i64,
    timeout: Duration,
) -> Result<(), CollectError> {
    let seen = match see(server, timeout).await {
        Ok(seen) => seen,
        Err(error) if error.is_connection_lost() => return Err(CollectError::Lost(error)),
        Err(_) => Seen::default(),
    };
    write(facts, node, &seen)
}

async fn see(server: &Server, timeout: Duration) -> Result<Seen, ReadError> {
    let mut transaction = server.read(timeout, LOCK_TIMEOUT).await?;
    let rows = transaction.query_all(ACCESS, &[]).await?;
    transaction.commit().await?;
    let access = |row: &tokio_postgres::Row| -> Result<Access, tokio_postgres::Error> {
        Ok(Access {
            pid: row.try_get(0)?,
            user: row.try_get(1)?,
            database: row.try_get(2)?,
            may_read: row.try_get::<_, Option<bool>>(3)?.unwrap_or(false),
            folder: row.try_get(4)?,
            is_managed: row.try_get(5)?,
        })
    };
    let Some(Ok(access)) = rows.first().map(access) else {
        return Ok(Seen::default());
    };
    if access.is_managed {
        return Ok(Seen {
            is_managed: true,
            ..Seen::default()
        });
    }
    let is_here = server.is_by_socket() && !server.info().pooled && is_ours(&access);
    let disk = access.folder.as_deref().filter(|_| is_here);
    let disk = disk.and_then(|folder| disk_of(Path::new(folder)));
    let texts = if is_here {
        here(access.pid)
    } else if access.may_read {
        over_sql(server, timeout).await?
    } else {
        return Ok(Seen::default());
    };
    Ok(Seen {
        source: Some(if is_here {
            "same machine"
        } else {
            "server files"
        }),
        figures: figures(&texts),
        disk,
        is_managed: false,
    })
}

/// Is the session that serves us a process of this machine, as this process sees it? A server in a
/// container has process ids of its own, even if its socket is shared.
fn is_ours(access: &Access) -> bool {
    let title = std::fs::read(format!("/proc/{}/cmdline", access.pid)).unwrap_or_default();
    let title = String::from_utf8_lossy(&title);
    let group = std::fs::read_to_string(format!("/proc/{}/cgroup", access.pid)).unwrap_or_default();
    title.starts_with("postgres:")
        && title.contains(&format!(" {} {} [local]", access.user, access.database))
        // Its control group is one that we cannot look into.
        && !group.contains("/..")
}

fn here(pid: i32) -> Texts {
    let read = |path: String| std::fs::read_to_string(&path).ok().map(|text| (path, text));
    let first = [
        MEMORY.to_owned(),
        ONLINE.to_owned(),
        format!("/proc/{pid}/status"),
    ];
    let group = std::fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap_or_default();
    let all = first.into_iter().chain(quota_files(&group));
    all.filter_map(read).collect()
}

/// The session that reads is a process of the server, in its control group.
async fn over_sql(server: &Server, timeout: Duration) -> Result<Texts, ReadError> {
    const GROUP: &str = "/proc/self/cgroup";
    let mut texts = Texts::new();
    for path in [MEMORY, ONLINE, "/proc/self/status", GROUP] {
        texts.extend(one(server, timeout, path).await?);
    }
    let group = texts.iter().find(|(path, _)| path == GROUP);
    for path in group.map_or_else(Vec::new, |(_, text)| quota_files(text)) {
        texts.extend(one(server, timeout, &path).await?);
    }
    Ok(texts)
}

/// One file; none where it is not there or cannot be read.
async fn one(
    server: &Server,
    timeout: Duration,
    path: &str,
) -> Result<Option<(String, String)>, ReadError> {
    const READ: &str = "SELECT pg_read_file($1, 0, $2, true)";
    let mut transaction = server.read(timeout, LOCK_TIMEOUT).await?;
    let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
        [(&path, Type::TEXT), (&MOST, Type::INT8)];
    match transaction.query_all(READ, &parameters).await {
        Ok(rows) => {
            transaction.commit().await?;
            let text: Option<String> = rows.first().and_then(|row| row.try_get(0).ok());
            Ok(text.map(|text| (path.to_owned(), text)))
        }
        Err(error) if error.is_connection_lost() => Err(error),
        Err(_) => Ok(None),
    }
}
