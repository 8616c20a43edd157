//! A stream of unpacked bytes.

use std::io::{self, BufReader, Cursor, Read};
use std::sync::Arc;

use super::ahead::Ahead;
use super::lz4::Lz4;
use super::packing::{HEAD, Packing};
use super::progress::{Counted, Progress, Torn};
use super::zstd::Zstd;

/// Bytes taken from a file at once.
const BUFFER: usize = 256 * 1024;

/// The xz decoder forgets what it has unpacked when it meets an error, so it is asked for little at
/// a time.
const XZ_PIECE: usize = 8 * 1024;

type Source = BufReader<io::Chain<Cursor<Vec<u8>>, Counted>>;

enum Decoder {
    Plain(Source),
    Gzip(Box<flate2::bufread::MultiGzDecoder<Source>>),
    Bzip2(Box<bzip2::bufread::MultiBzDecoder<Source>>),
    Xz(Box<lzma_rust2::XzReader<Source>>),
    Zstd(Box<Zstd<Source>>),
    Lz4(Box<Lz4<Source>>),
}

/// The unpacked bytes of a stream, however it is packed. Members and frames one after another are
/// one stream. Where it is torn it ends, and [`Progress::torn`] says so; errors are those of the
/// stream itself.
pub struct Unpack {
    decoder: Decoder,
    packing: Packing,
    progress: Arc<Progress>,
    given: u64,
    is_ended: bool,
}

impl Unpack {
    /// Finds out how a stream is packed, for which its first bytes are read.
    pub fn new(stream: Box<dyn Read + Send>, progress: Arc<Progress>) -> io::Result<Self> {
        let mut counted = Counted {
            inner: stream,
            progress: Arc::clone(&progress),
        };
        let mut head = Vec::with_capacity(HEAD);
        counted.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        let packing = Packing::of(&head);
        let source = BufReader::with_capacity(BUFFER, Cursor::new(head).chain(counted));
        let decoder = match packing {
            Packing::Plain => Decoder::Plain(source),
            Packing::Gzip => Decoder::Gzip(Box::new(flate2::bufread::MultiGzDecoder::new(source))),
            Packing::Bzip2 => Decoder::Bzip2(Box::new(bzip2::bufread::MultiBzDecoder::new(source))),
            Packing::Xz => Decoder::Xz(Box::new(lzma_rust2::XzReader::new(source, true))),
            Packing::Zstd => Decoder::Zstd(Box::new(Zstd::new(source))),
            Packing::Lz4 => Decoder::Lz4(Box::new(Lz4::new(source))),
        };
        Ok(Self {
            decoder,
            packing,
            progress,
            given: 0,
            is_ended: false,
        })
    }

    /// How the stream is packed.
    pub fn packing(&self) -> Packing {
        self.packing
    }

    /// The same bytes; what is packed is unpacked on a thread of its own, ahead of who reads.
    pub fn ahead(self) -> io::Result<Box<dyn Read + Send>> {
        if self.packing == Packing::Plain {
            return Ok(Box::new(self));
        }
        Ok(Box::new(Ahead::new(self)?))
    }

    fn decode(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.decoder {
            Decoder::Plain(source) => source.read(buffer),
            Decoder::Gzip(decoder) => decoder.read(buffer),
            Decoder::Bzip2(decoder) => decoder.read(buffer),
            Decoder::Xz(decoder) => {
                let most = buffer.len().min(XZ_PIECE);
                decoder.read(&mut buffer[..most])
            }
            Decoder::Zstd(decoder) => decoder.read(buffer),
            Decoder::Lz4(decoder) => decoder.read(buffer),
        }
    }
}

impl Read for Unpack {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_ended || buffer.is_empty() {
            return Ok(0);
        }
        match self.decode(buffer) {
            Ok(length) => {
                self.given += length as u64;
                self.is_ended = length == 0;
                Ok(length)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) if self.packing == Packing::Plain || self.progress.has_failed() => {
                Err(error)
            }
            Err(error) => {
                self.is_ended = true;
                self.progress.tear(Torn {
                    at: self.given,
                    reason: error.to_string(),
                    is_cut: error.kind() == io::ErrorKind::UnexpectedEof,
                });
                Ok(0)
            }
        }
    }
}
