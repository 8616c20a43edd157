//! Texts with their values: from logs, and from files of statements.

use rusqlite::{Connection, Result};

use super::query::{Origin, Variant};
use super::repair::sql::Sql;
use crate::parse::TokenKind;
use crate::parse::log::events::values;

/// Bytes from which on a text or its values may have been cut by the reader of the log.
const CUT: usize = 16 << 10;

/// Texts of a statement that a log has with their values, the slowest executions first; as many as `most`,
/// with equal shares.
pub fn logged(facts: &Connection, statement: i64, most: usize) -> Result<Vec<Variant>> {
    let mut question = facts.prepare_cached(
        "SELECT text, parameters FROM log_samples WHERE statement_id = ?1 AND text IS NOT NULL ORDER BY rank",
    )?;
    let samples: Vec<(String, Option<String>)> = question
        .query_map([statement], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_>>()?;
    let mut texts: Vec<String> = Vec::new();
    for (text, parameters) in samples {
        if texts.len() == most {
            break;
        }
        let text = bound(&text, parameters.as_deref());
        texts.extend(text.filter(|text| !texts.contains(text)));
    }
    Ok(equally(texts, Origin::Log))
}

/// A text of a file.
pub struct Filed {
    /// What the file calls it.
    pub name: Option<String>,
    /// Its executions.
    pub calls: f64,
    /// The text with its values; `None`: they are not kept.
    pub text: Option<String>,
}

/// Texts of a statement that files of statements have.
pub fn filed(facts: &Connection, statement: i64) -> Result<Vec<Filed>> {
    let mut question = facts.prepare_cached(
        "SELECT name, calls, text FROM workload_texts WHERE statement_id = ?1 ORDER BY position",
    )?;
    let rows = question.query_map([statement], |row| {
        Ok(Filed {
            name: row.get(0)?,
            calls: row.get(1)?,
            text: row.get(2)?,
        })
    })?;
    rows.collect()
}

/// Those of the texts of files that have values, by how often each runs; the rarest beyond `most` are left out.
pub fn written(filed: &[Filed], most: usize) -> Vec<Variant> {
    let mut texts: Vec<(String, f64)> = Vec::new();
    for one in filed {
        let Some(text) = one.text.as_ref().filter(|text| !has_parameters(text)) else {
            continue;
        };
        match texts.iter_mut().find(|(known, _)| known == text) {
            Some((_, calls)) => *calls += one.calls,
            None => texts.push((text.clone(), one.calls)),
        }
    }
    texts.sort_by(|a, b| b.1.total_cmp(&a.1));
    texts.truncate(most.max(1));
    let total: f64 = texts.iter().map(|(_, calls)| calls).sum();
    let count = texts.len() as f64;
    let share = |calls: f64| {
        if total > 0.0 {
            calls / total
        } else {
            1.0 / count
        }
    };
    let variants = texts.into_iter().map(|(text, calls)| Variant {
        text,
        origin: Origin::Written,
        share: share(calls),
    });
    variants.collect()
}

/// Variants with equal shares.
pub fn equally(texts: Vec<String>, origin: Origin) -> Vec<Variant> {
    let share = 1.0 / texts.len() as f64;
    let variants = texts.into_iter().map(|text| Variant {
        text,
        origin,
        share,
    });
    variants.collect()
}

/// Whether a text has parameters.
pub fn has_parameters(text: &str) -> bool {
    Sql::new(text).has(TokenKind::Param)
}

/// The text with values in the place of its parameters; `None` where one is missing or cut. Values stay in
/// quotes, so that their types are found as those of parameters are.
fn bound(text: &str, parameters: Option<&str>) -> Option<String> {
    if text.len() >= CUT || parameters.is_some_and(|all| all.len() >= CUT) {
        return None;
    }
    let sql = Sql::new(text);
    if !sql.has(TokenKind::Param) {
        return Some(text.to_owned());
    }
    let known = values(parameters?);
    let mut edits = Vec::new();
    for at in (0..sql.len()).filter(|at| sql.is(*at, TokenKind::Param)) {
        let number: u32 = sql.word(at)[1..].parse().ok()?;
        let (_, value) = known.iter().find(|(other, _)| *other == number)?;
        if value.ends_with("...'") || value.ends_with("...") {
            return None;
        }
        let value = if value.contains('\\') {
            format!("E{}", value.replace('\\', "\\\\"))
        } else {
            value.clone()
        };
        edits.push((at..at + 1, value));
    }
    sql.edited(&edits)
}

#[cfg(test)]
mod tests {
    use super::bound;

    #[track_caller]
    fn check(text: &str, parameters: Option<&str>, expected: &str) {
        assert_eq!(
            bound(text, parameters).as_deref().unwrap_or("none"),
            expected
        );
    }

    #[test]
    fn values_of_logs_stand_in_the_place_of_parameters() {
        check(
            "SELECT 1 FROM t WHERE a = 5",
            None,
            "SELECT 1 FROM t WHERE a = 5",
        );
        check(
            "SELECT $2 FROM t WHERE a = $1 AND b = $1",
            Some("$1 = '5', $2 = 'it''s'"),
            "SELECT 'it''s' FROM t WHERE a = '5' AND b = '5'",
        );
        check("SELECT $1", Some("$1 = NULL"), "SELECT NULL");
        check("SELECT $1", Some("$1 = 'a\\b'"), "SELECT E'a\\\\b'");
        check("SELECT $1, $2", Some("$1 = '5'"), "none");
        check("SELECT $1", Some("$1 = 'abc...'"), "none");
        check("SELECT $1", None, "none");
    }
}
