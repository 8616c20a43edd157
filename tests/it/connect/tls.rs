//! TLS, from off to fully checked.

use pgtriage::cluster::{Cluster, Options};
use pgtriage::collect::connect::Server;

use super::certificates::{Authority, Pair};
use super::world::{World, ask, oldest_and_newest, read};
use crate::support::{Clients, on_the_ends, private, servers};

const NAMES: &str = "subjectAltName=DNS:localhost,DNS:*.example.com,IP:127.0.0.1";

/// A server with TLS that knows `authority`'s clients.
fn options(authority: &Authority, pair: &Pair) -> Options {
    let hba = [
        "hostssl all only_tls 127.0.0.1/32 trust",
        "host all only_tls 127.0.0.1/32 reject",
        "hostnossl all only_plain 127.0.0.1/32 trust",
        "host all only_plain 127.0.0.1/32 reject",
        "hostssl all by_cert 127.0.0.1/32 cert",
        "host all by_cert 127.0.0.1/32 reject",
        "host all scram 127.0.0.1/32 scram-sha-256",
    ];
    let mut options = Options {
        tcp: true,
        hba: hba.map(str::to_owned).to_vec(),
        ..Options::default()
    };
    options
        .files
        .push(("ca.crt".to_owned(), authority.certificate()));
    options
        .ssl(&pair.certificate, &pair.key)
        .set("ssl_ca_file", "ca.crt")
        .set("password_encryption", "scram-sha-256")
}

async fn start(server: &pgtriage::cluster::ServerBinaries, options: Options) -> Cluster {
    let cluster = private(server, options);
    let roles = "CREATE ROLE only_tls LOGIN; CREATE ROLE only_plain LOGIN; \
                 CREATE ROLE by_cert LOGIN; CREATE ROLE scram LOGIN PASSWORD 'secret'";
    cluster
        .client("postgres")
        .await
        .batch_execute(roles)
        .await
        .unwrap();
    cluster
}

fn to(cluster: &Cluster, rest: &str) -> String {
    let port = cluster.port();
    format!("host=localhost hostaddr=127.0.0.1 port={port} user=postgres dbname=postgres {rest}")
}

/// What the server says of the encryption of this session.
async fn version(server: &Server) -> String {
    let sql = "SELECT coalesce(version, 'none') FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    ask(server, sql).await
}

#[tokio::test]
async fn each_sslmode_does_what_it_says() {
    let Some(authority) = Authority::new("authority") else {
        return;
    };
    let stranger = Authority::new("stranger").unwrap();
    let pair = authority.issue("localhost", NAMES, 30);
    on_the_ends(async |server| {
        let cluster = start(server, options(&authority, &pair)).await;
        let bare = World::new();
        let trusting = World::new()
            .file(".postgresql/root.crt", authority.certificate(), 0o644)
            .file("stranger.crt", stranger.certificate(), 0o644);
        let misled = World::new().file(".postgresql/root.crt", stranger.certificate(), 0o644);
        let unknown = "the server's certificate is not signed by a known authority; point sslrootcert";
        let other_name = "the server's certificate is not valid for this host name (it is for localhost, *.example.com, ";
        let no_file = "TLS cannot be set up: this sslmode needs a file of trusted certificates and there is none (";
        // Older servers take the start of TLS for a broken message.
        let direct = if server.major < 17 {
            Err("closed the connection")
        } else {
            Ok("TLSv1.3")
        };
        for (world, text, expect) in [
            (
                &bare,
                "sslmode=require sslnegotiation=direct connect_timeout=5",
                direct,
            ),
            (&bare, "sslmode=disable", Ok("none")),
            (&bare, "sslmode=allow", Ok("none")),
            (&bare, "sslmode=prefer", Ok("TLSv1.3")),
            (&bare, "", Ok("TLSv1.3")),
            (&bare, "sslmode=require", Ok("TLSv1.3")),
            (&bare, "sslmode=require ssl_max_protocol_version=TLSv1.2", Ok("TLSv1.2")),
            (&bare, "sslmode=require sslsni=0", Ok("TLSv1.3")),
            // The access rules decide.
            (&bare, "sslmode=allow user=only_tls", Ok("TLSv1.3")),
            (&bare, "sslmode=prefer user=only_plain", Ok("none")),
            (&bare, "sslmode=disable user=only_tls", Err("pg_hba.conf rejects connection")),
            (&bare, "sslmode=require user=only_plain", Err("pg_hba.conf rejects connection")),
            // The check of the certificate.
            (&bare, "sslmode=verify-ca", Err(no_file)),
            (&bare, "sslmode=verify-full", Err(no_file)),
            (&trusting, "sslmode=verify-ca", Ok("TLSv1.3")),
            (&trusting, "sslmode=verify-full", Ok("TLSv1.3")),
            (&trusting, "sslmode=verify-full host=db.example.com", Ok("TLSv1.3")),
            (&trusting, "sslmode=verify-full host=127.0.0.1", Ok("TLSv1.3")),
            (&trusting, "sslmode=verify-full host=a.db.example.com", Err(other_name)),
            (&trusting, "sslmode=verify-full host=elsewhere", Err(other_name)),
            (&trusting, "sslmode=verify-full host=''", Err("sslmode=verify-full needs a host name")),
            (&trusting, "sslmode=verify-ca host=elsewhere", Ok("TLSv1.3")),
            (&trusting, "sslmode=verify-ca sslrootcert=~/stranger.crt", Err(unknown)),
            (&trusting, "sslmode=verify-full sslrootcert=~/nosuch", Err(no_file)),
            (&trusting, "sslmode=require sslrootcert=~/nosuch", Ok("TLSv1.3")),
            // With a root file at hand the chain is checked in every mode.
            (&misled, "sslmode=require", Err(unknown)),
            (&misled, "sslmode=prefer", Ok("none")),
            (&misled, "sslrootcert=system", Err("the server's certificate is not signed")),
            // Binding the password exchange to TLS.
            (&bare, "user=scram password=secret channel_binding=require", Ok("TLSv1.3")),
            (&bare, "user=scram password=secret channel_binding=require sslmode=disable", Err("the server cannot bind")),
            (&bare, "user=scram password=secret require_auth=scram-sha-256", Ok("TLSv1.3")),
            (&bare, "user=scram password=secret require_auth=!scram-sha-256", Err("the server asks for scram-sha-256")),
        ] {
            let text = to(&cluster, text);
            match (world.connect(&text).await, expect) {
                (Ok(server), Ok(expect)) => {
                    assert_eq!(version(&server).await, expect, "{text}");
                    assert_eq!(server.info().encrypted, expect != "none", "{text}");
                    assert!(!server.info().pooled);
                    let downgraded = world.path("") == misled.path("");
                    assert_eq!(server.warnings().len(), usize::from(downgraded || text.contains("only_plain")), "{:?}", server.warnings());
                    server.close().await;
                }
                (Err(error), Err(expect)) => {
                    let told = world.told(&error);
                    assert!(told.contains(expect), "{text}: {told}");
                }
                (Ok(_), Err(expect)) => panic!("{text}: connected, should be {expect}"),
                (Err(error), Ok(_)) => panic!("{text}: {error}"),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_cancel_request_goes_the_way_of_its_connection() {
    let Some(authority) = Authority::new("authority") else {
        return;
    };
    let pair = authority.issue("localhost", NAMES, 30);
    for server in oldest_and_newest() {
        let cluster = start(server, options(&authority, &pair)).await;
        let world = World::new().file(".postgresql/root.crt", authority.certificate(), 0o644);
        let admin = cluster.client("postgres").await;
        for text in [
            to(&cluster, "sslmode=verify-full user=only_tls"),
            to(&cluster, "sslmode=disable user=only_plain"),
            format!("{} user=only_tls", cluster.conninfo("postgres")),
        ] {
            let server = world.connect(&text).await.unwrap();
            let mut transaction = read(&server).await;
            let mut rows = transaction
                .query("SELECT generate_series(1, 1000000000)", &[])
                .await
                .unwrap();
            assert!(rows.next().await.unwrap().is_some());
            drop(rows);
            drop(transaction);
            // The connection is gone when that is done, and not before.
            server.close().await;
            let sql = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND usename LIKE 'only%'";
            let active: i64 = admin.query_one(sql, &[]).await.unwrap().get(0);
            assert_eq!(active, 0, "{text}");
        }
        let log = std::fs::read_to_string(cluster.log_path()).unwrap();
        let cancelled = log
            .matches("canceling statement due to user request")
            .count();
        assert_eq!(cancelled, 3, "{log}");
        for noise in [
            "unexpected eof",
            "unexpected EOF",
            "reset by peer",
            "could not",
        ] {
            assert!(!log.contains(noise), "{log}");
        }
    }
}

#[tokio::test]
async fn a_client_certificate_is_sent() {
    let Some(authority) = Authority::new("authority") else {
        return;
    };
    let stranger = Authority::new("stranger").unwrap();
    let pair = authority.issue("localhost", NAMES, 30);
    let client = authority.issue("by_cert", "basicConstraints=CA:FALSE", 30);
    let other = authority.issue("somebody", "basicConstraints=CA:FALSE", 30);
    let foreign = stranger.issue("by_cert", "basicConstraints=CA:FALSE", 30);
    for server in oldest_and_newest() {
        let cluster = start(server, options(&authority, &pair)).await;
        let world = World::new()
            .file(".postgresql/postgresql.crt", &client.certificate, 0o644)
            .file(".postgresql/postgresql.key", &client.key, 0o600)
            .file("open.key", &client.key, 0o644)
            .file("locked.key", authority.encrypt(&client.key), 0o600)
            .file("empty", "", 0o600)
            .file("other.crt", &other.certificate, 0o644)
            .file("other.key", &other.key, 0o600)
            .file("foreign.crt", &foreign.certificate, 0o644)
            .file("foreign.key", &foreign.key, 0o600);
        for (text, expect) in [
            ("", ""),
            (
                "sslcert=~/other.crt sslkey=~/other.key",
                "certificate authentication failed for user \"by_cert\"; pg_hba.conf",
            ),
            (
                "sslcert=~/foreign.crt sslkey=~/foreign.key",
                "the server refused the TLS connection (UnknownCA)",
            ),
            (
                "sslcertmode=disable",
                "connection requires a valid client certificate; ",
            ),
            (
                "sslcert=~/nosuch",
                "connection requires a valid client certificate; ",
            ),
            (
                "sslkey=~/nosuch",
                "there is a client certificate but no key for it; give sslkey",
            ),
            (
                "sslkey=~/open.key",
                "TLS cannot be set up: client key ~/open.key cannot be used: others may read or write it; run chmod 0600 on it",
            ),
            (
                "sslkey=~/locked.key sslpassword=secret",
                "it is encrypted, which pgtriage cannot undo; decrypt it with openssl pkey",
            ),
            ("sslkey=~/empty", "it holds no private key"),
            ("sslcert=~/empty", "it holds no certificate in PEM"),
            (
                "sslkey=~/other.key",
                "the key in sslkey does not fit sslcert",
            ),
        ] {
            let text = to(&cluster, &format!("user=by_cert sslmode=require {text}"));
            match world.connect(&text).await {
                Ok(server) => {
                    assert_eq!(expect, "", "{text}: connected");
                    assert_eq!(server.info().user, "by_cert");
                }
                Err(error) => {
                    let told = world.told(&error);
                    assert!(
                        !expect.is_empty() && told.contains(expect),
                        "{text}: {told}"
                    );
                }
            }
        }
    }
}

/// Certificates as people make them, good ones and bad ones.
#[tokio::test]
async fn odd_server_certificates_are_judged_as_libpq_does() {
    let Some(authority) = Authority::new("authority") else {
        return;
    };
    let Some(server) = servers().last() else {
        return;
    };
    let itself = authority.self_signed("localhost");
    let common_name_only = authority.issue("localhost", "basicConstraints=CA:FALSE", 30);
    let expired = authority.issue("localhost", NAMES, -1);
    let version_1 = authority.issue("localhost", "", 30);
    let good = authority.issue("localhost", NAMES, 30);
    let root = authority.certificate();
    let (full, ca) = ("sslmode=verify-full", "sslmode=verify-ca");
    let clean = authority.revocations(None);
    let revoked = authority.revocations(Some(&good));
    for (what, pair, root, list, text, expect) in [
        ("self-signed", &itself, &itself.certificate, None, full, ""),
        ("self-signed", &itself, &itself.certificate, None, ca, ""),
        (
            "self-signed",
            &itself,
            &itself.certificate,
            None,
            "sslmode=verify-full host=elsewhere",
            "not valid for this host name (it is for localhost)",
        ),
        (
            "self-signed",
            &itself,
            &root,
            None,
            ca,
            "the server's certificate",
        ),
        ("common name only", &common_name_only, &root, None, full, ""),
        (
            "common name only",
            &common_name_only,
            &root,
            None,
            "sslmode=verify-full host=elsewhere",
            "a common name only",
        ),
        (
            "common name only",
            &common_name_only,
            &root,
            None,
            "sslmode=verify-full host=127.0.0.1",
            "a common name only",
        ),
        (
            "expired",
            &expired,
            &root,
            None,
            ca,
            "the server's certificate has expired; renew it",
        ),
        (
            "version 1",
            &version_1,
            &root,
            None,
            ca,
            "give the server an X.509 version 3 certificate",
        ),
        ("revoked", &good, &root, Some(&clean), full, ""),
        (
            "revoked",
            &good,
            &root,
            Some(&revoked),
            full,
            "has been revoked",
        ),
    ] {
        let cluster = start(server, options(&authority, pair)).await;
        let world = World::new().file(".postgresql/root.crt", root, 0o644);
        let world = match list {
            Some(list) => {
                world
                    .file(".postgresql/root.crl", list, 0o644)
                    .file("lists/a.r0", list, 0o644)
            }
            None => world,
        };
        let folder = if list.is_some() {
            "sslcrl=~/lists/a.r0 sslcrldir=~/lists"
        } else {
            ""
        };
        for text in [
            to(&cluster, text),
            to(&cluster, &format!("{text} {folder}")),
        ] {
            match world.connect(&text).await {
                Ok(connected) => {
                    assert_eq!(expect, "", "{what}, {text}: connected");
                    assert_eq!(version(&connected).await, "TLSv1.3");
                }
                Err(error) => {
                    let told = world.told(&error);
                    assert!(
                        !expect.is_empty() && told.contains(expect),
                        "{what}, {text}: {told}"
                    );
                }
            }
        }
        // Without a root file nobody is checked, whatever the certificate.
        let text = to(&cluster, "sslmode=require");
        let connected = World::new()
            .connect(&text)
            .await
            .unwrap_or_else(|e| panic!("{what}: {e}"));
        assert!(connected.info().encrypted);
    }
}
