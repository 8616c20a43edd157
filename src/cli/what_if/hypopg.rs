//! A server with the extension HypoPG: hypothetical indexes live in our session only.
//!
//! HypoPG considers a hypothetical partial or expression index only where its table is the first relation of
//! the statement (seen with 1.3.1): the variable in its predicate keeps number 1. Such indexes gain less here than
//! they would, and never more.

use std::time::Duration;

use anyhow::bail;

use super::background::Background;
use super::living::Living;
use super::refusal::{own, plan_error};
use super::shadow::{read_plan, settings, statement};
use crate::advise::index::{Handle, Lost, Plan, Question, Sized, WhatIf};
use crate::advise::workload::PlanError;
use crate::cli::interrupt;
use crate::collect::connect::{ConnInfo, MARK, ReadError, Session, TextRow, marked};
use crate::facts::quote::ident;

/// Hypothetical indexes that may live beside those of a question, as long as no plan uses them: taking
/// them away and making them again costs more than they do.
const SURPLUS: usize = 24;

/// Where the extension is.
const SCHEMA: &str = "SELECT n.nspname FROM pg_catalog.pg_extension e
    JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'hypopg'";

/// Limits of a statement of ours; planning takes no longer.
const STATEMENT: Duration = Duration::from_secs(30);
const LOCK: Duration = Duration::from_millis(500);

/// Begins a prepared statement.
const PREPARE: &str = "PREPARE /* pgtriage */ pgtriage_generic AS ";

/// A session with HypoPG.
pub struct HypoPg {
    runtime: Background,
    session: Session,
    /// Schema of the extension, as SQL.
    schema: String,
    living: Living,
    /// Settings that are in force for a question.
    settings: Vec<(String, String)>,
}

impl HypoPg {
    /// Connects; an error where the extension is not installed.
    pub fn connect(info: &ConnInfo) -> anyhow::Result<Self> {
        let runtime = Background::start()?;
        let opened = async {
            let session = Session::open(info).await?;
            session.run(&opening()).await?;
            let schema = session.run(&marked(SCHEMA)).await?;
            Ok((session, schema))
        };
        let (session, schema) = runtime.block_on(interrupt::unless_interrupted(opened))?;
        let Some(schema) = first(&schema) else {
            bail!(
                "{} has no HypoPG; install it (CREATE EXTENSION hypopg), or use --planner shadow",
                session.display_target()
            );
        };
        Ok(Self {
            runtime,
            schema: ident(schema),
            session,
            living: Living::default(),
            settings: Vec::new(),
        })
    }

    /// One statement that is made of the user's text; nothing that might stand behind it is run.
    fn ask(&self, sql: &str) -> Result<String, ReadError> {
        let sql = marked(sql);
        let value = self.runtime.block_on(self.session.value(&sql))?;
        Ok(value.unwrap_or_default())
    }

    /// Statements of ours.
    fn run(&self, sql: &str) -> Result<Vec<TextRow>, ReadError> {
        self.runtime.block_on(self.session.run(&marked(sql)))
    }

    fn make(&mut self, handles: &[Handle]) -> Result<(), ReadError> {
        if !handles.is_empty() {
            let rows = self.run(&self.living.make(handles, &self.schema))?;
            self.living.made(handles, rows);
        }
        Ok(())
    }

    fn drop_all(&mut self, handles: &[Handle]) -> Result<(), ReadError> {
        if let Some(sql) = self.living.drop_all(handles, &self.schema) {
            self.run(&sql)?;
        }
        Ok(())
    }

    /// Makes those live that a question names, and few others.
    fn live(&mut self, question: &Question<'_>, exactly: bool) -> Result<(), ReadError> {
        let text = question.text.to_ascii_lowercase();
        let mut surplus = self.living.surplus(question.with);
        surplus.retain(|handle| exactly || self.living.is_named(*handle, &text));
        if exactly || surplus.len() > SURPLUS {
            self.drop_all(&surplus)?;
        }
        self.make(&self.living.missing(question.with))
    }

    fn set(&mut self, wanted: &[(String, String)]) -> Result<(), ReadError> {
        if self.settings != wanted {
            // What takes all settings back takes ours back too.
            self.run(&format!("{}; {}", settings(wanted), opening()))?;
            self.settings = wanted.to_vec();
        }
        Ok(())
    }

    fn question(&mut self, question: &Question<'_>) -> Result<Plan, ReadError> {
        let text = match statement(question.text) {
            Ok(text) => text,
            Err(because) => return Ok(Err(because)),
        };
        self.set(question.settings)?;
        self.live(question, false)?;
        let planned = self.planned(text, question.is_generic)?;
        let is_left_over = |handle: &Handle| !question.with.contains(handle);
        if !planned
            .iter()
            .any(|plan| plan.used.keys().any(is_left_over))
        {
            return Ok(planned);
        }
        self.live(question, true)?;
        self.planned(text, question.is_generic)
    }

    fn planned(&self, text: &str, is_generic: bool) -> Result<Plan, ReadError> {
        let json = if is_generic {
            self.generic(text)?
        } else {
            self.ask(&format!("EXPLAIN (FORMAT JSON) {text}"))?
        };
        Ok(read_plan(json, self.living.names()))
    }

    /// A plan without values of parameters: a prepared statement's. It is made anew each time, since one
    /// that is there does not see later hypothetical indexes.
    fn generic(&self, text: &str) -> Result<String, ReadError> {
        self.ask(&format!("{PREPARE}{text}"))?;
        let plan = || {
            let count = self.run(
                "SELECT coalesce(array_length(parameter_types, 1), 0)
                 FROM pg_catalog.pg_prepared_statements WHERE name = 'pgtriage_generic'",
            )?;
            let count: usize = first(&count)
                .and_then(|count| count.parse().ok())
                .unwrap_or(0);
            let values = if count == 0 {
                String::new()
            } else {
                format!("({})", vec!["NULL"; count].join(", "))
            };
            self.ask(&format!(
                "EXPLAIN (FORMAT JSON) EXECUTE pgtriage_generic{values}"
            ))
        };
        let planned = plan();
        self.run("DEALLOCATE pgtriage_generic")?;
        planned
    }
}

impl WhatIf for HypoPg {
    fn create(&mut self, indexes: &[Sized]) -> Result<Vec<Result<Handle, String>>, Lost> {
        let asked = indexes
            .iter()
            .map(|sized| Ok(self.living.ask_for(&sized.spec)));
        let mut made: Vec<Result<Handle, String>> = asked.collect();
        // Most can be made: they are tried together, and one by one where one cannot.
        for chunk in made.chunks_mut(SURPLUS) {
            let handles: Vec<Handle> = chunk.iter().filter_map(|made| made.clone().ok()).collect();
            if refused(self.make(&handles))?.is_err() {
                for made in chunk.iter_mut() {
                    let Ok(handle) = made.clone() else { continue };
                    if let Err(because) = refused(self.make(&[handle]))? {
                        self.living.forget(handle);
                        *made = Err(because);
                    }
                }
            }
            let all = self.living.all();
            self.drop_all(&all).map_err(lost)?;
        }
        Ok(made)
    }

    fn forget(&mut self, indexes: &[Handle]) -> Result<(), Lost> {
        self.drop_all(indexes).map_err(lost)?;
        for handle in indexes {
            self.living.forget(*handle);
        }
        Ok(())
    }

    fn check(
        &mut self,
        settings: &[(String, String)],
        text: &str,
    ) -> Result<Result<(), PlanError>, Lost> {
        let text = match statement(text) {
            Ok(text) => text,
            Err(because) => return Ok(Err(own(because))),
        };
        if let Err(because) = refused(self.set(settings))? {
            return Ok(Err(own(because)));
        }
        match self.ask(&format!("{PREPARE}{text}")) {
            Ok(_) => {
                self.run("DEALLOCATE pgtriage_generic").map_err(lost)?;
                Ok(Ok(()))
            }
            Err(error) => match plan_error(&error, PREPARE) {
                Some(said) => Ok(Err(said)),
                None => Err(lost(error)),
            },
        }
    }

    fn plan(&mut self, questions: &[Question<'_>]) -> Result<Vec<Plan>, Lost> {
        let mut plans = Vec::new();
        for question in questions {
            plans.push(if question.without.is_empty() {
                refused(self.question(question))?.and_then(|plan| plan)
            } else {
                Err("HypoPG takes no index for gone".to_owned())
            });
        }
        Ok(plans)
    }
}

/// What the server refuses is an answer; anything else means that it is gone.
fn refused<T>(answer: Result<T, ReadError>) -> Result<Result<T, String>, Lost> {
    match answer {
        Ok(value) => Ok(Ok(value)),
        Err(error) if error.code().is_some() => Ok(Err(error.to_string())),
        Err(error) => Err(lost(error)),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn lost(error: ReadError) -> Lost {
    Lost(error.to_string())
}

/// What a session begins with: it writes nothing, and waits for nobody.
fn opening() -> String {
    let settings = [
        ("default_transaction_read_only", "on".to_owned()),
        ("statement_timeout", STATEMENT.as_millis().to_string()),
        ("lock_timeout", LOCK.as_millis().to_string()),
        ("plan_cache_mode", "force_generic_plan".to_owned()),
    ];
    let set = |(name, value)| format!("SET {MARK} {name} = {value}");
    settings.map(set).join("; ")
}

fn first(rows: &[TextRow]) -> Option<&str> {
    rows.first()?.first()?.as_deref()
}
