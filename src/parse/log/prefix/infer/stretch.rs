//! Names within heads: where each ends.

use memchr::memmem;

use super::class::Class;
use super::cost;
use super::search::{DONE, LEAST, LONGEST, Piece, Search, Way};

impl<'a> Search<'_, 'a> {
    /// A name with the signs that follow it.
    pub fn names(&mut self, way: &Way, at: usize) {
        let pivot = self.heads[self.pivot];
        let most = pivot.len().min(at + LONGEST);
        let is_sign = |b: u8| !(b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80);
        let mut tried: Vec<&[u8]> = Vec::new();
        for end in at..most {
            if !is_sign(pivot[end]) {
                continue;
            }
            let signs = pivot[end..].iter().take_while(|b| is_sign(**b)).count();
            let mut lengths: Vec<usize> = (1..=signs.min(3)).collect();
            let word = pivot[end + signs..]
                .iter()
                .take_while(|b| !is_sign(**b))
                .count();
            if word > 0 && pivot.get(end + signs + word) == Some(&b'=') {
                lengths.push(signs + word + 1);
            }
            for length in lengths {
                let after = &pivot[end..end + length];
                if matches!(pivot[at..end], [b' ', _, ..] | [_, .., b' ']) {
                    self.padded_name(way, after, end - at);
                }
                if !tried.contains(&after) {
                    tried.push(after);
                    self.name(way, after, end + length);
                }
            }
        }
        // The last one ends where the label begins.
        if pivot.len() - at <= LONGEST {
            let lengths =
                self.lengths(way, |_, rest| (rest.len() <= LONGEST).then_some(rest.len()));
            let (spans, values) = self.spans(way, &lengths);
            let cost = cost::name(&values, way.before());
            self.push(way, &lengths, Piece::Value(Class::Name, spans), cost);
        }
    }

    /// A name that ends before a text: at its first place, its last, or the first after which the
    /// line goes on as the pivot does. `next` is where that is.
    fn name(&mut self, way: &Way, after: &[u8], next: usize) {
        let within = |rest: &'a [u8]| &rest[..rest.len().min(LONGEST + after.len())];
        let ahead = shape(&self.heads[self.pivot][next..], 3);
        let first = self.lengths(way, |_, rest| memmem::find(within(rest), after));
        let last = self.lengths(way, |_, rest| memmem::rfind(within(rest), after));
        let alike = if first == last {
            first.clone()
        } else {
            self.lengths(way, |_, rest| {
                memmem::find_iter(within(rest), after)
                    .find(|at| shape(&rest[at + after.len()..], 3) == ahead)
            })
        };
        let mut tried = Vec::new();
        for found in [first, last, alike] {
            if tried.contains(&found) {
                continue;
            }
            self.name_at(way, after, &found);
            tried.push(found);
        }
    }

    /// A name with blanks around it: it takes a width, or more.
    fn padded_name(&mut self, way: &Way, after: &[u8], width: usize) {
        let found = self.lengths(way, |_, rest| {
            let rest = &rest[..rest.len().min(LONGEST)];
            Some(width + memmem::find(rest.get(width..)?, after)?)
        });
        self.name_at(way, after, &found);
    }

    fn name_at(&mut self, way: &Way, after: &[u8], found: &[Option<usize>]) {
        let alive = way.places.iter().filter(|place| **place < DONE).count();
        let fits = found.iter().flatten().count();
        if fits == 0 || (fits as f64) < LEAST * alive as f64 || found[self.pivot].is_none() {
            return;
        }
        let (spans, values) = self.spans(way, found);
        let cost = cost::name(&values, way.before());
        let mut pieces = way.pieces.clone();
        pieces.push(Piece::Value(Class::Name, spans));
        let way = Way {
            cost: way.cost,
            pieces,
            places: way.places.clone(),
        };
        let lengths: Vec<Option<usize>> = found
            .iter()
            .map(|length| length.map(|length| length + after.len()))
            .collect();
        let signs = cost::sign() * after.len().min(3) as f64;
        self.push(&way, &lengths, Piece::Text(after.to_vec()), cost + signs);
    }
}

/// The first parts of a text: digits and words by their kind, signs as they are.
fn shape(text: &[u8], parts: usize) -> Vec<u8> {
    let mut shape: Vec<u8> = Vec::new();
    for byte in text {
        let kind = match byte {
            b'0'..=b'9' => b'0',
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => b'a',
            sign => *sign,
        };
        let goes_on = kind.is_ascii_alphanumeric() && shape.last() == Some(&kind);
        if goes_on {
            continue;
        }
        if shape.len() == parts {
            break;
        }
        shape.push(kind);
    }
    shape
}
