//! Plans of `auto_explain`.

use memchr::memmem;

/// The statement of a plan in any of the four formats of `auto_explain`; `None` where it has none.
pub fn query_text(plan: &str) -> Option<String> {
    let plan = plan.trim_start();
    match plan.as_bytes().first()? {
        b'{' | b'[' => json(plan),
        b'<' => xml(plan),
        _ => match plan.strip_prefix("Query Text: ") {
            Some(rest) if rest.starts_with('"') && is_yaml(rest) => yaml(rest),
            Some(rest) => Some(rest[..text_end(rest)].trim_end().to_owned()),
            None => None,
        },
    }
}

fn json(plan: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(plan).ok()?;
    let node = value.get(0).unwrap_or(&value);
    Some(node.get("Query Text")?.as_str()?.to_owned())
}

fn xml(plan: &str) -> Option<String> {
    let (_, rest) = plan.split_once("<Query-Text>")?;
    let (text, _) = rest.split_once("</Query-Text>")?;
    let plain = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#x0d;", "\r"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    Some(plain.iter().fold(text.to_owned(), |text, (mark, plain)| {
        text.replace(mark, plain)
    }))
}

/// YAML: the text is quoted as in JSON, and `Plan:` follows on a line of its own.
fn is_yaml(rest: &str) -> bool {
    rest.contains("\nPlan:") || rest.contains("\nPlan: ")
}

fn yaml(rest: &str) -> Option<String> {
    let end = rest.find("\"\n")? + 1;
    serde_json::from_str(&rest[..end]).ok()
}

/// Where the statement ends: before the first line of the plan, or of what stands before it.
fn text_end(rest: &str) -> usize {
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        let is_plan = memmem::find(line.as_bytes(), b"  (cost=").is_some()
            || ["Query Parameters: ", "Query Identifier: "]
                .iter()
                .any(|head| line.starts_with(head));
        if at > 0 && is_plan {
            return at;
        }
        at += line.len();
    }
    rest.len()
}
