//! What is found by schema and name, and is cheap to copy: copies share what they had in common
//! and keep apart what each has changed since.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

type Names<V> = HashMap<Arc<str>, V>;

/// Entries by schema and name.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Book<V> {
    shared: Arc<HashMap<Arc<str>, Names<V>>>,
    /// Entries of `shared`.
    size: usize,
    /// What is other than in `shared`; none: it is gone.
    own: HashMap<Arc<str>, Names<Option<V>>>,
    changes: usize,
}

impl<V> Default for Book<V> {
    fn default() -> Self {
        Self {
            shared: Arc::new(HashMap::new()),
            size: 0,
            own: HashMap::new(),
            changes: 0,
        }
    }
}

impl<V: Clone> Book<V> {
    pub fn get(&self, schema: &str, name: &str) -> Option<&V> {
        if self.changes > 0
            && let Some(own) = self.own.get(schema).and_then(|names| names.get(name))
        {
            return own.as_ref();
        }
        self.shared.get(schema)?.get(name)
    }

    /// All entries, in no order.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        let own = |schema: &str, name: &str| self.own.get(schema)?.get(name);
        let shared = self.shared.iter().flat_map(move |(schema, names)| {
            let names = names.iter();
            names.filter_map(move |(name, value)| own(schema, name).is_none().then_some(value))
        });
        let own = self.own.values().flat_map(|names| names.values().flatten());
        shared.chain(own)
    }

    pub fn insert(&mut self, schema: &str, name: &str, value: V) {
        self.set(schema, name, Some(value));
    }

    pub fn remove(&mut self, schema: &str, name: &str) {
        if self.get(schema, name).is_some() {
            self.set(schema, name, None);
        }
    }

    fn set(&mut self, schema: &str, name: &str, value: Option<V>) {
        if self.changes == 0
            && let Some(shared) = Arc::get_mut(&mut self.shared)
        {
            put(shared, &mut self.size, schema, name, value);
            return;
        }
        if !self.own.contains_key(schema) {
            self.own.insert(schema.into(), Names::new());
        }
        if let Some(names) = self.own.get_mut(schema)
            && names.insert(name.into(), value).is_none()
        {
            self.changes += 1;
        }
        // A copy costs as much as there are changes, so they are not let grow.
        if self.changes > 64 + self.size / 16 {
            let shared = Arc::make_mut(&mut self.shared);
            for (schema, names) in self.own.drain() {
                for (name, value) in names {
                    put(shared, &mut self.size, &schema, &name, value);
                }
            }
            self.changes = 0;
        }
    }

    /// Names in a schema.
    pub fn names(&self, schema: &str) -> Vec<Arc<str>> {
        let shared = self.shared.get(schema).map(|names| names.keys());
        let own = self.own.get(schema).map(|names| names.keys());
        let names = shared.into_iter().flatten();
        let mut names: Vec<_> = names.chain(own.into_iter().flatten()).cloned().collect();
        names.retain(|name| self.get(schema, name).is_some());
        names.sort_unstable();
        names.dedup();
        names
    }

    /// All entries.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &V)> {
        let shared = self.shared.iter().flat_map(|(schema, names)| {
            let names = names.iter();
            names.map(move |(name, value)| (schema.as_ref(), name.as_ref(), value))
        });
        let own = self.own.iter().flat_map(|(schema, names)| {
            let names = names.iter();
            names.map(move |(name, value)| (schema.as_ref(), name.as_ref(), value.as_ref()))
        });
        let changed = |schema: &str, name: &str| {
            let names = self.own.get(schema);
            names.is_some_and(|names| names.contains_key(name))
        };
        let kept = shared.filter(move |(schema, name, _)| !changed(schema, name));
        kept.chain(own.filter_map(|(schema, name, value)| Some((schema, name, value?))))
    }

    /// Takes all of a schema away.
    pub fn remove_schema(&mut self, schema: &str) {
        for name in self.names(schema) {
            self.remove(schema, &name);
        }
    }
}

fn put<V>(
    shared: &mut HashMap<Arc<str>, Names<V>>,
    size: &mut usize,
    schema: &str,
    name: &str,
    value: Option<V>,
) {
    let Some(value) = value else {
        let gone = shared.get_mut(schema).and_then(|names| names.remove(name));
        *size -= usize::from(gone.is_some());
        return;
    };
    if !shared.contains_key(schema) {
        shared.insert(schema.into(), Names::new());
    }
    if let Some(names) = shared.get_mut(schema) {
        *size += usize::from(names.insert(name.into(), value).is_none());
    }
}
