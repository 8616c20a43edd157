//! Hypothetical indexes that are there in a session.

use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// Which others may live beside those of a question.
#[derive(Debug, Clone, Copy)]
pub enum Others<'o> {
    /// None.
    None,
    /// Those of other tables than the text's, and few of its tables, but none that its plans like.
    Few {
        /// The text.
        text: &'o str,
        /// Those that plans of the text have used.
        liked: Option<&'o BTreeSet<Handle>>,
    },
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

    /// What makes all of `with` live, and no others but those that may be. `None`: it is so. What is to be dropped is
    /// taken to be gone.
    pub fn change(
        &mut self,
        server: &Server,
        with: &[Handle],
        others: Others<'_>,
    ) -> Option<Change> {
        let is_other = |handle: &&Handle| !with.contains(handle);
        let mut gone: Vec<Handle> = self.there.keys().filter(is_other).copied().collect();
        let is_full = self.there.len() + self.missing(with) > MOST;
        if let (Others::Few { text, liked }, false) = (others, is_full) {
            gone = surplus(&gone, server, text, liked);
        }
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

/// Those of `others` that may not stay beside a text.
fn surplus(
    others: &[Handle],
    server: &Server,
    text: &str,
    liked: Option<&BTreeSet<Handle>>,
) -> Vec<Handle> {
    let text = text.to_ascii_lowercase();
    // A text may name a view instead, so this is no proof.
    let is_named = |handle: &&Handle| {
        let spec = server.specs.get(handle);
        spec.is_none_or(|spec| text.contains(&spec.table.to_ascii_lowercase()))
    };
    let named: Vec<Handle> = others.iter().filter(is_named).copied().collect();
    if named.len() > SURPLUS {
        return named;
    }
    let is_liked = |handle: &&Handle| liked.is_some_and(|liked| liked.contains(handle));
    others.iter().filter(is_liked).copied().collect()
}

/// SQL that makes these, a row of oid and name each.
pub fn make(handles: &[Handle], server: &Server) -> String {
    let specs = handles.iter().filter_map(|handle| server.specs.get(handle));
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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet, HashMap};

    use super::{Handle, Living, MOST, Others, SURPLUS, Server};
    use crate::advise::index::{IndexSpec, Key};

    /// Indexes 0 … 999 on table a, 1000 … on b.
    fn server() -> Server {
        let spec = |number: u64| IndexSpec {
            relation: 1,
            schema: "public".to_owned(),
            table: if number < 1000 { "A" } else { "b" }.to_owned(),
            method: "btree".to_owned(),
            keys: vec![Key::column(&format!("k{number}"))],
            include: Vec::new(),
            predicate: None,
        };
        Server {
            schema: "ext".to_owned(),
            version: "1.3.1".to_owned(),
            hides: false,
            sees_all: false,
            existing: HashMap::new(),
            specs: (0..3000)
                .map(|number| (Handle(number), spec(number)))
                .collect::<BTreeMap<_, _>>(),
        }
    }

    /// Changes to what a text wants beside others; gives how many were made and dropped.
    fn change(living: &mut Living, with: &[u64], others: Others<'_>) -> (usize, usize) {
        let with: Vec<Handle> = with.iter().map(|number| Handle(*number)).collect();
        let before = living.there.len();
        let Some(change) = living.change(&server(), &with, others) else {
            return (0, 0);
        };
        let made = change.made.len();
        let dropped = before - living.there.len();
        let row =
            |handle: &Handle| vec![Some(handle.0.to_string()), Some(format!("i{}", handle.0))];
        let rows = change.made.iter().map(row);
        // The count of what was dropped is a row of another form.
        let rows = std::iter::once(vec![Some("7".to_owned())]).chain(rows);
        living.made(&change.made, rows.collect());
        assert_eq!(living.names.len(), living.there.len());
        assert_eq!(living.missing(&with), 0);
        (made, dropped)
    }

    #[test]
    fn only_what_differs_is_made_and_dropped() {
        let few = Others::Few {
            text: "SELECT 1 FROM a",
            liked: None,
        };
        let mut living = Living::default();
        assert_eq!(change(&mut living, &[1, 2, 3], few), (3, 0));
        assert_eq!(change(&mut living, &[1, 2, 3], few), (0, 0));
        assert_eq!(change(&mut living, &[2, 3, 4], few), (1, 0));
        assert_eq!(change(&mut living, &[2], Others::None), (0, 3));
        // Those that its plans like would be used again.
        change(&mut living, &[2, 5, 6], few);
        let liked = BTreeSet::from([Handle(5)]);
        let few = Others::Few {
            text: "SELECT 1 FROM a",
            liked: Some(&liked),
        };
        assert_eq!(change(&mut living, &[2], few), (0, 1));
        assert_eq!(change(&mut living, &[2, 5], few), (1, 0));
    }

    #[test]
    fn few_live_beside_those_of_a_text() {
        let mut living = Living::default();
        let all: Vec<u64> = (0..=SURPLUS as u64).collect();
        let few = |text| Others::Few { text, liked: None };
        change(&mut living, &all, few("SELECT 1 FROM a"));
        change(&mut living, &[1000], few("SELECT 1 FROM b"));
        // Other tables do not make its planning slower.
        assert_eq!(living.there.len(), all.len() + 1);
        assert_eq!(
            change(&mut living, &[0], few("SELECT 1 FROM A, b")),
            (0, all.len())
        );
        let many: Vec<u64> = (0..MOST as u64).collect();
        change(&mut living, &many, few("SELECT 1 FROM a"));
        change(&mut living, &[1001], few("SELECT 1 FROM b"));
        assert_eq!(living.there.len(), 1);
    }
}
