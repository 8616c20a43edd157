//! Users, databases and applications of sessions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Who a session is: an index that [`People::all`] resolves. 0 is nobody in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct PersonId(pub u32);

/// Who a session is; what the log does not say is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Person {
    /// Role.
    pub user: Option<Box<str>>,
    /// Database.
    pub database: Option<Box<str>>,
    /// `application_name`.
    pub application: Option<Box<str>>,
}

/// Everybody, shared by the readers of a log.
#[derive(Debug, Clone)]
pub struct People {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug)]
struct Shared {
    ids: HashMap<Person, PersonId>,
    all: Vec<Person>,
}

/// Applications beyond so many are not told apart: some put a process id into the name. Beyond twice
/// as many users are not either, and beyond three times as many nobody is.
const MOST: usize = 10_000;

impl Default for People {
    fn default() -> Self {
        let shared = Shared {
            ids: HashMap::from([(Person::default(), PersonId(0))]),
            all: vec![Person::default()],
        };
        Self {
            shared: Arc::new(Mutex::new(shared)),
        }
    }
}

impl People {
    /// The id of a person.
    pub fn id(&self, mut person: Person) -> PersonId {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = shared.ids.get(&person) {
            return *id;
        }
        let known = shared.all.len();
        let is_less = (known >= MOST && person.application.take().is_some())
            || (known >= 2 * MOST && person.user.take().is_some())
            || (known >= 3 * MOST && person.database.take().is_some());
        if is_less {
            drop(shared);
            return self.id(person);
        }
        let id = PersonId(shared.all.len() as u32);
        shared.all.push(person.clone());
        shared.ids.insert(person, id);
        id
    }

    /// Those with an id from here on.
    pub fn from(&self, first: usize) -> Vec<Person> {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.all.get(first..).unwrap_or_default().to_vec()
    }

    /// Everybody, by id.
    pub fn all(&self) -> Vec<Person> {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.all.clone()
    }
}
