//! Kinds of messages.

/// What a message, or a line of a DETAIL, tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A record of pgaudit.
    Audit,
    /// Automatic analyze of a table ended.
    Autoanalyze,
    /// Autovacuum of a table ended.
    Autovacuum,
    /// Autovacuum made room for a lock.
    AutovacuumCancelled,
    /// A checkpoint ended.
    CheckpointComplete,
    /// A checkpoint began.
    CheckpointStarting,
    /// WAL volume asks for checkpoints too often.
    CheckpointsTooFrequent,
    /// It said who it is (14+).
    ConnectionAuthenticated,
    /// It was let in.
    ConnectionAuthorized,
    /// `log_connections`: a client came.
    ConnectionReceived,
    /// A process was ended by a signal.
    Crash,
    /// A deadlock was found and a statement ended.
    Deadlock,
    /// A deadlock was avoided.
    DeadlockAvoided,
    /// DETAIL: who waits for whom.
    DeadlockEdge,
    /// DETAIL: what one of them ran.
    DeadlockQuery,
    /// It found a deadlock while it waited.
    DeadlockWaiting,
    /// `log_disconnections`: it went.
    Disconnection,
    /// Time of the bind of a statement, planning included.
    DurationBind,
    /// Time of the execution of a statement of the extended protocol.
    DurationExecute,
    /// Time of a function call by the fast path.
    DurationFastpath,
    /// Time of a further fetch from a portal.
    DurationFetch,
    /// Time of the parse of a statement.
    DurationParse,
    /// A plan of `auto_explain`.
    DurationPlan,
    /// Time and text of a statement of the simple protocol.
    DurationStatement,
    /// Text of a statement of the extended protocol.
    Execute,
    /// A process ended with an error.
    ExitCode,
    /// Function call by the fast path.
    Fastpath,
    /// Text of a statement that is fetched from further.
    Fetch,
    /// `idle_in_transaction_session_timeout` ended a session.
    IdleInTransactionTimeout,
    /// `idle_session_timeout` ended a session.
    IdleSessionTimeout,
    /// It got the lock.
    LockAcquired,
    /// It did not get the lock.
    LockFailed,
    /// DETAIL: who holds the lock, and who waits.
    LockHolders,
    /// `lock_timeout` ended a statement.
    LockTimeout,
    /// `log_lock_waits`: a process waits for longer than `deadlock_timeout`.
    LockWaiting,
    /// DETAIL: values of parameters.
    Parameters,
    /// The server takes connections.
    Ready,
    /// The server begins anew after a crash.
    Reinitialized,
    /// All sessions are ended after a crash.
    Reinitializing,
    /// The configuration is read anew.
    Reload,
    /// A restartpoint ended.
    RestartpointComplete,
    /// A restartpoint began.
    RestartpointStarting,
    /// Text of a statement of the simple protocol (`log_statement`).
    Statement,
    /// `statement_timeout` ended a statement.
    StatementTimeout,
    /// `log_temp_files`: a temporary file was removed.
    TempFile,
    /// An administrator ended a session.
    TerminatedByAdministrator,
    /// `transaction_timeout` ended a session (17+).
    TransactionTimeout,
    /// A user ended a statement.
    UserCancel,
    /// `archive_command` failed, or was given up for now.
    ArchiveFailed,
    /// A standby becomes the primary.
    Promoted,
    /// The server was not shut down in order, and recovers.
    Recovery,
    /// The primary ended the replication.
    ReplicationEnded,
    /// A standby gets WAL from its primary.
    ReplicationStarted,
    /// The server was told to stop.
    Shutdown,
    /// A replication slot lost its WAL.
    SlotInvalidated,
    /// A statement or session on a standby was ended for the sake of recovery.
    StandbyConflict,
    /// A standby did not hear of its primary for `wal_receiver_timeout`.
    WalReceiverTimeout,
    /// WAL that a standby asks for is gone.
    WalRemoved,
    /// A standby was not heard of for `wal_sender_timeout`.
    WalSenderTimeout,
    /// Time of a statement, alone.
    Duration,
}

/// Names of the kinds, as `forms.tsv` and the facts have them.
const NAMES: &[(&str, Kind)] = &[
    ("audit", Kind::Audit),
    ("autoanalyze", Kind::Autoanalyze),
    ("autovacuum", Kind::Autovacuum),
    ("autovacuum_cancelled", Kind::AutovacuumCancelled),
    ("checkpoint_complete", Kind::CheckpointComplete),
    ("checkpoint_starting", Kind::CheckpointStarting),
    ("checkpoints_too_frequent", Kind::CheckpointsTooFrequent),
    ("connection_authenticated", Kind::ConnectionAuthenticated),
    ("connection_authorized", Kind::ConnectionAuthorized),
    ("connection_received", Kind::ConnectionReceived),
    ("crash", Kind::Crash),
    ("deadlock", Kind::Deadlock),
    ("deadlock_avoided", Kind::DeadlockAvoided),
    ("deadlock_edge", Kind::DeadlockEdge),
    ("deadlock_query", Kind::DeadlockQuery),
    ("deadlock_waiting", Kind::DeadlockWaiting),
    ("disconnection", Kind::Disconnection),
    ("duration_bind", Kind::DurationBind),
    ("duration_execute", Kind::DurationExecute),
    ("duration_fastpath", Kind::DurationFastpath),
    ("duration_fetch", Kind::DurationFetch),
    ("duration_parse", Kind::DurationParse),
    ("duration_plan", Kind::DurationPlan),
    ("duration_statement", Kind::DurationStatement),
    ("execute", Kind::Execute),
    ("exit_code", Kind::ExitCode),
    ("fastpath", Kind::Fastpath),
    ("fetch", Kind::Fetch),
    (
        "idle_in_transaction_timeout",
        Kind::IdleInTransactionTimeout,
    ),
    ("idle_session_timeout", Kind::IdleSessionTimeout),
    ("lock_acquired", Kind::LockAcquired),
    ("lock_failed", Kind::LockFailed),
    ("lock_holders", Kind::LockHolders),
    ("lock_timeout", Kind::LockTimeout),
    ("lock_waiting", Kind::LockWaiting),
    ("parameters", Kind::Parameters),
    ("ready", Kind::Ready),
    ("reinitialized", Kind::Reinitialized),
    ("reinitializing", Kind::Reinitializing),
    ("reload", Kind::Reload),
    ("restartpoint_complete", Kind::RestartpointComplete),
    ("restartpoint_starting", Kind::RestartpointStarting),
    ("statement", Kind::Statement),
    ("statement_timeout", Kind::StatementTimeout),
    ("temp_file", Kind::TempFile),
    (
        "terminated_by_administrator",
        Kind::TerminatedByAdministrator,
    ),
    ("transaction_timeout", Kind::TransactionTimeout),
    ("user_cancel", Kind::UserCancel),
    ("archive_failed", Kind::ArchiveFailed),
    ("promoted", Kind::Promoted),
    ("recovery", Kind::Recovery),
    ("replication_ended", Kind::ReplicationEnded),
    ("replication_started", Kind::ReplicationStarted),
    ("shutdown", Kind::Shutdown),
    ("slot_invalidated", Kind::SlotInvalidated),
    ("standby_conflict", Kind::StandbyConflict),
    ("wal_receiver_timeout", Kind::WalReceiverTimeout),
    ("wal_removed", Kind::WalRemoved),
    ("wal_sender_timeout", Kind::WalSenderTimeout),
    ("duration", Kind::Duration),
];

impl Kind {
    /// The kind of a name.
    pub fn find(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, kind)| *kind)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("", |(name, _)| name)
    }

    /// Whether the message says how long a phase of a statement took.
    pub fn is_duration(self) -> bool {
        self.name().starts_with("duration")
    }
}
