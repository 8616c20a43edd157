//! Statements one after the other, each looked at.

use std::time::Instant;

use super::alone::run_alone;
use super::counters::Clock;
use super::error::TraceError;
use super::observed::{Observed, between};
use super::state::State;
use crate::collect::connect::{ReadError, Session};
use crate::parse::Lexer;
use crate::parse::ddl::effect::Lock;
use crate::parse::tokens::Options;

/// A session in which migrations are run, and one that watches it.
pub struct Runner {
    session: Session,
    watcher: Session,
    clock: Clock,
    block: Block,
    /// Rows for the COPY that is run.
    rows: Option<String>,
}

/// Where the session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    /// Outside a transaction block.
    Outside,
    /// In one.
    Inside,
    /// In one that has failed.
    Failed,
}

/// What is special about running a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// It begins or ends a block, or sets something: nothing is to be seen of it, and it
    /// means something else within a block of ours.
    Bare,
    /// It means something else within a block of ours, but can be seen in one of the file.
    BareOutside,
    /// All others.
    Watched,
}

impl Runner {
    /// A runner in the database of a session.
    pub async fn new(session: Session) -> Result<Self, TraceError> {
        let clock = Clock::start();
        let watcher = session.another().await?;
        Ok(Self {
            session,
            watcher,
            clock,
            block: Block::Outside,
            rows: None,
        })
    }

    /// Begins a block, as a tool does that wraps what it runs.
    pub async fn begin(&mut self) -> Result<(), TraceError> {
        if self.block == Block::Outside {
            self.session.run("BEGIN").await?;
            self.block = Block::Inside;
        }
        Ok(())
    }

    /// Ends it. What is only checked at the end may fail: then it is an observation.
    pub async fn commit(&mut self) -> Result<Option<(String, String)>, TraceError> {
        if self.block == Block::Outside {
            return Ok(None);
        }
        self.block = Block::Outside;
        match self.session.run("COMMIT").await {
            Ok(_) => Ok(None),
            Err(error) => Ok(Some(error_of(error)?)),
        }
    }

    /// Whether the block has failed, so that nothing more can be run in it.
    pub fn has_failed(&self) -> bool {
        self.block == Block::Failed
    }

    /// Runs a COPY … FROM STDIN with these rows.
    pub async fn copy(&mut self, sql: &str, rows: &str) -> Result<Observed, TraceError> {
        self.rows = Some(rows.to_owned());
        let observed = self.run(sql).await;
        self.rows = None;
        observed
    }

    /// Runs a statement.
    pub async fn run(&mut self, sql: &str) -> Result<Observed, TraceError> {
        let words = first_words(sql);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if self.rows.is_none()
            && words.first() == Some(&"COPY")
            && sql.to_lowercase().contains("from stdin")
        {
            return Ok(Observed::unseen("not run: its rows come from outside"));
        }
        let is_inside = self.block != Block::Outside;
        let mut observed = match manner(&words) {
            Manner::Bare => self.bare(sql, &words).await,
            Manner::BareOutside if !is_inside => self.bare(sql, &words).await,
            _ if self.has_failed() => Ok(Observed::unseen("not run: its transaction has failed")),
            _ if is_inside => self.inside(sql, &words).await,
            _ => self.wrapped(sql, &words).await,
        }?;
        // What VACUUM reads is counted only where it writes anew.
        if words.first() == Some(&"VACUUM") {
            let unwritten = observed.relations.iter_mut().filter(|seen| !seen.rewritten);
            unwritten.for_each(|seen| seen.scans = None);
        }
        Ok(observed)
    }

    /// Ends the sessions.
    pub fn into_session(self) -> Session {
        self.session
    }

    async fn bare(&mut self, sql: &str, words: &[&str]) -> Result<Observed, TraceError> {
        let start = Instant::now();
        let outcome = self.session.run(sql).await;
        let duration_ms = Some(start.elapsed().as_secs_f64() * 1000.0);
        let error = match outcome {
            Ok(_) => None,
            Err(error) => Some(error_of(error)?),
        };
        self.block = after(self.block, words, error.is_some());
        Ok(Observed {
            least: error.is_none().then_some(Lock::AccessShare),
            duration_ms,
            error,
            ..Observed::default()
        })
    }

    async fn inside(&mut self, sql: &str, words: &[&str]) -> Result<Observed, TraceError> {
        let before = State::read(&self.session).await?;
        let observed = self.observe(sql, words, &before).await?;
        if observed.error.is_some() {
            self.block = Block::Failed;
        }
        Ok(observed)
    }

    /// In a block of our own, which is the same as by itself, unless the server refuses it there.
    async fn wrapped(&mut self, sql: &str, words: &[&str]) -> Result<Observed, TraceError> {
        self.session.run("BEGIN /* pgtriage */").await?;
        let before = State::read(&self.session).await?;
        let mut observed = self.observe(sql, words, &before).await?;
        let Some((code, _)) = &observed.error else {
            if let Err(error) = self.session.run("COMMIT /* pgtriage */").await {
                observed.error = Some(error_of(error)?);
            }
            return Ok(observed);
        };
        // Active transaction; invalid end of a transaction, in a procedure.
        let must_be_alone = ["25001", "2D000"].contains(&code.as_str());
        self.session.run("ROLLBACK /* pgtriage */").await?;
        if must_be_alone {
            observed = run_alone(&self.session, &self.watcher, &mut self.clock, sql).await?;
        }
        Ok(observed)
    }

    async fn observe(
        &self,
        sql: &str,
        words: &[&str],
        before: &State,
    ) -> Result<Observed, TraceError> {
        let start = Instant::now();
        let outcome = match &self.rows {
            Some(rows) => self.session.copy_in(sql, rows.clone().into_bytes()).await,
            None => self.session.run(sql).await.map(|_| ()),
        };
        let duration_ms = Some(start.elapsed().as_secs_f64() * 1000.0);
        if let Err(error) = outcome {
            return Ok(Observed {
                duration_ms,
                error: Some(error_of(error)?),
                unseen: Some("it failed, and its locks went with it".to_owned()),
                ..Observed::default()
            });
        }
        let after = State::read(&self.session).await?;
        let empties = match words.first() {
            Some(&"TRUNCATE") => true,
            Some(&"REFRESH") => words_of(sql).any(|word| word == "NO"),
            _ => false,
        };
        Ok(Observed {
            relations: between(before, &after, empties),
            duration_ms,
            least: Some(Lock::AccessShare),
            ..Observed::default()
        })
    }
}

/// SQLSTATE and message of what the server reports; anything else ends the trace.
pub(super) fn error_of(error: ReadError) -> Result<(String, String), TraceError> {
    match error {
        ReadError::Server(reported) if !lost(reported.code().code()) => Ok((
            reported.code().code().to_owned(),
            reported.message().to_owned(),
        )),
        other => Err(other.into()),
    }
}

/// The server has ended the session with it.
fn lost(code: &str) -> bool {
    code.starts_with("08") || ["57P01", "57P02", "57P03"].contains(&code)
}

fn manner(words: &[&str]) -> Manner {
    const BARE: [&str; 16] = [
        "BEGIN",
        "START",
        "COMMIT",
        "END",
        "ROLLBACK",
        "ABORT",
        "SAVEPOINT",
        "RELEASE",
        "SET",
        "RESET",
        "SHOW",
        "DISCARD",
        "CHECKPOINT",
        "LISTEN",
        "NOTIFY",
        "UNLISTEN",
    ];
    match words {
        ["LOCK" | "DECLARE", ..] | ["SET", "CONSTRAINTS", ..] => Manner::BareOutside,
        ["PREPARE", "TRANSACTION", ..] => Manner::Bare,
        [first, ..] if BARE.contains(first) => Manner::Bare,
        _ => Manner::Watched,
    }
}

/// Where the session is after a bare statement.
fn after(block: Block, words: &[&str], failed: bool) -> Block {
    let begins = matches!(words.first(), Some(&("BEGIN" | "START")));
    let ends = matches!(
        words.first(),
        Some(&("COMMIT" | "END" | "ROLLBACK" | "ABORT"))
    ) || matches!(words, ["PREPARE", "TRANSACTION", ..]);
    let to_savepoint = words.first() == Some(&"ROLLBACK") && words.contains(&"TO");
    let chains = words.contains(&"CHAIN") && !words.contains(&"NO");
    match block {
        Block::Outside if begins && !failed => Block::Inside,
        Block::Outside => Block::Outside,
        _ if to_savepoint && !failed => Block::Inside,
        _ if ends && !to_savepoint && chains && !failed => Block::Inside,
        // A commit that fails ends its transaction too.
        _ if ends && !to_savepoint => Block::Outside,
        _ if failed => Block::Failed,
        other => other,
    }
}

/// Up to five words at the beginning, in capitals.
fn first_words(sql: &str) -> Vec<String> {
    words_of(sql).take(5).collect()
}

/// Tokens without white space and comments, in capitals.
fn words_of(sql: &str) -> impl Iterator<Item = String> {
    let tokens = Lexer::new(sql, Options::default()).filter(|token| !token.is_trivia());
    tokens.map(|token| token.text(sql).to_ascii_uppercase())
}
