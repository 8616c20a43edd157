use pgtriage::parse::{is_secret_setting, redact_command, redact_conninfo, redact_setting};

fn check(redact: fn(&str) -> String, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let redacted = redact(text);
        assert_eq!(redacted, *expected, "{text:?}");
        assert_eq!(redact(&redacted), *expected, "again: {text:?}");
    }
}

#[test]
fn connection_strings() {
    check(
        redact_conninfo,
        &[
            ("", ""),
            (
                "host=h port=5432 user=u dbname=d",
                "host=h port=5432 user=u dbname=d",
            ),
            ("host=h password=p user=u", "host=h password=*** user=u"),
            (
                "password = 'a b\\' c' host = 'h 1'",
                "password=*** host='h 1'",
            ),
            (
                "sslpassword=p passfile=/f sslkey=/k sslmode=require",
                "sslpassword=*** passfile=*** sslkey=*** sslmode=require",
            ),
            (
                "host=h options='-c app.secret=x' new_thing=y",
                "host=h options=*** new_thing=***",
            ),
            ("host=h secret", "host=h ***"),
            ("password='open", "password=***"),
            ("password=a\\", "password=***"),
            ("postgres://u@h/d", "postgres://u@h/d"),
            (
                "postgresql://u:p@h:1,h2:2/d?sslmode=require&password=p&x",
                "postgresql://u:***@h:1,h2:2/d?sslmode=require&password=***&***",
            ),
            ("postgres://u:p@ss/w?rd@h/d", "postgres://u:***@h/d"),
            ("postgres://u:p/w?rd@h/d", "postgres://u:***@h/d"),
            (
                "postgres://h:5432/d?application_name=a@b",
                "postgres://h:5432/d?application_name=a@b",
            ),
            (
                "postgres://[::1]:5432/d?application_name=a@b",
                "postgres://[::1]:5432/d?application_name=a@b",
            ),
            ("POSTGRES://u:p@h", "POSTGRES://u:***@h"),
        ],
    );
}

#[test]
fn shell_commands() {
    check(
        redact_command,
        &[
            ("cp %p /archive/%f", "cp %p /archive/%f"),
            ("PGPASSWORD=x pg_dump  -h h", "PGPASSWORD=*** pg_dump  -h h"),
            (
                "AWS_SECRET_ACCESS_KEY='a b' AWS_REGION=eu wal-g wal-push %p",
                "AWS_SECRET_ACCESS_KEY=*** AWS_REGION=eu wal-g wal-push %p",
            ),
            (
                "tool --password=x --secret-key y --level 3",
                "tool --password=*** --secret-key *** --level 3",
            ),
            ("sh -c 'PGPASSWORD=x psql'", "sh -c 'PGPASSWORD=***'"),
            (
                "curl -u me:pw -H \"Authorization: Bearer x\" http://h",
                "curl -u me:*** -H \"Authorization:***\" http://h",
            ),
            ("psql postgresql://u:p@h/d", "psql postgresql://u:***@h/d"),
            ("psql 'host=h password=p'", "psql 'host=h password=***'"),
        ],
    );
}

#[test]
fn settings() {
    let secret = [
        "primary_conninfo",
        "ssl_passphrase_command",
        "archive_command",
        "restore_command",
        "archive_cleanup_command",
        "recovery_end_command",
        "Primary_ConnInfo",
        "app.jwt_secret",
        "app.settings.api_key",
        "anon.salt",
    ];
    for name in secret {
        assert!(is_secret_setting(name), "{name}");
    }
    let plain = [
        "work_mem",
        "search_path",
        "ssl_key_file",
        "password_encryption",
        "tcp_keepalives_idle",
        "pg_stat_statements.max",
        "auto_explain.log_min_duration",
    ];
    for name in plain {
        assert!(!is_secret_setting(name), "{name}");
        assert_eq!(redact_setting(name, "a=b password=c"), "a=b password=c");
    }
    assert_eq!(
        redact_setting("primary_conninfo", "host=h password=p"),
        "host=h password=***"
    );
    assert_eq!(
        redact_setting("archive_command", "TOKEN=x cp"),
        "TOKEN=*** cp"
    );
    assert_eq!(redact_setting("ssl_passphrase_command", "echo x"), "***");
    assert_eq!(redact_setting("app.jwt_secret", "x"), "***");
    assert_eq!(redact_setting("app.jwt_secret", ""), "");
}
