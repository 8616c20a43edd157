//! A file as text, unpacked where it is compressed.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::unpack::{Progress, Unpack, stranger};
use super::error::FilesError;
use crate::facts::human;

/// The text of a file, `-` being stdin. Refuses more than `most` bytes, unpacked.
pub fn text(path: &Path, most: u64) -> Result<String, FilesError> {
    let stream: Box<dyn Read + Send> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        if path.is_dir() {
            return Err(FilesError::read(path, &"it is a folder"));
        }
        let file = std::fs::File::open(path).map_err(|error| FilesError::read(path, &error))?;
        Box::new(file)
    };
    let progress = Arc::new(Progress::default());
    let unpack = Unpack::new(stream, Arc::clone(&progress));
    let unpack = unpack.map_err(|error| FilesError::read(path, &error))?;
    let bytes = limited(path, unpack, most)?;
    if let Some(torn) = progress.torn() {
        let reason = &torn.reason;
        return Err(FilesError::content(
            path,
            format!("its compressed data are damaged or cut off ({reason}); copy it again"),
        ));
    }
    match stranger(&bytes) {
        Some(reason) => Err(FilesError::content(path, reason)),
        None => decode(path, bytes),
    }
}

/// The scripts that a path stands for: itself, or those of a folder, by name.
pub fn scripts(path: &Path) -> Result<Vec<PathBuf>, FilesError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let read = |error: io::Error| FilesError::read(path, &error);
    let mut scripts = Vec::new();
    for entry in std::fs::read_dir(path).map_err(read)? {
        let entry = entry.map_err(read)?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let is_script = PACKED
            .iter()
            .any(|packed| name.ends_with(&format!(".sql{packed}")));
        if is_script && entry.path().is_file() {
            scripts.push(entry.path());
        }
    }
    if scripts.is_empty() {
        return Err(FilesError::content(
            path,
            "the folder holds no file *.sql; name the script itself if it is called otherwise",
        ));
    }
    scripts.sort();
    Ok(scripts)
}

/// How names of scripts may go on behind `.sql`.
const PACKED: [&str; 6] = ["", ".gz", ".bz2", ".xz", ".zst", ".lz4"];

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
