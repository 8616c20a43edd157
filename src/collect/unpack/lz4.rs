//! LZ4 frames, one after another.

use std::io::{self, BufRead, Read};

use lz4_flex::frame::FrameDecoder;

/// Reads frames to the end of the source.
pub(super) struct Lz4<S: BufRead> {
    decoder: FrameDecoder<Trail<S>>,
}

/// Remembers the last bytes that were read: the decoder takes a file that is cut off between two
/// blocks for a whole one.
struct Trail<S> {
    source: S,
    last: [u8; 8],
}

impl<S: BufRead> Lz4<S> {
    pub fn new(source: S) -> Self {
        let trail = Trail {
            source,
            // No frame at all is no torn one.
            last: [0; 8],
        };
        Self {
            decoder: FrameDecoder::new(trail),
        }
    }
}

impl<S: BufRead> Read for Lz4<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let length = self.decoder.read(buffer)?;
            if length > 0 {
                return Ok(length);
            }
            let trail = self.decoder.get_mut();
            if trail.source.fill_buf()?.is_empty() {
                return if trail.is_whole() {
                    Ok(0)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
        }
    }
}

impl<S> Trail<S> {
    /// Whether an end mark stands last, four zeros, or before the checksum of a frame.
    fn is_whole(&self) -> bool {
        self.last[4..] == [0; 4] || self.last[..4] == [0; 4]
    }
}

impl<S: Read> Read for Trail<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        let new = &buffer[length.saturating_sub(8)..length];
        self.last.rotate_left(new.len());
        self.last[8 - new.len()..].copy_from_slice(new);
        Ok(length)
    }
}
