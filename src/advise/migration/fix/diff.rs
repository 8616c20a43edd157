//! The change of a file as a unified diff.

/// Lines that are shown around a change.
const AROUND: usize = 3;

/// Lines of a text, each with its end.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// How a text becomes another, line by line: what stays, goes and comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line<'a> {
    Same(&'a str),
    Gone(&'a str),
    New(&'a str),
}

/// The change of a file; one that is new has no text before.
pub fn diff(path: &str, before: Option<&str>, after: &str) -> String {
    let (old, new) = (lines(before.unwrap_or_default()), lines(after));
    let all = compared(&old, &new);
    let mut told = match before {
        Some(_) => format!("--- {path}\n+++ {path}\n"),
        None => format!("--- /dev/null\n+++ {path}\n"),
    };
    let changed: Vec<usize> = (0..all.len())
        .filter(|at| !matches!(all[*at], Line::Same(_)))
        .collect();
    let mut at = 0;
    while at < changed.len() {
        let start = changed[at].saturating_sub(AROUND);
        let mut end = changed[at];
        while at < changed.len() && changed[at] <= end + 2 * AROUND {
            end = changed[at];
            at += 1;
        }
        hunk(&all, start, (end + AROUND + 1).min(all.len()), &mut told);
    }
    told
}

fn hunk(all: &[Line], start: usize, end: usize, told: &mut String) {
    let count = |lines: &[Line], new: bool| {
        let gone = lines.iter().filter(|line| match line {
            Line::Same(_) => true,
            Line::Gone(_) => !new,
            Line::New(_) => new,
        });
        gone.count()
    };
    let range = |new: bool| {
        let (before, length) = (count(&all[..start], new), count(&all[start..end], new));
        let first = if length == 0 { before } else { before + 1 };
        format!("{first},{length}")
    };
    told.push_str(&format!("@@ -{} +{} @@\n", range(false), range(true)));
    for line in &all[start..end] {
        let (sign, text) = match line {
            Line::Same(text) => (' ', text),
            Line::Gone(text) => ('-', text),
            Line::New(text) => ('+', text),
        };
        told.push(sign);
        told.push_str(text);
        if !text.ends_with('\n') {
            told.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// Compares by the longest lines in common, after the same beginning and end are taken off. Files
/// that are long in between are said to change as a whole there.
fn compared<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = (old_rest.iter().rev().zip(new_rest.iter().rev()))
        .take_while(|(a, b)| a == b)
        .count();
    let (old_rest, tail_lines) = old_rest.split_at(old_rest.len() - tail);
    let new_rest = &new_rest[..new_rest.len() - tail];
    let mut all: Vec<Line> = old[..head].iter().map(|line| Line::Same(line)).collect();
    if old_rest.len().saturating_mul(new_rest.len()) > MOST {
        all.extend(old_rest.iter().map(|line| Line::Gone(line)));
        all.extend(new_rest.iter().map(|line| Line::New(line)));
    } else {
        all.extend(middle(old_rest, new_rest));
    }
    all.extend(tail_lines.iter().map(|line| Line::Same(line)));
    all
}

/// Most pairs of lines that are compared.
const MOST: usize = 4_000_000;

fn middle<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for (a, line) in old.iter().enumerate().rev() {
        for (b, other) in new.iter().enumerate().rev() {
            longest[a * width + b] = if line == other {
                longest[(a + 1) * width + b + 1] + 1
            } else {
                longest[(a + 1) * width + b].max(longest[a * width + b + 1])
            };
        }
    }
    let (mut a, mut b) = (0, 0);
    let mut all = Vec::new();
    while a < old.len() || b < new.len() {
        if a < old.len() && b < new.len() && old[a] == new[b] {
            all.push(Line::Same(old[a]));
            a += 1;
            b += 1;
        } else if b >= new.len()
            || (a < old.len() && longest[(a + 1) * width + b] >= longest[a * width + b + 1])
        {
            all.push(Line::Gone(old[a]));
            a += 1;
        } else {
            all.push(Line::New(new[b]));
            b += 1;
        }
    }
    all
}
