//! One server of a shadow, and what is switched on in it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Instant;

use super::ask;
use super::build::{build, lost};
use super::catalog::Catalog;
use super::ground::Ground;
use super::keeping::{self, Keeping};
use super::original::{Name, Original};
use super::plan;
use crate::advise::index::{Handle, Lost, Plan, Question};
use crate::cluster::ServerBinaries;
use crate::collect::connect::{ReadError, Session};
use crate::derive::shadow::{LeftOut, Script};
use crate::facts::quote;

/// The first version with `EXPLAIN (GENERIC_PLAN)`.
pub(super) const GENERIC_PLAN: u32 = 16;
/// Name of a prepared statement, before that version.
const PREPARED: &str = "pgtriage_question";

/// A hypothetical index that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its name, and those of its parts on partitions.
    pub names: Vec<String>,
    /// Oids of the same.
    pub oids: Vec<u32>,
    /// Schema and name, as SQL.
    pub sql: String,
}

/// One server of a shadow.
pub struct Lane {
    pub(super) ground: Ground,
    pub(super) catalog: Catalog,
    /// Plans; goes by the settings of questions.
    pub(super) planner: Session,
    /// Switches indexes; goes by the server's settings.
    pub(super) control: Session,
    made: BTreeMap<Handle, Made>,
    names: HashMap<String, Handle>,
    /// Hypothetical indexes that are switched on, by oid.
    on: BTreeSet<u32>,
    /// Real indexes that are switched off, by oid.
    off: BTreeSet<u32>,
    settings: Vec<(String, String)>,
    /// Why the settings of questions are not in force.
    unset: Option<String>,
    pub(super) major: u32,
}

impl Lane {
    /// Makes a server and all that the script says, or takes the one that was kept.
    pub async fn start(
        server: &ServerBinaries,
        original: &Original,
        script: &Script,
        keeping: Option<&Keeping>,
    ) -> anyhow::Result<(Self, Vec<LeftOut>)> {
        let (ground, left_out) = match keeping.and_then(Keeping::find) {
            Some((data, left_out)) => (Ground::again(server, original, data).await?, left_out),
            None => Self::anew(server, original, script, keeping).await?,
        };
        let planner = Session::open(&ground.info).await?;
        let control = Session::open(&ground.info).await?;
        let catalog = Catalog::read(&control, &script.files).await?;
        for (path, bytes) in catalog.with_files() {
            ground.files.lengthen(path, bytes)?;
        }
        let lane = Self {
            ground,
            catalog,
            planner,
            control,
            made: BTreeMap::new(),
            names: HashMap::new(),
            on: BTreeSet::new(),
            off: BTreeSet::new(),
            settings: Vec::new(),
            unset: None,
            major: server.major,
        };
        Ok((lane, left_out))
    }

    async fn anew(
        server: &ServerBinaries,
        original: &Original,
        script: &Script,
        keeping: Option<&Keeping>,
    ) -> anyhow::Result<(Ground, Vec<LeftOut>)> {
        let start = Instant::now();
        let mut ground = Ground::start(server, original).await?;
        let builder = Session::open(&ground.info).await?;
        let mut left_out = build(&builder, &original.name, script, &ground.files).await?;
        drop(builder);
        left_out.extend(ground.locale.iter().map(|note| LeftOut {
            object: "locale".to_owned(),
            because: note.clone(),
            relations: Vec::new(),
        }));
        if let Some(keeping) = keeping.filter(|keeping| start.elapsed() >= keeping.from) {
            ground.keep(&keeping.kept, &keeping.key, &keeping::note(&left_out))?;
        }
        Ok((ground, left_out))
    }

    /// Plans some of the questions, in this order.
    pub async fn plan(
        &mut self,
        questions: &[Question<'_>],
        order: &[usize],
        overrides: &[(String, String)],
        indexes: &HashMap<i64, Name>,
    ) -> Result<Vec<(usize, Plan)>, Lost> {
        let mut plans = Vec::with_capacity(order.len());
        for &number in order {
            let question = &questions[number];
            plans.push((number, self.answer(question, overrides, indexes).await?));
        }
        Ok(plans)
    }

    async fn answer(
        &mut self,
        question: &Question<'_>,
        overrides: &[(String, String)],
        indexes: &HashMap<i64, Name>,
    ) -> Result<Plan, Lost> {
        let text = match ask::statement(question.text) {
            Ok(text) => text,
            Err(because) => return Ok(Err(because)),
        };
        let settings = [question.settings, overrides].concat();
        if let Err(because) = self.set(settings).await? {
            return Ok(Err(because));
        }
        self.switch(question, indexes).await?;
        let answer = if question.is_generic && self.major < GENERIC_PLAN {
            self.explain_prepared(text).await
        } else {
            self.explain(text, question.is_generic).await
        };
        let json = match answer {
            Ok(json) => json.unwrap_or_default(),
            Err(error) => return refused(error),
        };
        Ok(plan::read(json, &self.names))
    }

    async fn explain(&self, text: &str, is_generic: bool) -> Result<Option<String>, ReadError> {
        if !is_generic {
            let sql = format!("EXPLAIN (FORMAT JSON) {text}");
            return self.planner.value(&sql).await;
        }
        // In the extended protocol the parameters would want values.
        let sql = format!("EXPLAIN (GENERIC_PLAN, FORMAT JSON) {text}");
        let rows = self.planner.run(&sql).await?;
        Ok(rows
            .into_iter()
            .next()
            .and_then(|row| row.into_iter().next()?))
    }

    /// A plan for any values of the parameters, by a prepared statement.
    async fn explain_prepared(&self, text: &str) -> Result<Option<String>, ReadError> {
        let prepare = format!("PREPARE {PREPARED} AS {text}");
        self.planner.value(&prepare).await?;
        let answer = self.explain_execute().await;
        // Planned anew each time: a plan that is kept knows nothing of indexes that were switched.
        let deallocate = self.planner.run(&format!("DEALLOCATE {PREPARED}")).await;
        let answer = answer?;
        deallocate?;
        Ok(answer)
    }

    async fn explain_execute(&self) -> Result<Option<String>, ReadError> {
        let count = format!(
            "SELECT pg_catalog.cardinality(parameter_types)::text FROM pg_catalog.pg_prepared_statements WHERE name = '{PREPARED}'"
        );
        let count = self.planner.value(&count).await?;
        let count = count.and_then(|count| count.parse().ok()).unwrap_or(0);
        let nulls = vec!["NULL"; count].join(", ");
        let nulls = if count == 0 {
            nulls
        } else {
            format!("({nulls})")
        };
        let sql = format!("EXPLAIN (FORMAT JSON) EXECUTE {PREPARED}{nulls}");
        self.planner.value(&sql).await
    }

    /// Puts settings in force in place of those before.
    pub async fn set(
        &mut self,
        settings: Vec<(String, String)>,
    ) -> Result<Result<(), String>, Lost> {
        if settings != self.settings {
            self.unset = match self.planner.run(&ask::settings(&settings)).await {
                Ok(_) => None,
                Err(ReadError::Server(error)) => Some(error.message().to_owned()),
                Err(error) => return Err(lost(error)),
            };
            self.settings = settings;
        }
        Ok(self.unset.clone().map_or(Ok(()), Err))
    }

    /// Switches those indexes that are not as the question wants them. The planner passes over indexes that are
    /// not valid, also as proofs of uniqueness.
    async fn switch(
        &mut self,
        question: &Question<'_>,
        indexes: &HashMap<i64, Name>,
    ) -> Result<(), Lost> {
        let made = question.with.iter().filter_map(|with| self.made.get(with));
        let on: BTreeSet<u32> = made.flat_map(|made| made.oids.iter().copied()).collect();
        let gone = question
            .without
            .iter()
            .filter_map(|id| self.catalog.oid(indexes.get(id)?));
        let off: BTreeSet<u32> = gone
            .flat_map(|oid| self.catalog.family(oid))
            .filter(|oid| self.catalog.get(*oid).is_some_and(|index| index.is_valid))
            .collect();
        let changes = on.symmetric_difference(&self.on);
        let changes: Vec<u32> = changes
            .chain(off.symmetric_difference(&self.off))
            .copied()
            .collect();
        if !changes.is_empty() {
            let sql = format!(
                "UPDATE pg_catalog.pg_index SET indisvalid = NOT indisvalid WHERE indexrelid IN ({})",
                list(&changes)
            );
            self.control.run(&sql).await.map_err(lost)?;
            (self.on, self.off) = (on, off);
        }
        Ok(())
    }

    /// Takes in indexes that were made; they are switched off.
    pub fn add(&mut self, handle: Handle, made: Made) {
        for name in &made.names {
            self.names.insert(name.clone(), handle);
        }
        self.made.insert(handle, made);
    }

    /// Drops hypothetical indexes.
    pub async fn forget(&mut self, handles: &[Handle]) -> Result<(), Lost> {
        let mut gone = Vec::new();
        for handle in handles {
            gone.extend(self.made.remove(handle));
        }
        for made in &gone {
            for name in &made.names {
                self.names.remove(name);
            }
            for oid in &made.oids {
                self.on.remove(oid);
            }
        }
        for part in gone.chunks(100) {
            let names: Vec<&str> = part.iter().map(|made| made.sql.as_str()).collect();
            let sql = format!("DROP INDEX {}", names.join(", "));
            self.control.run(&sql).await.map_err(lost)?;
        }
        Ok(())
    }

    /// The oid of a table as SQL names it; `None`: there is no such table.
    pub async fn table(&self, name: &str) -> Result<Option<u32>, Lost> {
        let sql = format!(
            "SELECT pg_catalog.to_regclass({})::oid",
            quote::literal(name)
        );
        match self.control.run(&sql).await {
            Ok(rows) => Ok(rows
                .first()
                .and_then(|row| row.first()?.as_ref()?.parse().ok())),
            Err(ReadError::Server(_)) => Ok(None),
            Err(error) => Err(lost(error)),
        }
    }
}

/// Oids for `IN (…)`.
pub fn list(oids: &[u32]) -> String {
    let oids: Vec<String> = oids.iter().map(u32::to_string).collect();
    oids.join(", ")
}

fn refused(error: ReadError) -> Result<Plan, Lost> {
    match error {
        ReadError::Server(error) => Ok(Err(error.message().to_owned())),
        error => Err(lost(error)),
    }
}
