//! The line to a server: plain or TLS, negotiated here.
//!
//! tokio-postgres can negotiate by itself, but then a refusal of TLS is just a text, and nobody
//! sees which authentication the server asks for until a password has been sent. It leaves the
//! stream to us when it is told to do TLS at once ([`SslNegotiation::Direct`]); whether there is
//! TLS in the end is our affair.
//!
//! [`SslNegotiation::Direct`]: tokio_postgres::config::SslNegotiation::Direct

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, Empty};
use tokio_postgres::Socket;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres_rustls_improved::MakeRustlsConnect;

use super::cause::Cause;
use super::classify::{io_cause, tls_cause};
use super::dial::{Endpoint, open};
use super::line::{Encrypted, Line, Wire};
use super::require_auth::RequireAuth;
use super::startup::{Startup, Watch};
use super::tls::Tls;

/// `SSLRequest`: length 8, code 80877103.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// Whether to use TLS on one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encryption {
    Never,
    IfOffered,
    Always,
}

/// Makes lines to one server.
#[derive(Clone)]
pub(super) struct Transport {
    pub(super) endpoint: Endpoint,
    pub(super) tls: Tls,
    pub(super) require_auth: RequireAuth,
    /// Filled in while the connection is set up.
    pub(super) startup: Arc<Startup>,
    /// Whether the line is for a cancel request, which ends when the server closes it.
    pub(super) until_closed: bool,
}

type Setup = Pin<Box<dyn Future<Output = Result<Line, Cause>> + Send>>;

impl MakeTlsConnect<Socket> for Transport {
    type Stream = Line;
    type TlsConnect = Self;
    type Error = Cause;

    fn make_tls_connect(&mut self, _: &str) -> Result<Self, Cause> {
        Ok(self.clone())
    }
}

/// On the socket that tokio-postgres has opened.
impl TlsConnect<Socket> for Transport {
    type Stream = Line;
    type Error = Cause;
    type Future = Setup;

    fn connect(self, socket: Socket) -> Setup {
        Box::pin(self.negotiate(Box::new(socket)))
    }
}

/// On one that we open: tokio-postgres gets a stream of nothing to hand to us.
impl TlsConnect<Empty> for Transport {
    type Stream = Line;
    type Error = Cause;
    type Future = Setup;

    fn connect(self, _: Empty) -> Setup {
        Box::pin(async move {
            let wire = open(&self.endpoint)
                .await
                .map_err(|error| io_cause(&error))?;
            self.negotiate(wire).await
        })
    }
}

impl Transport {
    async fn negotiate(self, mut wire: Wire) -> Result<Line, Cause> {
        let watch = Watch::new(self.require_auth);
        let encryption = self.endpoint.encryption;
        if encryption == Encryption::Never
            || !(self.tls.direct || offered(&mut wire, encryption).await?)
        {
            return Ok(Line::plain(wire, watch, self.startup, self.until_closed));
        }
        let host = self.endpoint.host.key();
        let stream = encrypt(self.tls.connector?, &host, wire).await?;
        self.startup.set_encrypted();
        Ok(Line::encrypted(
            stream,
            watch,
            self.startup,
            self.until_closed,
        ))
    }
}

/// Asks the server for TLS.
async fn offered(
    wire: &mut (impl AsyncRead + AsyncWrite + Unpin),
    encryption: Encryption,
) -> Result<bool, Cause> {
    let fault = |error| io_cause(&error);
    wire.write_all(&SSL_REQUEST).await.map_err(fault)?;
    match (wire.read_u8().await.map_err(fault)?, encryption) {
        (b'S', _) => Ok(true),
        (b'N', Encryption::Always) => Err(Cause::NoTls),
        (b'N', _) => Ok(false),
        // The server could not even start a process for us. What it says is not to be trusted
        // before TLS is there, so it is not shown.
        (b'E', _) => Err(Cause::Closed),
        (other, _) => Err(Cause::NotPostgres(format!(
            "it answers the question for TLS with byte {other}"
        ))),
    }
}

async fn encrypt(
    mut connector: MakeRustlsConnect,
    host: &str,
    wire: Wire,
) -> Result<Encrypted, Cause> {
    MakeTlsConnect::<Wire>::make_tls_connect(&mut connector, host)
        .map_err(|error| Cause::TlsSettings(format!("the host name is unusable: {error}")))?
        .connect(wire)
        .await
        .map_err(|error| tls_cause(&error))
}
