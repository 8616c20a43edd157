//! Hypothetical indexes that are there in a session.

use std::collections::{BTreeMap, HashMap};

use super::server::Server;
use crate::advise::index::Handle;
use crate::collect::connect::{MARK, TextRow};
use crate::facts::quote::literal;

/// Hypothetical indexes that may live beside those of a question, as long as no plan uses them: each makes planning a
/// little slower, and taking it away and making it again costs more than it does.
const SURPLUS: usize = 24;

/// Most of them in a session, those of other tables counted: HypoPG has some 2,500 oids to give.
const MOST: usize = 1_000;

/// Those that are there.
#[derive(Debug, Default)]
pub struct Living {
    /// By their oids and names.
    there: BTreeMap<Handle, (String, String)>,
    names: HashMap<String, Handle>,
}

/// What is to be made and dropped.
#[derive(Debug)]
pub struct Change {
    /// SQL that does it.
    pub sql: String,
    /// What it makes, a row of two columns each.
    pub made: Vec<Handle>,
}

impl Living {
    /// By the names that plans have.
    pub fn names(&self) -> &HashMap<String, Handle> {
        &self.names
    }

    /// How many of these are not there.
    pub fn missing(&self, with: &[Handle]) -> usize {
        let is_missing = |handle: &&Handle| !self.there.contains_key(handle);
        with.iter().filter(is_missing).count()
    }

    /// What makes all of `with` live, and few others that the text may be planned with; with `exactly` none of those.
    /// `None`: it is so. What is to be dropped is taken to be gone.
    pub fn change(
        &mut self,
        server: &Server,
        with: &[Handle],
        text: &str,
        exactly: bool,
    ) -> Option<Change> {
        let is_other = |handle: &&Handle| !with.contains(handle);
        let others: Vec<Handle> = self.there.keys().filter(is_other).copied().collect();
        let text = text.to_ascii_lowercase();
        // A text may name a view instead, so this is no proof.
        let may_use = |handle: &&Handle| {
            let spec = server.specs.get(handle);
            spec.is_none_or(|spec| text.contains(&spec.table.to_ascii_lowercase()))
        };
        let surplus: Vec<Handle> = others.iter().filter(may_use).copied().collect();
        let gone = if exactly || self.there.len() + self.missing(with) > MOST {
            others
        } else if surplus.len() > SURPLUS {
            surplus
        } else {
            Vec::new()
        };
        let drop = self.drop_all(&gone, server);
        let is_missing = |handle: &&Handle| !self.there.contains_key(handle);
        let made: Vec<Handle> = with.iter().filter(is_missing).copied().collect();
        let make = (!made.is_empty()).then(|| make(&made, server));
        let sql: Vec<String> = drop.into_iter().chain(make).collect();
        (!sql.is_empty()).then(|| Change {
            sql: sql.join("; "),
            made,
        })
    }

    /// These were made: the rows of two columns of an answer.
    pub fn made(&mut self, handles: &[Handle], rows: Vec<TextRow>) {
        let made = rows.into_iter().filter(|row| row.len() == 2);
        for (handle, row) in handles.iter().zip(made) {
            if let Ok([Some(oid), Some(name)]) = <[Option<String>; 2]>::try_from(row) {
                self.names.insert(name.clone(), *handle);
                self.there.insert(*handle, (oid, name));
            }
        }
    }

    /// SQL that takes these away; `None`: none of them is there. They are taken to be gone.
    pub fn drop_all(&mut self, handles: &[Handle], server: &Server) -> Option<String> {
        let gone = handles
            .iter()
            .filter_map(|handle| self.there.remove(handle));
        let gone: Vec<(String, String)> = gone.collect();
        for (_, name) in &gone {
            self.names.remove(name);
        }
        if gone.is_empty() {
            return None;
        }
        if self.there.is_empty() {
            return Some(self.clear(server));
        }
        let schema = &server.schema;
        let oids: Vec<String> = gone.into_iter().map(|(oid, _)| oid).collect();
        let oids = oids.join(",");
        Some(format!(
            "SELECT {MARK} count({schema}.hypopg_drop_index(o)) FROM unnest('{{{oids}}}'::oid[]) o"
        ))
    }

    /// SQL that takes all away, known or not.
    pub fn clear(&mut self, server: &Server) -> String {
        *self = Self::default();
        format!("SELECT {MARK} {}.hypopg_reset()", server.schema)
    }
}

/// SQL that makes these, a row of oid and name each.
pub fn make(handles: &[Handle], server: &Server) -> String {
    let specs = handles
        .iter()
        .filter_map(|handle| server.specs.get(handle));
    let texts: Vec<String> = specs
        .map(|spec| literal(&format!("CREATE INDEX ON {}", spec.target())))
        .collect();
    format!(
        "SELECT {MARK} h.indexrelid, h.indexname
         FROM unnest(ARRAY[{}]) WITH ORDINALITY s (text, place)
         CROSS JOIN LATERAL {}.hypopg_create_index(s.text) h ORDER BY s.place",
        texts.join(", "),
        server.schema
    )
}
