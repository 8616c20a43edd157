//! Tables and indexes of a shadow.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::build::lost;
use super::original::Name;
use crate::advise::index::Lost;
use crate::collect::connect::Session;
use crate::derive::shadow::File;

/// Tables and indexes of users, with the figures that making an index overwrites.
const RELATIONS: &str =
    "SELECT c.oid, n.nspname, c.relname, pg_catalog.pg_relation_filepath(c.oid),
      coalesce(i.indisvalid, false), inh.inhparent, c.relpages, c.reltuples, c.relallvisible
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
    LEFT JOIN pg_catalog.pg_inherits inh ON inh.inhrelid = c.oid AND c.relispartition
    WHERE c.relkind IN ('r', 'm', 'p', 'i', 'I')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";

/// A table or an index.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Where its file is; `None`: it has none, being partitioned.
    pub path: Option<String>,
    /// Length that the file has for the planner.
    pub bytes: u64,
    /// Of an index: the planner may use it.
    pub is_valid: bool,
    /// `relpages`, `reltuples`, `relallvisible` as SQL.
    pub figures: [String; 3],
}

/// Tables and indexes by oid.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    relations: BTreeMap<u32, Relation>,
    by_name: HashMap<Name, u32>,
    parts: HashMap<u32, Vec<u32>>,
}

impl Catalog {
    /// Reads them.
    pub async fn read(session: &Session, files: &[File]) -> Result<Self, Lost> {
        let lengths: HashMap<(&str, &str), u64> = files
            .iter()
            .map(|file| ((file.schema.as_str(), file.name.as_str()), file.bytes))
            .collect();
        let mut catalog = Self::default();
        for row in session.run(RELATIONS).await.map_err(lost)? {
            catalog.add(row, &lengths);
        }
        Ok(catalog)
    }

    fn add(
        &mut self,
        row: Vec<Option<String>>,
        lengths: &HashMap<(&str, &str), u64>,
    ) -> Option<()> {
        let [
            oid,
            schema,
            name,
            path,
            is_valid,
            parent,
            pages,
            tuples,
            visible,
        ] = <[Option<String>; 9]>::try_from(row).ok()?;
        let (oid, name) = (oid?.parse().ok()?, (schema?, name?));
        if let Some(parent) = parent.and_then(|parent| parent.parse().ok()) {
            self.parts.entry(parent).or_default().push(oid);
        }
        let bytes = lengths.get(&(name.0.as_str(), name.1.as_str()));
        let relation = Relation {
            path,
            bytes: bytes.copied().unwrap_or(0),
            is_valid: is_valid.as_deref() == Some("t"),
            figures: [pages?, tuples?, visible?],
        };
        self.relations.insert(oid, relation);
        self.by_name.insert(name, oid);
        Some(())
    }

    /// The oid of a name.
    pub fn oid(&self, name: &Name) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// A table or an index.
    pub fn get(&self, oid: u32) -> Option<&Relation> {
        self.relations.get(&oid)
    }

    /// A relation and all of its partitions that are there, at any depth.
    pub fn family(&self, oid: u32) -> Vec<u32> {
        let mut family = vec![oid];
        let mut seen: HashSet<u32> = family.iter().copied().collect();
        let mut next = 0;
        while let Some(&one) = family.get(next) {
            let parts = self.parts.get(&one).into_iter().flatten();
            family.extend(parts.filter(|part| seen.insert(**part)));
            next += 1;
        }
        family
    }

    /// All that have a file.
    pub fn with_files(&self) -> impl Iterator<Item = (&str, u64)> {
        self.relations
            .values()
            .filter_map(|relation| Some((relation.path.as_deref()?, relation.bytes)))
    }
}
