//! Records to events.

use foldhash::HashMap;
use std::sync::Arc;

use memchr::memmem;

use super::call::Call;
use super::event::{Event, Phase, Plan, Sample, What};
use super::explained::query_text;
use super::incident::incident;
use super::met::{Has, Met, widen};
use super::pattern::pattern;
use super::texts::{Text, Texts};
use super::who::{People, Person, PersonId};
use crate::parse::log::labels::Severity;
use crate::parse::log::message::{Forms, Kind, Message};
use crate::parse::log::record::Record;

/// Which records count. Empty lists let everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// From here on, microseconds since 1970.
    pub since: Option<i64>,
    /// Before this.
    pub until: Option<i64>,
    /// Databases.
    pub databases: Vec<String>,
    /// Users.
    pub users: Vec<String>,
    /// Applications.
    pub applications: Vec<String>,
}

/// How records are read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which records count.
    pub filter: Filter,
    /// Texts and parameters of single executions are kept.
    pub keep_literals: bool,
    /// What statements of our own have at their beginning; they are left out.
    pub own: Option<&'static str>,
}

/// Where our own mark is looked for, bytes from the beginning of a statement.
const MARK_WITHIN: usize = 96;

/// Bytes of a sample's text and of its parameters that are kept.
const LONGEST_SAMPLE: usize = 16 << 10;

/// Makes events of records. Each thread has one; what they know is shared.
#[derive(Debug)]
pub struct Reader {
    options: Arc<Options>,
    forms: Arc<Forms>,
    language: usize,
    texts: Texts,
    people: People,
    persons: HashMap<Vec<u8>, Option<PersonId>>,
    last_person: (Vec<u8>, Option<PersonId>),
    joined: Vec<u8>,
    mark: Option<memmem::Finder<'static>>,
    /// What was met since it was last taken.
    pub met: Met,
}

impl Reader {
    /// A reader over what all of them share.
    pub fn new(options: Arc<Options>, forms: Arc<Forms>, texts: Texts, people: People) -> Self {
        let mark = options.own.map(memmem::Finder::new);
        Self {
            options,
            forms,
            language: 0,
            texts,
            people,
            persons: HashMap::default(),
            last_person: (Vec::new(), Some(PersonId(0))),
            joined: Vec::new(),
            mark,
            met: Met::default(),
        }
    }

    /// The event of a record that stands at a place of the log; `None` for records that say nothing
    /// we count, are left out, or are our own.
    pub fn read(&mut self, record: &Record<'_>, at: u64) -> Option<Event> {
        if let Some(time) = record.time {
            widen(&mut self.met.span, time);
        }
        let Some(who) = self.person(record).filter(|_| self.is_in_time(record)) else {
            self.met.filtered += 1;
            return None;
        };
        self.met.records += 1;
        self.met.has.add(Has::of(record));
        self.met.by_severity[record.severity as usize] += 1;
        if let Some(time) = record.time {
            widen(&mut self.met.times, time);
        }
        let message = self.forms.read(record.message, &mut self.language);
        let what = match message {
            Some(message) if message.us.is_some() => self.time(record, &message, at)?,
            Some(message) => self.other(record, &message, at)?,
            None if record.severity >= Severity::Error || record.severity == Severity::Warning => {
                self.error(record, None, at)?
            }
            None => return None,
        };
        Some(Event {
            time: record.time,
            pid: record.pid,
            who,
            query_id: record.query_id,
            what,
        })
    }

    fn is_in_time(&self, record: &Record<'_>) -> bool {
        let filter = &self.options.filter;
        let after = |since: i64| record.time.is_some_and(|time| time >= since);
        let before = |until: i64| record.time.is_some_and(|time| time < until);
        filter.since.is_none_or(after) && filter.until.is_none_or(before)
    }

    /// Who a record is of; `None` where the filter leaves it out.
    fn person(&mut self, record: &Record<'_>) -> Option<PersonId> {
        const NOBODY: &[u8] = b"[unknown]";
        let known = |name: Option<&'_ [u8]>| -> Option<Box<str>> {
            let name = name.filter(|name| !name.is_empty() && *name != NOBODY)?;
            Some(String::from_utf8_lossy(name).into())
        };
        self.joined.clear();
        for name in [record.user, record.database, record.application] {
            self.joined.extend_from_slice(name.unwrap_or_default());
            self.joined.push(0);
        }
        if self.joined == self.last_person.0 {
            return self.last_person.1;
        }
        let found = if let Some(known) = self.persons.get(&self.joined) {
            *known
        } else {
            let person = Person {
                user: known(record.user),
                database: known(record.database),
                application: known(record.application),
            };
            let filter = &self.options.filter;
            let among = |list: &[String], name: &Option<Box<str>>| {
                list.is_empty()
                    || list
                        .iter()
                        .any(|wanted| Some(wanted.as_str()) == name.as_deref())
            };
            let wanted = among(&filter.databases, &person.database)
                && among(&filter.users, &person.user)
                && among(&filter.applications, &person.application);
            let id = wanted.then(|| self.people.id(person));
            if self.persons.len() >= 10_000 {
                self.persons.clear();
            }
            self.persons.insert(self.joined.clone(), id);
            id
        };
        self.last_person.0.clone_from(&self.joined);
        self.last_person.1 = found;
        found
    }

    /// The statement of a text; `None` for our own.
    fn text(&mut self, sql: &[u8], at: u64) -> Option<Arc<Text>> {
        if self.is_own(sql) {
            return None;
        }
        Some(self.texts.get(sql, at))
    }

    /// Whether a statement has our mark.
    fn is_own(&self, sql: &[u8]) -> bool {
        let head = &sql[..sql.len().min(MARK_WITHIN)];
        let mark = self.mark.as_ref();
        mark.is_some_and(|mark| mark.find(head).is_some())
    }

    fn time(&mut self, record: &Record<'_>, message: &Message<'_>, at: u64) -> Option<What> {
        let us = message.us?;
        let [first, second, ..] = message.values;
        let (phase, sql) = match message.kind {
            Kind::DurationStatement => (Phase::Statement, first),
            Kind::DurationParse => (Phase::Parse, second),
            Kind::DurationBind => (Phase::Bind, second),
            Kind::DurationExecute => (Phase::Execute, second),
            Kind::DurationFetch => (Phase::Fetch, second),
            Kind::DurationPlan => return self.plan(us, first, at),
            _ => {
                return Some(What::Time {
                    phase: Phase::Unknown,
                    us,
                    text: None,
                    call: Call::default(),
                    sample: None,
                });
            }
        };
        if self.is_own(sql) {
            return None;
        }
        let (place, constants) = self.texts.read(sql, at);
        let text = self.texts.at(place);
        let is_execution = matches!(phase, Phase::Statement | Phase::Execute);
        if text.needs_values() {
            let parameters = self.parameters(record);
            let sql = String::from_utf8_lossy(sql);
            match parameters {
                Some(values) => {
                    let bound = super::parameters::bind(&sql, &values);
                    text.learn(&bound, is_execution);
                }
                None => text.learn(&sql, is_execution),
            }
        }
        let is_kept = is_execution && self.options.keep_literals && text.is_slow(us);
        let sample = is_kept.then(|| {
            let kept = |text: Option<&[u8]>| -> Option<Box<str>> {
                let text = text?;
                Some(String::from_utf8_lossy(&text[..text.len().min(LONGEST_SAMPLE)]).into())
            };
            Box::new(Sample {
                text: kept(Some(sql)),
                parameters: kept(self.parameters_text(record)),
            })
        });
        Some(What::Time {
            phase,
            us,
            text: Some(text.id()),
            call: Call::new(sql, constants, record.detail),
            sample,
        })
    }

    fn plan(&mut self, us: u64, plan: &[u8], at: u64) -> Option<What> {
        let plan = String::from_utf8_lossy(plan);
        let text = match query_text(&plan) {
            Some(sql) => Some(self.text(sql.as_bytes(), at)?),
            None => None,
        };
        let is_kept =
            self.options.keep_literals && text.as_ref().is_none_or(|text| text.is_slow_plan(us));
        Some(What::Plan(Box::new(Plan {
            text: text.map(|text| text.id()),
            us,
            plan: is_kept.then(|| plan.into()),
        })))
    }

    /// The values that a DETAIL has, as the server wrote them.
    fn parameters_text<'a>(&self, record: &Record<'a>) -> Option<&'a [u8]> {
        let message = self
            .forms
            .read(record.detail?, &mut self.language.clone())?;
        (message.kind == Kind::Parameters).then_some(message.values[0])
    }

    fn parameters(&self, record: &Record<'_>) -> Option<Vec<(u32, String)>> {
        let text = self.parameters_text(record)?;
        Some(super::parameters::values(&String::from_utf8_lossy(text)))
    }

    fn other(&mut self, record: &Record<'_>, message: &Message<'_>, at: u64) -> Option<What> {
        let [first, second, ..] = message.values;
        let begins = match message.kind {
            Kind::Statement => Some((first, false)),
            Kind::Execute | Kind::Fetch => Some((second, true)),
            _ => None,
        };
        if let Some((sql, extended)) = begins {
            if self.is_own(sql) {
                return None;
            }
            let (place, constants) = self.texts.read(sql, at);
            return Some(What::Begin {
                text: self.texts.at(place).id(),
                extended,
                call: Call::new(sql, constants, record.detail),
            });
        }
        if record.severity >= Severity::Error || record.severity == Severity::Warning {
            return self.error(record, Some(message), at);
        }
        Some(What::Incident(Box::new(self.incident(record, message, at))))
    }

    fn incident(
        &mut self,
        record: &Record<'_>,
        message: &Message<'_>,
        at: u64,
    ) -> super::event::Incident {
        let texts = &mut self.texts;
        let mut text = |sql: &[u8]| texts.get(sql, at).id();
        incident(record, message, &self.forms, &mut self.language, &mut text)
    }

    fn error(
        &mut self,
        record: &Record<'_>,
        message: Option<&Message<'_>>,
        at: u64,
    ) -> Option<What> {
        let statement = record.statement.or(record.internal_query);
        let text = match statement {
            Some(sql) => Some(self.text(sql, at)?.id()),
            None => None,
        };
        let incident = message.map(|message| Box::new(self.incident(record, message, at)));
        Some(What::Error {
            severity: record.severity,
            sqlstate: record.sqlstate,
            pattern: pattern(record.message).into(),
            text,
            incident,
        })
    }
}
