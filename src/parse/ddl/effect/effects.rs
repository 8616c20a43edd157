//! Effects of a statement: which forms it has, and which objects they concern.

use super::context::Context;
use super::found::Effect;
use super::sink::Sink;
use super::{alter, create, drop, index, object, row, session, syntax, types, upkeep};
use crate::parse::ddl::action::Action;
use crate::parse::ddl::catalog::Catalog;
use crate::parse::ddl::pass::in_order;
use crate::parse::ddl::statement::{Spanned, Statement};

/// Errors that hang on which names are there, and on what depends on them.
const OF_NAMES: [&str; 10] = [
    "42P01", "42P06", "42P07", "42P16", "42701", "42703", "42704", "42710", "42883", "2BP01",
];

/// What a statement does to what is there, on a catalog as it is before the statement. An empty
/// list: nothing to any object.
pub(in crate::parse) fn effects(
    catalog: &Catalog,
    statement: &Statement,
    context: &Context,
) -> Vec<Effect> {
    let mut sink = Sink::new(catalog, context);
    if !in_passes(&mut sink, statement) {
        find(&mut sink, statement);
    }
    syntax::judge(&mut sink, statement);
    let mut found = sink.found;
    if catalog.doubtful {
        let named =
            |effect: &&mut Effect| effect.error.is_some_and(|error| OF_NAMES.contains(&error));
        for effect in found.iter_mut().filter(named) {
            effect.error = None;
        }
    }
    // A statement that fails for certain does nothing; 23502 hangs on rows, which nobody knows.
    let fails = |effect: &Effect| effect.error.is_some_and(|error| error != "23502");
    if found.iter().any(fails) {
        for effect in &mut found {
            effect.lock = None;
            effect.scans = false;
            effect.rewrites = false;
            effect.builds = false;
        }
    }
    found
}

/// Finds the effects of an `ALTER TABLE` whose actions are not done as they are written, or build
/// on what others of them take away: each on the state that those before it leave.
fn in_passes(sink: &mut Sink, statement: &Statement) -> bool {
    let Statement::AlterRelation {
        kind,
        name,
        if_exists,
        only,
        actions,
    } = statement
    else {
        return false;
    };
    let goes = |action: &Spanned<Action>| {
        let action = &action.of;
        matches!(
            action,
            Action::DropColumn { .. } | Action::DropConstraint { .. }
        )
    };
    if actions.len() < 2 || !actions.iter().any(goes) {
        return false;
    }
    let mut state = sink.catalog.clone();
    for place in in_order(actions) {
        let mut one = Sink::new(&state, sink.context);
        let only_this = place..place + 1;
        alter::relation(
            &mut one,
            (*kind, name),
            *if_exists,
            *only,
            actions,
            only_this.clone(),
        );
        sink.found.append(&mut one.found);
        let done = Statement::AlterRelation {
            kind: *kind,
            name: name.clone(),
            if_exists: *if_exists,
            only: *only,
            actions: actions.get(only_this).unwrap_or_default().to_vec(),
        };
        // What can't be followed is told where the whole statement is.
        let _ = state.apply(&done);
    }
    sink.found.sort_by_key(|effect| effect.action);
    true
}

/// Finds the effects of a statement, without what its version knows of it.
#[allow(clippy::too_many_lines, reason = "one arm for each kind of statement")]
pub(super) fn find(sink: &mut Sink, statement: &Statement) {
    match statement {
        Statement::CreateTable(table) => create::table(sink, table),
        Statement::CreateTableAs(table) => create::table_as(sink, table),
        Statement::CreateView(view) => create::view(sink, view),
        Statement::CreateIndex(said) => index::create(sink, said),
        Statement::CreateSequence {
            name,
            if_not_exists,
            ..
        } => create::sequence(sink, name, *if_not_exists),
        Statement::CreateSchema { name, elements, .. } => {
            create::schema(sink, name);
            for (n, element) in elements.iter().enumerate() {
                sink.next(n + 2, &element.span);
                find(sink, element);
            }
        }
        Statement::CreateExtension { name, .. } => {
            create::thing(sink, "create extension", name, "extension");
        }
        Statement::CreateType { name, shape } => types::create(sink, name, shape),
        Statement::CreateFunction(function) => create::function(sink, function),
        Statement::CreateTrigger(trigger) => object::create_trigger(sink, trigger),
        Statement::CreatePolicy(policy) => {
            object::on_table(sink, "create policy", &policy.table, &policy.name);
        }
        Statement::CreateRule(rule) => {
            object::on_table(sink, "create rule", &rule.table, &rule.name);
        }
        Statement::CreateOther(other) => object::create(sink, other),
        Statement::AlterRelation {
            kind,
            name,
            if_exists,
            only,
            actions,
        } => {
            let all = 0..actions.len();
            alter::relation(sink, (*kind, name), *if_exists, *only, actions, all);
        }
        Statement::MoveAll { kind, from, to, .. } => upkeep::move_all(sink, *kind, from, to),
        Statement::AlterOther {
            kind,
            name,
            on,
            changes,
            ..
        } => {
            for (n, change) in changes.iter().enumerate() {
                if n > 0 {
                    sink.next(n + 1, &change.span);
                }
                types::alter(sink, *kind, name, on.as_ref(), change);
            }
        }
        Statement::RenameTrigger { table, name, to } => {
            object::rename_trigger(sink, table, name, to);
        }
        Statement::Drop {
            kind,
            names,
            on,
            concurrently,
            if_exists,
            cascade,
        } => {
            let together: Vec<usize> = (names.iter())
                .filter_map(|name| sink.table(&name.name).place)
                .collect();
            let how = drop::How {
                together: &together,
                concurrently: *concurrently,
                if_exists: *if_exists,
                cascade: *cascade,
            };
            for (n, name) in names.iter().enumerate() {
                if names.len() > 1 {
                    sink.next(n + 1, &name.span);
                }
                drop::object(sink, *kind, &name.name, on.as_deref(), how);
            }
        }
        Statement::Truncate {
            tables,
            restart_identity,
            cascade,
        } => {
            let truncated: Vec<_> = tables.iter().map(|table| &table.name).collect();
            for (n, table) in tables.iter().enumerate() {
                if tables.len() > 1 {
                    sink.next(n + 1, &table.span);
                }
                upkeep::truncate(sink, table, *restart_identity, *cascade, &truncated);
            }
        }
        Statement::LockTable {
            tables,
            mode,
            nowait,
        } => {
            for (n, table) in tables.iter().enumerate() {
                if tables.len() > 1 {
                    sink.next(n + 1, &table.span);
                }
                upkeep::lock(sink, table, *mode, *nowait);
            }
        }
        Statement::Reindex(reindex) => index::reindex(sink, reindex),
        Statement::Vacuum(vacuum) => upkeep::vacuum(sink, vacuum),
        Statement::Cluster { table, index } => {
            upkeep::cluster(sink, table.as_ref(), index.as_deref());
        }
        Statement::Refresh {
            name,
            concurrently,
            with_data,
        } => upkeep::refresh(sink, name, *concurrently, *with_data),
        Statement::Comment { kind, name, on } => {
            object::remark(sink, "comment", *kind, name, on.as_ref());
        }
        Statement::SecurityLabel { kind, name } => {
            object::remark(sink, "security label", *kind, name, None);
        }
        Statement::Rights(rights) => object::rights(sink, rights),
        Statement::DefaultPrivileges(rights) => object::default_privileges(sink, rights),
        Statement::DropOwned { roles, cascade } => {
            for role in roles {
                create::thing(sink, "drop owned", role, "role").with("cascade", *cascade);
            }
        }
        Statement::ReassignOwned { roles, to } => {
            for role in roles {
                create::thing(sink, "reassign owned", role, "role").about(to);
            }
        }
        Statement::ImportForeignSchema { into, server, .. } => {
            create::thing(sink, "import foreign schema", into, "schema").about(server);
        }
        Statement::Insert(_)
        | Statement::Update(_)
        | Statement::Delete(_)
        | Statement::Merge(_)
        | Statement::Select(_)
        | Statement::Copy(_) => row::find(sink, statement),
        Statement::Explain {
            analyze: true,
            statement,
        } => {
            sink.next(1, &statement.span);
            find(sink, statement);
        }
        Statement::Set {
            name,
            values,
            local,
        } => session::set(sink, name, values, *local),
        Statement::Transaction(command) => session::transaction(sink, command),
        Statement::Call { name, .. } => {
            let target = super::sink::unknown(name, "procedure");
            sink.add("call", "function", target);
        }
        Statement::SetConstraints { .. }
        | Statement::Do { .. }
        | Statement::Explain { .. }
        | Statement::Prepare { .. }
        | Statement::Execute { .. }
        | Statement::Declare { .. }
        | Statement::Session(_) => {}
    }
}
