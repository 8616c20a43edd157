//! Elements of an array as `PostgreSQL` writes it.

/// Elements of a one-dimensional array in its text form; NULLs are left out.
pub(super) fn elements(text: &str) -> Vec<String> {
    // Bounds other than 1 stand before the braces.
    let inside = text
        .split_once('{')
        .and_then(|(_, rest)| rest.strip_suffix('}'));
    let mut found = Vec::new();
    let mut element = String::new();
    let (mut quoted, mut was_quoted) = (false, false);
    let mut chars = inside.unwrap_or_default().chars();
    let mut end = |element: &mut String, was_quoted: &mut bool| {
        let whole = std::mem::take(element);
        if *was_quoted || !(whole.is_empty() || whole == "NULL") {
            found.push(whole);
        }
        *was_quoted = false;
    };
    while let Some(c) = chars.next() {
        match c {
            '\\' => element.extend(chars.next()),
            '"' => {
                quoted = !quoted;
                was_quoted = true;
            }
            ',' if !quoted => end(&mut element, &mut was_quoted),
            _ => element.push(c),
        }
    }
    end(&mut element, &mut was_quoted);
    found
}

#[cfg(test)]
mod tests {
    use super::elements;

    #[test]
    fn arrays_are_read_as_the_server_writes_them() {
        for (text, wanted) in [
            ("{}", vec![]),
            ("{1,2,3}", vec!["1", "2", "3"]),
            (r#"[0:1]={"a,b",c d}"#, vec!["a,b", "c d"]),
            (
                r#"{"a \"b\" \\",NULL,"NULL",""}"#,
                vec![r#"a "b" \"#, "NULL", ""],
            ),
            (r#"{"{1,2}","{\"x\"}"}"#, vec!["{1,2}", r#"{"x"}"#]),
        ] {
            assert_eq!(elements(text), wanted, "{text}");
        }
    }
}
