//! Transactions, settings, and what concerns the session only.

use super::cursor::{Cursor, Read};
use super::function::setting;
use super::index::value;
use super::maintain::{is_on, utility_options};
use super::read::{inner, rest};
use super::statement::Statement;
use super::utility::Transaction;
use crate::parse::tokens::TokenKind;

/// Commands that leave nothing behind but in the session.
const PLAIN: [(&str, &str); 12] = [
    ("checkpoint", "CHECKPOINT"),
    ("close", "CLOSE CURSOR"),
    ("discard", "DISCARD"),
    ("fetch", "FETCH"),
    ("listen", "LISTEN"),
    ("load", "LOAD"),
    ("move", "MOVE"),
    ("notify", "NOTIFY"),
    ("show", "SHOW"),
    ("unlisten", "UNLISTEN"),
    ("deallocate", "DEALLOCATE"),
    ("wait", "WAIT"),
];

/// Reads on after the first word.
pub(super) fn read(c: &mut Cursor, word: &str) -> Read<Statement> {
    let done = match word {
        "begin" => {
            rest(c);
            Transaction::Begin
        }
        "start" => {
            c.expect("transaction")?;
            rest(c);
            Transaction::Begin
        }
        "commit" | "end" => commit(c)?,
        "rollback" | "abort" => rollback(c)?,
        "savepoint" => Transaction::Savepoint(c.ident()?),
        "release" => {
            c.accept("savepoint");
            Transaction::Release(c.ident()?)
        }
        "prepare" if c.accept("transaction") => Transaction::Prepare(c.string()?),
        "prepare" => return prepare(c),
        "set" => return set(c),
        "reset" => return reset(c),
        "explain" => return explain(c),
        "execute" => {
            let name = c.ident()?;
            rest(c);
            return Ok(Statement::Execute { name });
        }
        "declare" => return declare(c),
        _ => {
            let known = PLAIN.iter().find(|(known, _)| *known == word);
            let Some((_, command)) = known else {
                return Err("statements of this kind are not known".to_owned());
            };
            rest(c);
            return Ok(Statement::Session(command));
        }
    };
    Ok(Statement::Transaction(done))
}

fn commit(c: &mut Cursor) -> Read<Transaction> {
    if c.accept("prepared") {
        return Ok(Transaction::CommitPrepared(c.string()?));
    }
    let chain = chain(c);
    Ok(Transaction::Commit { chain })
}

fn rollback(c: &mut Cursor) -> Read<Transaction> {
    if c.accept("prepared") {
        return Ok(Transaction::RollbackPrepared(c.string()?));
    }
    let _ = c.accept("work") || c.accept("transaction");
    if c.accept("to") {
        c.accept("savepoint");
        return Ok(Transaction::RollbackTo(c.ident()?));
    }
    let chain = chain(c);
    Ok(Transaction::Rollback { chain })
}

fn chain(c: &mut Cursor) -> bool {
    let _ = c.accept("work") || c.accept("transaction");
    if c.accept("and no chain") {
        return false;
    }
    c.accept("and chain")
}

fn prepare(c: &mut Cursor) -> Read<Statement> {
    let name = c.ident()?;
    if c.sees_kind(TokenKind::LeftParen) {
        c.group()?;
    }
    c.expect("as")?;
    let statement = Box::new(inner(c, c.at()..c.len())?);
    rest(c);
    Ok(Statement::Prepare { name, statement })
}

fn declare(c: &mut Cursor) -> Read<Statement> {
    let name = c.ident()?;
    c.until(|c| c.sees("for"));
    c.expect("for")?;
    let statement = Box::new(inner(c, c.at()..c.len())?);
    rest(c);
    Ok(Statement::Declare { name, statement })
}

fn explain(c: &mut Cursor) -> Read<Statement> {
    let selects = ["select", "values", "with", "table"]
        .iter()
        .any(|word| c.is_word(c.at() + 1, word));
    let options = if selects {
        Vec::new()
    } else {
        utility_options(c)?
    };
    let mut analyze = is_on(&options, "analyze");
    while c.sees_any(&["analyze", "analyse", "verbose"]) {
        analyze |= !c.sees("verbose");
        c.take();
    }
    let statement = Box::new(inner(c, c.at()..c.len())?);
    rest(c);
    Ok(Statement::Explain { analyze, statement })
}

/// Reads on after `SET`.
fn set(c: &mut Cursor) -> Read<Statement> {
    if c.accept("constraints") {
        return set_constraints(c);
    }
    let local = c.accept("local");
    if c.accept("session characteristics as") || c.accept("transaction") {
        rest(c);
        return Ok(Statement::Session("SET TRANSACTION"));
    }
    // A role that is set owns what is made from then on.
    if c.accept("session authorization") || c.accept("role") || c.accept("session role") {
        let role = role(c)?;
        return Ok(plain("role", role.into_iter().collect(), local));
    }
    c.accept("session");
    if c.accept("time zone") {
        let zone = time_zone(c)?;
        return Ok(plain("timezone", zone.into_iter().collect(), local));
    }
    if c.accept("schema") {
        return Ok(plain("search_path", vec![c.string()?], local));
    }
    if c.accept("names") {
        let name = if c.is_at_end() {
            Vec::new()
        } else {
            vec![value(c)?]
        };
        return Ok(plain("client_encoding", name, local));
    }
    if c.accept("xml option") {
        return Ok(plain("xmloption", vec![c.ident()?], local));
    }
    let (name, values) = setting(c)?;
    Ok(plain(&name, values, local))
}

fn plain(name: &str, values: Vec<String>, local: bool) -> Statement {
    Statement::Set {
        name: name.to_owned(),
        values,
        local,
    }
}

fn role(c: &mut Cursor) -> Read<Option<String>> {
    let _ = c.accept("to") || c.text_at(c.at()) == "=" && !c.take().is_empty();
    let role = value(c)?;
    let none = role.eq_ignore_ascii_case("none") || role.eq_ignore_ascii_case("default");
    Ok((!none).then_some(role))
}

fn time_zone(c: &mut Cursor) -> Read<Option<String>> {
    if c.accept("default") || c.accept("local") {
        return Ok(None);
    }
    if c.sees("interval") {
        let words = c.until(|_| false);
        return Ok(Some(c.source(words)));
    }
    value(c).map(Some)
}

fn set_constraints(c: &mut Cursor) -> Read<Statement> {
    let names = if c.accept("all") {
        None
    } else {
        let names = c.list(Cursor::name)?;
        Some(names.into_iter().map(|name| name.of).collect())
    };
    let deferred = c.accept("deferred");
    if !deferred {
        c.expect("immediate")?;
    }
    Ok(Statement::SetConstraints { names, deferred })
}

/// Reads on after `RESET`.
fn reset(c: &mut Cursor) -> Read<Statement> {
    let name = if c.accept("session authorization") {
        "role".to_owned()
    } else if c.accept("time zone") {
        "timezone".to_owned()
    } else if c.accept("transaction isolation level") {
        "transaction_isolation".to_owned()
    } else {
        let name = c.name()?;
        match name.schema {
            Some(class) => format!("{class}.{}", name.name),
            None => name.name,
        }
    };
    Ok(plain(&name, Vec::new(), false))
}
