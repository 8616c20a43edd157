//! Read-only transactions that leave nothing behind.

use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Object;
use futures_util::TryStreamExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Row, RowStream};

use super::dial::cancel;
use super::mark::{MARK, marked};
use super::read_error::ReadError;
use super::server::Server;
use super::session::{TextRow, text_rows};

/// How long after its own limit the server may keep us waiting.
const GRACE: Duration = Duration::from_secs(5);
/// Limit for a transaction that does nothing, should this process be stopped in the middle.
const IDLE_LIMIT: Duration = Duration::from_secs(30);
/// Limit for each step of tidying up.
const TIDYING: Duration = Duration::from_secs(5);

/// A parameter and its type. The type is sent along, so that the server need not be asked for it.
pub type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// A read-only transaction with limits of time.
///
/// Only unnamed statements are used and nothing is set for the session, so it works through a
/// pooler that gives each transaction another server connection. Result columns must have built-in
/// types, since tokio-postgres looks others up by a named statement; and `aclitem`, which has no
/// binary form, is to be cast to `text`.
///
/// Dropped before [`ReadTransaction::commit`], it is rolled back in the background; a statement
/// still running is cancelled at the server. The connection is used again only when that is done.
pub struct ReadTransaction {
    session: Session,
    /// Limit for one statement, with the grace for the way.
    limit: Duration,
}

impl ReadTransaction {
    pub(super) async fn begin(
        server: &Server,
        statement_timeout: Duration,
        lock_timeout: Duration,
    ) -> Result<Self, ReadError> {
        let limit = statement_timeout + GRACE;
        let mut transaction = Self {
            session: Session::open(server).await?,
            limit,
        };
        transaction
            .run(&opening(statement_timeout, lock_timeout))
            .await?;
        Ok(transaction)
    }

    /// Runs one query in a transaction of its own that is one message, so that the session is never
    /// idle in it. Values come as text.
    pub(super) async fn at_once(
        server: &Server,
        sql: &str,
        statement_timeout: Duration,
        lock_timeout: Duration,
    ) -> Result<Vec<TextRow>, ReadError> {
        let limit = statement_timeout + GRACE;
        let mut session = Session::open(server).await?;
        let opening = opening(statement_timeout, lock_timeout);
        let batch = format!("{opening}; {}; COMMIT {MARK} WORK", marked(sql));
        session.running = true;
        let answer = timeout(limit, session.client().simple_query(&batch)).await;
        let messages = session.answered(answer, limit)?;
        session.running = false;
        session.tidy = true;
        Ok(text_rows(&messages))
    }

    /// Runs a query and hands out its rows one by one.
    pub async fn query(
        &mut self,
        sql: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Rows<'_>, ReadError> {
        let deadline = Instant::now() + self.limit;
        let sql = marked(sql);
        let parameters = parameters
            .iter()
            .map(|(value, kind)| (*value, kind.clone()));
        self.session.running = true;
        let client = self.session.client();
        let answer = timeout_at(deadline, client.query_typed_raw(&sql, parameters)).await;
        let stream = self.session.answered(answer, self.limit)?;
        Ok(Rows {
            stream: Box::pin(stream),
            session: &mut self.session,
            deadline,
            limit: self.limit,
        })
    }

    /// Runs a query and collects its rows.
    pub async fn query_all(
        &mut self,
        sql: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, ReadError> {
        let mut rows = self.query(sql, parameters).await?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().await? {
            all.push(row);
        }
        Ok(all)
    }

    /// Ends the transaction. Not a rollback, since the server counts those.
    pub async fn commit(mut self) -> Result<(), ReadError> {
        self.run(&format!("COMMIT {MARK} WORK")).await?;
        self.session.tidy = true;
        Ok(())
    }

    async fn run(&mut self, batch: &str) -> Result<(), ReadError> {
        self.session.running = true;
        let work = self.session.client().batch_execute(batch);
        let answer = timeout(self.limit, work).await;
        self.session.answered(answer, self.limit)?;
        self.session.running = false;
        Ok(())
    }
}

/// The rows of a query, as they come in.
pub struct Rows<'a> {
    stream: Pin<Box<RowStream>>,
    session: &'a mut Session,
    deadline: Instant,
    limit: Duration,
}

impl Rows<'_> {
    /// The next row; none after the last.
    pub async fn next(&mut self) -> Result<Option<Row>, ReadError> {
        let answer = timeout_at(self.deadline, self.stream.try_next()).await;
        let row = self.session.answered(answer, self.limit)?;
        if row.is_none() {
            self.session.running = false;
        }
        Ok(row)
    }
}

/// What a transaction begins with.
fn opening(statement_timeout: Duration, lock_timeout: Duration) -> String {
    let settings = [
        ("statement_timeout", milliseconds(statement_timeout)),
        ("lock_timeout", milliseconds(lock_timeout)),
        (
            "idle_in_transaction_session_timeout",
            milliseconds(IDLE_LIMIT),
        ),
        ("search_path", "pg_catalog".to_owned()),
        // Values and defaults as text, readable by any other session.
        ("datestyle", "ISO".to_owned()),
        ("intervalstyle", "postgres".to_owned()),
        ("extra_float_digits", "1".to_owned()),
        // Compiling a query over catalogs takes longer than running it, and the server's
        // workers are for its users.
        ("jit", "off".to_owned()),
        ("max_parallel_workers_per_gather", "0".to_owned()),
    ];
    let mut batch = format!("BEGIN {MARK} READ ONLY");
    for (name, value) in settings {
        let _ = write!(batch, "; SET {MARK} LOCAL {name} = {value}");
    }
    batch
}

/// Milliseconds for a setting, where 0 would mean no limit.
fn milliseconds(duration: Duration) -> String {
    duration.as_millis().clamp(1, i32::MAX as u128).to_string()
}

/// A connection in use.
struct Session {
    /// Taken away when the session ends.
    object: Option<Object>,
    server: Server,
    turn: Option<OwnedSemaphorePermit>,
    /// Whether a statement may be running at the server.
    running: bool,
    /// Whether the transaction has ended.
    tidy: bool,
}

impl Session {
    async fn open(server: &Server) -> Result<Self, ReadError> {
        let pools = server.pools();
        let turns = Arc::clone(&pools.turns);
        let turn = turns.acquire_owned().await.expect("turns are never closed");
        let object = server.pool().get().await.map_err(|error| {
            let info = pools.info.with_database(server.database_name());
            let endpoint = pools.endpoint.for_info(&info);
            ReadError::from_pool(error, &info, &endpoint)
        })?;
        Ok(Self {
            object: Some(object),
            server: server.clone(),
            turn: Some(turn),
            running: false,
            tidy: false,
        })
    }

    fn client(&self) -> &tokio_postgres::Client {
        self.object
            .as_ref()
            .expect("the object is taken on drop only")
    }

    /// Looks at an answer, or at the lack of one. After an error of the server nothing runs there.
    fn answered<T>(
        &mut self,
        answer: Result<Result<T, Error>, tokio::time::error::Elapsed>,
        limit: Duration,
    ) -> Result<T, ReadError> {
        match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                self.running = error.as_db_error().is_none();
                Err(ReadError::from_client(
                    &error,
                    &self.server.display_target(),
                ))
            }
            Err(_) => Err(ReadError::Silent {
                target: self.server.display_target(),
                limit,
            }),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(object) = self.object.take().filter(|_| !self.tidy) else {
            return;
        };
        let turn = self.turn.take();
        let work = tidy_up(object, self.server.clone(), self.running);
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    work.await;
                    drop(turn);
                });
            }
            // Without a runtime the connection's task is gone too, and its socket closed.
            Err(_) => drop(work),
        }
    }
}

/// Ends what an abandoned transaction has left. A connection whose statement had to be cancelled is
/// given up afterwards: the request may arrive late and hit the next statement.
async fn tidy_up(object: Object, server: Server, running: bool) {
    if running {
        let pools = server.pools();
        let token = object.cancel_token();
        let _ = timeout(TIDYING, cancel(&pools.info, &pools.endpoint, &token)).await;
    }
    let rollback = format!("ROLLBACK {MARK} WORK");
    match timeout(TIDYING, object.batch_execute(&rollback)).await {
        Ok(Ok(())) if !running => drop(object),
        _ => drop(Object::take(object)),
    }
}
