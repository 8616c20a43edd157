//! `target_session_attrs`: which of several servers will do.

use super::error::ConnectError;
use super::values::Values;

/// The kind of server wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Any,
    ReadWrite,
    ReadOnly,
    Primary,
    Standby,
    PreferStandby,
}

const TARGETS: [(&str, Target); 6] = [
    ("any", Target::Any),
    ("read-write", Target::ReadWrite),
    ("read-only", Target::ReadOnly),
    ("primary", Target::Primary),
    ("standby", Target::Standby),
    ("prefer-standby", Target::PreferStandby),
];

impl Target {
    pub(super) fn read(values: &Values) -> Result<Self, ConnectError> {
        values.choice("target_session_attrs", &TARGETS)
    }

    pub(super) fn name(self) -> &'static str {
        let found = TARGETS.iter().find(|(_, target)| *target == self);
        found.map_or("any", |(name, _)| name)
    }

    /// What to look for among all hosts, first choice first.
    pub(super) fn choices(self) -> &'static [Self] {
        match self {
            Self::Any => &[Self::Any],
            Self::ReadWrite => &[Self::ReadWrite],
            Self::ReadOnly => &[Self::ReadOnly],
            Self::Primary => &[Self::Primary],
            Self::Standby => &[Self::Standby],
            Self::PreferStandby => &[Self::Standby, Self::Any],
        }
    }

    /// Whether a server will do, by `pg_is_in_recovery()` and `default_transaction_read_only`.
    pub(super) fn accepts(self, in_recovery: bool, read_only_by_default: bool) -> bool {
        match self {
            Self::Any | Self::PreferStandby => true,
            Self::ReadWrite => !in_recovery && !read_only_by_default,
            Self::ReadOnly => in_recovery || read_only_by_default,
            Self::Primary => !in_recovery,
            Self::Standby => in_recovery,
        }
    }
}
