//! Stable names of findings.

use std::collections::HashSet;

use super::row::Found;

/// Names the findings of one rule: rule, file or else database or server, and what it is about.
/// Lines are not in it, so that a finding is the same one when text before it changes. Names that
/// are the same get `#2` and on, in an order that the facts alone decide: that of the file, or of
/// object and detail.
pub(super) fn give(found: &mut [Found]) {
    for found in found.iter_mut() {
        let finding = &mut found.finding;
        let place = found.path.as_deref().unwrap_or(finding.scope.name());
        finding.key = format!("{}:{place}:{}", finding.rule, found.name);
    }
    found.sort_by(|a, b| {
        let place = |found: &Found| {
            let location = &found.finding.location;
            (location.line, location.column)
        };
        let (x, y) = (&a.finding, &b.finding);
        x.key
            .cmp(&y.key)
            .then_with(|| place(a).cmp(&place(b)))
            .then_with(|| x.object.cmp(&y.object))
            .then_with(|| x.detail.cmp(&y.detail))
            .then_with(|| x.subject.cmp(&y.subject))
    });
    let mut taken: HashSet<String> = HashSet::with_capacity(found.len());
    // Findings of one name stand together, so their numbers go on.
    let mut last: (String, usize) = (String::new(), 1);
    for found in found {
        let key = &mut found.finding.key;
        if taken.contains(key) {
            if last.0 != *key {
                last = (key.clone(), 1);
            }
            while taken.contains(key) {
                last.1 += 1;
                *key = format!("{}#{}", last.0, last.1);
            }
        }
        taken.insert(key.clone());
    }
}
