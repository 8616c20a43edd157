//! Statements: queries and the commands that change rows.

use sqlparser::ast::{
    Assignment, AssignmentTarget, ConflictTarget, CopySource, Delete, FromTable, Insert, Merge,
    MergeAction, MergeInsertKind, MergeUpdateKind, ObjectName, OnConflictAction, OnInsert, SetExpr,
    Statement, TableObject, Update, UpdateTableFromKind,
};

use super::builder::Builder;
use super::condition;
use super::from;
use super::names;
use super::query;
use super::shape::{Clause, Kind, Place, Shape, Source};

/// The shape that a syntax tree says.
pub(super) fn shape(kind: Kind, tree: &Statement) -> Shape {
    let mut builder = Builder::new(kind);
    top(&mut builder, tree);
    builder.shape
}

fn top(builder: &mut Builder, tree: &Statement) {
    match tree {
        Statement::Query(query) => query::read(builder, 0, query),
        Statement::Copy { source, to, .. } => match source {
            CopySource::Query(query) => query::read(builder, 0, query),
            CopySource::Table {
                table_name,
                columns,
            } => {
                let written = written(builder, 0, table_name);
                builder.block(0).sources[written].is_written = !to;
                builder.block(0).targets = columns.iter().map(names::ident).collect();
            }
        },
        Statement::Explain { statement, .. } => top(builder, statement),
        other => change(builder, 0, other),
    }
    // A statement that begins with WITH is what its body is.
    if builder.shape.kind == Kind::Select
        && let Statement::Query(query) = tree
    {
        builder.shape.kind = match &*query.body {
            SetExpr::Insert(_) => Kind::Insert,
            SetExpr::Update(_) => Kind::Update,
            SetExpr::Delete(_) => Kind::Delete,
            SetExpr::Merge(_) => Kind::Merge,
            SetExpr::Values(_) => Kind::Values,
            _ => Kind::Select,
        };
    }
}

/// Reads INSERT, UPDATE, DELETE or MERGE into a block.
pub(super) fn change(builder: &mut Builder, block: usize, statement: &Statement) {
    match statement {
        Statement::Insert(insert) => read_insert(builder, block, insert),
        Statement::Update(update) => read_update(builder, block, update),
        Statement::Delete(delete) => read_delete(builder, block, delete),
        Statement::Merge(merge) => read_merge(builder, block, merge),
        _ => {}
    }
}

fn written(builder: &mut Builder, block: usize, name: &ObjectName) -> usize {
    let (schema, name) = names::relation(name);
    let mut source = Source::relation(schema, name);
    source.is_written = true;
    builder.block(block).sources.push(source);
    builder.block(block).sources.len() - 1
}

fn read_insert(builder: &mut Builder, block: usize, insert: &Insert) {
    if let TableObject::TableName(name) = &insert.table {
        let place = written(builder, block, name);
        if let Some(alias) = &insert.table_alias {
            builder.block(block).sources[place].alias = Some(names::ident(&alias.alias));
        }
    }
    let targets = insert
        .columns
        .iter()
        .map(|column| names::relation(column).1);
    builder.block(block).targets = targets.collect();
    if let Some(source) = &insert.source {
        match &*source.body {
            SetExpr::Values(values) if source.with.is_none() => {
                if block == 0 {
                    builder.shape.rows_given = Some(values.rows.len());
                }
                for expr in values.rows.iter().flat_map(|row| row.content.iter()) {
                    // DEFAULT reads as a name; subqueries are what counts here.
                    super::operand::contents(builder, block, expr);
                }
            }
            _ => {
                builder.subquery(block, Place::Source, source);
            }
        }
    } else if block == 0 {
        builder.shape.rows_given = Some(1);
    }
    if let Some(OnInsert::OnConflict(conflict)) = &insert.on {
        if let Some(ConflictTarget::Columns(columns)) = &conflict.conflict_target {
            let columns = columns
                .iter()
                .map(|column| names::column(vec![names::ident(column)]));
            builder.block(block).others.extend(columns);
        }
        if let OnConflictAction::DoUpdate(update) = &conflict.action {
            assignments(builder, block, &update.assignments);
            if let Some(selection) = &update.selection {
                from::expression(builder, block, selection);
            }
        }
    }
    query::outputs(
        builder,
        block,
        insert.returning.as_deref().unwrap_or_default(),
    );
}

fn read_update(builder: &mut Builder, block: usize, update: &Update) {
    from::tables(builder, block, std::slice::from_ref(&update.table));
    if let Some(target) = builder.block(block).sources.first_mut() {
        target.is_written = true;
    }
    if let Some(UpdateTableFromKind::BeforeSet(tables) | UpdateTableFromKind::AfterSet(tables)) =
        &update.from
    {
        from::tables(builder, block, tables);
    }
    assignments(builder, block, &update.assignments);
    if let Some(selection) = &update.selection {
        condition::read(builder, block, Clause::Where, selection);
    }
    query::outputs(
        builder,
        block,
        update.returning.as_deref().unwrap_or_default(),
    );
}

fn assignments(builder: &mut Builder, block: usize, assignments: &[Assignment]) {
    for assignment in assignments {
        let names: Vec<String> = match &assignment.target {
            AssignmentTarget::ColumnName(name) => vec![names::relation(name).1],
            AssignmentTarget::Tuple(names) => {
                names.iter().map(|name| names::relation(name).1).collect()
            }
        };
        for name in names {
            if !builder.block(block).targets.contains(&name) {
                builder.block(block).targets.push(name);
            }
        }
        from::expression(builder, block, &assignment.value);
    }
}

fn read_delete(builder: &mut Builder, block: usize, delete: &Delete) {
    let (FromTable::WithFromKeyword(tables) | FromTable::WithoutKeyword(tables)) = &delete.from;
    from::tables(builder, block, tables);
    if let Some(target) = builder.block(block).sources.first_mut() {
        target.is_written = true;
    }
    if let Some(using) = &delete.using {
        from::tables(builder, block, using);
    }
    if let Some(selection) = &delete.selection {
        condition::read(builder, block, Clause::Where, selection);
    }
    query::outputs(
        builder,
        block,
        delete.returning.as_deref().unwrap_or_default(),
    );
}

fn read_merge(builder: &mut Builder, block: usize, merge: &Merge) {
    from::factor(builder, block, &merge.table, None);
    if let Some(target) = builder.block(block).sources.first_mut() {
        target.is_written = true;
    }
    from::factor(builder, block, &merge.source, Some("inner"));
    condition::read(builder, block, Clause::On, &merge.on);
    for clause in &merge.clauses {
        if let Some(predicate) = &clause.predicate {
            from::expression(builder, block, predicate);
        }
        match &clause.action {
            MergeAction::Update(update) => {
                if let MergeUpdateKind::Set(all) = &update.kind {
                    assignments(builder, block, all);
                }
            }
            MergeAction::Insert(insert) => {
                let targets: Vec<String> = insert
                    .columns
                    .iter()
                    .map(|column| names::relation(column).1)
                    .collect();
                builder.block(block).targets.extend(targets);
                if let MergeInsertKind::Values(values) = &insert.kind {
                    for expr in values.rows.iter().flat_map(|row| row.content.iter()) {
                        from::expression(builder, block, expr);
                    }
                }
            }
            _ => {}
        }
    }
}
