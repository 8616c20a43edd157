//! Zstandard frames, one after another.

use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// The largest window that `zstd` itself unpacks without being told to (`--long=27`).
const LARGEST_WINDOW: u64 = 1 << 27;

/// A last block that is empty, and room for a checksum.
const END: &[u8] = b"\x01\0\0\0\0\0\0";

/// Reads frames to the end of the source.
pub(super) struct Zstd<S> {
    source: S,
    decoder: FrameDecoder,
    is_open: bool,
    torn: Option<io::Error>,
}

impl<S: BufRead> Zstd<S> {
    pub fn new(source: S) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(LARGEST_WINDOW);
        Self {
            source,
            decoder,
            is_open: false,
            torn: None,
        }
    }

    /// Begins the next frame; false at the end of the source.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut skipped = self.source.by_ref().take(u64::from(length));
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(error) => return Err(self.torn(error)),
            }
        }
        Ok(false)
    }

    /// The error for one of the decoder, which does not tell a cut file from a damaged one.
    fn torn(&mut self, error: FrameDecoderError) -> io::Error {
        match self.source.fill_buf() {
            Ok([]) => io::Error::new(io::ErrorKind::UnexpectedEof, error),
            _ => io::Error::other(error),
        }
    }
}

impl<S: BufRead> Read for Zstd<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.decoder.can_collect() > 0 {
                return self.decoder.read(buffer);
            }
            if let Some(error) = self.torn.take() {
                return Err(error);
            }
            if self.is_open && self.decoder.is_finished() {
                self.is_open = false;
            }
            if !self.is_open {
                if !self.begin()? {
                    return Ok(0);
                }
                self.is_open = true;
            }
            let one = BlockDecodingStrategy::UptoBlocks(1);
            if let Err(error) = self.decoder.decode_blocks(&mut self.source, one) {
                self.torn = Some(self.torn(error));
                // The decoder holds back a window of what it has read until the frame ends.
                let _ = self.decoder.decode_blocks(END, BlockDecodingStrategy::All);
            }
        }
    }
}
