//! Makes a database out of a script.

use std::collections::{HashMap, HashSet};

use super::original::Name;
use crate::advise::index::Lost;
use crate::cluster::RelationFiles;
use crate::collect::connect::{ReadError, Session};
use crate::derive::shadow::{LeftOut, Script, Statement};
use crate::facts::quote;

/// Statements that are sent at a time.
const BATCH: usize = 100;

/// How the session of the build is set: the catalogs take rows, bodies of functions are taken as they are.
const OPENING: &str = "SET statement_timeout = 0; SET allow_system_table_mods = on;
    SET check_function_bodies = off; SET client_min_messages = error";

/// New B-trees of this transaction, with their files. Their rows of `pg_class` are of this transaction.
const NEW_TREES: &str = "SELECT n.nspname, c.relname, pg_catalog.pg_relation_filepath(c.oid)
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_am a ON a.oid = c.relam
    WHERE c.relkind = 'i' AND a.amname = 'btree' AND c.xmin = pg_catalog.pg_current_xact_id()::xid";

/// Runs the statements of a script, and tells what failed.
pub async fn build(
    session: &Session,
    database: &str,
    script: &Script,
    files: &RelationFiles,
) -> Result<Vec<LeftOut>, Lost> {
    let heights = script.files.iter().filter_map(|file| {
        let height = file.height.filter(|height| *height > 0)?;
        Some(((file.schema.clone(), file.name.clone()), height))
    });
    let mut build = Build {
        session,
        files,
        heights: heights.collect(),
        raised: HashSet::new(),
        left_out: Vec::new(),
    };
    session.run(OPENING).await.map_err(lost)?;
    build.all(&script.tables, false).await?;
    build.all(&script.rows, false).await?;
    build.all(&script.indexes, true).await?;
    build.all(&script.changes, true).await?;
    build.all(&script.statistics, false).await?;
    build.settings(database, &script.settings).await?;
    Ok(build.left_out)
}

/// A failure of the session as the end of the shadow.
#[allow(clippy::needless_pass_by_value, reason = "what map_err gives")]
pub fn lost(error: ReadError) -> Lost {
    Lost(format!("the shadow is gone: {error}"))
}

struct Build<'a> {
    session: &'a Session,
    files: &'a RelationFiles,
    heights: HashMap<Name, u32>,
    raised: HashSet<String>,
    left_out: Vec<LeftOut>,
}

impl Build<'_> {
    async fn all(&mut self, statements: &[Statement], are_indexes: bool) -> Result<(), Lost> {
        for batch in statements.chunks(BATCH) {
            if self.run(batch, are_indexes).await?.is_ok() {
                continue;
            }
            for statement in batch {
                if let Err(because) = self
                    .run(std::slice::from_ref(statement), are_indexes)
                    .await?
                {
                    self.left_out.push(LeftOut {
                        object: statement.object.clone(),
                        because,
                        relations: statement.relations.clone(),
                    });
                }
            }
        }
        Ok(())
    }

    /// Runs statements in one transaction, or none of them.
    async fn run(
        &mut self,
        batch: &[Statement],
        are_indexes: bool,
    ) -> Result<Result<(), String>, Lost> {
        let mut sql = String::from("BEGIN;\n");
        for statement in batch {
            sql.push_str(&statement.sql);
            sql.push_str("\n;\n");
        }
        if are_indexes {
            sql.push_str(NEW_TREES);
        } else {
            sql.push_str("COMMIT");
        }
        let rows = match self.session.run(&sql).await {
            Ok(rows) => rows,
            Err(ReadError::Server(error)) => {
                self.session.run("ROLLBACK").await.map_err(lost)?;
                return Ok(Err(error.message().to_owned()));
            }
            Err(error) => return Err(lost(error)),
        };
        if are_indexes {
            self.raise(&rows)?;
            self.session.run("COMMIT").await.map_err(lost)?;
        }
        Ok(Ok(()))
    }

    /// Gives new B-trees their height, before anybody can read them.
    fn raise(&mut self, rows: &[Vec<Option<String>>]) -> Result<(), Lost> {
        for row in rows {
            // Statements of the script may give rows too.
            let [Some(schema), Some(name), Some(path)] = row.as_slice() else {
                continue;
            };
            let name = (schema.clone(), name.clone());
            let Some(&height) = self.heights.get(&name) else {
                continue;
            };
            // An index that is made again has another file.
            if self.raised.insert(path.clone()) {
                let raised = self.files.raise(path, height);
                raised.map_err(|error| Lost(error.to_string()))?;
            }
        }
        Ok(())
    }

    /// Settings of the original, for all sessions in the database.
    async fn settings(
        &mut self,
        database: &str,
        settings: &[(String, String)],
    ) -> Result<(), Lost> {
        let database = quote::ident(database);
        for (name, value) in settings {
            let setting = quote::ident(name);
            let value = quote::literal(value);
            let sql = format!("ALTER DATABASE {database} SET {setting} = {value}");
            match self.session.run(&sql).await {
                Ok(_) => (),
                Err(ReadError::Server(error)) => self.left_out.push(LeftOut {
                    object: format!("setting {name}"),
                    because: error.message().to_owned(),
                    relations: Vec::new(),
                }),
                Err(error) => return Err(lost(error)),
            }
        }
        Ok(())
    }
}
