//! Subjects of findings: which column of a rule's row names one, and where it lives.

use rusqlite::{Connection, OptionalExtension};

use super::finding::{Scope, Subject};

/// A kind of subject.
#[derive(Debug)]
pub struct SubjectKind {
    /// Column of a rule's row.
    pub column: &'static str,
    /// Word for it.
    pub kind: &'static str,
    /// Asks for (database name, node label) of the subject with id `?1`; one of them may be NULL.
    scope: &'static str,
}

/// Migrations belong to the database that they are linted against, if there is one.
const MIGRATION: &str =
    "SELECT name, NULL FROM databases WHERE is_collected AND ?1 ORDER BY id LIMIT 1";

/// All kinds of subject that a rule may name.
pub const KINDS: [SubjectKind; 18] = [
    SubjectKind {
        column: "migration_effect_id",
        kind: "migration effect",
        scope: MIGRATION,
    },
    SubjectKind {
        column: "migration_statement_id",
        kind: "migration statement",
        scope: MIGRATION,
    },
    SubjectKind {
        column: "migration_file_id",
        kind: "migration file",
        scope: MIGRATION,
    },
    SubjectKind {
        column: "relation_id",
        kind: "relation",
        scope: "SELECT d.name, NULL FROM relations x JOIN databases d ON d.id = x.database_id WHERE x.id = ?1",
    },
    SubjectKind {
        column: "index_id",
        kind: "index",
        scope: "SELECT d.name, NULL FROM indexes x JOIN databases d ON d.id = x.database_id WHERE x.id = ?1",
    },
    SubjectKind {
        column: "constraint_id",
        kind: "constraint",
        scope: "SELECT d.name, NULL FROM constraints x JOIN databases d ON d.id = x.database_id WHERE x.id = ?1",
    },
    SubjectKind {
        column: "sequence_id",
        kind: "sequence",
        scope: "SELECT d.name, NULL FROM sequences x JOIN databases d ON d.id = x.database_id WHERE x.id = ?1",
    },
    SubjectKind {
        column: "trigger_id",
        kind: "trigger",
        scope: "SELECT d.name, NULL FROM triggers x JOIN relations r ON r.id = x.relation_id
                JOIN databases d ON d.id = r.database_id WHERE x.id = ?1",
    },
    SubjectKind {
        column: "function_id",
        kind: "function",
        scope: "SELECT d.name, NULL FROM security_definer_functions x JOIN databases d ON d.id = x.database_id WHERE x.id = ?1",
    },
    SubjectKind {
        column: "schema_id",
        kind: "schema",
        scope: "SELECT d.name, NULL FROM schemas x JOIN databases d ON d.id = x.database_id WHERE x.id = ?1",
    },
    SubjectKind {
        column: "extension_id",
        kind: "extension",
        scope: "SELECT d.name, NULL FROM extensions x JOIN databases d ON d.id = x.database_id WHERE x.id = ?1",
    },
    SubjectKind {
        column: "statement_id",
        kind: "statement",
        scope: "SELECT d.name, NULL FROM statements x JOIN databases d ON d.id = x.database_id WHERE x.id = ?1",
    },
    SubjectKind {
        column: "database_id",
        kind: "database",
        scope: "SELECT name, NULL FROM databases WHERE id = ?1",
    },
    SubjectKind {
        column: "session_id",
        kind: "session",
        scope: "SELECT d.name, n.label FROM sessions x JOIN samples s ON s.id = x.sample_id
                JOIN nodes n ON n.id = s.node_id LEFT JOIN databases d ON d.id = x.database_id WHERE x.id = ?1",
    },
    SubjectKind {
        column: "setting_id",
        kind: "setting",
        scope: "SELECT NULL, n.label FROM settings x JOIN nodes n ON n.id = x.node_id WHERE x.id = ?1",
    },
    SubjectKind {
        column: "slot_id",
        kind: "slot",
        scope: "SELECT NULL, n.label FROM replication_slots x JOIN nodes n ON n.id = x.node_id WHERE x.id = ?1",
    },
    SubjectKind {
        column: "role_id",
        kind: "role",
        scope: "SELECT NULL, n.label FROM nodes n, roles x WHERE x.id = ?1
                ORDER BY n.role = 'primary' DESC, n.id LIMIT 1",
    },
    SubjectKind {
        column: "node_id",
        kind: "node",
        scope: "SELECT NULL, label FROM nodes WHERE id = ?1",
    },
];

/// The subject that a column of that name gives.
pub fn kind_of(column: &str) -> Option<&'static SubjectKind> {
    KINDS.iter().find(|kind| kind.column == column)
}

/// What the subjects of a query's rows belong to.
pub(super) struct Scopes<'c> {
    pub connection: &'c Connection,
    /// All migrations belong to the same.
    of_migrations: Option<Scope>,
}

impl<'c> Scopes<'c> {
    pub fn new(connection: &'c Connection) -> Self {
        Self {
            connection,
            of_migrations: None,
        }
    }

    /// What the subject belongs to; the primary where the facts don't say.
    pub fn of(&mut self, subject: Option<Subject>) -> rusqlite::Result<Scope> {
        let kind = subject.and_then(|subject| {
            let kind = KINDS.iter().find(|kind| kind.kind == subject.kind)?;
            Some((kind, subject.id))
        });
        let is_migration = kind.is_some_and(|(kind, _)| kind.scope == MIGRATION);
        if let Some(known) = self.of_migrations.as_ref().filter(|_| is_migration) {
            return Ok(known.clone());
        }
        let scope = match kind {
            Some((kind, id)) => scope(self.connection, kind, id)?,
            None => None,
        };
        let scope = match scope {
            Some(scope) => scope,
            None => primary(self.connection)?,
        };
        if is_migration {
            self.of_migrations = Some(scope.clone());
        }
        Ok(scope)
    }
}

fn scope(connection: &Connection, kind: &SubjectKind, id: i64) -> rusqlite::Result<Option<Scope>> {
    let names: Option<(Option<String>, Option<String>)> = connection
        .prepare_cached(kind.scope)?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match names {
        Some((Some(database), _)) => Some(Scope::Database(database)),
        Some((None, Some(node))) => Some(Scope::Node(node)),
        _ => None,
    })
}

fn primary(connection: &Connection) -> rusqlite::Result<Scope> {
    let label: Option<String> = connection
        .prepare_cached("SELECT label FROM nodes ORDER BY role = 'primary' DESC, id LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(Scope::Node(label.unwrap_or_else(|| "primary".to_owned())))
}
