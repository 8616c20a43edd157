//! What a record means.

use super::call::Call;
use super::texts::TextId;
use super::who::PersonId;
use crate::parse::log::labels::Severity;
use crate::parse::log::message::Kind;

/// A record that figures are made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When, microseconds since 1970 UTC.
    pub time: Option<i64>,
    /// Process id.
    pub pid: Option<u32>,
    /// Whose session it was.
    pub who: PersonId,
    /// Query id of the server.
    pub query_id: Option<i64>,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A phase of a statement ended.
    Time {
        /// Which phase.
        phase: Phase,
        /// How long it took, microseconds.
        us: u64,
        /// The statement; `None` where the record has none, which is `log_duration`.
        text: Option<TextId>,
        /// What tells it from other executions of the statement.
        call: Call,
        /// Its literals, where they are kept; `None` where many were slower.
        sample: Option<Box<Sample>>,
    },
    /// `log_statement`: a statement begins.
    Begin {
        /// The statement.
        text: TextId,
        /// It came by the extended protocol.
        extended: bool,
        /// What tells it from other executions of the statement.
        call: Call,
    },
    /// ERROR or worse, or WARNING.
    Error {
        /// How bad.
        severity: Severity,
        /// SQLSTATE, where the format carries it.
        sqlstate: Option<[u8; 5]>,
        /// The message without its values.
        pattern: Box<str>,
        /// The statement that failed.
        text: Option<TextId>,
        /// What it tells, where it is one of the known messages.
        incident: Option<Box<Incident>>,
    },
    /// Something else that is counted.
    Incident(Box<Incident>),
    /// A plan of `auto_explain`.
    Plan(Box<Plan>),
}

/// Phases of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// All phases of a statement of the simple protocol.
    Statement,
    /// Parse.
    Parse,
    /// Bind, planning included.
    Bind,
    /// Execute.
    Execute,
    /// A further fetch from a portal.
    Fetch,
    /// Not said: the record has the time alone.
    Unknown,
}

/// An execution.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sample {
    /// Its text, where literals are kept.
    pub text: Option<Box<str>>,
    /// Its parameters as the server wrote them, where literals are kept.
    pub parameters: Option<Box<str>>,
}

/// Something other than a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// What.
    pub kind: Kind,
    /// Bytes of a temporary file; microseconds of a wait for a lock, a checkpoint, a vacuum or a
    /// session.
    pub amount: Option<i64>,
    /// What it is about: the lock that is waited for, the table, the reason of a checkpoint.
    pub object: Option<Box<str>>,
    /// Relation that the CONTEXT names: the table whose row is waited for, or that is vacuumed.
    pub relation: Option<Box<str>>,
    /// Lock mode.
    pub mode: Option<Box<str>>,
    /// Processes in it.
    pub parties: Vec<Party>,
    /// The statement of the session.
    pub text: Option<TextId>,
    /// The message, where it holds nothing of a statement.
    pub message: Option<Box<str>>,
}

/// A process in a deadlock or a wait for a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its process id.
    pub pid: u32,
    /// Whether it holds the lock that others wait for.
    pub holds: bool,
    /// Mode that it waits for.
    pub mode: Option<Box<str>>,
    /// What it waits for.
    pub object: Option<Box<str>>,
    /// Process that it waits for.
    pub blocked_by: Option<u32>,
    /// What it runs.
    pub text: Option<TextId>,
}

/// A plan of `auto_explain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its statement.
    pub text: Option<TextId>,
    /// Time of the execution, microseconds.
    pub us: u64,
    /// The plan as the server wrote it; `None` where slower ones are known, or literals are not
    /// kept.
    pub plan: Option<Box<str>>,
}
