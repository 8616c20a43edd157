//! What can be added to a choice at a time.

use std::collections::BTreeSet;

use crate::advise::index::costs::Costs;
use crate::advise::index::set::Set;

/// Candidates one by one, and those together that a plan uses together: some pay in company only.
pub fn moves(costs: &Costs<'_>) -> Vec<Set> {
    let mut all: BTreeSet<Vec<usize>> = BTreeSet::new();
    for text in &costs.texts {
        all.extend(text.relevant.iter().map(|place| vec![place]));
        for entry in text.entries.iter() {
            if entry.used.len() > 1 && entry.used.is_within(&text.relevant) {
                all.insert(entry.used.iter().collect());
            }
        }
    }
    all.into_iter().map(Set::of).collect()
}
