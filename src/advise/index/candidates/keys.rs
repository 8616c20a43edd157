//! Keys that could serve an access, by the roles of its columns.

use std::collections::BTreeSet;

use super::access::Access;
use crate::advise::index::spec::Key;
use crate::advise::index::tables::Table;

/// Columns of a role that are permuted; further ones are the least selective.
const PERMUTED: usize = 4;

/// Lists of key columns of B-trees that could serve it, without repetition: equalities, then one range
/// or the columns of the order; columns of joins first and last.
pub fn keys(access: &Access, table: &Table, max_width: usize) -> BTreeSet<Vec<Key>> {
    let mut found = Found {
        keys: BTreeSet::new(),
        max_width,
    };
    let usable = |columns: &[String]| -> Vec<String> {
        let columns = columns.iter().filter(|column| table.is_indexable(column));
        columns.cloned().collect()
    };
    let mut equal = usable(&[access.equal.as_slice(), &access.within].concat());
    equal.sort_by(|a, b| {
        table
            .share(a)
            .total_cmp(&table.share(b))
            .then_with(|| a.cmp(b))
    });
    equal.dedup();
    equal.truncate(PERMUTED);
    let mut join = usable(&access.join);
    join.truncate(PERMUTED);
    let range = usable(&access.range);
    let group = usable(&access.group);
    let order = order(access, table);
    let prefixes = prefixes(&equal);
    for prefix in &prefixes {
        let prefix = plain(prefix);
        found.add(&prefix, &[]);
        found.add(&prefix, &order);
        found.add(&prefix, &plain(&group));
        for column in &range {
            found.add(&prefix, &plain([column]));
        }
        for column in &join {
            found.add(&plain([column]), &prefix);
            found.add(&prefix, &plain([column]));
            for other in join.iter().filter(|other| *other != column) {
                found.add(&[plain([column]), plain([other])].concat(), &prefix);
            }
            for other in &range {
                found.add(&prefix, &plain([column, other]));
                found.add(&plain([column]), &[prefix.clone(), plain([other])].concat());
            }
            found.add(&[plain([column]), prefix.clone()].concat(), &order);
        }
    }
    for column in usable(&access.either) {
        found.add(&plain([&column]), &[]);
        for other in equal.iter().chain(&join) {
            found.add(&plain([other, &column]), &[]);
        }
    }
    for column in usable(&access.like) {
        for prefix in &prefixes {
            let mut key = Key::column(&column);
            key.opclass = table.columns.get(&column).and_then(pattern);
            found.add(&plain(prefix), &[key]);
        }
    }
    found.keys
}

/// The operator class that serves `LIKE 'x%'`; `None`: the type's own does.
fn pattern(column: &crate::advise::index::tables::Column) -> Option<String> {
    let kind = column.kind.split('(').next().unwrap_or_default();
    let class = match kind {
        "text" => "text_pattern_ops",
        "character varying" => "varchar_pattern_ops",
        "character" => "bpchar_pattern_ops",
        _ => return None,
    };
    (!column.is_c).then(|| class.to_owned())
}

fn plain<'c>(columns: impl IntoIterator<Item = &'c String>) -> Vec<Key> {
    columns
        .into_iter()
        .map(|column| Key::column(column))
        .collect()
}

/// The columns of ORDER BY. Backwards is as good, so only a mixed order needs its directions.
fn order(access: &Access, table: &Table) -> Vec<Key> {
    let order = &access.order;
    if order.is_empty() || !order.iter().all(|(column, _)| table.is_indexable(column)) {
        return Vec::new();
    }
    let is_uniform = order.iter().all(|(_, descends)| *descends == order[0].1);
    let key = |(column, descends): &(String, bool)| Key {
        is_descending: *descends && !is_uniform,
        ..Key::column(column)
    };
    order.iter().map(key).collect()
}

/// The subsets of these columns, each in their order and with each of its members first.
fn prefixes(columns: &[String]) -> BTreeSet<Vec<String>> {
    let mut all = BTreeSet::new();
    for mask in 0..1_usize << columns.len() {
        let members = columns.iter().enumerate();
        let subset: Vec<&String> = members
            .filter(|(place, _)| mask >> place & 1 == 1)
            .map(|(_, column)| column)
            .collect();
        if subset.is_empty() {
            all.insert(Vec::new());
        }
        for first in &subset {
            let rest = subset.iter().filter(|column| column != &first);
            let list = std::iter::once(first).chain(rest);
            all.insert(list.map(|column| (*column).clone()).collect());
        }
    }
    all
}

struct Found {
    keys: BTreeSet<Vec<Key>>,
    max_width: usize,
}

impl Found {
    /// Adds a list of keys, each column once, if it is no wider than is asked for.
    fn add(&mut self, first: &[Key], then: &[Key]) {
        let mut keys: Vec<Key> = Vec::new();
        for key in first.iter().chain(then) {
            if !keys.iter().any(|known| known.name() == key.name()) {
                keys.push(key.clone());
            }
        }
        if !keys.is_empty() && keys.len() <= self.max_width {
            self.keys.insert(keys);
        }
    }
}
