//! What is said of sequences.

use super::cursor::{Cursor, Read};
use super::statement::SequenceOptions;
use super::type_name::type_name;
use crate::parse::tokens::TokenKind;

/// Reads all options that follow.
pub(super) fn sequence_options(c: &mut Cursor) -> Read<SequenceOptions> {
    let mut options = SequenceOptions::default();
    while sequence_option(c, &mut options)? {}
    Ok(options)
}

/// Reads one option; tells whether there was one.
pub(super) fn sequence_option(c: &mut Cursor, options: &mut SequenceOptions) -> Read<bool> {
    if c.accept("as") {
        options.type_name = Some(type_name(c)?);
    } else if c.accept("start") {
        c.accept("with");
        options.start = Some(number(c)?);
    } else if c.accept("increment") {
        c.accept("by");
        options.increment = Some(number(c)?);
    } else if c.accept("no minvalue") {
        options.min_value = Some(None);
    } else if c.accept("minvalue") {
        options.min_value = Some(Some(number(c)?));
    } else if c.accept("no maxvalue") {
        options.max_value = Some(None);
    } else if c.accept("maxvalue") {
        options.max_value = Some(Some(number(c)?));
    } else if c.accept("no cycle") {
        options.cycles = Some(false);
    } else if c.accept("cycle") {
        options.cycles = Some(true);
    } else if c.accept("cache") {
        options.cache = Some(number(c)?);
    } else if c.accept("restart") {
        // Without a number it restarts where it began.
        let given = c.accept("with") || !c.is_at_end();
        options.restart = Some(given.then(|| number(c).ok()).flatten());
    } else if c.accept("sequence name") {
        options.name = Some(c.name()?);
    } else if c.accept("owned by") {
        options.owned_by = Some(owner(c)?);
    } else if c.accept("logged") || c.accept("set logged") {
        options.logged = Some(true);
    } else if c.accept("unlogged") || c.accept("set unlogged") {
        options.logged = Some(false);
    } else {
        return Ok(false);
    }
    Ok(true)
}

fn owner(c: &mut Cursor) -> Read<Option<(super::statement::Name, String)>> {
    if c.accept("none") {
        return Ok(None);
    }
    let mut parts = vec![c.ident()?];
    while c.accept_kind(TokenKind::Dot) {
        parts.push(c.ident()?);
    }
    let (Some(column), Some(name)) = (parts.pop(), parts.pop()) else {
        return c.refuse("a table and its column");
    };
    let schema = parts.pop();
    Ok(Some((super::statement::Name { schema, name }, column)))
}

fn number(c: &mut Cursor) -> Read<i64> {
    let sign = match c.text_at(c.at()) {
        sign @ ("-" | "+") => {
            c.take();
            sign
        }
        _ => "",
    };
    if !c.sees_kind(TokenKind::Number) {
        return c.refuse("a number");
    }
    let text = format!("{}{}", sign.replace('+', ""), c.take().replace('_', ""));
    text.parse()
        .map_err(|_| format!("{text} is no number of a sequence"))
}
