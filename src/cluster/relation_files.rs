//! Files of relations, made as long as those of another server without anything in them.
//!
//! The planner asks a file for its length each time it plans, and takes nothing else from it but what `btree`
//! writes. Files stay sparse: what is not written takes no room.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::btree;
use super::error::{ClusterError, Trying};
use super::metapage::Metapage;
use super::os::{self, Account};

/// Files of numbers from here on are ours: a new server does not come so far.
const FREE: u32 = 2_000_000_000;

/// The files of relations of a cluster.
#[derive(Debug, Clone)]
pub struct RelationFiles {
    data: PathBuf,
    account: Option<Account>,
    block: u64,
    segment: u64,
}

impl RelationFiles {
    /// Files below `data` of a server with blocks and segments of so many bytes.
    pub(super) fn new(data: PathBuf, account: Option<Account>, block: u64, segment: u64) -> Self {
        Self {
            data,
            account,
            block,
            segment,
        }
    }

    /// Bytes of a block.
    pub fn block(&self) -> u64 {
        self.block
    }

    /// Makes the main fork of a relation at least so long, in whole blocks. `path` is what
    /// `pg_relation_filepath` tells.
    pub fn lengthen(&self, path: &str, bytes: u64) -> Result<(), ClusterError> {
        let mut left = bytes.div_ceil(self.block) * self.block;
        let mut number = 0;
        loop {
            let path = self.segment(path, number);
            self.grow(&path, left.min(self.segment))?;
            left = left.saturating_sub(self.segment);
            number += 1;
            if left == 0 {
                return Ok(());
            }
        }
    }

    /// Makes the first segment one block long, so that a scan of the relation reads no more than that. Only
    /// sessions that have not opened further segments see it so.
    pub fn shorten(&self, path: &str) -> Result<(), ClusterError> {
        let path = self.segment(path, 0);
        let what = || format!("shorten {}", path.display());
        let file = OpenOptions::new().write(true).open(&path).trying(what)?;
        let length = file.metadata().trying(what)?.len();
        file.set_len(length.min(self.block)).trying(what)
    }

    /// Gives a B-tree that was just made a root at `level`; 0 leaves it as it is. No page of it may have been
    /// read by the server: that is so until the transaction that makes it ends.
    pub fn raise(&self, path: &str, level: u32) -> Result<(), ClusterError> {
        if level == 0 {
            return Ok(());
        }
        let path = self.segment(path, 0);
        let what = || format!("change {}", path.display());
        let old = fs::read(&path).trying(what)?;
        let new = btree::raise(&old, self.block as usize, level)
            .map_err(|because| btree::refused(&path, because))?;
        let mut file = OpenOptions::new().write(true).open(&path).trying(what)?;
        file.write_all(&new).trying(what)
    }

    /// Makes a file that begins with this metapage, for an index whose own file is at `path`; gives the number that
    /// `pg_class.relfilenode` is to have then. The pages of its own file are in the server's memory already, so what
    /// is written to that one would not be seen. `None`: it has such a file.
    pub fn begin(&self, path: &str, metapage: Metapage) -> Result<Option<u32>, ClusterError> {
        let path = self.data.join(path);
        let own: Option<u32> = path
            .file_name()
            .and_then(|name| name.to_str()?.parse().ok());
        if own.is_some_and(|own| own >= FREE) {
            return Ok(None);
        }
        let Some(number) = own.and_then(|own| own.checked_add(FREE)) else {
            let because = "its name is no number that another can be made of";
            return Err(btree::refused(&path, because.to_owned()));
        };
        let path = path.with_file_name(number.to_string());
        let what = || format!("make {}", path.display());
        fs::write(&path, metapage.pages(self.block as usize)).trying(what)?;
        os::private(&path)
            .and_then(|()| os::chown(&path, self.account.as_ref()))
            .trying(what)?;
        Ok(Some(number))
    }

    fn segment(&self, path: &str, number: u64) -> PathBuf {
        let mut name = path.to_owned();
        if number > 0 {
            name.push_str(&format!(".{number}"));
        }
        self.data.join(name)
    }

    fn grow(&self, path: &Path, length: u64) -> Result<(), ClusterError> {
        let what = || format!("lengthen {}", path.display());
        let is_new = !path.exists();
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .trying(what)?;
        if file.metadata().trying(what)?.len() < length {
            file.set_len(length).trying(what)?;
        }
        if is_new {
            os::private(path)
                .and_then(|()| os::chown(path, self.account.as_ref()))
                .trying(what)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::RelationFiles;

    const BLOCK: u64 = 8192;

    #[test]
    fn segments_are_made_and_shortened() {
        let folder = tempfile::tempdir().unwrap();
        let files = RelationFiles::new(folder.path().to_owned(), None, BLOCK, 4 * BLOCK);
        let lengths = || {
            let names = ["7", "7.1", "7.2", "7.3"];
            let length = |name| std::fs::metadata(folder.path().join(name)).map(|meta| meta.len());
            names.map(|name| length(name).ok().map(|length| length / BLOCK))
        };
        files.lengthen("7", 9 * BLOCK + 1).unwrap();
        assert_eq!(lengths(), [Some(4), Some(4), Some(2), None]);
        files.lengthen("7", 1).unwrap();
        assert_eq!(lengths(), [Some(4), Some(4), Some(2), None]);
        files.shorten("7").unwrap();
        assert_eq!(lengths(), [Some(1), Some(4), Some(2), None]);
        files.lengthen("7", 8 * BLOCK).unwrap();
        assert_eq!(lengths(), [Some(4), Some(4), Some(2), None]);
        assert!(files.shorten("8").is_err());
    }
}
