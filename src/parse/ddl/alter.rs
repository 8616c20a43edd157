//! `ALTER TABLE`, and the `ALTER` of views, indexes and sequences, which knows the same actions.

use super::action::{Action, ColumnChange};
use super::constraint::{TABLE_WORDS, table_constraint};
use super::cursor::{Cursor, Read};
use super::expression::parenthesized;
use super::index::options;
use super::sequence::sequence_option;
use super::statement::{SequenceOptions, Statement};
use super::table::{bound, column, identity, identity_when};
use super::type_name::type_name;
use crate::parse::tokens::TokenKind;

/// Reads on after `ALTER TABLE` or the like.
pub(super) fn alter_relation(c: &mut Cursor) -> Read<Statement> {
    if c.accept("all in tablespace") {
        return Err("ALTER … ALL IN TABLESPACE is not followed".to_owned());
    }
    let if_exists = c.accept("if exists");
    let only = c.accept("only");
    let name = c.name()?;
    if c.text_at(c.at()) == "*" {
        c.take();
    }
    let mut actions = vec![action(c)?];
    while c.accept_kind(TokenKind::Comma) {
        actions.push(action(c)?);
    }
    while !c.is_at_end() {
        // Options of a sequence have no commas between.
        let Action::Sequence(mut more) = action(c)? else {
            return c.refuse("its end");
        };
        if let Some(Action::Sequence(known)) = actions.last_mut() {
            merge(known, &mut more);
        } else {
            return c.refuse("its end");
        }
    }
    Ok(Statement::AlterRelation {
        name,
        if_exists,
        only,
        actions,
    })
}

fn merge(known: &mut SequenceOptions, more: &mut SequenceOptions) {
    known.type_name = more.type_name.take().or(known.type_name.take());
    known.start = more.start.or(known.start);
    known.increment = more.increment.or(known.increment);
    known.min_value = more.min_value.or(known.min_value);
    known.max_value = more.max_value.or(known.max_value);
    known.cycles = more.cycles.or(known.cycles);
    known.owned_by = more.owned_by.take().or(known.owned_by.take());
}

fn action(c: &mut Cursor) -> Read<Action> {
    if c.accept("add") {
        return add(c);
    }
    if c.accept("drop") {
        return drop(c);
    }
    if c.accept("alter") {
        return alter(c);
    }
    if c.accept("rename") {
        return rename(c);
    }
    if c.accept("set") {
        return set(c);
    }
    if c.accept("enable") {
        return switch(c, "origin");
    }
    if c.accept("disable") {
        return switch(c, "disabled");
    }
    if c.accept("owner to") {
        return Ok(Action::Owner(role(c)?));
    }
    if c.accept("validate constraint") {
        return Ok(Action::ValidateConstraint(c.ident()?));
    }
    if c.accept("attach partition") {
        let child = c.name()?;
        let bound = if c.is_at_end() { None } else { Some(bound(c)?) };
        return Ok(Action::Attach(child, bound));
    }
    if c.accept("detach partition") {
        let child = c.name()?;
        let _ = c.accept("concurrently") || c.accept("finalize");
        return Ok(Action::Detach(child));
    }
    if c.accept("inherit") {
        return Ok(Action::Inherit(c.name()?, true));
    }
    if c.accept("no inherit") {
        return Ok(Action::Inherit(c.name()?, false));
    }
    if c.accept("replica identity") {
        return replica_identity(c);
    }
    if c.accept("cluster on") {
        return Ok(Action::ClusterOn(Some(c.ident()?)));
    }
    if c.accept("reset") {
        let list = options(c)?;
        let names = list.into_iter().map(|(name, _)| name).collect();
        return Ok(Action::ResetOptions(names));
    }
    if c.accept("force row level security")
        || c.accept("no force row level security")
        || c.accept("not of")
    {
        return Ok(Action::Ignored);
    }
    if c.accept("options") {
        c.group()?;
        return Ok(Action::Ignored);
    }
    if c.accept("depends on extension") || c.accept("no depends on extension") {
        c.name()?;
        return Ok(Action::Ignored);
    }
    let mut sequence = SequenceOptions::default();
    if sequence_option(c, &mut sequence)? {
        return Ok(Action::Sequence(sequence));
    }
    c.refuse("an action")
}

/// A role; `CURRENT_USER` and its like are read as they stand.
pub(super) fn role(c: &mut Cursor) -> Read<String> {
    c.ident()
}

fn add(c: &mut Cursor) -> Read<Action> {
    if TABLE_WORDS.iter().any(|word| c.sees(word)) || c.sees("not null") {
        return Ok(Action::AddConstraint(table_constraint(c)?));
    }
    c.accept("column");
    let if_not_exists = c.accept("if not exists");
    Ok(Action::AddColumn(Box::new(column(c)?), if_not_exists))
}

fn drop(c: &mut Cursor) -> Read<Action> {
    let constraint = c.accept("constraint");
    if !constraint {
        c.accept("column");
    }
    let if_exists = c.accept("if exists");
    let name = c.ident()?;
    let _ = c.accept("cascade") || c.accept("restrict");
    Ok(if constraint {
        Action::DropConstraint(name, if_exists)
    } else {
        Action::DropColumn(name, if_exists)
    })
}

fn alter(c: &mut Cursor) -> Read<Action> {
    if c.accept("constraint") {
        return Err("ALTER CONSTRAINT is not followed".to_owned());
    }
    c.accept("column");
    if c.sees_kind(TokenKind::Number) {
        // A column of an index, by its place: it has a statistics target.
        c.take();
        c.expect("set statistics")?;
        c.until(|c| c.sees_kind(TokenKind::Comma));
        return Ok(Action::Ignored);
    }
    let name = c.ident()?;
    Ok(Action::AlterColumn(name, column_change(c)?))
}

fn column_change(c: &mut Cursor) -> Read<ColumnChange> {
    let comma = |c: &Cursor| c.sees_kind(TokenKind::Comma);
    if c.accept("set data type") || c.accept("type") {
        let type_name = type_name(c)?;
        let collation = if c.accept("collate") {
            Some(c.name()?.name)
        } else {
            None
        };
        if c.accept("using") {
            c.until(comma);
        }
        return Ok(ColumnChange::Type(type_name, collation));
    }
    if c.accept("set default") {
        let range = c.until(comma);
        return Ok(ColumnChange::Default(Some(parenthesized(c, range))));
    }
    if c.accept("set expression as") {
        let within = c.group()?;
        return Ok(ColumnChange::SetExpression(parenthesized(c, within)));
    }
    if c.accept("set statistics") {
        let target: String = (0..2)
            .map_while(|_| (!c.is_at_end() && !comma(c)).then(|| c.take()))
            .collect();
        let target = target.parse().ok().filter(|target| *target >= 0);
        return Ok(ColumnChange::Statistics(target));
    }
    if c.accept("set storage") {
        return Ok(ColumnChange::Storage(c.ident()?));
    }
    if c.accept("add generated") {
        let when = identity_when(c)?;
        c.expect("as identity")?;
        return Ok(ColumnChange::AddIdentity(identity(c, when)?));
    }
    if c.accept("set compression") {
        c.ident()?;
        return Ok(ColumnChange::Ignored);
    }
    if c.sees("set") && c.kind_at(c.at() + 1) == Some(TokenKind::LeftParen)
        || c.sees("reset")
        || c.sees("options")
    {
        c.until(comma);
        return Ok(ColumnChange::Ignored);
    }
    for (words, change) in [
        ("drop default", ColumnChange::Default(None)),
        ("set not null", ColumnChange::NotNull(true)),
        ("drop not null", ColumnChange::NotNull(false)),
        ("drop identity if exists", ColumnChange::DropIdentity),
        ("drop identity", ColumnChange::DropIdentity),
        ("drop expression if exists", ColumnChange::DropExpression),
        ("drop expression", ColumnChange::DropExpression),
    ] {
        if c.accept(words) {
            return Ok(change);
        }
    }
    set_identity(c)
}

/// `SET GENERATED …`, `SET INCREMENT …`, `RESTART …`, in any number.
fn set_identity(c: &mut Cursor) -> Read<ColumnChange> {
    let mut when = None;
    let mut sequence = SequenceOptions::default();
    let start = c.at();
    loop {
        if c.accept("set generated") {
            when = Some(identity_when(c)?);
            continue;
        }
        c.accept("set");
        if !sequence_option(c, &mut sequence)? {
            break;
        }
    }
    if c.at() == start {
        return c.refuse("a change of a column");
    }
    Ok(ColumnChange::SetIdentity(when, sequence))
}

fn rename(c: &mut Cursor) -> Read<Action> {
    if c.accept("to") {
        return Ok(Action::Rename(c.ident()?));
    }
    if c.accept("constraint") {
        let name = c.ident()?;
        c.expect("to")?;
        return Ok(Action::RenameConstraint(name, c.ident()?));
    }
    c.accept("column");
    let name = c.ident()?;
    c.expect("to")?;
    Ok(Action::RenameColumn(name, c.ident()?))
}

fn set(c: &mut Cursor) -> Read<Action> {
    if c.sees_kind(TokenKind::LeftParen) {
        return Ok(Action::SetOptions(options(c)?));
    }
    if c.accept("schema") {
        return Ok(Action::SetSchema(c.ident()?));
    }
    if c.accept("tablespace") {
        let name = c.ident()?;
        c.accept("nowait");
        return Ok(Action::SetTablespace(name));
    }
    if c.accept("access method") {
        return Ok(Action::SetAccessMethod(c.ident()?));
    }
    for (words, action) in [
        ("logged", Action::SetPersistence("permanent")),
        ("unlogged", Action::SetPersistence("unlogged")),
        ("without cluster", Action::ClusterOn(None)),
        ("without oids", Action::Ignored),
    ] {
        if c.accept(words) {
            return Ok(action);
        }
    }
    c.refuse("what is set")
}

/// What follows `ENABLE` or `DISABLE`.
fn switch(c: &mut Cursor, plain: &'static str) -> Read<Action> {
    let on = plain == "origin";
    if c.accept("row level security") {
        return Ok(Action::RowSecurity(on));
    }
    let enabled = if c.accept("always") {
        "always"
    } else if c.accept("replica") {
        "replica"
    } else {
        plain
    };
    if c.accept("rule") {
        c.ident()?;
        return Ok(Action::Ignored);
    }
    c.expect("trigger")?;
    if c.accept("all") || c.accept("user") {
        return Ok(Action::Trigger(None, enabled));
    }
    Ok(Action::Trigger(Some(c.ident()?), enabled))
}

fn replica_identity(c: &mut Cursor) -> Read<Action> {
    if c.accept("using index") {
        return Ok(Action::ReplicaIdentity("index", Some(c.ident()?)));
    }
    let known = ["default", "nothing", "full"];
    match known.into_iter().find(|word| c.accept(word)) {
        Some(word) => Ok(Action::ReplicaIdentity(word, None)),
        None => c.refuse("a replica identity"),
    }
}
