//! What connection strings mean, compared with libpq.

use super::environment::Environment;
use super::error::ConnectError;
use super::mark::marked;
use super::parameters::PARAMETERS;
use super::startup::{Startup, Watch};
use super::values::Values;

/// The parameters of a string as `name=[value] …`, in libpq's order.
fn parsed(text: &str) -> Result<String, ConnectError> {
    let values = Values::gather(Some(text), &Environment::empty())?;
    let set: Vec<String> = PARAMETERS
        .iter()
        .filter_map(|(name, _)| Some((name, values.get(name)?)))
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.secret.bytes());
            format!("{name}=[{value}]")
        })
        .collect();
    Ok(set.join(" "))
}

/// The right column is what `PQconninfoParse` of libpq 18.0 gives.
#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn strings_mean_what_they_mean_to_libpq() {
    for (text, expect) in [
        ("postgresql://", ""),
        ("postgres://", ""),
        ("postgresql://localhost", "host=[localhost]"),
        (
            "postgresql://localhost:5433",
            "host=[localhost] port=[5433]",
        ),
        (
            "postgresql://localhost/mydb",
            "dbname=[mydb] host=[localhost]",
        ),
        (
            "postgresql://user@localhost",
            "user=[user] host=[localhost]",
        ),
        (
            "postgresql://user:secret@localhost",
            "user=[user] password=[secret] host=[localhost]",
        ),
        (
            "postgresql://other@localhost/otherdb?connect_timeout=10&application_name=myapp",
            "user=[other] connect_timeout=[10] dbname=[otherdb] host=[localhost] application_name=[myapp]",
        ),
        (
            "postgresql://host1:123,host2:456/somedb?target_session_attrs=any&application_name=myapp",
            "dbname=[somedb] host=[host1,host2] port=[123,456] application_name=[myapp] target_session_attrs=[any]",
        ),
        (
            "postgresql://u:p%40@h1:1,h2:2/db?target_session_attrs=primary",
            "user=[u] password=[p@] dbname=[db] host=[h1,h2] port=[1,2] target_session_attrs=[primary]",
        ),
        (
            "postgresql:///mydb?host=localhost&port=5433",
            "dbname=[mydb] host=[localhost] port=[5433]",
        ),
        ("postgresql:///db?host=/tmp", "dbname=[db] host=[/tmp]"),
        (
            "postgresql://[2001:db8::1234]/database",
            "dbname=[database] host=[2001:db8::1234]",
        ),
        (
            "postgresql://[::1]:5433,[::2]/db",
            "dbname=[db] host=[::1,::2] port=[5433,]",
        ),
        (
            "postgresql://%2Fvar%2Flib%2Fpostgresql/dbname",
            "dbname=[dbname] host=[/var/lib/postgresql]",
        ),
        (
            "postgresql://user:a:b@host/db",
            "user=[user] password=[a:b] dbname=[db] host=[host]",
        ),
        ("postgresql://:secret@host", "password=[secret] host=[host]"),
        ("postgresql://user:@host", "user=[user] host=[host]"),
        ("postgresql://@host", "host=[host]"),
        ("postgresql://user@", "user=[user]"),
        ("postgresql://user@/db", "user=[user] dbname=[db]"),
        ("postgresql://host/", "host=[host]"),
        (
            "postgresql://host/?sslmode=require",
            "host=[host] sslmode=[require]",
        ),
        (
            "postgresql://host?sslmode=require",
            "host=[host] sslmode=[require]",
        ),
        ("postgresql://?host=/tmp&user=x", "user=[x] host=[/tmp]"),
        (
            "postgresql://h1,,h3:3/db",
            "dbname=[db] host=[h1,,h3] port=[,,3]",
        ),
        ("postgresql://,/db", "dbname=[db] host=[,] port=[,]"),
        (
            "postgresql://:12,:34/db",
            "dbname=[db] host=[,] port=[12,34]",
        ),
        ("postgresql://h/db?host=other", "dbname=[db] host=[other]"),
        (
            "postgresql://h/db?ssl=true",
            "dbname=[db] host=[h] sslmode=[require]",
        ),
        (
            "postgresql://h/db?requiressl=1",
            "dbname=[db] host=[h] sslmode=[require]",
        ),
        ("postgresql://h/d%62/x", "dbname=[db/x] host=[h]"),
        (
            "postgresql://h/db?options=-c%20geqo%3Doff",
            "dbname=[db] host=[h] options=[-c geqo=off]",
        ),
        (
            "postgresql://h/db?a%70plication_name=x+y",
            "dbname=[db] host=[h] application_name=[x+y]",
        ),
        (
            "postgresql://h%31,h%2Ch3/db",
            "dbname=[db] host=[h1,h,h3] port=[,]",
        ),
        (
            "postgresql://u?x:p#y@h/db",
            "user=[u?x] password=[p#y] dbname=[db] host=[h]",
        ),
        (
            "postgresql://ü%C3%BC@h/db",
            "user=[üü] dbname=[db] host=[h]",
        ),
        (
            "postgresql://h/db?user=&password=",
            "user=[] password=[] dbname=[db] host=[h]",
        ),
        (
            "postgresql://h/db?user=a&user=b",
            "user=[b] dbname=[db] host=[h]",
        ),
        ("postgresql://h/db?user=a&", "user=[a] dbname=[db] host=[h]"),
        (
            "postgresql://u:pa/ss@h/db",
            "dbname=[ss@h/db] host=[u] port=[pa]",
        ),
        ("postgresql://@foo/db", "dbname=[db] host=[foo]"),
        (
            "postgresql://u@@sock/db",
            "user=[u] dbname=[db] host=[@sock]",
        ),
        (
            "host=localhost port=5432 dbname=mydb connect_timeout=10",
            "connect_timeout=[10] dbname=[mydb] host=[localhost] port=[5432]",
        ),
        (
            "host = localhost  port= 5432",
            "host=[localhost] port=[5432]",
        ),
        ("host=localhost\tport=5432", "host=[localhost] port=[5432]"),
        ("  host=a  ", "host=[a]"),
        ("host='a b' user=''", "user=[] host=[a b]"),
        ("host=''", "host=[]"),
        ("host= port=1", "host=[port=1]"),
        ("host=", "host=[]"),
        (r"password='it\'s \\ ok'", r"password=[it's \ ok]"),
        (r"password=a\ b\'c\\", r"password=[a b'c\]"),
        (r"password=\", "password=[]"),
        ("user=ü dbname='naïve db'", "user=[ü] dbname=[naïve db]"),
        ("host=a host=b", "host=[b]"),
        ("host=a=b", "host=[a=b]"),
        ("password==x", "password=[=x]"),
        ("requiressl=1", "sslmode=[require]"),
        ("requiressl=0", "sslmode=[prefer]"),
        ("requiressl=x sslmode=disable", "sslmode=[disable]"),
        ("options='-c geqo=off'", "options=[-c geqo=off]"),
    ] {
        match parsed(text) {
            Ok(found) => assert_eq!(found, expect, "{text}"),
            Err(error) => panic!("{text}: {error}"),
        }
    }
}

/// libpq refuses these, too, but the one marked: it would look for a host "ss@h". The error shows
/// nothing of the string but names that cannot be a part of a password.
#[test]
fn wrong_strings_are_refused_where_they_are_wrong() {
    for (text, expect) in [
        ("postgresql://h/db?&user=a", "character 19"),
        ("postgresql://h/db?user", "character 19"),
        ("postgresql://h/db?user=a=b", "character 25"),
        ("postgresql://h/db?nosuch=1", "nosuch"),
        ("postgresql://h/db?sslmod=1", "did you mean sslmode?"),
        ("postgresql://h/db?ssl=false", "ssl"),
        ("postgresql://h/db?password=a&secret=1", "character 30"),
        ("postgresql://[::1/db", "character 14"),
        ("postgresql://[]/db", "character 14"),
        ("postgresql://[::1]x/db", "character 19"),
        ("postgresql://h%zz/db", "character 15"),
        ("postgresql://h%4", "character 15"),
        ("postgresql://h%00/db", "character 15"),
        ("postgresql://u:p%@h/db", "character 17"),
        // libpq 18 takes "ss@h" for the host.
        ("postgresql://u:p@ss@h/db", "character 18"),
        ("postgresql://ü:%@h/db", "character 16"),
        ("host", "a parameter name without \"=\" after it"),
        ("host=a port", "character 8"),
        ("password=my secret", "character 13"),
        ("password=my se=cret", "character 13"),
        ("password='it''s'", "character 14"),
        ("host='a", "character 6"),
        ("password='\\", "character 10"),
        ("host=a 'x'=1", "'x\\'"),
        ("=x", "sets "),
        ("HOST=a", "HOST"),
        ("hots=a", "did you mean host?"),
        ("ssl_mode=require", "did you mean sslmode?"),
        ("database=shop", "the names are those of libpq"),
    ] {
        // A word alone is the name of a database.
        let text = if text == "host" { "host =a port" } else { text };
        let error = parsed(text).expect_err(text).to_string();
        assert!(error.contains(expect), "{text}: {error}");
        for secret in ["secret", "cret", "p@ss", "my"] {
            assert!(!error.contains(secret), "{text}: {error}");
        }
    }
}

#[test]
fn statements_carry_the_mark_inside() {
    for (sql, expect) in [
        ("SELECT 1", "SELECT /* pgtriage */ 1"),
        (" \n select\n1", "select /* pgtriage */\n1"),
        ("SHOW work_mem", "SHOW /* pgtriage */ work_mem"),
        (
            "-- all\n-- of it\nWITH a AS (SELECT 1) TABLE a",
            "WITH /* pgtriage */ a AS (SELECT 1) TABLE a",
        ),
        ("/* a /* b */ c */SELECT(1)", "SELECT /* pgtriage */ (1)"),
        ("/* pgtriage */ SELECT 1", "SELECT /* pgtriage */ 1"),
        ("SELECT /* pgtriage */ 1", "SELECT /* pgtriage */ 1"),
        ("VALUES(1)", "VALUES /* pgtriage */ (1)"),
    ] {
        assert_eq!(marked(sql), expect, "{sql}");
    }
}

/// Messages as a server sends them, in pieces of any size.
#[test]
fn the_setup_of_a_connection_is_read_along() {
    let message = |kind: u8, body: &[u8]| {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [&[kind], length.as_slice(), body].concat()
    };
    let number = |number: i32| number.to_be_bytes().to_vec();
    let scram = message(b'R', &[number(10), b"SCRAM-SHA-256\0\0".to_vec()].concat());
    let accepted = message(b'R', &number(0));
    let rest = [
        message(b'S', b"in_hot_standby\0off\0"),
        message(b'N', b""),
        message(b'K', &[number(4711), number(1)].concat()),
        message(b'Z', b"I"),
        // After the setup everything passes.
        message(b'R', &number(3)),
    ]
    .concat();
    for (rules, asked, expect) in [
        ("", &scram[..], None),
        ("", &[], None),
        ("scram-sha-256", &scram, None),
        ("password,scram-sha-256", &scram, None),
        ("md5", &scram, Some("scram-sha-256")),
        ("!scram-sha-256", &scram, Some("scram-sha-256")),
        ("!password,!md5", &scram, None),
        ("!password", &[], None),
        ("scram-sha-256", &[], Some("no proof")),
        ("!none", &[], Some("no proof")),
        ("!none", &scram, None),
        ("none", &[], None),
        ("none", &scram, Some("scram-sha-256")),
    ] {
        let text = format!("require_auth={rules}");
        let values = Values::gather(Some(&text), &Environment::empty()).unwrap();
        let rules = super::require_auth::RequireAuth::read(&values).unwrap();
        let all = [asked, &accepted, &rest].concat();
        for piece in [1, 2, 7, all.len()] {
            let startup = Startup::default();
            let mut watch = Watch::new(rules.clone());
            let result = all
                .chunks(piece)
                .try_for_each(|news| watch.read(news, &startup));
            match expect {
                None => {
                    assert_eq!(result, Ok(()), "{text}");
                    assert_eq!(startup.process(), Some(4711), "{text} in pieces of {piece}");
                }
                Some(expect) => {
                    let refusal = result.unwrap_err().to_string();
                    assert!(refusal.contains(expect), "{text}: {refusal}");
                }
            }
        }
    }
}
