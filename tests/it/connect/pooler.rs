//! Behind `PgBouncer` in transaction mode, where each transaction may run in another session.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use pgtriage::cluster::{Cluster, Options};
use tempfile::TempDir;

use super::certificates::Authority;
use super::world::{World, ask, read};
use crate::support::{Clients, eventually, loudly, on_the_ends, private};

struct Bouncer {
    process: Child,
    folder: TempDir,
    port: u16,
}

impl Bouncer {
    /// Two sessions at the server for all clients. None, with a word about it, where there is no
    /// pgbouncer.
    fn start(cluster: &Cluster, authority: &Authority) -> Option<Self> {
        if Command::new("pgbouncer").arg("--version").output().is_err() {
            loudly("=== SKIPPED: connections through PgBouncer: no pgbouncer here ===");
            return None;
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().display();
        let (home, server_port) = (cluster.home().display(), cluster.port());
        let pair = authority.issue("localhost", "subjectAltName=DNS:localhost", 30);
        let config = format!(
            "[databases]\npostgres = host={home} port={server_port}\n[pgbouncer]\npool_mode = transaction\n\
             default_pool_size = 2\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir = {here}\n\
             auth_type = trust\nauth_file = {here}/users\nlogfile = {here}/log\n\
             client_tls_sslmode = allow\nclient_tls_key_file = {here}/key\nclient_tls_cert_file = {here}/crt\n"
        );
        let files = [
            ("ini", config.into_bytes()),
            ("users", b"\"postgres\" \"\"\n".to_vec()),
            ("key", pair.key),
            ("crt", pair.certificate),
        ];
        for (name, content) in files {
            fs::write(folder.path().join(name), content).unwrap();
        }
        // pgbouncer refuses to run as root; the server's user will do.
        let owner = fs::metadata(cluster.data_dir()).unwrap();
        let mut command = Command::new("pgbouncer");
        command
            .arg("-q")
            .arg(folder.path().join("ini"))
            .stderr(Stdio::null());
        if fs::metadata(folder.path()).unwrap().uid() != owner.uid() {
            chown(folder.path(), Some(owner.uid()), Some(owner.gid())).unwrap();
            command.uid(owner.uid()).gid(owner.gid());
        }
        let process = command.spawn().unwrap();
        let socket = folder.path().join(format!(".s.PGSQL.{port}"));
        eventually("pgbouncer listens", || socket.exists());
        Some(Self {
            process,
            folder,
            port,
        })
    }
}

impl Bouncer {
    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn reads_work_through_a_pooler_and_leave_nothing_in_its_sessions() {
    let Some(authority) = Authority::new("authority") else {
        return;
    };
    on_the_ends(async |server| {
        let cluster = private(server, Options::default());
        let Some(bouncer) = Bouncer::start(&cluster, &authority) else { return };
        let admin = cluster.client("postgres").await;
        let world = World::new().file("root.crt", authority.certificate(), 0o644);
        let (port, folder) = (bouncer.port, bouncer.folder.path().display());
        let tcp = format!("host=localhost hostaddr=127.0.0.1 port={port} user=postgres dbname=postgres");
        for text in [
            format!("{tcp} sslmode=disable"),
            format!("{tcp} sslmode=verify-full sslrootcert=~/root.crt"),
            format!("host={folder} port={port} user=postgres dbname=postgres"),
        ] {
            let server = world.connect(&text).await.unwrap_or_else(|e| panic!("{text}: {e}\n{}", bouncer.log()));
            assert!(server.info().pooled, "{text}");
            assert_eq!(server.info().encrypted, text.contains("verify"), "{text}");
            let work = (0..40).map(|number| {
                let server = server.clone();
                async move {
                    let sql = format!("SELECT {number}::text || current_setting('statement_timeout') || pg_sleep(0.001)::text");
                    assert_eq!(ask(&server, &sql).await, format!("{number}1min"));
                }
            });
            join_all(work).await;

            // A statement that is given up is cancelled at the server, past the pooler.
            let reading = tokio::spawn({
                let server = server.clone();
                async move {
                    let _ = read(&server).await.query_all("SELECT pg_sleep(600)", &[]).await;
                }
            });
            let running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(600)' AND pid <> pg_backend_pid()";
            wait_for(&admin, running, 1).await;
            reading.abort();
            wait_for(&admin, running, 0).await;
            let open = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%'";
            wait_for(&admin, open, 0).await;
            server.close().await;
            assert!(!bouncer.log().contains("FATAL"), "{}", bouncer.log());
        }
        // Another client of the same sessions finds them as they were.
        let plain = format!("host={folder} port={port} user=postgres dbname=postgres");
        let (client, connection) = tokio_postgres::connect(&plain, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        for _ in 0..4 {
            let sql = "SELECT current_setting('statement_timeout') || current_setting('transaction_read_only') || (SELECT count(*) FROM pg_prepared_statements)";
            let row = client.query_typed(sql, &[]).await.unwrap();
            assert_eq!(row[0].get::<_, &str>(0), "0off0");
        }
        let told = world.refused(&format!("{tcp} options='-c geqo=off'")).await;
        assert_eq!(told, format!("could not connect to localhost (127.0.0.1):{port}: unsupported startup parameter: options; a pooler that answers there must know the user and the database, and may refuse options and PGOPTIONS"));
        let told = world.refused(&format!("{tcp} dbname=nosuch")).await;
        assert!(told.starts_with(&format!("could not connect to localhost (127.0.0.1):{port}: no such database: nosuch; ")), "{told}");
        let told = world.refused(&format!("{tcp} user=nosuch")).await;
        assert!(told.contains("authentication failed; a pooler that answers there must know"), "{told}");
    })
    .await;
}

/// Waits until `sql` gives `expect`.
async fn wait_for(client: &tokio_postgres::Client, sql: &str, expect: i64) {
    let start = Instant::now();
    while client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) != expect {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "not {expect}: {sql}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
