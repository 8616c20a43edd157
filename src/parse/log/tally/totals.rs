//! Figures of the whole log.

use std::collections::BTreeMap;

use super::series::Add;
use crate::parse::log::message::Kind;

/// Figures of the whole log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Executions: of the simple and of the extended protocol, and times that stood alone and were
    /// joined with their statement.
    pub statements: u64,
    /// Sum of all times but those of plans, microseconds.
    pub duration_us: u64,
    /// Times that no statement was found for, and their sum, microseconds.
    pub alone: (u64, u64),
    /// Plans of `auto_explain`.
    pub plans: u64,
    /// Messages whose kind is known, other than times.
    pub kinds: BTreeMap<Kind, u64>,
    /// ERROR and worse by SQLSTATE; `None` where the format does not carry it.
    pub errors: BTreeMap<Option<[u8; 5]>, u64>,
    /// Bytes of temporary files.
    pub temp_bytes: u64,
}

impl Totals {
    /// Messages of a kind.
    pub fn of(&self, kind: Kind) -> u64 {
        self.kinds.get(&kind).copied().unwrap_or(0)
    }
}

/// Figures of a minute, or of a longer step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Minute {
    /// Executions.
    pub statements: u64,
    /// Sum of all times, microseconds.
    pub duration_us: u64,
    /// ERROR and worse.
    pub errors: u64,
    /// Connections received.
    pub connections: u64,
    /// Disconnections.
    pub disconnections: u64,
    /// Waits for a lock that were logged.
    pub lock_waits: u64,
    /// Deadlocks.
    pub deadlocks: u64,
    /// Temporary files.
    pub temp_files: u64,
    /// Their bytes.
    pub temp_bytes: u64,
    /// Checkpoints that ended.
    pub checkpoints: u64,
    /// Vacuums and analyzes that ended.
    pub autovacuums: u64,
    /// Statements that were cancelled.
    pub cancels: u64,
}

impl Add for Minute {
    fn add(&mut self, other: &Self) {
        self.statements += other.statements;
        self.duration_us += other.duration_us;
        self.errors += other.errors;
        self.connections += other.connections;
        self.disconnections += other.disconnections;
        self.lock_waits += other.lock_waits;
        self.deadlocks += other.deadlocks;
        self.temp_files += other.temp_files;
        self.temp_bytes += other.temp_bytes;
        self.checkpoints += other.checkpoints;
        self.autovacuums += other.autovacuums;
        self.cancels += other.cancels;
    }
}

impl Minute {
    /// Counts a message of a kind.
    pub fn count(&mut self, kind: Kind, amount: Option<i64>) {
        match kind {
            Kind::ConnectionReceived => self.connections += 1,
            Kind::Disconnection => self.disconnections += 1,
            Kind::LockWaiting => self.lock_waits += 1,
            Kind::Deadlock => self.deadlocks += 1,
            Kind::TempFile => {
                self.temp_files += 1;
                self.temp_bytes += amount
                    .and_then(|bytes| u64::try_from(bytes).ok())
                    .unwrap_or(0);
            }
            Kind::CheckpointComplete => self.checkpoints += 1,
            Kind::Autovacuum | Kind::Autoanalyze => self.autovacuums += 1,
            Kind::StatementTimeout | Kind::LockTimeout | Kind::UserCancel => self.cancels += 1,
            _ => {}
        }
    }
}
