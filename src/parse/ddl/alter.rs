//! `ALTER TABLE`, and the `ALTER` of views, indexes and sequences, which knows the same actions.

use super::action::{Action, Detaching};
use super::alter_column::column_change;
use super::constraint::{TABLE_WORDS, table_constraint};
use super::cursor::{Cursor, Read};
use super::index::options;
use super::sequence::sequence_option;
use super::statement::{ObjectKind, SequenceOptions, Statement};
use super::table::{bound, column};
use crate::parse::tokens::TokenKind;

/// Reads on after `ALTER TABLE` or the like.
pub(super) fn alter_relation(c: &mut Cursor, kind: ObjectKind) -> Read<Statement> {
    if c.accept("all in tablespace") {
        return move_all(c, kind);
    }
    let if_exists = c.accept("if exists");
    let only = c.accept("only");
    let name = c.name()?;
    if c.text_at(c.at()) == "*" {
        c.take();
    }
    let actions = c.list(action)?;
    c.expect_end()?;
    Ok(Statement::AlterRelation {
        kind,
        name,
        if_exists,
        only,
        actions,
    })
}

/// Reads on after `ALL IN TABLESPACE`.
fn move_all(c: &mut Cursor, kind: ObjectKind) -> Read<Statement> {
    let from = c.ident()?;
    let owners = if c.accept("owned by") {
        c.plain_list()?
    } else {
        Vec::new()
    };
    c.expect("set tablespace")?;
    let to = c.ident()?;
    let nowait = c.accept("nowait");
    c.expect_end()?;
    Ok(Statement::MoveAll {
        kind,
        from,
        owners,
        to,
        nowait,
    })
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
        let how = if c.accept("concurrently") {
            Detaching::Concurrently
        } else if c.accept("finalize") {
            Detaching::Finalize
        } else {
            Detaching::Plain
        };
        return Ok(Action::Detach(child, how));
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
    if c.accept("force row level security") {
        return Ok(Action::ForceRowSecurity(true));
    }
    if c.accept("no force row level security") {
        return Ok(Action::ForceRowSecurity(false));
    }
    if c.accept("not of") {
        return Ok(Action::OfType(None));
    }
    if c.accept("of") {
        return Ok(Action::OfType(Some(c.name()?)));
    }
    if c.accept("options") {
        c.group()?;
        return Ok(Action::ForeignOptions);
    }
    let depends = c.accept("depends on extension");
    if depends || c.accept("no depends on extension") {
        return Ok(Action::DependsOnExtension(c.ident()?, depends));
    }
    let mut sequence = SequenceOptions::default();
    let start = c.at();
    while sequence_option(c, &mut sequence)? {}
    if c.at() > start {
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
    let cascade = c.accept("cascade");
    c.accept("restrict");
    Ok(if constraint {
        Action::DropConstraint {
            name,
            if_exists,
            cascade,
        }
    } else {
        Action::DropColumn {
            name,
            if_exists,
            cascade,
        }
    })
}

fn alter(c: &mut Cursor) -> Read<Action> {
    if c.accept("constraint") {
        return alter_constraint(c);
    }
    c.accept("column");
    if c.sees_kind(TokenKind::Number) {
        // A column of an index, by its place: it has a statistics target.
        let column = c.take().parse().unwrap_or(0);
        c.expect("set statistics")?;
        c.until(|c| c.sees_kind(TokenKind::Comma));
        return Ok(Action::IndexStatistics(column));
    }
    let name = c.ident()?;
    Ok(Action::AlterColumn(name, column_change(c)?))
}

fn alter_constraint(c: &mut Cursor) -> Read<Action> {
    let name = c.ident()?;
    let (mut deferrable, mut deferred, mut enforced, mut inherit) = (None, None, None, None);
    loop {
        if c.accept("not deferrable") {
            deferrable = Some(false);
        } else if c.accept("deferrable") {
            deferrable = Some(true);
        } else if c.accept("initially deferred") {
            deferred = Some(true);
        } else if c.accept("initially immediate") {
            deferred = Some(false);
        } else if c.accept("not enforced") {
            enforced = Some(false);
        } else if c.accept("enforced") {
            enforced = Some(true);
        } else if c.accept("no inherit") || c.accept("set no inherit") {
            inherit = Some(false);
        } else if c.accept("inherit") || c.accept("set inherit") {
            inherit = Some(true);
        } else {
            break;
        }
    }
    Ok(Action::AlterConstraint {
        name,
        deferrable,
        deferred,
        enforced,
        inherit,
    })
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
        ("without oids", Action::WithoutOids),
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
        return Ok(Action::Rule(c.ident()?, enabled));
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
