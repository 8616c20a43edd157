//! One session: plans with the indexes that a question names.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::join;

use super::living::{Living, Others, make};
use super::orders::{Order, Orders, are_same};
use super::server::{Server, ask, first, is_lost, opening, run};
use crate::advise::index::{Handle, Plan, Planned, Question};
use crate::advise::workload::PlanError;
use crate::cli::what_if::refusal::{own, plan_error};
use crate::cli::what_if::shadow::{read_plan, settings, statement};
use crate::collect::connect::{ReadError, Session};

/// Begins a prepared statement.
const PREPARE: &str = "PREPARE /* pgtriage */ pgtriage_generic AS ";

/// How often a text is planned beside indexes that its plan may use, and that the question does not name.
const PATIENCE: usize = 2;

/// Indexes that are tried together.
const TOGETHER: usize = 24;

/// One session.
pub struct Lane {
    session: Session,
    living: Living,
    orders: Orders,
    /// Indexes that plans of a text have used: they would again.
    liked: HashMap<String, BTreeSet<Handle>>,
    /// Settings that are in force.
    settings: Vec<(String, String)>,
    /// Indexes that are hidden (`indexes.id`); `None`: not known.
    hidden: Option<Vec<i64>>,
}

impl Lane {
    /// A session that was opened and has nothing yet.
    pub fn new(session: Session) -> Self {
        Self {
            session,
            living: Living::default(),
            orders: Orders::default(),
            liked: HashMap::new(),
            settings: Vec::new(),
            hidden: Some(Vec::new()),
        }
    }

    /// Plans some of the questions into their places; an error leaves the places of those that it did not come to.
    pub async fn plan(
        &mut self,
        server: &Server,
        questions: &[Question<'_>],
        mine: &[usize],
    ) -> (Vec<(usize, Plan)>, Result<(), ReadError>) {
        let mut left = mine.to_vec();
        let mut plans = Vec::with_capacity(left.len());
        while let Some(number) = self.next(questions, &mut left) {
            match self.answer(server, &questions[number]).await {
                Ok(plan) => plans.push((number, plan)),
                Err(error) if is_lost(&error) => return (plans, Err(error)),
                Err(error) => plans.push((number, Err(error.to_string()))),
            }
        }
        (plans, Ok(()))
    }

    /// Takes out the question that needs the fewest changes, the first of several.
    fn next(&self, questions: &[Question<'_>], left: &mut Vec<usize>) -> Option<usize> {
        let changes = |number: &usize| {
            let question = &questions[*number];
            (
                question.settings != self.settings,
                self.hidden.as_deref() != Some(question.without),
                self.living.missing(question.with),
            )
        };
        let place = (0..left.len()).min_by_key(|place| changes(&left[*place]))?;
        Some(left.remove(place))
    }

    async fn answer(
        &mut self,
        server: &Server,
        question: &Question<'_>,
    ) -> Result<Plan, ReadError> {
        let text = match statement(question.text) {
            Ok(text) => text,
            Err(because) => return Ok(Err(because)),
        };
        if !question.without.is_empty() && !server.hides {
            return Ok(Err(server.no_hiding()));
        }
        self.set(question.settings).await?;
        self.hide(server, question.without).await?;
        let plan = self.exact(server, question, text).await?;
        match plan {
            Ok(plan) => self.led(server, question, text, plan).await.map(Ok),
            refused => Ok(refused),
        }
    }

    /// Puts settings in force in place of those before.
    async fn set(&mut self, wanted: &[(String, String)]) -> Result<(), ReadError> {
        if self.settings != wanted {
            // What takes all settings back takes ours back too.
            let sql = format!("{}; {}", settings(wanted), opening());
            run(&self.session, &sql).await?;
            self.settings = wanted.to_vec();
        }
        Ok(())
    }

    async fn hide(&mut self, server: &Server, without: &[i64]) -> Result<(), ReadError> {
        if self.hidden.as_deref() != Some(without) {
            self.hidden = None;
            run(&self.session, &server.hide(without)).await?;
            self.hidden = Some(without.to_vec());
        }
        Ok(())
    }

    /// The plan of a text with the indexes of a question and none but those.
    async fn exact(
        &mut self,
        server: &Server,
        question: &Question<'_>,
        text: &str,
    ) -> Result<Plan, ReadError> {
        for _ in 0..PATIENCE {
            let plan = self.planned(server, question, text, false).await?;
            let Ok(known) = &plan else {
                return Ok(plan);
            };
            let liked = self.liked.entry(question.text.to_owned()).or_default();
            liked.extend(known.used.keys().copied());
            if known.used.keys().all(|used| question.with.contains(used)) {
                return Ok(plan);
            }
        }
        self.planned(server, question, text, true).await
    }

    async fn planned(
        &mut self,
        server: &Server,
        question: &Question<'_>,
        text: &str,
        exactly: bool,
    ) -> Result<Plan, ReadError> {
        let others = if exactly {
            Others::None
        } else {
            Others::Few {
                text,
                liked: self.liked.get(question.text),
            }
        };
        let change = self.living.change(server, question.with, others);
        let Some(change) = change else {
            let json = self.json(text, question.is_generic).await?;
            return Ok(read_plan(json, self.living.names()));
        };
        // Both are sent at once; the server takes one after the other.
        let changed = run(&self.session, &change.sql);
        let (changed, json) = join(changed, self.json(text, question.is_generic)).await;
        match changed {
            Ok(rows) => self.living.made(&change.made, rows),
            Err(error) => return Err(self.cleared(server, error).await),
        }
        Ok(read_plan(json?, self.living.names()))
    }

    /// After an error some may be there that we do not know of.
    async fn cleared(&mut self, server: &Server, error: ReadError) -> ReadError {
        if is_lost(&error) {
            return error;
        }
        let sql = self.living.clear(server);
        run(&self.session, &sql).await.err().unwrap_or(error)
    }

    async fn json(&self, text: &str, is_generic: bool) -> Result<String, ReadError> {
        if is_generic {
            self.generic(text).await
        } else {
            ask(&self.session, &format!("EXPLAIN (FORMAT JSON) {text}")).await
        }
    }

    /// A plan without values of parameters: a prepared statement's. It is made anew each time, since one
    /// that is there does not see later hypothetical indexes.
    async fn generic(&self, text: &str) -> Result<String, ReadError> {
        ask(&self.session, &format!("{PREPARE}{text}")).await?;
        let planned = self.executed().await;
        run(&self.session, "DEALLOCATE pgtriage_generic").await?;
        planned
    }

    async fn executed(&self) -> Result<String, ReadError> {
        let count = "SELECT coalesce(array_length(parameter_types, 1), 0)
             FROM pg_catalog.pg_prepared_statements WHERE name = 'pgtriage_generic'";
        let count = run(&self.session, count).await?;
        let count = first(&count).and_then(|count| count.parse().ok());
        let values = match count.unwrap_or(0) {
            0 => String::new(),
            count => format!("({})", vec!["NULL"; count].join(", ")),
        };
        let sql = format!("EXPLAIN (FORMAT JSON) EXECUTE pgtriage_generic{values}");
        ask(&self.session, &sql).await
    }

    /// The cheapest of a plan and those of the same statement with the table of a bound index first.
    async fn led(
        &mut self,
        server: &Server,
        question: &Question<'_>,
        text: &str,
        plan: Planned,
    ) -> Result<Planned, ReadError> {
        let bound = question.with.iter().copied();
        let bound: Vec<Handle> = bound.filter(|handle| server.is_bound(*handle)).collect();
        if bound.is_empty() {
            return Ok(plan);
        }
        let mut orders = self.orders.take(text);
        let mut best = Ok(plan);
        for order in &mut orders {
            let specs = bound.iter().filter_map(|handle| server.specs.get(handle));
            let mut serving = specs.filter(|spec| order.serves(spec));
            if serving.next().is_some() {
                best = match best {
                    Ok(plan) => self.led_by(server, question, text, order, plan).await,
                    error => error,
                };
            }
        }
        self.orders.keep(text, orders);
        best
    }

    async fn led_by(
        &mut self,
        server: &Server,
        question: &Question<'_>,
        text: &str,
        order: &mut Order,
        best: Planned,
    ) -> Result<Planned, ReadError> {
        let is_same = match order.is_same {
            Some(is_same) => is_same,
            None => self.is_same(question, text, order.text()).await?,
        };
        order.is_same = Some(is_same);
        if !is_same {
            return Ok(best);
        }
        let other = match self.exact(server, question, order.text()).await {
            Err(error) if is_lost(&error) => return Err(error),
            other => other,
        };
        Ok(match other {
            Ok(Ok(other))
                if other.cost < best.cost
                    && other.used.keys().any(|handle| server.is_bound(*handle)) =>
            {
                other
            }
            _ => best,
        })
    }

    /// Whether two orders of a statement cost the same without any hypothetical index; if not, they may not mean the
    /// same, or the planner has not looked at all joins of both.
    async fn is_same(
        &self,
        question: &Question<'_>,
        text: &str,
        other: &str,
    ) -> Result<bool, ReadError> {
        run(&self.session, "SET hypopg.enabled = off").await?;
        let mut costs = Vec::new();
        let mut ended = Ok(());
        for text in [text, other] {
            match self.json(text, question.is_generic).await {
                Ok(json) => costs.extend(read_plan(json, self.living.names()).map(|it| it.cost)),
                Err(error) if is_lost(&error) => ended = Err(error),
                Err(_) => {}
            }
        }
        ended?;
        run(&self.session, "SET hypopg.enabled = on").await?;
        Ok(matches!(costs.as_slice(), [one, other] if are_same(*one, *other)))
    }

    /// Makes indexes and takes them away again; tells for each why it can't be made.
    pub async fn tried(
        &mut self,
        server: &Server,
        handles: &[Handle],
    ) -> Result<Vec<Result<(), String>>, ReadError> {
        let mut made = Vec::with_capacity(handles.len());
        let clear = self.living.clear(server);
        run(&self.session, &clear).await?;
        for chunk in handles.chunks(TOGETHER) {
            // Most can be made: they are tried together, and one by one where one cannot.
            if refused(run(&self.session, &make(chunk, server)).await)?.is_ok() {
                made.extend(chunk.iter().map(|_| Ok(())));
            } else {
                for handle in chunk {
                    let one = run(&self.session, &make(&[*handle], server)).await;
                    made.push(refused(one)?.map(drop));
                }
            }
            run(&self.session, &clear).await?;
        }
        Ok(made)
    }

    /// Takes hypothetical indexes away.
    pub async fn forget(&mut self, server: &Server, handles: &[Handle]) -> Result<(), ReadError> {
        if let Some(sql) = self.living.drop_all(handles, server) {
            run(&self.session, &sql).await?;
        }
        Ok(())
    }

    /// Whether a text would be planned; if not, what the server says of it.
    pub async fn check(
        &mut self,
        settings: &[(String, String)],
        text: &str,
    ) -> Result<Result<(), PlanError>, ReadError> {
        let text = match statement(text) {
            Ok(text) => text,
            Err(because) => return Ok(Err(own(because))),
        };
        if let Err(because) = refused(self.set(settings).await)? {
            return Ok(Err(own(because)));
        }
        match ask(&self.session, &format!("{PREPARE}{text}")).await {
            Ok(_) => {
                run(&self.session, "DEALLOCATE pgtriage_generic").await?;
                Ok(Ok(()))
            }
            Err(error) if is_lost(&error) => Err(error),
            Err(error) => match plan_error(&error, PREPARE) {
                Some(said) => Ok(Err(said)),
                None => Err(error),
            },
        }
    }
}

/// What the server refuses is an answer; anything else means that the session is gone.
fn refused<T>(answer: Result<T, ReadError>) -> Result<Result<T, String>, ReadError> {
    match answer {
        Ok(value) => Ok(Ok(value)),
        Err(error) if is_lost(&error) => Err(error),
        Err(error) => Ok(Err(error.to_string())),
    }
}
