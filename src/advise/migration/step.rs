//! Steps that take the place of an action.

/// One statement that takes the place of an action, or of a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Steps with the same number belong into one migration, from 1.
    pub migration: i64,
    /// It may run in a transaction block.
    pub in_transaction: bool,
    /// The statement, without its semicolon.
    pub sql: String,
    /// The statement that takes it back.
    pub undo: Option<String>,
    /// What a person has to do or to know.
    pub note: Option<String>,
}

impl Step {
    /// A statement of a migration.
    pub fn new(migration: i64, sql: impl Into<String>) -> Self {
        Self {
            migration,
            in_transaction: true,
            sql: sql.into(),
            undo: None,
            note: None,
        }
    }

    /// It cannot run in a transaction block.
    #[must_use]
    pub fn outside(mut self) -> Self {
        self.in_transaction = false;
        self
    }

    /// What takes it back.
    #[must_use]
    pub fn undo(mut self, sql: impl Into<String>) -> Self {
        self.undo = Some(sql.into());
        self
    }

    /// What a person has to do or to know.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// What takes the place of an action.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rewrite {
    /// In order.
    pub steps: Vec<Step>,
    /// It does the same as the action.
    pub is_mechanical: bool,
}

impl Rewrite {
    /// Steps that do the same as the action.
    pub fn same(steps: Vec<Step>) -> Self {
        Self {
            steps,
            is_mechanical: true,
        }
    }

    /// Steps that a person has to think over.
    pub fn advice(steps: Vec<Step>) -> Self {
        Self {
            steps,
            is_mechanical: false,
        }
    }
}
