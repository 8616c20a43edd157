//! The copy of a database: whether it is one, and a session in it that leaves nothing behind.

use std::time::Duration;

use anyhow::bail;

use crate::cli::context::Context;
use crate::cli::interrupt::{self, Untidy};
use crate::cli::what_if::Background;
use crate::collect::connect::{ConnInfo, Environment, ReadError, Session, TextRow, marked};
use crate::collect::trace::Scratch;
use crate::facts::quote::{literal, name};

/// Comment on an index of ours while it is there. Who finds one finds what a killed run has left.
const COMMENT: &str = "made by pgtriage advise index --prove, which drops it";
/// Longest wait for a lock: nobody else is there, but autovacuum.
const LOCK: Duration = Duration::from_mins(1);

/// Indexes that a killed run has left.
const LEFT_OVER: &str = "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('i', 'I') AND pg_catalog.obj_description(c.oid, 'pg_class') = ";

/// A database to try indexes in.
pub struct Copy {
    // Before the runtime: it ends while that still runs.
    session: Session,
    major: u32,
    made: Vec<(String, String)>,
    untidy: Option<Untidy>,
    runtime: Background,
}

impl Copy {
    /// Connects. What is not said to be scratch, or plainly is none, is refused.
    pub fn open(conninfo: &str, is_scratch: bool) -> anyhow::Result<Self> {
        if !is_scratch {
            bail!(
                "--prove makes indexes and runs statements; say by --scratch that the database is there to try things on"
            );
        }
        let info = ConnInfo::resolve(Some(conninfo), &Environment::from_process())?;
        let runtime = Background::start()?;
        let opening = interrupt::unless_interrupted(async {
            let mut scratch = Scratch::prepare(&info, true).await?;
            Ok((scratch.fresh().await?, scratch.major()))
        });
        let (session, major) = runtime.block_on(opening)?;
        // The search that comes next holds nothing that is to be tidied up.
        interrupt::end_on_signal(&runtime);
        Ok(Self {
            session,
            major,
            made: Vec::new(),
            untidy: None,
            runtime,
        })
    }

    /// Database and server.
    pub fn target(&self) -> String {
        self.session.display_target()
    }

    /// Major version of the server.
    pub fn major(&self) -> u32 {
        self.major
    }

    /// Begins to change things: drops what a killed run has left.
    pub fn begin(&mut self) -> anyhow::Result<()> {
        self.untidy = Some(Untidy::begin());
        let sql = format!("{LEFT_OVER}{}", literal(COMMENT));
        for row in self.run(&sql)? {
            if let [Some(schema), Some(index)] = row.as_slice() {
                self.run(&drop_of(schema, index))?;
            }
        }
        Ok(())
    }

    /// Runs statements of ours.
    pub fn run(&self, sql: &str) -> anyhow::Result<Vec<TextRow>> {
        Ok(self.ask(sql)??)
    }

    /// The same; what the server refuses is an answer.
    pub fn ask(&self, sql: &str) -> anyhow::Result<Result<Vec<TextRow>, ReadError>> {
        let sql = marked(sql);
        let asked = interrupt::unless_interrupted(async { Ok(self.session.run(&sql).await) });
        refused(self.runtime.block_on(asked)?)
    }

    /// The first value of one statement, which holds a text of the user; the server refuses several.
    pub fn value(&self, sql: &str) -> anyhow::Result<Result<String, ReadError>> {
        let sql = marked(sql);
        let asked = interrupt::unless_interrupted(async { Ok(self.session.value(&sql).await) });
        let value = refused(self.runtime.block_on(asked)?)?;
        Ok(value.map(Option::unwrap_or_default))
    }

    /// What every session here begins with.
    pub fn limits() -> String {
        format!("SET lock_timeout = {}", LOCK.as_millis())
    }

    /// An index of this name is about to be made.
    pub fn makes(&mut self, schema: &str, index: &str) {
        self.made.push((schema.to_owned(), index.to_owned()));
    }

    /// It is there: it is marked as ours.
    pub fn has_made(&self, schema: &str, index: &str) -> anyhow::Result<()> {
        self.comment(schema, index, &literal(COMMENT))
    }

    /// It is to stay.
    pub fn keep(&mut self, schema: &str, index: &str) -> anyhow::Result<()> {
        self.comment(schema, index, "NULL")?;
        self.made
            .retain(|made| (made.0.as_str(), made.1.as_str()) != (schema, index));
        Ok(())
    }

    fn comment(&self, schema: &str, index: &str, text: &str) -> anyhow::Result<()> {
        let sql = format!("COMMENT ON INDEX {} IS {text}", name(schema, index));
        self.run(&sql)?;
        Ok(())
    }

    /// Drops what was made, after whatever ended the proof; `runs`: a statement may still run. What cannot be dropped is told.
    pub fn end(self, context: &Context, runs: bool) {
        let drops: Vec<String> = self
            .made
            .iter()
            .map(|(schema, index)| drop_of(schema, index))
            .collect();
        if drops.is_empty() && !runs {
            return;
        }
        let ending = interrupt::unless_interrupted(async {
            if runs {
                // It would hold its locks.
                self.session.cancel().await;
            }
            if dropped(&self.session, &drops).await.is_ok() {
                return Ok(());
            }
            // The line may be gone, or the request to cancel may have come late.
            let session = self.session.another().await?;
            Ok(dropped(&session, &drops).await?)
        });
        let Err(error) = self.runtime.block_on(ending) else {
            return;
        };
        if !drops.is_empty() {
            context.say.warn(&format!(
                "indexes may be left in {} ({error}); the next --prove there drops them, or: {};",
                self.target(),
                drops.join("; ")
            ));
        }
    }
}

async fn dropped(session: &Session, drops: &[String]) -> Result<(), ReadError> {
    session.run("ROLLBACK").await?;
    session.run(&Copy::limits()).await?;
    for sql in drops {
        session.run(sql).await?;
    }
    Ok(())
}

fn drop_of(schema: &str, index: &str) -> String {
    format!(
        "DROP INDEX /* pgtriage */ IF EXISTS {}",
        name(schema, index)
    )
}

/// What the server refuses is an answer; anything else ends the proof.
fn refused<T>(answer: Result<T, ReadError>) -> anyhow::Result<Result<T, ReadError>> {
    match answer {
        Err(error) if error.code().is_none() => Err(error.into()),
        answer => Ok(answer),
    }
}
