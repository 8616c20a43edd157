//! A server with the extension HypoPG: hypothetical indexes live in our session only.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::runtime::Runtime;

use super::explained::explained;
use crate::advise::index::{Handle, IndexSpec, Lost, Plan, Planned, Question, Sized, WhatIf};
use crate::cli::interrupt;
use crate::collect::connect::{ConnInfo, MARK, ReadError, Session, TextRow, marked};
use crate::facts::quote::{ident, literal};

/// Hypothetical indexes that may live beside those of a question, as long as no plan uses them: taking
/// them away and making them again costs more than they do.
const SURPLUS: usize = 24;

/// Where the extension is.
const SCHEMA: &str = "SELECT n.nspname FROM pg_catalog.pg_extension e
    JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'hypopg'";

/// Limits of a statement of ours; planning takes no longer.
const STATEMENT: Duration = Duration::from_secs(30);
const LOCK: Duration = Duration::from_millis(500);

/// A hypothetical index that lives in the session.
#[derive(Debug, Clone)]
struct Living {
    oid: String,
    name: String,
}

/// A session with HypoPG.
pub struct HypoPg {
    runtime: Runtime,
    session: Session,
    /// Schema of the extension, as SQL.
    schema: String,
    specs: BTreeMap<Handle, IndexSpec>,
    living: BTreeMap<Handle, Living>,
    /// Settings that were set for a question.
    settings: Vec<(String, String)>,
    next: u64,
}

impl HypoPg {
    /// Connects; an error where the extension is not installed.
    pub fn connect(info: &ConnInfo) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("cannot start the network")?;
        let opened = async {
            let session = Session::open(info).await?;
            session.run(&opening()).await?;
            let schema = session.run(&marked(SCHEMA)).await?;
            Ok((session, schema))
        };
        let (session, schema) = runtime.block_on(interrupt::unless_interrupted(opened))?;
        let Some(schema) = first(&schema) else {
            bail!(
                "{} has no HypoPG; install it (CREATE EXTENSION hypopg), or use another --planner",
                session.display_target()
            );
        };
        Ok(Self {
            runtime,
            schema: ident(schema),
            session,
            specs: BTreeMap::new(),
            living: BTreeMap::new(),
            settings: Vec::new(),
            next: 0,
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

    /// Makes these live.
    fn make(&mut self, handles: &[Handle]) -> Result<(), ReadError> {
        if handles.is_empty() {
            return Ok(());
        }
        let texts: Vec<String> = handles
            .iter()
            .filter_map(|handle| self.specs.get(handle))
            .map(|spec| literal(&format!("CREATE INDEX ON {}", spec.target())))
            .collect();
        let sql = format!(
            "SELECT h.indexrelid::text, h.indexname::text
             FROM unnest(ARRAY[{}]) WITH ORDINALITY s (text, place)
             CROSS JOIN LATERAL {}.hypopg_create_index(s.text) h ORDER BY s.place",
            texts.join(", "),
            self.schema
        );
        let rows = self.run(&sql)?;
        for (handle, row) in handles.iter().zip(rows) {
            if let [Some(oid), Some(name)] = row.as_slice() {
                let living = Living {
                    oid: oid.clone(),
                    name: name.clone(),
                };
                self.living.insert(*handle, living);
            }
        }
        Ok(())
    }

    /// Takes these away.
    fn drop_all(&mut self, handles: &[Handle]) -> Result<(), ReadError> {
        let gone: Vec<Living> = handles
            .iter()
            .filter_map(|handle| self.living.remove(handle))
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        if self.living.is_empty() {
            let sql = format!("SELECT {}.hypopg_reset()", self.schema);
            self.run(&sql)?;
            return Ok(());
        }
        let oids: Vec<String> = gone.into_iter().map(|living| living.oid).collect();
        let sql = format!(
            "SELECT count({}.hypopg_drop_index(o)) FROM unnest('{{{}}}'::oid[]) o",
            self.schema,
            oids.join(",")
        );
        self.run(&sql)?;
        Ok(())
    }

    /// Makes those live that a question names, and few others.
    fn live(&mut self, question: &Question<'_>, exactly: bool) -> Result<(), ReadError> {
        let text = question.text.to_ascii_lowercase();
        let may_matter = |handle: &Handle| {
            let spec = self.specs.get(handle);
            spec.is_none_or(|spec| text.contains(&spec.table.to_ascii_lowercase()))
        };
        let surplus: Vec<Handle> = self
            .living
            .keys()
            .filter(|handle| !question.with.contains(handle))
            .filter(|handle| exactly || may_matter(handle))
            .copied()
            .collect();
        if exactly || surplus.len() > SURPLUS {
            self.drop_all(&surplus)?;
        }
        let missing: Vec<Handle> = question
            .with
            .iter()
            .filter(|handle| !self.living.contains_key(handle))
            .copied()
            .collect();
        self.make(&missing)
    }

    fn set(&mut self, wanted: &[(String, String)]) -> Result<(), ReadError> {
        if self.settings == wanted {
            return Ok(());
        }
        let mut batch: Vec<String> = Vec::new();
        for (name, _) in &self.settings {
            batch.push(format!("RESET {}", ident(name)));
        }
        for (name, value) in wanted {
            let (name, value) = (literal(name), literal(value));
            batch.push(format!("SELECT set_config({name}, {value}, false)"));
        }
        self.settings = wanted.to_vec();
        self.run(&batch.join("; "))?;
        Ok(())
    }

    fn question(&mut self, question: &Question<'_>) -> Result<Planned, ReadError> {
        self.set(question.settings)?;
        self.live(question, false)?;
        let planned = self.planned(question)?;
        let is_named = |handle| question.with.contains(handle);
        if planned.used.iter().all(is_named) {
            return Ok(planned);
        }
        // A plan took one that was left over.
        self.live(question, true)?;
        self.planned(question)
    }

    fn planned(&self, question: &Question<'_>) -> Result<Planned, ReadError> {
        let json = if question.is_generic {
            self.generic(question.text)?
        } else {
            self.ask(&format!("EXPLAIN (FORMAT JSON) {}", question.text))?
        };
        let Some(plan) = explained(&json) else {
            return Err(ReadError::Unreadable {
                target: self.session.display_target(),
                reason: "it is no plan".to_owned(),
            });
        };
        let by_name: BTreeMap<&str, Handle> = self
            .living
            .iter()
            .map(|(handle, living)| (living.name.as_str(), *handle))
            .collect();
        let handle = |name: &String| by_name.get(name.as_str()).copied();
        let mut used: Vec<Handle> = plan.indexes.iter().filter_map(handle).collect();
        used.sort();
        let others = plan.indexes.iter().filter(|name| handle(name).is_none());
        Ok(Planned {
            cost: plan.cost,
            used,
            used_existing: others.cloned().collect(),
            json,
        })
    }

    /// A plan without values of parameters: a prepared statement's. It is made anew each time, since one
    /// that is there does not see later hypothetical indexes.
    fn generic(&self, text: &str) -> Result<String, ReadError> {
        self.ask(&format!("PREPARE pgtriage_generic AS {text}"))?;
        let plan = || {
            let count = self.run(
                "SELECT coalesce(array_length(parameter_types, 1), 0)
                 FROM pg_catalog.pg_prepared_statements WHERE name = 'pgtriage_generic'",
            )?;
            let count: usize = first(&count).and_then(|count| count.parse().ok()).unwrap_or(0);
            let values = if count == 0 {
                String::new()
            } else {
                format!("({})", vec!["NULL"; count].join(", "))
            };
            self.ask(&format!("EXPLAIN (FORMAT JSON) EXECUTE pgtriage_generic{values}"))
        };
        let planned = plan();
        self.run("DEALLOCATE pgtriage_generic")?;
        planned
    }
}

impl WhatIf for HypoPg {
    fn create(&mut self, indexes: &[Sized]) -> Result<Vec<Result<Handle, String>>, Lost> {
        let mut made = Vec::new();
        for sized in indexes {
            let handle = Handle(self.next);
            self.next += 1;
            self.specs.insert(handle, sized.spec.clone());
            made.push(Ok(handle));
        }
        // Most can be made: they are tried together, and one by one where one cannot.
        for chunk in made.chunks_mut(SURPLUS) {
            let handles: Vec<Handle> = chunk.iter().filter_map(|made| made.clone().ok()).collect();
            if refusal(self.make(&handles))?.is_some() {
                for made in chunk.iter_mut() {
                    let Ok(handle) = made.clone() else { continue };
                    if let Some(because) = refusal(self.make(&[handle]))? {
                        self.specs.remove(&handle);
                        *made = Err(because);
                    }
                }
            }
            let living: Vec<Handle> = self.living.keys().copied().collect();
            refusal(self.drop_all(&living))?;
        }
        Ok(made)
    }

    fn forget(&mut self, indexes: &[Handle]) -> Result<(), Lost> {
        refusal(self.drop_all(indexes))?;
        for handle in indexes {
            self.specs.remove(handle);
        }
        Ok(())
    }

    fn plan(&mut self, questions: &[Question<'_>]) -> Result<Vec<Plan>, Lost> {
        let mut plans = Vec::new();
        for question in questions {
            if !question.without.is_empty() {
                plans.push(Err("HypoPG takes no index for gone".to_owned()));
                continue;
            }
            let answer = self.question(question);
            plans.push(refused(answer)?);
        }
        Ok(plans)
    }
}

/// What the server refuses is an answer; anything else means that it is gone.
fn refused<T>(answer: Result<T, ReadError>) -> Result<Result<T, String>, Lost> {
    match answer {
        Ok(value) => Ok(Ok(value)),
        Err(error) if error.code().is_some() => Ok(Err(error.to_string())),
        Err(error) => Err(Lost(error.to_string())),
    }
}

fn refusal(answer: Result<(), ReadError>) -> Result<Option<String>, Lost> {
    Ok(refused(answer)?.err())
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
