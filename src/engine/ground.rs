//! What all pages of a run stand on.

use std::collections::BTreeSet;

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
    /// Where paths are told from.
    pub root: Root,
    /// Major versions of the servers.
    pub majors: BTreeSet<u32>,
}

impl Ground {
    pub fn read(store: &mut Store) -> Result<Self, FactsError> {
        let views = Views::read(store)?;
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
