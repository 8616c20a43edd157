//! `pgbouncer.ini`.

use std::fmt::Write as _;

use super::recipes::{Settings, WAIT_S};

/// Part of the pool that `PgBouncer` may open beyond it when clients wait long.
const RESERVE: f64 = 0.25;
/// Time after which a server connection that nobody uses is closed, s.
const IDLE_S: i64 = 600;
/// Prepared statements that are followed for each server connection.
const PREPARED: i64 = 200;

/// The file: transaction pooling, with what a server of this load can make use of.
pub fn ini(settings: &Settings) -> String {
    let mut out = String::from("[databases]\n");
    let place = settings.server.as_ref().map_or_else(
        || "host=127.0.0.1 port=5432".to_owned(),
        |(host, port)| format!("host={} port={port}", value(host)),
    );
    for (name, size) in &settings.databases {
        let _ = writeln!(
            out,
            "{} = {place} dbname={} pool_size={size}",
            key(name),
            value(name)
        );
    }
    if settings.databases.is_empty() {
        let _ = writeln!(out, "* = {place}");
    }
    let total = settings.total;
    let reserve = (total as f64 * RESERVE).ceil() as i64;
    let _ = write!(
        out,
        "
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = 6432
auth_type = scram-sha-256
auth_file = userlist.txt

pool_mode = transaction
; for each pair of database and user
default_pool_size = {total}
reserve_pool_size = {reserve}
; for each database, whatever the number of its users
max_db_connections = {total}
max_client_conn = {clients}

; seconds
server_idle_timeout = {IDLE_S}
query_wait_timeout = {WAIT_S}

; drivers send this at the start; PgBouncer does not follow it
ignore_startup_parameters = extra_float_digits

; from PgBouncer 1.21 on: prepared statements of the protocol work in transactions. Older versions do
; not know it; there, switch prepared statements off in the driver.
;max_prepared_statements = {PREPARED}
",
        clients = settings.clients
    );
    out
}

/// A name before `=`, quoted where it needs to be.
fn key(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if !name.is_empty() && name.chars().all(plain) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A value in a connection string.
fn value(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | ':');
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::{key, value};

    #[test]
    fn names_are_quoted_where_they_need_to_be() {
        assert_eq!(key("shop"), "shop");
        assert_eq!(key("my \"shop\""), "\"my \"\"shop\"\"\"");
        assert_eq!(value("/run/postgresql"), "/run/postgresql");
        assert_eq!(value("it's"), "'it''s'");
    }
}
