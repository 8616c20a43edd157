//! What all pages of a run stand on.

use std::collections::{BTreeSet, HashSet};

use crate::facts::{FactsError, Store};

use super::needs::{Known, Views};
use super::root::Root;

/// What all pages of a run stand on.
#[derive(Debug)]
pub(super) struct Ground {
    pub known: Known,
    pub views: Views,
    /// Migrations are linted.
    pub has_migrations: bool,
    /// There are statements of a server.
    pub has_statements: bool,
    /// Where paths are told from.
    pub root: Root,
    /// Major versions of the servers.
    pub majors: BTreeSet<u32>,
}

impl Ground {
    /// For pages that need these tables and views; `None`: for any.
    pub fn read(store: &mut Store, needed: Option<&HashSet<&str>>) -> Result<Self, FactsError> {
        let views = Views::read(store, needed)?;
        Self::with(store, views)
    }

    /// For other facts under the same schema.
    pub fn again(self, store: &Store) -> Result<Self, FactsError> {
        Self::with(store, self.views)
    }

    fn with(store: &Store, views: Views) -> Result<Self, FactsError> {
        Ok(Self {
            known: Known::read(store)?,
            views,
            has_migrations: store.connection().query_row(
                "SELECT EXISTS (SELECT 1 FROM migration_files)",
                [],
                |row| row.get(0),
            )?,
            has_statements: store.connection().query_row(
                "SELECT EXISTS (SELECT 1 FROM statements)",
                [],
                |row| row.get(0),
            )?,
            root: Root::default(),
            majors: majors(store)?,
        })
    }
}

fn majors(store: &Store) -> Result<BTreeSet<u32>, FactsError> {
    let mut nodes = store
        .connection()
        .prepare("SELECT DISTINCT version_num / 10000 FROM nodes")?;
    let majors = nodes.query_map([], |row| row.get(0))?;
    Ok(majors.collect::<Result<_, _>>()?)
}
