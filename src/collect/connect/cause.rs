//! What can keep a server from letting us in, and what to try.

use std::time::Duration;

use thiserror::Error;

use super::source::Source;

/// Why one server could not be used. `Display` says what happened, [`Cause::advice`] what to try.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Cause {
    /// The host name has no address.
    #[error("the host name cannot be resolved ({0})")]
    UnknownHost(String),
    /// Nobody listens.
    #[error("connection refused")]
    Refused,
    /// There is no such socket.
    #[error("there is no such socket")]
    NoSocket,
    /// The socket's permissions keep us out.
    #[error("permission denied for the socket")]
    SocketDenied,
    /// Any other fault on the way.
    #[error("{0}")]
    Network(String),
    /// No answer in time.
    #[error("no answer within {}", seconds(*.0))]
    Timeout(Duration),
    /// The server closed the connection while it was being set up.
    #[error("the server closed the connection before it was set up")]
    Closed,
    /// What answered does not speak the protocol.
    #[error("what answers there is not a PostgreSQL server ({0})")]
    NotPostgres(String),
    /// TLS was required and the server has none.
    #[error("the server does not offer TLS")]
    NoTls,
    /// TLS could not be set up on our side.
    #[error("TLS cannot be set up: {0}")]
    TlsSettings(String),
    /// The server's certificate is for another name.
    #[error("the server's certificate is not valid for this host name (it is for {0})")]
    CertificateName(String),
    /// The server's certificate comes from an unknown authority.
    #[error("the server's certificate is not signed by a known authority")]
    UnknownIssuer,
    /// The server's certificate is out of date, or not yet valid.
    #[error("the server's certificate {0}")]
    CertificateTime(String),
    /// The server's certificate was withdrawn.
    #[error("the server's certificate has been revoked, or its revocation cannot be checked")]
    Revoked,
    /// Any other fault of the server's certificate.
    #[error("the server's certificate cannot be accepted ({0})")]
    Certificate(String),
    /// The server did not accept our certificate, or wants one.
    #[error("the server refused the TLS connection ({0})")]
    TlsRefused(String),
    /// Any other fault of the TLS handshake.
    #[error("the TLS handshake failed ({0})")]
    Handshake(String),
    /// A password is asked for and none is known.
    #[error("the server asks for a password for user \"{user}\" and none was given")]
    NoPassword {
        /// The user.
        user: String,
    },
    /// The password is wrong.
    #[error("{message}")]
    WrongPassword {
        /// The server's words.
        message: String,
        /// Where the password came from.
        origin: Option<Source>,
    },
    /// The server's access rules have no place for us.
    #[error("{message}")]
    NotAllowed {
        /// The server's words.
        message: String,
    },
    /// The role does not exist or may not log in.
    #[error("{message}")]
    Role {
        /// The server's words.
        message: String,
    },
    /// Another way of identification failed: peer, ident, certificate, LDAP …
    #[error("{message}")]
    Identity {
        /// The server's words.
        message: String,
    },
    /// The database does not exist or takes no connections.
    #[error("{message}")]
    Database {
        /// The server's words.
        message: String,
    },
    /// All connections are taken.
    #[error("{message}")]
    TooMany {
        /// The server's words.
        message: String,
    },
    /// The server is starting, stopping or recovering.
    #[error("{message}")]
    NotReady {
        /// The server's words.
        message: String,
    },
    /// The server does not take what we send at startup. Poolers give this code to most of their
    /// refusals.
    #[error("{message}")]
    Startup {
        /// The server's words.
        message: String,
    },
    /// Any other error of the server.
    #[error("{message} (SQLSTATE {code})")]
    Server {
        /// SQLSTATE.
        code: String,
        /// The server's words.
        message: String,
    },
    /// A way of authentication that we do not have, or that `require_auth` forbids.
    #[error("{0}")]
    Authentication(String),
    /// The server is not of the wanted kind.
    #[error("the server is not what target_session_attrs={wanted} asks for")]
    WrongTarget {
        /// The value of `target_session_attrs`.
        wanted: &'static str,
    },
}

impl Cause {
    /// What to try.
    pub fn advice(&self) -> String {
        match self {
            Self::UnknownHost(_) => "is the host name spelled right?".into(),
            Self::Refused => "is the server running there, and is the port right?".into(),
            Self::NoSocket => "is the server running, and is the port right? \
                 (host=localhost connects by TCP instead)"
                .into(),
            Self::SocketDenied => {
                "connect by TCP with host=localhost, or run as a user who may open the socket"
                    .into()
            }
            Self::Network(_) => "is the host reachable from here?".into(),
            Self::Timeout(_) => {
                "is a firewall in between, or is the server overloaded? (connect_timeout sets the \
                 limit)"
                    .into()
            }
            Self::Closed => "the server's log says why".into(),
            Self::NotPostgres(_) => "are host and port those of PostgreSQL?".into(),
            Self::NoTls => {
                "set ssl = on at the server, or connect with sslmode=prefer if the network can be \
                 trusted"
                    .into()
            }
            Self::TlsSettings(_) => "mend that, or choose another sslmode".into(),
            Self::CertificateName(_) => {
                "connect by one of the certificate's names (hostaddr gives \
                 the address), or use sslmode=verify-ca if any host of that authority will do"
                    .into()
            }
            Self::UnknownIssuer => {
                "point sslrootcert at the certificate of the server's authority \
                 (sslrootcert=system for public ones)"
                    .into()
            }
            Self::CertificateTime(_) => {
                "renew it at the server (or set the clock here, if that is wrong)".into()
            }
            Self::Revoked => "check sslcrl, or give the server a new certificate".into(),
            Self::Certificate(_) => "give the server an X.509 version 3 certificate that names \
                 the host in subjectAltName"
                .into(),
            Self::TlsRefused(_) => "does the server ask for a client certificate? (sslcert and \
                 sslkey name it)"
                .into(),
            Self::Handshake(_) => "does the server speak TLS 1.2 or 1.3?".into(),
            Self::NoPassword { .. } => "put it into ~/.pgpass or set PGPASSWORD".into(),
            Self::WrongPassword { origin, .. } => match origin {
                Some(origin) => format!("the password came from {origin}"),
                None => "no password was given".into(),
            },
            Self::NotAllowed { .. } => {
                "add a line for this user, database and address to the server's pg_hba.conf".into()
            }
            Self::Role { .. } => "give another user, or CREATE ROLE … LOGIN at the server".into(),
            Self::Identity { .. } => {
                "pg_hba.conf of the server chooses how this user is identified; connect as the \
                 user it expects, or by another way"
                    .into()
            }
            Self::Database { .. } => "give another dbname (postgres nearly always exists)".into(),
            Self::TooMany { .. } => {
                "wait, end idle sessions, or connect as a role with reserved connections \
                 (pg_use_reserved_connections, superuser)"
                    .into()
            }
            Self::NotReady { .. } => "try again in a moment".into(),
            Self::Startup { .. } => {
                "a pooler that answers there must know the user and the database, and may refuse \
                 options and PGOPTIONS"
                    .into()
            }
            Self::Server { .. } => "the server's log may say more".into(),
            Self::Authentication(_) => {
                "pgtriage can use scram-sha-256, md5, password, trust, peer and certificates".into()
            }
            Self::WrongTarget { .. } => "name another host, or another target_session_attrs".into(),
        }
    }

    /// Whether libpq, too, would go on to the next host: the server could not be reached, is not
    /// ready, or is not of the wanted kind. A refusal is final.
    pub(super) fn next_host(&self) -> bool {
        self.progress() <= 1 || matches!(self, Self::WrongTarget { .. } | Self::NotReady { .. })
    }

    /// Whether the server might let us in with TLS instead of without, or the other way round:
    /// libpq tries that for sslmode prefer and allow. A wrong password does not get better by it.
    pub(super) fn other_encryption(&self) -> bool {
        self.progress() == 2 || matches!(self, Self::NotAllowed { .. } | Self::Identity { .. })
    }

    /// How far we got: 0 no address, 1 no connection, 2 no TLS, 3 an answer of the server.
    pub(super) fn progress(&self) -> u8 {
        match self {
            Self::UnknownHost(_) => 0,
            Self::Refused
            | Self::NoSocket
            | Self::SocketDenied
            | Self::Network(_)
            | Self::Timeout(_)
            | Self::Closed => 1,
            Self::NoTls
            | Self::TlsSettings(_)
            | Self::CertificateName(_)
            | Self::UnknownIssuer
            | Self::CertificateTime(_)
            | Self::Revoked
            | Self::Certificate(_)
            | Self::TlsRefused(_)
            | Self::Handshake(_) => 2,
            _ => 3,
        }
    }
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}
