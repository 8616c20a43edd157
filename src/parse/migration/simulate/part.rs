//! The statements of a part, one after the other.

use super::block::{Block, Blocks, By, Ended, Now, hold, is_relation};
use super::control::{self, form};
use super::misfit;
use super::outcome::{Done, InBody, Outcome, Record};
use super::read::{Inner, Placed, Read};
use super::settings::Settings;
use crate::parse::ddl::effect::{Context, Effect, effects};
use crate::parse::ddl::statement::Transaction;
use crate::parse::ddl::{Catalog, Statement};
use crate::parse::migration::file::{Direction, Mode};

/// Runs the parts of a file on a catalog.
pub(super) struct Runner<'r> {
    pub catalog: Catalog,
    pub outcome: Outcome<'r>,
    /// What is known of the database before all files.
    base: &'r Catalog,
    settings: Settings,
    major: Option<u32>,
    /// Number of the first object that the file can have made.
    mark: i64,
    /// Effects are wanted.
    judges: bool,
    /// It made a temporary table.
    has_temporary: bool,
    /// Its statements are not run again by another.
    pub spends: bool,
}

/// A part that is run.
#[derive(Clone, Copy)]
struct Course {
    direction: Direction,
    mode: Mode,
}

impl<'r> Runner<'r> {
    /// On this catalog; unless it `judges`, the catalog moves on and no more.
    pub fn new(base: &'r Catalog, catalog: Catalog, major: Option<u32>, judges: bool) -> Self {
        let settings = Settings {
            session: catalog.session(),
            ..Settings::default()
        };
        Self {
            mark: catalog.mark(),
            catalog,
            base,
            outcome: Outcome::default(),
            settings,
            major,
            judges,
            has_temporary: false,
            spends: false,
        }
    }

    /// Number of the first object that the file can have made.
    pub fn mark(&self) -> i64 {
        self.mark
    }

    /// Goes on where another file has ended, as if that were the same.
    pub fn go_on(&mut self, catalog: Catalog, mark: i64) {
        self.catalog = catalog;
        self.mark = mark;
    }

    /// Runs the parts that go one way, in one session.
    pub fn run_all(&mut self, direction: Direction, parts: &'r [(Mode, Vec<Placed<'r>>)]) {
        let before = self.settings.clone();
        let mark = self.catalog.mark();
        for (mode, part) in parts {
            self.run(
                Course {
                    direction,
                    mode: *mode,
                },
                part,
            );
        }
        self.catalog.resume(&before.session);
        self.settings = before;
        if self.has_temporary {
            self.catalog.drop_temporary(mark);
        }
    }

    fn run(&mut self, course: Course, part: &'r [Placed<'r>]) {
        let takes_back = part.iter().any(|placed| {
            matches!(
                *placed.read.statement.borrow(),
                Some(Statement::Transaction(
                    Transaction::Rollback { .. } | Transaction::RollbackTo(_)
                ))
            )
        });
        let last = self.outcome.last_block;
        let mut blocks = Blocks::new(course.mode, part.len(), takes_back, last);
        blocks.start(&self.now());
        for placed in part {
            blocks.before_statement(&self.now());
            self.statement(course, &mut blocks, placed, &placed.read, None);
        }
        if let Some(block) = blocks.open.take() {
            self.left_open(course.mode, &block);
        }
        self.outcome.last_block = blocks.last_id();
    }

    fn now(&mut self) -> Now<'_> {
        Now {
            statements: self.outcome.records.len(),
            catalog: &mut self.catalog,
            settings: &mut self.settings,
        }
    }

    /// A transaction of the file that nothing ends. What the tool or the server began they end.
    fn left_open(&mut self, mode: Mode, block: &Block) {
        if block.by != By::File || mode == Mode::Wrapped {
            return;
        }
        if let Some(record) = block.begin.and_then(|at| self.outcome.records.get_mut(at)) {
            let effect = control::effect(form::LEFT_OPEN, &record.read.text, None);
            record.effects.push(Done::of_session(effect));
        }
    }

    fn statement(
        &mut self,
        course: Course,
        blocks: &mut Blocks,
        placed: &'r Placed<'r>,
        read: &'r Read<'r>,
        inner: Option<InBody>,
    ) {
        let at = self.outcome.records.len();
        let mut record = Record {
            placed,
            read,
            direction: course.direction,
            inner,
            block: blocks.open.as_ref().map(|block| (block.id, block.by)),
            rolled_back_by: None,
            held: blocks.open.as_ref().and_then(|block| block.held.clone()),
            lock_timeout: self.settings.lock_timeout,
            statement_timeout: self.settings.statement_timeout,
            effects: Vec::new(),
        };
        match read.statement.borrow().as_ref() {
            Some(statement @ Statement::Transaction(command)) => {
                if self.judges {
                    record.effects = self.effects(blocks, read, statement);
                }
                self.transaction(blocks, command, &mut record);
            }
            Some(statement) => {
                if self.judges {
                    record.effects = self.effects(blocks, read, statement);
                    if let Some(block) = &mut blocks.open {
                        hold(block, &record.effects, at);
                    }
                }
                self.apply(blocks, statement, &mut record);
            }
            None => {}
        }
        self.catalog.doubtful |= read.unread.is_some() || read.opaque.is_some();
        for done in &mut record.effects {
            done.seal(record.inner.as_ref().map(|inner| inner.when));
        }
        self.outcome.records.push(record);
        if self.spends {
            read.spend();
        }
        if !read.body.is_empty() {
            self.body(course, blocks, placed, &read.body, at);
        }
    }

    /// What a statement does to what is there before it.
    fn effects(&self, blocks: &Blocks, read: &Read, statement: &Statement) -> Vec<Done> {
        let context = Context {
            major: self.major,
            in_block: blocks.open.is_some() || blocks.is_string,
            file_mark: self.mark,
            transaction_mark: blocks.open.as_ref().map_or(i64::MAX, |block| block.mark),
            time_zone: self.settings.time_zone.as_deref(),
            text: Some(&read.text),
        };
        let found = effects(&self.catalog, statement, &context).into_iter();
        let done = found.map(|effect| Done {
            made_in: self.made_in(blocks, &effect),
            relation_id: self.relation_id(&effect),
            effect,
            sealed: None,
        });
        done.collect()
    }

    /// The relation of an effect in the facts that the catalog was made of.
    fn relation_id(&self, effect: &Effect) -> Option<i64> {
        let target = &effect.target;
        if target.oid? >= self.mark || !is_relation(target.kind) {
            return None;
        }
        let schema = target.schema.as_ref()?;
        let known = self.catalog.facts_id(schema, &target.name);
        // Where earlier files have made it anew, it is what the base knows by that name.
        known.or_else(|| self.base.facts_id(schema, &target.name))
    }

    /// What made the object of an effect, if the file did.
    fn made_in(&self, blocks: &Blocks, effect: &Effect) -> Option<&'static str> {
        let oid = effect.target.oid?;
        match &blocks.open {
            Some(block) if oid >= block.mark => Some("transaction"),
            _ if oid >= self.mark => Some("file"),
            _ => None,
        }
    }

    /// The catalog and the settings move on.
    fn apply(&mut self, blocks: &mut Blocks, statement: &Statement, record: &mut Record) {
        // What comes from the base is known better than by a file that is read for what it makes.
        if !self.judges && misfit::is_in_base(&self.catalog, statement) {
            return;
        }
        let idle = misfit::count(&self.catalog, statement);
        let shows = record.direction == Direction::Up
            && self.catalog.complete
            && misfit::shows(&self.catalog, statement, self.mark);
        let failed = self.catalog.apply(statement).is_err();
        self.outcome.misfits += idle.max(usize::from(failed));
        if shows {
            self.outcome.shown.0 += 1;
            self.outcome.shown.1 += usize::from(failed || idle > 0);
        }
        self.has_temporary |= makes_temporary(statement);
        if let Statement::Set {
            name,
            values,
            local,
        } = statement
        {
            if *local && blocks.open.is_none() {
                let outside = control::effect(form::LOCAL_OUTSIDE, &record.read.text, None);
                record.effects.push(Done::of_session(outside));
                self.catalog.resume(&self.settings.session);
                return;
            }
            self.settings.set(name, values);
            if let Some(block) = blocks.open.as_mut().filter(|_| !local) {
                block.lasting.set(name, values);
            }
        }
    }

    /// What a body runs.
    fn body(
        &mut self,
        course: Course,
        blocks: &mut Blocks,
        placed: &'r Placed<'r>,
        body: &'r [Inner],
        parent: usize,
    ) {
        let by_itself = blocks.open.is_none();
        if by_itself {
            blocks.begin_in_body(&self.now());
        }
        for inner in body {
            let within = InBody {
                parent,
                range: inner.range.clone(),
                when: inner.when,
            };
            self.statement(course, blocks, placed, &inner.read, Some(within));
        }
        if by_itself {
            blocks.commit(false, &mut self.now());
        }
    }

    fn transaction(&mut self, blocks: &mut Blocks, command: &Transaction, record: &mut Record) {
        let mut now = self.now();
        let at = now.statements;
        let found = match command {
            Transaction::Begin => {
                let nested = blocks.begin_in_file(&now);
                record.block = blocks.open.as_ref().map(|block| (block.id, block.by));
                nested.then_some((form::NESTED, None))
            }
            Transaction::Commit { chain } => {
                let is_body = blocks
                    .open
                    .as_ref()
                    .is_some_and(|block| block.by == By::Body);
                let ended = blocks.commit(*chain, &mut now);
                if is_body {
                    blocks.begin_in_body(&now);
                }
                ended_form(ended, form::ENDS_TOOLS)
            }
            Transaction::Prepare(_) => {
                let ended = blocks.commit(false, &mut now);
                ended_form(ended, form::ENDS_TOOLS)
            }
            Transaction::Rollback { chain } => {
                let is_body = blocks
                    .open
                    .as_ref()
                    .is_some_and(|block| block.by == By::Body);
                let (ended, from) = blocks.rollback(*chain, &mut now);
                if is_body {
                    blocks.begin_in_body(&now);
                }
                self.take_back(from, at);
                ended_form(ended, form::TAKES_TOOLS_BACK)
            }
            Transaction::Savepoint(name) => {
                let known = blocks.savepoint(name, &now);
                (!known).then_some((form::NO_SAVEPOINT, Some("25P01")))
            }
            Transaction::Release(name) => {
                let known = blocks.release(name);
                (!known).then_some((form::NO_SAVEPOINT, Some("3B001")))
            }
            Transaction::RollbackTo(name) => match blocks.rollback_to(name, &mut now) {
                Some(from) => {
                    self.take_back(from, at);
                    None
                }
                None => Some((form::NO_SAVEPOINT, Some("3B001"))),
            },
            Transaction::CommitPrepared(_) | Transaction::RollbackPrepared(_) => None,
        };
        if let Some((form, error)) = found.filter(|_| self.judges) {
            let effect = control::effect(form, &record.read.text, error);
            record.effects.push(Done::of_session(effect));
        }
    }

    fn take_back(&mut self, from: usize, to: usize) {
        let records = self.outcome.records.get_mut(from..to);
        for record in records.into_iter().flatten() {
            let is_command = matches!(
                *record.read.statement.borrow(),
                Some(Statement::Transaction(_))
            );
            if !is_command {
                record.rolled_back_by.get_or_insert(to);
            }
        }
    }
}

fn ended_form(ended: Ended, of_tool: &'static str) -> Option<(&'static str, Option<&'static str>)> {
    match ended {
        Ended::Own => None,
        Ended::Nothing => Some((form::NOTHING_TO_END, None)),
        Ended::Tools => Some((of_tool, None)),
    }
}

fn makes_temporary(statement: &Statement) -> bool {
    match statement {
        Statement::CreateTable(table) => table.persistence == "temporary",
        Statement::CreateTableAs(table) => table.persistence == "temporary",
        Statement::CreateView(view) => view.temporary,
        _ => false,
    }
}
