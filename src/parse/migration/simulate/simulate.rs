//! Files, one after the other.

use std::borrow::Cow;

use foldhash::{HashMap, HashMapExt, HashSet};
use rusqlite::{Connection, Result};

use super::part::Runner;
use super::read::{Placed, read};
use super::rows::Writer;
use super::whole;
use crate::parse::ddl::Catalog;
use crate::parse::migration::file::{Direction, File, Mode};

/// How migrations are simulated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SimulateOptions {
    /// Major version of the server; none: not known, so what holds for all is said.
    pub major: Option<u32>,
}

/// Runs migrations in thought, on what is known of the database, and writes what they do: the
/// tables `migration_files`, `migration_statements`, `migration_effects`, `migration_columns` and
/// `migration_ignores`.
///
/// Files with the same chain have to stand one after the other, in order.
pub fn simulate(
    facts: &Connection,
    base: &Catalog,
    files: &[File],
    options: &SimulateOptions,
) -> Result<()> {
    // Within a transaction of the caller it is one with it.
    let own = facts.is_autocommit().then(|| facts.unchecked_transaction());
    let own = own.transpose()?;
    let mut writer = Writer::new(facts)?;
    let mut base = base.clone();
    base.lenient = true;
    let chains = files.chunk_by(|a, b| a.chain == b.chain);
    for chain in chains {
        Chain::new(&base, chain, options.major).run(&mut writer)?;
    }
    drop(writer);
    own.map_or(Ok(()), rusqlite::Transaction::commit)
}

/// Files that build on each other.
struct Chain<'a> {
    base: &'a Catalog,
    files: &'a [File],
    major: Option<u32>,
    /// What the files so far have made of the base.
    state: Catalog,
    /// That is the base itself.
    is_base: bool,
    /// What was there after files that others take back, by path; and the number of the first
    /// object that each can have made.
    after: HashMap<&'a str, (Catalog, i64)>,
    /// Paths of those files.
    taken_back: HashSet<&'a str>,
}

/// The parts of a file that go one way, with what stands in them.
struct Way<'s> {
    direction: Direction,
    parts: Vec<(Mode, Vec<Placed<'s>>)>,
}

impl<'a> Chain<'a> {
    fn new(base: &'a Catalog, files: &'a [File], major: Option<u32>) -> Self {
        let taken_back = files.iter().filter_map(|file| file.up_path.as_deref());
        Self {
            base,
            files,
            major,
            state: base.clone(),
            is_base: true,
            after: HashMap::new(),
            taken_back: taken_back.collect(),
        }
    }

    fn run(&mut self, writer: &mut Writer) -> Result<()> {
        for n in self.order() {
            let file = &self.files[n];
            let scripts = file.parts.iter().map(|part| part.script(&file.text));
            let scripts: Vec<Cow<str>> = scripts.collect();
            let way = |direction| Way {
                direction,
                parts: (file.parts.iter().zip(&scripts))
                    .filter(|(part, _)| part.direction == direction)
                    .map(|(part, script)| (part.mode, read(script)))
                    .collect(),
            };
            let (up, down) = (way(Direction::Up), way(Direction::Down));
            let mut judged = self.up(file, &up, !down.parts.is_empty());
            if !down.parts.is_empty() {
                let known = file.up_path.as_deref();
                if let Some((after, mark)) = known.and_then(|path| self.after.get(path)) {
                    judged.go_on(after.clone(), *mark);
                }
                judged.spends = true;
                judged.run_all(down.direction, &down.parts);
            }
            let id = writer.file(n + 1, file, &judged.outcome)?;
            writer.outcome(id, file, judged.outcome)?;
        }
        Ok(())
    }

    /// Files in the order in which they are run: what takes back follows what it takes back.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.files.len()).collect();
        if self.taken_back.is_empty() {
            return order;
        }
        let places: HashMap<&str, usize> = (self.files.iter().enumerate())
            .map(|(n, file)| (file.path.as_str(), n))
            .collect();
        order.sort_by_key(|n| {
            let up = self.files[*n].up_path.as_deref();
            let up = up.and_then(|path| places.get(path).copied());
            (up.unwrap_or(*n), up.is_some())
        });
        order
    }

    /// Runs what migrates, and moves the chain on. The file is judged on what the chain has made
    /// so far, or on the base where it fits that better.
    fn up<'r>(&mut self, file: &'a File, up: &'r Way<'r>, goes_on: bool) -> Runner<'r>
    where
        'a: 'r,
    {
        let state = std::mem::replace(&mut self.state, Catalog::lenient(self.base.major));
        let mut runner = Runner::new(self.base, state, self.major, file.is_judged);
        // Where nothing has moved yet, the base is what it runs on.
        let once = !file.is_judged || std::mem::take(&mut self.is_base);
        self.is_base = false;
        runner.spends = once;
        runner.run_all(up.direction, &up.parts);
        let mut other = None;
        if runner.outcome.misfits > 0 && !once {
            let mut runner_of_base = Runner::new(self.base, self.base.clone(), self.major, true);
            runner_of_base.run_all(up.direction, &up.parts);
            other =
                Some(runner_of_base).filter(|other| other.outcome.misfits < runner.outcome.misfits);
        }
        let is_taken_back = self.taken_back.contains(file.path.as_str());
        let (mut judged, chain) = match other {
            Some(other) => (other, Some(runner.catalog)),
            None => (runner, None),
        };
        whole::finish(&mut judged.outcome, &judged.catalog);
        if is_taken_back {
            let after = (judged.catalog.clone(), judged.mark());
            self.after.insert(&file.path, after);
        }
        self.state = match chain {
            Some(chain) => chain,
            None if is_taken_back || goes_on => judged.catalog.clone(),
            // No copy, so that the next file need not copy what it changes.
            None => std::mem::replace(&mut judged.catalog, Catalog::lenient(self.base.major)),
        };
        judged
    }
}
