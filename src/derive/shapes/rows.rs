//! The rows of facts for one statement.

mod outputs;

use rusqlite::{Connection, Result, Statement, params};
use serde_json::json;

use super::predicates::{self, Comparison, Join};
use super::resolve::Resolver;
use super::{judge, paths, refs};
use crate::parse::sql::functions::{is_aggregate, volatility};
use crate::parse::sql::shape::{Block, Bound, From, Kind, Place, SortKey, What};

/// Rows of `query_predicates` for one statement at most: generated ones may have many thousands.
const PREDICATES: usize = 1_000;

/// Writes the rows of statements.
pub(super) struct Writer<'f> {
    shape: Statement<'f>,
    block: Statement<'f>,
    relation: Statement<'f>,
    output: Statement<'f>,
    predicate: Statement<'f>,
    join: Statement<'f>,
    sort: Statement<'f>,
    function: Statement<'f>,
    column: Statement<'f>,
    path: Statement<'f>,
}

fn insert<'f>(facts: &'f Connection, table: &str, columns: &str) -> Result<Statement<'f>> {
    let holes = vec!["?"; columns.split(',').count()].join(", ");
    facts.prepare(&format!("INSERT INTO {table} ({columns}) VALUES ({holes})"))
}

impl<'f> Writer<'f> {
    /// Prepares what is written.
    pub fn new(facts: &'f Connection) -> Result<Self> {
        Ok(Self {
            shape: insert(
                facts,
                "statement_shapes",
                "statement_id, kind, purpose, read_as, unread_because, subject_block, wrapper, is_single_row, rows_given, tags",
            )?,
            block: insert(
                facts,
                "query_blocks",
                "statement_id, block, parent_block, role, is_negated, is_correlated, set_operation, is_distinct, has_star, outputs, aggregates, has_group_by, has_window, limit_by, limit_value, offset_by, offset_value, lock_strength, lock_wait, orders_randomly",
            )?,
            relation: insert(
                facts,
                "query_relations",
                "statement_id, block, ordinal, relation_id, schema, name, alias, usage, join_kind",
            )?,
            output: insert(
                facts,
                "query_outputs",
                "statement_id, block, position, kind, relation_id, column_name, function, name",
            )?,
            predicate: insert(
                facts,
                "query_predicates",
                "statement_id, block, position, clause, or_group, or_arm, ordinal, relation_id, column_name, wrapped_in, wrapper, expression, operator, comparand, value, list_length, is_sargable, unsargable_because, expression_index_id",
            )?,
            join: insert(
                facts,
                "query_joins",
                "statement_id, block, left_ordinal, left_relation_id, left_column, right_ordinal, right_relation_id, right_column",
            )?,
            sort: insert(
                facts,
                "query_sorts",
                "statement_id, block, clause, position, ordinal, relation_id, column_name, expression, is_descending, nulls_first",
            )?,
            function: insert(
                facts,
                "query_functions",
                "statement_id, name, is_aggregate, volatility",
            )?,
            column: insert(
                facts,
                "column_refs",
                "statement_id, relation_id, column_name, usage",
            )?,
            path: insert(
                facts,
                "access_paths",
                "statement_id, block, ordinal, relation_id, equality_columns, in_columns, null_columns, join_columns, range_columns, other_columns, sort_columns, has_limit, has_unknown",
            )?,
        })
    }

    /// Writes what a statement says.
    pub fn write(&mut self, id: i64, resolver: &Resolver<'_>) -> Result<()> {
        let (comparisons, joins) = predicates::read(resolver);
        self.write_shape(id, resolver, &comparisons)?;
        if matches!(
            resolver.shape.kind,
            Kind::Transaction | Kind::Set | Kind::Utility | Kind::Unknown | Kind::Call
        ) {
            return Ok(());
        }
        for number in 0..resolver.shape.blocks.len() {
            self.write_block(id, resolver, number, &joins)?;
        }
        for (position, comparison) in comparisons.iter().take(PREDICATES).enumerate() {
            self.write_predicate(id, position + 1, comparison)?;
        }
        for join in &joins {
            self.join.execute(params![
                id,
                join.block,
                join.left.ordinal,
                join.left.relation,
                join.left.column,
                join.right.ordinal,
                join.right.relation,
                join.right.column,
            ])?;
        }
        for (relation, column, usage) in refs::read(resolver) {
            self.column.execute(params![id, relation, column, usage])?;
        }
        for path in paths::read(resolver, &comparisons, &joins) {
            self.path.execute(params![
                id,
                path.block,
                path.ordinal,
                path.relation,
                list(&path.equality),
                list(&path.within),
                list(&path.null),
                list(&path.join),
                list(&path.range),
                list(&path.other),
                list(&path.sort),
                path.has_limit,
                path.has_unknown,
            ])?;
        }
        Ok(())
    }

    fn write_shape(
        &mut self,
        id: i64,
        resolver: &Resolver<'_>,
        comparisons: &[Comparison],
    ) -> Result<()> {
        let shape = &resolver.shape;
        let (subject, wrapper) = judge::subject(resolver);
        let read_as = match (&shape.unread_because, shape.kind) {
            (Some(_), _) => "tokens",
            (None, Kind::Transaction | Kind::Set | Kind::Utility | Kind::Unknown | Kind::Call) => {
                "command"
            }
            _ => "tree",
        };
        let tags = (!shape.tags.is_empty()).then(|| json!(shape.tags).to_string());
        self.shape.execute(params![
            id,
            shape.kind.word(),
            judge::purpose(resolver),
            read_as,
            shape.unread_because,
            subject,
            wrapper,
            judge::is_single_row(resolver, subject, wrapper, comparisons),
            shape.rows_given,
            tags,
        ])?;
        let mut functions: Vec<&String> = shape
            .blocks
            .iter()
            .flat_map(|block| &block.functions)
            .collect();
        functions.sort_unstable();
        functions.dedup();
        for name in functions {
            self.function
                .execute(params![id, name, is_aggregate(name), volatility(name)])?;
        }
        Ok(())
    }

    fn write_block(
        &mut self,
        id: i64,
        resolver: &Resolver<'_>,
        number: usize,
        joins: &[Join],
    ) -> Result<()> {
        let block = &resolver.shape.blocks[number];
        let aggregates = block
            .outputs
            .iter()
            .filter(|output| matches!(output.what, What::Aggregate { .. }))
            .count();
        let star = block
            .outputs
            .iter()
            .any(|output| matches!(output.what, What::Star(_)));
        let (limit_by, limit) = bound(block.limit);
        let (offset_by, offset) = bound(block.offset);
        self.block.execute(params![
            id,
            number,
            block.parent,
            block.place.word(),
            block.is_negated,
            is_correlated(resolver, number, block, joins),
            block.set_operation,
            block.is_distinct,
            star,
            block.outputs.len(),
            aggregates,
            block.sorts.iter().any(|sort| sort.clause == "group"),
            block.has_window,
            limit_by,
            limit,
            offset_by,
            offset,
            block.lock.as_ref().map(|lock| lock.strength),
            block.lock.as_ref().and_then(|lock| lock.wait),
            block
                .sorts
                .iter()
                .any(|sort| matches!(sort.by, SortKey::Random)),
        ])?;
        for (ordinal, source) in block.sources.iter().enumerate() {
            let view = resolver
                .views
                .get(&(number, ordinal))
                .and_then(|view| resolver.catalog.get(*view));
            let known = resolver.relation(source).or(view);
            let (schema, name) = match (&source.from, known) {
                (_, Some(known)) => (Some(known.schema.as_str()), known.name.as_str()),
                (From::Relation { schema, name }, None) => (schema.as_deref(), name.as_str()),
                _ => continue,
            };
            let usage = if source.is_written { "written" } else { "read" };
            self.relation.execute(params![
                id,
                number,
                ordinal,
                known.map(|known| known.id),
                schema,
                name,
                source.alias,
                usage,
                source.join,
            ])?;
        }
        self.write_outputs(id, resolver, number)?;
        self.write_sorts(id, resolver, number)
    }

    fn write_predicate(&mut self, id: i64, position: usize, c: &Comparison) -> Result<()> {
        let (group, arm) = c.or.unzip();
        self.predicate.execute(params![
            id,
            c.block,
            position,
            c.clause.word(),
            group,
            arm,
            c.ordinal,
            c.relation,
            c.column,
            c.wrapped_in,
            c.wrapper,
            c.sql,
            c.operator,
            c.comparand,
            c.value,
            c.list_length,
            c.is_sargable,
            c.because,
            c.index,
        ])?;
        Ok(())
    }
}

fn bound(bound: Bound) -> (Option<&'static str>, Option<i64>) {
    match bound {
        Bound::None => (None, None),
        Bound::Constant(value) => (Some("constant"), Some(value)),
        Bound::Parameter => (Some("parameter"), None),
        Bound::Expression => (Some("expression"), None),
    }
}

fn list(columns: &[String]) -> String {
    json!(columns).to_string()
}

/// Whether a block is compared with columns of the blocks around it.
fn is_correlated(resolver: &Resolver<'_>, number: usize, block: &Block, joins: &[Join]) -> bool {
    use crate::parse::sql::shape::Operand;
    if matches!(block.place, Place::Statement | Place::View | Place::Cte) {
        return false;
    }
    let outer = |side: &Operand| match side {
        Operand::Column(column) => resolver
            .column(number, column)
            .is_some_and(|found| found.block != number),
        _ => false,
    };
    joins.iter().any(|join| {
        join.block == number && (join.left.ordinal.is_none() || join.right.ordinal.is_none())
    }) || block
        .conditions
        .iter()
        .any(|condition| outer(&condition.left) || outer(&condition.right))
}
