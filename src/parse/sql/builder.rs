//! The shape that is being built: blocks, and the names of CTEs that can be seen.

use sqlparser::ast::Query;

use super::query;
use super::shape::{Block, Kind, Place, Shape};

/// Builds the shape of one statement.
pub(super) struct Builder {
    /// What is there so far.
    pub shape: Shape,
    /// CTEs in sight: name and block, innermost last.
    pub visible: Vec<(String, usize)>,
    /// ORs so far in each block's conditions.
    pub ors: usize,
}

impl Builder {
    pub fn new(kind: Kind) -> Self {
        Self {
            shape: Shape::new(kind),
            visible: Vec::new(),
            ors: 0,
        }
    }

    /// A block of the shape.
    pub fn block(&mut self, block: usize) -> &mut Block {
        &mut self.shape.blocks[block]
    }

    /// A new block within another.
    pub fn new_block(&mut self, parent: usize, place: Place) -> usize {
        self.shape.blocks.push(Block::new(Some(parent), place));
        self.shape.blocks.len() - 1
    }

    /// Reads a subquery as a block of its own.
    pub fn subquery(&mut self, parent: usize, place: Place, query: &Query) -> usize {
        let block = self.new_block(parent, place);
        query::read(self, block, query);
        block
    }

    /// The CTE of that name, if one is in sight.
    pub fn cte(&self, name: &str) -> Option<usize> {
        let found = self.visible.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, block)| *block)
    }
}
