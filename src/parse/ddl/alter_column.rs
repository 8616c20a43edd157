//! `ALTER TABLE … ALTER COLUMN`.

use super::action::ColumnChange;
use super::cursor::{Cursor, Read};
use super::expression::parenthesized;
use super::index::options;
use super::sequence::sequence_option;
use super::statement::SequenceOptions;
use super::table::{identity, identity_when};
use super::type_name::type_name;
use crate::parse::tokens::TokenKind;

/// Reads on after `ALTER [COLUMN]` and the name.
pub(super) fn column_change(c: &mut Cursor) -> Read<ColumnChange> {
    let comma = |c: &Cursor| c.sees_kind(TokenKind::Comma);
    if c.accept("set data type") || c.accept("type") {
        let type_name = type_name(c)?;
        let collation = if c.accept("collate") {
            Some(c.name()?.name)
        } else {
            None
        };
        let using = if c.accept("using") {
            let range = c.until(comma);
            Some(c.source(range))
        } else {
            None
        };
        return Ok(ColumnChange::Type {
            of: type_name,
            collation,
            using,
        });
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
        return Ok(ColumnChange::Compression(c.ident()?));
    }
    if c.sees("set") && c.kind_at(c.at() + 1) == Some(TokenKind::LeftParen) || c.sees("reset") {
        c.take();
        return Ok(ColumnChange::Options(options(c)?));
    }
    if c.accept("options") {
        c.group()?;
        return Ok(ColumnChange::ForeignOptions);
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
