//! The order in which actions of one `ALTER TABLE` are done, which is not that of the text.

use super::action::{Action, ColumnChange};
use super::constraint::ConstraintKind;
use super::statement::Spanned;

/// When an action is done: those of a pass before those of a later one, within a pass as written.
/// As the server does it: what goes first, then types, columns, NOT NULL, keys, other constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pass {
    Drop,
    Type,
    AddColumn,
    Expression,
    Attribute,
    Key,
    Constraint,
    Other,
}

/// Places of the actions, in the order in which they are done.
pub(super) fn in_order(actions: &[Spanned<Action>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..actions.len()).collect();
    order.sort_by_key(|place| actions.get(*place).map(|action| pass(&action.of)));
    order
}

fn pass(action: &Action) -> Pass {
    match action {
        Action::DropColumn { .. } | Action::DropConstraint { .. } | Action::Inherit(_, false) => {
            Pass::Drop
        }
        Action::AddColumn(..) => Pass::AddColumn,
        Action::AlterColumn(_, change) => match change {
            ColumnChange::Type { .. } => Pass::Type,
            ColumnChange::NotNull(false)
            | ColumnChange::Default(None)
            | ColumnChange::DropExpression
            | ColumnChange::DropIdentity => Pass::Drop,
            ColumnChange::SetExpression(_) => Pass::Expression,
            ColumnChange::NotNull(true) | ColumnChange::SetIdentity(..) => Pass::Attribute,
            ColumnChange::Default(Some(_)) | ColumnChange::AddIdentity(_) => Pass::Constraint,
            _ => Pass::Other,
        },
        Action::AddConstraint(said) => match &said.kind {
            ConstraintKind::NotNull(_) => Pass::Attribute,
            ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. } => Pass::Key,
            ConstraintKind::Check(..) | ConstraintKind::Foreign { .. } => Pass::Constraint,
        },
        _ => Pass::Other,
    }
}
