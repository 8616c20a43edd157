//! What a line of syslog begins with.

use memchr::memchr;

/// When a line was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Time<'a> {
    None,
    /// With a year, as the reader of time stamps takes it.
    Whole(&'a [u8]),
    /// Month, day, and the time of day.
    NoYear(i8, i8, &'a [u8]),
}

/// A line of syslog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Header<'a> {
    pub time: Time<'a>,
    pub host: &'a [u8],
    /// The program.
    pub ident: &'a [u8],
    /// What stands for its process.
    pub process: &'a [u8],
    pub text: &'a [u8],
}

const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];
const DAYS: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];

/// Reads a line: RFC 5424; RFC 3164 with its own time, that of RFC 3339, or one of journalctl
/// (`short`, `short-precise`, `short-iso`, `short-iso-precise`, `short-full`); `heroku logs`.
pub(in super::super) fn header(line: &[u8]) -> Option<Header<'_>> {
    let (line, priority) = match priority(line) {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    if priority && let Some(rest) = line.strip_prefix(b"1 ") {
        return rfc5424(rest);
    }
    let (time, rest) = time(line)?;
    tagged(time, rest)
}

/// What comes after `<134>`.
fn priority(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"<")?;
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    ((1..=3).contains(&digits) && rest.get(digits) == Some(&b'>')).then(|| &rest[digits + 1..])
}

/// The length of `123 ` before the `<` of a frame, and of the frame that it announces (RFC 6587).
pub(in super::super) fn octets(text: &[u8]) -> Option<(usize, usize)> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    if !(1..=8).contains(&digits) || text.get(digits) != Some(&b' ') {
        return None;
    }
    let count = std::str::from_utf8(&text[..digits]).ok()?.parse().ok()?;
    (text.get(digits + 1) == Some(&b'<') && text[0] != b'0').then_some((digits + 1, count))
}

fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr(b' ', text)?;
    Some((&text[..end], &text[end + 1..]))
}

fn rfc5424(rest: &[u8]) -> Option<Header<'_>> {
    let (time, rest) = word(rest)?;
    let (host, rest) = word(rest)?;
    let (ident, rest) = word(rest)?;
    let (process, rest) = word(rest)?;
    let (_, rest) = word(rest)?;
    let text = match rest.first()? {
        b'-' => &rest[1..],
        b'[' => structured(rest)?,
        _ => return None,
    };
    let text = text.strip_prefix(b" ").unwrap_or(text);
    Some(Header {
        time: if is_iso(time) {
            Time::Whole(time)
        } else {
            Time::None
        },
        host,
        ident,
        process,
        text: text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text),
    })
}

/// What comes after `[id name="value"]`, of which there may be several.
fn structured(mut rest: &[u8]) -> Option<&[u8]> {
    while rest.first() == Some(&b'[') {
        let (mut at, mut quoted) = (1, false);
        loop {
            match rest.get(at)? {
                b'\\' if quoted => at += 1,
                b'"' => quoted = !quoted,
                b']' if !quoted => break,
                _ => {}
            }
            at += 1;
        }
        rest = &rest[at + 1..];
    }
    Some(rest)
}

fn is_iso(text: &[u8]) -> bool {
    const FORM: &[u8; 19] = b"0000-00-00_00:00:00";
    text.len() >= FORM.len()
        && text.len() <= 40
        && FORM.iter().zip(text).all(|(form, byte)| match form {
            b'0' => byte.is_ascii_digit(),
            b'_' => matches!(byte, b'T' | b' '),
            form => form == byte,
        })
        && text[19..]
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"+-:., ".contains(b))
}

/// The time at the beginning of a line of RFC 3164 or journalctl, and what comes after its blank.
pub(in super::super) fn time(line: &[u8]) -> Option<(Time<'_>, &[u8])> {
    if line.first()?.is_ascii_digit() {
        let (time, rest) = word(line)?;
        return (is_iso(time) && time[10] == b'T').then_some((Time::Whole(time), rest));
    }
    let (name, rest) = (line.get(..3)?, line.get(3..)?.strip_prefix(b" ")?);
    if DAYS.iter().any(|day| &day[..] == name) {
        let (date, after) = word(rest)?;
        let (clock, after) = word(after)?;
        let (zone, after) = word(after)?;
        let time = &rest[..date.len() + clock.len() + zone.len() + 2];
        return is_iso(time).then_some((Time::Whole(time), after));
    }
    let month = MONTHS.iter().position(|month| &month[..] == name)? as i8 + 1;
    let (day, rest) = match rest {
        [b' ', day @ b'1'..=b'9', b' ', rest @ ..] | [day @ b'1'..=b'9', b' ', rest @ ..] => {
            (day - b'0', rest)
        }
        [tens @ b'0'..=b'3', ones @ b'0'..=b'9', b' ', rest @ ..] => {
            ((tens - b'0') * 10 + ones - b'0', rest)
        }
        _ => return None,
    };
    let (clock, rest) = word(rest)?;
    let digits = |at: usize| {
        clock
            .get(at..at + 2)?
            .iter()
            .all(u8::is_ascii_digit)
            .then_some(())
    };
    (digits(0).is_some() && digits(3).is_some() && digits(6).is_some()).then_some(())?;
    let fraction = &clock[8..];
    let fits = clock[2] == b':'
        && clock[5] == b':'
        && fraction.len() <= 10
        && fraction.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    fits.then_some((Time::NoYear(month, day as i8, clock), rest))
}

/// `host ident[process]: text`; the host may be absent, and the process.
fn tagged<'a>(time: Time<'a>, rest: &'a [u8]) -> Option<Header<'a>> {
    let (first, after) = word(rest)?;
    let (host, rest) = if first.ends_with(b":") {
        (&b""[..], rest)
    } else {
        (first, after)
    };
    let end = rest.iter().position(|b| matches!(b, b' ' | b':' | b'['));
    let repeated = Header {
        time,
        host,
        ident: b"",
        process: b"",
        text: rest,
    };
    let end = match end {
        Some(end) if end > 0 => end,
        _ => return None,
    };
    let (process, text) = match rest[end] {
        b'[' => {
            let close = end + memchr(b']', &rest[end..])?;
            let text = &rest[close + 1..];
            (
                &rest[end + 1..close],
                text.strip_prefix(b":").unwrap_or(text),
            )
        }
        b':' => (&b""[..], &rest[end + 1..]),
        // `last message repeated 2 times` has no program.
        _ => {
            return rest
                .starts_with(b"last message repeated ")
                .then_some(repeated);
        }
    };
    Some(Header {
        time,
        host,
        ident: &rest[..end],
        process,
        text: text.strip_prefix(b" ").unwrap_or(text),
    })
}
