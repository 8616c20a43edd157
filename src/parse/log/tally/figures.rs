//! Events to figures.

use super::errors::{ErrorKey, Errors};
use super::incidents::{Incidents, Noted};
use super::place::{Place, matters};
use super::room::Room;
use super::runs::{Execution, Runs};
use super::series::Series;
use super::session::{Session, Sessions, Waiting};
use super::spread::Spread;
use super::statement::{Kept, Statement};
use super::statements::{StatementKey, Statements};
use super::totals::{Minute, Totals};
use crate::parse::log::events::{
    Call, Event, Incident, People, Person, Phase, Plan, Sample, TextId, Texts, What,
};
use crate::parse::log::message::Kind;

/// Minutes that are told apart: two days.
const MINUTES: usize = 2_880;

/// Phases before an execution: parse and bind.
const PHASES_BEFORE: usize = 2;

/// All figures of a log.
#[derive(Debug)]
pub struct Tally {
    /// Figures of the whole.
    pub totals: Totals,
    /// Errors by cause.
    pub errors: Errors,
    /// What else happened.
    pub incidents: Incidents,
    /// Figures by minute.
    pub minutes: Series<Minute>,
    /// Executions of statements that are not kept apart.
    pub rest: u64,
    /// How executions are spread since somebody looked; `None`: nobody does.
    pub recent: Option<Spread>,
    /// Which statements are run after which, and again and again.
    pub runs: Runs,
    statements: Statements,
    sessions: Sessions,
    texts: Texts,
}

impl Tally {
    /// No figures yet.
    pub fn new(texts: Texts, people: People) -> Self {
        Self {
            totals: Totals::default(),
            errors: Errors::default(),
            incidents: Incidents::default(),
            minutes: Series::new(60, MINUTES),
            rest: 0,
            recent: None,
            runs: Runs::default(),
            statements: Statements::new(people),
            sessions: Sessions::default(),
            texts,
        }
    }

    /// Statements with figures.
    pub fn statements(&self) -> impl Iterator<Item = (StatementKey, &Statement)> {
        self.statements.iter()
    }

    /// A statement by the number of its database.
    pub fn key(&self, text: TextId, database: u32) -> Option<StatementKey> {
        self.statements.key(text, database)
    }

    /// What is left for details of statements.
    pub fn room(&self) -> &Room {
        self.statements.room()
    }

    /// Everybody that was met, by id.
    pub fn people(&self) -> Vec<Person> {
        self.statements.people().all()
    }

    /// The statements that were met.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Adds an event; they come in the order of the log.
    pub fn add(&mut self, event: Event) {
        let place = Place {
            time: event.time,
            pid: event.pid,
            who: event.who,
            query_id: event.query_id,
        };
        match event.what {
            What::Time {
                phase,
                us,
                text,
                call,
                sample,
            } => {
                self.totals.duration_us += us;
                if let Some(time) = event.time {
                    self.minutes.at(time).duration_us += us;
                }
                match text {
                    Some(text) => self.phase(place, phase, (us, call), text, sample),
                    None => self.alone(place, us),
                }
            }
            What::Begin {
                text,
                extended,
                goes_on,
                call,
            } => {
                let waiting = Waiting {
                    text,
                    call,
                    goes_on,
                };
                self.begin(place, waiting, extended);
            }
            What::Error {
                severity,
                sqlstate,
                pattern,
                text,
                incident,
            } => {
                if severity.is_error() {
                    *self.totals.errors.entry(sqlstate).or_default() += 1;
                    if let Some(time) = event.time {
                        self.minutes.at(time).errors += 1;
                    }
                    if let Some(pid) = place.pid {
                        self.sessions.get(pid).waiting = None;
                    }
                    if let Some((statement, _)) =
                        text.and_then(|text| self.statements.of(text, place.who))
                    {
                        statement.errors += 1;
                    }
                }
                let key = ErrorKey {
                    severity,
                    sqlstate,
                    pattern,
                };
                self.errors.add(key, event.time, text);
                if let Some(mut incident) = incident {
                    incident.text = incident.text.or(text);
                    self.incident(place, *incident);
                }
            }
            What::Incident(incident) => self.incident(place, *incident),
            What::Plan(plan) => self.plan(place, *plan),
        }
    }

    /// Ends what waits for records that will not come.
    pub fn finish(&mut self) {
        let sessions: Vec<Session> = self.sessions.drain().collect();
        for session in sessions {
            self.leave_alone(&session.alone);
        }
        self.runs.finish();
    }

    fn phase(
        &mut self,
        place: Place,
        phase: Phase,
        (us, call): (u64, Call),
        text: TextId,
        sample: Option<Box<Sample>>,
    ) {
        let mut session = place.pid.map(|pid| self.sessions.get(pid));
        if let Some(session) = &mut session {
            session.last = Some(text);
        }
        match phase {
            Phase::Parse | Phase::Bind => {
                if let Some(session) = session {
                    session.push(text, us);
                }
                if let Some((statement, room)) = self.statements.of(text, place.who) {
                    statement.planning_us += us;
                    statement.add((place.who, place.time), 0, us, room);
                }
            }
            Phase::Statement | Phase::Execute => {
                let before = session.map_or(0, |session| session.take(text));
                self.execution(place, text, (us, before, call), sample);
            }
            Phase::Fetch | Phase::Unknown => {
                if let Some((statement, room)) = self.statements.of(text, place.who) {
                    statement.add((place.who, place.time), 0, us, room);
                }
            }
        }
    }

    /// An execution; `before` is the time of its phases before, which is counted already.
    fn execution(
        &mut self,
        place: Place,
        text: TextId,
        (us, before, call): (u64, u64, Call),
        sample: Option<Box<Sample>>,
    ) {
        self.totals.statements += 1;
        if let Some(recent) = &mut self.recent {
            recent.add(us + before);
        }
        let database = self.statements.database(place.who);
        let run = Execution {
            text,
            database,
            pid: place.pid,
            time: place.time,
            us: us + before,
            arguments: call.arguments,
            trace: call.trace,
        };
        self.runs.add(&run, &self.texts);
        if let Some(time) = place.time {
            self.minutes.at(time).statements += 1;
        }
        let Some((statement, room)) = self.statements.of(text, place.who) else {
            self.rest += 1;
            return;
        };
        statement.add((place.who, place.time), 1, us, room);
        statement.execution(us + before, place.query_id, room);
        let has_literals = sample.is_some();
        let kept = Kept {
            us: us + before,
            time: place.time,
            who: place.who,
            sample: sample.map_or_else(Sample::default, |sample| *sample),
        };
        let floor = statement.keep(kept, room);
        // A statement may run in several databases; one floor holds for all only where it runs in
        // one.
        if has_literals
            && let Some(floor) = floor
            && self.statements.is_one_database()
            && let Some(text) = self.texts.by_id(text)
        {
            text.raise(floor.saturating_sub(before));
        }
    }

    fn begin(&mut self, place: Place, waiting: Waiting, extended: bool) {
        let Some(pid) = place.pid else {
            return;
        };
        let session = self.sessions.get(pid);
        let keep = if extended { PHASES_BEFORE } else { 0 };
        let left = session.alone.len().saturating_sub(keep);
        let left: Vec<u64> = session.alone.drain(..left).collect();
        session.waiting = Some(waiting);
        session.last = Some(waiting.text);
        self.leave_alone(&left);
    }

    /// A time without text: that of the statement that began, or of a phase before the next one.
    fn alone(&mut self, place: Place, us: u64) {
        let Some(pid) = place.pid else {
            self.leave_alone(&[us]);
            return;
        };
        let session = self.sessions.get(pid);
        let Some(Waiting {
            text,
            call,
            goes_on,
        }) = session.waiting.take()
        else {
            session.alone.push(us);
            let more = session.alone.len().saturating_sub(PHASES_BEFORE);
            let left: Vec<u64> = session.alone.drain(..more).collect();
            self.leave_alone(&left);
            return;
        };
        let before: u64 = std::mem::take(&mut session.alone).iter().sum();
        if before > 0
            && let Some((statement, room)) = self.statements.of(text, place.who)
        {
            statement.planning_us += before;
            statement.add((place.who, place.time), 0, before, room);
        }
        if goes_on {
            if let Some((statement, room)) = self.statements.of(text, place.who) {
                statement.add((place.who, place.time), 0, us, room);
            }
        } else {
            self.execution(place, text, (us, before, call), None);
        }
    }

    fn leave_alone(&mut self, times: &[u64]) {
        self.totals.alone.0 += times.len() as u64;
        self.totals.alone.1 += times.iter().sum::<u64>();
    }

    fn incident(&mut self, place: Place, incident: Incident) {
        let kind = incident.kind;
        *self.totals.kinds.entry(kind).or_default() += 1;
        if kind == Kind::TempFile {
            let bytes = incident.amount.and_then(|bytes| u64::try_from(bytes).ok());
            self.totals.temp_bytes += bytes.unwrap_or(0);
        }
        if let Some(time) = place.time {
            self.minutes.at(time).count(kind, incident.amount);
        }
        if let Some(text) = incident.text
            && matters(kind)
            && let Some((statement, _)) = self.statements.of(text, place.who)
        {
            statement.incident(kind, incident.amount);
        }
        if kind == Kind::Disconnection
            && let Some(pid) = place.pid
        {
            self.runs.end(pid);
            if let Some(session) = self.sessions.end(pid) {
                self.leave_alone(&session.alone);
            }
        }
        self.incidents.add(Noted {
            time: place.time,
            pid: place.pid,
            who: place.who,
            incident,
        });
        if kind == Kind::LockWaiting {
            let sessions = &self.sessions;
            self.incidents.name_parties(kind, |pid| sessions.last(pid));
        }
    }

    fn plan(&mut self, place: Place, plan: Plan) {
        self.totals.plans += 1;
        let Some(text) = plan.text else {
            return;
        };
        let Some((statement, room)) = self.statements.of(text, place.who) else {
            return;
        };
        statement.plans += 1;
        let us = plan.us;
        if statement.keep_plan(plan, room)
            && self.statements.is_one_database()
            && let Some(text) = self.texts.by_id(text)
        {
            text.raise_plan(us);
        }
    }
}
