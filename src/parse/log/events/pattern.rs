//! Messages without their values.

/// Characters of a pattern.
const LONGEST: usize = 240;

/// A message of an error with its values replaced, so that messages of one cause are equal: numbers
/// become `N`, and what is quoted after a colon, or after `value`, becomes `…`. Names of objects
/// stay.
pub fn pattern(message: &[u8]) -> String {
    let line = message.split(|b| *b == b'\n').next().unwrap_or_default();
    let text = String::from_utf8_lossy(line);
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut length = 0;
    while let Some(c) = chars.next() {
        if length >= LONGEST {
            out.push('…');
            break;
        }
        length += 1;
        if c.is_ascii_digit() && !out.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            while chars.next_if(char::is_ascii_digit).is_some() {}
            out.push('N');
        } else if c == '"' && is_value_after(&out) {
            // The value may hold quotes of its own: the last one of the line ends it.
            let rest: String = chars.by_ref().collect();
            let after = rest.rfind('"').map_or("", |end| &rest[end + 1..]);
            out.push_str("\"…\"");
            out.push_str(after);
            break;
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether what follows is a value of a user: PostgreSQL writes those after a colon, or after the
/// word `value`.
fn is_value_after(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with([':', '：']) || text.ends_with(" value") || text.ends_with("value:")
}
