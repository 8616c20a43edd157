//! What statements run from bodies: their own, or those of routines that the file has made.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use foldhash::HashMap;

use super::read::{Inner, Read, When};
use crate::parse::ddl::body::{Body, statements};
use crate::parse::ddl::{Statement, command, statement};

/// How deep statements in bodies may run others.
const DEEPEST: usize = 3;

/// Bodies of the functions and procedures that a script has made so far, by name.
#[derive(Default)]
pub(super) struct Routines {
    known: HashMap<String, (String, Body)>,
}

impl Routines {
    /// Reads a statement, and what it runs.
    pub fn read<'s>(&mut self, text: Cow<'s, str>) -> Read<'s> {
        let mut read = self.read_at(text, 0);
        if let Some(Statement::CreateFunction(function)) = read.statement.get_mut()
            && let (Some(language), Some(body)) = (&function.language, &function.body)
        {
            let known = (language.clone(), body.clone());
            self.known.insert(function.name.name.clone(), known);
        }
        read
    }

    fn read_at<'s>(&self, text: Cow<'s, str>, depth: usize) -> Read<'s> {
        let mut read = Read {
            command: command(&text),
            text,
            statement: RefCell::new(None),
            unread: None,
            opaque: None,
            body: Vec::new(),
        };
        match statement(&read.text) {
            Ok(statement) => {
                if depth < DEEPEST {
                    self.body_of(&statement, &mut read, depth);
                }
                read.statement = RefCell::new(Some(statement));
            }
            Err(reason) => read.unread = Some(reason),
        }
        read
    }

    fn body_of(&self, statement: &Statement, read: &mut Read, depth: usize) {
        match statement {
            Statement::Do { language, body } => {
                self.runs(language, body, None, read, depth);
            }
            Statement::Call { name, .. } => {
                if let Some((language, body)) = self.known.get(&name.name) {
                    let whole = 0..read.text.len();
                    self.runs(language, body, Some(&whole), read, depth);
                } else {
                    let because = format!("what the procedure {} does is not known", name.name);
                    read.opaque = Some(because);
                }
            }
            Statement::Select(select) => {
                for call in &select.reads.calls {
                    if let Some((language, body)) = self.known.get(&call.name.name) {
                        self.runs(language, body, Some(&call.span), read, depth);
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds what a body runs: it stands in the statement itself, or else is run `at` a place of it.
    fn runs(
        &self,
        language: &str,
        body: &Body,
        at: Option<&Range<usize>>,
        read: &mut Read,
        depth: usize,
    ) {
        for found in statements(body, language) {
            if let Some(because) = found.opaque {
                read.opaque.get_or_insert(because);
                continue;
            }
            read.body.push(Inner {
                range: at.cloned().unwrap_or(found.range),
                read: self.read_at(Cow::Owned(found.text), depth + 1),
                when: When {
                    conditional: found.conditional,
                    repeated: found.repeated,
                },
            });
        }
    }
}
