//! Transaction blocks: which statements run in one, and what taking one back takes back.

use super::outcome::Done;
use super::settings::Settings;
use crate::facts::quote;
use crate::parse::ddl::Catalog;
use crate::parse::ddl::effect::Target;
use crate::parse::migration::file::Mode;

/// Who began a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The tool that runs the file.
    Layout,
    /// `BEGIN` in the file.
    File,
    /// The server, for statements that are sent as one string.
    Script,
    /// The body that the statement runs: DO, CALL.
    Body,
}

impl By {
    /// Its word in the facts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Layout => "layout",
            Self::File => "file",
            Self::Script => "script",
            Self::Body => "body",
        }
    }
}

/// The strongest lock that a transaction holds on what was there before the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub level: i64,
    pub on: String,
    /// Place of the statement that took it, among those of the file.
    pub since: usize,
}

/// What was so at a moment, so that it can be so again.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    /// Place of the first statement after it.
    first: usize,
    held: Option<Held>,
    settings: Settings,
    /// The catalog; only kept where the file takes something back.
    catalog: Option<Catalog>,
}

/// A transaction block that is open.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub id: i64,
    pub by: By,
    /// Statements of the file before it.
    pub first: usize,
    /// Place of the command of the file that began it.
    pub begin: Option<usize>,
    /// Number of the first object that it can have made.
    pub mark: i64,
    pub held: Option<Held>,
    /// Settings that stay when it is committed.
    pub lasting: Settings,
    begun: Moment,
    savepoints: Vec<(String, Moment)>,
}

/// What becomes of the end of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// There was none.
    Nothing,
    /// One of the file, or of the server.
    Own,
    /// That of the tool.
    Tools,
}

/// The transactions of one part of a file.
pub(super) struct Blocks {
    pub open: Option<Block>,
    mode: Mode,
    /// The part is sent as one string of several statements.
    pub is_string: bool,
    /// It takes something back, so catalogs are kept.
    keeps: bool,
    last_id: i64,
}

/// What a transaction starts from.
pub(super) struct Now<'a> {
    /// Statements of the file so far.
    pub statements: usize,
    pub catalog: &'a mut Catalog,
    pub settings: &'a mut Settings,
}

impl Now<'_> {
    fn moment(&self, keeps: bool, held: Option<Held>) -> Moment {
        Moment {
            first: self.statements,
            held,
            settings: self.settings.clone(),
            catalog: keeps.then(|| self.catalog.clone()),
        }
    }

    fn back_to(&mut self, moment: &Moment) {
        *self.settings = moment.settings.clone();
        if let Some(catalog) = &moment.catalog {
            *self.catalog = catalog.clone();
        }
    }
}

impl Blocks {
    /// `last_id`: the last number of a block of the file so far.
    pub fn new(mode: Mode, statements: usize, keeps: bool, last_id: i64) -> Self {
        Self {
            open: None,
            mode,
            is_string: mode == Mode::Script && statements > 1,
            keeps,
            last_id,
        }
    }

    pub fn last_id(&self) -> i64 {
        self.last_id
    }

    /// Begins what the tool begins before the part.
    pub fn start(&mut self, now: &Now) {
        if self.mode == Mode::Wrapped {
            self.begin(By::Layout, now);
        }
    }

    /// Begins what the server begins before a statement.
    pub fn before_statement(&mut self, now: &Now) {
        if self.is_string && self.open.is_none() {
            self.begin(By::Script, now);
        }
    }

    /// Begins what a body runs in.
    pub fn begin_in_body(&mut self, now: &Now) {
        self.begin(By::Body, now);
    }

    fn begin(&mut self, by: By, now: &Now) {
        self.last_id += 1;
        self.open = Some(Block {
            id: self.last_id,
            by,
            first: now.statements,
            begin: (by == By::File).then_some(now.statements),
            mark: now.catalog.mark(),
            held: None,
            lasting: now.settings.clone(),
            begun: now.moment(self.keeps, None),
            savepoints: Vec::new(),
        });
    }

    /// `BEGIN`; whether there is a transaction already.
    pub fn begin_in_file(&mut self, now: &Now) -> bool {
        match &mut self.open {
            // That of a string becomes that of the file.
            Some(block) if block.by == By::Script => {
                block.by = By::File;
                block.begin = Some(now.statements);
                false
            }
            Some(_) => true,
            None => {
                self.begin(By::File, now);
                false
            }
        }
    }

    /// `COMMIT` and `PREPARE TRANSACTION`.
    pub fn commit(&mut self, chain: bool, now: &mut Now) -> Ended {
        let Some(block) = self.open.take() else {
            return Ended::Nothing;
        };
        *now.settings = block.lasting.clone();
        now.catalog.resume(&now.settings.session);
        self.ended(block.by, chain, now)
    }

    /// `ROLLBACK`; and the statements that it takes back begin here.
    pub fn rollback(&mut self, chain: bool, now: &mut Now) -> (Ended, usize) {
        let Some(block) = self.open.take() else {
            return (Ended::Nothing, now.statements);
        };
        now.back_to(&block.begun);
        now.catalog.resume(&now.settings.session);
        (self.ended(block.by, chain, now), block.first)
    }

    fn ended(&mut self, by: By, chain: bool, now: &Now) -> Ended {
        if chain {
            self.begin(By::File, now);
        }
        match by {
            By::Layout => Ended::Tools,
            // One that no BEGIN began: the server warns, and commits.
            By::Script => Ended::Nothing,
            By::File | By::Body => Ended::Own,
        }
    }

    /// `SAVEPOINT`; whether there is a transaction for it.
    pub fn savepoint(&mut self, name: &str, now: &Now) -> bool {
        let keeps = self.keeps;
        let Some(block) = self.open.as_mut() else {
            return false;
        };
        let moment = now.moment(keeps, block.held.clone());
        block.savepoints.push((name.to_owned(), moment));
        true
    }

    /// `RELEASE`
    pub fn release(&mut self, name: &str) -> bool {
        let Some(block) = self.open.as_mut() else {
            return false;
        };
        let found = block
            .savepoints
            .iter()
            .rposition(|(known, _)| known == name);
        if let Some(at) = found {
            block.savepoints.truncate(at);
        }
        found.is_some()
    }

    /// `ROLLBACK TO`: the statements that it takes back begin here.
    pub fn rollback_to(&mut self, name: &str, now: &mut Now) -> Option<usize> {
        let block = self.open.as_mut()?;
        let at = block
            .savepoints
            .iter()
            .rposition(|(known, _)| known == name)?;
        block.savepoints.truncate(at + 1);
        let (_, moment) = &block.savepoints[at];
        now.back_to(moment);
        now.catalog.resume(&now.settings.session);
        block.held.clone_from(&moment.held);
        Some(moment.first)
    }
}

/// Locks on what was there before the file are held to the end of the transaction.
pub(super) fn hold(block: &mut Block, effects: &[Done], at: usize) {
    for done in effects.iter().filter(|done| done.made_in.is_none()) {
        let Some(lock) = done.effect.lock else {
            continue;
        };
        let stronger = (block.held.as_ref()).is_none_or(|held| held.level < lock.level());
        if stronger && is_relation(done.effect.target.kind) {
            block.held = Some(Held {
                level: lock.level(),
                on: shown(&done.effect.target),
                since: at,
            });
        }
    }
}

/// A name as people write it.
fn shown(target: &Target) -> String {
    match target.schema.as_deref() {
        None | Some("public") => quote::ident(&target.name),
        Some(schema) => quote::name(schema, &target.name),
    }
}

/// Whether a kind is one of `relations.kind`.
pub(super) fn is_relation(kind: &str) -> bool {
    [
        "table",
        "partitioned table",
        "view",
        "materialized view",
        "foreign table",
    ]
    .contains(&kind)
}
