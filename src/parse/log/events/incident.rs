//! What is known of messages other than those of statements.

use memchr::memmem;

use super::event::{Incident, Party};
use super::texts::TextId;
use crate::parse::log::message::{Forms, Kind, Message};
use crate::parse::log::record::{Record, integer};

/// Bytes of a text that are kept.
const LONGEST: usize = 2 << 10;

/// Processes in an incident that are kept.
const PARTIES: usize = 100;

/// Reads what a known message tells. `text` gives the statement of a text.
pub fn incident(
    record: &Record<'_>,
    message: &Message<'_>,
    forms: &Forms,
    language: &mut usize,
    text: &mut dyn FnMut(&[u8]) -> TextId,
) -> Incident {
    let values = message.values;
    let mut found = Incident {
        kind: message.kind,
        amount: None,
        object: None,
        relation: None,
        mode: None,
        parties: Vec::new(),
        text: record.statement.map(&mut *text),
        message: None,
    };
    if matches!(
        message.kind,
        Kind::LockWaiting | Kind::Deadlock | Kind::AutovacuumCancelled
    ) {
        found.relation = record.context.and_then(quoted).map(lossy);
    }
    if message.kind == Kind::AutovacuumCancelled {
        found.object.clone_from(&found.relation);
    }
    match message.kind {
        Kind::TempFile => found.amount = integer(values[1]),
        Kind::LockWaiting
        | Kind::LockAcquired
        | Kind::LockFailed
        | Kind::DeadlockWaiting
        | Kind::DeadlockAvoided => {
            found.mode = Some(lossy(values[1]));
            found.object = Some(lossy(values[2]));
            found.amount = thousandths(values[3], values[4]);
            found.parties = holders(record.detail.unwrap_or_default(), forms, language);
        }
        Kind::Deadlock => {
            found.parties = deadlock(record.detail.unwrap_or_default(), forms, language, text);
        }
        Kind::CheckpointStarting | Kind::RestartpointStarting => {
            found.object = Some(lossy(values[0].trim_ascii()));
        }
        Kind::CheckpointComplete | Kind::RestartpointComplete => {
            // write, sync, total.
            found.amount = seconds(record.message).nth(2);
        }
        Kind::Autovacuum | Kind::Autoanalyze => {
            let name = [values[0], values[1], values[2]].map(String::from_utf8_lossy);
            found.object = Some(name.join(".").into());
            // CPU of the user, CPU of the system, elapsed.
            found.amount = seconds(record.message).last();
        }
        Kind::Disconnection => {
            found.amount = session_time(values[0], values[1], values[2], values[3]);
        }
        Kind::Crash => found.object = Some(lossy(values[3])),
        _ => {}
    }
    if tells_no_statement(found.kind) {
        found.message = Some(lossy(record.message));
    }
    found
}

/// Whether the whole message may be kept: it holds nothing of a statement.
fn tells_no_statement(kind: Kind) -> bool {
    use Kind as K;
    matches!(
        kind,
        K::ArchiveFailed
            | K::CheckpointsTooFrequent
            | K::Crash
            | K::ExitCode
            | K::Promoted
            | K::Recovery
            | K::ReplicationEnded
            | K::ReplicationStarted
            | K::Shutdown
            | K::SlotInvalidated
            | K::StandbyConflict
            | K::WalReceiverTimeout
            | K::WalRemoved
            | K::WalSenderTimeout
    )
}

/// What stands between the quotes of any language in the first line that has some.
fn quoted(context: &[u8]) -> Option<&[u8]> {
    const MARKS: [(&str, &str); 5] = [
        ("\"", "\""),
        ("\u{201e}", "\u{201c}"),
        ("\u{ab}", "\u{bb}"),
        ("\u{201c}", "\u{201d}"),
        ("\u{300c}", "\u{300d}"),
    ];
    MARKS.iter().find_map(|(open, close)| {
        let start = memmem::find(context, open.as_bytes())? + open.len();
        let end = memmem::find(&context[start..], close.as_bytes())?;
        Some(context[start..start + end].trim_ascii())
    })
}

fn lossy(text: &[u8]) -> Box<str> {
    String::from_utf8_lossy(&text[..text.len().min(LONGEST)]).into()
}

/// Milliseconds and their thousandths, as microseconds.
fn thousandths(whole: &[u8], rest: &[u8]) -> Option<i64> {
    let whole: i64 = integer(whole)?;
    whole.checked_mul(1_000)?.checked_add(integer(rest)?)
}

fn session_time(hours: &[u8], minutes: &[u8], seconds: &[u8], millis: &[u8]) -> Option<i64> {
    let hours: i64 = integer(hours)?;
    let (minutes, seconds): (i64, i64) = (integer(minutes)?, integer(seconds)?);
    let millis: i64 = integer(millis)?;
    let minutes = hours.checked_mul(60)?.checked_add(minutes)?;
    let seconds = minutes.checked_mul(60)?.checked_add(seconds)?;
    seconds.checked_mul(1_000_000)?.checked_add(millis * 1_000)
}

/// The numbers before ` s`, as microseconds.
fn seconds(message: &[u8]) -> impl Iterator<Item = i64> {
    memmem::find_iter(message, b" s").filter_map(|end| {
        if message.get(end + 2).is_some_and(u8::is_ascii_alphabetic) {
            return None;
        }
        let is_number = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b',');
        let length = message[..end]
            .iter()
            .rev()
            .take_while(|b| is_number(b))
            .count();
        let text = std::str::from_utf8(&message[end - length..end]).ok()?;
        let seconds: f64 = text.replace(',', ".").parse().ok()?;
        Some((seconds * 1e6).round() as i64)
    })
}

/// Who holds the lock, and who else waits.
fn holders(detail: &[u8], forms: &Forms, language: &mut usize) -> Vec<Party> {
    let Some(message) = forms.read(detail, language) else {
        return Vec::new();
    };
    if message.kind != Kind::LockHolders {
        return Vec::new();
    }
    let [holding, waiting, ..] = message.values;
    let party = |holds: bool| {
        move |pid: &[u8]| {
            Some(Party {
                pid: integer(
                    pid.trim_ascii()
                        .trim_ascii_end()
                        .strip_suffix(b".")
                        .unwrap_or(pid.trim_ascii()),
                )?,
                holds,
                mode: None,
                object: None,
                blocked_by: None,
                text: None,
            })
        }
    };
    let list = |pids: &'_ [u8], holds| -> Vec<Party> {
        pids.split(|b| *b == b',')
            .filter_map(party(holds))
            .take(PARTIES)
            .collect()
    };
    [list(holding, true), list(waiting, false)].concat()
}

/// Who waits for whom, and what each of them ran.
fn deadlock(
    detail: &[u8],
    forms: &Forms,
    language: &mut usize,
    text: &mut dyn FnMut(&[u8]) -> TextId,
) -> Vec<Party> {
    let mut parties: Vec<Party> = Vec::new();
    let mut at = 0;
    while at < detail.len() {
        let end = memchr::memchr(b'\n', &detail[at..]).map_or(detail.len(), |end| at + end);
        let line = &detail[at..end];
        let Some(message) = forms.read(line, language) else {
            at = end + 1;
            continue;
        };
        let [a, b, c, d, ..] = message.values;
        match message.kind {
            Kind::DeadlockEdge => {
                if let Some(pid) = integer(a)
                    && parties.len() < PARTIES
                {
                    parties.push(Party {
                        pid,
                        holds: true,
                        mode: Some(lossy(b)),
                        object: Some(lossy(c)),
                        blocked_by: integer(d),
                        text: None,
                    });
                }
                at = end + 1;
            }
            Kind::DeadlockQuery => {
                // The statement goes on until the line of the next process.
                let body = at + (line.len() - b.len());
                let mut stop = end;
                while stop < detail.len() {
                    let next = &detail[stop + 1..];
                    let length = memchr::memchr(b'\n', next).unwrap_or(next.len());
                    let is_next = forms
                        .read(&next[..length], language)
                        .is_some_and(|m| m.kind == Kind::DeadlockQuery);
                    if is_next {
                        break;
                    }
                    stop += 1 + length;
                }
                let pid: Option<u32> = integer(a);
                let statement = text(&detail[body..stop]);
                for party in parties.iter_mut().filter(|party| Some(party.pid) == pid) {
                    party.text = Some(statement);
                }
                at = stop + 1;
            }
            _ => at = end + 1,
        }
    }
    parties
}
