//! What statements run from bodies: their own, or those of routines that the file has made.

use std::borrow::Cow;
use std::ops::Range;

use foldhash::HashMap;

use super::read::Read;
use crate::parse::ddl::body::Body;
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
        let read = self.read_at(text, 0);
        if let Some(Statement::CreateFunction(function)) = &read.statement
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
            statement: None,
            unread: None,
            opaque: None,
            body: Vec::new(),
        };
        match statement(&read.text) {
            Ok(statement) => {
                if depth < DEEPEST {
                    self.body_of(&statement, &mut read, depth);
                }
                read.statement = Some(statement);
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
            Statement::Call { name, .. } => match self.known.get(&name.name) {
                Some((language, body)) => {
                    let whole = 0..read.text.len();
                    self.runs(language, body, Some(&whole), read, depth);
                }
                None => {
                    let because = format!("what the procedure {} does is not known", name.name);
                    read.opaque = Some(because);
                }
            },
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
        if language != "plpgsql" && language != "sql" {
            let because = format!("its body is written in {language}, which is not read");
            read.opaque = Some(because);
            return;
        }
        // TODO
        let _ = (body, at, depth);
        read.opaque = Some("what its body does is not read".to_owned());
    }
}
