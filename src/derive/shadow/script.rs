//! What a shadow is made of.

/// A statement, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// One statement.
    pub sql: String,
    /// Object that it makes, for people.
    pub object: String,
    /// `relations.id` of tables that plan otherwise if it fails.
    pub relations: Vec<i64>,
}

/// How long the file of a table or an index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Schema.
    pub schema: String,
    /// Table or index.
    pub name: String,
    /// Length of its main fork, bytes.
    pub bytes: u64,
    /// B-tree: level of its root; `None`: no B-tree, or a B-tree without rows.
    pub height: Option<u32>,
}

/// What the shadow does not have, or not as the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The object.
    pub object: String,
    /// Why.
    pub because: String,
    /// `relations.id` of tables that plan otherwise.
    pub relations: Vec<i64>,
}

/// What a shadow is made of, in the order in which it is run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// Extensions, schemas, types, functions, tables, views.
    pub tables: Vec<Statement>,
    /// Rows at the ends of columns; before there are indexes and constraints.
    pub rows: Vec<Statement>,
    /// Indexes and constraints, in the order of their oids.
    pub indexes: Vec<Statement>,
    /// Statistics and sizes, for the system catalogs.
    pub statistics: Vec<Statement>,
    /// Lengths of files.
    pub files: Vec<File>,
    /// Settings of the server that bear on plans.
    pub settings: Vec<(String, String)>,
    /// What is known to be left out before anything is run.
    pub left_out: Vec<LeftOut>,
}
