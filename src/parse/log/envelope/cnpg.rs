//! `CloudNativePG`: `record` has the columns of csvlog by name, all as strings.

use super::members::{Members, string};

/// Whether a record is of a server: those of other programs have members of their own.
pub(super) fn is_record(record: &[u8]) -> bool {
    Members::of(record).is_some_and(|mut members| members.any(|(name, _)| name == b"log_time"))
}

/// Writes the record of an entry as jsonlog; false where it is broken.
pub(super) fn write(record: &[u8], out: &mut Vec<u8>) -> bool {
    let Some(mut members) = Members::of(record) else {
        return false;
    };
    let before = out.len();
    out.push(b'{');
    for (name, value) in members.by_ref() {
        let Some(text) = string(value) else {
            continue;
        };
        let Some(name) = jsonlog(name) else {
            continue;
        };
        let text = if name == "remote_host" {
            without_port(text)
        } else {
            text
        };
        if out.len() > before + 1 {
            out.push(b',');
        }
        for part in [b"\"", name.as_bytes(), b"\":\"", text, b"\""] {
            out.extend_from_slice(part);
        }
    }
    let whole = members.whole();
    if whole {
        out.extend_from_slice(b"}\n");
    } else {
        out.truncate(before);
    }
    whole
}

/// The name that jsonlog has for a column of csvlog.
fn jsonlog(column: &[u8]) -> Option<&'static str> {
    Some(match column {
        b"log_time" => "timestamp",
        b"user_name" => "user",
        b"database_name" => "dbname",
        b"process_id" => "pid",
        b"connection_from" => "remote_host",
        b"session_id" => "session_id",
        b"command_tag" => "ps",
        b"error_severity" => "error_severity",
        b"sql_state_code" => "state_code",
        b"message" => "message",
        b"detail" => "detail",
        b"hint" => "hint",
        b"internal_query" => "internal_query",
        b"context" => "context",
        b"query" => "statement",
        b"application_name" => "application_name",
        b"query_id" => "query_id",
        _ => return None,
    })
}

fn without_port(host: &[u8]) -> &[u8] {
    match memchr::memrchr(b':', host) {
        Some(at) if host.len() > at + 1 && host[at + 1..].iter().all(u8::is_ascii_digit) => {
            &host[..at]
        }
        _ => host,
    }
}
