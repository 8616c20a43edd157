//! A server that takes as long as a table says.

use pgtriage::advise::index::Set;
use pgtriage::advise::index::proof::{Answer, Bench, Measured};

/// A text: for each index that it may use what it takes with that, the best that is there being used; and what
/// it takes without any.
#[derive(Debug, Clone, Default)]
pub struct Toy {
    /// By text.
    pub texts: Vec<Text>,
    /// Questions for times.
    pub asked: usize,
}

#[derive(Debug, Clone, Default)]
pub struct Text {
    /// Indexes in the order in which the planner would take them.
    pub with: Vec<(usize, f64)>,
    /// Without any.
    pub without: f64,
    /// Why it can't be run.
    pub broken: Option<&'static str>,
    /// Times by which the fastest run is faster.
    pub spread: f64,
}

/// The limit of time, ms.
pub const LIMIT: f64 = 30_000.0;

impl Toy {
    pub fn new(texts: &[(&[(usize, f64)], f64)]) -> Self {
        let texts = texts.iter().map(|(with, without)| Text {
            with: with.to_vec(),
            without: *without,
            ..Text::default()
        });
        Self {
            texts: texts.collect(),
            asked: 0,
        }
    }

    fn taken(&self, text: usize, hidden: &Set) -> Option<(usize, f64)> {
        let mut with = self.texts[text].with.iter();
        with.find(|(place, _)| !hidden.contains(*place)).copied()
    }
}

impl Bench for Toy {
    type Error = std::convert::Infallible;

    fn used(&mut self, text: usize, hidden: &Set) -> Result<Answer<Set>, Self::Error> {
        let taken = self.taken(text, hidden);
        Ok(Ok(Set::of(taken.map(|(place, _)| place))))
    }

    fn measure(
        &mut self,
        text: usize,
        hidden: &[Set],
    ) -> Result<Answer<Vec<Measured>>, Self::Error> {
        self.asked += 1;
        let one = &self.texts[text];
        if let Some(because) = one.broken {
            return Ok(Err(because.to_owned()));
        }
        let all = hidden.iter().map(|set| {
            let ms = self.taken(text, set).map_or(one.without, |(_, ms)| ms);
            let is_over = ms > LIMIT;
            let ms = ms.min(LIMIT);
            Measured {
                ms,
                least_ms: ms / (1.0 + one.spread),
                blocks: ms * 10.0,
                is_over,
            }
        });
        Ok(Ok(all.collect()))
    }
}
