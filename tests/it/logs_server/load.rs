//! Does what logs tell of, and keeps count.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use pgtriage::cluster::Cluster;
use tokio::task::JoinHandle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, NoTls};

/// What was sent, and what the client saw of it.
#[derive(Debug, Default)]
pub struct Sent {
    /// Statements that ended well.
    pub done: u64,
    /// Statements of the extended protocol that were parsed and not run.
    pub parsed_only: u64,
    /// Errors by SQLSTATE.
    pub errors: BTreeMap<String, u64>,
    /// Messages by kind.
    pub messages: BTreeMap<&'static str, u64>,
}

/// What the server counted.
#[derive(Debug)]
pub struct Counted {
    /// Query id, text and calls of `pg_stat_statements`.
    pub statements: Vec<(i64, String, u64)>,
    pub temp_files: u64,
    pub temp_bytes: u64,
    pub deadlocks: u64,
}

pub struct Load {
    conninfo: String,
    log: PathBuf,
    monitor: Arc<Client>,
    sent: Sent,
}

type Session = Arc<Client>;

const ODD_ROLE: &str = "user='an, \"odd\" role' application_name='cron [1] 100%'";

/// A session of which the log holds nothing but that it came and went.
pub async fn monitor(cluster: &Cluster) -> (Client, JoinHandle<()>) {
    let silent = "-c log_min_duration_statement=-1 -c log_statement=none -c log_duration=off";
    connect(&format!(
        "{} options='{silent}'",
        cluster.conninfo("postgres")
    ))
    .await
    .unwrap()
}

async fn connect(conninfo: &str) -> Result<(Client, JoinHandle<()>), Error> {
    let (client, connection) = tokio_postgres::connect(conninfo, NoTls).await?;
    let driven = tokio::spawn(async {
        let _ = connection.await;
    });
    Ok((client, driven))
}

fn code(error: &Error) -> String {
    error
        .code()
        .unwrap_or_else(|| panic!("{error:?}"))
        .code()
        .to_owned()
}

/// Waits until the log holds a text so many times.
async fn logged(log: &Path, text: &str, count: u64) {
    let started = Instant::now();
    loop {
        let log = std::fs::read(log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        if log.matches(text).count() as u64 >= count {
            return;
        }
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "not {count} times: {text}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

impl Load {
    pub async fn new(cluster: &Cluster, log: &Path) -> Self {
        let (monitor, _) = monitor(cluster).await;
        monitor
            .batch_execute("SELECT /* pgtriage */ pg_stat_reset(); SELECT /* pgtriage */ pg_stat_statements_reset()")
            .await
            .unwrap();
        let mut load = Self {
            conninfo: cluster.conninfo("postgres"),
            log: log.to_owned(),
            monitor: Arc::new(monitor),
            sent: Sent::default(),
        };
        load.tell("connection_received", 1);
        load.tell("connection_authorized", 1);
        // That of the end of the server.
        load.tell("checkpoint_complete", 1);
        load
    }

    fn tell(&mut self, kind: &'static str, count: u64) {
        *self.sent.messages.entry(kind).or_default() += count;
    }

    fn failed(&mut self, error: &Error, expected: &str) {
        assert_eq!(code(error), expected, "{error:?}");
        *self.sent.errors.entry(expected.to_owned()).or_default() += 1;
    }

    async fn owned(&mut self, extra: &str) -> Client {
        let (client, _) = connect(&format!("{} {extra}", self.conninfo))
            .await
            .unwrap();
        for kind in [
            "connection_received",
            "connection_authorized",
            "disconnection",
        ] {
            self.tell(kind, 1);
        }
        client
    }

    async fn session(&mut self, extra: &str) -> Session {
        Arc::new(self.owned(extra).await)
    }

    /// Runs a statement by the simple protocol.
    async fn simple(&mut self, client: &Client, sql: &str) {
        client
            .simple_query(sql)
            .await
            .unwrap_or_else(|e| panic!("{sql:.200}: {e:?}"));
        self.sent.done += 1;
    }

    /// Runs a statement by the extended protocol.
    async fn extended(&mut self, client: &Client, sql: &str, values: &[&(dyn ToSql + Sync)]) {
        client
            .query(sql, values)
            .await
            .unwrap_or_else(|e| panic!("{sql:.200}: {e:?}"));
        self.sent.done += 1;
    }

    async fn fails(&mut self, client: &Client, sql: &str, expected: &str) {
        let error = client.simple_query(sql).await.unwrap_err();
        self.failed(&error, expected);
    }

    /// Begins a statement that has to wait.
    fn waits(client: &Session, sql: &'static str) -> JoinHandle<Result<(), Error>> {
        let client = Arc::clone(client);
        tokio::spawn(async move { client.simple_query(sql).await.map(|_| ()) })
    }

    /// Waits until a number that the monitor asks for is the expected one.
    async fn counted(&self, query: &str, expected: i64) {
        let started = Instant::now();
        loop {
            let row = self.monitor.query_one(query, &[]).await.unwrap();
            if row.get::<_, i64>(0) == expected {
                return;
            }
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "not {expected}: {query}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn run(&mut self) {
        let client = self.session("").await;
        for sql in [
            "DROP TABLE IF EXISTS items",
            "CREATE TABLE items (id int PRIMARY KEY, note text)",
            "INSERT INTO items SELECT g, 'note ' || g FROM generate_series(1, 500) g",
        ] {
            self.simple(&client, sql).await;
        }
        self.files().await;
        self.plain(&client).await;
        self.odd(&client).await;
        self.errors(&client).await;
        self.locks().await;
        self.cancels().await;
        self.connections().await;
        for _ in 0..2 {
            self.simple(&client, "CHECKPOINT").await;
            self.tell("checkpoint_complete", 1);
        }
    }

    async fn files(&mut self) {
        let client = self.session("application_name=report").await;
        self.simple(&client, "SET work_mem = '64kB'").await;
        for rows in [20_000, 40_000] {
            let sql = format!(
                "SELECT count(*) FROM (SELECT md5(g::text) AS m FROM generate_series(1, {rows}) g ORDER BY 1 OFFSET 0) a"
            );
            self.simple(&client, &sql).await;
        }
    }

    async fn plain(&mut self, client: &Session) {
        for id in 1..=20 {
            self.simple(client, &format!("SELECT note FROM items WHERE id = {id}"))
                .await;
            self.extended(
                client,
                "SELECT id FROM items WHERE note = $1 AND id > $2",
                &[&format!("it's {id}"), &id],
            )
            .await;
        }
        let named = client
            .prepare("UPDATE items SET note = note || $1 WHERE id = $2")
            .await
            .unwrap();
        for id in 1..=7 {
            client
                .execute(&named, &[&"\t'x'\nLOG:  y", &id])
                .await
                .unwrap();
            self.sent.done += 1;
        }
        let _never_run = client.prepare("SELECT id + $1 FROM items").await.unwrap();
        self.sent.parsed_only += 1;
        // A portal that is read in two steps is one execution.
        let mut other = self.owned(ODD_ROLE).await;
        let work = other.transaction().await.unwrap();
        let portal = work
            .bind("SELECT id FROM items ORDER BY id LIMIT 5", &[])
            .await
            .unwrap();
        assert_eq!(work.query_portal(&portal, 3).await.unwrap().len(), 3);
        assert_eq!(work.query_portal(&portal, 3).await.unwrap().len(), 2);
        work.commit().await.unwrap();
        self.sent.done += 3;
        self.simple(&other, "SELECT count(*) FROM items").await;
        // Succeeds with a warning.
        self.simple(&other, "COMMIT").await;
        self.tell("WARNING", 1);
    }

    /// Texts that look like records, are long or are not ASCII.
    async fn odd(&mut self, client: &Session) {
        let looks = [
            "2026-11-23 16:54:46.225 UTC [7] LOG:  duration: 1000.000 ms  statement: SELECT 1",
            "2026-11-23 16:54:46.225 UTC [7] postgres@postgres app= 00000 0 LOG:  duration: 1000.000 ms  statement: SELECT 1",
            "2026-11-23 16:54:46.225 UTC [7] ERROR:  deadlock detected",
            "2026-11-23 16:54:46.225 UTC,\"postgres\",\"postgres\",7,\"[local]\",6b04.7,1,\"SELECT\",2026-11-23 16:54:46 UTC,3/7,0,LOG,00000,\"duration: 1000.000 ms  statement: SELECT 1\",,,,,,,,,\"\",\"client backend\",,0",
            "{\"timestamp\":\"2026-11-23 16:54:46.225 UTC\",\"pid\":7,\"error_severity\":\"LOG\",\"message\":\"duration: 1000.000 ms  statement: SELECT 1\"}",
        ];
        for look in looks {
            self.simple(client, &format!("SELECT 'a\n{look}\n\t{look}\nb'"))
                .await;
            self.simple(client, &format!("SELECT 1 /* a\n{look}\n*/ + 1"))
                .await;
            self.extended(
                client,
                "SELECT $1::text || 'bound'",
                &[&format!("a\n{look}\n")],
            )
            .await;
        }
        for sql in [
            "SELECT\t'tab\tand ''quote'' and \"quotes\"',\n\n\t 2\n",
            "SELECT 'Grüße, 世界 🐘'",
            "SELECT 'a\r\nb'",
            r"SELECT E'\\ back\\slash \n'",
            "SELECT $tag$ dollar '\n' $tag$",
        ] {
            self.simple(client, sql).await;
        }
        let long = "0123456789 'quoted'\n".replace('\'', "''").repeat(5_000);
        self.simple(client, &format!("SELECT length('{long}')"))
            .await;
        self.extended(client, "SELECT length($1::text)", &[&long])
            .await;
    }

    async fn errors(&mut self, client: &Session) {
        for (sql, expected) in [
            ("SELECT 1 / 0", "22012"),
            ("SELECT id,\n  id / (id - id)\nFROM items", "22012"),
            ("INSERT INTO items VALUES (1, 'again')", "23505"),
            ("SELECT * FROM no_such_table", "42P01"),
            ("SELEKT 1", "42601"),
            (
                "DO $$ BEGIN RAISE EXCEPTION 'two\nlines' USING HINT = 'a\nhint'; END $$",
                "P0001",
            ),
        ] {
            for _ in 0..3 {
                self.fails(client, sql, expected).await;
            }
        }
        let error = client.query("SELECT 1 / $1::int", &[&0]).await.unwrap_err();
        self.failed(&error, "22012");
        // The plan fails already: parse is all that has a time.
        self.sent.parsed_only += 1;
    }

    async fn locks(&mut self) {
        let first = self.session("application_name=first").await;
        let second = self.session("application_name=second").await;
        for _ in 0..2 {
            self.simple(&first, "BEGIN").await;
            self.simple(&first, "UPDATE items SET note = 'a' WHERE id = 3")
                .await;
            let waiting = Self::waits(&second, "UPDATE items SET note = 'b' WHERE id = 3");
            self.tell("lock_waiting", 1);
            logged(
                &self.log,
                "still waiting for",
                self.sent.messages["lock_waiting"],
            )
            .await;
            self.simple(&first, "COMMIT").await;
            waiting.await.unwrap().unwrap();
            self.sent.done += 1;
            self.tell("lock_acquired", 1);
        }
        // Both wait for each other; the second to wait finds out.
        for (client, id) in [(&first, 1), (&second, 2)] {
            self.simple(client, "BEGIN").await;
            self.simple(
                client,
                &format!("UPDATE items SET note = 'a' WHERE id = {id}"),
            )
            .await;
        }
        let waiting = Self::waits(&first, "UPDATE items SET note = 'a' WHERE id = 2");
        self.tell("lock_waiting", 1);
        logged(
            &self.log,
            "still waiting for",
            self.sent.messages["lock_waiting"],
        )
        .await;
        self.fails(&second, "UPDATE items SET note = 'a' WHERE id = 1", "40P01")
            .await;
        self.tell("deadlock", 1);
        self.simple(&second, "ROLLBACK").await;
        waiting.await.unwrap().unwrap();
        self.sent.done += 1;
        self.tell("lock_acquired", 1);
        // A wait too short to be logged.
        self.simple(&second, "SET deadlock_timeout = '10s'").await;
        self.simple(&second, "SET lock_timeout = '30ms'").await;
        self.fails(&second, "UPDATE items SET note = 'b' WHERE id = 2", "55P03")
            .await;
        self.tell("lock_timeout", 1);
        self.simple(&first, "COMMIT").await;
    }

    async fn cancels(&mut self) {
        let client = self.session("application_name=sleeper").await;
        self.simple(&client, "SET statement_timeout = '20ms'").await;
        self.fails(&client, "SELECT pg_sleep(30)", "57014").await;
        self.tell("statement_timeout", 1);
        self.simple(&client, "RESET statement_timeout").await;
        let sleeping = Self::waits(&client, "SELECT pg_sleep(31)");
        let asleep =
            "SELECT /* pgtriage */ count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        self.counted(asleep, 1).await;
        client.cancel_token().cancel_query(NoTls).await.unwrap();
        self.tell("connection_received", 1);
        self.failed(&sleeping.await.unwrap().unwrap_err(), "57014");
        self.tell("user_cancel", 1);
    }

    async fn connections(&mut self) {
        for (extra, expected, authorized) in [
            ("dbname=no_such_database", "3D000", 1),
            ("user=refused", "28000", 0),
        ] {
            for _ in 0..2 {
                let refused = connect(&format!("{} {extra}", self.conninfo)).await;
                self.failed(&refused.map(|_| ()).unwrap_err(), expected);
                self.tell("connection_received", 1);
                self.tell("connection_authorized", authorized);
            }
        }
        for _ in 0..5 {
            let client = self.session(ODD_ROLE).await;
            self.simple(&client, "SELECT current_user").await;
        }
    }

    /// Ends all sessions, and asks the server for what it counted.
    pub async fn end(mut self) -> (Sent, Counted) {
        logged(
            &self.log,
            "disconnection: session time",
            self.sent.messages["disconnection"],
        )
        .await;
        let counts = "SELECT /* pgtriage */ temp_files, temp_bytes, deadlocks FROM pg_stat_database WHERE datname = 'postgres'";
        // Counters may come late.
        self.counted(
            "SELECT /* pgtriage */ deadlocks FROM pg_stat_database WHERE datname = 'postgres'",
            1,
        )
        .await;
        let row = self.monitor.query_one(counts, &[]).await.unwrap();
        let number = |at: usize| row.get::<_, i64>(at) as u64;
        let statements = self
            .monitor
            .query(
                "SELECT /* pgtriage */ s.queryid, s.query, s.calls FROM pg_stat_statements s
                 JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = 'postgres' AND s.query NOT LIKE '%/* pgtriage */%'",
                &[],
            )
            .await
            .unwrap();
        let counted = Counted {
            statements: statements
                .iter()
                .map(|row| (row.get(0), row.get(1), row.get::<_, i64>(2) as u64))
                .collect(),
            temp_files: number(0),
            temp_bytes: number(1),
            deadlocks: number(2),
        };
        self.tell("disconnection", 1);
        let disconnections = self.sent.messages["disconnection"];
        let Self {
            monitor, log, sent, ..
        } = self;
        drop(monitor);
        logged(&log, "disconnection: session time", disconnections).await;
        (sent, counted)
    }
}
