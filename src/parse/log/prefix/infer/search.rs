//! Cuts the heads of many lines alike into constant texts and values.
//!
//! One head, the pivot, is cut from left to right, and all others with it. For each place of the
//! pivot the few cheapest ways to come there are kept.

use std::rc::Rc;

use super::class::Class;
use super::cost;
use crate::parse::log::time::Clock;

/// Ways that are kept for a place.
const WAYS: usize = 6;
/// Ways that cost more than the best one by this are not kept.
const WORSE: f64 = 20.0;
/// Share of the lines that a further piece must fit.
pub(super) const LEAST: f64 = 0.5;
/// Longest name, bytes.
pub(super) const LONGEST: usize = 128;
/// Place of a line that a way does not fit.
pub(super) const LOST: u16 = u16::MAX;
/// Place of a line that ended at `%q`.
pub(super) const DONE: u16 = u16::MAX - 1;

/// A piece of a prefix.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// The same in all lines.
    Text(Vec<u8>),
    /// A value, with its place in each line.
    Value(Class, Rc<Vec<(u16, u16)>>),
    /// Blanks up to a width, after the value before or before the value after.
    Pad(usize),
    /// `%q`
    Stop,
}

/// A way through the heads.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub cost: f64,
    pub pieces: Vec<Piece>,
    pub places: Vec<u16>,
}

/// The state of cutting.
#[derive(Debug)]
pub(super) struct Search<'h, 'a> {
    pub heads: &'h [&'a [u8]],
    pub pivot: usize,
    clock: Clock,
    buckets: Vec<Vec<Way>>,
}

/// The cheapest ways to cut all heads, by one of them.
pub(super) fn cut(heads: &[&[u8]], pivot: usize) -> Vec<Way> {
    let length = heads[pivot].len();
    let mut search = Search {
        heads,
        pivot,
        clock: Clock::default(),
        buckets: vec![Vec::new(); length + 1],
    };
    search.buckets[0].push(Way {
        cost: 0.0,
        pieces: Vec::new(),
        places: vec![0; heads.len()],
    });
    for at in 0..length {
        // A value that is empty in the pivot leads to the same place again.
        for round in 0..3 {
            let mut ways = std::mem::take(&mut search.buckets[at]);
            ways.sort_by(|a, b| a.cost.total_cmp(&b.cost));
            ways.truncate(WAYS);
            let most = ways.first().map_or(0.0, |way| way.cost) + WORSE;
            ways.retain(|way| way.cost <= most);
            for way in &ways {
                search.go_on(way, at, round < 2);
            }
        }
    }
    let mut ends = std::mem::take(&mut search.buckets[length]);
    for way in &mut ends {
        way.close(heads);
    }
    ends.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    ends.truncate(WAYS);
    ends
}

impl Way {
    /// Lines that go on after the pivot's end are lost.
    fn close(&mut self, heads: &[&[u8]]) {
        let mut lost = 0;
        for (place, head) in self.places.iter_mut().zip(heads) {
            if *place < DONE && usize::from(*place) != head.len() {
                *place = LOST;
                lost += 1;
            }
        }
        self.cost += cost::ALL_LOST * f64::from(lost) / heads.len() as f64;
    }

    fn has_stop(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Stop))
    }

    /// The text before the next piece.
    pub fn before(&self) -> &[u8] {
        match self.pieces.last() {
            Some(Piece::Text(text)) => text,
            _ => b"",
        }
    }
}

impl<'a> Search<'_, 'a> {
    fn go_on(&mut self, way: &Way, at: usize, may_stay: bool) {
        self.constant(way, at);
        if !matches!(way.pieces.last(), Some(Piece::Value(Class::Name, _))) {
            for class in Class::TYPED {
                self.typed(way, *class, may_stay);
            }
            if !matches!(way.pieces.last(), Some(Piece::Value(..))) {
                self.names(way, at);
            }
        }
        if may_stay {
            self.stop(way);
            self.pad(way);
        }
    }

    /// What is left of a line on a way.
    fn rest(&self, way: &Way, line: usize) -> Option<&'a [u8]> {
        let place = way.places[line];
        (place < DONE).then(|| &self.heads[line][usize::from(place)..])
    }

    /// Adds a way that moves each line on: `lengths` are by line, none for lines that it loses.
    pub fn push(&mut self, way: &Way, lengths: &[Option<usize>], piece: Piece, cost: f64) {
        let (mut alive, mut lost) = (0, 0);
        let mut places = way.places.clone();
        for (place, length) in places.iter_mut().zip(lengths) {
            if *place >= DONE {
                continue;
            }
            if let Some(length) = length {
                *place += *length as u16;
                alive += 1;
            } else {
                *place = LOST;
                lost += 1;
            }
        }
        let fits = f64::from(alive) >= LEAST * f64::from(alive + lost);
        let target = places[self.pivot];
        if !fits || target >= DONE {
            return;
        }
        let mut pieces = way.pieces.clone();
        match (pieces.last_mut(), piece) {
            (Some(Piece::Text(text)), Piece::Text(more)) => text.extend(more),
            (_, piece) => pieces.push(piece),
        }
        let cost = way.cost + cost + cost::ALL_LOST * f64::from(lost) / self.heads.len() as f64;
        let bucket = &mut self.buckets[usize::from(target)];
        if bucket.len() >= 4 * WAYS {
            bucket.sort_by(|a, b| a.cost.total_cmp(&b.cost));
            bucket.truncate(2 * WAYS);
        }
        bucket.push(Way {
            cost,
            pieces,
            places,
        });
    }

    pub fn lengths(
        &self,
        way: &Way,
        mut of: impl FnMut(usize, &'a [u8]) -> Option<usize>,
    ) -> Vec<Option<usize>> {
        (0..self.heads.len())
            .map(|line| self.rest(way, line).and_then(|rest| of(line, rest)))
            .collect()
    }

    fn constant(&mut self, way: &Way, at: usize) {
        let pivot = self.heads[self.pivot];
        let is_of_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
        let word = pivot[at..].iter().take_while(|b| is_of_word(b)).count();
        let previous = at.checked_sub(1).map(|at| pivot[at]);
        let cost = if word > 0 {
            cost::word(
                &pivot[at..at + word],
                pivot.get(at + word).copied(),
                previous,
            )
        } else {
            cost::sign()
        };
        let text = &pivot[at..at + word.max(1)];
        let lengths = self.lengths(way, |_, rest| rest.starts_with(text).then_some(text.len()));
        self.push(way, &lengths, Piece::Text(text.to_vec()), cost);
    }

    fn typed(&mut self, way: &Way, class: Class, may_stay: bool) {
        let mut clock = std::mem::take(&mut self.clock);
        let lengths = self.lengths(way, |line, _| {
            class.length(self.heads[line], usize::from(way.places[line]), &mut clock)
        });
        self.clock = clock;
        let filled = |length: &&Option<usize>| length.is_some_and(|length| length > 0);
        let count = lengths.iter().filter(filled).count();
        let stays = lengths[self.pivot] == Some(0);
        let alive = lengths.iter().flatten().count();
        if count * 50 < alive || count == 0 || stays && !may_stay {
            return;
        }
        let (spans, values) = self.spans(way, &lengths);
        let varies = |is: fn(&&&[u8]) -> bool| {
            let some = values.iter().filter(is).count();
            some > 0 && some < values.len()
        };
        let is_needed = match class {
            Class::Signed => {
                varies(|value| value.first() == Some(&b'-'))
                    || values.iter().all(|value| value.len() > 12)
            }
            Class::MaybeInteger => varies(|value| value.is_empty()),
            _ => true,
        };
        if is_needed {
            let cost = cost::typed(class, &values);
            self.push(way, &lengths, Piece::Value(class, spans), cost);
        }
    }

    #[allow(clippy::type_complexity, reason = "places and values of one piece")]
    pub fn spans(
        &self,
        way: &Way,
        lengths: &[Option<usize>],
    ) -> (Rc<Vec<(u16, u16)>>, Vec<&'a [u8]>) {
        let mut values = Vec::new();
        let spans = lengths.iter().enumerate().map(|(line, length)| {
            let place = way.places[line];
            match length {
                Some(length) if place < DONE => {
                    let start = usize::from(place);
                    values.push(&self.heads[line][start..start + length]);
                    (place, place + *length as u16)
                }
                _ => (LOST, LOST),
            }
        });
        (Rc::new(spans.collect()), values)
    }

    /// Lines of processes without a session end here.
    fn stop(&mut self, way: &Way) {
        let ends = |line: &usize| self.rest(way, *line).is_some_and(<[u8]>::is_empty);
        let ending: Vec<usize> = (0..self.heads.len()).filter(ends).collect();
        if ending.is_empty() || way.has_stop() {
            return;
        }
        let mut stopped = way.clone();
        for line in ending {
            stopped.places[line] = DONE;
        }
        let lengths = vec![Some(0); self.heads.len()];
        self.push(&stopped, &lengths, Piece::Stop, cost::STOP);
    }

    /// Blanks that differ from line to line, or are many. Where all lines have one, one is constant.
    fn pad(&mut self, way: &Way) {
        if matches!(way.pieces.last(), Some(Piece::Pad(_))) {
            return;
        }
        let blanks = |rest: &[u8]| rest.iter().take_while(|b| **b == b' ').count();
        let runs = self.lengths(way, |_, rest| Some(blanks(rest)));
        let most = runs.iter().flatten().max().copied().unwrap_or(0);
        let least = runs.iter().flatten().min().copied().unwrap_or(0);
        if most < 2 {
            return;
        }
        let kept = least.min(1);
        let (width, lengths): (usize, Vec<Option<usize>>) = match way.pieces.last() {
            Some(Piece::Value(_, spans)) => {
                // The same width for all that are shorter.
                let value = |line: usize| usize::from(spans[line].1 - spans[line].0);
                let filled = (0..runs.len()).filter(|line| value(*line) > 0);
                let widths = filled.filter_map(|line| Some(value(line) + runs[line]? - kept));
                let Some(width) = widths.min() else {
                    return;
                };
                let lengths = runs.iter().enumerate().map(|(line, run)| {
                    let missing = width.saturating_sub(value(line));
                    run.map(|run| missing.min(run))
                });
                (width, lengths.collect())
            }
            // The width is known when the value is.
            _ => (
                0,
                runs.iter().map(|run| run.map(|run| run - kept)).collect(),
            ),
        };
        if lengths.iter().flatten().any(|length| *length > 0) {
            self.push(way, &lengths, Piece::Pad(width), cost::PAD);
        }
    }
}
