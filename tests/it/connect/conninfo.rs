//! Where parameters come from and what they mean, without a server.

use std::fs;
use std::os::unix::ffi::OsStringExt;

use pgtriage::collect::connect::{ConnInfo, Environment};

use super::world::World;

/// User, database and hosts, and the warnings.
fn summary(info: &ConnInfo) -> String {
    let mut text = format!("{} {}", info.user(), info.display_target());
    for warning in info.warnings() {
        text += "\n";
        text += warning;
    }
    text
}

#[test]
fn hosts_ports_and_defaults() {
    let world = World::new();
    let run = |text: &str| {
        text.replace(
            "SOCKET",
            world.path("").to_str().unwrap().trim_end_matches('/'),
        )
    };
    for (text, expect) in [
        ("", "alice alice@SOCKET/.s.PGSQL.5432"),
        ("shop", "alice shop@SOCKET/.s.PGSQL.5432"),
        ("dbname=shop", "alice shop@SOCKET/.s.PGSQL.5432"),
        ("user=bob", "bob bob@SOCKET/.s.PGSQL.5432"),
        (
            "user='' dbname='' host='' port=''",
            "alice alice@SOCKET/.s.PGSQL.5432",
        ),
        ("host=h1,h2 port=1,2 dbname=d", "alice d@h1:1,h2:2"),
        ("host=h1,h2 port=1 dbname=d", "alice d@h1:1,h2:1"),
        (
            "host=h1,,/x port=1,,3 dbname=d",
            "alice d@h1:1,SOCKET/.s.PGSQL.5432,/x/.s.PGSQL.3",
        ),
        (
            "hostaddr=10.0.0.1,::1 dbname=d",
            "alice d@10.0.0.1:5432,[::1]:5432",
        ),
        (
            "host=h1,h2 hostaddr=10.0.0.1,10.0.0.2 dbname=d",
            "alice d@h1 (10.0.0.1):5432,h2 (10.0.0.2):5432",
        ),
        (
            "host=h1,h2 hostaddr=10.0.0.1, dbname=d",
            "alice d@h1 (10.0.0.1):5432,h2:5432",
        ),
        ("host=@abstract dbname=d", "alice d@@abstract/.s.PGSQL.5432"),
        (
            "postgresql:///d?host=/sockets",
            "alice d@/sockets/.s.PGSQL.5432",
        ),
        (
            "postgresql://[2001:db8::1]:5433/d",
            "alice d@[2001:db8::1]:5433",
        ),
        (
            "postgresql://u:p%40@h1:1,h2:2/d?target_session_attrs=primary",
            "u d@h1:1,h2:2",
        ),
        (
            "postgres://bob@%2Frun%2Fpg:5433",
            "bob bob@/run/pg/.s.PGSQL.5433",
        ),
        ("port=' 5433 ' host=h dbname=d", "alice d@h:5433"),
    ] {
        let info = world
            .resolve(text)
            .unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(summary(&info), run(expect), "{text}");
    }
    // The first default folder that has the socket counts, else the first that there is.
    let world = world.file("run/.s.PGSQL.5433", "", 0o600);
    for (text, expect) in [
        ("port=5433 dbname=d", "run/.s.PGSQL.5433"),
        ("port=5432 dbname=d", "run/.s.PGSQL.5432"),
    ] {
        let info = world.resolve(text).unwrap();
        let expect = format!("alice d@{}", world.path(expect).display());
        assert_eq!(summary(&info), expect, "{text}");
    }
    let nobody = Environment::empty().with_variable("PGHOST", "h");
    let error = ConnInfo::resolve(None, &nobody).unwrap_err().to_string();
    assert!(error.contains("no user name is given"), "{error}");
    let info = ConnInfo::resolve(None, &nobody.with_variable("PGUSER", "bob")).unwrap();
    assert_eq!(summary(&info), "bob bob@h:5432");
}

#[test]
fn the_string_comes_before_the_service_before_the_environment() {
    let services = "# of all kinds\n[other]\nhost=wrong\n\n  [shop]  \nhost=from-service\nport=1\n\
                    host=second\ndbname=service db\n[shop]\nuser=never\n[broken]\nhost = x\n[odd]\nnosuch=1\n\
                    [nested]\nservice=shop\n[bare]\nhost\n[ldap]\nldap://h/dc=x?uid?one?y\n";
    let world = World::new()
        .file(".pg_service.conf", services, 0o644)
        .file(
            "system/pg_service.conf",
            "[system]\nhost=from-system\ndbname=d\n",
            0o644,
        )
        .file("named.conf", "[shop]\nhost=from-named\ndbname=d\n", 0o644)
        .set("PGHOST", "from-env")
        .set("PGPORT", "2")
        .set("PGUSER", "env user");
    for (text, expect) in [
        ("dbname=d", "env user d@from-env:2"),
        (
            "host='' hostaddr=10.0.0.1 dbname=d",
            "env user d@10.0.0.1:2",
        ),
        ("service=shop", "env user service db@from-service:1"),
        ("service=shop user=me", "me service db@from-service:1"),
        ("postgresql://h/d?service=shop", "env user d@h:1"),
        ("service=system", "env user d@from-system:2"),
    ] {
        let info = world
            .resolve(text)
            .unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(summary(&info), expect, "{text}");
    }
    for (text, expect) in [
        (
            "service=nosuch",
            "service \"nosuch\" is not defined in ~/.pg_service.conf or ~/system/pg_service.conf; add a section [nosuch] there or set PGSERVICEFILE",
        ),
        (
            "service=broken",
            "service file ~/.pg_service.conf cannot be used: line 13: no space may stand before \"=\"",
        ),
        (
            "service=odd",
            "service \"odd\" in ~/.pg_service.conf sets nosuch, which is not a connection parameter; the names are those of libpq, such as host, port, user, dbname, sslmode",
        ),
        (
            "service=nested",
            "service file ~/.pg_service.conf cannot be used: line 17: a service cannot name another service",
        ),
        (
            "service=bare",
            "service file ~/.pg_service.conf cannot be used: line 19: expected name=value",
        ),
        (
            "service=ldap",
            "service file ~/.pg_service.conf cannot be used: line 21: looking a service up by LDAP is not supported",
        ),
    ] {
        let error = world.resolve(text).unwrap_err();
        assert_eq!(world.told(&error), expect, "{text}");
        assert!(error.is_configuration());
    }
    let world = world
        .set("PGSERVICEFILE", "~/named.conf")
        .set("PGSERVICE", "shop");
    assert_eq!(
        summary(&world.resolve("").unwrap()),
        "env user d@from-named:2"
    );
    let system = world.resolve("service=system").unwrap();
    assert_eq!(summary(&system), "env user d@from-system:2");
    let world = world.set("PGSERVICEFILE", "~/nosuch.conf");
    let error = world.told(&world.resolve("").unwrap_err());
    assert!(
        error.starts_with("service file ~/nosuch.conf cannot be used: No such file"),
        "{error}"
    );
}

/// The password that a connection would use is seen in the error of a server that refuses it, and
/// here in nothing at all; so the choice of a line is tested through the file's line numbers, in
/// `login.rs`. Here: what the file must be like.
#[test]
fn a_password_file_that_others_may_touch_is_ignored() {
    for (mode, ignored) in [
        (0o600, false),
        (0o400, false),
        (0o640, true),
        (0o604, true),
        (0o610, true),
    ] {
        let world = World::new().file(".pgpass", "*:*:*:*:secret\n", mode);
        let info = world.resolve("host=h").unwrap();
        assert_eq!(info.warnings().len(), usize::from(ignored), "{mode:o}");
        // A password that is given makes the file needless.
        assert!(
            world
                .resolve("host=h password=x")
                .unwrap()
                .warnings()
                .is_empty()
        );
    }
    let world = World::new();
    fs::create_dir(world.path("folder")).unwrap();
    assert!(world.resolve("host=h").unwrap().warnings().is_empty());
    for (file, expect) in [
        ("nosuch", "No such file or directory"),
        ("folder", "it is not a plain file"),
    ] {
        let world = World::new();
        fs::create_dir(world.path("folder")).unwrap();
        for info in [
            world.resolve(&format!("host=h passfile=~/{file}")).unwrap(),
            world
                .set("PGPASSFILE", &format!("~/{file}"))
                .resolve("host=h")
                .unwrap(),
        ] {
            let [warning] = info.warnings() else {
                panic!("{info:?}")
            };
            assert!(warning.contains(expect), "{warning}");
        }
    }
}

#[test]
fn nothing_shows_a_password() {
    let world = World::new()
        .file(".pgpass", "*:*:*:*:fromfile\n", 0o600)
        .set("PGPASSWORD", "fromenv");
    let texts = [
        "postgresql://u:fromuri@h/d",
        "host=h password=fromtext",
        "host=h",
        "host=h password=''",
        "host=h sslpassword=fromtext oauth_client_secret=fromtext",
    ];
    for text in texts {
        let info = world.resolve(text).unwrap();
        let shown = format!(
            "{info:?} {info:#?} {} {:?}",
            info.display_target(),
            info.warnings()
        );
        for secret in ["fromuri", "fromtext", "fromenv", "fromfile"] {
            assert!(!shown.contains(secret), "{text}: {shown}");
        }
    }
}

#[test]
fn values_that_cannot_be_used_are_refused_with_their_source() {
    let world = World::new().file("root.crt", "nothing", 0o644);
    for (text, expect) in [
        (
            "sslmode=verify",
            "the value of sslmode in the connection string cannot be used: it must be one of prefer, disable, allow, require, verify-ca, verify-full",
        ),
        ("sslmode=''", "sslmode in the connection string"),
        ("port=99999", "from 1 to 65535"),
        ("port=0", "from 1 to 65535"),
        ("port=1,2", "it lists 2 values for 1 hosts"),
        (
            "host=a,b,c hostaddr=::1,::2",
            "the value of host in the connection string cannot be used: it lists 3 values for 2 hosts",
        ),
        (
            "hostaddr=localhost",
            "it must be an IP address; a name belongs in host",
        ),
        (
            "connect_timeout=soon",
            "the value of connect_timeout in the connection string cannot be used: it must be a whole number",
        ),
        ("keepalives_idle=''", "keepalives_idle"),
        (
            "target_session_attrs=master",
            "any, read-write, read-only, primary, standby, prefer-standby",
        ),
        ("channel_binding=yes", "prefer, disable, require"),
        ("load_balance_hosts=on", "disable, random"),
        ("sslnegotiation=direct", "direct needs sslmode=require"),
        (
            "sslrootcert=system sslmode=require",
            "sslrootcert=system needs sslmode=verify-full",
        ),
        ("ssl_min_protocol_version=SSLv3", "TLSv1.3"),
        (
            "ssl_max_protocol_version=TLSv1.1",
            "pgtriage speaks TLS 1.2 and 1.3",
        ),
        (
            "ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2",
            "neither lies within",
        ),
        ("require_auth=kerberos", "its methods are password, md5"),
        (
            "require_auth=md5,!password",
            "either all methods have \"!\" or none has",
        ),
        ("require_auth=md5,md5", "twice"),
        (
            "postgresql://u:pa/ss@h/db",
            "write \"/\" and \"@\" of a password as %2F and %40",
        ),
        (
            "gssencmode=require",
            "gssencmode in the connection string cannot be honoured: pgtriage has no GSSAPI; use sslmode=require for an encrypted connection",
        ),
        ("gssencmode=maybe", "disable, prefer, require"),
        ("min_protocol_version=3.2", "pgtriage speaks protocol 3.0"),
        (
            "replication=database",
            "pgtriage needs an ordinary connection",
        ),
        ("sslcertmode=require", "cannot be honoured"),
        ("scram_client_key=abc", "give a password instead"),
        (
            "host=/tmp requirepeer=postgres",
            "connect by TLS with sslmode=verify-full",
        ),
    ] {
        let host = if text.contains("host") { "" } else { "host=h " };
        let text = if text.starts_with("postgresql:") {
            text.to_owned()
        } else {
            format!("{host}{text}")
        };
        let error = world.resolve(&text).expect_err(&text);
        let error = world.told(&error);
        assert!(error.contains(expect), "{text}: {error}");
    }
    // The variables are named by their own names.
    for (name, value) in [
        ("PGSSLMODE", "on"),
        ("PGPORT", "x"),
        ("PGCONNECT_TIMEOUT", "x"),
        ("PGTARGETSESSIONATTRS", "x"),
        ("PGGSSENCMODE", "require"),
        ("PGREQUIREAUTH", "x"),
        ("PGSSLMINPROTOCOLVERSION", "x"),
        ("PGCHANNELBINDING", ""),
        ("PGLOADBALANCEHOSTS", "x"),
        ("PGHOSTADDR", "x"),
    ] {
        let world = World::new().set(name, value);
        let error = world.resolve("host=h").expect_err(name).to_string();
        assert!(error.contains(&format!("in {name} cannot be")), "{error}");
    }
    let bytes = std::ffi::OsString::from_vec(vec![0xff]);
    let environment = Environment::empty().with_variable("PGUSER", bytes.clone());
    let error = ConnInfo::resolve(Some("host=h"), &environment).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the value of user in PGUSER cannot be used: it is not valid UTF-8"
    );
    // A password may be any bytes.
    let environment = Environment::empty()
        .with_variable("PGPASSWORD", bytes)
        .with_user("a");
    assert!(ConnInfo::resolve(Some("host=h"), &environment).is_ok());
}

#[test]
fn what_means_nothing_here_is_accepted() {
    let world = World::new()
        .set("PGKRBSRVNAME", "x")
        .set("PGSSLCOMPRESSION", "1")
        .set("PGCLIENTENCODING", "LATIN1")
        .set("PGTZ", "UTC");
    for text in [
        "gssencmode=prefer gsslib=gssapi gssdelegation=1 krbsrvname=x",
        "sslcompression=1 sslpassword=x sslkeylogfile=x",
        "client_encoding=auto fallback_application_name=x",
        "oauth_issuer=x oauth_client_id=x oauth_client_secret=x oauth_scope=x",
        "min_protocol_version=3.0 max_protocol_version=latest",
        "replication=false",
        "host=h requirepeer=postgres",
        "host=h require_auth=scram-sha-256",
        "keepalives=0 keepalives_idle=-1 keepalives_interval=5 keepalives_count=3 tcp_user_timeout=1000",
    ] {
        world
            .resolve(text)
            .unwrap_or_else(|e| panic!("{text}: {e}"));
    }
}

/// The real environment can be read; what is in it is anybody's guess.
#[test]
fn the_environment_of_this_process_is_read() {
    let environment = Environment::from_process();
    let info = ConnInfo::resolve(Some("host=h dbname=d"), &environment).unwrap();
    assert!(!info.user().is_empty());
}
