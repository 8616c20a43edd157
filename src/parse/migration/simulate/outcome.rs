//! What became of a file.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::{Map, Value};

use super::block::{By, Held};
use super::read::{Placed, Read, When};
use super::whole;
use crate::parse::ddl::effect::Effect;
use crate::parse::migration::file::Direction;

/// What became of the statements of a file, in order.
#[derive(Default)]
pub(super) struct Outcome<'r> {
    pub records: Vec<Record<'r>>,
    /// Statements that don't fit what they met.
    pub misfits: usize,
    /// Statements of which it could be seen that they were run before, and those that seem so.
    pub shown: (usize, usize),
    /// Last number of a transaction block.
    pub last_block: i64,
}

impl Outcome<'_> {
    /// Everything that could show it looks as if the file had been run before.
    pub fn seems_applied(&self) -> bool {
        let (able, done) = self.shown;
        able > 0 && able == done
    }
}

/// What became of a statement.
pub(super) struct Record<'r> {
    /// The statement of the script that it is, or that runs it.
    pub placed: &'r Placed<'r>,
    /// As it was read.
    pub read: &'r Read<'r>,
    pub direction: Direction,
    /// Where it stands in the body of another.
    pub inner: Option<InBody>,
    /// Its transaction block; none: it runs by itself.
    pub block: Option<(i64, By)>,
    /// Place of the first statement that takes it back, among those of the file.
    pub rolled_back_by: Option<usize>,
    pub held: Option<Held>,
    pub lock_timeout: Option<i64>,
    pub statement_timeout: Option<i64>,
    pub effects: Vec<Done>,
}

/// Where a statement stands in the body of another.
#[derive(Debug, Clone)]
pub(super) struct InBody {
    /// Place of the other among the statements of the file.
    pub parent: usize,
    /// Its bytes in the text of that.
    pub range: Range<usize>,
    pub when: When,
}

/// An effect, with what only the simulation knows of it.
pub(super) struct Done {
    pub effect: Effect,
    /// transaction or file, where the same made the object.
    pub made_in: Option<&'static str>,
    /// `relations.id`
    pub relation_id: Option<i64>,
    /// Its details as they are written, where nothing is added to them any more.
    pub sealed: Option<Box<str>>,
}

impl Done {
    /// Of something that concerns the session, and no object.
    pub fn of_session(effect: Effect) -> Self {
        Self {
            effect,
            made_in: None,
            relation_id: None,
            sealed: None,
        }
    }

    /// Makes a text of the details, which takes a fraction of their room, where the rest of the file
    /// has nothing to add.
    pub fn seal(&mut self, when: Option<When>) {
        let details = &mut self.effect.details;
        if details.is_empty() || whole::adds_to(self.effect.form, details) {
            return;
        }
        let text = details_text(details, when).into_owned();
        self.sealed = Some(text.into_boxed_str());
        self.effect.details = Map::new();
    }

    /// The details as they are written, with whether the effect comes about at all.
    pub fn details(&self, when: Option<When>) -> Cow<'_, str> {
        match &self.sealed {
            Some(text) => Cow::Borrowed(text),
            None => details_text(&self.effect.details, when),
        }
    }
}

fn details_text(details: &Map<String, Value>, when: Option<When>) -> Cow<'static, str> {
    let (conditional, repeated) = when.map_or((false, false), |w| (w.conditional, w.repeated));
    let json = |details| serde_json::to_string(details).unwrap_or_default();
    if !conditional && !repeated {
        if details.is_empty() {
            return Cow::Borrowed("{}");
        }
        return Cow::Owned(json(details));
    }
    let mut details = details.clone();
    for (key, holds) in [("conditional", conditional), ("repeated", repeated)] {
        if holds {
            details.insert(key.to_owned(), Value::Bool(true));
        }
    }
    Cow::Owned(json(&details))
}
