//! Incidents, the latest of each kind.

use std::collections::{BTreeMap, VecDeque};

use crate::parse::log::events::{Incident, PersonId, TextId};
use crate::parse::log::message::Kind;

/// Incidents of one kind that are kept; all of them are counted.
const MOST: usize = 1_000;

/// An incident with when and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Noted {
    /// When, microseconds.
    pub time: Option<i64>,
    /// Process id.
    pub pid: Option<u32>,
    /// Whose session.
    pub who: PersonId,
    /// What.
    pub incident: Incident,
}

/// Incidents of every kind.
#[derive(Debug, Clone, Default)]
pub struct Incidents {
    by_kind: BTreeMap<Kind, VecDeque<Noted>>,
}

impl Incidents {
    /// Keeps one. Of those that happen with every session only the number is known.
    pub fn add(&mut self, noted: Noted) {
        use Kind as K;
        if matches!(
            noted.incident.kind,
            K::ConnectionReceived
                | K::ConnectionAuthorized
                | K::ConnectionAuthenticated
                | K::Disconnection
                | K::Audit
        ) {
            return;
        }
        let kept = self.by_kind.entry(noted.incident.kind).or_default();
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back(noted);
    }

    /// Those that are kept, by kind, in the order of the log.
    pub fn iter(&self) -> impl Iterator<Item = &Noted> {
        self.by_kind.values().flatten()
    }

    /// Gives the parties of the latest incident of a kind their statements.
    pub fn name_parties(&mut self, kind: Kind, mut text: impl FnMut(u32) -> Option<TextId>) {
        if let Some(noted) = self.by_kind.get_mut(&kind).and_then(VecDeque::back_mut) {
            for party in &mut noted.incident.parties {
                party.text = party.text.or_else(|| text(party.pid));
            }
        }
    }
}
