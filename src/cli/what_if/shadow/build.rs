//! Makes a database out of a script.

use std::collections::{HashMap, HashSet};

use super::original::Name;
use crate::advise::index::Lost;
use crate::cluster::{ClusterError, Metapage, RelationFiles};
use crate::collect::connect::{ReadError, Session};
use crate::derive::shadow::{self as derive, LeftOut, Script, Statement};
use crate::facts::quote;

/// Statements that are sent at a time.
const BATCH: usize = 100;

/// How the session of the build is set: the catalogs take rows, bodies of functions are taken as they are.
const OPENING: &str = "SET statement_timeout = 0; SET allow_system_table_mods = on;
    SET check_function_bodies = off; SET client_min_messages = error";

/// New indexes of this transaction, with their files. Their rows of `pg_class` are of this transaction.
const NEW_INDEXES: &str = "SELECT n.nspname, c.relname, pg_catalog.pg_relation_filepath(c.oid), c.oid
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_am a ON a.oid = c.relam
    WHERE c.relkind = 'i' AND a.amname IN ('btree', 'gin', 'brin') AND c.xmin = pg_catalog.pg_current_xact_id()::xid";

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
    let metapages = script.files.iter().filter_map(|file| {
        let name = (file.schema.clone(), file.name.clone());
        Some((name, to_write(file.metapage?)))
    });
    let mut build = Build {
        session,
        files,
        heights: heights.collect(),
        metapages: metapages.collect(),
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

/// What a file is to begin with.
pub fn to_write(metapage: derive::Metapage) -> Metapage {
    match metapage {
        derive::Metapage::Gin {
            pending,
            total,
            entry,
            data,
            entries,
        } => Metapage::Gin {
            pending,
            total,
            entry,
            data,
            entries,
        },
        derive::Metapage::Brin { range, map } => Metapage::Brin { range, map },
    }
}

/// SQL that gives a relation another file.
pub fn moved(oid: &str, number: u32) -> String {
    format!("UPDATE pg_catalog.pg_class SET relfilenode = {number} WHERE oid = {oid};\n")
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
    metapages: HashMap<Name, Metapage>,
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
            sql.push_str(NEW_INDEXES);
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
            let others = self.imitate(&rows)?;
            let end = format!("{others}COMMIT");
            self.session.run(&end).await.map_err(lost)?;
        }
        Ok(Ok(()))
    }

    /// Gives new B-trees their height, before anybody can read them, and other indexes files with metapages of their
    /// own. Gives what is left to be run.
    fn imitate(&mut self, rows: &[Vec<Option<String>>]) -> Result<String, Lost> {
        let mut others = String::new();
        for row in rows {
            // Statements of the script may give rows too.
            let [Some(schema), Some(name), Some(path), Some(oid)] = row.as_slice() else {
                continue;
            };
            let name = (schema.clone(), name.clone());
            let fault = |error: ClusterError| Lost(error.to_string());
            if let Some(&metapage) = self.metapages.get(&name) {
                let number = self.files.begin(path, metapage).map_err(fault)?;
                others.extend(number.map(|number| moved(oid, number)));
            } else if let Some(&height) = self.heights.get(&name)
                // An index that is made again has another file.
                && self.raised.insert(path.clone())
            {
                self.files.raise(path, height).map_err(fault)?;
            }
        }
        Ok(others)
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
