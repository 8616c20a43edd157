//! A file as text, unpacked where it is compressed.

use std::io::{self, Read};
use std::path::Path;

use super::error::FilesError;
use crate::facts::human;

/// Beginnings of files that are something else, and what to do with them.
const STRANGERS: [(&[u8], &str); 6] = [
    (
        b"\xfd7zXZ\0",
        "it is packed with xz; unpack it first (`xz -d`), or use gzip or zstd",
    ),
    (
        b"BZh",
        "it is packed with bzip2; unpack it first (`bunzip2`), or use gzip or zstd",
    ),
    (
        b"PK\x03\x04",
        "it is a zip archive; unpack it first (`unzip`)",
    ),
    (
        b"PGDMP",
        "it is a dump in pg_dump's own format; write it as SQL with `pg_restore -s -f FILE.sql`",
    ),
    (
        b"SQLite format 3\0",
        "it is an SQLite file; a snapshot is read with --snapshot",
    ),
    (b"\x7fELF", "it is a program"),
];

/// The text of a file, `-` being stdin. Refuses more than `most` bytes, unpacked.
pub fn text(path: &Path, most: u64) -> Result<String, FilesError> {
    let packed = if path == Path::new("-") {
        limited(path, io::stdin().lock(), most)?
    } else {
        if path.is_dir() {
            return Err(FilesError::read(path, &"it is a folder"));
        }
        let file = std::fs::File::open(path).map_err(|error| FilesError::read(path, &error))?;
        limited(path, file, most)?
    };
    decode(path, unpacked(path, packed, most)?)
}

/// The bytes of a stream, unless there are too many.
fn limited(path: &Path, stream: impl Read, most: u64) -> Result<Vec<u8>, FilesError> {
    let mut bytes = Vec::new();
    stream
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| FilesError::read(path, &error))?;
    if bytes.len() as u64 > most {
        let most = human::bytes(most as f64);
        return Err(FilesError::content(
            path,
            format!("it holds more than {most}; give less of it"),
        ));
    }
    Ok(bytes)
}

fn unpacked(path: &Path, bytes: Vec<u8>, most: u64) -> Result<Vec<u8>, FilesError> {
    let damaged = |error: FilesError| match error {
        FilesError::Read { reason, .. } => FilesError::content(
            path,
            format!("its compressed data are damaged or cut off ({reason}); copy it again"),
        ),
        other => other,
    };
    if bytes.starts_with(b"\x1f\x8b") {
        let stream = flate2::read::MultiGzDecoder::new(bytes.as_slice());
        return limited(path, stream, most).map_err(damaged);
    }
    if bytes.starts_with(b"\x28\xb5\x2f\xfd") {
        return zstd(path, &bytes, most).map_err(damaged);
    }
    match STRANGERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, reason)) => Err(FilesError::content(path, *reason)),
        None => Ok(bytes),
    }
}

/// A zstd file is one frame or several.
fn zstd(path: &Path, bytes: &[u8], most: u64) -> Result<Vec<u8>, FilesError> {
    let mut rest = bytes;
    let mut out = Vec::new();
    while !rest.is_empty() {
        let frame = ruzstd::decoding::StreamingDecoder::new(&mut rest)
            .map_err(|error| FilesError::read(path, &error))?;
        let left = most.saturating_sub(out.len() as u64);
        out.extend(limited(path, frame, left)?);
    }
    Ok(out)
}

/// UTF-8, or UTF-16 with its mark, as Windows shells write it.
fn decode(path: &Path, bytes: Vec<u8>) -> Result<String, FilesError> {
    let wide = match bytes.get(..2) {
        Some([0xff, 0xfe]) => Some(u16::from_le_bytes as fn([u8; 2]) -> u16),
        Some([0xfe, 0xff]) => Some(u16::from_be_bytes as fn([u8; 2]) -> u16),
        _ => None,
    };
    if let Some(read) = wide {
        let units = bytes[2..]
            .chunks_exact(2)
            .map(|pair| read([pair[0], pair[1]]));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        return text.map_err(|_| FilesError::content(path, "it is no valid UTF-16 text"));
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid].split(|byte| *byte == b'\n').count();
        FilesError::content(
            path,
            format!("line {line} is no UTF-8 text; convert the file, for example with `iconv -f LATIN1 -t UTF-8`"),
        )
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}
