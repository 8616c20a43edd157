//! The line to a server: plain or TLS, negotiated here.
//!
//! tokio-postgres can negotiate by itself, but then a refusal of TLS is just a text, and nobody
//! sees which authentication the server asks for until a password has been sent. It leaves the
//! socket to us when it is told to do TLS at once ([`SslNegotiation::Direct`]).
//!
//! [`SslNegotiation::Direct`]: tokio_postgres::config::SslNegotiation::Direct

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio_postgres::Socket;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres_rustls_improved::MakeRustlsConnect;

use super::cause::Cause;
use super::classify::tls_cause;
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
    pub(super) encryption: Encryption,
    pub(super) tls: Tls,
    pub(super) require_auth: RequireAuth,
    /// Filled in while the connection is set up.
    pub(super) startup: Arc<Startup>,
}

impl MakeTlsConnect<Socket> for Transport {
    type Stream = Line;
    type TlsConnect = Negotiation;
    type Error = Cause;

    fn make_tls_connect(&mut self, host: &str) -> Result<Negotiation, Cause> {
        Ok(Negotiation {
            transport: self.clone(),
            host: host.to_owned(),
        })
    }
}

/// The setup of one line.
pub(super) struct Negotiation {
    transport: Transport,
    host: String,
}

impl TlsConnect<Socket> for Negotiation {
    type Stream = Line;
    type Error = Cause;
    type Future = Pin<Box<dyn Future<Output = Result<Line, Cause>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(self.negotiate(socket))
    }
}

impl Negotiation {
    async fn negotiate(self, mut socket: Socket) -> Result<Line, Cause> {
        let Transport {
            encryption,
            tls,
            require_auth,
            startup,
        } = self.transport;
        let inner = if encryption != Encryption::Never
            && (tls.direct || offered(&mut socket, encryption).await?)
        {
            let encrypted = encrypt(tls.connector?, &self.host, socket).await?;
            startup.set_encrypted();
            Inner::Encrypted(Box::new(encrypted))
        } else {
            Inner::Plain(socket)
        };
        Ok(Line {
            inner,
            watch: Watch::new(require_auth),
            startup,
        })
    }
}

/// Asks the server for TLS.
async fn offered(socket: &mut Socket, encryption: Encryption) -> Result<bool, Cause> {
    let fault = |error: io::Error| super::classify::io_cause(&error);
    socket.write_all(&SSL_REQUEST).await.map_err(fault)?;
    match (socket.read_u8().await.map_err(fault)?, encryption) {
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

type Encrypted = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

async fn encrypt(
    mut connector: MakeRustlsConnect,
    host: &str,
    socket: Socket,
) -> Result<Encrypted, Cause> {
    MakeTlsConnect::<Socket>::make_tls_connect(&mut connector, host)
        .map_err(|error| Cause::TlsSettings(format!("the host name is unusable: {error}")))?
        .connect(socket)
        .await
        .map_err(|error| tls_cause(&error))
}

/// A line that has been set up.
pub(super) struct Line {
    inner: Inner,
    watch: Watch,
    startup: Arc<Startup>,
}

enum Inner {
    Plain(Socket),
    Encrypted(Box<Encrypted>),
}

impl Line {
    /// The stream below, whichever it is.
    fn stream(self: Pin<&mut Self>) -> Pin<&mut dyn ReadWrite> {
        match &mut self.get_mut().inner {
            Inner::Plain(socket) => Pin::new(socket),
            Inner::Encrypted(stream) => Pin::new(stream.as_mut()),
        }
    }
}

trait ReadWrite: AsyncRead + AsyncWrite + Unpin {}
impl<T: AsyncRead + AsyncWrite + Unpin> ReadWrite for T {}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(self.as_mut().stream().poll_read(context, buffer))?;
        let Line { watch, startup, .. } = self.get_mut();
        let news = &buffer.filled()[before..];
        Poll::Ready(watch.read(news, startup).map_err(io::Error::other))
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream().poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(context)
    }
}

impl TlsStream for Line {
    fn channel_binding(&self) -> ChannelBinding {
        match &self.inner {
            Inner::Plain(_) => ChannelBinding::none(),
            Inner::Encrypted(stream) => stream.channel_binding(),
        }
    }
}
