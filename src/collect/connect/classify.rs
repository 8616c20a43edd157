//! From the errors of the libraries below to a [`Cause`].

use std::error::Error as _;
use std::io::{self, ErrorKind};

use rustls::CertificateError;
use tokio_postgres::error::{DbError, Error, SqlState};

use super::cause::Cause;
use super::passfile::Password;

/// Longest text of a server that is repeated, in characters.
const LONGEST_MESSAGE: usize = 300;

/// Why `error` kept us from connecting.
pub(super) fn cause(error: &Error, user: &str, password: Option<&Password>) -> Cause {
    if let Some(refusal) = error.as_db_error() {
        return refused(refusal, password);
    }
    let Some(source) = error.source() else {
        return if error.is_closed() {
            Cause::Closed
        } else {
            Cause::NotPostgres(error.to_string())
        };
    };
    if let Some(cause) = source.downcast_ref::<Cause>() {
        return cause.clone();
    }
    if let Some(fault) = source.downcast_ref::<io::Error>() {
        // Faults of the network come up while connecting, or are one of the kinds known below; else
        // it is the answer that makes no sense.
        return match io_cause(fault) {
            Cause::Network(text) if !is_connecting(error) => Cause::NotPostgres(text),
            cause => cause,
        };
    }
    let text = source.to_string();
    match text.as_str() {
        "password missing" => Cause::NoPassword {
            user: user.to_owned(),
        },
        "server did not use channel binding" => Cause::Authentication(
            "the server cannot bind its answer to the TLS connection, which \
             channel_binding=require wants"
                .to_owned(),
        ),
        _ => Cause::Authentication(format!("authentication failed: {}", printable(&text))),
    }
}

/// tokio-postgres keeps the kind of an error to itself but for its text.
fn is_connecting(error: &Error) -> bool {
    error.to_string().starts_with("error connecting")
}

/// By SQLSTATE and, where one code means several things, by the function in the server that
/// reports; texts may be in any language.
fn refused(error: &DbError, password: Option<&Password>) -> Cause {
    let message = printable(error.message());
    match error.code() {
        code if *code == SqlState::INVALID_PASSWORD => Cause::WrongPassword {
            message,
            origin: password.map(|password| password.origin.clone()),
        },
        code if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => match error.routine() {
            Some("ClientAuthentication") => Cause::NotAllowed { message },
            Some("InitializeSessionUserId") => Cause::Role { message },
            _ => Cause::Identity { message },
        },
        code if *code == SqlState::INVALID_CATALOG_NAME
            || *code == SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE
            || *code == SqlState::INSUFFICIENT_PRIVILEGE =>
        {
            Cause::Database { message }
        }
        code if *code == SqlState::TOO_MANY_CONNECTIONS => Cause::TooMany { message },
        code if *code == SqlState::CANNOT_CONNECT_NOW
            || *code == SqlState::ADMIN_SHUTDOWN
            || *code == SqlState::CRASH_SHUTDOWN =>
        {
            Cause::NotReady { message }
        }
        code if *code == SqlState::PROTOCOL_VIOLATION => Cause::Startup { message },
        code => Cause::Server {
            code: code.code().to_owned(),
            message,
        },
    }
}

/// Faults of the socket, and what was passed up through it.
pub(super) fn io_cause(error: &io::Error) -> Cause {
    if let Some(inner) = error.get_ref() {
        if let Some(cause) = inner.downcast_ref::<Cause>() {
            return cause.clone();
        }
        if inner.is::<rustls::Error>() {
            return tls_cause(error);
        }
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => Cause::Refused,
        ErrorKind::NotFound => Cause::NoSocket,
        ErrorKind::PermissionDenied => Cause::SocketDenied,
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe => Cause::Closed,
        _ => Cause::Network(system_text(error)),
    }
}

/// Faults of a TLS handshake, and alerts of the server after it.
pub(super) fn tls_cause(error: &io::Error) -> Cause {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(rustls::Error::InvalidCertificate(error)) => certificate_cause(error),
        Some(rustls::Error::AlertReceived(alert)) => Cause::TlsRefused(format!("{alert:?}")),
        Some(error) => Cause::Handshake(printable(&error.to_string())),
        None => io_cause(error),
    }
}

fn certificate_cause(error: &CertificateError) -> Cause {
    use CertificateError as E;
    match error {
        E::NotValidForNameContext { presented, .. } if !presented.is_empty() => {
            let names: Vec<String> = presented.iter().map(|name| bare_name(name)).collect();
            Cause::CertificateName(names.join(", "))
        }
        E::NotValidForName | E::NotValidForNameContext { .. } => {
            Cause::CertificateName("a common name only, without subjectAltName".to_owned())
        }
        E::UnknownIssuer | E::BadSignature => Cause::UnknownIssuer,
        E::Expired | E::ExpiredContext { .. } => Cause::CertificateTime("has expired".to_owned()),
        E::NotValidYet | E::NotValidYetContext { .. } => {
            Cause::CertificateTime("is not valid yet".to_owned())
        }
        E::Revoked | E::UnknownRevocationStatus | E::ExpiredRevocationList => Cause::Revoked,
        E::Other(other) => Cause::Certificate(format!("{:?}", other.0)),
        other => Cause::Certificate(printable(&other.to_string())),
    }
}

/// `db.example.com` of rustls's `DnsName("db.example.com")`.
fn bare_name(name: &str) -> String {
    let inner = name.split_once('(').map_or(name, |(_, rest)| rest);
    printable(inner.trim_end_matches(')').trim_matches('"'))
}

/// What the operating system says, without Rust's "(os error 111)".
pub(super) fn system_text(error: &io::Error) -> String {
    let text = printable(&error.to_string());
    let text = text.split(" (os error").next().unwrap_or_default();
    text.trim_start_matches("failed to lookup address information: ")
        .to_lowercase()
}

/// Text of a stranger, made safe for a terminal and short.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST_MESSAGE)
        .collect()
}
