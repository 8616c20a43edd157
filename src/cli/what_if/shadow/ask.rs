//! Statements as `EXPLAIN` takes them, and settings of their sessions.

use crate::facts::quote;
use crate::parse::{ItemKind, TokenKind, split, tokenize};

/// What statements with a plan begin with.
const PLANNED: [&str; 8] = [
    "select", "values", "with", "insert", "update", "delete", "merge", "table",
];

/// Settings of roles that do not bear on plans, and that a server without the original's roles, folders and
/// libraries refuses.
const PASSED_OVER: [&str; 9] = [
    "role",
    "session_authorization",
    "default_tablespace",
    "temp_tablespaces",
    "default_table_access_method",
    "session_preload_libraries",
    "local_preload_libraries",
    "default_transaction_read_only",
    // Generic plans are made by a prepared statement before 16.
    "plan_cache_mode",
];

/// The one statement in a text, if `EXPLAIN` takes it.
pub fn statement(text: &str) -> Result<&str, String> {
    let items = split(text);
    let [item] = items.as_slice() else {
        return Err(format!(
            "one statement is planned at a time, and here are {}",
            items.len()
        ));
    };
    let sql = &text[item.text.clone()];
    if item.kind != ItemKind::Sql || !item.holes.is_empty() {
        return Err("commands of psql have no plan".to_owned());
    }
    let first = tokenize(sql)
        .into_iter()
        .find(|token| !token.is_trivia() && token.text(sql) != "(");
    let word = first.map_or("", |token| token.text(sql));
    if PLANNED.iter().any(|known| word.eq_ignore_ascii_case(known)) {
        Ok(sql)
    } else {
        Err(format!("statements that begin with {word} have no plan"))
    }
}

/// SQL that gives a session these settings and takes all others back.
pub fn settings(settings: &[(String, String)]) -> String {
    let calls: Vec<String> = settings
        .iter()
        .filter(|(name, _)| !PASSED_OVER.contains(&name.to_ascii_lowercase().as_str()))
        .map(|(name, value)| {
            let (name, value) = (quote::literal(name), quote::literal(value));
            format!("pg_catalog.set_config({name}, {value}, false)")
        })
        .collect();
    if calls.is_empty() {
        "RESET ALL".to_owned()
    } else {
        format!("RESET ALL; SELECT {}", calls.join(", "))
    }
}

/// The text of a user's `CREATE INDEX` without `CONCURRENTLY`, which no transaction takes.
pub fn create_index(text: &str) -> Result<String, String> {
    let items = split(text);
    let ([item], true) = (items.as_slice(), items.len() == 1) else {
        return Err("give one CREATE INDEX at a time".to_owned());
    };
    let sql = &text[item.text.clone()];
    let words: Vec<_> = tokenize(sql)
        .into_iter()
        .filter(|token| !token.is_trivia())
        .collect();
    let is = |at: usize, word: &str| {
        let token = words.get(at).filter(|token| token.kind == TokenKind::Word);
        token.is_some_and(|token| token.text(sql).eq_ignore_ascii_case(word))
    };
    let index = 1 + usize::from(is(1, "unique"));
    if item.kind != ItemKind::Sql
        || !item.holes.is_empty()
        || !is(0, "create")
        || !is(index, "index")
    {
        return Err(format!("this is no CREATE INDEX: {sql}"));
    }
    if !is(index + 1, "concurrently") {
        return Ok(sql.to_owned());
    }
    let token = &words[index + 1];
    Ok(format!("{}{}", &sql[..token.start], &sql[token.end..]))
}

#[cfg(test)]
mod tests {
    use super::{create_index, settings, statement};

    #[test]
    fn one_statement_with_a_plan_is_taken() {
        for (text, taken) in [
            ("select 1;", Some("select 1")),
            (
                " -- why\n((SELECT 1) UNION SELECT 2)",
                Some("((SELECT 1) UNION SELECT 2)"),
            ),
            (
                "With a AS (SELECT ';') TABLE a",
                Some("With a AS (SELECT ';') TABLE a"),
            ),
            ("select 1; drop table a", None),
            ("drop table a", None),
            ("analyze a", None),
            ("select 1 \\gexec", None),
            ("", None),
        ] {
            let found = statement(text).ok();
            assert_eq!(
                found.map(|sql| sql.contains(taken.unwrap_or("\0"))),
                taken.map(|_| true),
                "{text}"
            );
        }
    }

    #[test]
    fn sessions_are_set() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(settings(&[pair("role", "app")]), "RESET ALL");
        assert_eq!(
            settings(&[pair("search_path", "a, \"B\""), pair("work_mem", "4MB")]),
            "RESET ALL; SELECT pg_catalog.set_config('search_path', 'a, \"B\"', false), \
             pg_catalog.set_config('work_mem', '4MB', false)"
        );
    }

    #[test]
    fn an_index_is_made_in_a_transaction() {
        for (text, taken) in [
            (
                "CREATE INDEX CONCURRENTLY i ON t (a);",
                Some("CREATE INDEX  i ON t (a)"),
            ),
            (
                "create unique index concurrently on t (a)",
                Some("create unique index  on t (a)"),
            ),
            (
                "CREATE INDEX \"concurrently\" ON t (a)",
                Some("CREATE INDEX \"concurrently\" ON t (a)"),
            ),
            ("CREATE TABLE t ()", None),
            ("CREATE INDEX i ON t (a); DROP TABLE t", None),
        ] {
            assert_eq!(create_index(text).ok().as_deref(), taken, "{text}");
        }
    }
}
