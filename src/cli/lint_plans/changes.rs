//! What a shadow is changed by: put together from what migrations do, never their own text but for the definition
//! of an index.

use std::collections::HashMap;

use super::ground::Ground;
use super::steps::{Step, What};
use super::types::{is_type, keeps};
use crate::advise::index::sized_as;
use crate::cli::plan::share;
use crate::derive::shadow::changes::{MadeIndex, Retyped};
use crate::derive::shadow::{Changes, Statement, brin};
use crate::derive::sizes::Tables;
use crate::facts::quote;
use crate::parse::{TokenKind, tokenize};

/// What migrations make of a shadow.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Made {
    /// For the shadow.
    pub changes: Changes,
    /// Steps that a shadow cannot have, by the name of their statement, with the reason.
    pub refused: HashMap<String, String>,
}

/// How the statement of a step is called, by which a shadow tells that it could not be run.
pub fn name(path: &str, step: &Step) -> String {
    format!("{path}:{} ({})", step.line, step.effect)
}

impl Made {
    /// Nothing yet.
    pub fn nothing(ground: &Ground<'_>) -> Self {
        Self {
            changes: Changes {
                search_path: ground.search_path.clone(),
                ..Changes::default()
            },
            refused: HashMap::new(),
        }
    }

    /// Adds a step of a file.
    pub fn add(&mut self, ground: &mut Ground<'_>, path: &str, step: &Step) -> anyhow::Result<()> {
        let called = name(path, step);
        match &step.what {
            What::Drop {
                schema,
                index,
                constraint,
                relation,
            } => {
                let sql = match constraint {
                    Some((table, name)) => format!(
                        "ALTER TABLE {} DROP CONSTRAINT {} CASCADE",
                        quote::name(schema, table),
                        quote::ident(name)
                    ),
                    None => format!("DROP INDEX {} CASCADE", quote::name(schema, index)),
                };
                self.changes.gone.insert((schema.clone(), index.clone()));
                self.changes.statements.push(Statement {
                    sql,
                    object: called,
                    relations: relation.iter().copied().collect(),
                });
            }
            What::Release {
                table: (schema, table),
                constraint,
                relation,
            } => self.changes.statements.push(Statement {
                sql: format!(
                    "ALTER TABLE {} DROP CONSTRAINT IF EXISTS {} CASCADE",
                    quote::name(schema, table),
                    quote::ident(constraint)
                ),
                object: called,
                relations: relation.iter().copied().collect(),
            }),
            What::Create { name, sql } => match create(ground, name.as_deref(), sql)? {
                Ok((sql, made)) => {
                    self.changes.statements.push(Statement {
                        sql,
                        object: called,
                        relations: vec![made.relation],
                    });
                    self.changes
                        .gone
                        .remove(&(made.schema.clone(), made.name.clone()));
                    self.changes.made.push(made);
                }
                Err(because) => {
                    self.refused.insert(called, because);
                }
            },
            What::Retype { .. } => match retype(ground, &step.what) {
                Ok((mut statement, retyped)) => {
                    statement.object = called;
                    self.changes.statements.push(statement);
                    self.changes.retyped.push(retyped);
                }
                Err(because) => {
                    self.refused.insert(called, because);
                }
            },
        }
        Ok(())
    }
}

/// The index of a `CREATE INDEX`, with the size that it would have.
fn create(
    ground: &mut Ground<'_>,
    name: Option<&str>,
    sql: &str,
) -> anyhow::Result<Result<(String, MadeIndex), String>> {
    // Its name may be taken still by one that goes.
    let described = match ground.shadow.describe(&nameless(sql))? {
        Ok(described) => described,
        Err(because) => return Ok(Err(because)),
    };
    let spec = described.spec;
    let share = match &spec.predicate {
        Some(predicate) => share(&mut ground.shadow, &spec, predicate)?,
        None => 1.0,
    };
    let tables = Tables::read(ground.store.connection(), ground.database)?;
    let Some((sized, _)) = sized_as(&tables, spec.clone(), share, described.storage) else {
        return Ok(Err("its size is not known".to_owned()));
    };
    let block = ground.shadow.block();
    let metapage = (spec.method == "brin").then(|| {
        let holders = tables.holders(spec.relation);
        let pages = holders.first().map_or(0.0, |table| table.pages);
        let range = described.storage.range.unwrap_or(brin::RANGE);
        brin::built(pages as u64, range, block.cast_signed())
    });
    let made = MadeIndex {
        schema: spec.schema,
        name: name.unwrap_or(&described.name).to_owned(),
        relation: spec.relation,
        bytes: sized.pages * block,
        pages: sized.pages,
        rows: sized.rows,
        height: sized.height,
        metapage,
    };
    let sql = match name {
        Some(name) => renamed(&described.sql, name),
        None => described.sql,
    };
    Ok(Ok((sql, made)))
}

/// A `CREATE INDEX` without the name of the index.
fn nameless(sql: &str) -> String {
    match name_of(sql) {
        Some((start, end)) => format!("{} {}", &sql[..start], &sql[end..]),
        None => sql.to_owned(),
    }
}

/// The same with another name.
fn renamed(sql: &str, name: &str) -> String {
    match name_of(sql) {
        Some((start, end)) => format!("{} {} {}", &sql[..start], quote::ident(name), &sql[end..]),
        None => sql.to_owned(),
    }
}

/// What stands between `INDEX`, or `CONCURRENTLY` behind it, and `ON`.
fn name_of(sql: &str) -> Option<(usize, usize)> {
    let mut words = tokenize(sql).into_iter().filter(|token| !token.is_trivia());
    let is = |token: &crate::parse::Token, word: &str| {
        token.kind == TokenKind::Word && token.text(sql).eq_ignore_ascii_case(word)
    };
    let mut start = words.find(|token| is(token, "index"))?.end;
    for token in words {
        if is(&token, "concurrently") {
            start = token.end;
        } else if is(&token, "on") {
            return Some((start, token.start));
        }
    }
    None
}

/// The change of a type.
fn retype(ground: &Ground<'_>, what: &What) -> Result<(Statement, Retyped), String> {
    let What::Retype {
        table: (schema, table),
        relation,
        column,
        from,
        to,
        using,
        is_recollated,
    } = what
    else {
        return Err("it changes no type".to_owned());
    };
    if *is_recollated {
        return Err("another collation is not imitated".to_owned());
    }
    if !is_type(to) {
        return Err(format!("the type {to} is not known"));
    }
    let relation = relation.ok_or("the table was not there when the facts were collected")?;
    let retyped = Retyped {
        relation,
        column: column.clone(),
        keeps: keeps(from.as_deref(), to, using.as_deref(), column),
    };
    let has_default = ground.has_default(relation, column);
    let statement = retyped.statement(&quote::name(schema, table), to, has_default);
    Ok((statement, retyped))
}

#[cfg(test)]
mod tests {
    use super::{nameless, renamed};

    #[test]
    fn names_of_indexes_go_and_come() {
        for (sql, without, with) in [
            (
                "CREATE INDEX a ON t (x)",
                "CREATE INDEX ON t (x)",
                "CREATE INDEX n ON t (x)",
            ),
            (
                "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"on\" ON t (x)",
                "CREATE UNIQUE INDEX CONCURRENTLY ON t (x)",
                "CREATE UNIQUE INDEX CONCURRENTLY n ON t (x)",
            ),
            (
                "CREATE INDEX ON t (x)",
                "CREATE INDEX ON t (x)",
                "CREATE INDEX n ON t (x)",
            ),
        ] {
            assert_eq!(nameless(sql), without);
            assert_eq!(renamed(sql, "n"), with);
        }
    }
}
