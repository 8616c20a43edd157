//! A line that has been set up, as tokio-postgres uses it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsStream};
use tokio_postgres_rustls_improved::MakeRustlsConnect;

use super::startup::{Startup, Watch};

/// A stream in both directions.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

/// A socket of any kind.
pub(super) type Wire = Box<dyn Duplex>;
/// TLS over it.
pub(super) type Encrypted = <MakeRustlsConnect as MakeTlsConnect<Wire>>::Stream;

/// A line, plain or encrypted, that is read along while the connection is set up.
pub(super) struct Line {
    stream: Stream,
    watch: Watch,
    startup: Arc<Startup>,
    until_closed: bool,
}

enum Stream {
    Plain(Wire),
    Encrypted(Box<Encrypted>),
}

impl Line {
    pub(super) fn plain(
        wire: Wire,
        watch: Watch,
        startup: Arc<Startup>,
        until_closed: bool,
    ) -> Self {
        Self {
            stream: Stream::Plain(wire),
            watch,
            startup,
            until_closed,
        }
    }

    pub(super) fn encrypted(
        stream: Encrypted,
        watch: Watch,
        startup: Arc<Startup>,
        until_closed: bool,
    ) -> Self {
        Self {
            stream: Stream::Encrypted(Box::new(stream)),
            watch,
            startup,
            until_closed,
        }
    }

    fn below(self: Pin<&mut Self>) -> Pin<&mut dyn Duplex> {
        match &mut self.get_mut().stream {
            Stream::Plain(wire) => Pin::new(wire),
            Stream::Encrypted(stream) => Pin::new(stream.as_mut()),
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(self.as_mut().below().poll_read(context, buffer))?;
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
        self.below().poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.below().poll_flush(context)
    }

    /// After a cancel request the server closes the line when it is done with it. To close it
    /// first, as tokio-postgres would, makes `PgBouncer` 1.18 crash.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.until_closed {
            let mut bytes = [0; 64];
            let mut buffer = ReadBuf::new(&mut bytes);
            let outcome = ready!(self.as_mut().below().poll_read(context, &mut buffer));
            if outcome.is_err() || buffer.filled().is_empty() {
                self.until_closed = false;
            }
        }
        self.below().poll_shutdown(context)
    }
}

impl TlsStream for Line {
    fn channel_binding(&self) -> ChannelBinding {
        match &self.stream {
            Stream::Plain(_) => ChannelBinding::none(),
            Stream::Encrypted(stream) => stream.channel_binding(),
        }
    }
}
