//! Tables with foreign keys to a table.

use crate::parse::ddl::catalog::{Catalog, Foreign, Rule};

fn foreign_to(catalog: &Catalog, place: usize) -> impl Iterator<Item = (usize, &Foreign)> {
    let from = catalog
        .relations
        .get(place)
        .map(|known| known.referenced_by.clone());
    let from = from.unwrap_or_default().into_iter();
    from.flat_map(move |from| {
        let relation = catalog.relations.get(from);
        let constraints = relation
            .into_iter()
            .flat_map(|known| known.constraints.iter());
        constraints.filter_map(move |(_, _, constraint)| match &constraint.rule {
            Rule::Foreign(foreign) if foreign.relation == place => Some((from, foreign)),
            _ => None,
        })
    })
}

/// Tables with foreign keys to a table; with columns given, only those to one of these.
pub(super) fn referencing(
    catalog: &Catalog,
    place: usize,
    columns: Option<&[usize]>,
) -> Vec<usize> {
    let uses = |foreign: &Foreign| {
        columns.is_none_or(|columns| foreign.referenced.iter().any(|at| columns.contains(at)))
    };
    let found = foreign_to(catalog, place).filter(|(_, foreign)| uses(foreign));
    let mut found: Vec<usize> = found.map(|(from, _)| from).collect();
    found.sort_unstable();
    found.dedup();
    found
}

pub(super) fn referencing_index(catalog: &Catalog, place: usize, index: usize) -> Vec<usize> {
    let found = foreign_to(catalog, place).filter(|(_, foreign)| foreign.index == Some(index));
    let mut found: Vec<usize> = found.map(|(from, _)| from).collect();
    found.sort_unstable();
    found.dedup();
    found
}
