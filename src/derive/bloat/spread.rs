//! How many keys there are that a sample did not show, and over how many blocks each spreads.

/// Larger means are taken as they are: what they spread is little against them, and values that take turns do
/// not spread at all.
const SPREADING: f64 = 200.0;
/// Steps of a search by halves.
const HALVINGS: usize = 60;
/// Counts up to here stand by themselves; larger ones together with those that are a fortieth larger.
const SINGLE: u64 = 64;
const BINS: u64 = 40;
const LARGEST: u64 = 4096;

/// What a sample showed of keys: pairs of key and block, keys, and keys in one block only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::derive) struct Seen {
    pub pairs: f64,
    pub distinct: f64,
    pub once: f64,
}

/// Keys of the whole table, and the share of them that is in so many blocks.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::derive) struct Spread {
    pub keys: f64,
    pub shares: Vec<(u64, f64)>,
}

impl Seen {
    /// By a gamma distribution of frequencies, the parameters of which may go beyond the usual ones to those
    /// of power laws (zero-truncated negative binomial; Engen 1974). `scale`: blocks of the table for
    /// one that was read.
    pub fn likely(&self, scale: f64) -> Spread {
        let all = self.pairs * scale;
        if self.once >= self.pairs {
            return Spread::alike(all, 1.0);
        }
        if self.once < 1.0 {
            return Spread::poisson(self.distinct, all / self.distinct);
        }
        // With t = 1 / (1 + beta): once / pairs = t^(r + 1), and distinct / pairs follows from r and t.
        let once = (self.once / self.pairs).ln();
        let shape = |t: f64| once / t.ln() - 1.0;
        let distinct = |t: f64| {
            let r = shape(t);
            if r.abs() < 1e-9 {
                -t.ln() * t / (1.0 - t)
            } else {
                (1.0 - t.powf(r)) * t / (r * (1.0 - t))
            }
        };
        let wanted = self.distinct / self.pairs;
        let (mut low, mut high) = (1e-9, 1.0 - 1e-7);
        let rises = distinct(high) > distinct(low);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if (distinct(middle) < wanted) == rises {
                low = middle;
            } else {
                high = middle;
            }
        }
        let t = f64::midpoint(low, high);
        let (r, beta) = (shape(t), 1.0 / t - 1.0);
        let far = beta * scale;
        // Pairs are keys * beta * r, whatever the sign of r.
        let keys = if r.abs() < 1e-9 {
            all / far * far.ln_1p()
        } else {
            self.pairs / (beta * r) * (1.0 - (1.0 + far).powf(-r))
        };
        let keys = keys.clamp(self.distinct, all);
        let first = far.ln() - (r + 1.0) * far.ln_1p();
        let step = far / (1.0 + far);
        let shares = shares(all / keys, first, |count| {
            (count + r) / (count + 1.0) * step
        });
        Spread { keys, shares }
    }

    /// As few keys as may be: by Duj1 (Haas and Stokes 1998), as ANALYZE estimates them.
    pub fn fewest(&self, scale: f64) -> Spread {
        let all = self.pairs * scale;
        let unseen = self.once - self.once / scale;
        let keys = self.pairs * self.distinct / (self.pairs - unseen).max(1.0);
        let keys = keys.clamp(self.distinct, all);
        Spread::poisson(keys, all / keys)
    }
}

impl Spread {
    /// All keys in as many blocks.
    fn alike(keys: f64, blocks: f64) -> Self {
        Self {
            keys,
            shares: vec![(blocks.round().max(1.0) as u64, 1.0)],
        }
    }

    /// Counts that spread around their mean as Poisson has it, zero left out.
    fn poisson(keys: f64, mean: f64) -> Self {
        if mean <= 1.0001 || mean > SPREADING {
            return Self::alike(keys, mean);
        }
        let mut rate = mean;
        for _ in 0..100 {
            rate = mean * (1.0 - (-rate).exp());
        }
        let shares = shares(mean, rate.ln() - rate, |count| rate / (count + 1.0));
        Self { keys, shares }
    }
}

/// Shares of counts from one on: the logarithm of the first, up to a factor, and the ratio of each to the
/// one before. Far beyond the mean nothing is left.
fn shares(mean: f64, first: f64, ratio: impl Fn(f64) -> f64) -> Vec<(u64, f64)> {
    let mut logs: Vec<(u64, f64)> = Vec::new();
    let (mut count, mut log) = (1, first);
    let mut highest = f64::MIN;
    loop {
        logs.push((count, log));
        highest = highest.max(log);
        if count >= LARGEST || (count as f64 > mean && log < highest - 20.0) {
            break;
        }
        log += ratio(count as f64).max(f64::MIN_POSITIVE).ln();
        count += 1;
    }
    // Of large counts a few stand for all, each with the mean of those that it stands for.
    let mut bins: Vec<(f64, f64)> = Vec::new();
    let (mut next, mut sum) = (0, 0.0);
    for (count, log) in logs {
        let share = (log - highest).exp();
        sum += share;
        if count >= next {
            bins.push((0.0, 0.0));
            next = count + if count <= SINGLE { 1 } else { count / BINS };
        }
        if let Some((weighed, all)) = bins.last_mut() {
            *weighed += share * count as f64;
            *all += share;
        }
    }
    bins.into_iter()
        .filter(|(_, share)| share / sum > 1e-9)
        .map(|(weighed, share)| ((weighed / share).round() as u64, share / sum))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Seen;

    /// Counts keys in a sample of `share` of draws from `keys` keys, by the expectation.
    fn of_equal_chances(keys: f64, pairs: f64) -> Seen {
        let rate = pairs / keys;
        Seen {
            pairs,
            distinct: keys * (1.0 - (-rate).exp()),
            once: pairs * (-rate).exp(),
        }
    }

    #[test]
    fn keys_of_equal_chances_are_found() {
        for (keys, pairs, scale) in [(60_000.0, 20_000.0, 10.0), (2000.0, 9000.0, 4.0)] {
            let seen = of_equal_chances(keys, pairs);
            let drawn = keys * (1.0 - (-pairs * scale / keys).exp());
            let found = seen.likely(scale).keys;
            assert!((found / drawn - 1.0).abs() < 0.02, "{found} of {drawn}");
            let mean: f64 = seen
                .likely(scale)
                .shares
                .iter()
                .map(|(n, s)| *n as f64 * s)
                .sum();
            assert!(
                (mean * found / (pairs * scale) - 1.0).abs() < 0.03,
                "{mean}"
            );
            assert!(seen.fewest(scale).keys <= found);
        }
    }

    #[test]
    fn keys_that_never_repeat_are_as_many_as_rows() {
        let seen = Seen {
            pairs: 100.0,
            distinct: 100.0,
            once: 100.0,
        };
        assert!((seen.likely(7.0).keys - 700.0).abs() < 1e-6);
        assert!((seen.fewest(7.0).keys - 700.0).abs() < 1e-6);
    }
}
