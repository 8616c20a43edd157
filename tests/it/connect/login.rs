//! Logging in, and being told why not.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Instant;

use pgtriage::cluster::{Options, ServerBinaries};
use pgtriage::collect::connect::{Cause, ConnectError};

use super::world::{World, ask, oldest_and_newest, tcp};
use crate::support::{Clients, on_each_server, private, servers};

/// A server with a role for each way of authentication.
const ROLES: &str = r"
    SET password_encryption = 'scram-sha-256';
    CREATE ROLE scram LOGIN PASSWORD 'pä ''ss\ %:@/&?#';
    CREATE ROLE clear LOGIN PASSWORD 'clear text';
    CREATE ROLE limited LOGIN CONNECTION LIMIT 0;
    CREATE ROLE stranger NOLOGIN;
    CREATE ROLE guest LOGIN;
    SET password_encryption = 'md5';
    CREATE ROLE md5 LOGIN PASSWORD 'md5 secret';
";

fn options() -> Options {
    let hba = [
        "host all scram 127.0.0.1/32 scram-sha-256",
        "host all md5 127.0.0.1/32 md5",
        "host all clear 127.0.0.1/32 password",
        "host all barred 127.0.0.1/32 reject",
        "local all mapped peer",
    ];
    Options {
        tcp: true,
        hba: hba.map(str::to_owned).to_vec(),
        ..Options::default()
    }
}

/// For what does not depend on the server.
fn newest() -> &'static ServerBinaries {
    servers().last().expect("at least one server")
}

#[tokio::test]
async fn every_way_of_authentication_works() {
    for server in oldest_and_newest() {
        let cluster = private(server, options());
        cluster
            .client("postgres")
            .await
            .batch_execute(ROLES)
            .await
            .unwrap();
        let (port, socket) = (cluster.port(), cluster.home().display());
        let uri = |rest: &str| rest.replace("HOST", &format!("127.0.0.1:{port}"));
        let pgpass = format!("127.0.0.1:{port}:postgres:scram:pä 'ss\\\\ %\\:@/&?#\n");
        let world = World::new().file(".pgpass", pgpass, 0o600);
        for (text, user) in [
            (uri("postgresql://scram@HOST/postgres"), "scram"),
            (
                uri("postgresql://scram:p%C3%A4%20'ss%5C%20%25%3A%40%2F&%3F%23@HOST/postgres"),
                "scram",
            ),
            (
                format!(
                    r"host=127.0.0.1 port={port} dbname=postgres user=scram password='pä \'ss\\ %:@/&?#'"
                ),
                "scram",
            ),
            (
                uri("postgresql://scram@HOST/postgres?require_auth=scram-sha-256"),
                "scram",
            ),
            (uri("postgresql://md5:md5%20secret@HOST/postgres"), "md5"),
            (
                uri("postgresql://clear:clear%20text@HOST/postgres?require_auth=!none"),
                "clear",
            ),
            (
                uri("postgresql://guest@HOST/postgres?require_auth=none"),
                "guest",
            ),
            (
                uri("postgresql://guest@HOST/postgres?hostaddr=127.0.0.1&host=no.such.host"),
                "guest",
            ),
            (
                format!("host={socket} port={port} dbname=postgres user=guest"),
                "guest",
            ),
            (
                format!(
                    "host={socket} port={port} dbname=postgres user=guest require_auth=none sslmode=verify-full"
                ),
                "guest",
            ),
        ] {
            let server = world
                .connect(&text)
                .await
                .unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(
                ask(&server, "SELECT current_user::text").await,
                user,
                "{text}"
            );
            assert_eq!(server.info().user, user);
            assert!(!server.info().pooled, "{text}");
            server.close().await;
        }
    }
}

#[tokio::test]
async fn a_refusal_is_told_in_one_sentence() {
    on_each_server(async |server| {
        let cluster = private(server, options());
        let admin = cluster.client("postgres").await;
        admin.batch_execute(ROLES).await.unwrap();
        for sql in [
            "CREATE DATABASE closed ALLOW_CONNECTIONS false",
            "CREATE DATABASE private",
            "REVOKE CONNECT ON DATABASE private FROM PUBLIC",
        ] {
            admin.batch_execute(sql).await.unwrap();
        }
        let port = cluster.port();
        let world = World::new();
        let sources = World::new()
            .set("PGPASSWORD", "wrong")
            .file(".pg_service.conf", "[prod]\npassword=wrong\n", 0o600);
        let at = format!("could not connect to 127.0.0.1:{port}: ");
        let wrong = "password authentication failed for user \"scram\"; the password came from ";
        let cases: Vec<(&World, &str, String)> = vec![
            (&world, "user=scram", "the server asks for a password for user \"scram\" and none was given; put it into ~/.pgpass or set PGPASSWORD".into()),
            (&world, "user=scram password=wrong", format!("{wrong}the connection string")),
            (&sources, "user=scram", format!("{wrong}PGPASSWORD")),
            (&sources, "user=scram service=prod", format!("{wrong}service \"prod\" in ~/.pg_service.conf")),
            (&world, "user=md5 password=wrong", "password authentication failed for user \"md5\"; the password came from the connection string".into()),
            (&world, "user=barred", "pg_hba.conf rejects connection for host \"127.0.0.1\", user \"barred\", database \"postgres\", ".into()),
            (&world, "user=nosuch", "role \"nosuch\" does not exist; give another user, or CREATE ROLE … LOGIN at the server".into()),
            (&world, "user=stranger", "role \"stranger\" is not permitted to log in; ".into()),
            (&world, "user=limited", "too many connections for role \"limited\"; wait, end idle sessions".into()),
            (&world, "dbname=nosuch", "database \"nosuch\" does not exist; give another dbname (postgres nearly always exists)".into()),
            (&world, "dbname=closed", "database \"closed\" is not currently accepting connections; ".into()),
            (&world, "user=guest dbname=private", "permission denied for database \"private\"; ".into()),
            (&world, "sslmode=require", "the server does not offer TLS; set ssl = on at the server, or connect with sslmode=prefer if the network can be trusted".into()),
            (&world, "user=scram password=x require_auth=md5", "the server asks for scram-sha-256, which require_auth does not allow; ".into()),
            (&world, "user=guest require_auth=scram-sha-256", "the server asks for no proof of who we are, and require_auth wants one; ".into()),
            (&world, "user=guest channel_binding=require", "the server cannot bind its answer to the TLS connection, which channel_binding=require wants; ".into()),
            (&world, "target_session_attrs=standby", "the server is not what target_session_attrs=standby asks for; name another host, or another target_session_attrs".into()),
        ];
        for (world, text, expect) in cases {
            let told = world.refused(&format!("{} {text}", tcp(&cluster))).await;
            assert!(told.starts_with(&format!("{at}{expect}")), "{text}: {told}");
        }
        // Peer needs the operating system's user of that name.
        let text = format!("host={} port={port} user=mapped dbname=postgres", cluster.home().display());
        let told = world.refused(&text).await;
        assert!(told.contains("Peer authentication failed for user \"mapped\"; pg_hba.conf"), "{told}");
        let text = format!("host={} port={port} user=guest dbname=postgres require_auth=md5", cluster.home().display());
        let told = world.refused(&text).await;
        assert!(told.contains("the server asks for no proof of who we are"), "{told}");
        // The server logs each refusal once: a wrong password is not tried twice.
        let log = std::fs::read_to_string(cluster.log_path()).unwrap();
        let failed = log.matches("password authentication failed for user \"scram\"").count();
        assert_eq!(failed, 3, "{log}");
    })
    .await;
}

/// All passwords are wrong, so that each error names the line that was taken.
#[tokio::test]
async fn the_password_file_is_searched_as_libpq_does() {
    let cluster = private(newest(), options());
    cluster
        .client("postgres")
        .await
        .batch_execute(ROLES)
        .await
        .unwrap();
    cluster
        .client("postgres")
        .await
        .batch_execute("CREATE DATABASE \"a:b\\c\"")
        .await
        .unwrap();
    let port = cluster.port();
    let lines = [
        "#127.0.0.1:*:*:*:comment".to_owned(),
        "too:few:fields".to_owned(),
        format!("127.0.0.1:{port}:postgres:md5:wrong\r"),
        format!("127.0.0.1:{port}:a\\:b\\\\c:*:wrong"),
        "127.0.0.1:1:*:scram:wrong".to_owned(),
        "127.0.0.2:*:*:scram:wrong".to_owned(),
        "127.0.0.1:*:template1:scram:wrong:rest".to_owned(),
        "*:*:*:scr*:wrong".to_owned(),
        "localhost:*:*:scram:wrong".to_owned(),
        "*:*:postgres:scram:wrong".to_owned(),
        "*:*:*:scram:never".to_owned(),
    ];
    let world = World::new().file("passwords", lines.join("\n"), 0o600);
    for (text, line) in [
        ("user=md5", 3),
        ("user=md5 dbname='a:b\\\\c'", 4),
        ("user=scram dbname=template1", 7),
        ("user=scram", 10),
        ("user=scram host=localhost hostaddr=127.0.0.1", 9),
        ("user=scram host='' hostaddr=127.0.0.1", 10),
    ] {
        let text = format!("{} passfile=~/passwords {text}", tcp(&cluster));
        let told = world.refused(&text).await;
        let expect = format!("the password came from line {line} of ~/passwords");
        assert!(told.ends_with(&expect), "{text}: {told}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let world = World::new().file("run/.s.PGSQL.5433", "", 0o600);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let free = listener.local_addr().unwrap().port();
    drop(listener);
    for (text, expect) in [
        (format!("host=127.0.0.1 port={free}"), format!("could not connect to 127.0.0.1:{free}: connection refused; is the server running there, and is the port right?")),
        (format!("host=localhost port={free}"), format!("could not connect to localhost:{free}: connection refused; is the server running there, and is the port right?")),
        ("port=5431".to_owned(), "could not connect to ~/run/.s.PGSQL.5431: there is no such socket; is the server running, and is the port right? (host=localhost connects by TCP instead)".to_owned()),
        ("port=5433".to_owned(), "could not connect to ~/run/.s.PGSQL.5433: connection refused; is the server running there, and is the port right?".to_owned()),
        ("host=@no-such-socket".to_owned(), "could not connect to @no-such-socket/.s.PGSQL.5432: connection refused; is the server running there, and is the port right?".to_owned()),
    ] {
        assert_eq!(world.refused(&text).await, expect);
    }
    let told = world.refused("host=no-such-host.invalid").await;
    assert!(
        told.starts_with(
            "could not connect to no-such-host.invalid:5432: the host name cannot be resolved ("
        ),
        "{told}"
    );
    assert!(
        told.ends_with("); is the host name spelled right?"),
        "{told}"
    );
}

/// A listener that answers each connection with `bytes` and then closes it, or says nothing at all.
fn impostor(answer: Option<&'static [u8]>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut silent = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            match answer {
                None => silent.push(stream),
                Some(answer) => {
                    let _ = stream.read(&mut [0; 1024]);
                    let _ = stream.write_all(answer);
                }
            }
        }
    });
    port
}

#[tokio::test]
async fn what_is_no_server_is_told() {
    let world = World::new();
    let web = impostor(Some(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    let told = world.refused(&format!("host=127.0.0.1 port={web}")).await;
    assert!(
        told.contains("what answers there is not a PostgreSQL server"),
        "{told}"
    );
    let told = world
        .refused(&format!("host=127.0.0.1 port={web} sslmode=disable"))
        .await;
    assert!(
        told.contains("what answers there is not a PostgreSQL server"),
        "{told}"
    );
    let rude = impostor(Some(b""));
    let told = world.refused(&format!("host=127.0.0.1 port={rude}")).await;
    assert!(
        told.contains("the server closed the connection before it was set up"),
        "{told}"
    );
}

#[tokio::test]
async fn a_hung_server_costs_connect_timeout() {
    let world = World::new();
    for sslmode in ["disable", "prefer", "require"] {
        let hung = impostor(None);
        let start = Instant::now();
        let text = format!("host=127.0.0.1 port={hung} connect_timeout=1 sslmode={sslmode}");
        let told = world.refused(&text).await;
        let expect = format!(
            "could not connect to 127.0.0.1:{hung}: no answer within 1 s; is a firewall in between, or is the server overloaded? (connect_timeout sets the limit)"
        );
        assert_eq!(told, expect);
        let taken = start.elapsed();
        assert!(
            (1.0..2.0).contains(&taken.as_secs_f64()),
            "{sslmode}: {taken:?}"
        );
    }
}

#[tokio::test]
async fn too_many_connections_are_told() {
    let options = options()
        .set("max_connections", "4")
        .set("superuser_reserved_connections", "1")
        .set("max_wal_senders", "0");
    let cluster = private(newest(), options);
    cluster
        .client("postgres")
        .await
        .batch_execute(ROLES)
        .await
        .unwrap();
    let world = World::new();
    let text = format!("{} user=guest", tcp(&cluster));
    let mut open = Vec::new();
    let error = loop {
        match world.connect(&text).await {
            Ok(server) => open.push(server),
            Err(error) => break error,
        }
        assert!(open.len() < 5);
    };
    let ConnectError::Failed(failures) = &error else {
        panic!("{error}")
    };
    assert!(
        matches!(failures.iter().next().unwrap().cause, Cause::TooMany { .. }),
        "{error}"
    );
    assert!(!error.is_configuration());
    assert!(
        error
            .to_string()
            .contains("remaining connection slots are reserved"),
        "{error}"
    );
}
