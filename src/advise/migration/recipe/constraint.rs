//! Checks, foreign keys and keys.

use crate::parse::ddl::object_name;
use rusqlite::Result;

use super::{index, not_null};
use crate::advise::migration::case::Case;
use crate::advise::migration::step::{Rewrite, Step};
use crate::advise::migration::words::Words;
use crate::facts::quote;

/// `ADD CONSTRAINT … CHECK` and `FOREIGN KEY`: first for new rows, then for those that are there.
pub fn not_valid(case: &Case) -> Result<Option<Rewrite>> {
    let (name, action) = named(case);
    let foreign = case.form == "add foreign key";
    if foreign && case.is_partitioned() && !case.has(18) {
        return Ok(None);
    }
    let add = case.with_action(&format!("{action} NOT VALID"));
    Ok(Some(Rewrite::same(steps(case, &name, add))))
}

/// Steps that add a constraint as not valid and validate it later.
pub fn steps(case: &Case, name: &str, add: String) -> Vec<Step> {
    let drop = case.alter(&format!("DROP CONSTRAINT {name}"));
    vec![
        Step::new(1, add).undo(drop),
        Step::new(2, case.alter(&format!("VALIDATE CONSTRAINT {name}"))),
    ]
}

/// The name of the constraint that an action adds, as SQL writes it, and the action with it.
fn named(case: &Case) -> (String, String) {
    let words = &case.action;
    if let Some(at) = words.find("constraint") {
        return (
            words.word(at + 1).to_owned(),
            words.text.trim_end().to_owned(),
        );
    }
    let label = match case.form.as_str() {
        "add foreign key" => "fkey",
        "add unique" => "key",
        "add primary key" => "pkey",
        _ => "check",
    };
    let columns = match case.form.as_str() {
        "add primary key" => String::new(),
        _ => case.details("columns").join("_"),
    };
    let chosen = object_name(&case.name, &columns, label);
    let name = quote::ident(case.object.as_ref().unwrap_or(&chosen));
    let action = words.with_after(0, &format!("CONSTRAINT {name}"));
    (name, action.trim_end().to_owned())
}

/// `ALTER DOMAIN … ADD CONSTRAINT`
pub fn domain(case: &Case) -> Result<Option<Rewrite>> {
    let (name, action) = named(case);
    let domain = case.table();
    let add = Step::new(1, format!("ALTER DOMAIN {domain} {action} NOT VALID"))
        .undo(format!("ALTER DOMAIN {domain} DROP CONSTRAINT {name}"));
    let validate = Step::new(
        2,
        format!("ALTER DOMAIN {domain} VALIDATE CONSTRAINT {name}"),
    );
    Ok(Some(Rewrite::same(vec![add, validate])))
}

/// `ADD UNIQUE` and `ADD PRIMARY KEY`: by an index that is built before.
pub fn by_index(case: &Case) -> Result<Option<Rewrite>> {
    if case.is_partitioned() {
        return Ok(None);
    }
    let (name, action) = named(case);
    let words = Words::new(&action);
    let Some(key) = Key::read(&words) else {
        return Ok(None);
    };
    let mut steps = Vec::new();
    let mut known = true;
    if key.primary {
        let columns = key.columns(&words);
        let nullable = not_null::nullable(case, &columns)?;
        known = nullable.is_some();
        for column in nullable.unwrap_or_default() {
            steps.extend(not_null::steps(case, &column));
        }
        steps.sort_by_key(|step| step.migration);
    }
    let first = steps.last().map_or(0, |step: &Step| step.migration);
    steps.extend(key_steps(case, &words, &key, &name, first));
    if known {
        return Ok(Some(Rewrite::same(steps)));
    }
    if let Some(step) = steps.first_mut() {
        step.note =
            Some("Its columns have to be NOT NULL before it becomes the primary key.".to_owned());
    }
    Ok(Some(Rewrite::advice(steps)))
}

/// Builds the index, then makes it the constraint.
pub fn key_steps(case: &Case, words: &Words, key: &Key, name: &str, after: i64) -> Vec<Step> {
    let word = if key.primary { "PRIMARY KEY" } else { "UNIQUE" };
    let index = format!(
        "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {} {}",
        case.table(),
        key.index(words)
    );
    let tail = words.slice(key.tail..words.len());
    let add = format!("ADD CONSTRAINT {name} {word} USING INDEX {name} {tail}");
    let plain = name.trim_matches('"');
    vec![
        Step::new(after + 1, index).outside().undo(format!(
            "DROP INDEX CONCURRENTLY {}",
            index::in_schema(case, plain)
        )),
        Step::new(after + 2, case.alter(add.trim_end()))
            .undo(case.alter(&format!("DROP CONSTRAINT {name}"))),
    ]
}

/// A unique or primary key, as tokens of its action.
pub struct Key {
    pub primary: bool,
    /// The columns in parentheses.
    list: std::ops::Range<usize>,
    /// INCLUDE, WITH and what stands before them but is written behind them for an index.
    distinct: std::ops::Range<usize>,
    options: std::ops::Range<usize>,
    tablespace: Option<usize>,
    /// Where DEFERRABLE and its like begin.
    tail: usize,
}

impl Key {
    pub fn read(words: &Words) -> Option<Self> {
        let primary = words.find("primary key");
        let at = primary.or_else(|| words.find("unique"))?;
        let mut at = at + if primary.is_some() { 2 } else { 1 };
        let distinct = at;
        while !words.is_kind(at, crate::parse::tokens::TokenKind::LeftParen) {
            if at >= words.len() || words.are(at, "using") {
                return None;
            }
            at += 1;
        }
        let list = at..words.after_group(at);
        if words.text[words.start(list.start)..]
            .to_ascii_lowercase()
            .contains("without overlaps")
        {
            return None;
        }
        let tail = words.find_any(list.end, &["deferrable", "not deferrable", "initially"]);
        let tail = tail.unwrap_or(words.len());
        let tablespace = words.find_from(list.end, "using index tablespace");
        let options = list.end..tablespace.unwrap_or(tail);
        Some(Self {
            primary: primary.is_some(),
            distinct: distinct..list.start,
            list,
            options,
            tablespace,
            tail,
        })
    }

    /// Names of its columns, without quotes.
    fn columns(&self, words: &Words) -> Vec<String> {
        let parts = words.parts(self.list.start + 1..self.list.end - 1);
        let names = parts.into_iter().map(|part| words.slice(part));
        names.map(plain).collect()
    }

    /// What an index of it says behind the name of the table.
    fn index(&self, words: &Words) -> String {
        let mut text = words.slice(self.list.clone()).to_owned();
        let with = words.find_from(self.options.start, "with");
        let with = with
            .filter(|at| *at < self.options.end)
            .unwrap_or(self.options.end);
        for part in [
            self.options.start..with,
            self.distinct.clone(),
            with..self.options.end,
        ] {
            if !part.is_empty() {
                text.push(' ');
                text.push_str(words.slice(part));
            }
        }
        if let Some(at) = self.tablespace {
            text.push_str(&format!(" TABLESPACE {}", words.word(at + 3)));
        }
        text
    }
}

/// A name as it is kept.
fn plain(written: &str) -> String {
    match written
        .strip_prefix('"')
        .and_then(|name| name.strip_suffix('"'))
    {
        Some(name) => name.replace("\"\"", "\""),
        None => written.to_ascii_lowercase(),
    }
}

/// `ADD PRIMARY KEY USING INDEX` over columns that may be NULL.
pub fn key_of_nullable(case: &Case) -> Result<Option<Rewrite>> {
    let mut steps = Vec::new();
    for column in case.details("columns") {
        steps.extend(not_null::steps(case, column));
    }
    if steps.is_empty() {
        return Ok(None);
    }
    steps.sort_by_key(|step| step.migration);
    let after = steps.last().map_or(0, |step| step.migration);
    steps.push(Step::new(after, case.alter(case.action.text.trim())));
    Ok(Some(Rewrite::same(steps)))
}
