//! What sort of statement a fix is, in two words.

/// `drop index`, `alter table`, `vacuum`: the first words of the first statement that is not a
/// comment or a `SET`.
pub fn fix_kind(sql: &str) -> String {
    let statements = sql
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("--"));
    let mut first = None;
    for line in statements {
        let words: Vec<String> = line
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|word| !word.is_empty())
            .take(3)
            .map(str::to_ascii_lowercase)
            .collect();
        if first.is_none() {
            first = Some(words.clone());
        }
        if words
            .first()
            .is_some_and(|word| word != "set" && word != "begin")
        {
            return name(&words);
        }
    }
    first.map_or_else(String::new, |words| name(&words))
}

fn name(words: &[String]) -> String {
    match words {
        [verb, unique, noun] if unique == "unique" => format!("{verb} {noun}"),
        [verb, noun, ..] if ["create", "drop", "alter"].contains(&verb.as_str()) => {
            format!("{verb} {noun}")
        }
        [verb, ..] => verb.clone(),
        [] => "sql".to_owned(),
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
            ("SELECT pg_drop_replication_slot('s');", "select"),
        ];
        for (sql, kind) in cases {
            assert_eq!(fix_kind(sql), kind, "{sql}");
        }
    }
}
