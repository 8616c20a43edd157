//! The forms of messages, and which of them a message has.

use std::ops::Range;

use memchr::memmem::{self, Finder};

use super::kind::Kind;

/// Values of a form that are kept.
const VALUES: usize = 8;

/// A message whose form is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<'a> {
    /// What it tells.
    pub kind: Kind,
    /// Its time, microseconds; for durations.
    pub us: Option<u64>,
    /// Its values, in the order of the English form; for durations those after the time.
    pub values: [&'a [u8]; VALUES],
}

/// All forms in all languages. The language that was met last is tried first.
#[derive(Debug, Clone)]
pub struct Forms {
    languages: Vec<Language>,
}

#[derive(Debug, Clone)]
struct Language {
    timed: Vec<Timed>,
    /// Forms that begin with a text, in order of its first byte.
    headed: Vec<Form>,
    /// Where those of each first byte stand among them.
    by_first: Vec<Range<usize>>,
    /// Forms that begin with a value.
    headless: Vec<Form>,
}

/// Forms with a time that begin alike, so that the time is read once for all of them.
#[derive(Debug, Clone)]
struct Timed {
    before: Vec<u8>,
    /// What follows the time.
    forms: Vec<Form>,
}

#[derive(Debug, Clone)]
struct Form {
    kind: Kind,
    /// The first literal text, and each value's place with the text after it.
    head: Vec<u8>,
    values: Vec<(usize, Finder<'static>)>,
    /// The word `PID` stands in it: few messages have it, so most need not be searched for more.
    has_pid: bool,
}

impl Default for Forms {
    fn default() -> Self {
        Self::new()
    }
}

impl Forms {
    /// Reads the table of forms.
    pub fn new() -> Self {
        let mut languages: Vec<(&str, Vec<Form>)> = Vec::new();
        let lines = include_str!("forms.tsv").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            let mut cells = line.splitn(3, '\t');
            let (Some(language), Some(kind), Some(text)) =
                (cells.next(), cells.next(), cells.next())
            else {
                continue;
            };
            let Some(kind) = Kind::find(kind) else {
                continue;
            };
            if languages.last().is_none_or(|(last, _)| *last != language) {
                languages.push((language, Vec::new()));
            }
            if let Some((_, forms)) = languages.last_mut() {
                forms.push(Form::new(kind, &text.replace("\\n", "\n")));
            }
        }
        Self {
            languages: languages
                .into_iter()
                .map(|(_, forms)| Language::new(forms))
                .collect(),
        }
    }

    /// The message whose form a text has. `language` remembers which one was met; it begins at 0.
    pub fn read<'a>(&self, text: &'a [u8], language: &mut usize) -> Option<Message<'a>> {
        let mut has_pid = None;
        let first = self.languages.get(*language)?;
        let found = first.read(text, &mut has_pid);
        if found.is_some() {
            return found;
        }
        (0..self.languages.len()).find_map(|number| {
            let found = self.languages[number].read(text, &mut has_pid)?;
            *language = number;
            Some(found)
        })
    }
}

impl Language {
    fn new(mut forms: Vec<Form>) -> Self {
        // Of forms that begin alike the longer one says more.
        forms.sort_by_key(|form| std::cmp::Reverse(form.length()));
        let (timed, others): (Vec<Form>, Vec<Form>) =
            forms.into_iter().partition(|form| form.kind.is_duration());
        let (headless, mut headed): (Vec<Form>, Vec<Form>) =
            others.into_iter().partition(|form| form.head.is_empty());
        headed.sort_by_key(|form| form.head[0]);
        let by_first = (0..=u8::MAX)
            .map(|first| {
                let begin = headed.partition_point(|form| form.head[0] < first);
                begin..headed.partition_point(|form| form.head[0] <= first)
            })
            .collect();
        let mut groups: Vec<Timed> = Vec::new();
        for mut form in timed {
            let (_, after) = form.values.remove(0);
            let before = std::mem::replace(&mut form.head, after.needle().to_vec());
            for (place, _) in &mut form.values {
                *place = place.saturating_sub(1);
            }
            match groups.iter_mut().find(|group| group.before == before) {
                Some(group) => group.forms.push(form),
                None => groups.push(Timed {
                    before,
                    forms: vec![form],
                }),
            }
        }
        Self {
            timed: groups,
            headed,
            by_first,
            headless,
        }
    }

    fn read<'a>(&self, text: &'a [u8], has_pid: &mut Option<bool>) -> Option<Message<'a>> {
        let first = *text.first()?;
        let timed = self.timed.iter().find_map(|group| group.read(text));
        if timed.is_some() {
            return timed;
        }
        let headed = self.headed.get(self.by_first[usize::from(first)].clone())?;
        let found = headed.iter().find_map(|form| form.read(text));
        if found.is_some() {
            return found;
        }
        let has_pid = *has_pid.get_or_insert_with(|| memmem::find(text, PID).is_some());
        let possible = self.headless.iter().filter(|form| has_pid || !form.has_pid);
        possible.into_iter().find_map(|form| form.read(text))
    }
}

/// What nearly all forms have that begin with a value.
const PID: &[u8] = b"PID";

impl Timed {
    fn read<'a>(&self, text: &'a [u8]) -> Option<Message<'a>> {
        let rest = text.strip_prefix(self.before.as_slice())?;
        let is_time = |b: &&u8| b.is_ascii_digit() || **b == b'.';
        let (time, rest) = rest.split_at(rest.iter().take_while(is_time).count());
        let us = microseconds(time)?;
        let mut found = self.forms.iter().find_map(|form| form.read(rest))?;
        found.us = Some(us);
        Some(found)
    }
}

impl Form {
    fn new(kind: Kind, text: &str) -> Self {
        let mut parts = text.split('{');
        let head = parts.next().unwrap_or_default().as_bytes().to_vec();
        let values = parts.filter_map(|part| {
            let (place, after) = part.split_once('}')?;
            let place: usize = place.parse().ok()?;
            let after = Finder::new(after.as_bytes()).into_owned();
            Some((place.checked_sub(1)?, after))
        });
        Self {
            kind,
            head,
            values: values.collect(),
            has_pid: text.contains("PID"),
        }
    }

    /// Literal bytes.
    fn length(&self) -> usize {
        self.head.len()
            + self
                .values
                .iter()
                .map(|(_, text)| text.needle().len())
                .sum::<usize>()
    }

    fn read<'a>(&self, text: &'a [u8]) -> Option<Message<'a>> {
        let mut rest = text.strip_prefix(self.head.as_slice())?;
        let mut message = Message {
            kind: self.kind,
            us: None,
            values: [b""; VALUES],
        };
        if self.values.is_empty() && !rest.is_empty() {
            return None;
        }
        for (place, after) in &self.values {
            let length = after.needle().len();
            let end = if length == 0 {
                rest.len()
            } else {
                after.find(rest)?
            };
            if let Some(value) = message.values.get_mut(*place) {
                *value = &rest[..end];
            }
            rest = &rest[end + length..];
        }
        Some(message)
    }
}

/// Milliseconds with up to three decimals, as microseconds.
fn microseconds(text: &[u8]) -> Option<u64> {
    let dot = text.iter().position(|b| *b == b'.');
    let (whole, decimals) = text.split_at(dot.unwrap_or(text.len()));
    let decimals = decimals.get(1..).unwrap_or_default();
    if whole.is_empty() || decimals.len() > 3 {
        return None;
    }
    let padded = decimals.iter().chain(b"000").take(3);
    whole.iter().chain(padded).try_fold(0_u64, |sum, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}
