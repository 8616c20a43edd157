//! What tells executions of one statement apart.

use std::num::NonZeroU64;

use memchr::memmem;

use crate::parse::mix::mix;

/// What tells an execution of a statement from others of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Call {
    /// A hash of its constants and of the values of its parameters.
    pub arguments: u64,
    /// A hash of the trace that a comment of the statement names.
    pub trace: Option<NonZeroU64>,
}

impl Call {
    /// An execution by its text, the hash of the constants in it, and the DETAIL with the values of
    /// its parameters.
    pub fn new(sql: &[u8], constants: u64, detail: Option<&[u8]>) -> Self {
        Self {
            arguments: detail.map_or(constants, |detail| mix(constants, detail)),
            trace: trace(sql),
        }
    }
}

/// The trace that a comment at the end or at the beginning of a statement names, as sqlcommenter
/// writes it: `/*traceparent='00-<trace>-<span>-01'*/`. The trace is 32 hexadecimal digits, of
/// which a hash is given.
pub fn trace(sql: &[u8]) -> Option<NonZeroU64> {
    const KEY: &[u8] = b"traceparent=";
    let end = sql.trim_ascii_end();
    let end = end.strip_suffix(b";").map_or(end, <[u8]>::trim_ascii_end);
    let comment = if end.ends_with(b"*/") {
        &end[memmem::rfind(end, b"/*")?..]
    } else if sql.starts_with(b"/*") {
        &sql[..memmem::find(sql, b"*/")?]
    } else {
        return None;
    };
    let value = &comment[memmem::find(comment, KEY)? + KEY.len()..];
    let value = value.strip_prefix(b"'").unwrap_or(value);
    let trace = value.get(3..35)?;
    let is_trace = value[2] == b'-'
        && trace.iter().all(u8::is_ascii_hexdigit)
        && trace.iter().any(|digit| *digit != b'0');
    if !is_trace {
        return None;
    }
    NonZeroU64::new(mix(0, trace))
}
