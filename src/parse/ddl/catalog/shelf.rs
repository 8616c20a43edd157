//! A list whose members keep their place, and which is cheap to copy: copies share what none of
//! them has changed.

use std::sync::Arc;

/// Members of a piece.
const PIECE: usize = 64;

/// Members in the order in which they came; what is taken away leaves its place empty.
#[derive(Debug)]
pub(in crate::parse) struct Shelf<T> {
    pieces: Vec<Arc<Vec<Option<Arc<T>>>>>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { pieces: Vec::new() }
    }
}

impl<T> Clone for Shelf<T> {
    fn clone(&self) -> Self {
        Self {
            pieces: self.pieces.clone(),
        }
    }
}

impl<T: Clone> Shelf<T> {
    /// Adds a member and gives its place.
    pub fn push(&mut self, member: T) -> usize {
        let place = self.len();
        let member = Some(Arc::new(member));
        match self.pieces.last_mut().filter(|piece| piece.len() < PIECE) {
            Some(piece) => Arc::make_mut(piece).push(member),
            None => self.pieces.push(Arc::new(vec![member])),
        }
        place
    }

    pub fn get(&self, place: usize) -> Option<&T> {
        self.pieces
            .get(place / PIECE)?
            .get(place % PIECE)?
            .as_deref()
    }

    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        self.get(place)?;
        let piece = Arc::make_mut(self.pieces.get_mut(place / PIECE)?);
        piece.get_mut(place % PIECE)?.as_mut().map(Arc::make_mut)
    }

    /// Takes a member away.
    pub fn take(&mut self, place: usize) -> Option<T> {
        self.get(place)?;
        let piece = Arc::make_mut(self.pieces.get_mut(place / PIECE)?);
        piece
            .get_mut(place % PIECE)?
            .take()
            .map(Arc::unwrap_or_clone)
    }

    /// Members with their places.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        let members = self.pieces.iter().flat_map(|piece| piece.iter());
        let members = members.enumerate();
        members.filter_map(|(place, member)| Some((place, member.as_deref()?)))
    }

    /// Places, empty ones included.
    pub fn len(&self) -> usize {
        match self.pieces.split_last() {
            Some((last, full)) => full.len() * PIECE + last.len(),
            None => 0,
        }
    }
}
