//! Figures of all statements.

use foldhash::HashMap;

use super::room::Room;
use super::statement::Statement;
use crate::parse::log::events::{People, PersonId, TextId};

/// Statements whose figures are kept apart; further ones count in the totals only.
const MOST: usize = 12_000;

/// A statement in a database; `None`: the log does not say which.
pub type StatementKey = (TextId, Option<Box<str>>);

/// Figures of all statements, by text and database.
#[derive(Debug)]
pub(super) struct Statements {
    all: Vec<Statement>,
    by_key: HashMap<(TextId, u32), usize>,
    room: Room,
    people: People,
    /// Databases by number, and the number of everybody's database.
    databases: Vec<Option<Box<str>>>,
    database_of: Vec<u32>,
}

impl Statements {
    pub fn new(people: People) -> Self {
        Self {
            all: Vec::new(),
            by_key: HashMap::default(),
            room: Room::default(),
            people,
            databases: Vec::new(),
            database_of: Vec::new(),
        }
    }

    /// What is left for details.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// Everybody that was met.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// Statements with figures.
    pub fn iter(&self) -> impl Iterator<Item = (StatementKey, &Statement)> {
        self.by_key.iter().filter_map(|((text, database), at)| {
            Some((self.key(*text, *database)?, self.all.get(*at)?))
        })
    }

    /// A statement by the number of its database.
    pub fn key(&self, text: TextId, database: u32) -> Option<StatementKey> {
        Some((text, self.databases.get(database as usize)?.clone()))
    }

    /// Whether all that was met is of one database.
    pub fn is_one_database(&self) -> bool {
        self.databases.len() <= 1
    }

    /// The figures of a statement, and what is left for details; `None` where there are too many.
    pub fn of(&mut self, text: TextId, who: PersonId) -> Option<(&mut Statement, &mut Room)> {
        let key = (text, self.database(who));
        let at = if let Some(at) = self.by_key.get(&key) {
            *at
        } else if self.all.len() >= MOST {
            return None;
        } else {
            self.all.push(Statement::default());
            self.by_key.insert(key, self.all.len() - 1);
            self.all.len() - 1
        };
        Some((self.all.get_mut(at)?, &mut self.room))
    }

    /// The number of a person's database.
    pub fn database(&mut self, who: PersonId) -> u32 {
        let at = who.0 as usize;
        if at >= self.database_of.len() {
            for person in self.people.from(self.database_of.len()) {
                let known = self
                    .databases
                    .iter()
                    .position(|name| *name == person.database);
                let number = known.unwrap_or_else(|| {
                    self.databases.push(person.database);
                    self.databases.len() - 1
                });
                self.database_of.push(number as u32);
            }
        }
        self.database_of.get(at).copied().unwrap_or_default()
    }
}
