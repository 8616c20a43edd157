//! Arrays as `PostgreSQL` writes them: `{1,2,NULL}`, `{"a b","c\"d"}`.

/// The elements of an array of one dimension, NULL as `None`; `None` for what is no such array. Bounds before it
/// (`[0:2]={…}`) are passed over.
pub fn elements(text: &str) -> Option<Vec<Option<String>>> {
    let text = match text.strip_prefix('[') {
        Some(_) => text.split_once('=')?.1,
        None => text,
    };
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    if inner.is_empty() {
        return Some(elements);
    }
    let mut rest = inner.chars().peekable();
    loop {
        let mut value = String::new();
        let quoted = rest.next_if_eq(&'"').is_some();
        loop {
            match rest.peek().copied() {
                Some('\\') => {
                    rest.next();
                    value.push(rest.next()?);
                }
                Some('"') if quoted => {
                    rest.next();
                    break;
                }
                Some(',') | None if !quoted => break,
                Some('{' | '}') if !quoted => return None,
                Some(other) => {
                    value.push(other);
                    rest.next();
                }
                None => return None,
            }
        }
        let is_null = !quoted && value.eq_ignore_ascii_case("null");
        elements.push((!is_null).then_some(value));
        match rest.next() {
            Some(',') => {}
            None => return Some(elements),
            Some(_) => return None,
        }
    }
}

/// A text as an element of an array.
pub fn element(value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::{element, elements};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told = elements(text).map(|all| {
            let shown = all
                .into_iter()
                .map(|one| one.unwrap_or_else(|| "-".to_owned()));
            shown.collect::<Vec<_>>().join("|")
        });
        assert_eq!(told.as_deref().unwrap_or("no"), expected);
    }

    #[test]
    fn arrays_are_taken_apart() {
        check("{}", "");
        check("{1,2,NULL,\"NULL\"}", "1|2|-|NULL");
        check(r#"{"a b","c\"d","e\\f",x y,""}"#, r#"a b|c"d|e\f|x y|"#);
        check("[0:1]={5,6}", "5|6");
        check("{{1,2},{3,4}}", "no");
        check("{1,2", "no");
        check("1", "no");
        check(&format!("{{{}}}", element("a\"b\\,}")), "a\"b\\,}");
    }
}
