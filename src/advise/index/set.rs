//! A set of small numbers.

/// A set of candidates, by their places in the pool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Set {
    /// Words; the last is never zero, so that equal sets look equal.
    words: Vec<u64>,
}

impl Set {
    /// A set of these.
    pub fn of(members: impl IntoIterator<Item = usize>) -> Self {
        let mut set = Self::default();
        for member in members {
            set.insert(member);
        }
        set
    }

    /// Adds one.
    pub fn insert(&mut self, member: usize) {
        let word = member / 64;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (member % 64);
    }

    /// Takes one out.
    pub fn remove(&mut self, member: usize) {
        if let Some(word) = self.words.get_mut(member / 64) {
            *word &= !(1 << (member % 64));
        }
        self.trim();
    }

    /// Is it in?
    pub fn contains(&self, member: usize) -> bool {
        let word = self.words.get(member / 64).copied().unwrap_or(0);
        word >> (member % 64) & 1 == 1
    }

    /// Nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How many.
    pub fn len(&self) -> usize {
        let ones = self.words.iter().map(|word| word.count_ones() as usize);
        ones.sum()
    }

    /// All of it is in the other.
    pub fn is_within(&self, other: &Self) -> bool {
        let missing = |(place, word): (usize, &u64)| {
            word & !other.words.get(place).copied().unwrap_or(0) != 0
        };
        !self.words.iter().enumerate().any(missing)
    }

    /// They share a member.
    pub fn meets(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    /// What is in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let words = self.words.iter().zip(&other.words).map(|(a, b)| a & b);
        let mut set = Self {
            words: words.collect(),
        };
        set.trim();
        set
    }

    /// What is in either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let (mut longer, shorter) = if self.words.len() < other.words.len() {
            (other.clone(), self)
        } else {
            (self.clone(), other)
        };
        for (word, more) in longer.words.iter_mut().zip(&shorter.words) {
            *word |= more;
        }
        longer
    }

    /// What is in this one only.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut set = self.clone();
        for (word, less) in set.words.iter_mut().zip(&other.words) {
            *word &= !less;
        }
        set.trim();
        set
    }

    /// The members, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(place, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let member = (rest != 0).then(|| place * 64 + rest.trailing_zeros() as usize);
                rest &= rest.wrapping_sub(1);
                member
            })
        })
    }

    fn trim(&mut self) {
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Set;

    #[test]
    fn sets_are_sets() {
        let (a, b) = (Set::of([1, 64, 200]), Set::of([64, 65]));
        assert_eq!(a.and(&b), Set::of([64]));
        assert_eq!(a.or(&b), Set::of([1, 64, 65, 200]));
        assert_eq!(a.without(&b), Set::of([1, 200]));
        assert_eq!(a.without(&Set::of([200])), Set::of([64, 1]));
        assert!(Set::of([64]).is_within(&b) && !a.is_within(&b));
        assert!(a.meets(&b) && !a.meets(&Set::of([2])));
        assert_eq!(a.iter().collect::<Vec<_>>(), [1, 64, 200]);
        assert_eq!(
            (a.len(), a.contains(200), a.contains(201)),
            (3, true, false)
        );
        assert!(a.without(&a).is_empty());
    }
}
