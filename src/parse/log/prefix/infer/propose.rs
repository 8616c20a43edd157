//! From lines to settings that may have written them.

use super::class::Class;
use super::cost::padding;
use super::finish::finished;
use super::head::Head;
use super::names::names;
use super::numbers::{integers, times};
use super::search::{LOST, Piece, Way, cut};
use crate::parse::log::prefix::Prefix;

/// Heads that are cut: the first ones, which stand together, and some of all others.
const FIRST: usize = 40;
const SAMPLE: usize = 100;

/// Settings that are proposed.
const PROPOSALS: usize = 6;

/// Cuts that are worse than the best one by this are not proposed.
const WORSE: f64 = 12.0;

/// The values of a place of the prefix, in all lines.
#[derive(Debug)]
pub(super) struct Column<'a> {
    pub class: Class,
    /// None where the cut does not fit the line.
    pub values: Vec<Option<&'a [u8]>>,
    /// The constant text before it, and after it.
    pub before: Vec<u8>,
    pub after: Vec<u8>,
    /// The escape that writes it.
    pub escape: char,
    width: i64,
}

impl Column<'_> {
    pub fn numbers(&self) -> impl Iterator<Item = Option<u64>> {
        let number = |text: &[u8]| std::str::from_utf8(text).ok()?.parse().ok();
        self.values.iter().map(move |value| value.and_then(number))
    }
}

/// The settings of `log_line_prefix` that may have written these lines, the likeliest first. Lines
/// that no setting wrote, further lines of a message above all, do not disturb while they are few.
pub fn infer(lines: &[&[u8]]) -> Vec<Prefix> {
    let all: Vec<Head<'_>> = lines.iter().filter_map(|line| Head::of(line)).collect();
    let (first, more) = all.split_at(all.len().min(FIRST));
    let step = more.len().div_ceil(SAMPLE - FIRST).max(1);
    let heads: Vec<Head<'_>> = first
        .iter()
        .chain(more.iter().step_by(step))
        .copied()
        .collect();
    let texts: Vec<&[u8]> = heads.iter().map(|head| head.text).collect();
    let mut ways: Vec<Way> = pivots(&texts)
        .into_iter()
        .flat_map(|pivot| cut(&texts, pivot))
        .collect();
    ways.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    let most = ways.first().map_or(0.0, |way| way.cost) + WORSE;
    let mut found: Vec<Prefix> = Vec::new();
    for way in ways.iter().filter(|way| way.cost <= most) {
        let text = setting(way, &heads);
        if let Ok(prefix) = Prefix::compile(&text)
            && !found.iter().any(|known| known.text() == text)
        {
            found.push(prefix);
        }
        if found.len() == PROPOSALS {
            break;
        }
    }
    let finish = |prefix| finished(prefix, lines);
    found.into_iter().map(finish).collect()
}

/// Heads by which others are cut: sessions write more than other processes, and a strange name makes
/// a head long.
fn pivots(texts: &[&[u8]]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|line| texts[*line].len());
    let mut pivots: Vec<usize> = [100, 80, 50]
        .iter()
        .filter_map(|percent| {
            order
                .get(order.len().saturating_sub(1) * percent / 100)
                .copied()
        })
        .collect();
    pivots.dedup_by_key(|line| texts[*line]);
    pivots
}

/// The setting of a cut.
fn setting(way: &Way, heads: &[Head<'_>]) -> String {
    let mut columns: Vec<Column<'_>> = Vec::new();
    let constant = |piece: Option<&Piece>| match piece {
        Some(Piece::Text(text)) => text.clone(),
        _ => Vec::new(),
    };
    for (place, piece) in way.pieces.iter().enumerate() {
        let Piece::Value(class, spans) = piece else {
            continue;
        };
        let value = |(head, (start, end)): (&Head<'_>, &(u16, u16))| {
            (*start != LOST)
                .then_some((usize::from(*start), usize::from(*end)))
                .filter(|(_, end)| *end <= head.text.len())
        };
        let places: Vec<Option<(usize, usize)>> =
            heads.iter().zip(spans.iter()).map(value).collect();
        let previous = place.checked_sub(1).and_then(|at| way.pieces.get(at));
        let is_padded_before = matches!(previous, Some(Piece::Pad(0)))
            || place >= 2
                && matches!(way.pieces[place - 2], Piece::Pad(0))
                && constant(previous) == b" ";
        let width = match way.pieces.get(place + 1) {
            Some(Piece::Pad(width)) if *width > 0 => -(*width as i64),
            _ if is_padded_before => {
                let kept = usize::from(!constant(previous).is_empty());
                let widths = heads.iter().zip(&places).filter_map(|(head, place)| {
                    let (start, end) = (*place)?;
                    let before = head.text[..start].iter().rev();
                    let blanks = before.take_while(|b| **b == b' ').count();
                    (end > start && blanks > kept).then(|| end - start + blanks - kept)
                });
                widths.min().unwrap_or(0) as i64
            }
            _ => 0,
        };
        columns.push(Column {
            class: *class,
            values: heads
                .iter()
                .zip(&places)
                .map(|(head, place)| place.map(|(start, end)| &head.text[start..end]))
                .collect(),
            before: constant(previous),
            after: constant(way.pieces.get(place + 1)),
            escape: escape(*class),
            width,
        });
    }
    for column in &mut columns {
        if column.class == Class::Address {
            // `%r` reads what `%h` writes, and where only sockets were met a port may follow.
            let has_address =
                |value: &&[u8]| !matches!(*value, b"" | b"[local]") && !value.ends_with(b")");
            let has_port = !column.values.iter().flatten().any(has_address);
            column.escape = if has_port { 'r' } else { 'h' };
        }
    }
    for column in columns
        .iter_mut()
        .filter(|column| column.class == Class::Name)
    {
        let values: Vec<&[u8]> = column.values.iter().flatten().copied().collect();
        if column.width == 0 {
            column.width = i64::from(padding(&values).unwrap_or(0));
        }
        for value in column.values.iter_mut().flatten() {
            *value = value.trim_ascii();
        }
    }
    times(&mut columns);
    integers(&mut columns);
    names(&mut columns, heads);
    written(way, &columns)
}

fn written(way: &Way, columns: &[Column<'_>]) -> String {
    let mut text = String::new();
    let mut columns = columns.iter();
    for piece in &way.pieces {
        match piece {
            Piece::Text(constant) => {
                text += &String::from_utf8_lossy(constant).replace('%', "%%");
            }
            Piece::Value(..) => {
                if let Some(column) = columns.next() {
                    text.push('%');
                    if column.width != 0 {
                        text += &column.width.to_string();
                    }
                    text.push(column.escape);
                }
            }
            Piece::Pad(_) => {}
            Piece::Stop => text += "%q",
        }
    }
    text
}

/// The escape of a class; those of some are told by what the values do.
fn escape(class: Class) -> char {
    match class {
        Class::Millis => 'm',
        Class::Seconds => 't',
        Class::Epoch => 'n',
        Class::Session => 'c',
        Class::Virtual => 'v',
        Class::Integer => 'p',
        Class::MaybeInteger => 'P',
        Class::Signed => 'Q',
        Class::Code => 'e',
        Class::Address => 'h',
        Class::Backend => 'b',
        Class::Tag => 'i',
        Class::Name => 'u',
    }
}
