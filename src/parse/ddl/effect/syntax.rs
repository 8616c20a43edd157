//! What a statement needs of the server's version, and values of enums that are too new.

use super::sink::Sink;
use crate::parse::ddl::action::{Action, ColumnChange, Detaching};
use crate::parse::ddl::catalog::{Shape, UserType};
use crate::parse::ddl::constraint::{ConstraintKind, TableConstraint};
use crate::parse::ddl::statement::{ColumnDefinition, Element, Statement};
use crate::parse::tokens::{TokenKind, tokenize};

/// Says of the effects that were found which fail for their syntax, or for a value that may not
/// be used yet.
pub(super) fn judge(sink: &mut Sink, statement: &Statement) {
    if sink.context.major.is_some() {
        for (action, since) in needs(statement, sink.context.text.unwrap_or_default()) {
            if sink.context.lacks(since) {
                fail(sink, action, "42601");
            }
        }
        if let Statement::CreateView(view) = statement
            && view
                .options
                .iter()
                .any(|(name, _)| name == "security_invoker")
            && sink.context.lacks(15)
        {
            fail(sink, None, "22023");
        }
    }
    if sink.catalog.last_label >= sink.context.transaction_mark && uses_new_label(sink, statement) {
        fail(sink, None, "55P04");
    }
}

fn fail(sink: &mut Sink, action: Option<usize>, error: &'static str) {
    let mut found = sink.found.iter_mut();
    let effect = found.find(|effect| action.is_none_or(|action| effect.action == action));
    if let Some(effect) = effect {
        effect.error = Some(error);
    }
}

/// Places of actions, and the first major version that knows their syntax.
fn needs(statement: &Statement, text: &str) -> Vec<(Option<usize>, u32)> {
    let mut needs = Vec::new();
    let mut need = |action: Option<usize>, is_used: bool, since: u32| {
        if is_used {
            needs.push((action, since));
        }
    };
    match statement {
        Statement::CreateTable(table) => {
            for element in &table.elements {
                match element {
                    Element::Column(column) => {
                        for since in of_column(column) {
                            need(None, true, since);
                        }
                    }
                    Element::Constraint(said) => {
                        for since in of_constraint(said, false) {
                            need(None, true, since);
                        }
                    }
                    Element::Like(..) => {}
                }
            }
        }
        Statement::CreateIndex(said) => need(None, said.nulls_not_distinct, 15),
        Statement::CreateTrigger(said) => need(None, said.or_replace, 14),
        Statement::Merge(_) => need(None, true, 15),
        Statement::Reindex(said) => {
            let options = text
                .get(7..)
                .is_some_and(|rest| rest.trim_start().starts_with('('));
            need(
                None,
                said.tablespace.is_some() || (said.concurrently && options),
                14,
            );
            need(None, said.name.is_none(), 16);
        }
        Statement::Vacuum(said) => {
            for (name, since) in [
                ("parallel", 13),
                ("process_toast", 14),
                ("process_main", 16),
                ("skip_database_stats", 16),
                ("only_database_stats", 16),
                ("buffer_usage_limit", 16),
            ] {
                let used = said.options.iter().any(|(known, _)| known == name);
                need(None, used, since);
            }
        }
        Statement::AlterRelation { actions, .. } => {
            for (n, action) in actions.iter().enumerate() {
                for since in of_action(action) {
                    need(Some(n + 1), true, since);
                }
            }
        }
        _ => {}
    }
    needs
}

fn of_action(action: &Action) -> Vec<u32> {
    match action {
        Action::AddColumn(column, _) => of_column(column),
        Action::AddConstraint(said) => of_constraint(said, false),
        Action::AlterColumn(_, ColumnChange::SetExpression(_)) => vec![17],
        Action::AlterColumn(_, ColumnChange::DropExpression) => vec![13],
        Action::SetAccessMethod(_) => vec![15],
        Action::AlterColumn(_, ColumnChange::Compression(_))
        | Action::Detach(_, Detaching::Concurrently | Detaching::Finalize) => vec![14],
        Action::AlterConstraint {
            enforced, inherit, ..
        } if enforced.is_some() || inherit.is_some() => vec![18],
        _ => Vec::new(),
    }
}

fn of_column(column: &ColumnDefinition) -> Vec<u32> {
    let mut needs = Vec::new();
    if matches!(column.generated, Some(("virtual", _))) {
        needs.push(18);
    }
    if column.compression.is_some() {
        needs.push(14);
    }
    if column.storage.is_some() {
        needs.push(16);
    }
    for said in &column.constraints {
        needs.extend(of_constraint(said, true));
    }
    needs
}

fn of_constraint(said: &TableConstraint, inline: bool) -> Vec<u32> {
    let mut needs = Vec::new();
    if said.not_enforced {
        needs.push(18);
    }
    match &said.kind {
        ConstraintKind::NotNull(_) if !inline => needs.push(18),
        ConstraintKind::Unique {
            without_overlaps,
            index,
            ..
        } => {
            if *without_overlaps {
                needs.push(18);
            }
            if index.nulls_not_distinct {
                needs.push(15);
            }
        }
        ConstraintKind::Foreign {
            period,
            delete_columns,
            ..
        } => {
            if *period {
                needs.push(18);
            }
            if !delete_columns.is_empty() {
                needs.push(15);
            }
        }
        _ => {}
    }
    needs
}

/// Whether a statement uses a value of an enum that its own transaction added.
fn uses_new_label(sink: &Sink, statement: &Statement) -> bool {
    let writes = matches!(
        statement,
        Statement::Insert(_)
            | Statement::Update(_)
            | Statement::Delete(_)
            | Statement::Merge(_)
            | Statement::Select(_)
            | Statement::AlterRelation { .. }
            | Statement::CreateTable(_)
            | Statement::CreateIndex(_)
            | Statement::CreateView(_)
            | Statement::CreateTableAs(_)
    );
    let Some(text) = sink.context.text.filter(|_| writes) else {
        return false;
    };
    let is_new = |oid: i64| oid >= sink.context.transaction_mark;
    for (_, _, known) in sink.catalog.types.iter() {
        let Shape::Enum(labels) = &known.shape else {
            continue;
        };
        // Since 17 those of a type that the transaction made itself may be used.
        if is_new(known.oid) && sink.context.version() >= 17 {
            continue;
        }
        let added = |oid: i64| is_new(oid) && oid > known.oid;
        let new = labels.iter().filter(|label| added(label.oid));
        let new: Vec<&str> = new.map(|label| label.name.as_str()).collect();
        if new.is_empty() || !concerns(sink, known, text) {
            continue;
        }
        let named = tokenize(text).into_iter().any(|token| {
            let said = token.text(text);
            token.kind == TokenKind::String
                && new.iter().any(|label| {
                    said.strip_prefix('\'')
                        .and_then(|said| said.strip_suffix('\''))
                        == Some(label)
                })
        });
        if named {
            return true;
        }
    }
    false
}

/// Whether a statement has to do with a type: it names it, or a table with a column of it; or one
/// whose columns nobody knows.
fn concerns(sink: &Sink, known: &UserType, text: &str) -> bool {
    if tokenize(text)
        .iter()
        .any(|token| token.text(text).eq_ignore_ascii_case(&known.name))
    {
        return true;
    }
    let of_type = super::object::columns_of_type(sink.catalog, known);
    sink.found.iter().any(|effect| {
        let named = of_type.iter().any(|(place, _)| {
            let relation = sink.catalog.relations.get(*place);
            relation.is_some_and(|relation| relation.name == effect.target.name)
        });
        named || (effect.target.oid.is_none() && effect.target.kind == "table")
    })
}
