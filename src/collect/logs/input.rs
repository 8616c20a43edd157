//! An input whose bytes come in order.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::content::Kind;
use super::error::LogError;
use crate::collect::unpack::{Packing, Progress, Unpack};

/// A log: a file, packed or not, or a stream that can be read once.
pub struct Input {
    /// The name that people gave it or know it by.
    pub name: String,
    /// The file; `None` for stdin.
    pub path: Option<PathBuf>,
    /// How it is packed.
    pub packing: Packing,
    /// Its size in bytes, as it is packed; `None` for streams.
    pub size: Option<u64>,
    /// Its kind; `None` where its beginning does not show one.
    pub kind: Option<Kind>,
    /// The time of its first record, microseconds since 1970 UTC.
    pub first: Option<i64>,
    pub(super) modified: Option<std::time::SystemTime>,
    progress: Arc<Progress>,
    stream: Option<Mutex<Stream>>,
}

/// A stream that cannot be read twice: what has been looked at is kept.
struct Stream {
    head: Vec<u8>,
    rest: Option<Unpack>,
}

impl Input {
    /// An input that is a file.
    pub(super) fn file(path: &Path) -> Result<Self, LogError> {
        let error = |error: io::Error| LogError::read(path, &error);
        let file = File::open(path).map_err(error)?;
        let metadata = file.metadata().map_err(error)?;
        if !metadata.is_file() {
            let mut input = Self::stream(&path.display().to_string(), Box::new(file))?;
            input.path = Some(path.to_owned());
            return Ok(input);
        }
        let unpack = Unpack::new(Box::new(file), Arc::default()).map_err(error)?;
        Ok(Self {
            name: path.display().to_string(),
            path: Some(path.to_owned()),
            packing: unpack.packing(),
            size: Some(metadata.len()),
            kind: None,
            first: None,
            modified: metadata.modified().ok(),
            progress: Arc::default(),
            stream: None,
        })
    }

    /// An input that is a stream, such as stdin.
    pub fn stream(name: &str, stream: Box<dyn Read + Send>) -> Result<Self, LogError> {
        let progress = Arc::<Progress>::default();
        let unpack = Unpack::new(stream, Arc::clone(&progress));
        let unpack = unpack.map_err(|error| LogError::read(Path::new(name), &error))?;
        Ok(Self {
            name: name.to_owned(),
            path: None,
            packing: unpack.packing(),
            size: None,
            kind: None,
            first: None,
            modified: None,
            progress,
            stream: Some(Mutex::new(Stream {
                head: Vec::new(),
                rest: Some(unpack),
            })),
        })
    }

    /// How far it has been read since it was opened, and whether it turned out to be torn.
    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    /// The first bytes, unpacked, `most` at most. Of a file nothing is kept.
    pub fn head(&self, most: usize) -> Result<Vec<u8>, LogError> {
        let error = |error: io::Error| self.error(&error);
        let Some(stream) = &self.stream else {
            let mut head = Vec::new();
            let unpack = self.unpack(Arc::default()).map_err(error)?;
            unpack
                .take(most as u64)
                .read_to_end(&mut head)
                .map_err(error)?;
            return Ok(head);
        };
        let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
        let Stream { head, rest } = &mut *stream;
        if let Some(rest) = rest {
            let wanted = most.saturating_sub(head.len());
            rest.by_ref()
                .take(wanted as u64)
                .read_to_end(head)
                .map_err(error)?;
        }
        Ok(head[..head.len().min(most)].to_vec())
    }

    /// The last bytes, unpacked, `most` at most. A packed file is unpacked to its end for them; of
    /// a stream there are none.
    pub(super) fn tail(&self, most: usize) -> Result<Vec<u8>, LogError> {
        let error = |error: io::Error| self.error(&error);
        if self.stream.is_some() {
            return Ok(Vec::new());
        }
        if self.packing == Packing::Plain
            && let Some(path) = &self.path
        {
            let mut file = File::open(path).map_err(error)?;
            let size = file.metadata().map_err(error)?.len();
            let start = SeekFrom::Start(size.saturating_sub(most as u64));
            file.seek(start).map_err(error)?;
            let mut tail = Vec::new();
            let mut file = file.take(most as u64);
            file.read_to_end(&mut tail).map_err(error)?;
            return Ok(tail);
        }
        let mut stream = self.unpack(Arc::default()).map_err(error)?;
        let (mut before, mut last) = (Vec::new(), Vec::new());
        loop {
            let mut piece = stream.by_ref().take(most as u64);
            if piece.read_to_end(&mut last).map_err(error)? < most {
                break;
            }
            before = std::mem::take(&mut last);
        }
        before.append(&mut last);
        Ok(before.split_off(before.len().saturating_sub(most)))
    }

    /// Its bytes, unpacked, from the beginning; what is packed is unpacked on a thread of its own.
    /// A stream can be opened once.
    pub fn open(&self) -> Result<Box<dyn Read + Send>, LogError> {
        let error = |error: io::Error| self.error(&error);
        let Some(stream) = &self.stream else {
            let unpack = self.unpack(self.progress()).map_err(error)?;
            return unpack.ahead().map_err(error);
        };
        let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(rest) = stream.rest.take() else {
            return Err(LogError::content(
                &self.name,
                "it is a stream, which can be read once only",
            ));
        };
        let head = Cursor::new(std::mem::take(&mut stream.head));
        Ok(Box::new(head.chain(rest.ahead().map_err(error)?)))
    }

    fn unpack(&self, progress: Arc<Progress>) -> io::Result<Unpack> {
        let file = File::open(self.path.as_deref().unwrap_or(Path::new("")))?;
        Unpack::new(Box::new(file), progress)
    }

    fn error(&self, error: &io::Error) -> LogError {
        LogError::read(Path::new(&self.name), error)
    }
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input")
            .field("name", &self.name)
            .field("packing", &self.packing)
            .field("size", &self.size)
            .field("kind", &self.kind)
            .field("first", &self.first)
            .finish_non_exhaustive()
    }
}
