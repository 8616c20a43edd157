//! What the lines of one log hardly show: names that are the same in all of them, and a `%q` that few
//! lines need.

use std::sync::LazyLock;

use regex::Regex;

use crate::parse::log::prefix::Prefix;
use crate::parse::log::time::Clock;

/// A constant text that is a name by what stands beside it, the escape for it, and the setting with
/// it in its place.
static NAMES: LazyLock<Vec<(Regex, &'static str, &'static str)>> = LazyLock::new(|| {
    const START: &str = r"(?P<start>^|%q|[^%\w-])";
    const WORD: &str = r"[A-Za-z_][\w-]*";
    [
        (format!("{START}{WORD}@%u"), "%d", "${start}%u@%d"),
        (format!("%u@{WORD}"), "%d", "%u@%d"),
        (format!("{START}{WORD}@{WORD}"), "%d", "${start}%u@%d"),
        (
            format!(r"\b(?P<mark>user|usr)=(?:{WORD}|\[unknown\])"),
            "%u",
            "${mark}=%u",
        ),
        (
            format!(r"\b(?P<mark>db|database)=(?:{WORD}|\[unknown\])"),
            "%d",
            "${mark}=%d",
        ),
        (
            format!(r"\b(?P<mark>app|application|application_name)=(?:{WORD}|\[unknown\])"),
            "%a",
            "${mark}=%a",
        ),
        (
            r"\b(?P<mark>client|host)=(?:\[local\]|[0-9a-f.:]+)".to_owned(),
            "%h",
            "${mark}=%h",
        ),
    ]
    .into_iter()
    .filter_map(|(form, escape, with)| Some((Regex::new(&form).ok()?, escape, with)))
    .collect()
});

/// The prefix with names in the place of constants, and with `%q` where that fits more lines.
pub(super) fn finished(prefix: Prefix, lines: &[&[u8]]) -> Prefix {
    let mut best = (fits(&prefix, lines), prefix);
    for (form, escape, with) in NAMES.iter() {
        let text = best.1.text();
        if text.contains(escape) || !form.is_match(text) {
            continue;
        }
        let text = form.replace(text, *with).into_owned();
        best = better(best, &text, lines, 0);
    }
    if best.0 < lines.len() && !best.1.text().contains("%q") {
        let text = best.1.text().to_owned();
        for at in ends_of_steps(&text) {
            let with = format!("{}%q{}", &text[..at], &text[at..]);
            best = better(best, &with, lines, 1);
        }
    }
    if let Some(at) = session_part(best.1.text()) {
        let text = best.1.text();
        let with = format!("{}%q{}", &text[..at], &text[at..]);
        best = better(best, &with, lines, 0);
    }
    best.1
}

/// Where the part of a setting begins that only sessions have, after a time or a process id: `%q` there
/// reads the same lines, and those of other processes should any come later. `None` where there is no
/// such part, or a `%q` already.
fn session_part(text: &str) -> Option<usize> {
    let name = ["%u", "%d", "%a", "%h", "%r"]
        .iter()
        .filter_map(|escape| text.find(escape))
        .min()?;
    let at = text[..name].rfind(' ')? + 1;
    let has_place = ["%m", "%t", "%n", "%p", "%c"]
        .iter()
        .any(|escape| text[..at].contains(escape));
    (has_place && !text.contains("%q")).then_some(at)
}

/// The other prefix, if it fits as many lines and so many more.
fn better(best: (usize, Prefix), text: &str, lines: &[&[u8]], more: usize) -> (usize, Prefix) {
    match Prefix::compile(text) {
        Ok(other) => {
            let count = fits(&other, lines);
            if count >= best.0 + more {
                (count, other)
            } else {
                best
            }
        }
        Err(_) => best,
    }
}

fn fits(prefix: &Prefix, lines: &[&[u8]]) -> usize {
    let mut clock = Clock::default();
    let fits = |line: &&&[u8]| prefix.read(line, &mut clock).is_some();
    lines.iter().filter(fits).count()
}

/// The places of a setting where `%q` may stand: not within an escape.
fn ends_of_steps(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut is_escape = false;
    for (at, c) in text.char_indices() {
        if is_escape {
            is_escape = c == '-' || c.is_ascii_digit();
            continue;
        }
        ends.push(at);
        is_escape = c == '%';
    }
    ends
}
