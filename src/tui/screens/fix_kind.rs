//! What sort of statement a fix is, in two words.

use crate::parse::{TokenKind, tokenize};

/// `drop index`, `alter table`, `vacuum`: the first words of the first statement that does more
/// than prepare for others. A fix that is all comments has to be completed by hand.
pub fn fix_kind(sql: &str) -> String {
    let tokens: Vec<_> = tokenize(sql)
        .into_iter()
        .filter(|token| !token.is_trivia())
        .collect();
    let statements: Vec<Vec<String>> = tokens
        .split(|token| token.kind == TokenKind::Semicolon)
        .filter(|statement| !statement.is_empty())
        .map(|statement| {
            let first = statement.iter().take(3);
            first.map(|t| t.text(sql).to_ascii_lowercase()).collect()
        })
        .collect();
    let prepares = |words: &&Vec<String>| ["set", "begin"].contains(&words[0].as_str());
    let does = statements.iter().find(|words| !prepares(words));
    let chosen = does.or(statements.first());
    chosen.map_or_else(|| "by hand".to_owned(), |words| name(words))
}

fn name(words: &[String]) -> String {
    match words {
        [verb, unique, noun] if unique == "unique" => format!("{verb} {noun}"),
        [verb, noun, ..] if ["create", "drop", "alter"].contains(&verb.as_str()) => {
            format!("{verb} {noun}")
        }
        [verb, ..] => verb.clone(),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::fix_kind;

    #[test]
    fn the_first_words_that_count() {
        let cases = [
            ("DROP INDEX CONCURRENTLY public.a;", "drop index"),
            (
                "CREATE UNIQUE INDEX CONCURRENTLY a ON t (b);",
                "create index",
            ),
            (
                "-- first\nALTER SYSTEM SET fsync = on;\nSELECT pg_reload_conf();",
                "alter system",
            ),
            (
                "SET lock_timeout = '2s';\nALTER TABLE t ADD PRIMARY KEY (id);",
                "alter table",
            ),
            ("VACUUM (ANALYZE) public.t;", "vacuum"),
            (
                "-- Choose the columns:\n-- ALTER TABLE t ADD PRIMARY KEY (...);",
                "by hand",
            ),
            ("SELECT pg_drop_replication_slot('s');", "select"),
        ];
        for (sql, kind) in cases {
            assert_eq!(fix_kind(sql), kind, "{sql}");
        }
    }
}
