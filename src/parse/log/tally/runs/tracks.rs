//! Tracks that are open.

use foldhash::HashMap;
use std::hash::Hash;

use super::figures::Figures;
use super::track::Track;

/// Tracks that are open at a time; the ones that were used last.
const MOST: usize = 2_048;

/// Sessions by process id, or traces by their hash.
#[derive(Debug, Clone)]
pub(super) struct Tracks<K> {
    open: HashMap<K, Track>,
    clock: u64,
}

impl<K> Default for Tracks<K> {
    fn default() -> Self {
        Self {
            open: HashMap::default(),
            clock: 0,
        }
    }
}

impl<K: Hash + Eq + Copy> Tracks<K> {
    /// A track.
    pub fn get(&mut self, key: K, figures: &mut Figures) -> &mut Track {
        self.clock += 1;
        if self.open.len() >= MOST && !self.open.contains_key(&key) {
            self.close_older(figures);
        }
        let track = self.open.entry(key).or_default();
        track.used = self.clock;
        track
    }

    /// Ends a track.
    pub fn end(&mut self, key: K, figures: &mut Figures) {
        if let Some(mut track) = self.open.remove(&key) {
            track.close(figures);
        }
    }

    fn close_older(&mut self, figures: &mut Figures) {
        let mut used: Vec<u64> = self.open.values().map(|track| track.used).collect();
        let middle = used.len() / 2;
        let (_, middle, _) = used.select_nth_unstable(middle);
        let middle = *middle;
        let older = self.open.extract_if(|_, track| track.used <= middle);
        close(older.map(|(_, track)| track).collect(), figures);
    }

    /// Ends all tracks.
    pub fn finish(&mut self, figures: &mut Figures) {
        close(self.open.drain().map(|(_, track)| track).collect(), figures);
    }
}

/// In the order of their use, so that figures do not depend on where a map keeps its entries.
fn close(mut tracks: Vec<Track>, figures: &mut Figures) {
    tracks.sort_unstable_by_key(|track| track.used);
    for track in &mut tracks {
        track.close(figures);
    }
}
