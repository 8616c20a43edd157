//! Azure: diagnostic settings have the record in `properties`; tables of Log Analytics have it in
//! columns, whose names may end with their type.

use super::members::{Members, string};
use super::text::{self, is_severity, is_time, label_at};
use crate::parse::log::jsonlog::unescape;

/// Parts that have members of their own, and their labels.
const PARTS: [(&str, &[u8]); 4] = [
    ("detail", b"DETAIL:  "),
    ("hint", b"HINT:  "),
    ("context", b"CONTEXT:  "),
    ("statement", b"STATEMENT:  "),
];

/// What an entry tells, as it is written.
#[derive(Debug, Default)]
struct Fields<'a> {
    time: &'a [u8],
    /// When the entry was written, if the record does not say.
    entry_time: &'a [u8],
    pid: &'a [u8],
    severity: &'a [u8],
    sqlstate: &'a [u8],
    prefix: &'a [u8],
    message: Option<&'a [u8]>,
    parts: [&'a [u8]; 4],
}

impl<'a> Fields<'a> {
    /// Takes the members of an object; false where it is none.
    fn read(&mut self, object: &'a [u8], nested: bool) -> bool {
        let Some(mut members) = Members::of(object) else {
            return false;
        };
        for (name, value) in members.by_ref() {
            if !nested && name.eq_ignore_ascii_case(b"properties") {
                self.read(value, true);
                continue;
            }
            let number = value.first().is_some_and(u8::is_ascii_digit);
            let Some(text) = string(value).or(number.then_some(value)) else {
                continue;
            };
            let name = name
                .strip_suffix(b"_s")
                .or_else(|| name.strip_suffix(b"_d"))
                .or_else(|| name.strip_suffix(b"_t"))
                .unwrap_or(name);
            let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
            if is("message") {
                self.message = Some(text);
            } else if is("timestamp") {
                self.time = text;
            } else if is("time") || is("timegenerated") || is("TimeGenerated [UTC]") {
                self.entry_time = text;
            } else if is("processid") {
                self.pid = text;
            } else if is("errorlevel") {
                self.severity = text;
            } else if is("sqlerrcode") || is("sqlerrorcode") {
                self.sqlstate = text;
            } else if is("prefix") {
                self.prefix = text;
            } else if let Some(at) = PARTS.iter().position(|(known, _)| is(known)) {
                self.parts[at] = text;
            }
        }
        members.whole()
    }
}

/// The time of an entry as it is written, and whether it is a record; `%m [%p] %e ` stands before
/// what is written, unless it is to be bare.
pub(super) fn write<'a>(
    entry: &'a [u8],
    bare: bool,
    own: &mut Vec<u8>,
    out: &mut Vec<u8>,
) -> Option<(&'a [u8], bool)> {
    let mut fields = Fields::default();
    fields.read(entry, false).then_some(())?;
    let time = if fields.entry_time.is_empty() {
        fields.time
    } else {
        fields.entry_time
    };
    let Some(message) = fields.message else {
        return Some((time, false));
    };
    let mut head = Vec::with_capacity(64);
    if let Some(time) = [fields.time, time].into_iter().find(|time| is_time(time)) {
        head.extend_from_slice(time);
    }
    head.extend_from_slice(b" [");
    let digits = fields.pid.iter().take_while(|b| b.is_ascii_digit());
    head.extend(digits);
    head.extend_from_slice(b"] ");
    if fields.sqlstate.len() == 5 {
        head.extend_from_slice(fields.sqlstate);
    }
    head.push(b' ');
    if bare {
        head.clear();
    }
    own.clear();
    unescape(message, own);
    // Flexible servers have their prefix and the label in the message, single servers beside it.
    let prefix = if let Some(label) = label_at(own, fields.severity) {
        own[..label].to_vec()
    } else {
        is_severity(fields.severity).then_some(())?;
        let mut prefix = Vec::new();
        unescape(fields.prefix, &mut prefix);
        let label = [&prefix, fields.severity, b":  "].concat();
        own.splice(0..0, label);
        prefix
    };
    text::write(&head, own, out);
    for (part, (_, label)) in fields.parts.iter().zip(PARTS) {
        if !part.is_empty() {
            own.clear();
            own.extend_from_slice(&prefix);
            own.extend_from_slice(label);
            unescape(part, own);
            text::write(&head, own, out);
        }
    }
    Some((time, true))
}
