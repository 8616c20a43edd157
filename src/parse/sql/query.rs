//! Queries: WITH, SELECT, set operations, VALUES, and what stands at their end.

use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, LimitClause, LockClause, LockType, NonBlock, OrderByExpr,
    OrderByKind, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, SetOperator,
    SetQuantifier, Value,
};

use super::builder::Builder;
use super::condition;
use super::from;
use super::functions::is_random;
use super::names;
use super::operand::{bare, contents, operand, sql};
use super::shape::{
    Bound, Clause, From, Lock, Operand, Output, Place, Sort, SortKey, Source, What,
};
use super::statement;

/// Reads a query into a block.
pub(super) fn read(builder: &mut Builder, block: usize, query: &Query) {
    let seen = builder.visible.len();
    if let Some(with) = &query.with {
        for cte in &with.cte_tables {
            let inner = builder.new_block(block, Place::Cte);
            let name = names::ident(&cte.alias.name);
            if with.recursive {
                builder.visible.push((name.clone(), inner));
            }
            read(builder, inner, &cte.query);
            for (output, column) in builder
                .block(inner)
                .outputs
                .iter_mut()
                .zip(&cte.alias.columns)
            {
                output.name = Some(names::ident(&column.name));
            }
            builder.visible.push((name, inner));
        }
    }
    body(builder, block, &query.body);
    end(builder, block, query);
    builder.visible.truncate(seen);
}

fn body(builder: &mut Builder, block: usize, body: &SetExpr) {
    match body {
        SetExpr::Select(select) => read_select(builder, block, select),
        SetExpr::Query(query) => read(builder, block, query),
        SetExpr::SetOperation {
            op, set_quantifier, ..
        } => {
            let name = set_operation(*op, *set_quantifier);
            builder.block(block).set_operation = Some(name);
            // Branches may be many thousands, the first of them deepest.
            let mut branches = Vec::new();
            let mut branch = body;
            while let SetExpr::SetOperation { left, right, .. } = branch {
                branches.push(&**right);
                branch = left;
            }
            branches.push(branch);
            for branch in branches.into_iter().rev() {
                let inner = builder.new_block(block, Place::Branch);
                self::body(builder, inner, branch);
            }
        }
        SetExpr::Values(values) => {
            for row in &values.rows {
                for expr in &row.content {
                    let found = contents(builder, block, expr);
                    builder.block(block).others.extend(found.columns);
                }
            }
            let width = values.rows.first().map_or(0, |row| row.content.len());
            let outputs = (1..=width).map(|n| Output {
                what: What::Constant,
                name: Some(format!("column{n}")),
            });
            builder.block(block).outputs = outputs.collect();
        }
        SetExpr::Insert(inner)
        | SetExpr::Update(inner)
        | SetExpr::Delete(inner)
        | SetExpr::Merge(inner) => {
            statement::change(builder, block, inner);
        }
        SetExpr::Table(table) => {
            let name = table
                .table_name
                .as_deref()
                .unwrap_or_default()
                .to_lowercase();
            let schema = table.schema_name.as_deref().map(str::to_lowercase);
            builder
                .block(block)
                .sources
                .push(Source::relation(schema, name));
            builder.block(block).outputs.push(Output {
                what: What::Star(None),
                name: None,
            });
        }
    }
}

fn set_operation(op: SetOperator, quantifier: SetQuantifier) -> String {
    let all = matches!(quantifier, SetQuantifier::All | SetQuantifier::AllByName);
    format!(
        "{}{}",
        op.to_string().to_lowercase(),
        if all { " all" } else { "" }
    )
}

fn read_select(builder: &mut Builder, block: usize, select: &Select) {
    from::tables(builder, block, &select.from);
    outputs(builder, block, &select.projection);
    match &select.distinct {
        Some(Distinct::On(keys)) => {
            for key in keys {
                let by = sort_key(builder, block, key);
                builder.block(block).sorts.push(Sort {
                    clause: "distinct",
                    by,
                    is_descending: false,
                    nulls_first: false,
                });
            }
        }
        Some(Distinct::Distinct) => builder.block(block).is_distinct = true,
        Some(Distinct::All) | None => {}
    }
    if let Some(selection) = &select.selection {
        condition::read(builder, block, Clause::Where, selection);
    }
    if let GroupByExpr::Expressions(keys, _) = &select.group_by {
        for key in keys {
            let by = sort_key(builder, block, key);
            builder.block(block).sorts.push(Sort {
                clause: "group",
                by,
                is_descending: false,
                nulls_first: false,
            });
        }
    }
    if let Some(having) = &select.having {
        condition::read(builder, block, Clause::Having, having);
    }
}

/// Reads a list of outputs, of SELECT or RETURNING.
pub(super) fn outputs(builder: &mut Builder, block: usize, items: &[SelectItem]) {
    for item in items {
        let (what, name) = match item {
            SelectItem::UnnamedExpr(expr)
            | SelectItem::ExprWithAliases { expr, .. }
            | SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(expr), _) => {
                (output(builder, block, expr), None)
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                (output(builder, block, expr), Some(names::ident(alias)))
            }
            SelectItem::Wildcard(_) => (What::Star(None), None),
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                (What::Star(Some(names::relation(name).1)), None)
            }
        };
        builder.block(block).outputs.push(Output { what, name });
    }
}

fn output(builder: &mut Builder, block: usize, expr: &Expr) -> What {
    // Each expression is looked through once: subqueries in it may hold further ones.
    match bare(expr) {
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Subquery(_) => {
            match operand(builder, block, expr) {
                Operand::Column(column) => return What::Column(column),
                Operand::Block(inner) => return What::Subquery(inner),
                _ => {}
            }
        }
        _ => {}
    }
    let found = contents(builder, block, expr);
    match found.aggregate {
        Some(function) => What::Aggregate {
            function,
            columns: found.columns,
        },
        None if found.columns.is_empty()
            && found.blocks.is_empty()
            && found.functions.is_empty() =>
        {
            What::Constant
        }
        None => What::Expression(found.columns),
    }
}

fn end(builder: &mut Builder, block: usize, query: &Query) {
    if let Some(order) = &query.order_by
        && let OrderByKind::Expressions(keys) = &order.kind
    {
        for key in keys {
            order_by(builder, block, key);
        }
    }
    match &query.limit_clause {
        Some(LimitClause::LimitOffset { limit, offset, .. }) => {
            if let Some(limit) = limit {
                builder.block(block).limit = bound(limit);
            }
            if let Some(offset) = offset {
                builder.block(block).offset = bound(&offset.value);
            }
        }
        Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
            builder.block(block).limit = bound(limit);
            builder.block(block).offset = bound(offset);
        }
        None => {}
    }
    if let Some(fetch) = &query.fetch {
        builder.block(block).limit = fetch.quantity.as_ref().map_or(Bound::Constant(1), bound);
    }
    for lock in &query.locks {
        let strength = builder.locks.pop();
        let known = builder.block(block).lock.take();
        builder.block(block).lock = Some(self::lock(lock, strength, known));
    }
}

fn order_by(builder: &mut Builder, block: usize, key: &OrderByExpr) {
    use sqlparser::ast::OrderBySort;
    let by = sort_key(builder, block, &key.expr);
    let is_descending = matches!(&key.options.sort, Some(OrderBySort::Desc));
    builder.block(block).sorts.push(Sort {
        clause: "order",
        by,
        is_descending,
        nulls_first: key.options.nulls_first.unwrap_or(is_descending),
    });
}

fn sort_key(builder: &mut Builder, block: usize, expr: &Expr) -> SortKey {
    let expr = bare(expr);
    if let Expr::Value(value) = expr
        && let Value::Number(number, _) = &value.value
        && let Ok(position) = number.parse()
    {
        return SortKey::Position(position);
    }
    if let Expr::Function(function) = expr
        && is_random(&names::dotted(&function.name))
    {
        contents(builder, block, expr);
        return SortKey::Random;
    }
    match operand(builder, block, expr) {
        Operand::Column(column) => SortKey::Column(column),
        Operand::Wrapped(wrapped) => SortKey::Expression {
            columns: vec![wrapped.column],
            sql: wrapped.sql,
        },
        Operand::Expression { columns, sql } => SortKey::Expression { columns, sql },
        _ => {
            let found = super::operand::Contents::default();
            SortKey::Expression {
                columns: Vec::new(),
                sql: sql(expr, &found),
            }
        }
    }
}

fn bound(expr: &Expr) -> Bound {
    match bare(expr) {
        Expr::Value(value) => match &value.value {
            Value::Placeholder(_) => Bound::Parameter,
            Value::Number(number, _) => number.parse().map_or(Bound::Expression, Bound::Constant),
            Value::Null => Bound::None,
            _ => Bound::Expression,
        },
        Expr::Cast { expr, .. } => bound(expr),
        _ => Bound::Expression,
    }
}

/// The first clause of a block counts, but for SKIP LOCKED, wherever it stands.
fn lock(lock: &LockClause, strength: Option<&'static str>, first: Option<Lock>) -> Lock {
    let written = match lock.lock_type {
        LockType::Share => "share",
        LockType::Update => "update",
    };
    let wait = match lock.nonblock {
        Some(NonBlock::SkipLocked) => Some("skip locked"),
        Some(NonBlock::Nowait) => Some("nowait"),
        None => None,
    };
    let mut found = first.unwrap_or(Lock {
        strength: strength.unwrap_or(written),
        wait,
    });
    if wait == Some("skip locked") {
        found.wait = wait;
    }
    found
}

impl Source {
    /// A relation without alias.
    pub(super) fn relation(schema: Option<String>, name: String) -> Self {
        Self::of(From::Relation { schema, name })
    }

    /// A source without alias.
    pub(super) fn of(from: From) -> Self {
        Self {
            from,
            alias: None,
            columns: Vec::new(),
            join: None,
            using: Vec::new(),
            is_natural: false,
            is_written: false,
        }
    }
}
