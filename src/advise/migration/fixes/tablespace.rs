//! Indexes that are made in a tablespace of their own: the setting before them becomes a clause, since
//! a setting has no place beside a statement that is to stand alone, and would outlive a file.

use crate::advise::migration::words::Words;
use crate::facts::quote;

/// Statements with the clause in place of the setting, where the setting is for indexes only.
pub fn folded(statements: Vec<String>) -> Vec<String> {
    let mut folded = Vec::with_capacity(statements.len());
    let mut space: Option<(String, usize)> = None;
    for statement in statements {
        let words = Words::new(&statement);
        if words.are(0, "set default_tablespace") {
            let value = words.word(3).trim_matches('\'').replace("''", "'");
            space = Some((quote::ident(&value), folded.len()));
            folded.push(statement);
        } else if words.are(0, "reset default_tablespace") {
            match space.take() {
                Some((_, at)) => drop(folded.remove(at)),
                None => folded.push(statement),
            }
        } else {
            let made = space.as_ref().map(|(name, _)| within(&words, name));
            match made {
                Some(Some(made)) => folded.push(made),
                // What it is for then is not known.
                Some(None) => {
                    space = None;
                    folded.push(statement);
                }
                None => folded.push(statement),
            }
        }
    }
    folded
}

/// A statement that makes an index, with the tablespace in it.
fn within(words: &Words, space: &str) -> Option<String> {
    let (clause, before) = if words.are(0, "create index") || words.are(0, "create unique index") {
        (format!("TABLESPACE {space}"), words.find("where"))
    } else if words.are(0, "alter table") && words.find("add constraint").is_some() {
        let ends = ["deferrable", "not deferrable", "initially"];
        (
            format!("USING INDEX TABLESPACE {space}"),
            words.find_any(0, &ends),
        )
    } else {
        return None;
    };
    let text = words.text;
    Some(match before {
        Some(at) => {
            let at = words.start(at);
            format!("{}{clause} {}", &text[..at], &text[at..])
        }
        None => format!("{text} {clause}"),
    })
}
