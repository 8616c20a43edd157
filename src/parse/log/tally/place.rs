//! Where an event belongs, and whether it counts for its statement.

use crate::parse::log::events::PersonId;
use crate::parse::log::message::Kind;

/// Whether incidents of a kind count for the statement that they happened to.
pub(super) fn matters(kind: Kind) -> bool {
    use Kind as K;
    matches!(
        kind,
        K::TempFile
            | K::LockWaiting
            | K::LockAcquired
            | K::LockFailed
            | K::StatementTimeout
            | K::LockTimeout
            | K::UserCancel
    )
}

/// Where an event belongs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub time: Option<i64>,
    pub pid: Option<u32>,
    pub who: PersonId,
    pub query_id: Option<i64>,
}
