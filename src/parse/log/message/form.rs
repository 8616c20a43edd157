//! The forms of messages, and which of them a message has.

use memchr::memmem;

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
    others: Vec<Form>,
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
    values: Vec<(usize, Vec<u8>)>,
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
        let found = self.read_in(*language, text);
        if found.is_some() {
            return found;
        }
        (0..self.languages.len()).find_map(|number| {
            let found = self.read_in(number, text)?;
            *language = number;
            Some(found)
        })
    }

    fn read_in<'a>(&self, language: usize, text: &'a [u8]) -> Option<Message<'a>> {
        self.languages.get(language)?.read(text)
    }
}

impl Language {
    fn new(mut forms: Vec<Form>) -> Self {
        // Of forms that begin alike the longer one says more.
        forms.sort_by_key(|form| std::cmp::Reverse(form.length()));
        let (timed, others): (Vec<Form>, Vec<Form>) =
            forms.into_iter().partition(|form| form.kind.is_duration());
        let mut groups: Vec<Timed> = Vec::new();
        for mut form in timed {
            let (_, after) = form.values.remove(0);
            let before = std::mem::replace(&mut form.head, after);
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
            others,
        }
    }

    fn read<'a>(&self, text: &'a [u8]) -> Option<Message<'a>> {
        let timed = self.timed.iter().find_map(|group| group.read(text));
        timed.or_else(|| self.others.iter().find_map(|form| form.read(text)))
    }
}

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
            Some((place.checked_sub(1)?, after.as_bytes().to_vec()))
        });
        Self {
            kind,
            head,
            values: values.collect(),
        }
    }

    /// Literal bytes.
    fn length(&self) -> usize {
        self.head.len()
            + self
                .values
                .iter()
                .map(|(_, text)| text.len())
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
            let end = if after.is_empty() {
                rest.len()
            } else {
                memmem::find(rest, after)?
            };
            if let Some(value) = message.values.get_mut(*place) {
                *value = &rest[..end];
            }
            rest = &rest[end + after.len()..];
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
