//! Forms of values, by which they are known without the setting.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::words::{BACKENDS, COMMANDS, STATES};
use crate::parse::log::time::Clock;

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Class {
    /// A time stamp with milliseconds.
    Millis,
    /// A time stamp without.
    Seconds,
    /// Seconds since 1970.
    Epoch,
    /// `6b04.1f`
    Session,
    /// `3/17`, or nothing.
    Virtual,
    /// Digits.
    Integer,
    /// Digits, or nothing.
    MaybeInteger,
    /// Digits, in some lines with a minus.
    Signed,
    /// Five digits and capitals.
    Code,
    /// An address, perhaps with a port, or nothing.
    Address,
    /// The type of a process.
    Backend,
    /// A command tag, or nothing.
    Tag,
    /// Any text.
    Name,
}

impl Class {
    /// Those that have a form.
    pub const TYPED: &[Self] = &[
        Self::Millis,
        Self::Seconds,
        Self::Epoch,
        Self::Session,
        Self::Virtual,
        Self::Integer,
        Self::MaybeInteger,
        Self::Signed,
        Self::Code,
        Self::Address,
        Self::Backend,
        Self::Tag,
    ];

    /// Whether some processes write nothing.
    pub fn may_be_empty(self) -> bool {
        matches!(
            self,
            Self::Virtual | Self::MaybeInteger | Self::Address | Self::Tag
        )
    }

    /// The length of a value of this form in a head; 0 where it is empty and may be.
    pub fn length(self, head: &[u8], at: usize, clock: &mut Clock) -> Option<usize> {
        let text = head.get(at..)?;
        let before = at.checked_sub(1).map(|before| head[before]);
        let is_time = matches!(self, Self::Millis | Self::Seconds);
        let follows_word = before.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
        let found = if follows_word {
            None
        } else {
            self.filled(text, clock)
        };
        let found = found.filter(|length| {
            let after = text.get(*length);
            is_time || !after.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
        });
        found.or(self.may_be_empty().then_some(0))
    }

    fn filled(self, text: &[u8], clock: &mut Clock) -> Option<usize> {
        let digits = |from: usize| {
            text.get(from..)
                .map_or(0, |text| count(text, u8::is_ascii_digit))
        };
        match self {
            Self::Millis | Self::Seconds => {
                let has_millis = text.get(19) == Some(&b'.');
                let (_, length) = clock.read(text)?;
                (has_millis == (self == Self::Millis)).then_some(length)
            }
            Self::Epoch => {
                let whole = digits(0);
                let fits = (9..=11).contains(&whole) && text.get(whole) == Some(&b'.');
                (fits && digits(whole + 1) == 3).then_some(whole + 4)
            }
            Self::Session => {
                let is_hex = |b: &u8| b.is_ascii_digit() || (b'a'..=b'f').contains(b);
                let start = count(text, is_hex);
                let pid = count(text.get(start + 1..)?, is_hex);
                let fits = (7..=9).contains(&start) && (1..=8).contains(&pid);
                (fits && text[start] == b'.').then_some(start + 1 + pid)
            }
            Self::Virtual => {
                let sign = usize::from(text.first() == Some(&b'-'));
                let first = sign + digits(sign);
                let second = digits(first + 1);
                let fits = first > sign && second > 0 && text.get(first) == Some(&b'/');
                fits.then_some(first + 1 + second)
            }
            Self::Integer | Self::MaybeInteger => integer(text),
            Self::Signed => match text.first() {
                Some(b'-') => integer(&text[1..]).map(|length| length + 1),
                _ => integer(text),
            },
            Self::Code => {
                let code = text.get(..5)?;
                let fits = |b: &u8| b.is_ascii_digit() || b.is_ascii_uppercase();
                (code.iter().all(fits) && code.iter().any(u8::is_ascii_digit)).then_some(5)
            }
            Self::Address => address(text),
            Self::Backend => longest(text, BACKENDS),
            Self::Tag => longest(text, STATES).or_else(|| command(text)),
            Self::Name => None,
        }
    }
}

fn count(text: &[u8], is_part: impl Fn(&u8) -> bool) -> usize {
    text.iter().take_while(|b| is_part(b)).count()
}

fn longest(text: &[u8], words: &[&str]) -> Option<usize> {
    let found = words
        .iter()
        .filter(|word| text.starts_with(word.as_bytes()));
    found.map(|word| word.len()).max()
}

fn integer(text: &[u8]) -> Option<usize> {
    let length = count(text, u8::is_ascii_digit);
    let is_version =
        text.get(length) == Some(&b'.') && text.get(length + 1).is_some_and(u8::is_ascii_digit);
    (length > 0 && length <= 20 && !is_version).then_some(length)
}

/// Words in capitals of which the first begins a command tag; `waiting` may follow.
fn command(text: &[u8]) -> Option<usize> {
    let is_of_word = |b: &u8| b.is_ascii_uppercase() || *b == b'_';
    let first = count(text, is_of_word);
    let is_known = |word: &&str| word.as_bytes() == &text[..first];
    COMMANDS.iter().find(|word| is_known(word))?;
    let mut end = first;
    while text.get(end) == Some(&b' ') {
        let word = count(&text[end + 1..], is_of_word);
        let ends = !text
            .get(end + 1 + word)
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b':');
        if word < 2 || !ends {
            break;
        }
        end += 1 + word;
    }
    if text[end..].starts_with(b" waiting") {
        end += b" waiting".len();
    }
    Some(end)
}

/// `[local]`, or an address of IPv4 or IPv6, with its port in parentheses or without.
fn address(text: &[u8]) -> Option<usize> {
    if text.starts_with(b"[local]") {
        return Some(b"[local]".len());
    }
    let four = count(text, |b| b.is_ascii_digit() || *b == b'.');
    let is_four = std::str::from_utf8(&text[..four]).is_ok_and(|t| t.parse::<Ipv4Addr>().is_ok());
    let length = if is_four { four } else { six(text) };
    if length == 0 {
        return host_and_port(text);
    }
    Some(length + port(&text[length..]))
}

/// The length of an address of IPv6; a colon may follow it.
fn six(text: &[u8]) -> usize {
    let most = count(text, |b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'));
    let ends = |end: &usize| !text.get(*end).is_some_and(u8::is_ascii_alphanumeric);
    let is_address = |end: &usize| {
        let text = std::str::from_utf8(&text[..*end]);
        text.is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok())
    };
    if !text[..most].iter().take(5).any(|b| *b == b':') {
        return 0;
    }
    (2..=most).rev().filter(ends).find(is_address).unwrap_or(0)
}

/// The name of a host with a port.
fn host_and_port(text: &[u8]) -> Option<usize> {
    let name = count(text, |b| {
        b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')
    });
    let port = port(&text[name..]);
    (name > 0 && port > 0).then_some(name + port)
}

fn port(text: &[u8]) -> usize {
    if text.first() != Some(&b'(') {
        return 0;
    }
    let digits = count(&text[1..], u8::is_ascii_digit);
    if digits > 0 && text.get(1 + digits) == Some(&b')') {
        digits + 2
    } else {
        0
    }
}
