//! Expressions: which columns, functions and subqueries stand in them.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Query, Value, Visit, Visitor,
};

use super::builder::Builder;
use super::functions::is_aggregate;
use super::names;
use super::shape::{Column, Operand, Place, Wrapped};

/// Expressions of more parts than this are not written out.
const SQL_PARTS: usize = 60;

/// Bytes of a constant that is written out.
const VALUE: usize = 60;

/// What stands in an expression.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Columns in order, each once.
    pub columns: Vec<Column>,
    /// Subqueries, as blocks.
    pub blocks: Vec<usize>,
    /// First aggregate function.
    pub aggregate: Option<String>,
    /// Functions.
    pub functions: Vec<String>,
    /// Number of parts.
    parts: usize,
    /// There are parameters.
    pub has_parameter: bool,
}

/// Takes an expression without the parentheses around it.
pub(super) fn bare(mut expr: &Expr) -> &Expr {
    while let Expr::Nested(inner) = expr {
        expr = inner;
    }
    expr
}

/// Looks through an expression. Functions are noted with the block, subqueries become blocks.
pub(super) fn contents(builder: &mut Builder, block: usize, expr: &Expr) -> Contents {
    let mut contents = Contents::default();
    collect(builder, block, expr, &mut contents);
    for function in &contents.functions {
        let known = &mut builder.block(block).functions;
        if !known.contains(function) {
            known.push(function.clone());
        }
    }
    contents
}

/// An expression as SQL, unless it is long.
pub(super) fn sql(expr: &Expr, contents: &Contents) -> Option<String> {
    (contents.parts <= SQL_PARTS && contents.blocks.is_empty()).then(|| expr.to_string())
}

// Chains of operators may be 100,000 long, so they are not walked by recursion.
fn collect(builder: &mut Builder, block: usize, expr: &Expr, found: &mut Contents) {
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        found.parts += 1;
        match expr {
            Expr::Identifier(name) => column(found, names::column(vec![names::ident(name)])),
            Expr::CompoundIdentifier(parts) => {
                column(
                    found,
                    names::column(parts.iter().map(names::ident).collect()),
                );
            }
            Expr::Value(value) => {
                found.has_parameter |= matches!(value.value, Value::Placeholder(_));
            }
            Expr::Nested(inner)
            | Expr::Cast { expr: inner, .. }
            | Expr::UnaryOp { expr: inner, .. }
            | Expr::Collate { expr: inner, .. }
            | Expr::IsNull(inner)
            | Expr::IsNotNull(inner) => open.push(inner),
            Expr::BinaryOp { left, right, .. } => open.extend([&**right, &**left]),
            Expr::Function(function) => call(builder, block, function, found),
            Expr::Exists { subquery, negated } => {
                let inner = builder.subquery(block, Place::Exists, subquery);
                builder.block(inner).is_negated = *negated;
                found.blocks.push(inner);
            }
            Expr::InSubquery {
                expr,
                subquery,
                negated,
            } => {
                let inner = builder.subquery(block, Place::In, subquery);
                builder.block(inner).is_negated = *negated;
                found.blocks.push(inner);
                open.push(expr);
            }
            Expr::Subquery(query) => {
                found
                    .blocks
                    .push(builder.subquery(block, Place::Scalar, query));
            }
            other => {
                let mut deeper = Deeper {
                    builder: &mut *builder,
                    block,
                    found: &mut *found,
                    inside: 0,
                };
                let _ = other.visit(&mut deeper);
            }
        }
    }
}

fn column(found: &mut Contents, column: Column) {
    if !found.columns.contains(&column) {
        found.columns.push(column);
    }
}

fn call(builder: &mut Builder, block: usize, function: &Function, found: &mut Contents) {
    let name = names::dotted(&function.name);
    if function.over.is_some() {
        builder.block(block).has_window = true;
    } else if is_aggregate(&name) {
        found.aggregate.get_or_insert_with(|| name.clone());
    }
    if !found.functions.contains(&name) {
        found.functions.push(name);
    }
    match &function.args {
        FunctionArguments::None => {}
        FunctionArguments::Subquery(query) => {
            found
                .blocks
                .push(builder.subquery(block, Place::Scalar, query));
        }
        FunctionArguments::List(list) => {
            for argument in &list.args {
                if let FunctionArg::Named { arg, .. }
                | FunctionArg::ExprNamed { arg, .. }
                | FunctionArg::Unnamed(arg) = argument
                    && let FunctionArgExpr::Expr(expr) = arg
                {
                    collect(builder, block, expr, found);
                }
            }
        }
    }
    for order in &function.within_group {
        collect(builder, block, &order.expr, found);
    }
    if let Some(filter) = &function.filter {
        collect(builder, block, filter, found);
    }
    if let Some(window) = &function.over {
        let mut deeper = Deeper {
            builder,
            block,
            found,
            inside: 0,
        };
        let _ = window.visit(&mut deeper);
    }
}

/// Looks into forms of expressions that need no words of their own.
struct Deeper<'a> {
    builder: &'a mut Builder,
    block: usize,
    found: &'a mut Contents,
    /// Subqueries that are being passed over.
    inside: usize,
}

impl Visitor for Deeper<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if self.inside == 0 {
            let block = self.builder.subquery(self.block, Place::Scalar, query);
            self.found.blocks.push(block);
        }
        self.inside += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.inside -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if self.inside > 0 {
            return ControlFlow::Continue(());
        }
        self.found.parts += 1;
        match expr {
            Expr::Identifier(name) => column(self.found, names::column(vec![names::ident(name)])),
            Expr::CompoundIdentifier(parts) => {
                column(
                    self.found,
                    names::column(parts.iter().map(names::ident).collect()),
                );
            }
            Expr::Value(value) => {
                self.found.has_parameter |= matches!(value.value, Value::Placeholder(_));
            }
            Expr::Function(function) => {
                let name = names::dotted(&function.name);
                if function.over.is_some() {
                    self.builder.block(self.block).has_window = true;
                } else if is_aggregate(&name) {
                    self.found.aggregate.get_or_insert_with(|| name.clone());
                }
                self.found.functions.push(name);
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// An expression as a side of a comparison.
pub(super) fn operand(builder: &mut Builder, block: usize, expr: &Expr) -> Operand {
    let expr = bare(expr);
    match expr {
        Expr::Identifier(name) => Operand::Column(names::column(vec![names::ident(name)])),
        Expr::CompoundIdentifier(parts) => {
            Operand::Column(names::column(parts.iter().map(names::ident).collect()))
        }
        Expr::Subquery(query) => Operand::Block(builder.subquery(block, Place::Scalar, query)),
        Expr::Array(array) => {
            let all: Vec<Contents> = array
                .elem
                .iter()
                .map(|expr| contents(builder, block, expr))
                .collect();
            if all
                .iter()
                .all(|one| one.columns.is_empty() && one.blocks.is_empty())
            {
                return Operand::List(Some(all.len()));
            }
            let columns = all.into_iter().flat_map(|one| one.columns).collect();
            Operand::Expression { columns, sql: None }
        }
        _ => {
            let found = contents(builder, block, expr);
            if let Some(Expr::Value(value)) = uncast(expr) {
                return match value.value {
                    Value::Placeholder(_) => Operand::Parameter,
                    _ => Operand::Constant(Some(expr.to_string()).filter(|sql| sql.len() <= VALUE)),
                };
            }
            let sql = sql(expr, &found);
            match (found.columns.as_slice(), found.blocks.is_empty()) {
                ([], true) => Operand::Constant(None),
                ([column], true) if found.aggregate.is_none() => {
                    let (by, wrapper) = wrapper(expr);
                    Operand::Wrapped(Wrapped {
                        column: column.clone(),
                        by,
                        wrapper,
                        sql,
                    })
                }
                _ => Operand::Expression {
                    columns: found.columns,
                    sql,
                },
            }
        }
    }
}

/// What stands within casts and parentheses only.
fn uncast(mut expr: &Expr) -> Option<&Expr> {
    loop {
        match expr {
            Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => expr = inner,
            Expr::Value(_) => return Some(expr),
            _ => return None,
        }
    }
}

/// What stands around a column: only casts, a function, or something else.
fn wrapper(expr: &Expr) -> (&'static str, Option<String>) {
    let mut inner = expr;
    let mut outermost = None;
    loop {
        match inner {
            Expr::Nested(next) => inner = next,
            Expr::Cast {
                expr: next,
                data_type,
                ..
            } => {
                outermost.get_or_insert_with(|| data_type.to_string().to_lowercase());
                inner = next;
            }
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => return ("cast", outermost),
            Expr::Function(function) => return ("function", Some(names::dotted(&function.name))),
            Expr::Extract { .. } => return ("function", Some("extract".to_owned())),
            Expr::Substring { .. } => return ("function", Some("substring".to_owned())),
            Expr::Trim { .. } => return ("function", Some("trim".to_owned())),
            Expr::Position { .. } => return ("function", Some("position".to_owned())),
            Expr::Ceil { .. } => return ("function", Some("ceil".to_owned())),
            Expr::Floor { .. } => return ("function", Some("floor".to_owned())),
            Expr::Overlay { .. } => return ("function", Some("overlay".to_owned())),
            Expr::AtTimeZone { .. } => return ("function", Some("timezone".to_owned())),
            _ => return ("expression", None),
        }
    }
}
