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
    let (named, others): (Vec<_>, Vec<_>) = settings
        .databases
        .iter()
        .partition(|(name, _)| is_plain(name));
    for (name, size) in named {
        let _ = writeln!(
            out,
            "{name} = {place} dbname={} pool_size={size}",
            value(name)
        );
    }
    if settings.databases.is_empty() || !others.is_empty() {
        // The file has no form for other names; clients' own go through the star.
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

/// Whether a name can stand before `=`.
fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    !name.is_empty() && name.chars().all(plain)
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
    use super::{is_plain, value};

    #[test]
    fn names_stand_as_the_file_can_have_them() {
        assert!(is_plain("shop-2.eu_west"));
        assert!(!is_plain("my shop"));
        assert_eq!(value("shop"), "shop");
        assert_eq!(value("/run/postgresql"), "/run/postgresql");
        assert_eq!(value("it's"), "'it''s'");
    }
}
