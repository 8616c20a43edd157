//! A folder of files, and what they give.

use std::io::Write;
use std::path::PathBuf;

use pgtriage::collect::files::{FactsFile, Files, FilesOptions, Note, load};
use pgtriage::facts::Store;
use rusqlite::types::Value;

pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Files by the option that names them: `statements`, `workload`, `schema` or a view.
    pub fn files(&self, given: &[(&str, &str)]) -> Files {
        let mut files = Files::default();
        for (number, (kind, text)) in given.iter().enumerate() {
            let path = self.write(&format!("shop.{number}"), text);
            match *kind {
                "schema" => files.schema = Some(path),
                "statements" => files.statements.push(path),
                "workload" => files.workload.push(path),
                name => files.facts.push(FactsFile {
                    name: name.to_owned(),
                    path,
                }),
            }
        }
        files
    }
}

/// Reads files into an empty store; an error without the folder's name.
pub fn try_read(given: &[(&str, &str)]) -> Result<(Store, Vec<Note>), String> {
    let folder = Folder::new();
    let files = folder.files(given);
    let store = Store::in_memory().unwrap();
    match load(&files, &store, true, FilesOptions::default()) {
        Ok(notes) => Ok((store, notes)),
        Err(error) => {
            let place = format!("{}/", folder.0.path().display());
            Err(error.to_string().replace(&place, ""))
        }
    }
}

pub fn read(given: &[(&str, &str)]) -> Store {
    try_read(given).unwrap_or_else(|error| panic!("{error}")).0
}

/// All rows of a question, columns by `|`, rows by blanks.
pub fn list(store: &Store, sql: &str) -> String {
    let mut statement = store
        .connection()
        .prepare(sql)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    let count = statement.column_count();
    let rows = statement
        .query_map([], |row| {
            let texts = (0..count).map(|index| match row.get(index).unwrap() {
                Value::Null => "-".to_owned(),
                Value::Integer(number) => number.to_string(),
                Value::Real(number) => number.to_string(),
                Value::Text(text) => text,
                Value::Blob(_) => "blob".to_owned(),
            });
            Ok(texts.collect::<Vec<_>>().join("|"))
        })
        .unwrap();
    rows.collect::<Result<Vec<_>, _>>().unwrap().join(" ")
}

#[track_caller]
pub fn check(store: &Store, sql: &str, expected: &str) {
    assert_eq!(list(store, sql), expected, "{sql}");
}

pub fn gzip(text: &str) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

pub fn bzip2(text: &str) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

pub fn lz4(text: &str) -> Vec<u8> {
    let mut writer = lz4_flex::frame::FrameEncoder::new(Vec::new());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

pub fn zstd(text: &str) -> Vec<u8> {
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    ruzstd::encoding::compress_to_vec(text.as_bytes(), level)
}
