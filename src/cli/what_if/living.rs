//! Hypothetical indexes of HypoPG that are there.

use std::collections::{BTreeMap, HashMap};

use crate::advise::index::{Handle, IndexSpec};
use crate::collect::connect::TextRow;
use crate::facts::quote::literal;

/// A hypothetical index that is there.
#[derive(Debug, Clone)]
struct Index {
    oid: String,
    name: String,
}

/// Those that are there, and all that were asked for.
#[derive(Debug, Default)]
pub struct Living {
    specs: BTreeMap<Handle, IndexSpec>,
    there: BTreeMap<Handle, Index>,
    names: HashMap<String, Handle>,
    next: u64,
}

impl Living {
    /// A handle for an index.
    pub fn ask_for(&mut self, spec: &IndexSpec) -> Handle {
        self.next += 1;
        let handle = Handle(self.next);
        self.specs.insert(handle, spec.clone());
        handle
    }

    /// It is not asked for any more.
    pub fn forget(&mut self, handle: Handle) {
        self.specs.remove(&handle);
    }

    /// By the names that plans have.
    pub fn names(&self) -> &HashMap<String, Handle> {
        &self.names
    }

    /// All that are there.
    pub fn all(&self) -> Vec<Handle> {
        self.there.keys().copied().collect()
    }

    /// Those of `with` that are not there.
    pub fn missing(&self, with: &[Handle]) -> Vec<Handle> {
        let is_missing = |handle: &&Handle| !self.there.contains_key(handle);
        with.iter().filter(is_missing).copied().collect()
    }

    /// Those that are there and not in `with`.
    pub fn surplus(&self, with: &[Handle]) -> Vec<Handle> {
        let is_surplus = |handle: &&Handle| !with.contains(handle);
        self.there.keys().filter(is_surplus).copied().collect()
    }

    /// Whether a text may read the table of an index. It may name a view instead, so this is no proof.
    pub fn is_named(&self, handle: Handle, text: &str) -> bool {
        let spec = self.specs.get(&handle);
        spec.is_none_or(|spec| text.contains(&spec.table.to_ascii_lowercase()))
    }

    /// SQL that makes these, a row each.
    pub fn make(&self, handles: &[Handle], schema: &str) -> String {
        let specs = handles.iter().filter_map(|handle| self.specs.get(handle));
        let texts: Vec<String> = specs
            .map(|spec| literal(&format!("CREATE INDEX ON {}", spec.target())))
            .collect();
        format!(
            "SELECT h.indexrelid, h.indexname
             FROM unnest(ARRAY[{}]) WITH ORDINALITY s (text, place)
             CROSS JOIN LATERAL {schema}.hypopg_create_index(s.text) h ORDER BY s.place",
            texts.join(", ")
        )
    }

    /// These were made.
    pub fn made(&mut self, handles: &[Handle], rows: Vec<TextRow>) {
        for (handle, row) in handles.iter().zip(rows) {
            if let [Some(oid), Some(name)] = row.as_slice() {
                self.names.insert(name.clone(), *handle);
                let index = Index {
                    oid: oid.clone(),
                    name: name.clone(),
                };
                self.there.insert(*handle, index);
            }
        }
    }

    /// SQL that takes these away; `None`: none of them is there. They are taken to be gone.
    pub fn drop_all(&mut self, handles: &[Handle], schema: &str) -> Option<String> {
        let gone = handles
            .iter()
            .filter_map(|handle| self.there.remove(handle));
        let gone: Vec<Index> = gone.collect();
        for index in &gone {
            self.names.remove(&index.name);
        }
        if gone.is_empty() {
            return None;
        }
        if self.there.is_empty() {
            return Some(format!("SELECT {schema}.hypopg_reset()"));
        }
        let oids: Vec<String> = gone.into_iter().map(|index| index.oid).collect();
        let oids = oids.join(",");
        Some(format!(
            "SELECT count({schema}.hypopg_drop_index(o)) FROM unnest('{{{oids}}}'::oid[]) o"
        ))
    }
}
