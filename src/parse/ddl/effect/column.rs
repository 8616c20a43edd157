//! Columns that are added, changed, renamed and dropped.

use super::alter_type;
use super::proof;
use super::reader;
use super::sink::{Sink, Table};
use crate::parse::ddl::action::{Action, ColumnChange};
use crate::parse::ddl::catalog::{Column, KeyOf, Rule};
use crate::parse::ddl::statement::Spanned;

pub(super) use super::add_column::add;

/// What is known of a column of a table.
pub(super) fn known<'a>(table: &Table<'a>, name: &str) -> Option<&'a Column> {
    let column = table.relation?.columns.get(name);
    column.filter(|column| !column.is_dropped)
}

/// `ALTER COLUMN`
pub(super) fn alter(
    sink: &mut Sink,
    table: &Table,
    name: &str,
    change: &ColumnChange,
    below: Option<usize>,
    all: &[Spanned<Action>],
) {
    let column = known(table, name);
    let added = |action: &Spanned<Action>| matches!(&action.of, Action::AddColumn(added, _) if added.name == name);
    let form = match change {
        ColumnChange::Type {
            of,
            collation,
            using,
        } => {
            let change = alter_type::Change {
                of,
                collation: collation.as_deref(),
                using: using.as_deref(),
            };
            return alter_type::alter(sink, table, name, &change, below);
        }
        ColumnChange::NotNull(true) => return set_not_null(sink, table, name, below),
        ColumnChange::NotNull(false) => "drop not null",
        ColumnChange::Default(Some(_)) => "set default",
        ColumnChange::Default(None) => "drop default",
        ColumnChange::Statistics(_) => "set statistics",
        ColumnChange::Options(_) => "set column options",
        ColumnChange::Storage(_) => "set storage",
        ColumnChange::Compression(_) => "set compression",
        ColumnChange::AddIdentity(_) => "add identity",
        ColumnChange::SetIdentity(..) => "set identity",
        ColumnChange::DropIdentity => "drop identity",
        ColumnChange::DropExpression => "drop expression",
        ColumnChange::SetExpression(_) => {
            let stored = column.and_then(|column| column.generated);
            if stored == Some("virtual") {
                "set expression virtual"
            } else {
                "set expression"
            }
        }
        ColumnChange::ForeignOptions => "set column foreign options",
    };
    let target = sink.target_of(table, "table");
    let in_key = in_primary_key(sink, table, name);
    let effect = sink.add(form, "table", target);
    effect.of_column(name);
    if let ColumnChange::Default(Some(text)) = change {
        effect.with("expression", text.as_str());
    }
    let missing = column.is_none() && !table.is_open() && !all.iter().any(added);
    if missing {
        effect.fails("42703");
    } else if matches!(change, ColumnChange::NotNull(false)) && in_key {
        effect.fails("42P16");
    } else if let ColumnChange::AddIdentity(_) = change
        && let Some(column) = column
        && !table.is_open()
    {
        // NOT NULL has to be there before, it does not come with the identity.
        if !column.not_null {
            effect.fails("55000");
        }
    }
    if matches!(
        change,
        ColumnChange::SetIdentity(..) | ColumnChange::DropIdentity
    ) && let Some(place) = table.place
        && let Ok(at) = sink.catalog.column(place, name)
        && let Some(sequence) = sink.catalog.owned_sequence(place, at)
        && let Some(target) = sink.sequence_target(sequence)
    {
        sink.add(form, "sequence", target);
    }
    let own = matches!(
        change,
        ColumnChange::AddIdentity(_) | ColumnChange::SetIdentity(..) | ColumnChange::DropIdentity
    );
    if !own {
        sink.add_below(form, "partition", below);
    }
}

/// Whether a column is one of the primary key.
fn in_primary_key(sink: &Sink, table: &Table, name: &str) -> bool {
    let Some(relation) = table.relation else {
        return false;
    };
    let at = relation.columns.place(name);
    let mut indexes = (relation.indexes.iter()).filter_map(|at| sink.catalog.indexes.get(*at));
    indexes.any(|index| {
        let mut keys = index.keys.iter();
        index.primary && keys.any(|key| matches!(key.of, KeyOf::Column(key) if Some(key) == at))
    })
}

/// Whether a column comes from a table above, so that it is changed there only.
pub(super) fn is_inherited(sink: &Sink, table: &Table, name: &str) -> bool {
    let Some(relation) = table.relation else {
        return false;
    };
    let mut parents = relation.inherits.iter().chain(&relation.partition_of);
    parents.any(|parent| {
        let parent = sink.catalog.relations.get(*parent);
        let column = parent.and_then(|parent| parent.columns.get(name));
        column.is_some_and(|column| !column.is_dropped)
    })
}

/// The form of making a column NOT NULL.
pub(super) fn not_null_form(
    relation: Option<&crate::parse::ddl::catalog::Relation>,
    name: &str,
) -> &'static str {
    let Some(relation) = relation else {
        return "set not null";
    };
    let column = relation.columns.get(name);
    if column.is_some_and(|column| column.not_null && !column.not_null_invalid) {
        return "set not null again";
    }
    if proof::not_null(relation, name) {
        return "set not null proven";
    }
    "set not null"
}

fn set_not_null(sink: &mut Sink, table: &Table, name: &str, below: Option<usize>) {
    let form = not_null_form(table.relation, name);
    let target = sink.target_of(table, "table");
    let missing = known(table, name).is_none() && !table.is_open();
    let not_valid = table
        .relation
        .is_some_and(|relation| has_invalid_check(relation, name));
    let effect = sink.add(form, "table", target);
    effect.of_column(name);
    if missing {
        effect.fails("42703");
    }
    if not_valid {
        effect.with("check_not_valid", true);
    }
    let Some(place) = below else {
        return;
    };
    for child in sink.catalog.descendants(place).unwrap_or_default() {
        let form = not_null_form(sink.catalog.relations.get(child), name);
        if let Some(effect) = sink.add_place(form, "partition", child) {
            effect.of_column(name);
        }
    }
}

/// A check that would prove it if it were validated.
fn has_invalid_check(relation: &crate::parse::ddl::catalog::Relation, name: &str) -> bool {
    let mut constraints = relation.constraints.iter();
    constraints.any(|(_, _, constraint)| match &constraint.rule {
        Rule::Check(text) if constraint.not_valid => proof::says_not_null(text, name),
        _ => false,
    })
}

/// `RENAME COLUMN`
pub(super) fn rename(
    sink: &mut Sink,
    table: &Table,
    (name, to): (&str, &str),
    below: Option<usize>,
) {
    let missing = known(table, name).is_none() && !table.is_open();
    let taken = known(table, to).is_some();
    let made = known(table, name).map_or(0, |column| column.made);
    let target = sink.target_of(table, "table");
    let is_new = sink.is_new(made);
    let inherited = is_inherited(sink, table, name);
    let effect = sink.add("rename column", "table", target);
    effect.of_column(name).about(to);
    if is_new {
        effect.with("column_is_new", true);
    }
    if missing {
        effect.fails("42703");
    } else if taken {
        effect.fails("42701");
    } else if inherited {
        effect.fails("42P16");
    }
    sink.add_below("rename column", "partition", below);
}

/// `DROP COLUMN`
pub(super) fn remove(
    sink: &mut Sink,
    table: &Table,
    name: &str,
    (if_exists, cascade): (bool, bool),
    below: Option<usize>,
) {
    let target = sink.target_of(table, "table");
    let column = known(table, name);
    if column.is_none() && !table.is_open() {
        let effect = sink.add("drop column absent", "table", target);
        effect.of_column(name).with("if_exists", if_exists);
        if !if_exists {
            effect.fails("42703");
        }
        return;
    }
    let made = column.map_or(0, |column| column.made);
    let is_new = sink.is_new(made);
    let catalog = sink.catalog;
    let views = table.place.map(|place| {
        let at = catalog.column(place, name).ok();
        at.map_or_else(Vec::new, |at| reader::readers(catalog, place, Some(at)))
    });
    let views = views.unwrap_or_default();
    let inherited = is_inherited(sink, table, name);
    let effect = sink.add("drop column", "table", target);
    effect.of_column(name);
    if inherited {
        effect.fails("42P16");
    }
    if if_exists {
        effect.with("if_exists", true);
    }
    if cascade {
        effect.with("cascade", true);
    }
    if !views.is_empty() {
        effect.with("views", reader::names(catalog, &views));
        if !cascade {
            effect.fails("2BP01");
        }
    }
    if is_new {
        effect.with("column_is_new", true);
        effect.loses_data = false;
    }
    sink.add_below("drop column", "partition", below);
    reader::drop_with(
        sink,
        "drop column",
        if cascade { views } else { Vec::new() },
    );
    let (Some(place), Some(relation)) = (table.place, table.relation) else {
        return;
    };
    let Ok(at) = sink.catalog.column(place, name) else {
        return;
    };
    if let Some(sequence) = sink.catalog.owned_sequence(place, at)
        && let Some(target) = sink.sequence_target(sequence)
    {
        sink.add("drop column", "sequence", target);
    }
    let mut gone = Vec::new();
    for index in &relation.indexes {
        let uses = sink
            .catalog
            .indexes
            .get(*index)
            .is_some_and(|known| alter_type::index_uses(relation, known, at, name));
        if uses && let Some(target) = sink.index_target(*index) {
            gone.push(target.name.clone());
            sink.add("drop column", "index", target);
        }
    }
    if let Some(effect) = sink.found.iter_mut().find(|effect| {
        effect.form == "drop column"
            && effect.part == "table"
            && effect.column.as_deref() == Some(name)
    }) && !gone.is_empty()
    {
        effect.with("indexes", gone);
    }
    for (_, _, constraint) in relation.constraints.iter() {
        if let Rule::Foreign(foreign) = &constraint.rule
            && foreign.columns.contains(&at)
        {
            sink.add_place("drop column", "referenced", foreign.relation);
        }
    }
    if cascade {
        for other in super::referencing::referencing(sink.catalog, place, Some(&[at])) {
            sink.add_place("drop column", "referencing", other);
        }
    }
}
