//! What is read of plans as `EXPLAIN (FORMAT JSON)` prints them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::parse::{TokenKind, tokenize};

/// Estimates, which change where a plan stays the same.
const ESTIMATES: [&str; 4] = ["Startup Cost", "Total Cost", "Plan Rows", "Plan Width"];

/// One execution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Once {
    /// Time, ms.
    pub ms: f64,
    /// Blocks that were touched.
    pub blocks: f64,
}

/// A plan without what changes where it stays the same, and the names of its indexes.
pub fn shape(json: &str) -> Option<(String, BTreeSet<String>)> {
    let mut value: Value = serde_json::from_str(json).ok()?;
    let mut indexes = BTreeSet::new();
    each(&mut value, &mut |node| {
        for name in ESTIMATES {
            node.remove(name);
        }
        if let Some(Value::String(name)) = node.get("Index Name") {
            indexes.insert(name.clone());
        }
    });
    Some((value.to_string(), indexes))
}

/// Why a plan is not one of a statement that only reads, if it is none.
pub fn writes(json: &str) -> Option<&'static str> {
    let mut value: Value = serde_json::from_str(json).ok()?;
    let mut because = None;
    each(
        &mut value,
        &mut |node| match node.get("Node Type").and_then(Value::as_str) {
            Some("ModifyTable") => because = Some("it writes"),
            Some("LockRows") if because.is_none() => because = Some("it locks rows"),
            _ => {}
        },
    );
    because
}

/// Names before a parenthesis in a text and in the strings of its plan: functions among them, those of views too.
pub fn called(text: &str, json: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    add_called(text, &mut names);
    let value: Value = serde_json::from_str(json).unwrap_or_default();
    strings(&value, &mut |text| add_called(text, &mut names));
    names
}

/// Time and blocks of an execution.
pub fn once(json: &str) -> Option<Once> {
    let value: Value = serde_json::from_str(json).ok()?;
    let statement = value.get(0)?;
    let blocks = |name: &str| statement.get("Plan")?.get(name)?.as_f64();
    Some(Once {
        ms: statement.get("Execution Time")?.as_f64()?,
        blocks: blocks("Shared Hit Blocks")? + blocks("Shared Read Blocks")?,
    })
}

fn add_called(text: &str, names: &mut BTreeSet<String>) {
    let tokens = tokenize(text);
    let tokens: Vec<_> = tokens.iter().filter(|token| !token.is_trivia()).collect();
    for pair in tokens.windows(2) {
        if pair[1].kind != TokenKind::LeftParen {
            continue;
        }
        let word = pair[0].text(text);
        match pair[0].kind {
            TokenKind::Word => names.insert(word.to_lowercase()),
            TokenKind::QuotedIdent => names.insert(word.trim_matches('"').replace("\"\"", "\"")),
            _ => false,
        };
    }
}

/// Each object of a document, by hand, since the depth of plans is that of statements.
fn each(value: &mut Value, see: &mut dyn FnMut(&mut serde_json::Map<String, Value>)) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(list) => open.extend(list),
            Value::Object(map) => {
                see(map);
                open.extend(map.values_mut());
            }
            _ => {}
        }
    }
}

fn strings(value: &Value, see: &mut dyn FnMut(&str)) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(list) => open.extend(list),
            Value::Object(map) => open.extend(map.values()),
            Value::String(text) => see(text),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Once, called, once, shape, writes};

    #[test]
    fn a_plan_is_known_again() {
        let plan = |cost: f64, index: &str| {
            format!(
                r#"[{{"Plan": {{"Node Type": "Index Scan", "Index Name": "{index}", "Total Cost": {cost}, "Plan Rows": {cost}}}}}]"#
            )
        };
        let of = |text: &str| shape(text).unwrap();
        assert_eq!(of(&plan(1.0, "a")), of(&plan(2.0, "a")));
        assert_ne!(of(&plan(1.0, "a")), of(&plan(1.0, "b")));
        assert!(of(&plan(1.0, "a")).1.contains("a"));
        assert!(shape("no plan").is_none());
    }

    #[test]
    fn what_only_reads_is_known() {
        let plan = |inner: &str| {
            format!(
                r#"[{{"Plan": {{"Node Type": "Limit", "Plans": [{{"Node Type": "{inner}"}}]}}}}]"#
            )
        };
        assert_eq!(writes(&plan("Seq Scan")), None);
        assert_eq!(writes(&plan("ModifyTable")), Some("it writes"));
        assert_eq!(writes(&plan("LockRows")), Some("it locks rows"));
    }

    #[test]
    fn functions_are_found_in_texts_and_views() {
        let json = r#"[{"Plan": {"Output": ["hidden.spend(a.id)", "a.b"]}}]"#;
        let names = called("SELECT Nextval ('s'), \"Odd\"\"One\"(1), x FROM v", json);
        for name in ["nextval", "Odd\"One", "spend"] {
            assert!(names.contains(name), "{name}: {names:?}");
        }
        assert!(!names.contains("x"));
    }

    #[test]
    fn executions_are_read() {
        let json = r#"[{"Plan": {"Shared Hit Blocks": 3, "Shared Read Blocks": 4}, "Execution Time": 1.5}]"#;
        let expected = Once {
            ms: 1.5,
            blocks: 7.0,
        };
        assert_eq!(once(json), Some(expected));
        assert_eq!(once("[{}]"), None);
    }
}
