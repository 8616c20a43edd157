//! Names of a statement to relations and columns.

use std::collections::HashMap;

use super::catalog::{Catalog, Relation};
use crate::parse::sql::Shape;
use crate::parse::sql::shape::{Column, From, Place, Source, What};

/// How far subqueries and views are looked through for the table behind a column.
const DEPTH: usize = 40;

/// Blocks of views that are put into one statement at most.
const VIEW_BLOCKS: usize = 500;

/// A column that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Block whose FROM list has it.
    pub block: usize,
    /// Place in that list.
    pub ordinal: usize,
    /// Table and column behind it, where it is no expression.
    pub base: Option<(i64, String)>,
}

/// What is behind an output that is there: table and column, where it is no expression.
struct Behind(Option<(i64, String)>);

/// A statement whose names can be looked up.
pub(super) struct Resolver<'a> {
    pub catalog: &'a Catalog,
    /// The statement, with views put in as blocks.
    pub shape: Shape,
    /// Views that sources stood for before: block and place to relation.
    pub views: HashMap<(usize, usize), i64>,
}

impl<'a> Resolver<'a> {
    /// Puts the queries of views in place of their names.
    pub fn new(catalog: &'a Catalog, views: &HashMap<i64, Shape>, shape: Shape) -> Self {
        let mut resolver = Self {
            catalog,
            shape,
            views: HashMap::new(),
        };
        let mut block = 0;
        while block < resolver.shape.blocks.len() && resolver.shape.blocks.len() < VIEW_BLOCKS {
            for place in 0..resolver.shape.blocks[block].sources.len() {
                let source = &resolver.shape.blocks[block].sources[place];
                let view = match relation(catalog, source) {
                    Some(relation) if !source.is_written => relation.id,
                    _ => continue,
                };
                if let Some(inner) = views.get(&view)
                    && resolver.depth(block) < DEPTH
                {
                    resolver.graft(block, place, view, inner);
                }
            }
            block += 1;
        }
        resolver
    }

    /// Number of views around a block.
    fn depth(&self, mut block: usize) -> usize {
        let mut depth = 0;
        while let Some(parent) = self.shape.blocks[block].parent {
            depth += usize::from(self.shape.blocks[block].place == Place::View);
            block = parent;
        }
        depth
    }

    fn graft(&mut self, block: usize, place: usize, view: i64, inner: &Shape) {
        let first = self.shape.blocks.len();
        for (number, of_view) in inner.blocks.iter().enumerate() {
            let mut copy = of_view.clone();
            copy.parent = Some(copy.parent.map_or(block, |parent| parent + first));
            if number == 0 {
                copy.place = Place::View;
            }
            for source in &mut copy.sources {
                if let From::Block(target) = &mut source.from {
                    *target += first;
                }
            }
            for output in &mut copy.outputs {
                if let What::Subquery(target) = &mut output.what {
                    *target += first;
                }
            }
            for condition in &mut copy.conditions {
                use crate::parse::sql::shape::Operand;
                for side in [&mut condition.left, &mut condition.right] {
                    if let Operand::Block(target) = side {
                        *target += first;
                    }
                }
            }
            self.shape.blocks.push(copy);
        }
        let names = self
            .catalog
            .get(view)
            .map(|view| view.columns.clone())
            .unwrap_or_default();
        for (output, (name, _)) in self.shape.blocks[first].outputs.iter_mut().zip(names) {
            output.name = Some(name);
        }
        let source = &mut self.shape.blocks[block].sources[place];
        if source.alias.is_none()
            && let From::Relation { name, .. } = &source.from
        {
            source.alias = Some(name.clone());
        }
        source.from = From::Block(first);
        self.views.insert((block, place), view);
    }

    /// The relation that an entry of a FROM list names itself.
    pub fn relation(&self, source: &Source) -> Option<&'a Relation> {
        relation(self.catalog, source)
    }

    /// Looks a column up in a block and those around it.
    pub fn column(&self, block: usize, column: &Column) -> Option<Found> {
        let mut at = Some(block);
        for _ in 0..DEPTH {
            let block = at?;
            if let Some(found) = self.in_block(block, column, DEPTH) {
                return Some(found);
            }
            at = self.shape.blocks[block].parent;
        }
        None
    }

    /// Looks a column up in one entry of a FROM list.
    pub fn in_place(&self, block: usize, ordinal: usize, name: &str) -> Option<Found> {
        let found = self.in_source(block, ordinal, name, DEPTH)?;
        self.is_known(&found).then_some(found)
    }

    fn in_block(&self, block: usize, column: &Column, depth: usize) -> Option<Found> {
        let sources = &self.shape.blocks[block].sources;
        if let Some(table) = &column.table {
            let ordinal = sources
                .iter()
                .position(|source| answers(source, column.schema.as_deref(), table))?;
            return self.in_source(block, ordinal, &column.name, depth);
        }
        let known = (0..sources.len()).find_map(|ordinal| {
            let found = self.in_source(block, ordinal, &column.name, depth)?;
            self.is_known(&found).then_some(found)
        });
        known.or_else(|| match sources.len() {
            // A relation of which no columns are known.
            1 => self.in_source(block, 0, &column.name, depth),
            _ => None,
        })
    }

    /// Whether the catalog has the column, rather than lacking the relation.
    fn is_known(&self, found: &Found) -> bool {
        match &found.base {
            Some((relation, column)) => self
                .catalog
                .get(*relation)
                .is_some_and(|relation| relation.has(column)),
            None => !matches!(
                self.shape.blocks[found.block].sources[found.ordinal].from,
                From::Relation { .. } | From::Other
            ),
        }
    }

    fn in_source(&self, block: usize, ordinal: usize, name: &str, depth: usize) -> Option<Found> {
        let source = &self.shape.blocks[block].sources[ordinal];
        let found = |base| {
            Some(Found {
                block,
                ordinal,
                base,
            })
        };
        match &source.from {
            From::Relation { .. } => match relation(self.catalog, source) {
                Some(relation) if !relation.columns.is_empty() => {
                    let place = source.columns.iter().position(|alias| alias == name);
                    let name = match place.and_then(|place| relation.columns.get(place)) {
                        Some((name, _)) => name.as_str(),
                        None => name,
                    };
                    if relation.has(name) {
                        found(Some((relation.id, name.to_owned())))
                    } else {
                        None
                    }
                }
                Some(relation) => found(Some((relation.id, name.to_owned()))),
                None => found(None),
            },
            From::Block(inner) => {
                let place = source.columns.iter().position(|alias| alias == name);
                match self.output(*inner, name, place, depth.checked_sub(1)?) {
                    Some(Behind(base)) => found(base),
                    None => None,
                }
            }
            From::Other => {
                let named = source.alias.as_deref() == Some(name)
                    || source.columns.iter().any(|c| c == name);
                if named || source.columns.is_empty() {
                    found(None)
                } else {
                    None
                }
            }
        }
    }

    /// Table and column behind an output of a block; none where it has no such output.
    fn output(
        &self,
        block: usize,
        name: &str,
        place: Option<usize>,
        depth: usize,
    ) -> Option<Behind> {
        let here = &self.shape.blocks[block];
        if here.set_operation.is_some() {
            let first =
                self.shape.blocks.iter().position(|branch| {
                    branch.parent == Some(block) && branch.place == Place::Branch
                })?;
            return self
                .output(first, name, place, depth.checked_sub(1)?)
                .map(|_| Behind(None));
        }
        for (number, output) in here.outputs.iter().enumerate() {
            let own = match (&output.name, &output.what) {
                (Some(name), _) => Some(name.as_str()),
                (None, What::Column(column)) => Some(column.name.as_str()),
                (None, What::Aggregate { function, .. }) => Some(function.as_str()),
                _ => None,
            };
            let is_it = match place {
                Some(place) => place == number,
                None => own == Some(name),
            };
            match &output.what {
                What::Star(table) if place.is_none() => {
                    let column = Column {
                        schema: None,
                        table: table.clone(),
                        name: name.to_owned(),
                    };
                    if let Some(found) = self.in_block(block, &column, depth.checked_sub(1)?) {
                        return Some(Behind(found.base));
                    }
                }
                What::Column(column) if is_it => {
                    let found = self.in_block(block, column, depth.checked_sub(1)?);
                    return Some(Behind(found.and_then(|found| found.base)));
                }
                _ if is_it => return Some(Behind(None)),
                _ => {}
            }
        }
        None
    }

    /// Tables and columns that a star means.
    pub fn star(&self, block: usize, table: Option<&str>) -> Vec<(i64, String)> {
        let mut all = Vec::new();
        self.expand(block, table, DEPTH, &mut all);
        all
    }

    fn expand(
        &self,
        block: usize,
        table: Option<&str>,
        depth: usize,
        all: &mut Vec<(i64, String)>,
    ) {
        for source in &self.shape.blocks[block].sources {
            if table.is_some_and(|table| !answers(source, None, table)) {
                continue;
            }
            match (&source.from, depth.checked_sub(1)) {
                (From::Relation { .. }, _) => {
                    if let Some(relation) = relation(self.catalog, source) {
                        let columns = relation.columns.iter();
                        all.extend(columns.map(|(name, _)| (relation.id, name.clone())));
                    }
                }
                (From::Block(inner), Some(depth)) => {
                    for output in &self.shape.blocks[*inner].outputs {
                        match &output.what {
                            What::Star(table) => self.expand(*inner, table.as_deref(), depth, all),
                            What::Column(column) => {
                                let found = self.in_block(*inner, column, depth);
                                all.extend(found.and_then(|found| found.base));
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

fn relation<'a>(catalog: &'a Catalog, source: &Source) -> Option<&'a Relation> {
    match &source.from {
        From::Relation { schema, name } => catalog.find(schema.as_deref(), name),
        _ => None,
    }
}

/// Whether a qualifier means this source.
fn answers(source: &Source, schema: Option<&str>, table: &str) -> bool {
    match (&source.alias, &source.from) {
        (Some(alias), _) => alias == table,
        (None, From::Relation { schema: own, name }) => {
            name == table
                && schema.is_none_or(|schema| own.as_deref().is_none_or(|own| own == schema))
        }
        _ => false,
    }
}
